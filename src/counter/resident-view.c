// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "resident-view.h"

#include "readout.h"

#include <glib/gi18n.h>

struct _CounterResidentView
{
  GtkWidget parent_instance;

  GtkWidget *frame; /* asks for no room of its own: the buttons stay in sight */
  GtkWidget *box;
  GtkLabel *head, *procedure;
  CounterReadout *readout;
  GtkToggleButton *large, *easy;
  GtkWidget *scrolled, *buttons, *right, *wrong, *back;
  gboolean answered;
};

G_DEFINE_FINAL_TYPE (CounterResidentView, counter_resident_view, GTK_TYPE_WIDGET)

static guint answered_signal;

/* The same twice: as the office writes, and in easy Japanese. */
typedef struct
{
  const char *plain, *easy;
} Words;

static const Words head_words = { N_ ("This is what is applied for. Is it right?"),
                                  N_ ("This is your paper. Please look. Is everything right?") };
static const Words thanks_words = { N_ ("Thank you. Please give the screen back to the clerk."),
                                    N_ ("Thank you. Please give this to the clerk.") };
static const Words right_words = { N_ ("It is right"), N_ ("Yes, all right") };
static const Words wrong_words = { N_ ("Tell the clerk"), N_ ("No, ask the clerk") };

static const char *
pick (CounterResidentView *self, const Words *words)
{
  return gettext (gtk_toggle_button_get_active (self->easy) ? words->easy : words->plain);
}

static void
show_words (CounterResidentView *self)
{
  gtk_label_set_text (self->head, pick (self, self->answered ? &thanks_words : &head_words));
  gtk_button_set_label (GTK_BUTTON (self->right), pick (self, &right_words));
  gtk_button_set_label (GTK_BUTTON (self->wrong), pick (self, &wrong_words));
  gtk_widget_set_visible (GTK_WIDGET (self->procedure), !self->answered);
  gtk_widget_set_visible (self->scrolled, !self->answered);
  gtk_widget_set_visible (self->buttons, !self->answered);
  if (gtk_toggle_button_get_active (self->large))
    gtk_widget_add_css_class (GTK_WIDGET (self), "larger");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "larger");
}

void
counter_resident_view_empty (CounterResidentView *self)
{
  g_object_set (self->readout, "model", NULL, NULL);
  gtk_label_set_text (self->procedure, "");
  self->answered = TRUE;
  show_words (self);
}

static void
answer (CounterResidentView *self, gboolean right)
{
  counter_resident_view_empty (self);
  g_signal_emit (self, answered_signal, 0, right);
}

static void
right_cb (CounterResidentView *self)
{
  answer (self, TRUE);
}

static void
wrong_cb (CounterResidentView *self)
{
  answer (self, FALSE);
}

/* --- making it --- */

static GtkWidget *
make_label (const char *css)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, css);
  return label;
}

static GtkToggleButton *
make_toggle (CounterResidentView *self, GtkWidget *line, const char *word)
{
  GtkWidget *toggle = gtk_toggle_button_new_with_label (word);

  gtk_widget_add_css_class (toggle, "plain");
  gtk_widget_set_valign (toggle, GTK_ALIGN_START);
  g_signal_connect_swapped (toggle, "toggled", G_CALLBACK (show_words), self);
  gtk_box_append (GTK_BOX (line), toggle);
  return GTK_TOGGLE_BUTTON (toggle);
}

static GtkWidget *
make_head (CounterResidentView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->head = GTK_LABEL (make_label ("sentence"));
  gtk_box_append (GTK_BOX (line), GTK_WIDGET (self->head));
  self->large = make_toggle (self, line, _ ("Large letters"));
  self->easy = make_toggle (self, line, _ ("Easy Japanese"));
  return line;
}

