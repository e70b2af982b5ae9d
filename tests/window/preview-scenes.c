// SPDX-License-Identifier: Apache-2.0
/* The screens of a day with invented people: the frame around everything, and what stands in it
   when nobody is being served. */
#include "config.h"

#include "preview-scenes.h"

void
preview_add_row (GListStore *store, const char *id, const char *lead, const char *title,
                 const char *subtitle, const char *state_word_time[3])
{
  g_autoptr (CounterModel) row = g_object_new (
      COUNTER_TYPE_ROW_ITEM, "id", id, "lead", lead, "title", title, "subtitle", subtitle, "state",
      state_word_time[0], "word", state_word_time[1], "time", state_word_time[2], NULL);

  g_list_store_append (store, row);
}

GListStore *
preview_rows (void)
{
  return g_list_store_new (COUNTER_TYPE_ROW_ITEM);
}

void
preview_add_compare (GListStore *store, const char *texts[6])
{
  g_autoptr (CounterModel) row
      = g_object_new (COUNTER_TYPE_COMPARE_ITEM, "heading", texts[0], "label", texts[1], "left",
                      texts[2], "right", texts[3], "state", texts[4], "word", texts[5], NULL);

  g_list_store_append (store, row);
}

static void
add_reader (GListStore *store, const char *name, const char *note, const char *role, gboolean card)
{
  g_autoptr (CounterModel) row = g_object_new (
      COUNTER_TYPE_READER_ITEM, "name", name, "note", note, "state", card ? "ok" : "none", "word",
      card ? _ ("Card on it") : _ ("No card"), "role", role, "can-choose", TRUE, NULL);

  g_list_store_append (store, row);
}

static GListStore *
list_readers (void)
{
  GListStore *store = g_list_store_new (COUNTER_TYPE_READER_ITEM);

  add_reader (store, "Virtual PCD USB CCID (550420246003) 00 00", "", "resident", FALSE);
  add_reader (store, "Virtual PCD USB CCID (550420246011) 01 00", "", "staff", TRUE);
  return store;
}

void
preview_desk (CounterWindow *window, const CounterModels *models)
{
  static const char *const pages[] = { "home",  "approvals", "confirmations", "returned", "draft",
                                       "queue", "log",       "settings",      NULL };
  g_autoptr (GListStore) intakes = preview_rows ();
  g_autoptr (GListStore) queue = preview_rows ();
  g_autoptr (GListStore) log = preview_rows ();
  g_autoptr (GListStore) readers = list_readers ();

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
  ROW (queue, "1", "001-000012-5",
       D_ ("国民年金保険料 免除・納付猶予申請",
           "Exemption from or deferral of pension contributions"),
       D_ ("S0901が令和8年11月20日 17:05に送信を止めました（理由：本庁の依頼）",
           "Parked by S0901 on 2026-11-20 17:05: the back office asks to wait"),
       "deferred", _ ("Parked"), "09:12");
  ROW (log, "2", "000214", _ ("The application is taken in"),
       D_ ("S0001 受付 花子", "S0001 Uketsuke Hanako"), "ok", D_ ("実行", "Done"), "16:48:10");
  ROW (log, "1", "000213",
       D_ ("本人確認：利用者証明書が失効しています",
           "Identification: the user certificate is revoked"),
       D_ ("S0001 受付 花子", "S0001 Uketsuke Hanako"), "stop", _ ("refused"), "16:40:02");
  g_object_set (
      models->desk, "office", D_ ("あおぞら区", "Aozora Ward"), "counter",
      D_ ("1番窓口", "Counter 1"), "test-note", _ ("Test terminal"), "clerk",
      D_ ("受付 花子", "Uketsuke Hanako"), "role",
      D_ ("受付（個人番号を扱う）", "Intake (individual numbers)"), "line-state", "ok", "line-word",
      _ ("Line up"), "line-icon", "md-line-on-symbolic", "line-detail",
      D_ ("最後の受領 16:41", "Last receipt 16:41"), "date",
      D_ ("令和8年11月21日（土）", "2026-11-21"), "clock", "16:55", "today", 4, "waiting", 1,
      "returned", 1, "unsent", 3, "pages", pages, "can-intake", TRUE, "intakes", intakes, "queue",
      queue, "queue-count", 3, "log", log, "log-count", 2, "readers", readers, "readers-note",
      _ ("What is chosen holds at once, and is remembered for each reader. Where the "
         "staff card lies on a reader that is changed, the screen locks."),
      "log-state", "ok", "log-note", D_ ("214件 改ざんなし", "214 records, unchanged"), NULL);
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
                D_ ("画面は施錠されています。受付 花子 さんの作業は残っています。",
                    "The screen is locked. The work of Uketsuke Hanako is kept."),
                NULL);
}

