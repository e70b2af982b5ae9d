// SPDX-License-Identifier: Apache-2.0
/* The intake with invented people, step by step, and the person panel beside it. */
#include "config.h"

#include "preview-scenes.h"
#include "resident-view.h"

#include <json-glib/json-glib.h>
#include <md-identity.h>

/* What a certificate that ends soon means, and what the clerk tells the resident. */
static char *
expiry_text (void)
{
  g_autofree char *meaning = g_strdup_printf (
      _ ("The user certificate is valid until %s. The card itself can be used until %s."),
      D_ ("令和8年12月2日", "2026-12-02"), D_ ("令和13年12月2日", "2031-12-02"));

  return g_strdup_printf (
      "%s\n%s", meaning,
      _ ("The intake goes on. Tell the resident that it can be renewed now at the My Number card "
         "counter of this office, with this card and its PINs."));
}

void
preview_person (const CounterModels *models, gboolean known)
{
  g_autoptr (GListStore) checks = preview_rows ();
  g_autoptr (GListStore) warnings = preview_rows ();
  g_autofree char *ends = expiry_text ();

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
  ROW (warnings, "w", "", _ ("The electronic certificate of this card expires soon."), ends,
       "deferred", _ ("Attention"), "");
  g_object_set (
      models->intake, "person-known", TRUE, "name", "田中 一郎", "kana", "タナカ イチロウ", "birth",
      D_ ("昭和55年4月12日（46歳）", "1980-04-12 (46)"), "sex", D_ ("男性", "Male"), "address",
      "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201", "number", "********9018", "can-reveal",
      TRUE, "method", D_ ("マイナンバーカード（利用者証明）", "My Number card (user certificate)"),
      "warnings", warnings, NULL);
}

void
preview_intake (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) procedures = preview_rows ();

  preview_desk (window, models);
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
  preview_person (models, FALSE);
  counter_window_show_page (window, "intake");
}

static void
add_question (GListStore *questions, const char *id, const char *title, const char *answer,
              const char *const *choices)
{
  g_autoptr (GListStore) rows = preview_rows ();
  g_autoptr (GObject) question = NULL;

  for (guint i = 0; choices[i] != NULL; i += 2)
    ROW (rows, choices[i], "", choices[i + 1], "", "", "", "");
  question = g_object_new (COUNTER_TYPE_QUESTION_ITEM, "id", id, "title", title, "answer", answer,
                           "choices", rows, NULL);
  g_list_store_append (questions, question);
}

static void
tick_first (GListStore *rows)
{
  g_autoptr (GObject) first = g_list_model_get_item (G_LIST_MODEL (rows), 0);

  g_object_set (first, "ticked", TRUE, NULL);
}

