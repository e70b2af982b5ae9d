// SPDX-License-Identifier: Apache-2.0
/* The screens of a day with invented people. What the product says itself is said in its own words
   (_), what comes from policy, card and people stands here in both languages (D_). */
#include "config.h"

#include "preview.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <md-forms.h>

#define D_(ja, en) (md_forms_in_japanese () ? (ja) : (en))

typedef struct
{
  const char *name;
  void (*fill) (CounterWindow *window, const CounterModels *models);
} Scene;

static void
add_row (GListStore *store, const char *id, const char *lead, const char *title,
         const char *subtitle, const char *state_word_time[3])
{
  g_autoptr (CounterModel) row = g_object_new (
      COUNTER_TYPE_ROW_ITEM, "id", id, "lead", lead, "title", title, "subtitle", subtitle, "state",
      state_word_time[0], "word", state_word_time[1], "time", state_word_time[2], NULL);

  g_list_store_append (store, row);
}

#define ROW(store, id, lead, title, sub, state, word, time)                                        \
  add_row (store, id, lead, title, sub, (const char *[3]){ state, word, time })

static GListStore *
rows (void)
{
  return g_list_store_new (COUNTER_TYPE_ROW_ITEM);
}

static void
add_compare_texts (GListStore *store, const char *texts[6])
{
  g_autoptr (CounterModel) row
      = g_object_new (COUNTER_TYPE_COMPARE_ITEM, "heading", texts[0], "label", texts[1], "left",
                      texts[2], "right", texts[3], "state", texts[4], "word", texts[5], NULL);

  g_list_store_append (store, row);
}

#define add_compare(store, heading, label, left, right, state, word)                               \
  add_compare_texts (store, (const char *[6]){ heading, label, left, right, state, word })

static void
fill_desk (CounterWindow *window, const CounterModels *models)
{
  static const char *const pages[]
      = { "home", "approvals", "returned", "queue", "log", "settings", NULL };
  g_autoptr (GListStore) intakes = rows ();
  g_autoptr (GListStore) queue = rows ();
  g_autoptr (GListStore) log = rows ();
  g_autoptr (GListStore) readers = rows ();

  ROW (intakes, "4", "001-000017-4",
       D_ ("後期高齢者医療 資格確認書交付申請",
           "Eligibility certificate, medical care for the late elderly"),
       D_ ("受付 花子", "Uketsuke Hanako"), "wait", _ ("Waiting for approval"), "16:48");
  ROW (intakes, "3", "001-000016-6",
       D_ ("要介護・要支援認定申請", "Certification of care or support need"),
       D_ ("受付 花子", "Uketsuke Hanako"), "deferred", _ ("Returned"), "15:20");
  ROW (intakes, "2", "001-000015-8",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("受付 花子", "Uketsuke Hanako"), "wait", _ ("Waiting to be sent"), "14:02");
  ROW (intakes, "1", "001-000014-1",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("受付 花子", "Uketsuke Hanako"), "ok", D_ ("送信済み", "Delivered"), "09:31");
  ROW (queue, "3", "001-000015-8",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("申請書　3回目の送信を 16:56 に行います", "Application, third try at 16:56"), "wait",
       _ ("Waiting to be sent"), "14:02");
  ROW (queue, "2", "001-000013-3",
       D_ ("要介護・要支援認定申請", "Certification of care or support need"),
       D_ ("承認の記録　前の送信を待っています", "Decision, waits for the item before it"), "none",
       D_ ("順番待ち", "In line"), "13:40");
  ROW (log, "2", "000214", _ ("The application is taken in"),
       D_ ("S0001 受付 花子", "S0001 Uketsuke Hanako"), "ok", D_ ("実行", "Done"), "16:48:10");
  ROW (log, "1", "000213",
       D_ ("本人確認：利用者証明書が失効しています",
           "Identification: the user certificate is revoked"),
       D_ ("S0001 受付 花子", "S0001 Uketsuke Hanako"), "stop", _ ("refused"), "16:40:02");
  ROW (readers, "r", "", "Virtual PCD 00 00", D_ ("住民用　カードなし", "For residents, no card"),
       "ok", D_ ("接続中", "Connected"), "");
  ROW (readers, "s", "", "Virtual PCD 00 01",
       D_ ("職員用　職員カードあり", "For staff, staff card there"), "ok",
       D_ ("接続中", "Connected"), "");
  g_object_set (models->desk, "office", D_ ("あおぞら区", "Aozora Ward"), "counter",
                D_ ("1番窓口", "Counter 1"), "test-note", _ ("Test terminal"), "clerk",
                D_ ("受付 花子", "Uketsuke Hanako"), "role",
                D_ ("受付（個人番号を扱う）", "Intake (individual numbers)"), "line-state", "ok",
                "line-word", _ ("Line up"), "line-icon", "md-line-on-symbolic", "line-detail",
                D_ ("最後の受領 16:41", "Last receipt 16:41"), "date",
                D_ ("令和8年11月21日（土）", "2026-11-21"), "clock", "16:55", "today", 4, "waiting",
                1, "returned", 1, "unsent", 2, "pages", pages, "can-intake", TRUE, "intakes",
                intakes, "queue", queue, "queue-count", 2, "log", log, "log-count", 2, "readers",
                readers, "log-state", "ok", "log-note",
                D_ ("214件 改ざんなし", "214 records, unchanged"), NULL);
  counter_window_set_locked (window, FALSE);
  counter_window_show_page (window, "home");
}

