// SPDX-License-Identifier: Apache-2.0
/* What comes after the intake, with invented people: approval, and what came back. */
#include "config.h"

#include "preview-scenes.h"

static void
approvals (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) list = preview_rows ();

  preview_desk (window, models);
  g_object_set (models->desk, "clerk", D_ ("確認 誠", "Kakunin Makoto"), NULL);
  ROW (list, "4", "001-000017-4",
       D_ ("後期高齢者医療 資格確認書交付申請",
           "Eligibility certificate, medical care for the late elderly"),
       D_ ("受付 花子", "Uketsuke Hanako"), "wait", _ ("Waiting for approval"), "16:48");
  ROW (list, "2", "001-000015-8",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("受付 花子", "Uketsuke Hanako"), "wait", _ ("Waiting for approval"), "14:02");
  g_object_set (models->approval, "stage", "list", "list", list, "count", 2, NULL);
  counter_window_show_page (window, "approvals");
}

static void
unlock (CounterWindow *window, const CounterModels *models)
{
  approvals (window, models);
  g_object_set (
      models->approval, "stage", "unlock", "receipt-number", "001-000015-8", "procedure-title",
      D_ ("国民年金保険料 免除・納付猶予申請",
          "Exemption from or deferral of pension contributions"),
      "taken-by", D_ ("受付 花子　14:02", "Uketsuke Hanako, 14:02"), "icon",
      "md-staff-card-symbolic", "headline",
      _ ("Open the application with the PIN of your staff card."), "advice",
      _ ("The application is kept sealed. Only the card of an officer who may approve opens it."),
      "wants-pin", TRUE, "primary-text", _ ("Open"), "primary-action", "page.pin-done", "back-text",
      _ ("Back to the list"), NULL);
}

/* It does not fit the form here; somebody has to say that no other terminal reads it either. */
static void
unread (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *advice = g_strconcat (
      D_ ("申請：この端末の様式では、欄に合わない内容が含まれています。管理者に連絡してください。",
          "The application: It holds a value that does not fit its field on this terminal. Tell "
          "the "
          "administrator."),
      "\n",
      _ ("It may be this terminal, whose forms or program are behind. Where the administrator has "
         "made sure that no other terminal can read it either, it can be returned to the clerk."),
      NULL);

  unlock (window, models);
  g_object_set (models->approval, "icon", "md-stop-symbolic", "state", "stop", "headline",
                _ ("This application cannot be read here."), "advice", advice, "wants-pin", FALSE,
                "primary-text", "", "primary-action", "", "unread", TRUE, NULL);
}

/* The first line, which differs, as the officer has to tick it. */
static void
add_tick (GListModel *lines, gboolean ticked)
{
  g_autoptr (GObject) line = g_list_model_get_item (lines, 0);

  g_object_set (line, "id", "p.addr", "tick", _ ("I have seen this"), "ticked", ticked, NULL);
}

static void
compare (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) lines = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) contents = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) reasons = preview_rows ();

  unlock (window, models);
  preview_person (models, TRUE);
  add_compare (
      lines,
      D_ ("訂正の理由：引っ越して2日目、カードの住所の書き換えがまだ",
          "Reason for the correction: moved two days ago, the card has still the old address"),
      _ ("Address"), "東京都あおぞら区若葉三丁目4番5号", "東京都あおぞら区みどり一丁目2番3号",
      "deferred", _ ("Different"));
  add_compare (lines, _ ("Full and half width differ."), D_ ("氏名", "Name"), "田中　一郎",
               "田中 一郎", "none", _ ("Written differently"));
  add_compare (lines, "", _ ("Born"), D_ ("昭和55年4月12日", "1980-04-12"),
               D_ ("昭和55年4月12日", "1980-04-12"), "ok", _ ("Same"));
  add_compare (lines, "", _ ("Sex"), D_ ("男性", "Male"), D_ ("男性", "Male"), "ok", _ ("Same"));
  add_compare (lines, "", _ ("Individual number"), "********9018", "********9018", "ok",
               _ ("Same"));
  add_tick (G_LIST_MODEL (lines), TRUE);
  add_compare (contents, _ ("Contents of the application"),
               D_ ("免除等の種類", "Kind of exemption"), "", D_ ("全額免除", "Full exemption"), "",
               "");
  add_compare (contents, "", D_ ("免除を受けたい期間", "Period asked for"), "",
               D_ ("令和8年7月から令和9年6月まで", "July 2026 to June 2027"), "", "");
  ROW (reasons, "missing", "", D_ ("書類が足りない", "Papers are missing"), "", "", "", "");
  ROW (reasons, "wrong", "", D_ ("記入に誤りがある", "Something is wrong in it"), "", "", "", "");
  ROW (reasons, "identity", "",
       D_ ("本人確認をやり直す必要がある", "The identification has to be done again"), "", "", "",
       "");
  g_object_set (models->approval, "stage", "open", "compare", lines, "compare-word",
                D_ ("相違 1件", "1 difference"), "compare-state", "deferred", "contents", contents,
                "checks", counter_model_object (models->intake, "checks"), "reasons", reasons,
                "decision", "approve", "primary-text", _ ("Sign and approve"), "agree-text",
                _ ("Approve"), NULL);
}

