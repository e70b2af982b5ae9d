// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "field-control.h"

#include "declaration-box.h"
#include "typing.h"

#include <glib/gi18n.h>

#define IN_SIGHT_MOST 9 /* choices shown as buttons; more go into a drop-down */
#define CHOICES_MOST 64
#define NUMBER_DIGITS 12
#define NUMBER_WRITTEN 14 /* with two dashes */

static void
name_control (GtkWidget *control, MdEntry *entry)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  md_entry_get_label (entry), -1);
}

/* --- one line --- */

/* A text that is typed is read when it is left, but not while an input method composes in it: what
 * is open would be lost (as when another window has the keys for a moment), and is not yet meant.
 */
typedef struct
{
  MdEntry *entry;
  guint later; /* the method is done, and may still put in what it had */
  gboolean composing;
  gboolean left;
} Leaving;

static void
leaving_free (gpointer data)
{
  Leaving *self = data;

  if (self->later != 0)
    g_source_remove (self->later);
  md_entry_set_composing (self->entry, FALSE);
  g_object_unref (self->entry);
  g_free (self);
}

static gboolean
read_later_cb (gpointer data)
{
  Leaving *self = data;

  self->later = 0;
  if (self->left && !self->composing)
    md_entry_commit (self->entry);
  return G_SOURCE_REMOVE;
}

static void
left_cb (GtkEventControllerFocus *focus, Leaving *self)
{
  GtkWidget *control = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));
  GtkRoot *root = gtk_widget_get_root (control);

  self->left = TRUE;
  if (!self->composing)
    md_entry_commit (self->entry);
  /* For another field, and the method has not said that it is done: it may never say. */
  else if (GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root))
           && gtk_widget_get_mapped (control))
    md_entry_set_composing (self->entry, FALSE);
}

static void
entered_cb (GtkEventControllerFocus *focus, Leaving *self)
{
  self->left = FALSE;
  md_entry_set_composing (self->entry, self->composing);
}

static void
composed_cb (GtkWidget *text, const char *open, Leaving *self)
{
  self->composing = *open != '\0';
  md_entry_set_composing (self->entry, self->composing);
  if (!self->composing && self->left && self->later == 0)
    self->later = g_idle_add (read_later_cb, self);
}

/* TEXT: of CONTROL, what the input method writes into; NULL: nothing. */
static void
watch_leaving (GtkWidget *control, GtkWidget *text, MdEntry *entry)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  Leaving *leaving = g_new0 (Leaving, 1);

  leaving->entry = g_object_ref (entry);
  g_object_set_data_full (G_OBJECT (control), "leaving", leaving, leaving_free);
  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), leaving);
  g_signal_connect (focus, "enter", G_CALLBACK (entered_cb), leaving);
  if (text != NULL)
    g_signal_connect (text, "preedit-changed", G_CALLBACK (composed_cb), leaving);
  gtk_widget_add_controller (control, focus);
}

static void
line_done_cb (GtkEntry *line, MdEntry *entry)
{
  md_entry_commit (entry);
  gtk_widget_child_focus (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (line))),
                          GTK_DIR_TAB_FORWARD);
}

/* NULL on the entry's side and "" on the control's are the same to both. */
static gboolean
to_control (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  const char *text = g_value_get_string (from);

  g_value_set_string (to, text != NULL ? text : "");
  return TRUE;
}

static GtkInputPurpose
purpose_of (MdField *field)
{
  MdFieldType type = md_field_get_field_type (field);

  if (type == MD_FIELD_TEL)
    return GTK_INPUT_PURPOSE_PHONE;
  return type == MD_FIELD_INT || type == MD_FIELD_YEN ? GTK_INPUT_PURPOSE_NUMBER
                                                      : GTK_INPUT_PURPOSE_FREE_FORM;
}

static GtkWidget *
make_line (MdEntry *entry)
{
  MdField *field = md_entry_get_field (entry);
  GtkWidget *line = counter_typing_new_line ();
  const char *hint = md_field_get_hint (field);

  gtk_entry_set_input_purpose (GTK_ENTRY (line), purpose_of (field));
  gtk_entry_set_max_length (GTK_ENTRY (line), (int)MIN (md_field_get_max_length (field), 4000));
  if (hint != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (line), hint);
  g_object_bind_property_full (entry, "text", line, "text",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, to_control,
                               to_control, NULL, NULL);
  g_signal_connect_object (line, "activate", G_CALLBACK (line_done_cb), entry, 0);
  watch_leaving (line, GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (line))), entry);
  name_control (line, entry);
  return line;
}