static void
preview_guide (CounterWindow *window, const CounterModels *models)
{
  const char *const ages[]
      = { "a", D_ ("20歳未満", "under 20"),     "b", D_ ("20歳から39歳", "20 to 39"),
          "c", D_ ("40歳から59歳", "40 to 59"), "d", D_ ("60歳から64歳", "60 to 64"),
          "e", D_ ("65歳から74歳", "65 to 74"), "f", D_ ("75歳以上", "75 and over"),
          NULL };
  const char *const yes_no[] = { "true", _ ("Yes"), "false", _ ("No"), NULL };
  const char *const names[]
      = { D_ ("転入", "Moving in"),     D_ ("転出", "Moving out"),
          D_ ("退職", "Leaving a job"), D_ ("出産", "Birth"),
          D_ ("20歳", "Turning 20"),    D_ ("65歳", "Turning 65"),
          D_ ("75歳", "Turning 75"),    D_ ("介護", "Needing care"),
          D_ ("死亡", "Death"),         D_ ("収入の減少・災害", "Fall of income, disaster") };
  g_autoptr (GListStore) events = preview_rows ();
  g_autoptr (GListStore) questions = g_list_store_new (COUNTER_TYPE_QUESTION_ITEM);
  g_autoptr (GListStore) due = preview_rows ();
  g_autoptr (GListStore) elsewhere = preview_rows ();

  preview_intake (window, models);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    ROW (events, names[i], "", names[i], "", "", "", "");
  add_question (questions, "age", D_ ("その方の年齢", "Age of the person"), "f", ages);
  add_question (
      questions, "care",
      D_ ("要介護・要支援の認定を受けていますか", "Is the person certified as needing care?"), "",
      yes_no);
  ROW (due, "care.qualification", "",
       D_ ("介護保険資格取得・異動・喪失届", "Care insurance: joining, change, leaving"),
       D_ ("65歳以上の方は、この区の介護保険に入るため\n異動のあった日から14日以内\n必要なもの： "
           "顔写真付きの本人確認書類（マイナンバーカード、運転免許証など）",
           "people of 65 and over join the ward's care insurance\nwithin 14 days of the "
           "change\nTo bring: An identity document with a photograph"),
       "wait", _ ("Due"), "");
  ROW (due, "care.certification", "",
       D_ ("要介護・要支援認定申請（新規・更新）", "Certification of care or support need"),
       D_ ("前の市区町村の認定を引き継ぐため", "takes over the certification"), "none",
       _ ("By the answers"), "");
  tick_first (due);
  ROW (elsewhere, "", "", D_ ("転入届", "Notification of moving in"),
       D_ ("住民記録の窓口\nすべての方\n異動のあった日から14日以内",
           "Residents' registration counter\neverybody\nwithin 14 days of the change"),
       "wait", _ ("Due"), "");
  g_object_set (models->intake, "guide-open", TRUE, "events", events, "event", names[0],
                "event-title", names[0], "questions", questions, "due", due, "has-due", TRUE,
                "due-elsewhere", elsewhere, "has-due-elsewhere", TRUE, NULL);
}

