// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "content-step.h"

#include "field-row.h"
#include "finding-list.h"
#include "paper-box.h"
#include "row-head.h"
#include "section-row.h"

#include <glib/gi18n.h>

struct _CounterContentStep
{
  CounterPage parent_instance;

  GtkLabel *title;
  GtkBox *fields;
  CounterFindingList *findings;
  GtkWidget *sections_list;
  GtkWidget *missing_box;
  GtkLabel *missing_title;
  GtkWidget *missing_list;
  GtkScrolledWindow *scroller;
  GtkWidget *papers_box;
  GtkBox *papers;

  MdFormData *form;
  GListStore *sections;   /* CounterRowItem */
  GListStore *missing;    /* CounterRowItem */
  MdFormSection *section; /* that is shown */
  gboolean stale;         /* rows came or went since it was laid out */
  guint current;
  guint refresh;
};

G_DEFINE_FINAL_TYPE (CounterContentStep, counter_content_step, COUNTER_TYPE_PAGE)

/* --- the side lists --- */

static void
show_section_row (CounterContentStep *self, guint i)
{
  g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (self->sections), i);
  g_autoptr (GListModel) section
      = g_list_model_get_item (md_form_data_get_sections (self->form), i);

  counter_section_row_show (row, section);
}

/* --- papers --- */

static void
clear_papers (CounterContentStep *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->papers))) != NULL)
    gtk_box_remove (self->papers, child);
}

static void
show_papers (CounterContentStep *self)
{
  GListModel *papers = md_form_data_get_attachments (self->form);
  const gboolean scanner
      = counter_model_flag (counter_page_get_model (COUNTER_PAGE (self)), "scan-folder");

  clear_papers (self);
  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      gtk_box_append (self->papers, counter_paper_box_new (self->form, paper, scanner));
    }
}

/* The heading goes when no paper is due. */
static void
show_papers_box (CounterContentStep *self)
{
  GListModel *papers = md_form_data_get_attachments (self->form);
  gboolean any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      any = any || md_attachment_get_due (paper);
    }
  gtk_widget_set_visible (self->papers_box, any);
}

/* Is @id in the list at @from or later? */
static gboolean
comes_later (GListStore *rows, guint from, const char *id)
{
  for (guint i = from; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (rows), i);
      if (g_strcmp0 (counter_model_text (row, "id"), id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Makes @entry the row at @at and leaves the others where they are: nothing jumps under the
 * pointer. */
static void
put_missing (GListStore *rows, guint at, MdEntry *entry)
{
  const char *id = md_entry_get_id (entry);

  if (!comes_later (rows, at, id))
    {
      g_autoptr (CounterModel) row = g_object_new (COUNTER_TYPE_ROW_ITEM, "id", id, "title",
                                                   md_entry_get_label (entry), NULL);
      g_list_store_insert (rows, at, row);
      return;
    }
  for (;;)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (G_LIST_MODEL (rows), at);
      if (g_strcmp0 (counter_model_text (row, "id"), id) == 0)
        return;
      g_list_store_remove (rows, at);
    }
}

static void
show_missing (CounterContentStep *self)
{
  GListModel *missing = md_form_data_get_missing (self->form);
  guint n = g_list_model_get_n_items (missing);
  g_autofree char *title = g_strdup_printf (_ ("Still missing (%u)"), n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (missing, i);
      put_missing (self->missing, i, entry);
    }
  if (g_list_model_get_n_items (G_LIST_MODEL (self->missing)) > n)
    g_list_store_splice (self->missing, n,
                         g_list_model_get_n_items (G_LIST_MODEL (self->missing)) - n, NULL, 0);
  gtk_label_set_text (self->missing_title, title);
  /* Once something stops, what is missing stands there with the rest. */
  gtk_widget_set_visible (self->missing_box,
                          n > 0 && !gtk_widget_get_visible (GTK_WIDGET (self->findings)));
}

static void lay_out (CounterContentStep *self);
static CounterFieldRow *find_row (CounterContentStep *self, const char *field_id);

/* All is put right: it is as if nothing had been asked. */
static void
show_findings (CounterContentStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  if (counter_model_flag (model, "stopped")
      && counter_finding_list_show (self->findings, self->form) == 0)
    g_object_set (model, "stopped", FALSE, NULL);
}

static gboolean
refresh_cb (gpointer data)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (data);

  self->refresh = 0;
  if (self->form == NULL)
    return G_SOURCE_REMOVE;
  if (self->stale)
    lay_out (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sections)); i++)
    show_section_row (self, i);
  show_findings (self);
  show_missing (self);
  show_papers_box (self);
  return G_SOURCE_REMOVE;
}