static GtkWidget *
make_lines (CounterResidentView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->readout = g_object_new (COUNTER_TYPE_READOUT, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->readout));
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static GtkWidget *
make_buttons (CounterResidentView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);

  gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
  self->wrong = gtk_button_new ();
  self->right = gtk_button_new ();
  gtk_widget_add_css_class (self->wrong, "plain");
  gtk_widget_add_css_class (self->right, "primary");
  gtk_box_append (GTK_BOX (line), self->wrong);
  gtk_box_append (GTK_BOX (line), self->right);
  g_signal_connect_swapped (self->wrong, "clicked", G_CALLBACK (wrong_cb), self);
  g_signal_connect_swapped (self->right, "clicked", G_CALLBACK (right_cb), self);
  return line;
}

/* For whoever takes the screen back: the password is asked for. */
static GtkWidget *
make_back (void)
{
  GtkWidget *button
      = gtk_button_new_with_label (_ ("Clerk: take the screen back with your password (Ctrl+L)"));

  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "back");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.lock");
  return button;
}

/* The one key that the turned screen has besides those that move within it. */
static GtkEventController *
make_key (void)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller),
                                     GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>l"),
                        gtk_named_action_new ("win.lock")));
  return controller;
}

static void
counter_resident_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (counter_resident_view_parent_class)->map (widget);
  gtk_widget_grab_focus (COUNTER_RESIDENT_VIEW (widget)->right);
}

static void
counter_resident_view_dispose (GObject *object)
{
  g_clear_pointer (&COUNTER_RESIDENT_VIEW (object)->frame, gtk_widget_unparent);
  G_OBJECT_CLASS (counter_resident_view_parent_class)->dispose (object);
}

static void
counter_resident_view_class_init (CounterResidentViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = counter_resident_view_dispose;
  widget_class->map = counter_resident_view_map;
  answered_signal = g_signal_new ("answered", COUNTER_TYPE_RESIDENT_VIEW, G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "resident");
}

static void
counter_resident_view_init (CounterResidentView *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  self->procedure = GTK_LABEL (make_label ("heading-1"));
  gtk_widget_add_css_class (self->box, "residentbox");
  gtk_box_append (GTK_BOX (self->box), make_head (self));
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->procedure));
  self->scrolled = make_lines (self);
  self->buttons = make_buttons (self);
  gtk_box_append (GTK_BOX (self->box), self->scrolled);
  gtk_box_append (GTK_BOX (self->box), self->buttons);
  self->frame = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->frame), GTK_POLICY_NEVER,
                                  GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->frame), self->box);
  gtk_widget_set_parent (self->frame, GTK_WIDGET (self));
}

GtkWidget *
counter_resident_view_new (gboolean turned, const char *procedure, GListModel *lines)
{
  CounterResidentView *self = g_object_new (COUNTER_TYPE_RESIDENT_VIEW, NULL);

  gtk_label_set_text (self->procedure, procedure);
  g_object_set (self->readout, "model", lines, NULL);
  if (turned)
    {
      self->back = make_back ();
      gtk_box_append (GTK_BOX (self->box), self->back);
      gtk_widget_add_controller (GTK_WIDGET (self), make_key ());
    }
  show_words (self);
  return GTK_WIDGET (self);
}

/* --- another display --- */

static GdkMonitor *
find_other_display (GtkWindow *parent)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (parent));
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  GdkMonitor *own = surface != NULL ? gdk_display_get_monitor_at_surface (display, surface) : NULL;
  GListModel *monitors = gdk_display_get_monitors (display);

  for (guint i = 0; own != NULL && i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);

      if (monitor != own)
        return monitor; /* the display holds it */
    }
  return NULL;
}

/* It goes when the clerk says so. */
static gboolean
refuse_cb (GtkWindow *window)
{
  return TRUE;
}

GtkWindow *
counter_resident_view_on_other_display (GtkWindow *parent)
{
  GdkMonitor *other = find_other_display (parent);
  GtkWindow *window;

  if (other == NULL)
    return NULL;
  window = g_object_new (GTK_TYPE_WINDOW, "transient-for", parent, "destroy-with-parent", TRUE,
                         "title", _ ("For the resident"), "decorated", FALSE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (window), "counter");
  g_signal_connect (window, "close-request", G_CALLBACK (refuse_cb), NULL);
  gtk_window_fullscreen_on_monitor (window, other);
  return window;
}
