// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"
#include "log-words.h"

#include <glib/gi18n.h>
#include <md-bus.h>

#define LOG_SHOWN 200

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  GDBusConnection *connection;
  MdBusTerminal1 *service; /* NULL until it is first needed */
  GCancellable *cancellable;
} Binding;

static const struct
{
  const char *outcome;
  const char *state;
  const char *word;
} outcomes[] = {
  { "done", "ok", N_ ("done") },
  { "refused", "stop", N_ ("refused") },
  { "failed", "deferred", N_ ("failed") },
};

static const char *
text_of (GVariant *record, const char *key)
{
  const char *text = "";

  (void)g_variant_lookup (record, key, "&s", &text);
  return text;
}

/* The service acts, too. */
static const char *
who_of (GVariant *record)
{
  const char *staff = text_of (record, "staff");

  return *staff != '\0' ? staff : _ ("This terminal");
}

static CounterModel *
make_row (GVariant *record)
{
  guint64 seq = 0;
  gint64 wall = 0;
  g_autofree char *lead = NULL;
  g_autofree char *time = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *below = NULL;
  const char *outcome = text_of (record, "outcome");
  guint kind = 0;

  (void)g_variant_lookup (record, "seq", "t", &seq);
  lead = g_strdup_printf ("%06" G_GUINT64_FORMAT, seq);
  time = md_time_parse_rfc3339 (text_of (record, "time"), &wall, NULL) ? md_time_format_tokyo (
             wall, md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO)
                                                                       : g_strdup ("");
  detail = log_words_detail (text_of (record, "detail"));
  below = g_strdup_printf ("%s  %s  %s", who_of (record), text_of (record, "reason"), detail);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcome, outcomes[i].outcome) == 0)
      kind = i;
  return g_object_new (COUNTER_TYPE_ROW_ITEM, "lead", lead, "title",
                       log_words_event (text_of (record, "event")), "subtitle", below, "time", time,
                       "state", outcomes[kind].state, "word", _ (outcomes[kind].word), NULL);
}

static void
tell_failure (Binding *self, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_dbus_error_strip_remote_error (error);
  g_object_set (self->model, "log-note", error->message, "log-state", "deferred", NULL);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) records = NULL;
  g_autoptr (GListStore) rows = NULL;

  if (!md_bus_terminal1_call_audit_list_finish (MD_BUS_TERMINAL1 (source), &records, result,
                                                &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tell_failure (data, error);
      return;
    }
  Binding *self = data;
  rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  for (gsize i = g_variant_n_children (records); i > 0; i--)
    {
      g_autoptr (GVariant) record = g_variant_get_child_value (records, i - 1);
      g_autoptr (CounterModel) row = make_row (record);
      g_list_store_append (rows, row);
    }
  g_object_set (self->model, "log", rows, "log-count",
                g_list_model_get_n_items (G_LIST_MODEL (rows)), NULL);
}

static void
verified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Binding *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *note = NULL;
  guint64 count = 0, bad = 0;
  gboolean intact;

  if (!md_bus_terminal1_call_audit_verify_finish (MD_BUS_TERMINAL1 (source), &answer, result,
                                                  &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tell_failure (self, error);
      return;
    }
  intact = g_strcmp0 (text_of (answer, "verdict"), "intact") == 0;
  (void)g_variant_lookup (answer, "count", "t", &count);
  (void)g_variant_lookup (answer, "first_bad", "t", &bad);
  note = intact && count > LOG_SHOWN
             ? g_strdup_printf (_ ("%llu records, unchanged; the newest %d are shown"),
                                (unsigned long long)count, LOG_SHOWN)
         : intact
             ? g_strdup_printf (_ ("%llu records, unchanged"), (unsigned long long)count)
             : g_strdup_printf (_ ("Record %llu does not fit. Tell the auditor; do not work on."),
                                (unsigned long long)bad);
  g_object_set (self->model, "log-note", note, "log-state", intact ? "ok" : "stop", NULL);
  md_bus_terminal1_call_audit_list (self->service, count > LOG_SHOWN ? count - LOG_SHOWN : 0,
                                    LOG_SHOWN, self->cancellable, listed_cb, self);
}

static void
verify (Binding *self)
{
  g_object_set (self->model, "log-note", _ ("The log is being checked"), "log-state", "wait", NULL);
  md_bus_terminal1_call_audit_verify (self->service, self->cancellable, verified_cb, self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  MdBusTerminal1 *service = md_bus_terminal1_proxy_new_finish (result, &error);

  if (service != NULL)
    {
      ((Binding *)data)->service = service;
      verify (data);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_failure (data, error);
}

static void
verify_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Binding *self = data;

  if (self->service != NULL)
    verify (self);
  else
    md_bus_terminal1_proxy_new (self->connection, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, MD_BUS_NAME,
                                MD_BUS_PATH, self->cancellable, connected_cb, self);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_clear_object (&self->service);
  g_object_unref (self->model);
  g_object_unref (self->connection);
  g_free (self);
}

void
counter_bind_log (CounterWindow *window, GDBusConnection *connection)
{
  static const GActionEntry entries[] = { { .name = "verify", .activate = verify_activated } };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  Binding *self = g_new0 (Binding, 1);

  self->window = window;
  self->model = g_object_ref (counter_window_get_models (window)->desk);
  self->connection = g_object_ref (connection);
  self->cancellable = g_cancellable_new ();
  g_object_set_data_full (G_OBJECT (window), "bind-log", self, binding_free);
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "log", G_ACTION_GROUP (actions));
}
