// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "papers-step.h"

#include "act-bar.h"
#include "button-list.h"
#include "state-chip.h"

#define LAST_CHARACTERS 4

struct _CounterPapersStep
{
  CounterPage parent_instance;

  GtkWidget *filers, *reasons;
  GtkWidget *received, *informed; /* by post */
  GtkWidget *issued;
  GtkWidget *kind_1, *last_1, *expiry_1;
  GtkWidget *kind_2, *last_2, *expiry_2;
  GtkWidget *number, *principals_number; /* with the documents; or beside the proof of authority */
  GtkToggleButton *same, *other, *unsure;
  GtkToggleButton *none; /* never shown: chosen while nothing is */
  GtkCheckButton *name, *birth, *address, *sex;
  gboolean shown;   /* one of the parts was */
  gboolean loading; /* what is set comes from the model */
};

G_DEFINE_FINAL_TYPE (CounterPapersStep, counter_papers_step, COUNTER_TYPE_PAGE)

/* --- lines: equal to a text of the model --- */

/* NULL on the model's side and "" on the line's are the same to both. */
static gboolean
to_line (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  const char *text = g_value_get_string (from);

  g_value_set_string (to, text != NULL ? text : "");
  return TRUE;
}

static void
bind_line (CounterModel *model, const char *property, GtkWidget *line)
{
  g_object_bind_property_full (model, property, line, "text",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, to_line, to_line,
                               NULL, NULL);
}

/* --- choices: one of a list of the model's rows, by its id --- */

static void
picked_cb (GtkDropDown *list, GParamSpec *pspec, CounterPapersStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  gpointer item = gtk_drop_down_get_selected_item (list);
  const char *property = g_object_get_data (G_OBJECT (list), "property");

  if (model != NULL && item != NULL && !self->loading)
    g_object_set (model, property, counter_model_text (item, "id"), NULL);
}

static void
pick (CounterPapersStep *self, GtkWidget *list)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  GListModel *rows = gtk_drop_down_get_model (GTK_DROP_DOWN (list));
  const char *id = counter_model_text (model, g_object_get_data (G_OBJECT (list), "property"));

  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (CounterModel) row = g_list_model_get_item (rows, i);

      if (g_strcmp0 (counter_model_text (row, "id"), id) == 0)
        gtk_drop_down_set_selected (GTK_DROP_DOWN (list), i);
    }
}

static void
pick_all (CounterPapersStep *self)
{
  GtkWidget *lists[] = { self->kind_1, self->kind_2, self->number, self->principals_number };
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  self->loading = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const char *rows = g_object_get_data (G_OBJECT (lists[i]), "rows");
      GListModel *wanted = counter_model_object (model, rows);

      if (gtk_drop_down_get_model (GTK_DROP_DOWN (lists[i])) != wanted)
        gtk_drop_down_set_model (GTK_DROP_DOWN (lists[i]), wanted);
      pick (self, lists[i]);
    }
  self->loading = FALSE;
}

static void
prepare_choice (CounterPapersStep *self, GtkWidget *list, const char *property, const char *rows)
{
  g_autoptr (GtkExpression) title
      = gtk_property_expression_new (COUNTER_TYPE_ROW_ITEM, NULL, "title");

  g_object_set_data_full (G_OBJECT (list), "property", g_strdup (property), g_free);
  g_object_set_data_full (G_OBJECT (list), "rows", g_strdup (rows), g_free);
  gtk_drop_down_set_expression (GTK_DROP_DOWN (list), title);
  g_signal_connect_object (list, "notify::selected", G_CALLBACK (picked_cb), self, 0);
}

/* --- answers and ticks --- */

static const char *
answer_of (CounterPapersStep *self)
{
  return gtk_toggle_button_get_active (self->same)     ? "same"
         : gtk_toggle_button_get_active (self->other)  ? "other"
         : gtk_toggle_button_get_active (self->unsure) ? "unsure"
                                                       : "";
}

static void
answered_cb (CounterPapersStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const struct
  {
    GtkCheckButton *tick;
    const char *id;
  } ticks[] = { { self->name, "name" },
                { self->birth, "birth" },
                { self->address, "address" },
                { self->sex, "sex" } };
  g_autoptr (GString) compared = g_string_new (NULL);

  if (model == NULL || self->loading)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
    if (gtk_check_button_get_active (ticks[i].tick))
      g_string_append_printf (compared, "%s ", ticks[i].id);
  g_object_set (model, "papers-photo", answer_of (self), "papers-compared", compared->str, NULL);
}

