// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* What the back office tells this terminal in writing: that an approved intake has to be made
 * again. */

/* Has the delivery ask for the next notice, as far as the policy names a signer of them. */
void notices_adopt (Service *self);

/* What the gateway gave as the notice of this NUMBER: verified, kept and told, or refused with a
 * record (one for the same bytes). */
void notices_receive (Service *self, guint number, GBytes *body);
