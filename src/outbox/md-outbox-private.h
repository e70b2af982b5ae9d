// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_OUTBOX_COMPILATION
#error "Private to this module."
#endif

#include "md-outbox-types.h"

struct _MdOutbox
{
  MdDb *db;
  MdAudit *audit;
  MdClock *clock;
};

/* Wall time in milliseconds; the same as RFC 3339. */
gint64 _md_outbox_now_ms (MdOutbox *self);
char *_md_outbox_now_text (MdOutbox *self);

/* The next receipt number of the pool; inside a transaction. MD_OUTBOX_ERROR_NO_NUMBERS. */
char *_md_outbox_take_number (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing of the intake is needed here any more; what of it is here goes, with an audit
 * record. Inside a transaction. */
gboolean _md_outbox_is_finished (MdOutbox *self, const char *intake, gboolean *out_finished,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean _md_outbox_erase (MdOutbox *self, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
