// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include "md-entry.h"
#include "md-form-data.h"
#include "md-form-private.h"

#include <md-record.h>

G_BEGIN_DECLS

typedef struct _MdRow MdRow;

typedef enum
{
  MD_TONGUE_NONE,
  MD_TONGUE_JAPANESE,
  MD_TONGUE_ENGLISH,
} MdTongue;

struct _MdEntry
{
  GObject parent_instance;

  MdFormData *data; /* not owned; NULL once the data is gone */
  const MdFormItem *item;
  GStrv choices, labels; /* what this form offers */
  GPtrArray *rows;       /* MdRow, of a group; NULL: it is none */
  MdRow *row;            /* that it stands in, not owned; NULL: in none */
  char *id, *label;      /* of its own, in a row */

  char *text;            /* as typed; wiped when freed */
  char *value;           /* stored form; NULL when empty or not readable */
  MdSecret *secret;      /* a my-number */
  char *card_value;      /* what the card said, where something else stands or may be typed */
  MdSecret *card_secret; /* the same of a my-number */
  char *reason;          /* why that was corrected */
  char *earlier;         /* what was said for an earlier application of this visit; or NULL */
  MdSource source;
  gboolean locked, committed, revealed;
  gboolean composing; /* an input method is at it: not read before that is done */
  gboolean carried;   /* that stands there, unchanged */
  MdTongue shown;     /* in which a declaration was shown, and answered where it has a value */

  /* what the properties say; kept so that only changes are notified */
  gboolean applies; /* the form's condition holds */
  gboolean visible, required, may_reveal;
  MdView view;
  char *display, *card_display, *earlier_display, *error;
  const char *warning; /* not owned: a sentence of the program */
  gboolean filled, corrected;
};

MdEntry *_md_entry_new (MdFormData *data, const MdFormItem *item);
/* Whether what is in it is part of the application: what its conditions ask for, what is derived,
 * and the system's fields. The rest is kept, in case its condition comes true again. */
gboolean _md_entry_counts (const MdEntry *self);
/* Whether these eyes have a line for it at all. */
gboolean _md_entry_has_line (MdEntry *self);
/* Takes a stored value as it is (card, office, system, stored application); NULL empties. */
void _md_entry_put (MdEntry *self, const char *value, MdSource source, gboolean locked);
void _md_entry_put_secret (MdEntry *self, MdSecret *secret, MdSource source, gboolean locked);
/* md-entry-earlier.c: takes over, in stored form, what was said for an earlier application; NULL:
 * nothing. Whether that still stands there. What it was, where it does not; the caller wipes it. */
void _md_entry_set_earlier (MdEntry *self, const char *value);
void _md_entry_update_carried (MdEntry *self);
char *_md_entry_render_earlier (MdEntry *self, MdView view);
/* Whether this form offers the choice (always, for other fields). */
gboolean _md_entry_offers (MdEntry *self, const char *value);
/* md-entry-card.c: what the card says of it. Never overrules what was typed otherwise. */
void _md_entry_take_card (MdEntry *self, const char *value, MdSecret *secret);
const char *_md_entry_card_text (MdEntry *self);
gboolean _md_entry_is_corrected (MdEntry *self);
/* Why it may not stay as it is beside the card; NULL when it may. */
const char *_md_entry_complaint (MdEntry *self);
/* md-declaration.c. Why a declaration may not be answered so; NULL when it may, and for any other
 * field. */
const char *_md_entry_refuses_answer (MdEntry *self, const char *value);
/* Before a value is carried over: whether it may be; always, for other fields. */
gboolean _md_entry_carry_declaration (MdEntry *self, const MdEntry *old);
/* What was shown, for the sealed application; NULL where there is no answer. Caller owns. */
MdRecord *_md_entry_declaration_to_record (const MdEntry *self);
/* FALSE: that is not the text that this form shows, there is no such answer, or it comes twice. */
gboolean _md_entry_load_declaration (MdEntry *self, const MdRecord *record);
/* How the value stands in its entry when nobody is typing. */
char *_md_entry_normal_text (MdEntry *self);
static inline void
_md_entry_replace (char **slot, char *text)
{
  md_wipe_free_text (*slot);
  *slot = text;
}
/* What its text says, in stored form; NULL: nothing that this field takes. Caller owns. */
char *_md_entry_read_text (MdEntry *self, GError **error);
/* md-entry-leave.c: whether the filter is told that something is in it. */
gboolean _md_entry_counts_as_filled (MdEntry *self);
/* Sets or clears the sentence under the field. */
void _md_entry_show_error (MdEntry *self, const char *message);
/* The question to the filter as things stand. */
MdFilterQuestion _md_entry_question (MdEntry *self);
/* VALUE, whole, as VIEW lets it be shown; the caller wipes it. NULL: nothing may be. */
char *_md_entry_render (MdEntry *self, MdView view, const char *value);
/* Brings all properties up to date and notifies what changed. applies, required: from the form's
 * conditions. */
