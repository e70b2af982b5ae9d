// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* What somebody should see to soon, while the work goes on: a policy or its numbers running out,
 * too much waiting for the line. */

#define ATTENTION_EXPIRING_S (30 * 24 * G_GINT64_CONSTANT (3600))

/* For people, a sentence in each line; "" when there is nothing. UNSENT: items in the queue. */
char *attention_dup (Service *self, guint unsent) G_GNUC_WARN_UNUSED_RESULT;

/* Where form and policy say differently how many officers have to agree: a sentence for each
 * procedure, a line each; "" where nowhere. Caller owns. */
char *attention_dup_officers (Service *self) G_GNUC_WARN_UNUSED_RESULT;

/* The versions of forms that are here and that the policy does not take, now or within 30 days: a
 * sentence for each procedure, a line each; "" where there is none. Caller owns. */
char *attention_dup_versions (Service *self) G_GNUC_WARN_UNUSED_RESULT;

/* "ok", "expiring" (within ATTENTION_EXPIRING_S), "expired" or "none". */
const char *attention_policy_state (Service *self);

/* The policy's limits.unsent and limits.receipts_low; 0 without a policy. */
guint attention_unsent_limit (Service *self);
guint attention_receipts_low (Service *self);