static void
fill_login (const CounterModels *models)
{
  g_object_set (models->login, "office", D_ ("あおぞら区", "Aozora Ward"), "counter",
                D_ ("1番窓口", "Counter 1"), "test-note", _ ("Test terminal"), "clock", "08:25",
                "icon", "md-place-card-symbolic", "headline",
                _ ("Put your staff card on the reader."), "advice",
                _ ("Put your own staff card on the reader for the staff."), "waits",
                _ ("Put your staff card on the reader."), NULL);
}

static void
login (CounterWindow *window, const CounterModels *models)
{
  fill_login (models);
}

static void
login_password (CounterWindow *window, const CounterModels *models)
{
  fill_login (models);
  g_object_set (models->login, "icon", "md-staff-card-symbolic", "headline",
                _ ("Enter your password."), "advice", _ ("Leave the card where it is."), "staff",
                D_ ("受付 花子", "Uketsuke Hanako"), "can-type", TRUE, "waits", "", "error",
                D_ ("パスワードが違います。あと2回入力できます。",
                    "The password is not right. 2 more tries are possible."),
                "locked-note",
                D_ ("画面は施錠されています。受付 花子 さんの作業はそのまま残っています。",
                    "The screen is locked. The work of Uketsuke Hanako is kept as it is."),
                NULL);
}

static void
login_daemon (CounterWindow *window, const CounterModels *models)
{
  fill_login (models);
  g_object_set (models->login, "icon", "md-service-symbolic", "headline",
                _ ("The terminal's service does not answer"), "advice",
                _ ("After switching on, wait a minute. If it stays like this, tell the system "
                   "administrator of your section."),
                "waits", _ ("Waiting for the terminal's service"), "detail",
                "org.madoguchi.Terminal1: ServiceUnknown", NULL);
}

