// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "step-line.h"

#include <glib/gi18n.h>

static const struct
{
  const char *id;
  const char *word;
} steps[] = {
  { "procedure", N_ ("Procedure") }, { "identify", N_ ("Identity") },
  { "content", N_ ("Contents") },    { "confirm", N_ ("Confirm") },
  { "done", N_ ("Done") },
};

#define N_STEPS G_N_ELEMENTS (steps)

struct _CounterStepLine
{
  GtkWidget parent_instance;

  char *step;
  char *furthest; /* a step up to here can be gone back to */
  GtkWidget *buttons[N_STEPS];
  GtkStack *dots[N_STEPS];
};

enum
{
  PROP_STEP = 1,
  PROP_FURTHEST,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CounterStepLine, counter_step_line, GTK_TYPE_WIDGET)

static guint
index_of (const char *step)
{
  for (guint i = 0; i < N_STEPS; i++)
    if (g_strcmp0 (step, steps[i].id) == 0)
      return i;
  return 0;
}

static void
show_step (CounterStepLine *self, guint i, guint current, guint furthest)
{
  static const char *const classes[] = { "passed", "current", "ahead" };
  const char *const words[] = { _ ("done"), _ ("you are here"), _ ("still open") };
  guint kind = i == current ? 1 : (i < current || i < furthest) ? 0 : 2;
  g_autofree char *name = NULL;

  for (guint k = 0; k < G_N_ELEMENTS (classes); k++)
    gtk_widget_remove_css_class (self->buttons[i], classes[k]);
  gtk_widget_add_css_class (self->buttons[i], classes[kind]);
  gtk_stack_set_visible_child_name (self->dots[i], kind == 0 ? "tick" : "figure");
  gtk_widget_set_sensitive (self->buttons[i],
                            i <= furthest && i != current && current < N_STEPS - 1);
  /* Translators: a step of the intake and whether it is done, e.g. "Identity: done" */
  name = g_strdup_printf (_ ("%s: %s"), _ (steps[i].word), words[kind]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static void
show (CounterStepLine *self)
{
  guint current = index_of (self->step);
  guint furthest = MAX (index_of (self->furthest), current);

  for (guint i = 0; i < N_STEPS; i++)
    show_step (self, i, current, furthest);
}

static void
add_step (CounterStepLine *self, guint i)
{
  g_autofree char *figure = g_strdup_printf ("%u", i + 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *dot = gtk_stack_new ();

  gtk_stack_add_named (GTK_STACK (dot), gtk_label_new (figure), "figure");
  gtk_stack_add_named (GTK_STACK (dot), gtk_image_new_from_icon_name ("md-ok-symbolic"), "tick");
  gtk_widget_add_css_class (dot, "dot");
  gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), dot);
  gtk_box_append (GTK_BOX (box), gtk_label_new (_ (steps[i].word)));
  self->dots[i] = GTK_STACK (dot);
  self->buttons[i] = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->buttons[i]), box);
  gtk_widget_add_css_class (self->buttons[i], "flat");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->buttons[i]), "s", steps[i].id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->buttons[i]), "intake.go");
  if (i > 0)
    {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
      gtk_widget_set_hexpand (line, TRUE);
      gtk_widget_set_valign (line, GTK_ALIGN_CENTER);
      gtk_widget_set_parent (line, GTK_WIDGET (self));
    }
  gtk_widget_set_parent (self->buttons[i], GTK_WIDGET (self));
}

static void
counter_step_line_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CounterStepLine *self = COUNTER_STEP_LINE (object);

  g_value_set_string (value, id == PROP_STEP ? self->step : self->furthest);
}

static void
counter_step_line_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterStepLine *self = COUNTER_STEP_LINE (object);
  char **text = id == PROP_STEP ? &self->step : &self->furthest;

  g_free (*text);
  *text = g_value_dup_string (value);
  show (self);
}

static void
counter_step_line_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (counter_step_line_parent_class)->dispose (object);
}

static void
counter_step_line_finalize (GObject *object)
{
  CounterStepLine *self = COUNTER_STEP_LINE (object);

  g_clear_pointer (&self->step, g_free);
  g_clear_pointer (&self->furthest, g_free);
  G_OBJECT_CLASS (counter_step_line_parent_class)->finalize (object);
}

static void
counter_step_line_class_init (CounterStepLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = counter_step_line_get_property;
  object_class->set_property = counter_step_line_set_property;
  object_class->dispose = counter_step_line_dispose;
  object_class->finalize = counter_step_line_finalize;
  props[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  props[PROP_FURTHEST] = g_param_spec_string ("furthest", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stepline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
counter_step_line_init (CounterStepLine *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
  gtk_widget_add_css_class (GTK_WIDGET (self), "stepline");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Steps of this intake"), -1);
  for (guint i = 0; i < N_STEPS; i++)
    add_step (self, i);
  show (self);
}
