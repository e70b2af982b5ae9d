// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"

#include "bind-intake.h"
#include "bind-staff-pin.h"
#include "rows.h"

#include <glib/gi18n.h>

/* --- steps --- */

static const char *const step_names[MD_N_INTAKE_STEPS]
    = { "procedure", "identify", "content", "confirm", "done" };

static const char *
step_name (MdIntakeStep step)
{
  return step_names[MIN ((guint)step, MD_N_INTAKE_STEPS - 1)];
}

static int
step_of (const char *name)
{
  for (int i = 0; i < MD_N_INTAKE_STEPS; i++)
    if (g_strcmp0 (name, step_names[i]) == 0)
      return i;
  return -1;
}

/* --- what each wait looks like --- */

typedef struct
{
  MdIntakeWait wait;
  const char *icon;
  const char *state;
  const char *advice;
  const char *primary; /* text of the one act, NULL: none just now */
  const char *action;
  gboolean spins; /* its sentence stands at the foot, with a spinner */
  gboolean cancels;
} Look;

static const Look looks[] = {
  { MD_WAIT_PROCEDURE, "md-counter-symbolic", "wait", NULL, N_ ("Next"), "intake.next", FALSE,
    FALSE },
  { MD_WAIT_RESERVING, "md-counter-symbolic", "wait", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_NOTICE, "md-counter-symbolic", "wait", NULL, N_ ("Explained, and agreed to"),
    "intake.next", FALSE, FALSE },
  { MD_WAIT_READER, "md-reader-symbolic", "deferred", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_CARD, "md-place-card-symbolic", "wait",
    N_ ("Ask the resident to put the card on the reader on the resident's side."), NULL, NULL, TRUE,
    FALSE },
  { MD_WAIT_INSPECTING, "md-reading-card-symbolic", "wait", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_PIN, "md-keypad-symbolic", "wait",
    N_ ("Turn the keys to the resident and look away. The keys of the keyboard work, too."),
    N_ ("PIN entered"), "page.pin-done", FALSE, FALSE },
  { MD_WAIT_FACE_ENTRY, "md-place-card-symbolic", "wait",
    N_ ("Read it from the card, and put the card back on the reader before you open it. Each line "
        "says how it was understood; wrong digits use up a try."),
    N_ ("Open the card's face"), "page.pin-done", FALSE, FALSE },
  { MD_WAIT_FACE, "md-counter-symbolic", "wait",
    N_ ("Look from the photograph to the person and back, calmly. Compare name and address with "
        "what the person says. What you answer is recorded with your name."),
    N_ ("Record the answer"), "intake.next", FALSE, FALSE },
  { MD_WAIT_READING, "md-reading-card-symbolic", "wait",
    N_ ("The checks are ticked off on the right as they pass."), NULL, NULL, TRUE, TRUE },
  { MD_WAIT_REFUSED, "md-stop-symbolic", "stop", NULL, N_ ("End this intake"), "intake.abandon",
    FALSE, FALSE },
  { MD_WAIT_FIELDS, "md-done-symbolic", "wait", NULL, N_ ("Next"), "intake.next", FALSE, FALSE },
  { MD_WAIT_STAFF_PIN, "md-staff-card-symbolic", "wait", NULL, N_ ("Sign and take in"), NULL, FALSE,
    FALSE },
  { MD_WAIT_STAFF_CARD, "md-place-card-symbolic", "deferred", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_SEALING, "md-staff-card-symbolic", "wait", NULL, NULL, NULL, TRUE, TRUE },
  { MD_WAIT_SENDING, "md-staff-card-symbolic", "wait", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_RETRY, "md-service-symbolic", "deferred", NULL, N_ ("Hand it in again"), "intake.next",
    FALSE, FALSE },
  { MD_WAIT_TAKE_CARD, "md-done-symbolic", "ok", NULL, N_ ("Next person"), "intake.next", FALSE,
    FALSE },
  { MD_WAIT_FILER, "md-counter-symbolic", "wait",
    N_ ("Say first who came. Whoever files for somebody else is identified, too: by a card or by "
        "documents of their own."),
    N_ ("Next"), "intake.next", FALSE, FALSE },
  { MD_WAIT_DOCUMENTS, "md-counter-symbolic", "wait",
    N_ ("Those of the person at the counter. Only what is asked for here is kept; no copy is "
        "made."),
    N_ ("Next"), "intake.next", FALSE, FALSE },
  { MD_WAIT_COMPARE, "md-counter-symbolic", "wait",
    N_ ("Look from the document to the person, and ask name, birth date and address. What you "
        "answer is recorded with your name."),
    N_ ("Record the comparison"), "intake.next", FALSE, FALSE },
  { MD_WAIT_BROUGHT, "md-counter-symbolic", "wait",
    N_ ("What you say here is recorded with your name, and the approving officer sees it."),
    N_ ("Record and go on"), "intake.next", FALSE, FALSE },
  { MD_WAIT_HELD, "md-counter-symbolic", "wait", NULL, NULL, NULL, FALSE, FALSE },
  { MD_WAIT_RELEASING, "md-staff-card-symbolic", "wait", NULL, NULL, NULL, TRUE, FALSE },
  { MD_WAIT_AWAY, "md-place-card-symbolic", "deferred",
    N_ ("The screen is covered until then, and all that was typed is kept."), NULL, NULL, FALSE,
    FALSE },
  { MD_WAIT_NOTHING, "md-done-symbolic", "ok", NULL, N_ ("Next"), "intake.next", FALSE, FALSE },
};

