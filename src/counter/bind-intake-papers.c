// SPDX-License-Identifier: Apache-2.0
// Identification without a card: what is offered, what was typed, and what it comes to, as the
// clerk types.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include <glib/gi18n.h>
#include <md-forms.h>

/* --- what is offered --- */

static void
add_row (GListStore *rows, const char *id, const char *title, const char *subtitle)
{
  g_autoptr (CounterModel) row
      = g_object_new (COUNTER_TYPE_ROW_ITEM, "id", id, "title", title, "subtitle", subtitle, NULL);

  g_list_store_append (rows, row);
}

static GListModel *
rows_of_filers (IntakeBinding *self)
{
  GListStore *rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);

  for (guint i = 0; i < MD_N_FILERS; i++)
    if (md_intake_offers_filer (self->intake, (MdFilerKind)i))
      {
        const char *paper = md_filer_get_authority_label ((MdFilerKind)i);

        add_row (rows, md_filer_to_id ((MdFilerKind)i), md_filer_get_label ((MdFilerKind)i),
                 paper != NULL ? paper : "");
      }
  return G_LIST_MODEL (rows);
}

static GListModel *
rows_of_reasons (void)
{
  GListStore *rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);

  for (guint i = MD_NO_CARD_UNSAID + 1; i < MD_NO_CARD_PROXY; i++)
    add_row (rows, md_no_card_to_id ((MdNoCard)i), md_no_card_get_label ((MdNoCard)i), "");
  return G_LIST_MODEL (rows);
}

/* Those that show the number, or those that show who it is; EMPTY: the row for none of them. */
static GListModel *
rows_of_kinds (IntakeBinding *self, gboolean number, const char *empty)
{
  GListStore *rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  const GPtrArray *kinds = md_policy_get_documents (md_desk_get_policy (self->desk));

  if (empty != NULL)
    add_row (rows, "", empty, "");
  for (guint i = 0; i < kinds->len; i++)
    {
      const MdPolicyDocument *kind = g_ptr_array_index (kinds, i);

      if (number ? kind->number : kind->counts != MD_DOCUMENT_COUNTS_NOT)
        add_row (rows, kind->id, md_forms_in_japanese () ? kind->name_ja : kind->name_en, "");
    }
  return G_LIST_MODEL (rows);
}

static gboolean
is_by_post (IntakeBinding *self)
{
  return md_intake_get_papers (self->intake)->channel == MD_CHANNEL_POST;
}

static void
offer (IntakeBinding *self)
{
  g_autoptr (GListModel) filers = rows_of_filers (self);
  g_autoptr (GListModel) reasons = rows_of_reasons ();
  g_autoptr (GListModel) kinds = rows_of_kinds (self, FALSE, NULL);
  g_autoptr (GListModel) more = rows_of_kinds (self, FALSE, _ ("None"));
  gboolean post = is_by_post (self);
  g_autoptr (GListModel) numbers
      = rows_of_kinds (self, TRUE, post ? _ ("No copy lies in it") : _ ("Nothing was shown"));

  g_object_get (self->intake, "takes-number", &self->takes_number, NULL);
  g_object_set (self->model, "papers-filers", filers, "papers-reasons", reasons, "papers-kinds",
                kinds, "papers-more-kinds", more, "papers-number-kinds", numbers, "papers-post",
                post, "papers-who", post ? _ ("Who sent it?") : _ ("Who came?"), "papers-shown",
                post ? _ ("Copy of") : _ ("Document shown"), NULL);
}

/* --- from the model to the record and back --- */

static void
take_text (char *place, gsize size, const char *text)
{
  g_strlcpy (place, text, size);
}

static void
take_paper (IntakeBinding *self, MdPaper *paper, guint n)
{
  g_autofree char *kind = g_strdup_printf ("papers-kind-%u", n);
  g_autofree char *last = g_strdup_printf ("papers-last-%u", n);
  g_autofree char *expiry = g_strdup_printf ("papers-expiry-%u", n);

  take_text (paper->kind, sizeof paper->kind, counter_model_text (self->model, kind));
  if (!md_paper_take_last (paper, counter_model_text (self->model, last)))
    *paper->last = '\0'; /* and is asked for */
  /* A last day that is none is a missing one, even where it would not be asked for. */
  if (!md_paper_take_expiry (paper, counter_model_text (self->model, expiry)))
    take_text (paper->expiry, sizeof paper->expiry, "?");
}

