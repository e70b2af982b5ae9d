// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The certificate by which the gateway knows this terminal, as it stands on the disk. */

/* Looks at it, if the last look was an hour ago or longer, or @now. */
void own_certificate_look (Service *self, gboolean now);

/* What to say while it ends and no other has come: at 30, 14, 7 and 1 days, and when it has ended.
 * NULL: nothing. (transfer full) */
char *own_certificate_dup_attention (Service *self);

/* Takes down what became of the next one (MdDelivery's "certificate-renewal"). */
void own_certificate_note (Service *self, const char *stage);
