// SPDX-License-Identifier: Apache-2.0
// A paper that belongs to the application: how it is there, and its scans.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-data-private.h"
#include "md-inquiry.h"

struct _MdAttachment
{
  GObject parent_instance;

  const MdFormPaper *paper; /* belongs to the form, which outlives its data */
  gboolean due;
  MdPaperHow how;
  char *inquiry;
  gboolean former; /* as it was sealed: what may be left out is judged where it is entered */
  GListStore *documents;
  guint closed; /* documents that are there, and not for these eyes */
};

G_DEFINE_FINAL_TYPE (MdAttachment, md_attachment, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_LABEL,
  PROP_DUE,
  PROP_REQUIRED,
  PROP_HANDED_IN,
  PROP_HOW,
  PROP_INQUIRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static const struct
{
  const char *id, *label;
} hows[] = {
  [MD_PAPER_NOT_THERE] = { NULL, N_ ("Not there yet") },
  [MD_PAPER_KEPT] = { "kept", N_ ("Paper kept") },
  [MD_PAPER_SEEN] = { "seen", N_ ("Seen and given back") },
  [MD_PAPER_SCANNED] = { "scanned", N_ ("Scanned and given back") },
  [MD_PAPER_WAIVED] = { "waived", N_ ("Not needed: inquiry made") },
};

const char *
md_paper_how_to_id (MdPaperHow how)
{
  return hows[how].id;
}

const char *
md_paper_how_get_label (MdPaperHow how)
{
  return gettext (hows[how].label);
}

gboolean
_md_paper_how_look_up (const char *id, MdPaperHow *out_how)
{
  for (guint i = 0; id && i < MD_N_PAPER_HOWS; i++)
    if (g_strcmp0 (id, hows[i].id) == 0)
      {
        *out_how = i;
        return TRUE;
      }
  return FALSE;
}

static void
md_attachment_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdAttachment *self = MD_ATTACHMENT (object);

  if (id == PROP_LABEL)
    g_value_set_string (value, _md_text_pick (&self->paper->label));
  else if (id == PROP_DUE)
    g_value_set_boolean (value, self->due);
  else if (id == PROP_REQUIRED)
    g_value_set_boolean (value, self->paper->required);
  else if (id == PROP_HANDED_IN)
    g_value_set_boolean (value, md_attachment_get_handed_in (self));
  else if (id == PROP_HOW)
    g_value_set_int (value, (int)self->how);
  else
    g_value_set_string (value, self->inquiry);
}

static void
md_attachment_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MdAttachment *self = MD_ATTACHMENT (object);
  const int how = id == PROP_HOW ? g_value_get_int (value) : 0;

  if (id == PROP_HANDED_IN)
    md_attachment_set_handed_in (self, g_value_get_boolean (value));
  else if (id == PROP_HOW)
    md_attachment_set_how (self, (MdPaperHow)how);
  else if (id == PROP_INQUIRY)
    md_attachment_set_inquiry (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_attachment_finalize (GObject *object)
{
  MdAttachment *self = MD_ATTACHMENT (object);

  md_wipe_free_text (self->inquiry);
  g_object_unref (self->documents);
  G_OBJECT_CLASS (md_attachment_parent_class)->finalize (object);
}

static void
md_attachment_class_init (MdAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags read = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags both = read | G_PARAM_WRITABLE;

  object_class->get_property = md_attachment_get_property;
  object_class->set_property = md_attachment_set_property;
  object_class->finalize = md_attachment_finalize;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, read);
  properties[PROP_DUE] = g_param_spec_boolean ("due", NULL, NULL, FALSE, read);
  properties[PROP_REQUIRED] = g_param_spec_boolean ("required", NULL, NULL, FALSE, read);
  properties[PROP_HANDED_IN] = g_param_spec_boolean ("handed-in", NULL, NULL, FALSE, both);
  properties[PROP_HOW]
      = g_param_spec_int ("how", NULL, NULL, 0, MD_N_PAPER_HOWS - 1, MD_PAPER_NOT_THERE, both);
  properties[PROP_INQUIRY] = g_param_spec_string ("inquiry", NULL, NULL, NULL, both);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
md_attachment_init (MdAttachment *self)
{
  self->documents = g_list_store_new (MD_TYPE_SCAN_DOCUMENT);
}

MdAttachment *
_md_attachment_new (const MdFormPaper *paper)
{
  MdAttachment *self = g_object_new (MD_TYPE_ATTACHMENT, NULL);

  self->paper = paper;
  return self;
}

const MdFormPaper *
_md_attachment_get_paper (MdAttachment *self)
{
  return self->paper;
}

gboolean
_md_attachment_is_required (MdAttachment *self)
{
  return self->paper->required;
}

void
_md_attachment_set_due (MdAttachment *self, gboolean due)
{
  if (self->due == due)
    return;
  self->due = due;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DUE]);
}

const char *
md_attachment_get_id (MdAttachment *self)
{
  return self->paper->id;
}

MdSensitivity
md_attachment_get_class (MdAttachment *self)
{
  return self->paper->sensitivity;
}

gboolean
md_attachment_get_due (MdAttachment *self)
{
  return self->due;
}

gboolean
md_attachment_may_be_waived (MdAttachment *self)
{
  return self->paper->waived_by != 0;
}

gboolean
md_attachment_takes_inquiry (MdAttachment *self, const char *number)
{
  MdInquiry inquiry;

  return md_inquiry_read_number (number, &inquiry)
         && (self->paper->waived_by & (1u << inquiry)) != 0;
}

