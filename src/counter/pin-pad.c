// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "pin-pad.h"

#include <glib/gi18n.h>
#include <md-card.h>

#define PIN_MAX 16
#define PASSWORD_LEAST 6
#define KEYS_IN_ROW 10 /* with letters */

struct _CounterPinPad
{
  GtkWidget parent_instance;

  MdSecret *digits;
  guint least;
  guint most;
  gboolean letters;
  gboolean ready;
  guint changes;    /* MdCardPinChange: of what is typed */
  gboolean refused; /* the last character cannot be in it */
  GtkBox *dots;
  GtkLabel *spoken;
  GtkLabel *remark;
  GtkWidget *keys;
};

enum
{
  PROP_LEAST = 1,
  PROP_MOST,
  PROP_LETTERS,
  PROP_READY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint complete_signal;

G_DEFINE_FINAL_TYPE (CounterPinPad, counter_pin_pad, GTK_TYPE_WIDGET)

static void
show_dots (CounterPinPad *self, guint typed)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->dots))) != NULL)
    gtk_box_remove (self->dots, child);
  for (guint i = 0; i < MAX (self->most, typed); i++)
    {
      GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

      gtk_widget_add_css_class (dot, "pindot");
      gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
      if (i < typed)
        gtk_widget_add_css_class (dot, "filled");
      else if (i >= self->least)
        gtk_widget_add_css_class (dot, "spare");
      gtk_box_append (self->dots, dot);
    }
}

static char *
count_text (CounterPinPad *self, guint typed)
{
  if (!self->letters)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u digit entered", "%u digits entered", typed), typed);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u character entered", "%u characters entered", typed), typed);
}

/* What is the matter with what is typed; of no character which one it is. */
static const char *
remark_text (CounterPinPad *self, guint typed, gboolean ready)
{
  if (!self->letters)
    return "";
  if (self->refused)
    return _ ("That character cannot be in it: only letters from A to Z and digits can.");
  if (typed >= self->least && !ready)
    return _ ("Letters and digits have to be in it, at least one of each.");
  if ((self->changes & MD_CARD_PIN_RAISED) != 0)
    return _ ("Small letters were taken as capital letters.");
  return "";
}

static gboolean
is_ready (CounterPinPad *self, guint typed)
{
  if (typed < self->least || typed > self->most)
    return FALSE;
  return !self->letters || md_card_pin_is_plausible (MD_CARD_PIN_SIGN, self->digits);
}

static void
show (CounterPinPad *self)
{
  guint typed = (guint)md_secret_get_size (self->digits);
  gboolean ready = is_ready (self, typed);
  g_autofree char *spoken = count_text (self, typed);
  const char *remark = remark_text (self, typed, ready);

  show_dots (self, typed);
  gtk_label_set_text (self->remark, remark);
  gtk_widget_set_visible (GTK_WIDGET (self->remark), self->letters); /* its line stays free */
  gtk_label_set_text (self->spoken, spoken);
  if (ready == self->ready)
    return;
  self->ready = ready;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_READY]);
}

static gboolean
push (CounterPinPad *self, guint8 character)
{
  if (md_secret_get_size (self->digits) >= self->most
      || !md_secret_append (self->digits, &character, 1))
    gtk_widget_error_bell (GTK_WIDGET (self));
  self->refused = FALSE;
  show (self);
  return TRUE;
}

/* A character that cannot be in it is told at once, where all printable ones are meant for it. */
static gboolean
take_typed (CounterPinPad *self, gunichar typed)
{
  guint8 character = md_card_pin_fold (self->letters ? MD_CARD_PIN_SIGN : MD_CARD_PIN_AUTH, typed,
                                       &self->changes);

  if (character != 0)
    return push (self, character);
  if (!self->letters || !g_unichar_isprint (typed))
    return GDK_EVENT_PROPAGATE;
  self->refused = TRUE;
  gtk_widget_error_bell (GTK_WIDGET (self));
  show (self);
  return GDK_EVENT_STOP;
}

