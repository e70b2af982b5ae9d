// SPDX-License-Identifier: Apache-2.0
// The papers of an intake: what is printed, and that it was.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include "application-paper.h"
#include "print.h"
#include "rows.h"

#include <glib/gi18n.h>

#define MARGIN_A4_MM 15
#define MARGIN_A5_MM 12
#define MARGIN_A6_MM 8

/* What becomes of a print; the window may be gone by then, and another intake begun. */
typedef struct
{
  GWeakRef window, desk;
  GtkPrintSettings **settings; /* where those that worked are kept, while the window lives */
  const char *what;            /* for the log */
  const char *printed, *failed;
  char *intake;
} Sent;

static void
sent_free (gpointer data)
{
  Sent *self = data;

  g_weak_ref_clear (&self->window);
  g_weak_ref_clear (&self->desk);
  g_free (self->intake);
  g_free (self);
}

/* A printer that failed is chosen anew. */
static void
ended_cb (GtkPrintOperation *operation, CounterPrintEnd end, guint sheets, gpointer data)
{
  Sent *self = data;
  g_autoptr (CounterWindow) window = g_weak_ref_get (&self->window);
  g_autoptr (MdDesk) desk = g_weak_ref_get (&self->desk);

  if (end == COUNTER_PRINT_DONE && desk != NULL)
    md_desk_record_print (desk, self->what, self->intake, sheets);
  if (window == NULL)
    return;
  if (end == COUNTER_PRINT_DONE)
    g_set_object (self->settings, gtk_print_operation_get_print_settings (operation));
  else if (end == COUNTER_PRINT_FAILED)
    g_clear_object (self->settings);
  if (end != COUNTER_PRINT_CANCELLED)
    counter_window_tell (window, _ (end == COUNTER_PRINT_DONE ? self->printed : self->failed));
}

/* --- the slip --- */

static GStrv
copy_papers (const char *const *papers)
{
  g_autoptr (GStrvBuilder) copy = g_strv_builder_new ();

  for (guint i = 0; papers[i] != NULL; i++)
    g_strv_builder_add (copy, papers[i]);
  return g_strv_builder_end (copy);
}

static CounterPaper *
compose_slip (gconstpointer what, double width, double height)
{
  return counter_slip_paper_new (what, width, height);
}

static void
free_slip (gpointer what)
{
  counter_slip_free (what);
}

void
counter_intake_note_slip (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);
  MdFormData *data = md_intake_get_data (self->intake);
  CounterSlip *slip;

  if (wait == MD_WAIT_RETRY || wait == MD_WAIT_SENDING) /* it is sealed: nothing changes any more */
    return;
  g_clear_pointer (&self->slip, counter_slip_free);
  slip = self->slip = g_new0 (CounterSlip, 1);
  slip->handed_in = md_form_data_list_papers (data, TRUE);
  slip->missing = md_form_data_list_papers (data, FALSE);
  slip->explained = md_intake_dup_explained (self->intake);
}

static char *
dup_guided (IntakeBinding *self, MdForm *form)
{
  return md_intake_dup_printed_ticks (self->intake, md_form_get_id (form));
}

/* What was noted when it was confirmed, and what is known since it was taken in. The name is there
 * for as long as what was read is kept. */
static CounterSlip *
make_slip (IntakeBinding *self)
{
  MdFormData *data = md_intake_get_data (self->intake);
  CounterSlip *slip = counter_slip_copy (self->slip);

  slip->office = g_strdup (counter_model_text (self->desk_model, "office"));
  slip->counter = g_strdup (counter_model_text (self->desk_model, "counter"));
  slip->clerk = g_strdup (counter_model_text (self->desk_model, "clerk"));
  slip->time = counter_text_of (self->intake, "receipt-time");
  slip->receipt = g_strdup (md_intake_get_receipt_number (self->intake));
  slip->procedure = g_strdup (md_form_get_title (md_intake_get_form (self->intake)));
  slip->name = data != NULL ? md_form_data_dup_printed (data, "p.name") : NULL;
  slip->guided = dup_guided (self, md_intake_get_form (self->intake));
  slip->told_alone = md_intake_list_told_alone (self->intake);
  slip->deferred = self->deferred;
  return slip;
}

/* --- printing --- */

static void
print (IntakeBinding *self, const CounterPrint *paper, Sent *sent)
{
  g_autoptr (GtkPrintOperation) operation = counter_print_new (paper);

  g_weak_ref_init (&sent->window, self->window);
  g_weak_ref_init (&sent->desk, self->desk);
  sent->intake = g_strdup (md_intake_get_id (self->intake));
  counter_print_run (operation, GTK_WINDOW (self->window), *sent->settings, ended_cb, sent,
                     sent_free);
}

