// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* What an accepted letter of delegation (委任状) allows, as the officer signed it; kept when the
 * letter itself has long gone to the back office. It names nobody: principal and delegate are keyed
 * digests, and the key, the letter's code, does not lie here. Strings are owned. */
typedef struct
{
  char *intake;          /* of the letter */
  char *receipt_number;  /* its */
  char *decision_sha256; /* hex, of the decision that approved it */
  char **procedures;
  char *from, *to; /* first and last day, YYYY-MM-DD */
  char *principal; /* hex */
  char *delegate;  /* hex */
} MdOutboxLetter;

void md_outbox_letter_free (MdOutboxLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxLetter, md_outbox_letter_free)

/* The accepted letter whose intake has this receipt number, or of this intake. Error:
 * MD_OUTBOX_ERROR_UNKNOWN. */
MdOutboxLetter *md_outbox_find_letter (MdOutbox *self, const char *receipt_number,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdOutboxLetter *md_outbox_get_letter (MdOutbox *self, const char *intake,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The reserved intake ID is filed by the letter of the intake LETTER, or by none (NULL); one commit
 * with ENTRY. MD_OUTBOX_ERROR_UNKNOWN, _STATE. */
gboolean md_outbox_cite (MdOutbox *self, const char *id, const char *letter,
                         const MdAuditEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By which letter the intake is filed: the letter's intake, "" for none. NULL with ERROR. */
char *md_outbox_get_cited (MdOutbox *self, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
