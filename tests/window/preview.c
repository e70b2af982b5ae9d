// SPDX-License-Identifier: Apache-2.0
/* The real widgets with invented people: preview SCENE. For looking at, and for the layout tests;
   the product has no such mode. */
#include "config.h"

#include "language.h"
#include "settings.h"
#include "window.h"

#include <json-glib/json-glib.h>
#include <md-forms.h>
#include <string.h>

typedef struct
{
  const char *name;
  void (*fill) (CounterWindow *window, const CounterModels *models);
} Scene;

static const char *scene_name;

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

  ROW (intakes, "4", "001-000017-4", "後期高齢者医療 資格確認書交付申請", "受付 花子", "wait",
       "承認待ち", "16:48");
  ROW (intakes, "3", "001-000016-6", "要介護・要支援認定申請", "受付 花子", "deferred", "差戻し",
       "15:20");
  ROW (intakes, "2", "001-000015-8", "国民年金保険料 免除・納付猶予申請", "受付 花子", "wait",
       "送信待ち", "14:02");
  ROW (intakes, "1", "001-000014-1", "国民年金保険料 免除・納付猶予申請", "受付 花子", "ok",
       "送信済み", "09:31");
  ROW (queue, "3", "001-000015-8", "国民年金保険料 免除・納付猶予申請",
       "申請書　3回目の送信を 16:56 に行います", "wait", "送信待ち", "14:02");
  ROW (queue, "2", "001-000013-3", "要介護・要支援認定申請", "承認の記録　前の送信を待っています",
       "none", "順番待ち", "13:40");
  ROW (log, "2", "000214", "申請を受け付けました", "S0001 受付 花子", "ok", "実行", "16:48:10");
  ROW (log, "1", "000213", "本人確認：利用者証明書が失効しています", "S0001 受付 花子", "stop",
       "拒否", "16:40:02");
  ROW (readers, "r", "", "Virtual PCD 00 00", "住民用　カードなし", "ok", "接続中", "");
  ROW (readers, "s", "", "Virtual PCD 00 01", "職員用　職員カードあり", "ok", "接続中", "");
  g_object_set (models->desk, "office", "あおぞら区", "counter", "1番窓口", "test-note", "試験環境",
                "clerk", "受付 花子", "role", "受付（個人番号を扱う）", "line-state", "ok",
                "line-word", "通信中", "line-icon", "md-line-on-symbolic", "line-detail",
                "最後の受領 16:41", "date", "令和8年11月21日（土）", "clock", "16:55", "today", 4,
                "waiting", 1, "returned", 1, "unsent", 2, "pages", pages, "can-intake", TRUE,
                "intakes", intakes, "queue", queue, "queue-count", 2, "log", log, "log-count", 2,
                "returned-list", intakes, "returned-list-count", 4, "readers", readers, "log-state",
                "ok", "log-note", "214件 改ざんなし", NULL);
  counter_window_set_locked (window, FALSE);
  counter_window_show_page (window, "home");
}

static void
fill_login (const CounterModels *models)
{
  g_object_set (models->login, "office", "あおぞら区", "counter", "1番窓口", "test-note",
                "試験環境", "clock", "08:25", "icon", "md-place-card-symbolic", "headline",
                "職員カードを置いてください", "advice",
                "職員用のカードリーダーに、ご自分の職員カードを置いてください。", "waits",
                "職員カードを待っています", NULL);
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
                "パスワードを入力してください", "advice", "カードは置いたままにしてください。",
                "staff", "受付 花子", "can-type", TRUE, "waits", "", "error",
                "パスワードが違います。あと2回入力できます。", "locked-note",
                "画面は施錠されています。受付 花子 さんの作業はそのまま残っています。", NULL);
}

static void
login_daemon (CounterWindow *window, const CounterModels *models)
{
  fill_login (models);
  g_object_set (
      models->login, "icon", "md-service-symbolic", "headline", "窓口サービスにつながりません",
      "advice",
      "端末の起動直後は1分ほどお待ちください。続くときは、情報システム担当に連絡してください。",
      "waits", "窓口サービスを待っています", "detail", "org.madoguchi.Terminal1: ServiceUnknown",
      NULL);
}

