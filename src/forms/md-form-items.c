// SPDX-License-Identifier: Apache-2.0
// The list items around a form's entries: sections, findings.
#include "config.h"

#include "md-form-data-private.h"

struct _MdFormSection
{
  GObject parent_instance;

  char *id, *title;
  GListStore *entries;
  gboolean visible;
};

struct _MdFinding
{
  GObject parent_instance;

  MdEntry *entry;
  char *message;
  gboolean stops;
};

static void section_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdFormSection, md_form_section, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, section_list_init))
G_DEFINE_FINAL_TYPE (MdFinding, md_finding, G_TYPE_OBJECT)

#define READ_ONLY (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

/* --- sections --- */

enum
{
  SECTION_0,
  SECTION_TITLE,
  SECTION_VISIBLE,
  SECTION_N
};

static GParamSpec *section_properties[SECTION_N];

static GType
section_get_item_type (GListModel *list)
{
  return MD_TYPE_ENTRY;
}

static guint
section_get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (MD_FORM_SECTION (list)->entries));
}

static gpointer
section_get_item (GListModel *list, guint i)
{
  return g_list_model_get_item (G_LIST_MODEL (MD_FORM_SECTION (list)->entries), i);
}

static void
section_list_init (GListModelInterface *iface)
{
  iface->get_item_type = section_get_item_type;
  iface->get_n_items = section_get_n_items;
  iface->get_item = section_get_item;
}

static void
md_form_section_finalize (GObject *object)
{
  MdFormSection *self = MD_FORM_SECTION (object);

  g_free (self->id);
  g_free (self->title);
  g_clear_object (&self->entries);
  G_OBJECT_CLASS (md_form_section_parent_class)->finalize (object);
}

static void
md_form_section_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdFormSection *self = MD_FORM_SECTION (object);

  if (id == SECTION_TITLE)
    g_value_set_string (value, self->title);
  else if (id == SECTION_VISIBLE)
    g_value_set_boolean (value, self->visible);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_form_section_class_init (MdFormSectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = md_form_section_finalize;
  object_class->get_property = md_form_section_get_property;
  section_properties[SECTION_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, READ_ONLY);
  section_properties[SECTION_VISIBLE]
      = g_param_spec_boolean ("visible", NULL, NULL, FALSE, READ_ONLY);
  g_object_class_install_properties (object_class, SECTION_N, section_properties);
}

static void
md_form_section_init (MdFormSection *self)
{
  self->entries = g_list_store_new (MD_TYPE_ENTRY);
}

MdFormSection *
_md_form_section_new (const MdFormHeading *heading)
{
  MdFormSection *self = g_object_new (MD_TYPE_FORM_SECTION, NULL);

  self->id = g_strdup (heading->id);
  self->title = g_strdup (_md_text_pick (&heading->title));
  return self;
}

void
_md_form_section_insert (MdFormSection *self, guint at, MdEntry *entry)
{
  g_list_store_insert (self->entries, at, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), at, 0, 1);
}

void
_md_form_section_append (MdFormSection *self, MdEntry *entry)
{
  _md_form_section_insert (self, section_get_n_items (G_LIST_MODEL (self)), entry);
}

void
_md_form_section_remove (MdFormSection *self, guint at)
{
  g_list_store_remove (self->entries, at);
  g_list_model_items_changed (G_LIST_MODEL (self), at, 1, 0);
}

gboolean
_md_form_section_find (MdFormSection *self, MdEntry *entry, guint *out_at)
{
  return g_list_store_find (self->entries, entry, out_at);
}

gboolean
_md_form_section_is_of_group (MdFormSection *self, guint at, MdEntry *group)
{
  g_autoptr (MdEntry) entry = section_get_item (G_LIST_MODEL (self), at);

  return entry && entry->row && _md_row_get_group (entry->row) == group;
}

guint
_md_form_section_get_n (MdFormSection *self)
{
  return section_get_n_items (G_LIST_MODEL (self));
}

void
_md_form_section_update (MdFormSection *self)
{
  gboolean visible = FALSE;

  for (guint i = 0; i < _md_form_section_get_n (self); i++)
    {
      g_autoptr (MdEntry) entry = section_get_item (G_LIST_MODEL (self), i);

      visible = visible || md_entry_get_visible (entry);
    }
  if (visible == self->visible)
    return;
  self->visible = visible;
  g_object_notify_by_pspec (G_OBJECT (self), section_properties[SECTION_VISIBLE]);
}

const char *
md_form_section_get_id (MdFormSection *self)
{
  return self->id;
}

const char *
md_form_section_get_title (MdFormSection *self)
{
  return self->title;
}

/* --- findings --- */

enum
{
  FINDING_0,
  FINDING_ENTRY,
  FINDING_MESSAGE,
  FINDING_STOPS,
  FINDING_N
};

static GParamSpec *finding_properties[FINDING_N];

static void
md_finding_finalize (GObject *object)
{
  MdFinding *self = MD_FINDING (object);

  g_clear_object (&self->entry);
  g_free (self->message);
  G_OBJECT_CLASS (md_finding_parent_class)->finalize (object);
}

static void
md_finding_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdFinding *self = MD_FINDING (object);

  if (id == FINDING_ENTRY)
    g_value_set_object (value, self->entry);
  else if (id == FINDING_MESSAGE)
    g_value_set_string (value, self->message);
  else if (id == FINDING_STOPS)
    g_value_set_boolean (value, self->stops);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
md_finding_class_init (MdFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = md_finding_finalize;
  object_class->get_property = md_finding_get_property;
  finding_properties[FINDING_ENTRY]
      = g_param_spec_object ("entry", NULL, NULL, MD_TYPE_ENTRY, READ_ONLY);
  finding_properties[FINDING_MESSAGE]
      = g_param_spec_string ("message", NULL, NULL, NULL, READ_ONLY);
  finding_properties[FINDING_STOPS] = g_param_spec_boolean ("stops", NULL, NULL, FALSE, READ_ONLY);
  g_object_class_install_properties (object_class, FINDING_N, finding_properties);
}

static void
md_finding_init (MdFinding *self)
{
}

MdFinding *
_md_finding_new (MdEntry *entry, const char *message, gboolean stops)
{
  MdFinding *self = g_object_new (MD_TYPE_FINDING, NULL);

  self->entry = entry ? g_object_ref (entry) : NULL;
  self->message = g_strdup (message);
  self->stops = stops;
  return self;
}

MdEntry *
md_finding_get_entry (MdFinding *self)
{
  return self->entry;
}

const char *
md_finding_get_message (MdFinding *self)
{
  return self->message;
}

gboolean
md_finding_get_stops (MdFinding *self)
{
  return self->stops;
}