/* Where two officers have to agree: what waits for which of them. */
static void
by_two (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) list = preview_rows ();

  preview_desk (window, models);
  ROW (list, "1", "001-000015-8",
       D_ ("住所地特例等対象施設 入所・退所連絡", "Notice of a facility outside the ward"),
       D_ ("受付 花子", "Uketsuke Hanako"), "wait", _ ("Waiting for the check: 0 of 2 officers"),
       "14:02");
  ROW (list, "2", "001-000017-4",
       D_ ("住所地特例等対象施設 入所・退所連絡", "Notice of a facility outside the ward"),
       D_ ("受付 花子  点検：点検 優子（14:31）", "Uketsuke Hanako  Checked by Tenken Yuko, 14:31"),
       "wait", _ ("Checked, waiting for approval: 1 of 2 officers"), "14:11");
  ROW (list, "3", "001-000018-2",
       D_ ("住所地特例等対象施設 入所・退所連絡", "Notice of a facility outside the ward"),
       D_ ("受付 花子  ご自身が点検済み（承認は別の職員）",
           "Uketsuke Hanako  Checked by you: another officer approves it"),
       "wait", _ ("Checked, waiting for approval: 1 of 2 officers"), "14:20");
  g_object_set (models->approval, "stage", "list", "list", list, "count", 3, NULL);
  counter_window_show_page (window, "approvals");
}

static void
checking (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "agree-text", _ ("Checked"), "primary-text", _ ("Sign the check"),
                "officers-note",
                _ ("Two officers have to agree on this: one checks it, then another approves it."),
                NULL);
}

/* The second, who checked it as the first, and can only send it back. */
static void
checked_oneself (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "decision", "", "wants-pin", FALSE, "primary-text", "",
                "cannot-approve", TRUE, "tick-note",
                _ ("You checked this application yourself. Another officer must approve it."),
                NULL);
}

/* Opened, and nothing ticked yet. */
static void
ticks (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *note = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "One difference is not ticked yet. Approval is possible once it has been seen.",
                   "%u differences are not ticked yet. Approval is possible once each has been "
                   "seen.",
                   1),
      1u);

  compare (window, models);
  add_tick (G_LIST_MODEL (counter_model_object (models->approval, "compare")), FALSE);
  g_object_set (models->approval, "decision", "", "wants-pin", FALSE, "primary-text", "",
                "cannot-approve", TRUE, "tick-note", note, NULL);
}

static void
returning (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "decision", "return", "reason", "missing", "primary-text",
                _ ("Sign and return"), NULL);
}

static void
returned (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) list = preview_rows ();

  preview_desk (window, models);
  ROW (list, "3", "001-000016-6",
       D_ ("要介護・要支援認定申請", "Certification of care or support need"),
       D_ ("受付 花子", "Uketsuke Hanako"), "deferred", _ ("Returned"), "15:20");
  g_object_set (models->returned, "stage", "list", "list", list, "count", 1, NULL);
  counter_window_show_page (window, "returned");
}

