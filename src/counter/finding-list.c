// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "finding-list.h"

#include "state-chip.h"

#include <glib/gi18n.h>

/* --- the lines --- */

#define COUNTER_TYPE_FINDING_BOX (counter_finding_box_get_type ())
G_DECLARE_FINAL_TYPE (CounterFindingBox, counter_finding_box, COUNTER, FINDING_BOX, CounterItemBox)

struct _CounterFindingBox
{
  CounterItemBox parent_instance;
};

G_DEFINE_FINAL_TYPE (CounterFindingBox, counter_finding_box, COUNTER_TYPE_ITEM_BOX)

/* What a screen reader says of the line. */
static void
name_row (CounterModel *item, GParamSpec *pspec, GtkWidget *button)
{
  const char *label = counter_model_text (item, "label");
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), label, counter_model_text (item, "right"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static GtkWidget *
make_words (CounterModel *item)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  const gboolean stops = g_strcmp0 (counter_model_text (item, "state"), "stop") == 0;

  gtk_box_append (GTK_BOX (words), counter_item_label (item, "label", "rowtitle"));
  gtk_box_append (GTK_BOX (words), counter_item_label (item, "right", stops ? "error" : "caution"));
  return words;
}

static GtkWidget *
counter_finding_box_make_row (CounterItemBox *box, gpointer item)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *words = make_words (item);
  const char *id = counter_model_text (item, "id");

  gtk_box_append (GTK_BOX (row), counter_item_label (item, "heading", "findinghead"));
  if (*id == '\0')
    {
      gtk_widget_add_css_class (words, "finding");
      gtk_box_append (GTK_BOX (row), words);
    }
  else
    {
      GtkWidget *button = gtk_button_new ();

      gtk_button_set_child (GTK_BUTTON (button), words);
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "row");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.jump");
      g_signal_connect_object (item, "notify", G_CALLBACK (name_row), button, 0);
      name_row (item, NULL, button);
      gtk_box_append (GTK_BOX (row), button);
    }
  return row;
}

static void
counter_finding_box_class_init (CounterFindingBoxClass *klass)
{
  COUNTER_ITEM_BOX_CLASS (klass)->make_row = counter_finding_box_make_row;
}

static void
counter_finding_box_init (CounterFindingBox *self)
{
}

/* --- the list --- */

struct _CounterFindingList
{
  GtkWidget parent_instance;

  GtkWidget *box, *apart; /* apart: head and lines of what is only warned of */
  GtkLabel *title;
  GtkWidget *lines;
  GListStore *stops, *warns; /* CounterCompareItem */
};

G_DEFINE_FINAL_TYPE (CounterFindingList, counter_finding_list, GTK_TYPE_WIDGET)

static const char *
id_at (GListStore *store, guint i)
{
  g_autoptr (CounterModel) item = g_list_model_get_item (G_LIST_MODEL (store), i);

  return counter_model_text (item, "id"); /* the list holds it */
}

static gboolean
comes_later (GListStore *store, guint from, const char *id)
{
  for (guint i = from; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    if (g_str_equal (id_at (store, i), id))
      return TRUE;
  return FALSE;
}

/* Line AT becomes this one; the lines that stay are not made anew, and keep the focus. */
static void
put (GListStore *store, guint at, MdFinding *finding, const char *heading)
{
  MdEntry *entry = md_finding_get_entry (finding);
  const char *id = entry != NULL && md_entry_get_visible (entry) ? md_entry_get_id (entry) : "";
  const char *label = entry != NULL ? md_entry_get_label (entry) : "";
  const char *state = md_finding_get_stops (finding) ? "stop" : "deferred";

  if (comes_later (store, at, id))
    while (!g_str_equal (id_at (store, at), id))
      g_list_store_remove (store, at);
  else
    {
      g_autoptr (CounterModel) item
          = g_object_new (COUNTER_TYPE_COMPARE_ITEM, "id", id, "state", state, NULL);

      g_list_store_insert (store, at, item);
    }
  g_autoptr (CounterModel) item = g_list_model_get_item (G_LIST_MODEL (store), at);
  g_object_set (item, "heading", heading, "label", label, "right", md_finding_get_message (finding),
                NULL);
}

typedef struct
{
  GPtrArray *findings;
  GListStore *store;
  gboolean stops;
  guint at;
  const char *heading; /* of the next line, "" once it stands */
} Filling;

/* Of ENTRY; NULL: those that are of no part of the form. Each is taken out as it is put. */
static void
fill_of (Filling *filling, MdEntry *entry)
{
  for (guint i = 0; i < filling->findings->len;)
    {
      MdFinding *finding = g_ptr_array_index (filling->findings, i);

      if (md_finding_get_stops (finding) != filling->stops
          || (entry != NULL && md_finding_get_entry (finding) != entry))
        {
          i++;
          continue;
        }
      put (filling->store, filling->at++, finding, filling->heading);
      filling->heading = "";
      g_ptr_array_remove_index (filling->findings, i);
    }
}

static void
fill (GListStore *store, MdFormData *form, GPtrArray *findings, gboolean stops)
{
  GListModel *sections = md_form_data_get_sections (form);
  Filling filling = { .findings = findings, .store = store, .stops = stops };

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (sections, i);

      filling.heading = md_form_section_get_title (section);
      for (guint k = 0; k < g_list_model_get_n_items (G_LIST_MODEL (section)); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (G_LIST_MODEL (section), k);
          fill_of (&filling, entry);
        }
    }
  filling.heading = _ ("The form as a whole");
  fill_of (&filling, NULL);
  while (g_list_model_get_n_items (G_LIST_MODEL (store)) > filling.at)
    g_list_store_remove (store, filling.at);
}

