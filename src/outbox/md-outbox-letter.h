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
  char *decision_sha256; /* hex, of the decision that approved it, or its last change */
  char **procedures;
  char *from, *to; /* first and last day, YYYY-MM-DD */
  char *principal; /* hex */
  char *delegate;  /* hex */
  gboolean ended;
  char *given_back;   /* the intake of it, or of a change of it, that a notice gave back; or NULL */
  gboolean elsewhere; /* it was accepted at another terminal, and this is what the gateway told */
  char *given_back_at; /* then: when, RFC 3339, in place of the notice; given_back is its intake */
} MdOutboxLetter;

void md_outbox_letter_free (MdOutboxLetter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxLetter, md_outbox_letter_free)

/* The accepted letter whose intake has this receipt number, or of this intake. Error:
 * MD_OUTBOX_ERROR_UNKNOWN. */
MdOutboxLetter *md_outbox_find_letter (MdOutbox *self, const char *receipt_number,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdOutboxLetter *md_outbox_get_letter (MdOutbox *self, const char *intake,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether this terminal gave the receipt number to an intake of its own: then a letter of that
 * number was accepted here or nowhere. */
gboolean md_outbox_gave_number (MdOutbox *self, const char *receipt_number, gboolean *out_gave,
                                GError **error);

/* Keeps what the gateway told of a letter that was accepted elsewhere, in place of what it told
 * before: md_outbox_get_letter() finds it then, and md_outbox_find_letter() never does, since it
 * has to be asked for each time. Of LETTER everything but "elsewhere" and "given_back" counts. */
gboolean md_outbox_keep_elsewhere (MdOutbox *self, const MdOutboxLetter *letter, GError **error);

/* The reserved intake ID is filed by the letter of the intake LETTER, or by none (NULL); one commit
 * with ENTRY. MD_OUTBOX_ERROR_UNKNOWN, _STATE. */
gboolean md_outbox_cite (MdOutbox *self, const char *id, const char *letter,
                         const MdAuditEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By which letter the intake is filed: the letter's intake, "" for none. NULL with ERROR. */
char *md_outbox_dup_cited (MdOutbox *self, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Letters whose last day lies before DAY (YYYY-MM-DD) go, each with its record; and that of no
 * intake that is not handed in yet. What of them is in the log, and at the back office, stays. */
gboolean md_outbox_forget_letters (MdOutbox *self, const char *day,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