static void
fill_person (const CounterModels *models, gboolean known)
{
  g_autoptr (GListStore) checks = rows ();
  g_autoptr (GListStore) warnings = rows ();

  ROW (checks, "card", "", _ ("My Number card"), "", known ? "ok" : "none",
       known ? D_ ("確認", "Genuine") : _ ("to do"), "");
  ROW (checks, "path", "", D_ ("証明書の発行元", "Issuer of the certificate"), "",
       known ? "ok" : "none", known ? D_ ("有効", "Valid") : _ ("to do"), "");
  ROW (checks, "term", "", D_ ("有効期間", "Period of validity"), "", known ? "ok" : "none",
       known ? D_ ("有効", "Valid") : _ ("to do"), "");
  ROW (checks, "rev", "", D_ ("失効していないこと", "Not revoked"),
       known ? D_ ("回線が戻り次第、照会します", "Asked as soon as the line is back") : "",
       known ? "deferred" : "none", known ? _ ("Not known yet") : _ ("to do"), "");
  ROW (checks, "sig", "", _ ("Card's signature"), "", known ? "ok" : "none",
       known ? _ ("Same") : _ ("to do"), "");
  g_object_set (models->intake, "checks", checks, NULL);
  if (!known)
    return;
  ROW (warnings, "w", "", D_ ("有効期限が近づいています", "It expires soon"),
       D_ ("利用者証明書は令和8年12月2日までです。",
           "The user certificate is valid until 2026-12-02."),
       "deferred", _ ("Attention"), "");
  g_object_set (
      models->intake, "person-known", TRUE, "name", "田中 一郎", "kana", "タナカ イチロウ", "birth",
      D_ ("昭和55年4月12日（46歳）", "1980-04-12 (46)"), "sex", D_ ("男性", "Male"), "address",
      "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201", "number", "********9018", "can-reveal",
      TRUE, "method", D_ ("マイナンバーカード（利用者証明）", "My Number card (user certificate)"),
      "warnings", warnings, NULL);
}

static void
intake (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) procedures = rows ();

  fill_desk (window, models);
  ROW (procedures, "pension.exemption", "",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("国民年金　本人・世帯主・代理人", "National pension, in person or by proxy"), "", "",
       "");
  ROW (procedures, "care.certification", "",
       D_ ("要介護・要支援認定申請（新規・更新）",
           "Certification of care or support need (new, renewal)"),
       D_ ("介護保険　介護保険被保険者証", "Long-term care insurance, insurance card"), "", "", "");
  ROW (procedures, "lem.certificate", "",
       D_ ("後期高齢者医療 資格確認書交付申請",
           "Eligibility certificate, medical care for the late elderly"),
       _ ("Medical care for the late elderly"), "", "", "");
  g_object_set (models->desk, "intake-open", TRUE, "resume-text",
                D_ ("受付の途中です：国民年金保険料 免除・納付猶予申請",
                    "An intake is under way: Exemption from or deferral of pension contributions"),
                NULL);
  g_object_set (models->intake, "procedures", procedures, "step", "procedure", "furthest",
                "procedure", "procedure", "pension.exemption", "procedure-title",
                D_ ("国民年金保険料 免除・納付猶予申請",
                    "Exemption from or deferral of pension contributions"),
                "primary-text", _ ("Next"), "primary-action", "intake.next", NULL);
  fill_person (models, FALSE);
  counter_window_show_page (window, "intake");
}

static void
notice (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (
      models->intake, "step", "identify", "furthest", "identify", "icon", "md-counter-symbolic",
      "headline", _ ("Explain what the data are used for, and ask for consent."), "advice",
      D_ ("「国民年金保険料の免除・納付猶予の審査のために、個人番号と本人確認情報を利用します。」",
          "\"The individual number and the identification are used to decide on the exemption from "
          "or deferral of pension contributions.\""),
      "primary-text", _ ("Explained, and agreed to"), NULL);
}

static void
pin (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (
      models->intake, "step", "identify", "furthest", "identify", "icon", "md-keypad-symbolic",
      "headline", D_ ("暗証番号を入力してもらってください", "Ask the resident to enter the PIN."),
      "advice",
      _ ("Turn the keys to the resident and look away. The keys of the keyboard work, too."),
      "wants-pin", TRUE, "pin-purpose", "auth-pin", "pin-step", _ ("Second of two"), "pin-title",
      _ ("PIN for proving who it is (4 digits)"), "tries",
      D_ ("あと3回入力できます", "3 tries left"), "tries-state", "none", "primary-text",
      _ ("PIN entered"), "primary-action", "page.pin-done", NULL);
}

