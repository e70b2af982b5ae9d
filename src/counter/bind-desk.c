// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"

#include "notify.h"
#include "rows.h"

#include <glib/gi18n.h>

#define TOUCH_EVERY_S 10
#define MINUTE_US (60 * G_USEC_PER_SEC)

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  CounterModel *login;
  MdDesk *desk;
  guint clock;
  gint64 touched;
  guint waiting; /* approvals at the last look */
  char *line;    /* why the line is as it is, when it was told last; NULL: nothing was known */
  gboolean was_locked;
} Binding;

/* --- top bar and counts --- */

static const struct
{
  MdLineState line;
  const char *state;
  const char *icon;
  const char *notice;  /* on the home screen, where the service says no more */
  const char *message; /* behind the other windows */
} lines[] = {
  { MD_LINE_ONLINE, "ok", "md-line-on-symbolic", "", N_ ("What was kept is being sent now.") },
  { MD_LINE_OFFLINE, "deferred", "md-line-off-symbolic",
    N_ ("The line is down. Go on taking in: every application is sealed, kept here, and sent by "
        "itself "
        "when the line is back."),
    N_ ("Intake goes on. What is taken in is kept safely here and sent when the line is back.") },
  { MD_LINE_ATTENTION, "stop", "md-halt-symbolic",
    N_ ("The line needs somebody to look at it. Intake goes on; tell the system administrator."),
    N_ ("Intake goes on. The counter's window says what to do.") },
};

/* Said when it has changed, and not before it was known. */
static void
tell_line (Binding *self, MdLineState line, const char *word)
{
  const char *reason = md_desk_get_line_reason (self->desk);
  const char *title = line == MD_LINE_ONLINE ? _ ("The line is back") : word;
  g_autofree char *before = NULL;

  if (*reason == '\0' || g_str_equal (reason, "starting") || g_strcmp0 (reason, self->line) == 0)
    return;
  before = g_steal_pointer (&self->line);
  self->line = g_strdup (reason);
  for (guint i = 0; before != NULL && i < G_N_ELEMENTS (lines); i++)
    if (lines[i].line == line)
      counter_notify (self->window, "line", title, _ (lines[i].message));
}

static void
show_line (Binding *self)
{
  MdLineState line = md_desk_get_line (self->desk);
  g_autofree char *word = counter_text_of (self->desk, "line-label");
  g_autofree char *detail = counter_text_of (self->desk, "line-detail");

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i].line == line)
      g_object_set (self->model, "line-state", lines[i].state, "line-icon", lines[i].icon,
                    "line-word", word, "line-detail", detail, NULL);
  tell_line (self, line, word);
}

/* What the clerk should know before going on: the line, and what needs somebody's attention soon.
 */
static void
show_notice (Binding *self)
{
  g_autofree char *attention = counter_text_of (self->desk, "attention");
  g_autofree char *detail = counter_text_of (self->desk, "line-detail");
  g_autoptr (GString) notice = g_string_new (NULL);

  /* What follows the first line is for the help desk. */
  if (detail != NULL)
    g_string_append_len (notice, detail, (gssize)strcspn (detail, "\n"));
  for (guint i = 0; notice->len == 0 && i < G_N_ELEMENTS (lines); i++)
    if (lines[i].line == md_desk_get_line (self->desk) && *lines[i].notice != '\0')
      g_string_append (notice, _ (lines[i].notice));
  if (attention != NULL && *attention != '\0')
    g_string_append_printf (notice, "%s%s", notice->len > 0 ? "\n" : "", attention);
  g_object_set (self->model, "line-notice", notice->str, NULL);
}

static void
show_pages (Binding *self)
{
  const guint rights = md_desk_get_rights (self->desk);
  g_autofree const char **pages = md_desk_list_pages ((MdRights)rights);

  g_object_set (self->model, "pages", pages, "can-intake", (rights & MD_RIGHT_TAKE_IN) != 0, NULL);
}

static void
show_texts (Binding *self)
{
  static const char *const pairs[] = { "office", "office-name", "counter", "counter-name",
                                       "clerk",  "staff-name",  "role",    "department" };
  g_autofree char *environment = counter_text_of (self->desk, "environment");
  const char *note = g_strcmp0 (environment, "test") == 0 ? _ ("Test terminal") : "";

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2)
    {
      g_autofree char *text = counter_text_of (self->desk, pairs[i + 1]);
      g_object_set (self->model, pairs[i], text, NULL);
      if (i < 4)
        g_object_set (self->login, pairs[i], text, NULL);
    }
  g_object_set (self->model, "test-note", note, NULL);
  g_object_set (self->login, "test-note", note, NULL);
}

static void
show_counts (Binding *self)
{
  guint unsent = 0, waiting = 0, returned = 0, today = 0;
  g_autofree char *note = NULL;

  g_object_get (self->desk, "unsent", &unsent, "approvals-waiting", &waiting, "returned-count",
                &returned, "today-count", &today, NULL);
  g_object_set (self->model, "unsent", unsent, "waiting", waiting, "returned", returned, "today",
                today, NULL);
  note = returned > 0 && counter_model_flag (self->model, "can-intake")
             ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u application came back.",
                                             "%u applications came back.", returned),
                                returned)
             : g_strdup ("");
  g_object_set (self->model, "returned-note", note, NULL);
  if (waiting > self->waiting)
    counter_notify (self->window, "approval", _ ("An application waits for approval"),
                    _ ("Press F3 in the counter's window."));
  self->waiting = waiting;
}