static void
refresh_soon (CounterContentStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const int priority = counter_model_flag (model, "stopped") ? G_PRIORITY_HIGH_IDLE /* no flicker */
                                                             : G_PRIORITY_DEFAULT_IDLE;

  if (self->refresh == 0)
    self->refresh = g_idle_add_full (priority, refresh_cb, self, NULL);
}

/* --- the fields of one section --- */

static void
clear_fields (CounterContentStep *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->fields))) != NULL)
    gtk_box_remove (self->fields, child);
}

static void
rows_changed_cb (CounterContentStep *self)
{
  self->stale = TRUE;
  refresh_soon (self);
}

static void
watch_section (CounterContentStep *self, MdFormSection *section)
{
  if (self->section != NULL)
    g_signal_handlers_disconnect_by_func (self->section, rows_changed_cb, self);
  g_set_object (&self->section, section);
  if (section != NULL)
    g_signal_connect_object (section, "items-changed", G_CALLBACK (rows_changed_cb), self,
                             G_CONNECT_SWAPPED);
}

/* Said of a field as it is left: the lists say it, too. */
static void
error_cb (GtkWidget *row)
{
  GtkWidget *step = gtk_widget_get_ancestor (row, COUNTER_TYPE_CONTENT_STEP);

  if (step != NULL)
    refresh_soon (COUNTER_CONTENT_STEP (step));
}

/* What the card prints of name and address stands beside them. */
static void
show_prints (CounterContentStep *self)
{
  static const struct
  {
    const char *field, *property;
  } prints[] = { { "p.name", "face-name" }, { "p.addr", "face-address" } };
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  for (guint i = 0; i < G_N_ELEMENTS (prints); i++)
    {
      CounterFieldRow *row = find_row (self, prints[i].field);

      if (row != NULL)
        counter_field_row_set_print (row, counter_model_object (model, prints[i].property));
    }
}

/* The fields of the section, each row of a group under its own name. */
static void
lay_out (CounterContentStep *self)
{
  GListModel *entries = G_LIST_MODEL (self->section);

  clear_fields (self);
  self->stale = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (entries, i);

      if (md_entry_begins_row (entry))
        gtk_box_append (self->fields, counter_row_head_new (entry));
      GtkWidget *row = counter_field_row_new (entry);
      g_signal_connect_object (entry, "notify::error", G_CALLBACK (error_cb), row,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->fields, row);
    }
  show_prints (self);
}

static void
show_section (CounterContentStep *self, guint at)
{
  GListModel *sections = md_form_data_get_sections (self->form);
  g_autoptr (MdFormSection) section = g_list_model_get_item (sections, at);
  g_autofree char *id = g_strdup_printf ("%u", at);

  if (section == NULL)
    return;
  md_form_data_leave (self->form, NULL);
  self->current = at;
  watch_section (self, section);
  gtk_label_set_text (self->title, md_form_section_get_title (section));
  lay_out (self);
  g_object_set (self->sections_list, "chosen", id, NULL);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.next-section",
                                 at + 1 < g_list_model_get_n_items (sections));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.previous-section", at > 0);
}

static CounterFieldRow *
find_row (CounterContentStep *self, const char *field_id)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->fields)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (!COUNTER_IS_FIELD_ROW (row))
      continue;
    else if (field_id == NULL ? gtk_widget_get_visible (row)
                              : g_strcmp0 (md_entry_get_id (counter_field_row_get_entry (
                                               COUNTER_FIELD_ROW (row))),
                                           field_id)
                                    == 0)
      return COUNTER_FIELD_ROW (row);
  return NULL;
}

