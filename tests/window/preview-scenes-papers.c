// SPDX-License-Identifier: Apache-2.0
/* Identification without a card, part by part, with invented people. */
#include "config.h"

#include "preview-scenes.h"

static void
papers (CounterWindow *window, const CounterModels *models, const char *stage)
{
  g_autoptr (GListStore) checks = preview_rows ();

  preview_intake (window, models);
  ROW (checks, "filer", "", _ ("Who files"), "", "none", _ ("to do"), "");
  ROW (checks, "documents", "", _ ("Documents"), "", "none", _ ("to do"), "");
  ROW (checks, "person", "", _ ("Comparison"), "", "none", _ ("to do"), "");
  g_object_set (models->intake, "step", "identify", "furthest", "identify", "identify-wide", TRUE,
                "checks", checks, "papers-stage", stage, "primary-action", "intake.next", NULL);
}

static void
filer (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) filers = preview_rows ();
  g_autoptr (GListStore) reasons = preview_rows ();

  papers (window, models, "filer");
  ROW (filers, "self", "", _ ("The person"), "", "", "", "");
  ROW (filers, "head", "", _ ("Head of the household"), "", "", "", "");
  ROW (filers, "legal", "", _ ("Legal representative (a parent, for instance)"),
       _ ("Certificate of the family register"), "", "", "");
  ROW (filers, "guardian", "", _ ("Guardian of an adult"),
       _ ("Certificate of registered guardianship"), "", "", "");
  ROW (filers, "agent", "", _ ("Agent with a letter of delegation"), _ ("Letter of delegation"), "",
       "", "");
  ROW (reasons, "not-brought", "", _ ("Not brought today"), "", "", "", "");
  ROW (reasons, "never-had", "", _ ("Has no card"), "", "", "", "");
  ROW (reasons, "lost", "", _ ("Has lost the card"), "", "", "", "");
  ROW (reasons, "unreadable", "", _ ("Card or reader cannot be used"), "", "", "", "");
  g_object_set (models->intake, "papers-filers", filers, "papers-filer", "self", "papers-who",
                _ ("Who came?"), "papers-asks-reason", TRUE, "papers-reasons", reasons,
                "papers-reason", "lost", "headline", _ ("Who is at the counter?"), "advice",
                _ ("Say first who came. Whoever files for somebody else is identified, too: by a "
                   "card or by documents of their own."),
                "papers-does",
                _ ("If the loss has not been reported yet, tell how to have the card suspended."),
                "primary-text", _ ("Next"), NULL);
}

static void
number_kinds (const CounterModels *models)
{
  g_autoptr (GListStore) numbers = preview_rows ();

  ROW (numbers, "", "", _ ("Nothing was shown"), "", "", "", "");
  ROW (numbers, "notice-card", "",
       D_ ("通知カード（記載が住民票と同じもの）", "Notification card whose entries are current"),
       "", "", "", "");
  g_object_set (models->intake, "papers-number-kinds", numbers, "papers-number", "notice-card",
                "papers-asks-number", TRUE, NULL);
}

static void
agent (CounterWindow *window, const CounterModels *models)
{
  number_kinds (models);
  filer (window, models);
  g_object_set (models->intake, "papers-filer", "agent", "papers-asks-reason", FALSE,
                "papers-authority", _ ("Letter of delegation"), "papers-does",
                _ ("Write down the date on it. If it was not brought, tell what to bring; a form "
                   "for the letter of delegation lies at the counter."),
                "papers-says", _ ("The date of the proof of authority is missing."), "papers-means",
                _ ("Without that paper nobody can file for the person."), NULL);
}

/* By post: nobody stands there, and the day of receipt is asked for. */
static void
post (CounterWindow *window, const CounterModels *models)
{
  filer (window, models);
  g_object_set (
      models->intake, "papers-post", TRUE, "papers-asks-reason", FALSE, "papers-who",
      _ ("Who sent it?"), "papers-received", D_ ("令和8年11月20日", "2026-11-20"),
      "papers-informed", TRUE, "headline", _ ("Who sent it, and when did it come?"), "advice",
      _ ("Take the day from the stamp of receipt. Whoever files for somebody else is identified, "
         "too: by copies of documents of their own."),
      "papers-does",
      _ ("If you write to the sender: enclose an envelope with this office's address, and do not "
         "ask for the individual number in the answer."),
      NULL);
}

