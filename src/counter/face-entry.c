// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "face-entry.h"

#include <glib/gi18n.h>
#include <md-card.h>
#include <md-forms.h>

#define NUMBER_DIGITS 12

struct _CounterFaceEntry
{
  CounterPage parent_instance;

  GtkEditable *birth, *expiry, *code, *number;
  GtkLabel *birth_hint, *expiry_hint, *code_hint, *number_hint;
  GtkToggleButton *gregorian;
  gboolean wiping;
};

G_DEFINE_FINAL_TYPE (CounterFaceEntry, counter_face_entry, COUNTER_TYPE_PAGE)

static gboolean
uses (CounterFaceEntry *self, const char *side)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  return model != NULL && counter_model_flag (model, side);
}

static gboolean
is_empty (GtkEditable *line)
{
  return *gtk_editable_get_text (line) == '\0';
}

static gboolean
front_is_empty (CounterFaceEntry *self)
{
  return is_empty (self->birth) && is_empty (self->expiry) && is_empty (self->code);
}

/* The parts that cannot be right. */
static guint
parse_front (CounterFaceEntry *self, MdReferenceB *out_front)
{
  MdReferenceEntry entry = { .birth = gtk_editable_get_text (self->birth),
                             .expiry = gtk_editable_get_text (self->expiry),
                             .code = gtk_editable_get_text (self->code) };
  MdDate today;

  md_date_from_wall_us (g_get_real_time (), &today);
  return md_reference_b_parse (&entry, &today, out_front);
}

/* As the card compares it; NULL when it cannot be right. */
static MdSecret *
take_number (CounterFaceEntry *self)
{
  const char *text = gtk_editable_get_text (self->number);
  g_autoptr (MdSecret) typed = md_secret_new_from_data (text, strlen (text));

  return md_card_pin_prepare (MD_CARD_PIN_FACE_A, typed, NULL, NULL);
}

gboolean
counter_face_entry_is_ready (CounterFaceEntry *self)
{
  MdReferenceB front = { 0 };
  g_autoptr (MdSecret) number = take_number (self);
  gboolean whole = uses (self, "face-front") && parse_front (self, &front) == 0;
  gboolean no_front = !uses (self, "face-front") || front_is_empty (self);
  gboolean back = uses (self, "face-back") && number != NULL;
  gboolean no_back = !uses (self, "face-back") || is_empty (self->number);

  md_wipe (&front, sizeof front);
  return (whole && (back || no_back)) || (back && no_front);
}

/* --- what stands under each line --- */

typedef enum
{
  HINT_PLAIN,
  HINT_GOOD,
  HINT_WRONG,
} Hint;

static void
set_hint (GtkLabel *label, Hint hint, const char *text)
{
  static const char *const classes[]
      = { [HINT_PLAIN] = "quiet", [HINT_GOOD] = "understood", [HINT_WRONG] = "error" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (label), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (label), classes[hint]);
  gtk_label_set_text (label, text);
}

/* Nobody is called wrong in the middle of typing. */
static gboolean
is_settled (GtkEditable *line)
{
  return !is_empty (line)
         && (gtk_widget_get_state_flags (GTK_WIDGET (line)) & GTK_STATE_FLAG_FOCUS_WITHIN) == 0;
}

static char *
read_birth (const MdDate *birth)
{
  g_autofree char *day
      = md_forms_in_japanese () ? md_era_format (birth) : md_date_format_iso (birth);
  MdDate today;

  md_date_from_wall_us (g_get_real_time (), &today);
  return g_strdup_printf (_ ("Read as %s, %d years old"), day, md_date_age_on (birth, &today));
}

/* A part alone: the others are replaced by what is always right. */
static gboolean
read_part (CounterFaceEntry *self, guint part, MdReferenceB *out_front)
{
  MdReferenceEntry entry = { .birth = "1980-02-17", .expiry = NULL, .code = "0000" };
  g_autofree char *year = NULL;
  MdDate today;

  md_date_from_wall_us (g_get_real_time (), &today);
  entry.expiry = year = g_strdup_printf ("%d", today.year);
  if (part == MD_REFERENCE_BIRTH)
    entry.birth = gtk_editable_get_text (self->birth);
  else if (part == MD_REFERENCE_EXPIRY)
    entry.expiry = gtk_editable_get_text (self->expiry);
  else
    entry.code = gtk_editable_get_text (self->code);
  return md_reference_b_parse (&entry, &today, out_front) == 0;
}

static void
show_part (CounterFaceEntry *self, guint part, GtkEditable *line, GtkLabel *label)
{
  MdReferenceB front = { 0 };
  gboolean good = read_part (self, part, &front);
  g_autofree char *read = NULL;

  if (good && part == MD_REFERENCE_BIRTH)
    read = read_birth (&front.birth);
  else if (good && part == MD_REFERENCE_EXPIRY)
    read = g_strdup_printf (_ ("Read as valid until %u"), front.expiry_year);
  else if (good)
    read = g_strdup (_ ("Four digits"));
  set_hint (label,
            good                ? HINT_GOOD
            : is_settled (line) ? HINT_WRONG
                                : HINT_PLAIN,
            read != NULL ? read : md_reference_part_get_hint (part));
  md_wipe (&front, sizeof front);
}