static void
fill_person (const CounterModels *models, gboolean known)
{
  g_autoptr (GListStore) checks = rows ();
  g_autoptr (GListStore) warnings = rows ();

  ROW (checks, "card", "", "マイナンバーカード", "", known ? "ok" : "none", known ? "確認" : "未",
       "");
  ROW (checks, "path", "", "証明書の発行元", "", known ? "ok" : "none", known ? "有効" : "未", "");
  ROW (checks, "term", "", "有効期間", "", known ? "ok" : "none", known ? "有効" : "未", "");
  ROW (checks, "rev", "", "失効していないこと", known ? "回線が戻り次第、照会します" : "",
       known ? "deferred" : "none", known ? "未確認" : "未", "");
  ROW (checks, "sig", "", "カードの署名", "", known ? "ok" : "none", known ? "一致" : "未", "");
  g_object_set (models->intake, "checks", checks, NULL);
  if (!known)
    return;
  ROW (warnings, "w", "", "有効期限が近づいています", "利用者証明書は令和8年12月2日までです。",
       "deferred", "注意", "");
  g_object_set (models->intake, "person-known", TRUE, "name", "田中 一郎", "kana",
                "タナカ イチロウ", "birth", "昭和55年4月12日（46歳）", "sex", "男性", "address",
                "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201", "number", "********9018",
                "method", "マイナンバーカード（利用者証明）", "warnings", warnings, NULL);
}

static void
intake (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) procedures = rows ();

  fill_desk (window, models);
  ROW (procedures, "pension.exemption", "", "国民年金保険料 免除・納付猶予申請",
       "国民年金　本人・世帯主・代理人", "", "", "");
  ROW (procedures, "care.certification", "", "要介護・要支援認定申請（新規・更新）",
       "介護保険　介護保険被保険者証", "", "", "");
  ROW (procedures, "lem.certificate", "", "後期高齢者医療 資格確認書交付申請", "後期高齢者医療", "",
       "", "");
  g_object_set (models->desk, "intake-open", TRUE, "resume-text",
                "受付の途中です：国民年金保険料 免除・納付猶予申請", NULL);
  g_object_set (models->intake, "procedures", procedures, "step", "procedure", "furthest",
                "procedure", "procedure", "pension.exemption", "procedure-title",
                "国民年金保険料 免除・納付猶予申請", "primary-text", "次へ", "primary-action",
                "intake.next", NULL);
  fill_person (models, FALSE);
  counter_window_show_page (window, "intake");
}

static void
notice (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (
      models->intake, "step", "identify", "furthest", "identify", "icon", "md-counter-symbolic",
      "headline", "個人番号を何に使うかを説明してください", "advice",
      "「国民年金保険料の免除・納付猶予の審査のために、個人番号と本人確認情報を利用します。」",
      "primary-text", "説明し、同意を得ました", NULL);
}

static void
pin (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (models->intake, "step", "identify", "furthest", "identify", "icon",
                "md-keypad-symbolic", "headline", "暗証番号を入力してもらってください", "advice",
                "カードは置いたままにしてください。テンキーでも入力できます。", "wants-pin", TRUE,
                "pin-purpose", "auth-pin", "pin-step", "2つのうち2つめ", "pin-title",
                "利用者証明用の暗証番号（4けた）", "tries", "あと3回入力できます", "tries-state",
                "none", "primary-text", "入力を終える", "primary-action", "page.pin-done", NULL);
}