static void
notice (CounterWindow *window, const CounterModels *models)
{
  preview_intake (window, models);
  g_object_set (
      models->intake, "step", "identify", "furthest", "identify", "icon", "md-counter-symbolic",
      "headline", _ ("Explain what the data are used for, and ask for consent."), "advice",
      D_ ("「国民年金保険料の免除・納付猶予の審査のために、個人番号と本人確認情報を利用します。」",
          "\"The individual number and the identification are used to decide on the exemption from "
          "or deferral of pension contributions.\""),
      "primary-text", _ ("Explained, and agreed to"), NULL);
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
pin (CounterWindow *window, const CounterModels *models)
{
  preview_intake (window, models);
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

/* The signature certificate's password, asked for once more, at a reader whose keys have no
 * letters. */
static void
pin_password (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *advice = g_strdup_printf (
      "%s\n%s",
      _ ("Turn keyboard and screen to the resident and look away. It has 6 to 16 characters: "
         "capital letters and digits."),
      _ ("The keys of the reader have no letters, so it is entered here."));

  pin (window, models);
  g_object_set (models->intake, "pin-letters", TRUE, "pin-purpose", "sign-password", "headline",
                _ ("Ask the resident to enter the password of the signature certificate."),
                "advice", advice, "pin-step", _ ("Only the password again"), "pin-title",
                _ ("Password of the signature certificate (6 to 16 letters and digits)"), "tries",
                D_ ("あと4回", "4 tries left"), "offers-pins", TRUE, "primary-text",
                _ ("Password entered"), NULL);
}

static void
failed (CounterWindow *window, const CounterModels *models)
{
  preview_intake (window, models);
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

/* What is on the reader is no card. */
static void
phone (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (MdCardText) text = md_identity_text_for_phone (MD_TOKEN_ANDROID);

  card (window, models);
  g_object_set (models->intake, "identify-state", "deferred", "headline", text->title, "advice", "",
                "failed", TRUE, "fail-means", text->meaning, "fail-next", text->action, NULL);
}

/* Identified, with a word for the resident. */
static void
expires_soon (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *ends = expiry_text ();

  preview_intake (window, models);
  preview_person (models, TRUE);
  g_object_set (models->intake, "step", "identify", "furthest", "identify", "icon",
                "md-done-symbolic", "identify-state", "ok", "headline", _ ("All is there. Go on."),
                "expiry-title", _ ("The electronic certificate of this card expires soon."),
                "expiry-text", ends, NULL);
}

/* A form as a clerk with number permission sees it; folder: "data/forms", or that of a test. */
static MdFormData *
open_form (const char *folder, const char *id)
{
  static MdVisibility *table;
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *forms = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), folder, NULL);
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data/policy/visibility.json", NULL);
  g_autoptr (GError) error = NULL;

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
  return md_form_data_new (md_catalogue_get_form_on (catalogue, id, "2026-11-21"), &viewer,
                           MD_STEP_ENTRY, "2026-11-21");
}

static void
show_form_of (CounterWindow *window, const CounterModels *models, const char *folder,
              const char *id)
{
  g_autoptr (MdSecret) number = md_secret_new_from_text ("123456789018");
  MdCardValues card = { .name = "田中 一郎",
                        .address = "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201",
                        .birth = "1980-04-12",
                        .sex = "male",
                        .number = number };
  MdFormData *data;

  preview_intake (window, models);
  preview_person (models, TRUE);
  data = open_form (folder, id);
  md_form_data_prefill_card (data, &card);
  g_object_set (models->intake, "step", "content", "furthest", "content", "form", data, NULL);
}

void
preview_form (CounterWindow *window, const CounterModels *models, const char *id)
{
  show_form_of (window, models, "data/forms", id);
}

static void
content (CounterWindow *window, const CounterModels *models)
{
  preview_form (window, models, "pension.exemption");
}

/* It was suspended, and the form does not take all of it any more. */
static void
content_resumed (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *left
      = g_strdup_printf (_ ("Please enter these again, they could not be brought back:\n%s"),
                         D_ ("個人番号\n所得の申告", "Individual number\nIncome declaration"));

  preview_form (window, models, "pension.exemption");
  g_object_set (models->intake, "left-out", left, "can-suspend", TRUE, NULL);
}

/* The disk is full: nothing that is typed would be left after a crash. */
static void
content_unkept (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *text = g_strdup_printf (
      "%s\n%s", _ ("The disk of this terminal is full."),
      _ ("It stays here as long as this window is open, and saving is tried again by itself. "
         "Finish "
         "this intake before you leave, and tell the administrator when this does not go away."));

  preview_form (window, models, "pension.exemption");
  g_object_set (models->intake, "unkept-title",
                _ ("What you type is not being saved at the moment."), "unkept-text", text,
                "can-suspend", TRUE, NULL);
}

static void
content_wrong (CounterWindow *window, const CounterModels *models)
{
  MdFormData *data;

  preview_form (window, models, "pension.exemption");
  data = counter_model_object (models->intake, "form");
  md_form_data_validate (data);
  g_object_set (models->intake, "stopped", TRUE, NULL);
}

static void
content_care (CounterWindow *window, const CounterModels *models)
{
  preview_form (window, models, "care.certification");
}

static void
content_lem (CounterWindow *window, const CounterModels *models)
{
  preview_form (window, models, "lem.certificate");
}

/* A group of rows, with one that is filled in. */
static void
content_rows (CounterWindow *window, const CounterModels *models)
{
  MdFormData *data;
  MdEntry *name;

  show_form_of (window, models, "tests/forms/sample", "common.sample");
  data = counter_model_object (models->intake, "form");
  name = md_entry_add_row (md_form_data_get_entry (data, "h.members"));
  md_entry_set_text (name, "田中 花子");
  md_entry_commit (name);
  g_object_set (models->intake, "jump", "h.members", NULL);
}

/* A consent with its whole text, not answered yet. */
static void
content_declaration (CounterWindow *window, const CounterModels *models)
{
  preview_form (window, models, "care.burden_limit");
  g_object_set (models->intake, "jump", "k.lim_consent", NULL);
}

static void
confirm (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) readout = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);

  preview_intake (window, models);
  preview_person (models, TRUE);
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
  g_object_set (models->intake, "step", "confirm", "furthest", "confirm", "confirm-head",
                _ ("Read this out to the resident"), "readout", readout, "sign-headline",
                D_ ("職員カードの暗証番号で署名します", "Sign with the PIN of your staff card"),
                "sign-advice", D_ ("受付 花子", "Uketsuke Hanako"), "wants-sign-pin", TRUE,
                "primary-text", _ ("Sign and take in"), "primary-action", "page.pin-done", NULL);
  g_object_set (models->staff_pin, "mode", "", "tries", D_ ("あと3回", "3 tries left"),
                "tries-state", "none", "headline", "", "advice", _ ("It has 6 to 8 digits."), NULL);
}