/* What is said otherwise where nobody stands at the counter. */
static const struct
{
  MdIntakeWait wait;
  const char *advice;
} by_post[] = {
  { MD_WAIT_FILER,
    N_ ("Take the day from the stamp of receipt. Whoever files for somebody else is identified, "
        "too: by copies of documents of their own.") },
  { MD_WAIT_DOCUMENTS,
    N_ ("Copies of the sender's documents have to lie with it. Only what is asked for here is "
        "recorded.") },
  { MD_WAIT_COMPARE,
    N_ ("Name, birth date and address on the copies and on the application. What you answer is "
        "recorded with your name.") },
};

static const char *
advice_of (IntakeBinding *self, const Look *look)
{
  gboolean post = md_intake_get_papers (self->intake)->channel == MD_CHANNEL_POST;

  for (guint i = 0; post && i < G_N_ELEMENTS (by_post); i++)
    if (by_post[i].wait == look->wait)
      return _ (by_post[i].advice);
  return look->advice != NULL ? _ (look->advice) : "";
}

static const Look *
look_of (MdIntakeWait wait)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (looks[i].wait == wait)
      return &looks[i];
  return &looks[0];
}

/* --- the parts of the model --- */

static void
show_person (IntakeBinding *self)
{
  static const char *const texts[] = { "name", "name",   "kana",   "kana",   "sex",
                                       "sex",  "number", "number", "method", "identified" };
  MdPerson *person = md_intake_get_person (self->intake);
  g_autofree char *birth = counter_text_of (person, "birth");
  g_autofree char *age = counter_text_of (person, "age");
  g_autofree char *born
      = *age != '\0' ? g_strdup_printf (_ ("%s (%s)"), birth, age) : g_strdup (birth);
  gboolean present = FALSE;

  g_object_get (person, "present", &present, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i += 2)
    {
      g_autofree char *text = counter_text_of (person, texts[i + 1]);
      g_object_set (self->model, texts[i], text, NULL);
    }
  g_object_set (self->model, "birth", born, "person-known", present, NULL);
  counter_intake_show_address (self);
  if (present && *counter_model_text (self->model, "name") == '\0')
    g_object_set (self->model, "name",
                  *md_intake_get_brought (self->intake)->by != '\0' ? _ ("Nobody is named")
                                                                    : _ ("Name to be typed"),
                  NULL);
  counter_intake_show_reveal (self);
}

/* What to do, and where that is another way, which ones there are. */
static char *
text_of_action (IntakeBinding *self, const char *action)
{
  g_autofree char *ways = md_intake_dup_other_ways (self->intake);

  return g_strdup_printf ("%s%s%s", action != NULL ? action : "",
                          action != NULL && ways != NULL ? "\n" : "", ways != NULL ? ways : "");
}