guint
counter_finding_list_show (CounterFindingList *self, MdFormData *form)
{
  g_autoptr (GPtrArray) findings = form != NULL ? md_form_data_review (form) : NULL;
  g_autofree char *title = NULL;
  guint n;

  if (findings != NULL)
    {
      fill (self->stops, form, findings, TRUE);
      fill (self->warns, form, findings, FALSE);
    }
  else if (form == NULL)
    {
      g_list_store_remove_all (self->stops);
      g_list_store_remove_all (self->warns);
    }
  n = g_list_model_get_n_items (G_LIST_MODEL (self->stops));
  title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u item to put right", "%u items to put right", n), n);
  gtk_label_set_text (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lines), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_widget_set_visible (self->apart, g_list_model_get_n_items (G_LIST_MODEL (self->warns)) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  return n;
}

const char *
counter_finding_list_get_only (CounterFindingList *self)
{
  const char *id
      = g_list_model_get_n_items (G_LIST_MODEL (self->stops)) == 1 ? id_at (self->stops, 0) : "";

  return *id != '\0' ? id : NULL;
}

gboolean
counter_finding_list_focus (CounterFindingList *self, const char *id)
{
  GtkWidget *row = gtk_widget_get_first_child (self->lines);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;
  for (guint i = 0; id != NULL && row != NULL; i++, row = gtk_widget_get_next_sibling (row))
    if (g_str_equal (id_at (self->stops, i), id))
      return gtk_widget_grab_focus (gtk_widget_get_last_child (row));
  return gtk_widget_child_focus (self->lines, GTK_DIR_TAB_FORWARD);
}

/* --- making it --- */

static GtkWidget *
make_lines (GListStore *store)
{
  GtkWidget *lines = g_object_new (COUNTER_TYPE_FINDING_BOX, "model", store, "overflow",
                                   GTK_OVERFLOW_HIDDEN, NULL);

  gtk_widget_add_css_class (lines, "sheet");
  gtk_widget_add_css_class (lines, "narrow");
  return lines;
}

/* Said aloud as it appears, and whenever it changes. */
static GtkWidget *
make_head (CounterFindingList *self)
{
  GtkWidget *head = g_object_new (GTK_TYPE_BOX, "spacing", 8, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (counter_state_icon ("stop"));
  GtkWidget *key = gtk_label_new (_ ("Enter goes to the field, F5 comes back here."));

  self->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_wrap (self->title, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "error");
  gtk_label_set_xalign (GTK_LABEL (key), 0);
  gtk_label_set_wrap (GTK_LABEL (key), TRUE);
  gtk_widget_add_css_class (key, "quiet");
  gtk_widget_add_css_class (key, "small");
  gtk_widget_add_css_class (icon, "error");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (words), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (words), key);
  gtk_box_append (GTK_BOX (head), icon);
  gtk_box_append (GTK_BOX (head), words);
  return head;
}

static GtkWidget *
make_apart (CounterFindingList *self)
{
  GtkWidget *apart = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  const char *words = _ ("To be looked at; it does not stop you");
  GtkWidget *title = gtk_label_new (words);
  GtkWidget *lines = make_lines (self->warns);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "quiet");
  gtk_widget_add_css_class (title, "small");
  gtk_accessible_update_property (GTK_ACCESSIBLE (lines), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_box_append (GTK_BOX (apart), title);
  gtk_box_append (GTK_BOX (apart), lines);
  return apart;
}

static void
counter_finding_list_dispose (GObject *object)
{
  CounterFindingList *self = COUNTER_FINDING_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->stops);
  g_clear_object (&self->warns);
  G_OBJECT_CLASS (counter_finding_list_parent_class)->dispose (object);
}

static void
counter_finding_list_class_init (CounterFindingListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = counter_finding_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
counter_finding_list_init (CounterFindingList *self)
{
  self->stops = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  self->warns = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  self->lines = make_lines (self->stops);
  self->apart = make_apart (self);
  gtk_box_append (GTK_BOX (self->box), make_head (self));
  gtk_box_append (GTK_BOX (self->box), self->lines);
  gtk_box_append (GTK_BOX (self->box), self->apart);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