static void
failed (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (
      models->intake, "step", "identify", "furthest", "identify", "icon", "md-stop-symbolic",
      "identify-state", "stop", "headline",
      D_ ("このカードの証明書は失効しています", "The certificate of this card is revoked."),
      "failed", TRUE, "fail-means",
      D_ ("このカードでは本人確認ができません。新しいカードを受け取っていないか、たずねてください"
          "。",
          "This card cannot prove who it is. Ask whether there is a new card."),
      "fail-next",
      D_ ("新しいカードがあれば置き替えてください。なければ、運転免許証などで受け付けられるか責任者"
          "に確認してください。",
          "If there is a new card, put that on the reader. If not, ask the supervisor whether "
          "another proof of identity will do."),
      "fail-detail", "OCSP: revoked, 2026-10-02T00:12:00Z", "primary-text", _ ("End this intake"),
      "primary-action", "intake.next", NULL);
}

/* The real form of data/forms, as a clerk with number permission sees it. */
static MdFormData *
open_form (const char *id)
{
  static MdCatalogue *catalogue;
  static MdVisibility *table;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *forms = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data/forms", NULL);
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data/policy/visibility.json", NULL);
  g_autoptr (GError) error = NULL;

  if (catalogue == NULL)
    catalogue = md_catalogue_load (forms, &error);
  g_assert_no_error (error);
  if (table == NULL && json_parser_load_from_file (parser, path, &error))
    table = md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)),
                                         &error);
  g_assert_no_error (error);
  MdViewer viewer = { .table = table,
                      .roles = MD_ROLES (MD_ROLE_CLERK_NUMBER),
                      .situation = MD_SITUATION_OFFICE | MD_SITUATION_NUMBER | MD_SITUATION_OWN
                                   | MD_SITUATION_OPEN };
  return md_form_data_new (md_catalogue_get_form (catalogue, id), &viewer, MD_STEP_ENTRY,
                           "2026-11-21");
}

static void
show_form (CounterWindow *window, const CounterModels *models, const char *id)
{
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018");
  MdCardValues card = { .name = "田中 一郎",
                        .address = "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201",
                        .birth = "1980-04-12",
                        .sex = "male",
                        .number = number };
  MdFormData *data;

  intake (window, models);
  fill_person (models, TRUE);
  data = open_form (id);
  md_form_data_prefill_card (data, &card);
  g_object_set (models->intake, "step", "content", "furthest", "content", "form", data, NULL);
}

static void
content (CounterWindow *window, const CounterModels *models)
{
  show_form (window, models, "pension.exemption");
}

static void
content_wrong (CounterWindow *window, const CounterModels *models)
{
  MdFormData *data;

  show_form (window, models, "pension.exemption");
  data = counter_model_object (models->intake, "form");
  md_form_data_validate (data);
  g_object_set (models->intake, "jump", "n.ex_kind", "note",
                D_ ("確認してください：基礎年金番号", "Please check: basic pension number"),
                "note-state", "deferred", NULL);
}

static void
content_care (CounterWindow *window, const CounterModels *models)
{
  show_form (window, models, "care.certification");
}

static void
content_lem (CounterWindow *window, const CounterModels *models)
{
  show_form (window, models, "lem.certificate");
}

static void
confirm (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) readout = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);

  intake (window, models);
  fill_person (models, TRUE);
  add_compare (readout, D_ ("申請する人", "Applicant"), D_ ("氏名", "Name"), "", "田中 一郎", "",
               "");
  add_compare (readout, "", _ ("Born"), "", D_ ("昭和55年4月12日", "1980-04-12"), "", "");
  add_compare (readout, "", _ ("Address"), "", "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201", "",
               "");
  add_compare (readout, "", _ ("Individual number"), "", "********9018", "", "");
  add_compare (readout, _ ("Contents of the application"), D_ ("免除等の種類", "Kind of exemption"),
               "", D_ ("全額免除", "Full exemption"), "", "");
  add_compare (readout, "", D_ ("免除を受けたい期間", "Period asked for"), "",
               D_ ("令和8年7月から令和9年6月まで", "July 2026 to June 2027"), "", "");
  add_compare (readout, "", D_ ("特例の理由", "Reason for special treatment"), "",
               D_ ("失業（令和8年9月30日）", "Unemployed (2026-09-30)"), "", "");
  add_compare (readout, "", D_ ("世帯主", "Head of household"), "", "田中 一郎", "", "");
  add_compare (readout, D_ ("受け取ったもの", "Papers received"),
               D_ ("離職票の写し", "Copy of the notice of leaving"), "", D_ ("1通", "1"), "", "");
  g_object_set (
      models->intake, "step", "confirm", "furthest", "confirm", "readout", readout, "sign-headline",
      D_ ("職員カードの暗証番号で署名します", "Sign with the PIN of your staff card"),
      "sign-advice", D_ ("受付 花子　あと3回入力できます", "Uketsuke Hanako, 3 tries left"),
      "wants-sign-pin", TRUE, "primary-text", _ ("Sign and take in"), "primary-action",
      "page.pin-done", NULL);
}