static void
returned_one (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) reasons = preview_rows ();

  returned (window, models);
  ROW (reasons, "wish", "", D_ ("本人が取りやめを希望", "The person does not want it any more"), "",
       "", "", "");
  ROW (reasons, "twice", "", D_ ("同じ申請が既にある", "The same application is there already"), "",
       "", "", "");
  g_object_set (
      models->returned, "stage", "one", "icon", "md-deferred-symbolic", "state", "deferred",
      "procedure-title", D_ ("要介護・要支援認定申請", "Certification of care or support need"),
      "receipt-number", "001-000016-6", "taken-by",
      D_ ("受付 花子 が 15:20 に受付", "Taken in by Uketsuke Hanako at 15:20"), "headline",
      _ ("This application came back."), "advice", _ ("Choose how it goes on."), "reason",
      D_ ("添付書類の不足", "Papers are missing"), "what-to-do",
      D_ ("不足している書類を持って来庁していただき、書類を添えて受け付け直してください。",
          "Ask the person to come back with the missing papers, and take it in again with them."),
      "returned-by", D_ ("確認 誠（令和8年11月21日 16:10）", "Kakunin Makoto, 2026-11-21 16:10"),
      "can-choose", TRUE, "can-withdraw", TRUE, "reasons", reasons, "primary-text",
      _ ("Take it up again"), "primary-action", "returned.take-up", "back-text",
      _ ("Back to the list"), NULL);
}

static void
suspended (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) drafts = preview_rows ();

  preview_desk (window, models);
  ROW (drafts, "1", "",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("開始 令和8年11月21日 11:20　保管期限 令和8年11月22日 11:52",
           "Begun 2026-11-21 11:20. Kept until 2026-11-22 11:52."),
       "deferred", _ ("Suspended"), "");
  ROW (drafts, "2", "", D_ ("要介護・要支援認定申請", "Certification of care or support need"),
       D_ ("開始 令和8年11月21日 16:40　保管期限 令和8年11月22日 16:51",
           "Begun 2026-11-21 16:40. Kept until 2026-11-22 16:51."),
       "deferred", _ ("Suspended"), "");
  g_object_set (models->desk, "drafts", drafts, "draft-count", 2, NULL);
}

static void
draft (CounterWindow *window, const CounterModels *models)
{
  suspended (window, models);
  g_object_set (
      models->draft, "procedure-title",
      D_ ("国民年金保険料 免除・納付猶予申請",
          "Exemption from or deferral of pension contributions"),
      "clerk", D_ ("受付 花子", "Uketsuke Hanako"), "begun",
      D_ ("令和8年11月21日 11:20", "2026-11-21 11:20"), "kept-until",
      D_ ("令和8年11月22日 11:52", "2026-11-22 11:52"), "icon", "md-staff-card-symbolic", "state",
      "wait", "headline", _ ("Open the suspended intake with the PIN of your staff card."),
      "advice",
      _ ("Ask the person for the card or the documents again: what was typed comes back, who it "
         "is has to be shown anew."),
      "wants-pin", TRUE, "can-erase", TRUE, "primary-text", _ ("Open and go on"), "primary-action",
      "page.pin-done", "back-text", _ ("Back to the list"), NULL);
  counter_window_show_page (window, "draft");
}

static void
withdraw (CounterWindow *window, const CounterModels *models)
{
  returned_one (window, models);
  g_object_set (models->returned, "can-choose", FALSE, "settling", TRUE, "settle-title",
                _ ("Withdraw"), "settle-note",
                _ ("Only when the person says so. The withdrawal is signed with your card and sent "
                   "to the back office."),
                "wants-pin", TRUE, "primary-text", _ ("Sign and withdraw"), "primary-action",
                "page.pin-done", "back-text", _ ("Do not withdraw"), NULL);
}

static void
signing (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "wants-pin", FALSE, "primary-text", "", "waits",
                _ ("Signing the decision. Do not move the staff card."), "cancel-action",
                "approval.cancel", NULL);
}

/* It had been stopped at the counter. */
static void
released (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *by
      = g_strdup_printf (_ ("Released by %s: %s"), D_ ("確認 誠", "Kakunin Makoto"),
                         D_ ("別室で本人に確認した", "Spoke with the person alone and made sure"));

  compare (window, models);
  ROW (G_LIST_STORE (counter_model_object (models->approval, "checks")), "release", "",
       _ ("Protected person"), by, "deferred", C_ ("hold", "Released"), "");
}

const PreviewScene preview_office_scenes[] = {
  { "approvals", approvals },
  { "unlock", unlock },
  { "unread", unread },
  { "compare", compare },
  { "ticks", ticks },
  { "by-two", by_two },
  { "checking", checking },
  { "checked-oneself", checked_oneself },
  { "released", released },
  { "returning", returning },
  { "signing", signing },
  { "returned", returned },
  { "returned-one", returned_one },
  { "withdraw", withdraw },
  { "suspended", suspended },
  { "draft", draft },
  { NULL },
};
