// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Every policy that was in force at this terminal, as it was signed: what was taken in under one
 * may wait for its decision until another has come. */

/* Keeps @bundle, the signed form of @policy; one that is kept already changes nothing. */
gboolean policies_keep (Service *self, MdPolicy *policy, GBytes *bundle,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

void policies_connect (Service *self);