static void
print_slip (IntakeBinding *self)
{
  const gboolean small = self->small_slips;
  const CounterPrint paper = { .name = _ ("Receipt slip"),
                               .size = small ? "iso_a6" : GTK_PAPER_NAME_A5,
                               .margin_mm = small ? MARGIN_A6_MM : MARGIN_A5_MM,
                               .compose = compose_slip,
                               .what = make_slip (self),
                               .free_what = free_slip };
  Sent *sent = g_new0 (Sent, 1);

  sent->settings = &self->slip_settings;
  sent->what = "slip";
  sent->printed = N_ ("The receipt slip was printed.");
  sent->failed
      = N_ ("The receipt slip could not be printed. Look at the printer and print it again.");
  print (self, &paper, sent);
}

/* --- the application --- */

static CounterPaper *
compose_application (gconstpointer what, double width, double height)
{
  return counter_application_paper_new (what, width, height);
}

static void
free_application (gpointer what)
{
  counter_application_free (what);
}

static CounterApplication *
make_application (IntakeBinding *self)
{
  MdFormData *data = md_intake_get_data (self->intake);
  CounterApplication *application = g_new0 (CounterApplication, 1);

  application->office = g_strdup (counter_model_text (self->desk_model, "office"));
  application->counter = g_strdup (counter_model_text (self->desk_model, "counter"));
  application->time = g_strdup_printf ("%s %s", counter_model_text (self->desk_model, "date"),
                                       counter_model_text (self->desk_model, "clock"));
  application->procedure = g_strdup (md_form_get_title (md_intake_get_form (self->intake)));
  application->lines = md_form_data_list_printed (data);
  application->handed_in = md_form_data_list_papers (data, TRUE);
  application->missing = md_form_data_list_papers (data, FALSE);
  return application;
}

static void
print_application (IntakeBinding *self)
{
  const CounterPrint paper = { .name = _ ("Application to be checked"),
                               .size = GTK_PAPER_NAME_A4,
                               .margin_mm = MARGIN_A4_MM,
                               .compose = compose_application,
                               .what = make_application (self),
                               .free_what = free_application };
  Sent *sent = g_new0 (Sent, 1);

  sent->settings = &self->application_settings;
  sent->what = "application";
  sent->printed = N_ ("The application was printed for checking.");
  sent->failed
      = N_ ("The application could not be printed. Look at the printer and print it again.");
  print (self, &paper, sent);
}

/* --- the guide --- */

static CounterPaper *
compose_guide (gconstpointer what, double width, double height)
{
  return counter_guide_paper_new (what, width, height);
}

static void
free_guide (gpointer what)
{
  counter_guide_sheet_free (what);
}

static void
print_guide (IntakeBinding *self)
{
  const CounterPrint paper = { .name = _ ("What there is to do"),
                               .size = GTK_PAPER_NAME_A4,
                               .margin_mm = MARGIN_A4_MM,
                               .compose = compose_guide,
                               .what = counter_intake_make_guide_sheet (self),
                               .free_what = free_guide };
  Sent *sent = g_new0 (Sent, 1);

  sent->settings = &self->guide_settings;
  sent->what = "guide";
  sent->printed = N_ ("The list of what is due was printed.");
  sent->failed = N_ (
      "The list of what is due could not be printed. Look at the printer and print it again.");
  print (self, &paper, sent);
}

/* The guide is open, and says something. It is of nobody. */
static gboolean
shows_guide (IntakeBinding *self)
{
  return md_intake_get_step (self->intake) == MD_STEP_OF_PROCEDURE
         && counter_model_flag (self->model, "guide-open")
         && *counter_model_text (self->model, "event") != '\0';
}

/* --- when --- */

static gboolean
may_print (IntakeBinding *self)
{
  gboolean covered = FALSE;

  g_object_get (self->desk, "covered", &covered, NULL);
  if (self->intake == NULL || covered || md_desk_get_state (self->desk) != MD_DESK_WORKING)
    return FALSE;
  if (shows_guide (self))
    return TRUE;
  if (self->slip == NULL)
    return FALSE;
  if (md_intake_get_step (self->intake) == MD_STEP_OF_CONFIRM)
    return md_intake_get_wait (self->intake) == MD_WAIT_STAFF_PIN
           && md_intake_get_away (self->intake) == MD_AWAY_NOT;
  return md_intake_get_step (self->intake) == MD_STEP_OF_DONE
         && md_intake_get_receipt_number (self->intake) != NULL;
}