static void
show_trouble (IntakeBinding *self)
{
  MdTrouble *trouble = md_intake_get_trouble (self->intake);
  MdIntakeStep step = md_intake_get_step (self->intake);
  gboolean signing
      = step == MD_STEP_OF_CONFIRM && md_intake_get_wait (self->intake) == MD_WAIT_STAFF_PIN;
  const char *title = trouble != NULL ? md_trouble_get_title (trouble) : NULL;
  const char *action = trouble != NULL ? md_trouble_get_action (trouble) : NULL;
  g_autofree char *next = text_of_action (self, action);
  g_autofree char *sign_error
      = trouble != NULL && signing && !counter_staff_pin_says_all (self->desk)
            ? g_strdup_printf ("%s\n%s", title, action != NULL ? action : "")
            : g_strdup ("");

  g_object_set (self->model, "failed", trouble != NULL && !signing, "fail-means",
                trouble != NULL ? md_trouble_get_meaning (trouble) : "", "fail-next", next,
                "fail-detail", trouble != NULL ? md_trouble_get_detail (trouble) : "", "sign-error",
                sign_error, NULL);
  if (trouble != NULL && !signing)
    g_object_set (self->model, "headline", title, "advice", "", NULL);
}

/* Meaning and act, one under the other. */
static char *
below_title (MdTrouble *trouble)
{
  const char *meaning = md_trouble_get_meaning (trouble);
  const char *action = md_trouble_get_action (trouble);

  return g_strdup_printf ("%s\n%s", meaning != NULL ? meaning : "", action != NULL ? action : "");
}

/* One that goes on: a word beside what is said anyway. */
static void
show_beside (IntakeBinding *self, MdTrouble *trouble, const char *title, const char *text)
{
  g_autofree char *below = trouble != NULL ? below_title (trouble) : g_strdup ("");

  g_object_set (self->model, title, trouble != NULL ? md_trouble_get_title (trouble) : "", text,
                below, NULL);
}

/* What was typed is not kept: said quietly, for nothing is lost yet. */
static void
show_unkept (IntakeBinding *self)
{
  g_autoptr (MdTrouble) unkept = NULL;

  g_object_get (self->intake, "unkept", &unkept, NULL);
  show_beside (self, unkept, "unkept-title", "unkept-text");
}

/* Identified, but with something left for later: said in the middle, not only on the panel. */
static void
show_warnings (IntakeBinding *self, gboolean identified)
{
  GListModel *warnings = md_intake_get_warnings (self->intake);
  g_autoptr (MdTrouble) warning = identified ? g_list_model_get_item (warnings, 0) : NULL;
  g_autoptr (MdTrouble) expiry = NULL;

  g_object_get (self->intake, "expiry", &expiry, NULL);
  show_beside (self, identified ? expiry : NULL, "expiry-title", "expiry-text"); /* of the card */
  if (warning != NULL && warning != expiry)
    {
      g_autofree char *advice = below_title (warning);

      g_object_set (self->model, "icon", "md-deferred-symbolic", "identify-state", "deferred",
                    "headline", md_trouble_get_title (warning), "advice", advice, NULL);
    }
}

static void
show_primary (IntakeBinding *self, const Look *look)
{
  const gboolean done = md_intake_get_step (self->intake) == MD_STEP_OF_DONE;
  const char *text = !done                                                ? look->primary
                     : md_intake_get_next_of_visit (self->intake) != NULL ? N_ ("Next procedure")
                                                                          : N_ ("Next person");

  if (look->wait == MD_WAIT_STAFF_PIN)
    counter_staff_pin_set_primary (self->desk, self->model, _ (look->primary), "intake.next");
  else
    g_object_set (self->model, "primary-text", text != NULL ? _ (text) : "", "primary-action",
                  look->action != NULL ? look->action : "", NULL);
}

