// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-seal.h"

#include "service.h"

/* The sealed application as it stands now: the clerk's container with every decision upon it
 * appended. Errors as md_outbox_get_container(). (transfer full) */
MdContainer *history_load (Service *self, const MdOutboxIntake *intake,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
