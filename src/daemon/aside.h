// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The databases that were replaced (backup restore, backup salvage) and lie beside the one at work.
 * One of which all was taken over is erased as long after as a backup is kept, once this terminal
 * has reached the gateway; any other stays until the administrator has looked at it. */

/* Erases what is due. */
void aside_tick (Service *self);

/* What has to be said to those at the counter, or NULL. (transfer full) */
char *aside_dup_attention (Service *self);
