// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* By hand, for one intake and all that belongs to it. */
typedef struct
{
  const char *receipt_number;
  const char *by;     /* who does it: 1 to 32 of A-Z a-z 0-9 . _ - */
  const char *reason; /* one of md_outbox_park_reasons(); not used where it is let go */
} MdOutboxParking;

typedef struct
{
  char intake[37]; /* its id */
  guint items;     /* how many of it */
} MdOutboxParked;

/* The words for why, NULL at the end: nothing is written that somebody typed. */
const char *const *md_outbox_park_reasons (void);

/* Keeps the application here until it is let go, whatever falls due and whoever has everything
 * tried again: what is unsent of it, what is decided on it later, what takes it up again, and what
 * changes the letter that it is; what is being sent at the moment may still arrive. ENTRY's record
 * is written in the same transaction, its detail from here. Errors: MD_OUTBOX_ERROR_UNKNOWN;
 * MD_OUTBOX_ERROR_STATE where it is parked already, is not handed in or is erased, or BY or REASON
 * is not as above. */
gboolean md_outbox_park (MdOutbox *self, const MdOutboxParking *parking, const MdAuditEntry *entry,
                         MdOutboxParked *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What of it was parked, or set aside after it was refused, is due now, in its order; nothing else
 * is, and what came of it and was parked by itself stays. Errors and record as above. */
gboolean md_outbox_let_go (MdOutbox *self, const MdOutboxParking *parking,
                           const MdAuditEntry *entry, MdOutboxParked *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