void _md_entry_update (MdEntry *self, gboolean applies, gboolean required);
void _md_entry_wipe (MdEntry *self);
gboolean _md_entry_is_empty (MdEntry *self);

struct _MdFormData
{
  GObject parent_instance;

  MdForm *form;
  MdViewer viewer;
  MdFilterStep step;
  gboolean covered;
  MdSecret *parked; /* the texts of all entries, in their order; NULL: they have them */
  char *today;
  GPtrArray *entries; /* MdEntry, in the order of the form, system fields last */
  GHashTable *by_id;  /* id -> MdEntry, without those in rows */
  const MdRow *row;   /* that a rule is about just now; NULL: none */
  GListStore *sections, *missing, *findings, *attachments;
  GPtrArray *review;   /* what is found goes there, and nothing is shown; NULL: it is validated */
  GPtrArray *expected; /* ExpectedDocument: what the loaded application says is attached; or NULL */
  gboolean updating;
};

/* After any change: derived fields, conditions, missing, attachments, then "changed". field_id may
 * be NULL. */
void _md_form_data_update (MdFormData *self, const char *field_id);
MdRuleWorld _md_form_data_world (MdFormData *self);
MdEntry *_md_form_data_lookup (MdFormData *self, const char *field_id);
/* md-entry-leave.c: as md_form_data_leave(), but for what is typed and may be half a word. */
void _md_form_data_leave_choices (MdFormData *self);

/* md-form-rows.c */
void _md_row_free (gpointer row);
MdEntry *_md_row_get_group (const MdRow *self);
GPtrArray *_md_row_get_entries (const MdRow *self);
MdEntry *_md_row_find (const MdRow *self, const char *field_id);
/* Nothing is in any of its fields. */
gboolean _md_row_is_blank (const MdRow *self);
/* The first that these eyes have a line for; NULL: none. */
MdEntry *_md_row_find_shown (const MdRow *self);
guint _md_entry_count_rows (MdEntry *group);
MdRow *_md_entry_get_nth_row (MdEntry *group, guint i);
MdRow *_md_form_data_add_row (MdFormData *self, MdEntry *group);
void _md_form_data_drop_rows (MdFormData *self, MdEntry *group);

MdFormSection *_md_form_section_new (const MdFormHeading *heading);
void _md_form_section_append (MdFormSection *self, MdEntry *entry);
/* Visible when one of its entries is. */
void _md_form_section_update (MdFormSection *self);
void _md_form_section_insert (MdFormSection *self, guint at, MdEntry *entry);
void _md_form_section_remove (MdFormSection *self, guint at);
gboolean _md_form_section_find (MdFormSection *self, MdEntry *entry, guint *out_at);
/* Whether what stands there is in a row of the group. */
gboolean _md_form_section_is_of_group (MdFormSection *self, guint at, MdEntry *group);
guint _md_form_section_get_n (MdFormSection *self);

MdFinding *_md_finding_new (MdEntry *entry, const char *message, gboolean stops);
/* Every check there is, once. */
void _md_form_data_look_through (MdFormData *self);

MdAttachment *_md_attachment_new (const MdFormPaper *paper);
void _md_attachment_set_due (MdAttachment *self, gboolean due);
gboolean _md_attachment_is_required (MdAttachment *self);
/* One more document that these eyes do not get. */
void _md_attachment_add_closed (MdAttachment *self);
/* Left out, as it was sealed: it counts, whatever this form says of that today. */
void _md_attachment_put_waived (MdAttachment *self, const char *inquiry);
void _md_attachment_wipe (MdAttachment *self);
/* The same paper of another form: how it is there and its scans move over, and FROM is wiped. */
void _md_attachment_take_over (MdAttachment *self, MdAttachment *from);
gboolean _md_paper_how_look_up (const char *id, MdPaperHow *out_how);
MdAttachment *_md_form_data_find_paper (MdFormData *self, const char *id);

/* md-attachment-store.c */
/* For the application: a list, or NULL where every paper that is there is kept and none scanned. */
MdRecord *_md_form_data_papers_to_record (MdFormData *self);
gboolean _md_form_data_load_papers (MdFormData *self, const MdRecord *papers);
/* For a draft: adds to OBJECT how the paper is there, with its scans. */
void _md_attachment_to_draft (MdAttachment *self, MdRecord *object);
/* One scan of it; NULL: it cannot be read. */
MdScanDocument *_md_attachment_read_kept (const MdRecord *kept, GCancellable *cancellable);
/* SCANS: those that were read before, by their record; NULL: they are read now. FALSE: a scan of it
 * could not be taken. */
gboolean _md_attachment_take_draft (MdAttachment *self, const MdRecord *object, GHashTable *scans);
const MdFormPaper *_md_attachment_get_paper (MdAttachment *self);

G_END_DECLS
