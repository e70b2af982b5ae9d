// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-pcsc.h"

#include "verb.h"

/* Starts PCSC, which nobody has started, and waits until the card service has said which readers
 * there are, or for so long that it will not: everything that may hang does so on threads of
 * PCSC's. Those that are unplugged and still known come last. MD_CARD_ERROR: there is no service,
 * or none for us, or it does not answer. (transfer full) */
GStrv readers_await (MdPcsc *pcsc, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* JOB's result, when it has ended or was given up. (transfer full) */
gpointer readers_run (MdPcsc *pcsc, const MdCardJob *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Before PCSC is started: only the readers that the policy of the service has may be used. Where
 * the service does not run nobody says which these are, and any may. */
void readers_register (Context *context, MdPcsc *pcsc);