/* --- several lines --- */

/* Of several lines: there too it is the act at the bottom right, and no line of its own. */
static void
leave_primary (GtkWidget *view)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                        gtk_named_action_new ("win.primary")));
  gtk_widget_add_controller (view, controller);
}

static GtkWidget *
make_lines (MdEntry *entry)
{
  GtkWidget *view = counter_typing_new_lines ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 10);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 8);
  gtk_widget_set_size_request (view, -1, 84);
  gtk_widget_set_overflow (view, GTK_OVERFLOW_HIDDEN);
  g_object_bind_property_full (entry, "text", buffer, "text",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL, to_control,
                               to_control, NULL, NULL);
  leave_primary (view);
  watch_leaving (view, view, entry);
  name_control (view, entry);
  return view;
}

/* --- choices --- */

typedef struct
{
  const char *code;
  const char *label;
} Choice;

/* What this form offers of the field's choices. */
static guint
choices_of (MdEntry *entry, Choice *choices, guint most)
{
  const char *const *labels = NULL;
  const char *const *codes = md_entry_get_choices (entry, &labels);
  guint n = 0;

  if (md_field_get_field_type (md_entry_get_field (entry)) == MD_FIELD_DECLARATION)
    {
      choices[0] = (Choice){ "true", md_field_get_answer (md_entry_get_field (entry), TRUE) };
      choices[1] = (Choice){ "false", md_field_get_answer (md_entry_get_field (entry), FALSE) };
      return md_entry_may_decline (entry) ? 2 : 1;
    }
  if (md_field_get_field_type (md_entry_get_field (entry)) == MD_FIELD_BOOL)
    {
      choices[0] = (Choice){ "true", _ ("Yes") };
      choices[1] = (Choice){ "false", _ ("No") };
      return 2;
    }
  for (; codes != NULL && codes[n] != NULL && n < most; n++)
    choices[n] = (Choice){ codes[n], labels[n] };
  return n;
}

static gboolean
code_to_active (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_boolean (to, g_strcmp0 (g_value_get_string (from), data) == 0);
  return TRUE;
}

/* Pressed again: not answered after all; but what must be answered stays, for a press too many is
 * seldom meant. What was agreed to may always be taken back. */
static void
chosen_cb (GtkToggleButton *button, MdEntry *entry)
{
  const char *code = gtk_widget_get_name (GTK_WIDGET (button));

  if (gtk_toggle_button_get_active (button))
    md_entry_set_text (entry, code);
  else if (g_strcmp0 (md_entry_get_text (entry), code) != 0)
    return; /* another one was chosen */
  else if (md_entry_get_required (entry) && md_entry_get_declaration (entry) == NULL)
    gtk_toggle_button_set_active (button, TRUE);
  else
    md_entry_set_text (entry, NULL);
}

static gboolean
has_line (const char *text, const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  return g_strv_contains ((const char *const *)lines, line);
}

static gboolean
line_to_active (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  g_value_set_boolean (to, has_line (g_value_get_string (from), data));
  return TRUE;
}

/* One of several: the entry's text is a code a line, in the order of the choices. */
static void
ticked_cb (GtkToggleButton *button, MdEntry *entry)
{
  const char *text = md_entry_get_text (entry);
  const char *own = gtk_widget_get_name (GTK_WIDGET (button));
  const gboolean active = gtk_toggle_button_get_active (button);
  Choice choices[CHOICES_MOST] = { 0 };
  guint n = choices_of (entry, choices, G_N_ELEMENTS (choices));
  g_autoptr (GString) now = g_string_new (NULL);

  if (active == has_line (text, own))
    return;
  for (guint i = 0; i < n; i++)
    if (g_str_equal (choices[i].code, own) ? active : has_line (text, choices[i].code))
      g_string_append_printf (now, "%s%s", now->len > 0 ? "\n" : "", choices[i].code);
  md_entry_set_text (entry, now->len > 0 ? now->str : NULL);
}