/* An empty entry has no history. */
static void
forget_remarks (CounterPinPad *self)
{
  self->refused = FALSE;
  if (md_secret_get_size (self->digits) == 0)
    self->changes = MD_CARD_PIN_AS_TYPED;
}

static gboolean
pop (CounterPinPad *self)
{
  gsize size = md_secret_get_size (self->digits);

  if (size == 0)
    return TRUE;
  (void)md_secret_resize (self->digits, size - 1);
  forget_remarks (self);
  show (self);
  return TRUE;
}

static gboolean
finish (CounterPinPad *self)
{
  if (self->ready)
    g_signal_emit (self, complete_signal, 0);
  else
    gtk_widget_error_bell (GTK_WIDGET (self));
  return TRUE;
}

void
counter_pin_pad_finish (CounterPinPad *self)
{
  finish (self);
}

MdSecret *
counter_pin_pad_take (CounterPinPad *self)
{
  MdSecret *taken = g_steal_pointer (&self->digits);

  self->digits = md_secret_new (PIN_MAX);
  forget_remarks (self);
  show (self);
  return taken;
}

gboolean
counter_pin_pad_is_empty (CounterPinPad *self)
{
  return md_secret_get_size (self->digits) == 0;
}

void
counter_pin_pad_clear (CounterPinPad *self)
{
  md_secret_clear (self->digits);
  forget_remarks (self);
  show (self);
}

static gboolean
key_cb (CounterPinPad *self, guint keyval, guint keycode, GdkModifierType state)
{
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_BackSpace || keyval == GDK_KEY_Delete)
    return pop (self);
  if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
      && gtk_widget_is_focus (GTK_WIDGET (self)))
    return finish (self);
  return take_typed (self, gdk_keyval_to_unicode (keyval));
}

static void
digit_cb (GtkButton *button, CounterPinPad *self)
{
  push (self, (guint8)*gtk_widget_get_name (GTK_WIDGET (button)));
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
add_key (CounterPinPad *self, GtkGrid *grid, char character, int column, int row)
{
  const char label[] = { character, '\0' };
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_name (button, label);
  gtk_widget_add_css_class (button, "key");
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_set_focusable (button,
                            FALSE); /* the pad itself has the focus, whichever key is used */
  g_signal_connect_object (button, "clicked", G_CALLBACK (digit_cb), self, 0);
  gtk_grid_attach (grid, button, column, row, 1, 1);
}

static GtkWidget *
make_command (CounterPinPad *self, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "key");
  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  return button;
}

static void
add_commands (CounterPinPad *self, GtkGrid *grid, int delete_at, int finish_at, int row)
{
  GtkWidget *back = make_command (
      self, "edit-clear-symbolic",
      self->letters ? _ ("Delete one character") : _ ("Delete one digit"), G_CALLBACK (pop));
  GtkWidget *done = make_command (self, "md-ok-symbolic",
                                  self->letters ? _ ("Password entered") : _ ("PIN entered"),
                                  G_CALLBACK (finish));

  gtk_grid_attach (grid, back, delete_at, row, 1, 1);
  gtk_grid_attach (grid, done, finish_at, row, 1, 1);
}

static void
add_digits (CounterPinPad *self, GtkGrid *grid)
{
  for (int i = 0; i < 9; i++)
    add_key (self, grid, (char)('1' + i), i % 3, i / 3);
  add_key (self, grid, '0', 1, 3);
  add_commands (self, grid, 0, 2, 3);
}

static void
add_letters (CounterPinPad *self, GtkGrid *grid)
{
  static const char characters[] = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const int last = (int)(sizeof characters - 1) / KEYS_IN_ROW;

  for (int i = 0; characters[i] != '\0'; i++)
    add_key (self, grid, characters[i], i % KEYS_IN_ROW, i / KEYS_IN_ROW);
  add_commands (self, grid, KEYS_IN_ROW - 2, KEYS_IN_ROW - 1, last);
}