/* A comparison begins without an answer: nobody has looked yet. */
static void
clear_answers (CounterPapersStep *self)
{
  GtkCheckButton *ticks[] = { self->name, self->birth, self->address, self->sex };

  self->loading = TRUE;
  gtk_toggle_button_set_active (self->none, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++)
    gtk_check_button_set_active (ticks[i], FALSE);
  self->loading = FALSE;
  answered_cb (self);
}

/* --- the page --- */

static void
counter_papers_step_focus_start (CounterPage *page)
{
  CounterPapersStep *self = COUNTER_PAPERS_STEP (page);
  const char *stage = counter_model_text (counter_page_get_model (page), "papers-stage");

  if (g_strcmp0 (stage, "filer") == 0)
    gtk_widget_child_focus (self->filers, GTK_DIR_TAB_FORWARD);
  else if (g_strcmp0 (stage, "documents") == 0)
    gtk_widget_grab_focus (self->kind_1);
  else if (gtk_widget_get_mapped (GTK_WIDGET (self->same)))
    gtk_widget_grab_focus (GTK_WIDGET (self->same));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

static gboolean
focus_later (gpointer data)
{
  CounterActBar *bar = counter_act_bar_find (GTK_WIDGET (gtk_widget_get_root (data)));

  if (gtk_widget_get_mapped (GTK_WIDGET (data)))
    counter_papers_step_focus_start (COUNTER_PAGE (data));
  else if (bar != NULL) /* what had the focus is gone with the last part */
    counter_act_bar_focus_primary (bar);
  return G_SOURCE_REMOVE;
}

static void
stage_cb (CounterPapersStep *self)
{
  const char *stage
      = counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "papers-stage");

  pick_all (self);
  clear_answers (self);
  if (*stage != '\0' || self->shown)
    g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_later, g_object_ref (self), g_object_unref);
  self->shown = *stage != '\0';
}

/* Enter in a line goes on to the next one, as in the form. */
static void
activate_cb (CounterPapersStep *self)
{
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))),
                          GTK_DIR_TAB_FORWARD);
}

static void
counter_papers_step_model_set (CounterPage *page)
{
  CounterPapersStep *self = COUNTER_PAPERS_STEP (page);
  CounterModel *model = counter_page_get_model (page);

  bind_line (model, "papers-received", self->received);
  g_object_bind_property (model, "papers-informed", self->informed, "active",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  bind_line (model, "papers-issued", self->issued);
  bind_line (model, "papers-last-1", self->last_1);
  bind_line (model, "papers-last-2", self->last_2);
  bind_line (model, "papers-expiry-1", self->expiry_1);
  bind_line (model, "papers-expiry-2", self->expiry_2);
  g_signal_connect_object (model, "notify::papers-stage", G_CALLBACK (stage_cb), self,
                           G_CONNECT_SWAPPED);
  stage_cb (self);
}

static void
counter_papers_step_class_init (CounterPapersStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_papers_step_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_papers_step_focus_start;
  counter_page_class_use (widget_class, "papers-step");
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, filers);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, reasons);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, received);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, informed);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, issued);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, kind_1);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, last_1);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, expiry_1);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, kind_2);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, last_2);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, expiry_2);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, number);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, principals_number);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, same);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, other);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, unsure);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, none);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, name);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, birth);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, address);
  gtk_widget_class_bind_template_child (widget_class, CounterPapersStep, sex);
  gtk_widget_class_bind_template_callback (widget_class, answered_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
counter_papers_step_init (CounterPapersStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkWidget *lines[] = { self->received, self->issued,   self->last_1,
                         self->last_2,   self->expiry_1, self->expiry_2 };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    gtk_editable_set_enable_undo (GTK_EDITABLE (lines[i]), FALSE);
  gtk_entry_set_max_length (GTK_ENTRY (self->last_1), LAST_CHARACTERS);
  gtk_entry_set_max_length (GTK_ENTRY (self->last_2), LAST_CHARACTERS);
  prepare_choice (self, self->kind_1, "papers-kind-1", "papers-kinds");
  prepare_choice (self, self->kind_2, "papers-kind-2", "papers-more-kinds");
  prepare_choice (self, self->number, "papers-number", "papers-number-kinds");
  prepare_choice (self, self->principals_number, "papers-number", "papers-number-kinds");
}