/* Two readers, and none of them is for the staff card. */
static void
login_readers (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) readers = g_list_store_new (COUNTER_TYPE_READER_ITEM);

  add_reader (readers, "Virtual PCD USB CCID (550420246003) 00 00", _ ("Not decided yet"), "",
              FALSE);
  add_reader (readers, "Virtual PCD USB CCID (550420246011) 01 00", _ ("Not decided yet"), "",
              TRUE);
  fill_login (models);
  g_object_set (models->login, "icon", "md-reader-symbolic", "state", "deferred", "headline",
                _ ("The card reader for the staff card is missing."), "advice",
                _ ("Connect the reader that was used so far, or choose below which one is for the "
                   "staff card. The choice is remembered."),
                "waits", _ ("The card reader for the staff card is missing."), "readers", readers,
                "offers-readers", TRUE, "wants-reader", TRUE, "readers-open", TRUE, NULL);
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

/* What a second officer has to look at, with one that was looked at. */
static void
show_confirmations (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) rows = preview_rows ();
  const char *pension
      = D_ ("国民年金保険料免除・納付猶予申請", "National pension: exemption of premiums");

  preview_desk (window, models);
  ROW (rows, "1", "001-000015-8", pension,
       D_ ("申請書の記載がカードと違う項目：2件\n個人番号が空欄です\n受付：受付 花子",
           "2 items of the application are not as on the card\nTaken in by Uketsuke Hanako"),
       "wait", _ ("Not confirmed yet"), "16:52");
  ROW (rows, "2", "001-000013-3", pension,
       D_ ("申請書の記載がカードと違う項目：1件\n受付：受付 花子",
           "1 item of the application is not as on the card\nTaken in by Uketsuke Hanako"),
       "ok", D_ ("承認済み：確認 誠", "Approved: Kakunin Makoto"), "15:10");
  g_object_set (models->desk, "confirmations", rows, "confirmation-count", 2, "confirmation-open",
                1, "confirmation-word", D_ ("確認待ち1件", "1 is not confirmed yet"),
                "confirmation-state", "wait", NULL);
  counter_window_show_page (window, "confirmations");
}

static void
show_queue (CounterWindow *window, const CounterModels *models)
{
  preview_desk (window, models);
  g_object_set (models->desk, "line-state", "deferred", "line-word",
                _ ("No answer - intake goes on"), "line-icon", "md-line-off-symbolic",
                "line-notice",
                _ ("The gateway does not answer: it has stopped, or the line is cut somewhere on "
                   "the way. Intake goes on; what is taken in is kept safely here and sent when "
                   "the line is back. If it lasts, tell the administrator."),
                "line-detail", "Failed to connect to 127.0.0.1 port 8443", NULL);
  counter_window_show_page (window, "queue");
}

static void
show_log (CounterWindow *window, const CounterModels *models)
{
  preview_desk (window, models);
  counter_window_show_page (window, "log");
}

static void
show_settings (CounterWindow *window, const CounterModels *models)
{
  preview_desk (window, models);
  counter_window_show_page (window, "settings");
}

/* What the doctor found, and what became of its report. */
static void
settings_doctor (CounterWindow *window, const CounterModels *models)
{
  g_autoptr (GListStore) doctor = preview_rows ();
  g_autofree char *saved = g_strdup_printf (_ ("The report was saved: %s"),
                                            "/home/T001/madoguchi-readers-2026-11-21.txt");
  g_autofree char *locked = g_strdup_printf (
      _ ("Locked on this card: %s."),
      D_ ("利用者証明用電子証明書の暗証番号", "PIN of the user authentication certificate"));

  show_settings (window, models);
  ROW (doctor, "pin", "",
       D_ ("暗証番号 (Virtual PCD USB CCID (550420246003) 00 00)",
           "PIN (Virtual PCD USB CCID (550420246003) 00 00)"),
       locked, "stop", _ ("At fault"), "");
  g_object_set (models->desk, "doctor", doctor, "doctor-note", _ ("This needs a look:"),
                "can-save-report", TRUE, "report-note", saved, NULL);
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

static const PreviewScene desk_scenes[] = {
  { "login", login },
  { "login-password", login_password },
  { "login-daemon", login_daemon },
  { "login-readers", login_readers },
  { "home", preview_desk },
  { "home-offline", offline_home },
  { "confirmations", show_confirmations },
  { "queue", show_queue },
  { "log", show_log },
  { "settings", show_settings },
  { "settings-doctor", settings_doctor },
  { NULL },
};

static const PreviewScene *const groups[]
    = { desk_scenes, preview_intake_scenes, preview_face_scenes, preview_papers_scenes,
        preview_office_scenes };

/* The i-th of all, or the one that is called NAME. */
static const PreviewScene *
find_scene (guint i, const char *name)
{
  guint n = 0;

  for (guint group = 0; group < G_N_ELEMENTS (groups); group++)
    for (const PreviewScene *scene = groups[group]; scene->name != NULL; scene++)
      if (name != NULL ? g_str_equal (name, scene->name) : n++ == i)
        return scene;
  return NULL;
}

const char *
preview_scene_name (guint i)
{
  const PreviewScene *scene = find_scene (i, NULL);

  return scene != NULL ? scene->name : NULL;
}

void
preview_fill (CounterWindow *window, const char *name)
{
  const PreviewScene *scene = find_scene (0, name);

  if (scene != NULL)
    scene->fill (window, counter_window_get_models (window));
}
