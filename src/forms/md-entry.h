// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <md-base.h>
#include "md-field.h"
#include "md-filter.h"

G_BEGIN_DECLS

#define MD_TYPE_ENTRY (md_entry_get_type ())
/* One field of one application, made for a row on the screen. Lives in its MdFormData; main thread.
 *
 * Properties, all notified:
 *  "id" s, "label" s (construct, constant)
 *  "text" s  read/write: what is typed. NULL unless the filter says EDITABLE; always NULL for a
 * my-number (md_entry_set_secret). "display" s  what may be shown now, through the filter; NULL
 * when empty or hidden. "view" i (MdView)   "visible" b  the form's condition holds and the view is
 * not HIDDEN: show the row "required" b   "filled" b   "locked" b  from the card or the office:
 * shown as such, not editable until unlocked "source" i (one MdSource)   "corrected" b  something
 * else stands than what the card said; "card-display" s is what it said
 * "carried" b  it stands as the person said it for an earlier application of this visit;
 * "earlier-display" s is what was said there, where it was changed since, or NULL "error" s
 * the sentence to show under the field; NULL when there is nothing to say yet "warning" s  as
 * "error", of a value that is taken as it stands "may-reveal" b  there is something masked that may
 * be revealed with a reason */
G_DECLARE_FINAL_TYPE (MdEntry, md_entry, MD, ENTRY, GObject)

MdField *md_entry_get_field (MdEntry *self);
/* The field's id; of a field in a row "GROUP.2.FIELD", which changes when an earlier row goes. */
const char *md_entry_get_id (MdEntry *self);
/* What stands before it, in the user's language: the field's label, in a row after the row's own.
 */
const char *md_entry_get_label (MdEntry *self);

/* A group of rows. Its value is how many there are; the entries of a row stand behind it in its
 * section. Adding gives the first entry of the new row that is shown; NULL: no more may be added,
 * or not by these eyes. Removing wipes all that is in the row of SELF. */
gboolean md_entry_is_group (MdEntry *self);
/* In whose rows it stands; NULL: in none. */
MdEntry *md_entry_get_group (MdEntry *self);
guint md_entry_get_n_rows (MdEntry *self);
gboolean md_entry_may_add_row (MdEntry *self);
MdEntry *md_entry_add_row (MdEntry *self);
gboolean md_entry_may_remove_row (MdEntry *self);
void md_entry_remove_row (MdEntry *self);
/* Whether it is the first of its row that is shown, and how the row is called ("Household member
 * 2"; NULL outside of rows). Caller owns. */
gboolean md_entry_begins_row (MdEntry *self);
char *md_entry_dup_row_label (MdEntry *self) G_GNUC_WARN_UNUSED_RESULT;

MdView md_entry_get_view (MdEntry *self);
gboolean md_entry_get_visible (MdEntry *self);
gboolean md_entry_get_required (MdEntry *self);
gboolean md_entry_get_filled (MdEntry *self);
gboolean md_entry_get_locked (MdEntry *self);
MdSource md_entry_get_source (MdEntry *self);
gboolean md_entry_get_corrected (MdEntry *self);
gboolean md_entry_get_carried (MdEntry *self);
const char *md_entry_get_display (MdEntry *self);
const char *md_entry_get_error (MdEntry *self);
const char *md_entry_get_warning (MdEntry *self);

/* Characters of a text that the back office does not have (外字), by name, as far as these eyes may
 * read it; NULL: none. The text is kept as it is. Transfer full, to be wiped. */
char *md_entry_dup_external (MdEntry *self) G_GNUC_WARN_UNUSED_RESULT;

/* The choices of an enum (or of a list with choices) that this form offers: labels in the user's
 * language. out_labels: NULL-terminated like the codes; both borrowed, NULL when the field has no
 * choices. */
const char *const *md_entry_get_choices (MdEntry *self, const char *const **out_labels);

/* Typing: keeps the text, tries to read it, takes back a shown error as soon as it is right; shows
 * a new error only after md_entry_commit(). Ignored while the view is not EDITABLE. For enum: the
 * code; bool: "true"/"false". NULL or "" empties. */
void md_entry_set_text (MdEntry *self, const char *text);
const char *md_entry_get_text (MdEntry *self);

/* An input method composes in it, or is done: until then it is not read, whatever is done
 * elsewhere, for what is open would be lost. */
void md_entry_set_composing (MdEntry *self, gboolean composing);

/* The field was left: brings the text into its normal form (katakana, date) or sets "error". TRUE
 * when it is right or empty. */
gboolean md_entry_commit (MdEntry *self);

/* A my-number typed at the counter: twelve digits. Takes a copy into its own MdSecret. Error:
 * MD_FORMS_ERROR_VALUE, also shown. */
gboolean md_entry_set_secret (MdEntry *self, MdSecret *number,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Empties the field, whatever its kind (a my-number: to type it again). Ignored while locked or not
 * permitted. */
void md_entry_clear (MdEntry *self);

/* Open correction of a card value: unlocks; the change and its reason become part of the
 * application. */
gboolean md_entry_unlock (MdEntry *self, const char *reason,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is a reason for the correction. One without stops the application: so does a
 * my-number that is not the card's, with or without. */
gboolean md_entry_has_reason (MdEntry *self);

/* What the card said stands again, locked, and the reason goes. FALSE where it said nothing else.
 */
gboolean md_entry_restore_card (MdEntry *self);

/* Whether it holds this my-number; in a time that tells nothing. */
gboolean md_entry_holds_number (MdEntry *self, const MdSecret *number) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 of TAG and the my-number's digits, each with a line feed behind it, into OUT; FALSE where
 * there is no my-number. */
gboolean md_entry_digest_number (MdEntry *self, const char *tag,
                                 guint8 out[static MD_SHA256_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

/* While held, "view" and "display" are the revealed ones. Only through md_desk_reveal_async(),
 * which audits first. */
void md_entry_set_revealed (MdEntry *self, gboolean revealed);

G_END_DECLS
