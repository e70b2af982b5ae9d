// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Erases by itself what is kept here and whose period is over, by the policy and a clock that can
 * be believed; and says what was erased. */

/* With each tick of the service, and once at its start. */
void retain_tick (Service *self);

/* A policy came into force: its periods hold from now on. */
gboolean retain_adopt (Service *self, MdPolicy *policy, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void retain_connect (Service *self);