static gboolean
focus_later (gpointer data)
{
  CounterFieldRow *row = data;

  if (gtk_widget_get_mapped (GTK_WIDGET (row)))
    counter_field_row_focus (row);
  return G_SOURCE_REMOVE;
}

static void
jump (CounterContentStep *self, const char *field_id)
{
  GListModel *sections = md_form_data_get_sections (self->form);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);

      for (guint k = 0; k < g_list_model_get_n_items (section); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);
          if (g_strcmp0 (md_entry_get_id (entry), field_id) != 0)
            continue;
          if (i != self->current)
            show_section (self, i);
          else if (self->stale)
            lay_out (self);
          CounterFieldRow *row = find_row (self, field_id);
          if (row != NULL)
            g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (row),
                             g_object_unref);
          return;
        }
    }
}

/* --- what stops it --- */

static gboolean
focus_findings (gpointer data)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (data);

  (void)counter_finding_list_focus (self->findings, NULL);
  return G_SOURCE_REMOVE;
}

/* One thing is gone to at once; of several, the list is read first. */
static void
stopped_cb (CounterContentStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *only;

  if (!counter_model_flag (model, "stopped") || self->form == NULL)
    (void)counter_finding_list_show (self->findings, NULL);
  else
    {
      show_findings (self);
      only = counter_finding_list_get_only (self->findings);
      if (only != NULL)
        jump (self, only);
      else
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_findings, g_object_ref (self),
                         g_object_unref);
    }
  refresh_soon (self);
}

/* Only where it was asked: whoever comes back asks anew. */
static void
step_cb (CounterContentStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  if (g_strcmp0 (counter_model_text (model, "step"), "content") != 0)
    g_object_set (model, "stopped", FALSE, NULL);
}

/* --- actions --- */

/* To the line of the field one comes from, where it is still there. */
static void
findings_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, COUNTER_TYPE_FIELD_ROW) : NULL;
  MdEntry *entry = row != NULL ? counter_field_row_get_entry (COUNTER_FIELD_ROW (row)) : NULL;

  if (!counter_finding_list_focus (self->findings, entry != NULL ? md_entry_get_id (entry) : NULL))
    gtk_widget_error_bell (widget);
}

static void
show_section_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (widget);

  if (self->form == NULL)
    return;
  show_section (self, (guint)g_ascii_strtoull (g_variant_get_string (parameter, NULL), NULL, 10));
  counter_page_focus_start (COUNTER_PAGE (self));
}

static void
jump_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (COUNTER_CONTENT_STEP (widget)->form != NULL)
    jump (COUNTER_CONTENT_STEP (widget), g_variant_get_string (parameter, NULL));
}

static void
turn_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (widget);

  if (self->form == NULL)
    return;
  show_section (self,
                g_str_has_suffix (name, "next-section") ? self->current + 1 : self->current - 1);
  counter_page_focus_start (COUNTER_PAGE (self));
}

/* --- the form comes and goes --- */