static void
show_wait (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);
  MdIntakeStep step = md_intake_get_step (self->intake);
  MdForm *form = md_intake_get_form (self->intake);
  const char *sentence = md_intake_get_sentence (self->intake);
  const Look *look = look_of (wait);
  g_autofree char *notice
      = wait == MD_WAIT_NOTICE && form != NULL ? md_intake_dup_notice (self->intake) : NULL;
  const char *advice = notice != NULL ? notice : advice_of (self, look);
  gboolean trouble = md_intake_get_trouble (self->intake) != NULL;

  g_object_set (
      self->model, "icon", trouble && wait == MD_WAIT_PIN ? "md-keypad-symbolic" : look->icon,
      "identify-state", trouble && wait == MD_WAIT_CARD ? "deferred" : look->state, "headline",
      sentence != NULL ? sentence : "", "advice", advice, "waits",
      look->spins && sentence != NULL ? sentence : "", "cancel-action",
      look->cancels ? "intake.cancel" : "", "back-text",
      step == MD_STEP_OF_DONE || wait == MD_WAIT_SEALING || wait == MD_WAIT_AWAY ? "" : _ ("Back"),
      "wants-sign-pin", wait == MD_WAIT_STAFF_PIN, NULL);
  if (!self->identifying
      && (wait == MD_WAIT_CARD || wait == MD_WAIT_READER || wait == MD_WAIT_REFUSED))
    counter_intake_forget_pins (self);
  show_primary (self, look);
  counter_intake_show_pins (self, wait == MD_WAIT_PIN);
  counter_intake_show_face (self);
  counter_intake_show_papers (self);
  counter_intake_show_brought (self);
  show_warnings (self, step == MD_STEP_OF_IDENTIFY && wait == MD_WAIT_NOTHING);
  show_trouble (self);
  counter_intake_show_hold (self);
}

static const char *
give_back_text (IntakeBinding *self)
{
  if (md_intake_get_next_of_visit (self->intake) != NULL
      && md_intake_get_wait (self->intake) == MD_WAIT_TAKE_CARD)
    return _ ("Leave the card on the reader for the next procedure");
  return md_intake_get_papers (self->intake)->channel == MD_CHANNEL_POST
                 || *md_intake_get_brought (self->intake)->by != '\0'
             ? _ ("Write the receipt number on what came, and put it away")
             : _ ("Give the card back to the resident");
}

static void
show_done (IntakeBinding *self)
{
  g_autoptr (GListStore) next = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  gboolean online = FALSE;
  const struct
  {
    const char *title;
    const char *state;
    const char *word;
  } rows[] = {
    { give_back_text (self), "wait", _ ("now") },
    { _ ("Another officer compares and approves it"), "none", _ ("next") },
    { _ ("It is sent to the back office, sealed"), "none", _ ("by itself") },
    { _ ("The back office checks the certificate for revocation"), "deferred", _ ("not yet done") },
  };

  g_object_get (self->intake, "online", &online, NULL);
  if (g_strcmp0 (counter_model_text (self->model, "step"), "done") != 0)
    g_object_get (md_intake_get_person (self->intake), "deferred", &self->deferred, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows) - (self->deferred ? 0 : 1); i++)
    {
      g_autoptr (CounterModel) row
          = g_object_new (COUNTER_TYPE_ROW_ITEM, "title", rows[i].title, "state", rows[i].state,
                          "word", rows[i].word, NULL);
      if (i == 2 && !online)
        g_object_set (row, "state", "deferred", "word", _ ("when the line is back"), NULL);
      g_list_store_append (next, row);
    }
  g_object_set (self->model, "done-next", next, "done-headline", _ ("The application is taken in"),
                NULL);
}

/* What the form says otherwise than the card, to be looked at before it is signed. */
static void
show_comparison (IntakeBinding *self)
{
  g_autoptr (GListModel) lines = NULL;
  g_autoptr (GListModel) rows = NULL;
  g_autofree char *word = NULL;
  g_autofree char *cautions = NULL;
  guint n;

  g_object_get (self->intake, "comparison", &lines, NULL);
  rows = counter_rows_of_comparison (lines);
  n = g_list_model_get_n_items (lines);
  word = n == 0 ? g_strdup ("")
                : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                                "%u item is not written as on the card",
                                                "%u items are not written as on the card", n),
                                   n);
  cautions = md_form_data_dup_cautions (md_intake_get_data (self->intake));
  g_object_set (self->model, "comparison", rows, "comparison-word", word, "cautions",
                cautions != NULL ? cautions : "", NULL);
}