static void
failed (CounterWindow *window, const CounterModels *models)
{
  intake (window, models);
  g_object_set (models->intake, "step", "identify", "furthest", "identify", "icon",
                "md-stop-symbolic", "identify-state", "stop", "headline",
                "このカードの証明書は失効しています", "failed", TRUE, "fail-means",
                "このカードでは本人確認ができません。カードが新しくなっていないか、お持ちのカードを"
                "たずねてください。",
                "fail-next",
                "新しいカードがあれば置き替えてください。なければ、運転免許証などで受け付けられるか"
                "上長に確認してください。",
                "fail-detail", "OCSP: revoked, 2026-10-02T00:12:00Z", "primary-text", "もう一度",
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
  g_object_set (models->intake, "jump", "n.ex_kind", "note", "確認してください：基礎年金番号",
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
  add_compare (readout, "申請する人", "氏名", "", "田中 一郎", "", "");
  add_compare (readout, "", "生年月日", "", "昭和55年4月12日", "", "");
  add_compare (readout, "", "住所", "", "東京都あおぞら区若葉三丁目4番5号 若葉ハイツ201", "", "");
  add_compare (readout, "", "個人番号", "", "********9018", "", "");
  add_compare (readout, "申請の内容", "免除等の種類", "", "全額免除", "", "");
  add_compare (readout, "", "免除を受けたい期間", "", "令和8年7月から令和9年6月まで", "", "");
  add_compare (readout, "", "特例の理由", "", "失業（令和8年9月30日）", "", "");
  add_compare (readout, "", "世帯主", "", "田中 一郎", "", "");
  add_compare (readout, "受け取ったもの", "離職票の写し", "", "1通", "", "");
  g_object_set (models->intake, "step", "confirm", "furthest", "confirm", "readout", readout,
                "sign-headline", "職員カードの暗証番号で署名します", "sign-advice",
                "受付 花子　あと3回入力できます", "wants-sign-pin", TRUE, "primary-text",
                "署名して受け付ける", "primary-action", "page.pin-done", NULL);
}

static void
done (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) next = rows ();

  intake (window, models);
  fill_person (models, TRUE);
  ROW (next, "1", "", "カードを返してください", "", "wait", "住民用リーダー", "");
  ROW (next, "2", "", "上長の承認のあと、国民年金担当に送られます", "", "none", "承認待ち", "");
  ROW (next, "3", "", "結果は2〜3か月後に郵便で届きます", "", "none", "郵送", "");
  g_object_set (models->intake, "step", "done", "furthest", "done", "receipt-number",
                "001-000017-4", "done-headline", "受け付けました", "back-text", "", "done-next",
                next, "primary-text", "次の方へ", "primary-action", "intake.next", NULL);
}

static void
approvals (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) list = rows ();

  fill_desk (window, models);
  g_object_set (models->desk, "clerk", "確認 誠", NULL);
  ROW (list, "4", "001-000017-4", "後期高齢者医療 資格確認書交付申請", "受付 花子", "wait",
       "承認待ち", "16:48");
  ROW (list, "2", "001-000015-8", "国民年金保険料 免除・納付猶予申請", "受付 花子", "wait",
       "承認待ち", "14:02");
  g_object_set (models->approval, "stage", "list", "list", list, "count", 2, NULL);
  counter_window_show_page (window, "approvals");
}

static void
unlock (CounterWindow *window, const CounterModels *models)
{
  approvals (window, models);
  g_object_set (models->approval, "stage", "unlock", "receipt-number", "001-000015-8",
                "procedure-title", "国民年金保険料 免除・納付猶予申請", "taken-by",
                "受付 花子　14:02", "icon", "md-staff-card-symbolic", "headline",
                "職員カードの暗証番号で開いてください", "advice",
                "申請は封をして保管されています。あなたの職員カードだけで開けます。", "wants-pin",
                TRUE, "tries", "あと3回入力できます", "primary-text", "開く", "primary-action",
                "page.pin-done", "back-text", "一覧に戻る", NULL);
}

static void
compare (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) lines = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) contents = g_list_store_new (COUNTER_TYPE_COMPARE_ITEM);
  g_autoptr (GListStore) reasons = rows ();

  unlock (window, models);
  fill_person (models, TRUE);
  add_compare (lines, "訂正の理由：引っ越して2日目、カードの住所の書き換えがまだ", "住所",
               "東京都あおぞら区若葉三丁目4番5号", "東京都あおぞら区みどり一丁目2番3号", "deferred",
               "相違");
  add_compare (lines, "", "氏名", "田中　一郎", "田中 一郎", "none", "表記の違い");
  add_compare (lines, "", "生年月日", "昭和55年4月12日", "昭和55年4月12日", "ok", "一致");
  add_compare (lines, "", "性別", "男性", "男性", "ok", "一致");
  add_compare (lines, "", "個人番号", "********9018", "********9018", "ok", "一致");
  add_compare (contents, "申請の内容", "免除等の種類", "", "全額免除", "", "");
  add_compare (contents, "", "免除を受けたい期間", "", "令和8年7月から令和9年6月まで", "", "");
  ROW (reasons, "missing", "", "書類が足りない", "", "", "", "");
  ROW (reasons, "wrong", "", "記入に誤りがある", "", "", "", "");
  ROW (reasons, "identity", "", "本人確認をやり直す必要がある", "", "", "", "");
  g_object_set (models->approval, "stage", "open", "compare", lines, "compare-word", "相違 1件",
                "compare-state", "deferred", "contents", contents, "checks",
                counter_model_object (models->intake, "checks"), "reasons", reasons, "decision",
                "approve", "primary-text", "署名して承認する", NULL);
}

static void
returning (CounterWindow *window, const CounterModels *models)
{
  compare (window, models);
  g_object_set (models->approval, "decision", "return", "reason", "missing", "primary-text",
                "署名して差し戻す", NULL);
}