static MdPapers
take_model (IntakeBinding *self)
{
  MdPapers papers = { 0 };
  g_auto (GStrv) ticks
      = g_strsplit (counter_model_text (self->model, "papers-compared"), " ", MD_N_COMPARED + 1);
  MdPaper issued = { 0 }, received = { 0 };

  papers.channel = md_intake_get_papers (self->intake)->channel;
  (void)!md_filer_from_id (counter_model_text (self->model, "papers-filer"), &papers.filer);
  (void)!md_no_card_from_id (counter_model_text (self->model, "papers-reason"), &papers.no_card);
  if (md_paper_take_expiry (&issued, counter_model_text (self->model, "papers-issued")))
    take_text (papers.issued, sizeof papers.issued, issued.expiry);
  if (papers.channel == MD_CHANNEL_POST
      && md_paper_take_expiry (&received, counter_model_text (self->model, "papers-received")))
    take_text (papers.received, sizeof papers.received, received.expiry);
  papers.informed
      = papers.channel == MD_CHANNEL_POST && counter_model_flag (self->model, "papers-informed");
  take_paper (self, &papers.shown[0], 1);
  if (*counter_model_text (self->model, "papers-kind-2") != '\0')
    take_paper (self, &papers.shown[1], 2);
  if (self->takes_number)
    take_text (papers.number, sizeof papers.number,
               counter_model_text (self->model, "papers-number"));
  for (guint i = 0; i < MD_N_COMPARED; i++)
    if (g_strv_contains ((const char *const *)ticks, md_compared_to_id (i)))
      papers.compared |= 1u << i;
  (void)md_face_answer_from_string (counter_model_text (self->model, "papers-photo"),
                                    &papers.photo);
  return papers;
}

/* Where only a card will do, the person is not among them. */
static MdFilerKind
first_offered (IntakeBinding *self, MdFilerKind filer)
{
  while (filer < MD_N_FILERS - 1 && !md_intake_offers_filer (self->intake, filer))
    filer++;
  return filer;
}

/* What the frequent case is, until something else is said. Why there is no card the clerk says. */
static void
begin (IntakeBinding *self)
{
  const MdPapers *papers = md_intake_get_papers (self->intake);
  const GPtrArray *kinds = md_policy_get_documents (md_desk_get_policy (self->desk));
  const MdPolicyDocument *first = kinds->len > 0 ? g_ptr_array_index (kinds, 0) : NULL;
  gboolean again = *papers->shown[0].kind != '\0';

  g_object_set (
      self->model, "papers-filer", md_filer_to_id (first_offered (self, papers->filer)),
      "papers-reason",
      md_no_card_to_id (papers->filer == MD_FILER_SELF ? papers->no_card : MD_NO_CARD_UNSAID),
      "papers-received", papers->received, "papers-informed", papers->informed, "papers-issued",
      papers->issued, "papers-kind-1",
      again           ? papers->shown[0].kind
      : first != NULL ? first->id
                      : "",
      "papers-last-1", papers->shown[0].last, "papers-expiry-1", papers->shown[0].expiry,
      "papers-kind-2", papers->shown[1].kind, "papers-last-2", papers->shown[1].last,
      "papers-expiry-2", papers->shown[1].expiry, "papers-number", papers->number, "papers-photo",
      "", "papers-compared", "", NULL);
}

/* --- what is shown --- */

static const char *
stage_of (IntakeBinding *self)
{
  MdIntakeWait wait = md_intake_get_wait (self->intake);

  return wait == MD_WAIT_FILER       ? "filer"
         : wait == MD_WAIT_DOCUMENTS ? "documents"
         : wait == MD_WAIT_COMPARE   ? "compare"
                                     : "";
}

static void
show_words (IntakeBinding *self, const MdPapers *papers, gboolean passes)
{
  gboolean filer = md_intake_get_wait (self->intake) == MD_WAIT_FILER;
  g_autoptr (MdCardText) text = md_intake_dup_papers_text (self->intake, papers);
  const char *reach = filer ? NULL : md_intake_get_papers_reach (self->intake, papers);
  g_autofree char *means = NULL;
  gboolean post = papers->channel == MD_CHANNEL_POST;
  gboolean lost
      = filer && !post && papers->filer == MD_FILER_SELF && papers->no_card == MD_NO_CARD_LOST;

  /* What passes needs no words but what it is worth. */
  if (!filer && passes && !post)
    means = g_strdup_printf (_ ("This procedure asks for: %s, or surer."),
                             md_intake_get_papers_minimum (self->intake));
  else if (!passes)
    means = g_strdup (text->meaning);
  g_object_set (
      self->model, "papers-reach", reach != NULL ? reach : "", "papers-state",
      passes ? "ok" : "none", "papers-says", passes ? "" : text->title, "papers-means",
      means != NULL ? means : "", "papers-does",
      lost ? _ ("If the loss has not been reported yet, tell how to have the card suspended.")
      : passes && post && filer
          ? _ ("If you write to the sender: enclose an envelope with this office's address, and do "
               "not ask for the individual number in the answer.")
      : passes               ? ""
      : text->action != NULL ? text->action
                             : "",
      NULL);
}

/* The number is the person's: what shows it is asked for with the person's documents, or, where
 * somebody else files, beside the proof of authority. */
