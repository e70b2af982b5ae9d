// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"
#include "eyes.h"

G_BEGIN_DECLS

/* The confirmation list on paper: one HTML page without anything from elsewhere, its values masked,
 * with a place for the second person's seal beside each line that is still open. */
typedef struct _ConfirmPage ConfirmPage;

/* @day and @branch: what the list was narrowed to, or NULL. */
ConfirmPage *confirm_page_new (const Desk *desk, const char *day,
                               const char *branch) G_GNUC_WARN_UNUSED_RESULT;
void confirm_page_free (ConfirmPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConfirmPage, confirm_page_free)

/* The lines of an intake (element-type MdConfirmation). */
void confirm_page_add (ConfirmPage *self, const Case *subject, const GPtrArray *lines);

/* Writes it to @path, readable by its owner alone, whole or not at all; a list with nobody on it is
 * a page that says so. */
gboolean confirm_page_write (ConfirmPage *self, const char *path,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the list on the screen says, too. Borrowed. */
const char *confirm_page_source_label (MdMatchSource source);
/* What stands before the other value of the line. Borrowed. */
const char *confirm_page_other_label (const MdConfirmation *line);
/* The field's label, or its id where the form is not here; "" for none, and for a paper, whose name
 * is among the words. Borrowed. */
const char *confirm_page_field_label (const Eyes *eyes, const MdConfirmation *line);
/* A value of the line as @eyes may see it. (transfer full, nullable; md_wipe_free_text()) */
char *confirm_page_render (const Eyes *eyes, const MdConfirmation *line, const char *value);
/* What is wrong, in words, without any value; a paper is named where @eyes may see its name.
 * (transfer full) */
char *confirm_page_words (const Eyes *eyes, const MdConfirmation *line);
/* The lines for programs, their values as @eyes may see them. (transfer full) */
MdRecord *confirm_page_record (const Eyes *eyes, const GPtrArray *lines);
/* Who settled it and when; "" while it is open. (transfer full) */
char *confirm_page_settled (const MdConfirmation *line);

G_END_DECLS