/* What the letter of delegation says by which it is filed, or which is changed. */
static void
show_letter (IntakeBinding *self)
{
  g_autoptr (GListModel) lines = NULL;
  g_autoptr (GListModel) rows = NULL;

  g_object_get (self->intake, "letter", &lines, NULL);
  rows = counter_rows_of_checks (lines);
  g_object_set (self->model, "letter", rows, "letter-word",
                g_list_model_get_n_items (lines) > 0 ? _ ("The letter of delegation as it is now")
                                                     : "",
                NULL);
}

/* That this takes a returned application up again, on the panel in each step. */
static void
show_replaced (IntakeBinding *self)
{
  g_autofree char *number = counter_text_of (self->intake, "replaces-number");
  g_autofree char *text = *number != '\0'
                              ? g_strdup_printf (_ ("Takes application %s up again"), number)
                              : g_strdup ("");

  g_object_set (self->model, "replaces-text", text, NULL);
}

/* Made once for the step; gone while the card is away, and made anew of what is left. */
static void
show_readout (IntakeBinding *self)
{
  gboolean wanted = md_intake_get_step (self->intake) == MD_STEP_OF_CONFIRM
                    && md_intake_get_away (self->intake) == MD_AWAY_NOT;
  MdFormData *data = wanted ? md_intake_get_data (self->intake) : NULL;

  if (data == self->read_out)
    return;
  g_set_weak_pointer (&self->read_out, data);
  if (data != NULL)
    {
      g_autoptr (GListModel) readout = counter_rows_readout (data, "intake.reveal");

      g_object_set (self->model, "readout", readout, "confirm-head",
                    md_intake_is_read_out (self->intake) ? _ ("Read this out to the resident")
                                                         : _ ("Compare this with the papers"),
                    NULL);
      show_comparison (self);
      show_letter (self);
      counter_intake_note_slip (self);
    }
}

static void
show_step (IntakeBinding *self)
{
  MdIntakeStep step = md_intake_get_step (self->intake);
  MdForm *form = md_intake_get_form (self->intake);
  g_autofree char *title = form != NULL ? counter_text_of (form, "title") : g_strdup ("");
  g_autofree char *resume = g_strdup_printf (_ ("An intake is under way: %s"), title);

  if (step > self->furthest || step == MD_STEP_OF_PROCEDURE)
    self->furthest = MAX (self->furthest, step);
  if (form == NULL)
    self->furthest = step;
  if (step != MD_STEP_OF_IDENTIFY)
    counter_intake_forget_pins (self);
  show_readout (self);
  if (step == MD_STEP_OF_DONE)
    show_done (self);
  /* Until one is taken, the list's own mark stays, whatever card comes or goes meanwhile. */
  if (form != NULL)
    g_object_set (self->model, "procedure", md_form_get_id (form), NULL);
  g_object_set (self->model, "form", md_intake_get_data (self->intake), "procedure-title", title,
                "receipt-number", md_intake_get_receipt_number (self->intake), "furthest",
                step_name (self->furthest), "finished", step == MD_STEP_OF_DONE, "step",
                step_name (step), "sign-headline", _ ("Sign with the PIN of your staff card"),
                "sign-advice", md_desk_get_staff_name (self->desk), NULL);
  show_replaced (self);
  g_object_set (self->desk_model, "resume-text",
                form != NULL ? resume : _ ("An intake is under way."), NULL);
}

void
counter_intake_show (IntakeBinding *self)
{
  if (self->intake == NULL)
    return;
  show_wait (self);
  show_step (self);
  counter_intake_restore_guide (self);
  counter_intake_show_visit (self);
  show_person (self);
  counter_intake_show_away (self);
  counter_intake_enable_next (self);
  counter_intake_show_print (self);
  counter_intake_show_resident (self);
  counter_intake_show_suspend (self);
  show_unkept (self);
}