static gboolean
asks_number (IntakeBinding *self, const MdPapers *papers, gboolean filer)
{
  gboolean documents = md_intake_get_wait (self->intake) == MD_WAIT_DOCUMENTS;

  return self->takes_number && (papers->filer == MD_FILER_SELF ? documents : filer);
}

static void
judge (IntakeBinding *self)
{
  MdPapers papers = { 0 };
  MdPapersFinding finding;
  const char *authority;
  gboolean filer;

  if (self->intake == NULL || *counter_model_text (self->model, "papers-stage") == '\0')
    return;
  papers = take_model (self);
  finding = md_intake_judge_papers (self->intake, &papers);
  filer = md_intake_get_wait (self->intake) == MD_WAIT_FILER;
  authority = md_filer_get_authority_label (papers.filer);
  g_object_set (
      self->model, "papers-authority", authority != NULL ? authority : "", "papers-asks-photo",
      papers.channel == MD_CHANNEL_COUNTER
          && md_papers_have_photo (&papers, md_desk_get_policy (self->desk)),
      "papers-asks-reason", papers.channel == MD_CHANNEL_COUNTER && papers.filer == MD_FILER_SELF,
      "papers-asks-number", asks_number (self, &papers, filer), "papers-card",
      md_intake_get_can_use_filers_card (self->intake), NULL);
  show_words (self, &papers, finding == MD_PAPERS_PASS);
  self->papers_ready = finding == MD_PAPERS_PASS || finding == MD_PAPERS_PHOTO_OTHER;
  counter_intake_enable_next (self);
  md_wipe (&papers, sizeof papers);
}

/* After it was done to correct it, else the way in. */
static const char *
offer_words (IntakeBinding *self)
{
  gboolean filer = md_intake_get_papers (self->intake)->filer != MD_FILER_SELF;

  if (md_intake_get_wait (self->intake) == MD_WAIT_NOTHING)
    return md_intake_get_is_by_papers (self->intake) ? _ ("Correct the documents …")
           : filer                                   ? _ ("Choose anew who files …")
                                                     : _ ("Somebody else files …");
  return md_intake_offers_filer (self->intake, MD_FILER_SELF)
             ? _ ("No card, or somebody else files: use documents …")
             : _ ("Somebody else files …");
}

void
counter_intake_show_papers (IntakeBinding *self)
{
  MdFilerKind filer = md_intake_get_papers (self->intake)->filer;
  const char *stage = stage_of (self);
  const char *before = counter_model_text (self->model, "papers-stage");
  gboolean offered = md_intake_get_can_use_papers (self->intake);

  g_object_set (self->model, "offers-post", md_intake_get_can_use_post (self->intake), NULL);
  g_object_set (self->model, "filed-by", filer != MD_FILER_SELF ? md_filer_get_label (filer) : "",
                "papers-offer", offered ? offer_words (self) : "", "identify-wide",
                *stage != '\0'
                    || g_strcmp0 (counter_model_text (self->model, "face-stage"), "view") == 0,
                NULL);
  if (g_strcmp0 (before, stage) == 0)
    return;
  if (*before == '\0' && *stage != '\0')
    {
      offer (self);
      begin (self);
    }
  g_object_set (self->model, "papers-stage", stage, NULL);
  judge (self);
}

/* --- acts --- */

void
counter_intake_take_papers (IntakeBinding *self)
{
  MdPapers papers = take_model (self);

  (void)md_intake_take_papers (self->intake, &papers);
  md_wipe (&papers, sizeof papers);
}

static void
use_papers_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  counter_intake_forget_pins (self);
  if (self->intake != NULL)
    md_intake_use_papers (self->intake);
}

static void
use_post_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL)
    md_intake_use_post (self->intake);
}

static void
use_filers_card_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL)
    md_intake_use_filers_card (self->intake);
}

static void
filer_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  g_object_set (self->model, "papers-filer", g_variant_get_string (parameter, NULL), NULL);
}

static void
reason_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  g_object_set (self->model, "papers-reason", g_variant_get_string (parameter, NULL), NULL);
}

void
counter_intake_bind_papers (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "use-papers", .activate = use_papers_activated },
    { .name = "use-post", .activate = use_post_activated },
    { .name = "use-filers-card", .activate = use_filers_card_activated },
    { .name = "papers-filer", .activate = filer_activated, .parameter_type = "s" },
    { .name = "papers-reason", .activate = reason_activated, .parameter_type = "s" },
  };
  static const char *const typed[]
      = { "filer",  "reason",   "issued", "kind-1", "last-1",   "expiry-1", "kind-2",
          "last-2", "expiry-2", "number", "photo",  "compared", "received", "informed" };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      g_autofree char *signal = g_strdup_printf ("notify::papers-%s", typed[i]);

      g_signal_connect_data (self->model, signal, G_CALLBACK (judge), self, NULL,
                             G_CONNECT_SWAPPED);
    }
}