/* A letter of delegation is changed: what it says now, and what it would. */
static void
confirm_letter (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) letter = preview_rows ();

  confirm (window, models);
  ROW (letter, "", "", _ ("Letter of delegation"), "001-000012-5", "ok", "", "");
  ROW (letter, "", "", _ ("Days of the letter"),
       D_ ("令和8年4月1日から令和9年3月31日まで", "2026-04-01 to 2027-03-31"), "ok",
       _ ("Within its days"), "");
  ROW (letter, "", "", _ ("Procedures of the letter"),
       D_ ("国民年金保険料免除・納付猶予申請 → "
           "国民年金保険料免除・納付猶予申請、介護保険要介護認定申請",
           "Exemption of pension contributions → Exemption of pension contributions, "
           "Certification of care needs"),
       "ok", "", "");
  g_object_set (models->intake, "letter", letter, "letter-word",
                _ ("The letter of delegation as it is now"), "procedure-title",
                D_ ("委任状の修正・取消", "Letter of delegation (amendment or end)"), NULL);
}

/* Before the officer's last try. */
static void
sign_last (CounterWindow *window, const CounterModels *models)
{
  confirm (window, models);
  g_object_set (models->staff_pin, "mode", "question", "tries", D_ ("あと1回", "1 try left"),
                "tries-state", "deferred", "headline",
                _ ("Only one try is left for the PIN of your staff card. Are you sure of it?"),
                "advice",
                _ ("After one more wrong PIN it is locked, and the administrator of staff cards "
                   "has to set it again. If in doubt, do not go on."),
                NULL);
  g_object_set (models->intake, "primary-text", _ ("I am sure of it"), "primary-action",
                "staff-pin.confirm", NULL);
}

/* The officer types at the reader's keys; the window waits, and can stop waiting. */
static void
sign_pad (CounterWindow *window, const CounterModels *models)
{
  confirm (window, models);
  g_object_set (models->intake, "wants-sign-pin", FALSE, "waits",
                _ ("Enter your PIN on the keys of the reader for the staff card."), "cancel-action",
                "intake.cancel", "primary-text", "", "back-text", "", NULL);
}

static void
done (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) next = preview_rows ();

  preview_intake (window, models);
  preview_person (models, TRUE);
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

/* The first of two for the same person. */
static void
done_between (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) visit = preview_rows ();

  done (window, models);
  ROW (visit, "", "",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       "001-000017-4", "ok", _ ("Taken in already"), "");
  ROW (visit, "", "",
       D_ ("介護保険資格取得・異動・喪失届", "Care insurance: joining, change, leaving"), "",
       "wait", _ ("Comes next"), "");
  ROW (visit, "", "",
       D_ ("後期高齢者医療資格取得届（転入等）", "Late-elderly medical care: joining"), "", "none",
       _ ("Still to do"), "");
  g_object_set (
      models->intake, "visit", visit, "has-visit", TRUE, "visit-left", TRUE, "visit-text",
      D_ ("この方の手続き：3件のうち1件を受付済み", "Procedures of this visit: 1 of 3 taken in"),
      "primary-text", _ ("Next procedure"), NULL);
}

/* The screen is turned to the resident. */
static void
resident (CounterWindow *window, const CounterModels *models)
{
  confirm (window, models);
  counter_window_turn (window, counter_resident_view_new (
                                   TRUE, counter_model_text (models->intake, "procedure-title"),
                                   counter_model_object (models->intake, "readout")));
}

static void
curtain (CounterWindow *window, const CounterModels *models)
{
  confirm (window, models);
  g_action_group_activate_action (G_ACTION_GROUP (window), "hide-screen", NULL);
}