static void
show (Binding *self)
{
  MdDeskState state = md_desk_get_state (self->desk);
  gboolean locked = state != MD_DESK_WORKING;

  show_texts (self);
  show_line (self);
  show_notice (self);
  show_pages (self);
  show_counts (self);
  if (locked == self->was_locked)
    return;
  self->was_locked = locked;
  counter_window_set_locked (self->window, locked);
  if (!locked && md_desk_get_intake (self->desk) == NULL)
    counter_window_show_page (self->window, "home");
}

/* --- clock --- */

/* The clock shows minutes: it wakes up when the next one begins, and not before. */
static gboolean
tick_cb (gpointer data)
{
  Binding *self = data;
  gint64 now = md_clock_get_wall_us (md_clock_get_system ());
  g_autofree char *clock = md_time_format_tokyo (now, MD_TIME_STYLE_CLOCK);
  g_autofree char *date = NULL;
  MdDate day;

  md_date_from_wall_us (now, &day);
  date = md_forms_in_japanese () ? md_era_format (&day) : md_date_format_iso (&day);
  g_object_set (self->model, "clock", clock, "date", date, NULL);
  g_object_set (self->login, "clock", clock, NULL);
  self->clock = g_timeout_add ((guint)((MINUTE_US - now % MINUTE_US) / 1000 + 1), tick_cb, self);
  return G_SOURCE_REMOVE;
}

/* --- lists --- */

static void
count_cb (GListModel *rows, guint position, guint removed, guint added, Binding *self)
{
  const char *property = g_object_get_data (G_OBJECT (rows), "counts");

  g_object_set (self->model, property, g_list_model_get_n_items (rows), NULL);
}

static void
bind_list (Binding *self, const char *property, const char *counts, GListModel *rows)
{
  g_object_set (self->model, property, rows, NULL);
  if (counts != NULL)
    {
      g_object_set_data_full (G_OBJECT (rows), "counts", g_strdup (counts), g_free);
      g_signal_connect (rows, "items-changed", G_CALLBACK (count_cb), self);
      count_cb (rows, 0, 0, 0, self);
    }
  g_object_unref (rows);
}

static void
bind_lists (Binding *self)
{
  bind_list (self, "intakes", NULL, counter_rows_of_intakes (md_desk_get_today (self->desk)));
  bind_list (self, "queue", "queue-count", counter_rows_of_queue (md_desk_get_queue (self->desk)));
}

/* --- what the person at the window wishes --- */

static void
lock_cb (Binding *self)
{
  md_desk_lock (self->desk);
}

static void
covered_cb (CounterWindow *window, gboolean covered, Binding *self)
{
  g_object_set (self->desk, "covered", covered, NULL);
}

static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, Binding *self)
{
  gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (now - self->touched >= TOUCH_EVERY_S && md_desk_get_state (self->desk) == MD_DESK_WORKING)
    {
      self->touched = now;
      md_desk_touch (self->desk);
    }
  return GDK_EVENT_PROPAGATE;
}

static void
retry_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  md_desk_retry_line (self->desk);
  counter_window_tell (self->window, _ ("The line is being tried."));
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_source_remove (self->clock);
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_object_unref (self->desk);
  g_free (self->line);
  g_free (self);
}

void
counter_bind_desk (CounterWindow *window, MdDesk *desk)
{
  static const GActionEntry entries[] = { { .name = "retry", .activate = retry_activated } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  GtkEventController *events = gtk_event_controller_legacy_new ();
  Binding *self = g_new0 (Binding, 1);

  self->window = window;
  self->model = counter_window_get_models (window)->desk;
  self->login = counter_window_get_models (window)->login;
  self->desk = g_object_ref (desk);
  self->waiting = G_MAXUINT;
  self->was_locked = TRUE;
  g_object_set_data_full (G_OBJECT (window), "bind-desk", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "queue", G_ACTION_GROUP (actions));
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect (events, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (window), events);
  g_signal_connect_data (window, "lock", G_CALLBACK (lock_cb), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect (window, "covered", G_CALLBACK (covered_cb), self);
  g_signal_connect_data (desk, "notify", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  bind_lists (self);
  (void)tick_cb (self);
  show (self);
}

void
counter_bind (CounterWindow *window, MdDesk *desk, GDBusConnection *connection)
{
  counter_bind_desk (window, desk);
  counter_bind_readers (window, desk);
  counter_bind_login (window, desk);
  counter_bind_staff_pin (window, desk);
  counter_bind_intake (window, desk);
  counter_bind_approval (window, desk);
  counter_bind_confirmation (window, desk);
  counter_bind_returned (window, desk);
  counter_bind_draft (window, desk);
  counter_bind_doctor (window, desk);
  counter_bind_log (window, connection);
}