static void
form_cb (CounterContentStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  MdFormData *form = counter_model_object (model, "form");

  if (self->form == form)
    return;
  clear_fields (self);
  clear_papers (self);
  watch_section (self, NULL);
  self->stale = FALSE;
  g_list_store_remove_all (self->sections);
  g_list_store_remove_all (self->missing);
  g_object_set (model, "stopped", FALSE, NULL);
  (void)counter_finding_list_show (self->findings, NULL);
  if (self->form != NULL)
    g_signal_handlers_disconnect_by_func (self->form, refresh_soon, self);
  g_set_object (&self->form, form);
  if (form == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (md_form_data_get_sections (form)); i++)
    {
      g_autoptr (MdFormSection) section
          = g_list_model_get_item (md_form_data_get_sections (form), i);
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr (CounterModel) row = g_object_new (COUNTER_TYPE_ROW_ITEM, "id", id, "title",
                                                   md_form_section_get_title (section), NULL);
      g_list_store_append (self->sections, row);
    }
  g_signal_connect_object (form, "changed", G_CALLBACK (refresh_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (md_form_data_get_missing (form), "items-changed",
                           G_CALLBACK (refresh_soon), self, G_CONNECT_SWAPPED);
  show_papers (self);
  show_section (self, 0);
  refresh_soon (self);
}

/* The binder found something wrong and names the field: "page.jump" through the model. */
static void
jump_cb (CounterContentStep *self)
{
  const char *field = counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "jump");

  if (*field != '\0' && self->form != NULL)
    jump (self, field);
  refresh_soon (self);
}

static void
counter_content_step_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);

  g_signal_connect_object (model, "notify::form", G_CALLBACK (form_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::jump", G_CALLBACK (jump_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::stopped", G_CALLBACK (stopped_cb), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::step", G_CALLBACK (step_cb), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::face-name", G_CALLBACK (show_prints), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::face-address", G_CALLBACK (show_prints), page,
                           G_CONNECT_SWAPPED);
  form_cb (COUNTER_CONTENT_STEP (page));
}

static void
counter_content_step_focus_start (CounterPage *page)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (page);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->fields)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    {
      MdEntry *entry = COUNTER_IS_FIELD_ROW (row)
                           ? counter_field_row_get_entry (COUNTER_FIELD_ROW (row))
                           : NULL;
      if (entry != NULL && gtk_widget_get_visible (row) && !md_entry_get_locked (entry)
          && !md_entry_get_filled (entry))
        {
          counter_field_row_focus (COUNTER_FIELD_ROW (row));
          return;
        }
    }
  CounterFieldRow *first = find_row (self, NULL);
  if (first != NULL)
    counter_field_row_focus (first);
}

/* Another step or page: whatever the clerk was at is left. */
static void
counter_content_step_unmap (GtkWidget *widget)
{
  if (COUNTER_CONTENT_STEP (widget)->form != NULL)
    md_form_data_leave (COUNTER_CONTENT_STEP (widget)->form, NULL);
  GTK_WIDGET_CLASS (counter_content_step_parent_class)->unmap (widget);
}

static void
counter_content_step_dispose (GObject *object)
{
  CounterContentStep *self = COUNTER_CONTENT_STEP (object);

  g_clear_handle_id (&self->refresh, g_source_remove);
  g_clear_object (&self->form);
  g_clear_object (&self->section);
  g_clear_object (&self->sections);
  g_clear_object (&self->missing);
  G_OBJECT_CLASS (counter_content_step_parent_class)->dispose (object);
}

static void
counter_content_step_class_init (CounterContentStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GdkModifierType ctrl = GDK_CONTROL_MASK;

  G_OBJECT_CLASS (klass)->dispose = counter_content_step_dispose;
  widget_class->unmap = counter_content_step_unmap;
  COUNTER_PAGE_CLASS (klass)->model_set = counter_content_step_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_content_step_focus_start;
  counter_page_class_use (widget_class, "content-step");
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, title);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, fields);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, findings);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, sections_list);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, missing_box);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, missing_title);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, missing_list);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, scroller);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, papers_box);
  gtk_widget_class_bind_template_child (widget_class, CounterContentStep, papers);
  gtk_widget_class_install_action (widget_class, "page.show-section", "s", show_section_action);
  gtk_widget_class_install_action (widget_class, "page.jump", "s", jump_action);
  gtk_widget_class_install_action (widget_class, "page.findings", NULL, findings_action);
  gtk_widget_class_install_action (widget_class, "page.next-section", NULL, turn_action);
  gtk_widget_class_install_action (widget_class, "page.previous-section", NULL, turn_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "page.findings", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, ctrl, "page.next-section",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, ctrl, "page.previous-section",
                                       NULL);
}

static void
counter_content_step_init (CounterContentStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sections = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  self->missing = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  g_object_set (self->sections_list, "model", self->sections, NULL);
  g_object_set (self->missing_list, "model", self->missing, NULL);
}