/* Stopped: what everybody may see who looks at the screen. */
static void
held (CounterWindow *window, const CounterModels *models)
{
  preview_intake (window, models);
  preview_person (models, TRUE);
  g_object_set (models->intake, "step", "content", "furthest", "content", "held", TRUE, "can-stop",
                FALSE, "headline", _ ("This takes a moment to check."), "advice",
                _ ("Please wait with the person. A second officer comes to the counter."),
                "address", "", "held-address", "東京都あおぞら区若葉三丁目4番5号", "held-what",
                _ ("Protected person"), "held-duty",
                _ ("Tell nobody, not even the person at the counter, that there is a protection or "
                   "why it takes time; say only that it takes a moment to check. Say no address "
                   "aloud, hand out nothing, and do not turn the screen. Call the supervisor, who "
                   "speaks with the person alone."),
                "primary-text", _ ("The supervisor is here"), "primary-action", "intake.next",
                "back-text", "", NULL);
}

/* The card was lifted while the contents were typed. */
static void
away (CounterWindow *window, const CounterModels *models)
{
  preview_intake (window, models);
  g_object_set (models->intake, "step", "content", "furthest", "content", "away", TRUE, "nobody",
                TRUE, "headline",
                _ ("The card has left the reader. Put the same card back to go on."), "advice",
                _ ("The screen is covered until then, and all that was typed is kept."),
                "primary-text", "", "primary-action", "", "back-text", "", NULL);
  g_autofree char *left = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "In %u second what was read from the card is erased.",
                   "In %u seconds what was read from the card is erased.", 50),
      50);
  g_object_set (models->intake, "away-left", left, NULL);
}

/* The supervisor is here: reasons, and the PIN. */
static void
held_called (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) reasons = preview_rows ();

  held (window, models);
  ROW (reasons, "asked-and-verified", "",
       D_ ("別室で本人に確認した", "Spoke with the person alone and made sure"), "", "", "", "");
  ROW (reasons, "protection-office-agrees", "",
       D_ ("担当課に確認した", "The desk in charge agrees"), "", "", "", "");
  g_object_set (models->staff_pin, "mode", "", "headline", "", "advice",
                _ ("It has 6 to 8 digits."), "tries", "", NULL);
  g_object_set (models->intake, "held-called", TRUE, "held-reasons", reasons, "held-reason",
                "asked-and-verified", "advice",
                _ ("The supervisor puts their own card on the staff reader, chooses the reason and "
                   "enters the PIN of that card."),
                "primary-text", _ ("Release"), "primary-action", "page.pin-done", "back-text",
                _ ("Back"), NULL);
}

/* The wrong card. */
static void
held_wrong (CounterWindow *window, const CounterModels *models)
{
  g_autofree char *error = g_strdup_printf (
      "%s\n%s",
      _ ("The card on the staff reader is of somebody who may not release an intake. Call the "
         "supervisor."),
      _ ("The supervisor puts their own card on the staff reader."));

  held_called (window, models);
  g_object_set (models->intake, "held-error", error, NULL);
}

const PreviewScene preview_intake_scenes[] = {
  { "procedure", preview_intake },
  { "guide", preview_guide },
  { "notice", notice },
  { "card", card },
  { "pin", pin },
  { "pin-password", pin_password },
  { "failed", failed },
  { "phone", phone },
  { "expires-soon", expires_soon },
  { "content", content },
  { "content-resumed", content_resumed },
  { "content-unkept", content_unkept },
  { "content-wrong", content_wrong },
  { "content-care", content_care },
  { "content-lem", content_lem },
  { "content-rows", content_rows },
  { "content-declaration", content_declaration },
  { "held", held },
  { "away", away },
  { "held-called", held_called },
  { "held-wrong", held_wrong },
  { "confirm", confirm },
  { "confirm-letter", confirm_letter },
  { "resident", resident },
  { "sign-last", sign_last },
  { "sign-pad", sign_pad },
  { "done", done },
  { "done-between", done_between },
  { "curtain", curtain },
  { NULL },
};