static void
documents (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) kinds = preview_rows ();
  g_autoptr (GListStore) more = preview_rows ();

  number_kinds (models);
  ROW (kinds, "licence", "", D_ ("運転免許証", "Driving licence"), "", "", "", "");
  ROW (kinds, "insurance", "", D_ ("健康保険の資格確認書", "Certificate of health insurance"), "",
       "", "", "");
  ROW (more, "", "", _ ("None"), "", "", "", "");
  ROW (more, "company-card", "",
       D_ ("社員証・事業者の身分証明書", "Company or provider identity card"), "", "", "", "");
  g_object_set (models->intake, "papers-shown", _ ("Document shown"), "papers-kinds", kinds,
                "papers-more-kinds", more, "papers-kind-1", "licence", "papers-last-1", "1234",
                "papers-expiry-1", D_ ("令和7年5月1日", "2025-05-01"), "papers-kind-2",
                "company-card", NULL);
  papers (window, models, "documents");
  g_object_set (models->intake, "headline", _ ("Which documents were shown?"), "advice",
                _ ("Those of the person at the counter. Only what is asked for here is kept; no "
                   "copy is made."),
                "papers-says",
                D_ ("運転免許証：有効期限が切れています。",
                    "Driving licence: This document is past its last day."),
                "papers-means", _ ("It proves nothing any more."), "papers-does",
                _ ("Ask for another one. If there is none, tell the person what to bring; the "
                   "supervisor can help."),
                "primary-text", _ ("Next"), NULL);
}

/* An agent's documents: a card of their own would do, too. */
static void
agents_documents (CounterWindow *window, const CounterModels *models)
{
  documents (window, models);
  g_object_set (models->intake, "papers-filer", "agent", "papers-asks-number", FALSE, "papers-card",
                TRUE, NULL);
}

static void
compare (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *minimum = g_strdup_printf (_ ("This procedure asks for: %s, or surer."),
                                              _ ("Two documents compared"));

  papers (window, models, "compare");
  g_object_set (models->intake, "headline", _ ("Compare the documents with the person."), "advice",
                _ ("Look from the document to the person, and ask name, birth date and address. "
                   "What you answer is recorded with your name."),
                "papers-asks-photo", TRUE, "papers-reach", _ ("Photo document compared"),
                "papers-state", "ok", "papers-means", minimum, "primary-text",
                _ ("Record the comparison"), NULL);
}

/* Where nobody is identified: who brought it, and why nobody is asked. */
static void
brought (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) kinds = preview_rows ();
  g_autoptr (GListStore) checks = preview_rows ();
  g_autofree char *why
      = g_strdup_printf (_ ("The office's policy (version %u) and the form say that this procedure "
                            "needs no identification. No card is read, and no document is asked "
                            "for."),
                         3);

  preview_intake (window, models);
  ROW (kinds, "ex-officio", "", _ ("This office, of itself"), _ ("Nobody brought anything"), "", "",
       "");
  ROW (kinds, "institution", "", _ ("Institution"),
       _ ("A hospital or a screening body, for instance"), "", "", "");
  g_object_set (models->intake, "step", "identify", "furthest", "identify", "identify-wide", TRUE,
                "checks", checks, "brought-kinds", kinds, "brought-by", "institution",
                "brought-asks-name", TRUE, "brought-why", why, "brought-purpose",
                D_ ("胃がん検診の結果を登録し、ご本人へ伝え、精密検査を勧めるために使います。",
                    "Used to register the result of a stomach screening, to tell the person, and "
                    "to advise an examination."),
                "brought-says", _ ("The name of the institution or section is missing."),
                "brought-does", _ ("Take it from what was brought. No person is named here."),
                "headline", _ ("Nobody is identified for this procedure."), "advice",
                _ ("What you say here is recorded with your name, and the approving officer sees "
                   "it."),
                "brought-asked", TRUE, "procedure-title",
                D_ ("胃がん検診結果登録（一次）", "Stomach cancer screening: result"),
                "primary-text", _ ("Record and go on"), "primary-action", "intake.next", NULL);
}

const PreviewScene preview_papers_scenes[] = {
  { "brought", brought },
  { "papers-filer", filer },
  { "papers-agent", agent },
  { "papers-documents", documents },
  { "papers-agents-documents", agents_documents },
  { "papers-compare", compare },
  { "papers-post", post },
  { NULL },
};