static void
show_number (CounterFaceEntry *self)
{
  g_autoptr (MdSecret) number = take_number (self);
  gboolean whole = g_utf8_strlen (gtk_editable_get_text (self->number), -1) >= NUMBER_DIGITS;

  if (number != NULL)
    set_hint (self->number_hint, HINT_GOOD, _ ("The check digit fits"));
  else if (whole)
    set_hint (self->number_hint, HINT_WRONG,
              _ ("The check digit does not fit. Compare it with the card once more."));
  else
    set_hint (self->number_hint, HINT_PLAIN, _ ("Twelve digits on the back of the card"));
}

static void
show (CounterFaceEntry *self)
{
  if (self->wiping)
    return;
  show_part (self, MD_REFERENCE_BIRTH, self->birth, self->birth_hint);
  show_part (self, MD_REFERENCE_EXPIRY, self->expiry, self->expiry_hint);
  show_part (self, MD_REFERENCE_CODE, self->code, self->code_hint);
  show_number (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    counter_page_enable (GTK_WIDGET (self), "page.pin-done", counter_face_entry_is_ready (self));
}

static void
wipe_sides (CounterFaceEntry *self, gboolean front, gboolean back)
{
  GtkEditable *lines[] = { self->number, self->birth, self->expiry, self->code };

  self->wiping = TRUE;
  for (guint i = back ? 0 : 1; i < (front ? G_N_ELEMENTS (lines) : 1); i++)
    gtk_editable_set_text (lines[i], "");
  if (front)
    gtk_toggle_button_set_active (self->gregorian, FALSE);
  self->wiping = FALSE;
  show (self);
}

/* --- acts --- */

void
counter_face_entry_finish (CounterFaceEntry *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  MdReferenceB front = { 0 };

  if (!counter_face_entry_is_ready (self))
    {
      gtk_widget_error_bell (GTK_WIDGET (self));
      return;
    }
  if (uses (self, "face-front") && parse_front (self, &front) == 0)
    {
      gboolean gregorian = gtk_toggle_button_get_active (self->gregorian);
      g_autoptr (MdSecret) digits
          = md_reference_b_assemble (&front, gregorian ? MD_REFERENCE_GREGORIAN : MD_REFERENCE_ERA);

      counter_model_give_secret (model, "face-front", digits);
      md_wipe (&front, sizeof front);
    }
  if (uses (self, "face-back"))
    {
      g_autoptr (MdSecret) number = take_number (self);

      if (number != NULL)
        counter_model_give_secret (model, "face-back", number);
    }
  gtk_widget_activate_action (GTK_WIDGET (self), "intake.open-face", NULL);
}

static void
stage_cb (CounterFaceEntry *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *stage = counter_model_text (model, "face-stage");

  if (g_strcmp0 (stage, "entry") != 0 && g_strcmp0 (stage, "reading") != 0)
    wipe_sides (self, TRUE, TRUE);
}

/* A side that the card has locked is asked for no more. */
static void
sides_cb (CounterFaceEntry *self)
{
  wipe_sides (self, !uses (self, "face-front"), !uses (self, "face-back"));
}

static void
counter_face_entry_focus_start (CounterPage *page)
{
  CounterFaceEntry *self = COUNTER_FACE_ENTRY (page);
  GtkEditable *first = uses (self, "face-front") ? self->birth : self->number;

  gtk_widget_grab_focus (GTK_WIDGET (first));
}

static void
map_cb (CounterFaceEntry *self)
{
  counter_face_entry_focus_start (COUNTER_PAGE (self));
  show (self);
}

static void
counter_face_entry_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);

  g_signal_connect_object (model, "notify::face-stage", G_CALLBACK (stage_cb), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::face-front", G_CALLBACK (sides_cb), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::face-back", G_CALLBACK (sides_cb), page,
                           G_CONNECT_SWAPPED);
}

static void
counter_face_entry_class_init (CounterFaceEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_face_entry_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_face_entry_focus_start;
  counter_page_class_use (widget_class, "face-entry");
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, birth);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, expiry);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, code);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, number);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, birth_hint);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, expiry_hint);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, code_hint);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, number_hint);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceEntry, gregorian);
  gtk_widget_class_bind_template_callback (widget_class, show);
  gtk_widget_class_bind_template_callback (widget_class, counter_face_entry_finish);
}

static void
watch_leaving (CounterFaceEntry *self, GtkEditable *line)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_object (focus, "leave", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_widget_add_controller (GTK_WIDGET (line), focus);
}

static void
counter_face_entry_init (CounterFaceEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkEditable *lines[] = { self->birth, self->expiry, self->code, self->number };

  /* In pages that are not swapped out, and no history of it. */
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GtkEntryBuffer) buffer = gtk_password_entry_buffer_new ();

      gtk_entry_set_buffer (GTK_ENTRY (lines[i]), buffer);
      gtk_editable_set_enable_undo (lines[i], FALSE);
    }
  gtk_entry_set_max_length (GTK_ENTRY (self->code), 4);
  gtk_entry_set_max_length (GTK_ENTRY (self->number), NUMBER_DIGITS);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    watch_leaving (self, lines[i]);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  show (self);
}
