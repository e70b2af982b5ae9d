// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-intake.h"

G_BEGIN_DECLS

/* A verified notice of the back office; borrowed. */
typedef struct
{
  guint number;       /* the one after the last */
  GBytes *body;       /* as it was signed */
  const char *digest; /* hex, of that */
  const char *intake; /* that has to be made again; NULL where it is none of this terminal's */
} MdOutboxNotice;

/* Number and digest (hex; transfer full) of the last notice stored; 0 and "" before the first. */
gboolean md_outbox_last_notice (MdOutbox *self, guint *out_number, char **out_digest,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores the next notice; one commit with ENTRY (its object and digest are filled in). Where the
 * intake is known it stands among the returned ones from here on. MD_OUTBOX_ERROR_CONFLICT when it
 * is not the one after the last, _STATE when the intake was not approved here, or another notice
 * has given it back. */
gboolean md_outbox_keep_notice (MdOutbox *self, const MdOutboxNotice *notice,
                                const MdAuditEntry *entry,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The signed notice about an intake. MD_OUTBOX_ERROR_UNKNOWN. (transfer full) */
GBytes *md_outbox_get_notice (MdOutbox *self, const char *intake,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Somebody has read the notice about the intake, and does nothing more about it here; one commit
 * with ENTRY. Again: TRUE, and nothing changes. MD_OUTBOX_ERROR_UNKNOWN. */
gboolean md_outbox_read_notice (MdOutbox *self, const char *intake, const MdAuditEntry *entry,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