static void
done (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) next = rows ();

  intake (window, models);
  fill_person (models, TRUE);
  ROW (next, "1", "", D_ ("カードを返してください", "Give the card back"), "", "wait",
       D_ ("住民用リーダー", "Reader for residents"), "");
  ROW (next, "2", "",
       D_ ("上長の承認のあと、国民年金担当に送られます",
           "After approval it goes to the pension section"),
       "", "none", _ ("Waiting for approval"), "");
  ROW (next, "3", "",
       D_ ("結果は2〜3か月後に郵便で届きます", "The answer comes by post in 2 to 3 months"), "",
       "none", D_ ("郵送", "By post"), "");
  g_object_set (models->intake, "step", "done", "furthest", "done", "receipt-number",
                "001-000017-4", "done-headline", _ ("The application is taken in"), "back-text", "",
                "done-next", next, "primary-text", _ ("Next person"), "primary-action",
                "intake.next", NULL);
}

static void
approvals (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) list = rows ();

  fill_desk (window, models);
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
      "wants-pin", TRUE, "tries", D_ ("あと3回入力できます", "3 tries left"), "primary-text",
      _ ("Open"), "primary-action", "page.pin-done", "back-text", _ ("Back to the list"), NULL);
}

static void
compare (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) lines = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) contents = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) reasons = rows ();

  unlock (window, models);
  fill_person (models, TRUE);
  add_compare (
      lines,
      D_ ("訂正の理由：引っ越して2日目、カードの住所の書き換えがまだ",
          "Reason for the correction: moved two days ago, the card has still the old address"),
      _ ("Address"), "東京都あおぞら区若葉三丁目4番5号", "東京都あおぞら区みどり一丁目2番3号",
      "deferred", _ ("Different"));
  add_compare (lines, "", D_ ("氏名", "Name"), "田中　一郎", "田中 一郎", "none",
               _ ("Written differently"));
  add_compare (lines, "", _ ("Born"), D_ ("昭和55年4月12日", "1980-04-12"),
               D_ ("昭和55年4月12日", "1980-04-12"), "ok", _ ("Same"));
  add_compare (lines, "", _ ("Sex"), D_ ("男性", "Male"), D_ ("男性", "Male"), "ok", _ ("Same"));
  add_compare (lines, "", _ ("Individual number"), "********9018", "********9018", "ok",
               _ ("Same"));
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
                "decision", "approve", "primary-text", _ ("Sign and approve"), NULL);
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
  g_autoptr (GListStore) list = rows ();

  fill_desk (window, models);
  ROW (list, "3", "001-000016-6",
       D_ ("要介護・要支援認定申請", "Certification of care or support need"),
       D_ ("受付 花子", "Uketsuke Hanako"), "deferred", _ ("Returned"), "15:20");
  g_object_set (models->returned, "stage", "list", "list", list, "count", 1, NULL);
  counter_window_show_page (window, "returned");
}