/* Nothing of the last person stays in the model. */
static void
empty_model (IntakeBinding *self)
{
  static const char *const texts[] = { "name",
                                       "kana",
                                       "birth",
                                       "sex",
                                       "address",
                                       "number",
                                       "method",
                                       "procedure",
                                       "headline",
                                       "advice",
                                       "receipt-number",
                                       "procedure-title",
                                       "waits",
                                       "fail-means",
                                       "fail-next",
                                       "fail-detail",
                                       "sign-error",
                                       "jump",
                                       "replaces-text",
                                       "expiry-title",
                                       "expiry-text",
                                       "face-stage",
                                       "face-expiry",
                                       "papers-stage",
                                       "papers-offer",
                                       "papers-filer",
                                       "papers-reason",
                                       "papers-authority",
                                       "papers-issued",
                                       "papers-received",
                                       "papers-who",
                                       "papers-shown",
                                       "papers-kind-1",
                                       "filed-by",
                                       "papers-last-1",
                                       "papers-expiry-1",
                                       "papers-kind-2",
                                       "papers-last-2",
                                       "papers-expiry-2",
                                       "papers-number",
                                       "papers-photo",
                                       "papers-compared",
                                       "papers-reach",
                                       "papers-says",
                                       "papers-means",
                                       "papers-does",
                                       "brought-by",
                                       "brought-name",
                                       "brought-why",
                                       "brought-purpose",
                                       "brought-says",
                                       "brought-does",
                                       "left-out",
                                       "visit-text",
                                       "unkept-title",
                                       "unkept-text",
                                       "held-reason",
                                       "held-what",
                                       "held-duty",
                                       "held-error" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_object_set (self->model, texts[i], "", NULL);
  g_object_set (self->model, "can-reveal", FALSE, "person-known", FALSE, "checks", NULL, "warnings",
                NULL, "form", NULL, "readout", NULL, "comparison", NULL, "comparison-word", "",
                "letter", NULL, "letter-word", "", "cautions", "", "wants-pin", FALSE,
                "offers-screen-keys", FALSE, "wants-sign-pin", FALSE, "failed", FALSE,
                "offers-face", FALSE, "offers-pins", FALSE, "offers-signature", FALSE,
                "pin-letters", FALSE, "face-photo", NULL, "face-name", NULL, "face-address", NULL,
                "identify-wide", FALSE, "held", FALSE, "held-called", FALSE, "held-reasons", NULL,
                "can-stop", FALSE, "offers-post", FALSE, "papers-post", FALSE, "papers-informed",
                FALSE, "away", FALSE, "can-suspend", FALSE, "nobody", FALSE, "brought-asked", FALSE,
                "visit", NULL, "has-visit", FALSE, "visit-left", FALSE, NULL);
}

void
counter_intake_watch (IntakeBinding *self, MdIntake *intake)
{
  if (self->intake != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->intake, self);
      g_signal_handlers_disconnect_by_data (md_intake_get_person (self->intake), self);
    }
  g_set_object (&self->intake, intake);
  counter_intake_forget_pins (self);
  g_clear_pointer (&self->slip, counter_slip_free);
  counter_intake_show_print (self);
  counter_intake_show_resident (self);
  self->furthest = MD_STEP_OF_PROCEDURE;
  g_clear_weak_pointer (&self->read_out);
  g_object_set (self->desk_model, "intake-open", intake != NULL, NULL);
  empty_model (self);
  if (intake == NULL)
    return;
  g_autoptr (GListModel) forms = md_desk_search_forms (self->desk, "");
  g_autoptr (GListModel) procedures = counter_rows_of_forms (forms);

  counter_intake_show_checks (self);
  counter_intake_begin_guide (self);
  g_object_set (self->model, "procedures", procedures, NULL);
  g_signal_connect_data (intake, "notify", G_CALLBACK (counter_intake_show), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (intake, "pins-used", G_CALLBACK (counter_intake_forget_pins), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (md_intake_get_person (intake), "notify", G_CALLBACK (show_person), self,
                         NULL, G_CONNECT_SWAPPED);
  counter_intake_show (self);
}

/* The screen goes from where it is to @step, forwards only as far as it has been. */
void
counter_intake_go (IntakeBinding *self, const char *step)
{
  int named = step_of (step);
  MdIntakeStep wanted = (MdIntakeStep)MAX (named, 0);

  if (self->intake == NULL || named < 0 || wanted > self->furthest)
    return;
  while (md_intake_get_step (self->intake) > wanted)
    if (!md_intake_go_back (self->intake))
      return;
  while (md_intake_get_step (self->intake) < wanted)
    if (!md_intake_advance (self->intake))
      return;
}
