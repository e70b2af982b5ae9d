// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-attachment.h"
#include "md-entry.h"
#include "md-form.h"

G_BEGIN_DECLS

#define MD_TYPE_FORM_SECTION (md_form_section_get_type ())
/* One heading of the form on the screen: a GListModel of MdEntry (at most seven), with the
 * properties "title" and "visible" (one of its entries is). */
G_DECLARE_FINAL_TYPE (MdFormSection, md_form_section, MD, FORM_SECTION, GObject)
const char *md_form_section_get_title (MdFormSection *self);
const char *md_form_section_get_id (MdFormSection *self);

#define MD_TYPE_FINDING (md_finding_get_type ())
/* One thing that is wrong or worth a look. Properties (read-only): "entry" (MdEntry or NULL),
 * "message" s, "stops" b (an error; else a warning that may be passed). */
G_DECLARE_FINAL_TYPE (MdFinding, md_finding, MD, FINDING, GObject)
MdEntry *md_finding_get_entry (MdFinding *self);
const char *md_finding_get_message (MdFinding *self);
gboolean md_finding_get_stops (MdFinding *self);

#define MD_TYPE_FORM_DATA (md_form_data_get_type ())
/* The values of one application, in memory only, main thread. Signal "changed" (char *field_id). */
G_DECLARE_FINAL_TYPE (MdFormData, md_form_data, MD, FORM_DATA, GObject)

/* today: YYYY-MM-DD in Asia/Tokyo. step: normally MD_STEP_ENTRY, later moved with
 * md_form_data_set_step(). */
MdFormData *md_form_data_new (MdForm *form, const MdViewer *viewer, MdFilterStep step,
                              const char *today) G_GNUC_WARN_UNUSED_RESULT;

MdForm *md_form_data_get_form (MdFormData *self);
const char *md_form_data_get_today (MdFormData *self);
void md_form_data_set_step (MdFormData *self, MdFilterStep step);
/* Other eyes, or other tables (the policy was renewed). Fields that had no row before get none now.
 */
void md_form_data_set_viewer (MdFormData *self, const MdViewer *viewer);
/* Covered: of each value only whether there is one. What was revealed is hidden from then on. */
void md_form_data_set_covered (MdFormData *self, gboolean covered);

/* Moves every value, typed or read, into the pages of a secret, and back: while nobody may see
 * them, they lie nowhere else. Only while covered, and nothing of it can be asked, typed, set or
 * sealed until they are back; it changes no property. FALSE: it is too much, and stays where it
 * was. */
gboolean md_form_data_park (MdFormData *self);
void md_form_data_unpark (MdFormData *self);

/* GListModel of MdFormSection in the order of the form; entries that the filter hides for these
 * roles are not in it. */
GListModel *md_form_data_get_sections (MdFormData *self);
/* GListModel of MdEntry: required, visible and still empty; kept up to date. */
GListModel *md_form_data_get_missing (MdFormData *self);
/* GListModel of MdFinding as of the last md_form_data_validate(). */
GListModel *md_form_data_get_findings (MdFormData *self);
/* The same as things stand by now, in the order of the form: of what was found then, what still
 * holds; and since then what is missing, and what is said under a field. Under the fields stands
 * afterwards what is left. NULL while the data is covered. (transfer full; element-type
 * MdFinding) */
