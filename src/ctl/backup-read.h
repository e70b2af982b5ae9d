// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-outbox.h"

/* An MdOutboxReader: a sealed application whose signature is over what is in it, or a decision. No
 * trust in any certificate: the gateway judges that. */
MdOutboxIntake *backup_read_item (GBytes *body, guint *out_n) G_GNUC_WARN_UNUSED_RESULT;