static GtkWidget *
make_choice_button (MdEntry *entry, const Choice *choice)
{
  const gboolean several = md_field_get_field_type (md_entry_get_field (entry)) == MD_FIELD_LIST;
  GtkWidget *button = gtk_toggle_button_new_with_label (choice->label);
  g_autofree char *name = g_strdup_printf (_ ("%s: %s"), md_entry_get_label (entry), choice->label);

  gtk_widget_set_name (button, choice->code);
  g_object_bind_property_full (entry, "text", button, "active", G_BINDING_SYNC_CREATE,
                               several ? line_to_active : code_to_active, NULL,
                               g_strdup (choice->code), g_free);
  g_signal_connect_object (button, "toggled",
                           several ? G_CALLBACK (ticked_cb) : G_CALLBACK (chosen_cb), entry, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

/* All choices in sight, one press each. */
static GtkWidget *
make_in_sight (MdEntry *entry, const Choice *choices, guint n)
{
  GtkWidget *box = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (box), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (box), 1);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (box), n);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (box), 6);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (box), 6);
  gtk_widget_add_css_class (box, "choices");
  gtk_widget_set_focusable (box, FALSE);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child),
                                    make_choice_button (entry, &choices[i]));
      gtk_flow_box_append (GTK_FLOW_BOX (box), child);
    }
  return box;
}

static void
picked_cb (GtkDropDown *list, GParamSpec *pspec, MdEntry *entry)
{
  const char *const *codes = g_object_get_data (G_OBJECT (list), "codes");
  guint at = gtk_drop_down_get_selected (list);

  if (at != GTK_INVALID_LIST_POSITION)
    md_entry_set_text (entry, *codes[at] != '\0' ? codes[at] : NULL);
}

static void
pick_cb (MdEntry *entry, GParamSpec *pspec, GtkDropDown *list)
{
  const char *const *codes = g_object_get_data (G_OBJECT (list), "codes");
  const char *code = md_entry_get_text (entry);

  for (guint i = 0; codes[i] != NULL; i++)
    if (g_strcmp0 (codes[i], code != NULL ? code : "") == 0)
      gtk_drop_down_set_selected (list, i);
}

static GtkWidget *
make_drop_down (MdEntry *entry, const Choice *choices, guint n)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autoptr (GStrvBuilder) codes = g_strv_builder_new ();
  GtkWidget *list;

  gtk_string_list_append (labels, _ ("Please choose"));
  g_strv_builder_add (codes, "");
  for (guint i = 0; i < n; i++)
    {
      gtk_string_list_append (labels, choices[i].label);
      g_strv_builder_add (codes, choices[i].code);
    }
  list = gtk_drop_down_new (G_LIST_MODEL (g_object_ref (labels)), NULL);
  g_object_set_data_full (G_OBJECT (list), "codes", g_strv_builder_end (codes),
                          (GDestroyNotify)g_strfreev);
  pick_cb (entry, NULL, GTK_DROP_DOWN (list));
  g_signal_connect_object (list, "notify::selected", G_CALLBACK (picked_cb), entry, 0);
  g_signal_connect_object (entry, "notify::text", G_CALLBACK (pick_cb), list, 0);
  gtk_widget_set_halign (list, GTK_ALIGN_START);
  name_control (list, entry);
  return list;
}

static GtkWidget *
make_choice (MdEntry *entry)
{
  const gboolean several = md_field_get_field_type (md_entry_get_field (entry)) == MD_FIELD_LIST;
  Choice choices[CHOICES_MOST] = { 0 };
  guint n = choices_of (entry, choices, G_N_ELEMENTS (choices));
  GtkWidget *control = n <= IN_SIGHT_MOST || several ? make_in_sight (entry, choices, n)
                                                     : make_drop_down (entry, choices, n);

  watch_leaving (control, NULL, entry);
  return control;
}

/* --- rows --- */

static void
add_row_cb (GtkButton *button, MdEntry *entry)
{
  MdEntry *first = md_entry_add_row (entry);

  if (first != NULL)
    gtk_widget_activate_action (GTK_WIDGET (button), "page.jump", "s", md_entry_get_id (first));
}