static void
show_queue (CounterWindow *window, const CounterModels *models)
{
  fill_desk (window, models);
  g_object_set (models->desk, "line-state", "deferred", "line-word", "回線断 - 受付は続けられます",
                "line-icon", "md-line-off-symbolic", "line-notice",
                "16:41 から回線が切れています。30秒ごとに自動で試します。", "line-detail",
                "Failed to connect to 127.0.0.1 port 8443", NULL);
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
  g_object_set (
      models->desk, "line-notice",
      "回線が切れています。受付は続けられます。封をして保管し、回線が戻り次第、自動で送信します。",
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
  { "pin", pin },
  { "failed", failed },
  { "confirm", confirm },
  { "done", done },
  { "approvals", approvals },
  { "unlock", unlock },
  { "compare", compare },
  { "returning", returning },
  { "queue", show_queue },
  { "log", show_log },
  { "settings", show_settings },
  { "curtain", curtain },
  { "content", content },
  { "content-wrong", content_wrong },
  { "content-care", content_care },
  { "content-lem", content_lem },
};

static void
nothing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_print ("%s\n", g_action_get_name (G_ACTION (action)));
}

static void
add_actions (CounterWindow *window, const char *group, const char *const *names)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      gboolean takes = strchr (names[i], '(') != NULL;
      g_autofree char *name
          = takes ? g_strndup (names[i], strlen (names[i]) - 1) : g_strdup (names[i]);
      g_autoptr (GSimpleAction) action
          = g_simple_action_new (name, takes ? G_VARIANT_TYPE_STRING : NULL);

      g_signal_connect (action, "activate", G_CALLBACK (nothing), NULL);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (window), group, G_ACTION_GROUP (actions));
}

static void
add_decision (CounterWindow *window)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) decision = g_simple_action_new_stateful (
      "decision", G_VARIANT_TYPE_STRING,
      g_variant_new_string (
          counter_model_text (counter_window_get_models (window)->approval, "decision")));
  static const char *const names[] = { "open", "reason", "close" };

  g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (decision));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action
          = g_simple_action_new (names[i], i < 2 ? G_VARIANT_TYPE_STRING : NULL);
      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (window), "approval", G_ACTION_GROUP (actions));
}

/* PREVIEW_LOOK: any of "dark", "contrast", "125", "150", "200", with spaces between. */
static void
choose_look (void)
{
  GActionGroup *settings = counter_settings_get_actions (counter_settings_get ());
  const char *look = g_getenv ("PREVIEW_LOOK");
  g_auto (GStrv) words = g_strsplit (look != NULL ? look : "", " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_strcmp0 (words[i], "dark") == 0)
      g_action_group_change_action_state (settings, "theme", g_variant_new_string ("dark"));
    else if (g_strcmp0 (words[i], "contrast") == 0)
      g_action_group_change_action_state (settings, "contrast", g_variant_new_boolean (TRUE));
    else if (g_ascii_isdigit (*words[i]))
      g_action_group_change_action_state (
          settings, "text-size",
          g_variant_new_int32 ((gint32)g_ascii_strtoll (words[i], NULL, 10)));
}

static void
activate (GtkApplication *application)
{
  static const char *const intake_actions[] = { "next", "back", "choose(", "search(", "go(", NULL };
  static const char *const queue_actions[] = { "retry", NULL };
  static const char *const log_actions[] = { "verify", NULL };
  CounterWindow *window = counter_window_new (application);
  const char *size = g_getenv ("PREVIEW_SIZE");

  counter_settings_apply (counter_settings_get ());
  choose_look ();
  add_actions (window, "intake", intake_actions);
  add_actions (window, "queue", queue_actions);
  add_actions (window, "log", log_actions);
  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    if (g_strcmp0 (scene_name, scenes[i].name) == 0)
      scenes[i].fill (window, counter_window_get_models (window));
  add_decision (window);
  if (size != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (size, "x", 2);
      gtk_window_set_default_size (GTK_WINDOW (window), (int)g_ascii_strtoll (parts[0], NULL, 10),
                                   (int)g_ascii_strtoll (parts[1], NULL, 10));
    }
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  g_autofree char *language = counter_settings_language (counter_settings_get ());

  scene_name = argc > 1 ? argv[1] : "home";
  if (g_strcmp0 (scene_name, "--list") == 0)
    {
      for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
        g_print ("%s\n", scenes[i].name);
      return 0;
    }
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  counter_language_start (language);
  application = adw_application_new ("org.madoguchi.Madoguchi", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
