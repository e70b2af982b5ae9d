// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_OUTBOX_COMPILATION
#error "Private to this module."
#endif

#include "md-outbox-mend.h"

/* Each payload that READ can read has its row in the queue and its intake, as it says itself. Adds
 * to MENDED what was made, and what cannot be because another has its number. */
gboolean _md_outbox_rebuild (MdDb *db, MdOutboxReader read, MdOutboxMended *mended,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Names the intake once; a later word on it changes nothing but the number, where that was not
 * known. */
void _md_outbox_mended_add (MdOutboxMended *mended, const char *intake, const char *receipt_number,
                            gboolean lost);