static void
rows_cb (MdEntry *entry, GParamSpec *pspec, GtkWidget *button)
{
  gtk_widget_set_sensitive (button, md_entry_may_add_row (entry));
}

static GtkWidget *
make_rows (MdEntry *entry)
{
  g_autofree char *label = g_strdup_printf (_ ("Add: %s"), md_entry_get_label (entry));
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_add_css_class (button, "plain");
  g_signal_connect_object (button, "clicked", G_CALLBACK (add_row_cb), entry, 0);
  g_signal_connect_object (entry, "notify", G_CALLBACK (rows_cb), button, 0);
  rows_cb (entry, NULL, button);
  return button;
}

/* --- an individual number --- */

static void
number_typed_cb (GtkEntry *line, MdEntry *entry)
{
  GtkEntryBuffer *buffer = gtk_entry_get_buffer (line);
  g_autoptr (GError) error = NULL; /* shown by the entry itself */

  if (gtk_entry_buffer_get_length (buffer) == 0)
    return;
  g_autoptr (MdSecret) number = md_secret_new_from_data (gtk_entry_buffer_get_text (buffer),
                                                         gtk_entry_buffer_get_bytes (buffer));
  gtk_entry_buffer_set_text (buffer, "", 0);
  if (!md_entry_set_secret (entry, number, &error))
    gtk_widget_error_bell (GTK_WIDGET (line));
}

/* Read as soon as the twelfth digit stands there, whatever lies between the digits. */
static void
number_changed_cb (GtkEntry *line, MdEntry *entry)
{
  const char *text = gtk_entry_buffer_get_text (gtk_entry_get_buffer (line));
  guint digits = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char (p, NULL))
    digits += g_unichar_isdigit (g_utf8_get_char (p)) ? 1 : 0;
  if (digits == NUMBER_DIGITS)
    number_typed_cb (line, entry);
}

/* Half a number is nobody's either: where the field is covered, it is begun anew. */
static void
number_covered_cb (MdEntry *entry, GParamSpec *pspec, GtkEntry *line)
{
  if (md_entry_get_view (entry) != MD_VIEW_EDITABLE)
    gtk_entry_buffer_set_text (gtk_entry_get_buffer (line), "", 0);
}

static GtkWidget *
make_number (MdEntry *entry)
{
  GtkWidget *line = counter_typing_new_line ();
  g_autoptr (GtkEntryBuffer) wiped = gtk_password_entry_buffer_new ();

  gtk_entry_set_buffer (GTK_ENTRY (line), wiped);
  gtk_entry_set_visibility (GTK_ENTRY (line), FALSE);
  gtk_entry_set_max_length (GTK_ENTRY (line), NUMBER_WRITTEN);
  gtk_entry_set_input_purpose (GTK_ENTRY (line), GTK_INPUT_PURPOSE_PIN);
  gtk_entry_set_placeholder_text (GTK_ENTRY (line), _ ("Twelve digits"));
  g_signal_connect_object (line, "activate", G_CALLBACK (number_typed_cb), entry, 0);
  g_signal_connect_object (line, "changed", G_CALLBACK (number_changed_cb), entry, 0);
  g_signal_connect_object (entry, "notify::view", G_CALLBACK (number_covered_cb), line, 0);
  name_control (line, entry);
  return line;
}

GtkWidget *
counter_field_control_new (MdEntry *entry)
{
  MdField *field = md_entry_get_field (entry);
  MdFieldType type = md_field_get_field_type (field);

  const char *const *labels = NULL;

  if (type == MD_FIELD_ENUM || type == MD_FIELD_BOOL
      || (type == MD_FIELD_LIST && md_entry_get_choices (entry, &labels) != NULL))
    return make_choice (entry);
  if (type == MD_FIELD_DECLARATION)
    return counter_declaration_box_new (entry, make_choice (entry));
  if (type == MD_FIELD_ROWS)
    return make_rows (entry);
  if (type == MD_FIELD_MYNUM)
    return make_number (entry);
  return md_field_is_multiline (field) || type == MD_FIELD_LIST ? make_lines (entry)
                                                                : make_line (entry);
}