GPtrArray *md_form_data_review (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;
/* What of these only warns, for reading before it is signed: one sentence a line, with its field
 * where it has one; no value is in it. NULL without. Caller owns. */
char *md_form_data_dup_cautions (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;
/* GListModel of MdAttachment. */
GListModel *md_form_data_get_attachments (MdFormData *self);
/* What these eyes may see of the scans of this paper, where the data is shown: by the class that
 * the procedure gives the paper. REVEALED: a reveal is being held down. */
MdView md_form_data_view_documents (MdFormData *self, MdAttachment *paper, gboolean revealed);
/* The scans of the papers that are due, in their order: the first is attachments/01.cms. (transfer
 * full; element-type MdScanDocument) */
GPtrArray *md_form_data_list_documents (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;
/* The class of the paper of each of these (element-type MdSensitivity, transfer full). */
GArray *md_form_data_list_document_classes (MdFormData *self) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when the form has no such field. */
MdEntry *md_form_data_get_entry (MdFormData *self, const char *field_id);
/* Full stored value for rules and sealing; never for the screen; NULL when empty or a my-number.
 * Borrowed. */
const char *md_form_data_get_value (MdFormData *self, const char *field_id);
/* The same, NULL also where the form does not ask for it as things stand, so that what was typed
 * before is not sealed. */
const char *md_form_data_get_sealed (MdFormData *self, const char *field_id);

/* Takes over what was typed into fields that both forms have (another procedure for the same
 * person); no number, nothing from a card. Papers that both have move over, with their scans, due
 * or not: FROM has them no more. */
void md_form_data_carry_over (MdFormData *self, MdFormData *from);

/* What the card said. number NULL when not read. Fields become filled, source=card, locked; where
 * something else was typed before, that stays, open and "corrected", until the clerk takes the
 * card's value or gives the reason. birth YYYY-MM-DD; sex "male" / "female" / NULL. */
typedef struct
{
  const char *name, *address, *birth, *sex;
  MdSecret *number;
} MdCardValues;
void md_form_data_prefill_card (MdFormData *self, const MdCardValues *values);
/* The same of the card of who files for the person, whom "a.kind" names by now: name, address and
 * birth; no sex and no number. */
void md_form_data_prefill_filer (MdFormData *self, const MdCardValues *values);

/* System and back-office fields (m.*, e.*, derived, Q). Error: MD_FORMS_ERROR_VALUE. */
gboolean md_form_data_set_system (MdFormData *self, const char *field_id, const char *value,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The clerk is at NOW, or at no field of it (NULL): what stands open anywhere else and is shown to
 * these eyes only while it is held is committed, and so covered, but for what is being composed.
 * Typing, choosing, emptying, adding and removing rows, and validating do it by themselves. */
void md_form_data_leave (MdFormData *self, MdEntry *now);

/* Requiredness, types, constraints, conditions, cross checks. Shows the errors on their entries and
 * fills "findings". TRUE when nothing stops. */
gboolean md_form_data_validate (MdFormData *self);

/* Whether the form, with these values, asks for the person's number and has none: it must be filled
 * in, and nothing that the form takes instead of it stands there. That the clerk had no permission
 * to take it is no answer of the person: it is still to be asked for. */
gboolean md_form_data_misses_number (MdFormData *self);

/* {"schema":"madoguchi-application/1",...} resp. {"schema":"madoguchi-number/1",...} in an
 * MdSecret. The number part is NULL without error when the application holds no number. Error:
 * MD_FORMS_ERROR_INCOMPLETE. Caller owns. */
MdSecret *md_form_data_to_application (MdFormData *self, const char *intake,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdSecret *md_form_data_to_number (MdFormData *self, const char *intake,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills from those two (number may be NULL), for an approver. Refuses another intake, another
 * procedure, a field the form does not have, a value that does not fit. Error: MD_FORMS_ERROR_DATA,
 * or _FORM where it may be the form here that is another.
 */
gboolean md_form_data_load (MdFormData *self, MdSecret *application, MdSecret *number,
                            const char *intake, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was opened of attachments/NN.cms, in the order of their numbers, for
 * an application that is loaded: each is the document that the application says it is, and none is
 * missing (element-type MdScanDocument). NULL for one that was not sealed to these eyes: it stays
 * closed to them, whatever they may see today. Error: MD_FORMS_ERROR_DATA. */
gboolean md_form_data_load_documents (MdFormData *self, const GPtrArray *documents,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why the clerk corrected what the card said; NULL when it was not corrected. Borrowed. */
const char *md_form_data_get_reason (MdFormData *self, const char *field_id);

/* Overwrites and empties every value, text, error and finding: the next person. */
void md_form_data_wipe (MdFormData *self);
/* Whether something stands or lies in it that a card said. */
gboolean md_form_data_holds_card (MdFormData *self);
/* TRUE when nothing is left. */
gboolean md_form_data_is_empty (MdFormData *self);

G_END_DECLS