/* --- one for the whole visit --- */

static CounterPaper *
compose_joint (gconstpointer what, double width, double height)
{
  return counter_slip_paper_new_joint (what, width, height);
}

static void
free_joint (gpointer what)
{
  g_ptr_array_unref (what);
}

static CounterSlip *
slip_of_step (IntakeBinding *self, MdVisitStep *step)
{
  CounterSlip *slip = g_new0 (CounterSlip, 1);

  slip->receipt = g_strdup (md_visit_step_get_receipt_number (step));
  slip->procedure = g_strdup (md_form_get_title (md_visit_step_get_form (step)));
  slip->explained = g_strdup (md_visit_step_get_explained (step));
  slip->handed_in = copy_papers (md_visit_step_get_papers (step, TRUE));
  slip->missing = copy_papers (md_visit_step_get_papers (step, FALSE));
  slip->guided = dup_guided (self, md_visit_step_get_form (step));
  slip->deferred = md_visit_step_get_deferred (step);
  return slip;
}

/* The one just taken in stands last: it says who was here, as the filter lets it be printed. */
static GPtrArray *
make_joint (IntakeBinding *self)
{
  g_autoptr (GListModel) joint = md_intake_list_joint (self->intake);
  GPtrArray *slips = g_ptr_array_new_with_free_func (free_slip);
  CounterSlip *last = make_slip (self);

  for (guint i = 0; i < g_list_model_get_n_items (joint); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (joint, i);

      if (g_strcmp0 (md_visit_step_get_receipt_number (step), last->receipt) != 0)
        g_ptr_array_add (slips, slip_of_step (self, step));
    }
  g_ptr_array_add (slips, last);
  return slips;
}

static gboolean
may_print_joint (IntakeBinding *self)
{
  g_autoptr (GListModel) joint = NULL;

  if (!may_print (self) || md_intake_get_step (self->intake) != MD_STEP_OF_DONE)
    return FALSE;
  joint = md_intake_list_joint (self->intake);
  return g_list_model_get_n_items (joint) > 1;
}

static void
print_joint_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  CounterPrint paper = { .name = _ ("Receipt slip of this visit"),
                         .size = GTK_PAPER_NAME_A5,
                         .margin_mm = MARGIN_A5_MM,
                         .compose = compose_joint,
                         .free_what = free_joint };
  Sent *sent;

  if (!may_print_joint (self))
    return;
  paper.what = make_joint (self);
  sent = g_new0 (Sent, 1);
  sent->settings = &self->joint_settings;
  sent->what = "joint-slip";
  sent->printed = N_ ("The receipt slip was printed.");
  sent->failed
      = N_ ("The receipt slip could not be printed. Look at the printer and print it again.");
  print (self, &paper, sent);
}

/* --- the acts --- */

static void
print_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (!may_print (self))
    return;
  if (shows_guide (self))
    print_guide (self);
  else if (md_intake_get_step (self->intake) == MD_STEP_OF_DONE)
    print_slip (self);
  else
    print_application (self);
}

void
counter_intake_show_print (IntakeBinding *self)
{
  gboolean may = may_print (self);

  if (!may && g_action_get_enabled (G_ACTION (self->print)))
    counter_print_call_off (GTK_WINDOW (self->window));
  g_simple_action_set_enabled (self->print, may);
  g_simple_action_set_enabled (self->print_joint, may_print_joint (self));
  g_object_set (self->model, "can-join", may_print_joint (self), NULL);
}

void
counter_bind_slips (CounterWindow *window, gboolean small)
{
  IntakeBinding *self = g_object_get_data (G_OBJECT (window), "bind-intake");

  self->small_slips = small;
}

void
counter_intake_bind_print (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[]
      = { { .name = "print", .activate = print_activated },
          { .name = "print-joint", .activate = print_joint_activated } };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  self->print = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (actions, "print")));
  self->print_joint
      = G_SIMPLE_ACTION (g_object_ref (g_action_map_lookup_action (actions, "print-joint")));
  g_simple_action_set_enabled (self->print, FALSE);
  g_simple_action_set_enabled (self->print_joint, FALSE);
  g_signal_connect_data (self->desk, "notify::state", G_CALLBACK (counter_intake_show_print), self,
                         NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (self->desk, "notify::covered", G_CALLBACK (counter_intake_show_print),
                         self, NULL, G_CONNECT_SWAPPED);
}
