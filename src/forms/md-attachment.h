// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <gio/gio.h>
#include <md-scan.h>

G_BEGIN_DECLS

/* How a paper is there. */
typedef enum
{
  MD_PAPER_NOT_THERE,
  MD_PAPER_KEPT,    /* the office has it */
  MD_PAPER_SEEN,    /* it was looked at and given back */
  MD_PAPER_SCANNED, /* the same, and its scan is attached */
  MD_PAPER_WAIVED,  /* an inquiry (情報照会) gave what it would have shown */
  MD_N_PAPER_HOWS
} MdPaperHow;

/* "kept"; NULL for NOT_THERE. Static. */
const char *md_paper_how_to_id (MdPaperHow how);
/* For people. Static, translated. */
const char *md_paper_how_get_label (MdPaperHow how);

#define MD_TYPE_ATTACHMENT (md_attachment_get_type ())
/* A paper that belongs to the application. Properties: "label" s, "due" b (its condition holds),
 * "required" b, "handed-in" b (read/write: ticked, it is kept), "how" i (MdPaperHow, read/write),
 * "inquiry" s (read/write). Signal "changed": any of these, or its documents. */
G_DECLARE_FINAL_TYPE (MdAttachment, md_attachment, MD, ATTACHMENT, GObject)
const char *md_attachment_get_id (MdAttachment *self);
gboolean md_attachment_get_due (MdAttachment *self);
/* Of what is seen on it. */
MdSensitivity md_attachment_get_class (MdAttachment *self);

/* Whether it is there in one way or another. One that is waived is only with the id of the result
 * of the inquiry; in what was loaded, with any that was sealed
 * (md_attachment_takes_inquiry() says whether it is one of today's). */
gboolean md_attachment_get_handed_in (MdAttachment *self);
/* FALSE takes back what was said of it; while scans are attached it stays there by those. */
void md_attachment_set_handed_in (MdAttachment *self, gboolean handed_in);
MdPaperHow md_attachment_get_how (MdAttachment *self);
void md_attachment_set_how (MdAttachment *self, MdPaperHow how);

/* The id under which the result of the inquiry is found, or NULL. Wiped with the rest. */
const char *md_attachment_get_inquiry (MdAttachment *self);
void md_attachment_set_inquiry (MdAttachment *self, const char *inquiry);
/* Whether the form lets it be left out for an inquiry at all, and whether this is the number of a
 * result that may stand for it (md_inquiry_read_number()). */
gboolean md_attachment_may_be_waived (MdAttachment *self);
gboolean md_attachment_takes_inquiry (MdAttachment *self, const char *number);
/* The inquiries that may, for people: "TX (Tax records), ...". Caller owns. */
char *md_attachment_dup_inquiries (MdAttachment *self) G_GNUC_WARN_UNUSED_RESULT;

/* GListModel of MdScanDocument, in the order of its pages. */
GListModel *md_attachment_get_documents (MdAttachment *self);
/* How many more there are that were not opened: they are sealed to those who could see its class
 * when it was handed in. */
guint md_attachment_get_closed (MdAttachment *self);
void md_attachment_add_document (MdAttachment *self, MdScanDocument *document);
/* Wipes it. */
void md_attachment_remove_document (MdAttachment *self, guint at);
/* One place to the front. */
void md_attachment_move_document (MdAttachment *self, guint at);

G_END_DECLS