char *
md_attachment_dup_inquiries (MdAttachment *self)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < MD_N_INQUIRIES; i++)
    if (self->paper->waived_by & (1u << i))
      g_string_append_printf (words, "%s%s (%s)", words->len > 0 ? ", " : "",
                              md_inquiry_get_letters ((MdInquiry)i),
                              md_inquiry_get_label ((MdInquiry)i));
  return g_string_free (words, FALSE);
}

/* Those that are open. */
static guint
count_open (MdAttachment *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->documents));
}

static guint
count (MdAttachment *self)
{
  return count_open (self) + self->closed;
}

gboolean
md_attachment_get_handed_in (MdAttachment *self)
{
  switch (self->how)
    {
    case MD_PAPER_KEPT:
    case MD_PAPER_SEEN:
      return TRUE;
    case MD_PAPER_SCANNED:
      return count (self) > 0;
    case MD_PAPER_WAIVED:
      return self->former || md_attachment_takes_inquiry (self, self->inquiry);
    case MD_PAPER_NOT_THERE:
    case MD_N_PAPER_HOWS:
    default:
      return FALSE;
    }
}

static void
tell (MdAttachment *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOW]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HANDED_IN]);
  g_signal_emit (self, changed_signal, 0);
}

MdPaperHow
md_attachment_get_how (MdAttachment *self)
{
  return self->how;
}

/* What is scanned is there as a scan at least, and only what is scanned. */
void
md_attachment_set_how (MdAttachment *self, MdPaperHow how)
{
  if (count (self) > 0 && (how == MD_PAPER_NOT_THERE || how == MD_PAPER_WAIVED))
    how = MD_PAPER_SCANNED;
  else if (count (self) == 0 && how == MD_PAPER_SCANNED)
    how = MD_PAPER_NOT_THERE;
  else if (how == MD_PAPER_WAIVED && !md_attachment_may_be_waived (self))
    how = self->how;
  if (self->how == how)
    {
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOW]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HANDED_IN]);
      return;
    }
  self->how = how;
  self->former = FALSE;
  tell (self);
}

void
_md_attachment_put_waived (MdAttachment *self, const char *inquiry)
{
  md_attachment_set_inquiry (self, inquiry);
  self->how = MD_PAPER_WAIVED;
  self->former = TRUE;
  tell (self);
}

void
md_attachment_set_handed_in (MdAttachment *self, gboolean handed_in)
{
  if (md_attachment_get_handed_in (self) != handed_in)
    md_attachment_set_how (self, handed_in ? MD_PAPER_KEPT : MD_PAPER_NOT_THERE);
}

const char *
md_attachment_get_inquiry (MdAttachment *self)
{
  return self->inquiry;
}

void
md_attachment_set_inquiry (MdAttachment *self, const char *inquiry)
{
  if (inquiry && *inquiry == '\0')
    inquiry = NULL;
  if (g_strcmp0 (self->inquiry, inquiry) == 0)
    return;
  md_wipe_free_text (self->inquiry);
  self->inquiry = g_strdup (inquiry);
  self->former = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INQUIRY]);
  tell (self);
}

/* --- its documents --- */

GListModel *
md_attachment_get_documents (MdAttachment *self)
{
  return G_LIST_MODEL (self->documents);
}

guint
md_attachment_get_closed (MdAttachment *self)
{
  return self->closed;
}

void
_md_attachment_add_closed (MdAttachment *self)
{
  self->closed++;
  if (self->how == MD_PAPER_NOT_THERE)
    self->how = MD_PAPER_SCANNED;
  tell (self);
}

void
md_attachment_add_document (MdAttachment *self, MdScanDocument *document)
{
  g_list_store_append (self->documents, document);
  if (self->how == MD_PAPER_NOT_THERE || self->how == MD_PAPER_WAIVED)
    self->how = MD_PAPER_SCANNED;
  tell (self);
}

void
md_attachment_remove_document (MdAttachment *self, guint at)
{
  g_autoptr (MdScanDocument) document = g_list_model_get_item (G_LIST_MODEL (self->documents), at);

  if (!document)
    return;
  g_list_store_remove (self->documents, at);
  md_scan_document_wipe (document);
  if (count (self) == 0 && self->how == MD_PAPER_SCANNED)
    self->how = MD_PAPER_NOT_THERE;
  tell (self);
}

void
md_attachment_move_document (MdAttachment *self, guint at)
{
  g_autoptr (MdScanDocument) document = g_list_model_get_item (G_LIST_MODEL (self->documents), at);

  if (!document || at == 0)
    return;
  g_list_store_remove (self->documents, at);
  g_list_store_insert (self->documents, at - 1, document);
  tell (self);
}

void
_md_attachment_take_over (MdAttachment *self, MdAttachment *from)
{
  const MdPaperHow how = from->how;

  for (guint i = 0; i < count_open (from); i++)
    {
      g_autoptr (MdScanDocument) document
          = g_list_model_get_item (G_LIST_MODEL (from->documents), i);

      md_attachment_add_document (self, document);
    }
  md_attachment_set_inquiry (self, from->inquiry);
  if (how != MD_PAPER_NOT_THERE)
    md_attachment_set_how (self, how);
  g_list_store_remove_all (from->documents); /* not wiped: they have moved */
  _md_attachment_wipe (from);
}

void
_md_attachment_wipe (MdAttachment *self)
{
  const gboolean any = self->how != MD_PAPER_NOT_THERE || count (self) > 0;

  for (guint i = 0; i < count_open (self); i++)
    {
      g_autoptr (MdScanDocument) document
          = g_list_model_get_item (G_LIST_MODEL (self->documents), i);

      md_scan_document_wipe (document);
    }
  g_list_store_remove_all (self->documents);
  self->closed = 0;
  self->how = MD_PAPER_NOT_THERE;
  self->former = FALSE;
  md_attachment_set_inquiry (self, NULL);
  if (any)
    tell (self);
}