static void
returned_one (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) reasons = rows ();

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
      _ ("This application came back."), "advice", _ ("Take it up again, or withdraw it."),
      "reason", D_ ("添付書類の不足", "Papers are missing"), "what-to-do",
      D_ ("不足している書類を持って来庁していただき、書類を添えて受け付け直してください。",
          "Ask the person to come back with the missing papers, and take it in again with them."),
      "returned-by", D_ ("確認 誠（令和8年11月21日 16:10）", "Kakunin Makoto, 2026-11-21 16:10"),
      "can-choose", TRUE, "reasons", reasons, "primary-text", _ ("Take it up again"),
      "primary-action", "returned.take-up", "back-text", _ ("Back to the list"), NULL);
}

static void
withdraw (CounterWindow *window, const CounterModels *models)
{
  returned_one (window, models);
  g_object_set (models->returned, "can-choose", FALSE, "withdrawing", TRUE, "wants-pin", TRUE,
                "primary-text", _ ("Sign and withdraw"), "primary-action", "page.pin-done",
                "back-text", _ ("Do not withdraw"), NULL);
}

static void
card (CounterWindow *window, const CounterModels *models)
{
  notice (window, models);
  g_object_set (models->intake, "icon", "md-place-card-symbolic", "identify-state", "wait",
                "headline", _ ("Put the resident's card on the reader."), "advice",
                _ ("Ask the resident to put the card on the reader on the resident's side."),
                "waits", _ ("Put the resident's card on the reader."), "primary-text", "", NULL);
}

static void
signing (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "wants-pin", FALSE, "primary-text", "", "waits",
                _ ("Signing the decision. Do not move the staff card."), "cancel-action",
                "approval.cancel", NULL);
}

static void
show_queue (CounterWindow *window, const CounterModels *models)
{
  fill_desk (window, models);
  g_object_set (models->desk, "line-state", "deferred", "line-word",
                _ ("Line down - intake goes on"), "line-icon", "md-line-off-symbolic",
                "line-notice",
                D_ ("16:41 から回線が切れています。30秒ごとに自動で試します。",
                    "The line is down since 16:41. It is tried every 30 seconds."),
                "line-detail", "Failed to connect to 127.0.0.1 port 8443", NULL);
  counter_window_show_page (window, "queue");
}

static void
show_log (CounterWindow *window, const CounterModels *models)
{
  fill_desk (window, models);
  counter_window_show_page (window, "log");
}

static void
show_settings (CounterWindow *window, const CounterModels *models)
{
  fill_desk (window, models);
  counter_window_show_page (window, "settings");
}

static void
offline_home (CounterWindow *window, const CounterModels *models)
{
  show_queue (window, models);
  g_object_set (models->desk, "line-notice",
                _ ("The line is down. Go on taking in: every application is sealed, kept here, and "
                   "sent by itself when the line is back."),
                NULL);
  counter_window_show_page (window, "home");
}

static void
curtain (CounterWindow *window, const CounterModels *models)
{
  confirm (window, models);
  g_action_group_activate_action (G_ACTION_GROUP (window), "hide-screen", NULL);
}

static const Scene scenes[] = {
  { "login", login },
  { "login-password", login_password },
  { "login-daemon", login_daemon },
  { "home", fill_desk },
  { "home-offline", offline_home },
  { "procedure", intake },
  { "notice", notice },
  { "card", card },
  { "pin", pin },
  { "failed", failed },
  { "confirm", confirm },
  { "done", done },
  { "approvals", approvals },
  { "unlock", unlock },
  { "compare", compare },
  { "returning", returning },
  { "signing", signing },
  { "returned", returned },
  { "returned-one", returned_one },
  { "withdraw", withdraw },
  { "queue", show_queue },
  { "log", show_log },
  { "settings", show_settings },
  { "curtain", curtain },
  { "content", content },
  { "content-wrong", content_wrong },
  { "content-care", content_care },
  { "content-lem", content_lem },
};

const char *
preview_scene_name (guint i)
{
  return i < G_N_ELEMENTS (scenes) ? scenes[i].name : NULL;
}

void
preview_fill (CounterWindow *window, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    if (g_strcmp0 (name, scenes[i].name) == 0)
      scenes[i].fill (window, counter_window_get_models (window));
}