static void
show_keys (CounterPinPad *self)
{
  GtkWidget *grid = gtk_grid_new ();

  g_clear_pointer (&self->keys, gtk_widget_unparent);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  (self->letters ? add_letters : add_digits) (self, GTK_GRID (grid));
  self->keys = grid;
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
}

static void
set_letters (CounterPinPad *self, gboolean letters)
{
  if (letters == self->letters)
    return;
  self->letters = letters;
  self->least = letters ? PASSWORD_LEAST : 4;
  self->most = letters ? PIN_MAX : 4;
  (letters ? gtk_widget_add_css_class : gtk_widget_remove_css_class) (GTK_WIDGET (self), "letters");
  gtk_box_set_spacing (self->dots, letters ? 6 : 14);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  letters ? _ ("Password pad") : _ ("PIN pad"), -1);
  show_keys (self);
}

static void
unmap_cb (CounterPinPad *self)
{
  counter_pin_pad_clear (self);
}

static void
counter_pin_pad_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CounterPinPad *self = COUNTER_PIN_PAD (object);

  if (id == PROP_READY || id == PROP_LETTERS)
    g_value_set_boolean (value, id == PROP_READY ? self->ready : self->letters);
  else
    g_value_set_uint (value, id == PROP_LEAST ? self->least : self->most);
}

static void
counter_pin_pad_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  CounterPinPad *self = COUNTER_PIN_PAD (object);

  if (id == PROP_LEAST)
    self->least = g_value_get_uint (value);
  else if (id == PROP_LETTERS)
    set_letters (self, g_value_get_boolean (value));
  else
    self->most = g_value_get_uint (value);
  counter_pin_pad_clear (self);
}

static void
counter_pin_pad_dispose (GObject *object)
{
  GtkWidget *child;

  COUNTER_PIN_PAD (object)->keys = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (counter_pin_pad_parent_class)->dispose (object);
}

static void
counter_pin_pad_finalize (GObject *object)
{
  g_clear_pointer (&COUNTER_PIN_PAD (object)->digits, md_secret_unref);
  G_OBJECT_CLASS (counter_pin_pad_parent_class)->finalize (object);
}

static void
counter_pin_pad_class_init (CounterPinPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = counter_pin_pad_get_property;
  object_class->set_property = counter_pin_pad_set_property;
  object_class->dispose = counter_pin_pad_dispose;
  object_class->finalize = counter_pin_pad_finalize;
  props[PROP_LEAST] = g_param_spec_uint ("least", NULL, NULL, 1, PIN_MAX, 4,
                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_MOST] = g_param_spec_uint ("most", NULL, NULL, 1, PIN_MAX, 4,
                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_LETTERS] = g_param_spec_boolean ("letters", NULL, NULL, FALSE,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  complete_signal = g_signal_new ("complete", COUNTER_TYPE_PIN_PAD, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "pinpad");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
counter_pin_pad_init (CounterPinPad *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->digits = md_secret_new (PIN_MAX);
  self->least = self->most = 4;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 4);
  gtk_widget_add_css_class (GTK_WIDGET (self), "pinpad");
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->dots = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 14));
  gtk_widget_add_css_class (GTK_WIDGET (self->dots), "dots");
  gtk_widget_set_halign (GTK_WIDGET (self->dots), GTK_ALIGN_CENTER);
  self->spoken = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->spoken), "quiet");
  gtk_widget_add_css_class (GTK_WIDGET (self->spoken), "small");
  self->remark = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->remark, TRUE);
  gtk_label_set_max_width_chars (self->remark, 40);
  gtk_widget_add_css_class (GTK_WIDGET (self->remark), "small");
  gtk_widget_set_parent (GTK_WIDGET (self->dots), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->spoken), GTK_WIDGET (self));
  gtk_widget_set_parent (GTK_WIDGET (self->remark), GTK_WIDGET (self));
  show_keys (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("PIN pad"), -1);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);
  show (self);
}
