// SPDX-License-Identifier: Apache-2.0
#include "counter.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>

/* --- the world --- */

MdClock *counter_clock;

static JsonObject *
fact (Counter *self, const char *kind, const char *name)
{
  JsonObject *root = json_node_get_object (json_parser_get_root (self->facts));

  return json_object_get_object_member (json_object_get_object_member (root, kind), name);
}

JsonObject *
counter_person (Counter *self, const char *name)
{
  return fact (self, "people", name);
}

MdSecret *
counter_pin (Counter *self, const char *person, const char *which)
{
  JsonObject *pins = json_object_get_object_member (counter_person (self, person), "pins");

  return md_secret_new_from_text (json_object_get_string_member (pins, which));
}

MdSecret *
counter_staff_secret (Counter *self, const char *staff, const char *which)
{
  return md_secret_new_from_text (
      json_object_get_string_member (fact (self, "staff", staff), which));
}

char *
counter_order (Counter *self, const char *role, const char *command)
{
  const char *path = json_object_get_string_member (fact (self, "readers", role), "control");
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autoptr (GError) error = NULL;
  char *answer;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                             strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  if (!g_str_has_prefix (answer, "ok"))
    g_error ("vcard %s: %s: %s", role, command, answer);
  return answer;
}

void
counter_insert (Counter *self, const char *role, const char *card)
{
  g_autofree char *command = g_strdup_printf ("insert %s/cards/%s", self->world, card);
  gint64 end = g_get_monotonic_time () + PATIENCE;

  g_free (counter_order (self, role, command));
  while (g_get_monotonic_time () < end)
    {
      g_autofree char *status = counter_order (self, role, "status");

      if (strstr (status, " taken=yes"))
        return;
      counter_turn (20);
    }
  g_error ("%s is not taken by the %s reader", card, role);
}

void
counter_remove (Counter *self, const char *role)
{
  g_free (counter_order (self, role, "remove"));
}

static gboolean
is_card_seen (Counter *self, const char *role)
{
  MdCardReader *reader = md_pcsc_get_reader (
      self->pcsc, g_str_equal (role, "staff") ? MD_CARD_ROLE_STAFF : MD_CARD_ROLE_RESIDENT);

  return reader && md_card_reader_get_slot (reader) == MD_CARD_SLOT_PRESENT;
}

void
counter_swap (Counter *self, const char *role, const char *card)
{
  counter_remove (self, role);
  await (!is_card_seen (self, role));
  counter_insert (self, role, card);
  await (is_card_seen (self, role));
}

/* --- turning the loop --- */

static gboolean
ring_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

void
counter_turn (guint milliseconds)
{
  gboolean rung = FALSE;

  g_timeout_add (milliseconds, ring_cb, &rung);
  while (!rung)
    g_main_context_iteration (NULL, TRUE);
}

void
counter_wait (gpointer object, const char *property, int value)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  int now = -1;

  while (g_get_monotonic_time () < end)
    {
      g_object_get (object, property, &now, NULL);
      if (now == value)
        return;
      counter_turn (5);
    }
  g_error ("%s.%s is %d, not %d", G_OBJECT_TYPE_NAME (object), property, now, value);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **slot)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!*slot && g_get_monotonic_time () < end)
    counter_turn (5);
  g_assert_nonnull (*slot);
  return *slot;
}

/* --- the service --- */

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, &error);
  GDBusConnection *connection;

  g_assert_no_error (error);
  connection = g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static void
name_cb (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  *(gboolean *)data = TRUE;
}

static void
wait_for_service (Counter *self)
{
  gboolean there = FALSE;
  gint64 end = g_get_monotonic_time () + PATIENCE;
  guint watch = g_bus_watch_name_on_connection (
      self->connection, MD_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, name_cb, NULL, &there, NULL);

  while (!there && g_get_monotonic_time () < end)
    counter_turn (5);
  g_assert_true (there);
  g_bus_unwatch_name (watch);
}

void
counter_start_daemon (Counter *self)
{
  g_autofree char *program
      = g_build_filename (g_getenv ("MADOGUCHI_BUILD"), "src", "daemon", "madoguchid", NULL);
  g_autofree char *folder = g_path_get_dirname (self->settings);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;

  /* What systemd gives it under /run: a restart leaves it. */
  g_subprocess_launcher_setenv (launcher, "RUNTIME_DIRECTORY", folder, TRUE);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, program, "--config", self->settings,
                                              "--session", NULL);
  g_assert_no_error (error);
  wait_for_service (self);
}

void
counter_stop_daemon (Counter *self, int signal_number)
{
  g_subprocess_send_signal (self->daemon, signal_number);
  g_assert_true (g_subprocess_wait (self->daemon, NULL, NULL));
  g_clear_object (&self->daemon);
}

/* Each costs a good part of a second here, and hardly any test has all officers at work: the clerk
 * has one at once, others get theirs with their first login. */
static void
give_password (Counter *self, const char *staff)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdBusTerminal1) proxy = md_bus_terminal1_proxy_new_sync (
      self->connection, G_DBUS_PROXY_FLAGS_NONE, MD_BUS_NAME, MD_BUS_PATH, NULL, &error);

  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (MdSecret) password = counter_staff_secret (self, staff, "password");
  GVariant *handle = NULL;

  g_assert_no_error (error);
  if (!g_hash_table_add (self->with_password, g_strdup (staff)))
    return;
  handle = md_bus_secret_append (fds, password, &error);
  g_assert_no_error (error);
  md_bus_terminal1_call_set_password_sync (proxy, staff, handle, fds, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
start_desk (Counter *self)
{
  g_autofree char *shipped
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms", NULL);
  const char *forms = g_getenv ("COUNTER_FORMS") ? g_getenv ("COUNTER_FORMS") : shipped;
  g_autofree char *crl = g_build_filename (self->world, "crl", NULL);
  g_autofree char *anchor = g_build_filename (self->world, "pki", "policy-root.crt", NULL);
  g_autoptr (GError) error = NULL;
  MdDeskParts parts = { .connection = self->connection,
                        .clock = counter_clock,
                        .policy_anchor = anchor,
                        .crl_dir = g_getenv ("COUNTER_WITHOUT_CRL") ? NULL : crl };

  self->catalogue = md_catalogue_load (forms, &error);
  g_assert_no_error (error);
  self->readers = late_backend_new ();
  self->pcsc = md_pcsc_new_for_backend (MD_CARD_BACKEND (self->readers));
  md_pcsc_set_role (self->pcsc, MD_CARD_ROLE_RESIDENT,
                    json_object_get_string_member (fact (self, "readers", "resident"), "name"));
  md_pcsc_set_role (self->pcsc, MD_CARD_ROLE_STAFF,
                    json_object_get_string_member (fact (self, "readers", "staff"), "name"));
  parts.pcsc = self->pcsc;
  parts.catalogue = self->catalogue;
  self->desk = md_desk_new (&parts);
  md_pcsc_start (self->pcsc);
  md_desk_start (self->desk);
}

/* Every test of a program has its own state directory, so that intakes do not add up. */
static void
make_settings (Counter *self)
{
  static guint serial;
  g_autofree char *from = g_build_filename (self->world, "terminal", "terminal.ini", NULL);
  g_autofree char *state = g_strdup_printf ("%s/terminal/state-%u", self->world, serial);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  self->settings = g_strdup_printf ("%s/terminal/terminal-%u.ini", self->world, serial++);
  g_key_file_load_from_file (file, from, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (state, 0700), ==, 0);
  g_key_file_set_string (file, "terminal", "state_dir", state);
  if (g_getenv ("COUNTER_FORMS"))
    g_key_file_set_string (file, "terminal", "forms_dir", g_getenv ("COUNTER_FORMS"));
  g_key_file_save_to_file (file, self->settings, &error);
  g_assert_no_error (error);
}

Counter *
counter_new (void)
{
  Counter *self = g_new0 (Counter, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *facts = NULL;

  self->world = g_strdup (g_getenv ("MADOGUCHI_WORLD"));
  g_assert_nonnull (self->world);
  facts = g_build_filename (self->world, "world.json", NULL);
  self->facts = json_parser_new ();
  json_parser_load_from_file (self->facts, facts, &error);
  g_assert_no_error (error);
  make_settings (self);
  self->connection = connect_to_bus ();
  counter_start_daemon (self);
  self->with_password = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  give_password (self, "S0001");
  start_desk (self);
  counter_wait (self->desk, "state", MD_DESK_LOGGED_OUT);
  return self;
}

void
counter_free (Counter *self)
{
  counter_remove (self, "resident");
  counter_remove (self, "staff");
  md_pcsc_stop (self->pcsc);
  /* An answer of the service may still be on its way to it, and make it ask again: looked at last.
   */
  for (guint i = 0; i == 0 || g_atomic_int_get (&G_OBJECT (self->desk)->ref_count) > 1; i++)
    {
      g_assert_cmpuint (i, <, 1800);
      counter_turn (50);
    }
  g_assert_finalize_object (g_steal_pointer (&self->desk));
  g_clear_object (&self->pcsc);
  g_clear_object (&self->readers);
  g_clear_object (&self->catalogue);
  if (self->daemon)
    counter_stop_daemon (self, SIGTERM);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_object (&self->facts);
  g_hash_table_unref (self->with_password);
  g_free (self->settings);
  g_free (self->world);
  g_free (self);
}

/* --- what people do --- */

void
counter_login (Counter *self, const char *staff)
{
  g_autofree char *card = g_strconcat ("staff-", staff, NULL);

  counter_login_with (self, staff, card);
}

void
counter_login_with (Counter *self, const char *staff, const char *card)
{
  g_autoptr (MdSecret) password = counter_staff_secret (self, staff, "password");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  MdLogin *login = md_desk_get_login (self->desk);

  give_password (self, staff);
  counter_remove (self, "staff");
  counter_wait (login, "wait", MD_LOGIN_WAIT_CARD);
  counter_insert (self, "staff", card);
  counter_wait (login, "wait", MD_LOGIN_WAIT_PASSWORD);
  md_login_submit_async (login, password, NULL, result_cb, &result);
  g_assert_true (md_login_submit_finish (login, wait_result (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint (md_desk_get_state (self->desk), ==, MD_DESK_WORKING);
}

gboolean
counter_choose (MdIntake *intake, MdForm *form, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_intake_choose_async (intake, form, NULL, result_cb, &result);
  return md_intake_choose_finish (intake, wait_result (&result), error);
}

static void
count_cb (guint *count)
{
  ++*count;
}

/* Whoever typed the PINs is told when the card has taken them. */
gboolean
counter_identify_with (MdIntake *intake, MdSecret *text, MdSecret *auth, gboolean last_try,
                       GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  const guint all = MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_TEXT)
                    | MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_AUTH)
                    | MD_IDENTIFY_CONFIRMS (MD_CARD_PIN_SIGN);

  guint used = 0;
  const gulong handler
      = g_signal_connect_swapped (intake, "pins-used", G_CALLBACK (count_cb), &used);

  md_intake_identify_async (intake, text, auth, last_try ? all : 0, NULL, result_cb, &result);
  const gboolean identified = md_intake_identify_finish (intake, wait_result (&result), error);
  g_signal_handler_disconnect (intake, handler);
  g_assert_true (!identified || used == 1);
  return identified;
}

gboolean
counter_identify (Counter *self, MdIntake *intake, const char *person, GError **error)
{
  g_autoptr (MdSecret) text = counter_pin (self, person, "text");
  g_autoptr (MdSecret) auth = counter_pin (self, person, "auth");

  return counter_identify_with (intake, text, auth, FALSE, error);
}

gboolean
counter_submit_with (MdIntake *intake, MdSecret *pin, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_intake_submit_async (intake, pin, NULL, result_cb, &result);
  return md_intake_submit_finish (intake, wait_result (&result), error);
}

gboolean
counter_submit (Counter *self, MdIntake *intake, const char *staff, GError **error)
{
  g_autoptr (MdSecret) pin = staff ? counter_staff_secret (self, staff, "pin") : NULL;

  return counter_submit_with (intake, pin, error);
}

gboolean
counter_open_with (MdApproval *approval, MdSecret *pin, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_approval_open_async (approval, pin, NULL, result_cb, &result);
  return md_approval_open_finish (approval, wait_result (&result), error);
}

gboolean
counter_open (Counter *self, MdApproval *approval, const char *staff, GError **error)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (self, staff, "pin");

  return counter_open_with (approval, pin, error);
}

gboolean
counter_decide_with (MdApproval *approval, MdDecisionKind kind, const char *reason, MdSecret *pin,
                     GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_approval_decide_async (approval, kind, reason, pin, NULL, result_cb, &result);
  return md_approval_decide_finish (approval, wait_result (&result), error);
}

gboolean
counter_decide (Counter *self, MdApproval *approval, MdDecisionKind kind, const char *reason,
                const char *staff, GError **error)
{
  g_autoptr (MdSecret) pin = counter_staff_secret (self, staff, "pin");

  return counter_decide_with (approval, kind, reason, pin, error);
}

gboolean
counter_settle_with (MdReturned *returned, MdDecisionKind kind, MdSecret *pin, GError **error)
{
  g_autoptr (MdReason) reason = g_list_model_get_item (md_returned_get_reasons (returned, kind), 0);
  g_autoptr (GAsyncResult) result = NULL;

  md_returned_settle_async (returned, kind, md_reason_get_code (reason), pin, NULL, result_cb,
                            &result);
  return md_returned_settle_finish (returned, wait_result (&result), error);
}

gboolean
counter_withdraw_with (MdReturned *returned, MdSecret *pin, GError **error)
{
  return counter_settle_with (returned, MD_DECISION_WITHDRAW, pin, error);
}

gboolean
counter_log_in_in_vain (MdLogin *login, MdSecret *password, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  md_login_submit_async (login, password, NULL, result_cb, &result);
  return !md_login_submit_finish (login, wait_result (&result), error);
}

/* Whether the first words of FOUND are those of SAID. */
static gboolean
begins_with (const char *found, const char *said)
{
  gsize length = strlen (said);

  return g_str_has_prefix (found, said) && (found[length] == '\0' || found[length] == ' ');
}

/* The log is read from a connection that nobody is logged in on: the officer at the desk may not.
 */
static char *
read_last_record (MdBusTerminal1 *proxy, const char *event, const char *said, guint *out_count)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  char *found = g_strdup ("nothing");

  *out_count = 0;
  md_bus_terminal1_call_audit_list_sync (proxy, 0, 1000, &rows, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      const char *name = NULL, *outcome = NULL, *detail = NULL;

      g_assert_true (g_variant_lookup (row, "event", "&s", &name));
      g_assert_true (g_variant_lookup (row, "outcome", "&s", &outcome));
      g_assert_true (g_variant_lookup (row, "detail", "&s", &detail));
      if (!g_str_equal (name, event))
        continue;
      g_free (found);
      found = g_strconcat (outcome, " ", detail, NULL);
      *out_count += begins_with (found, said) ? 1 : 0;
    }
  return found;
}

guint
counter_count_recorded (Counter *self, const char *event, const char *said)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  g_autoptr (MdBusTerminal1) proxy = md_bus_terminal1_proxy_new_sync (
      connection, G_DBUS_PROXY_FLAGS_NONE, MD_BUS_NAME, MD_BUS_PATH, NULL, NULL);
  guint count = 0;

  g_free (read_last_record (proxy, event, said, &count));
  g_dbus_connection_close_sync (connection, NULL, NULL);
  return count;
}

void
counter_assert_recorded (Counter *self, const char *event, const char *said)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  g_autoptr (MdBusTerminal1) proxy = md_bus_terminal1_proxy_new_sync (
      connection, G_DBUS_PROXY_FLAGS_NONE, MD_BUS_NAME, MD_BUS_PATH, NULL, NULL);
  guint count = 0;
  g_autofree char *found = read_last_record (proxy, event, said, &count);
  gint64 end = g_get_monotonic_time () + PATIENCE;

  /* The desk does not wait for its records. */
  while (!begins_with (found, said) && g_get_monotonic_time () < end)
    {
      counter_turn (100);
      g_free (found);
      found = read_last_record (proxy, event, said, &count);
    }
  g_dbus_connection_close_sync (connection, NULL, NULL);
  if (!begins_with (found, said))
    g_assert_cmpstr (found, ==, said);
}

/* --- running --- */

static void
run_cb (gconstpointer data)
{
  const CounterTest *test = data;
  Counter *counter = counter_new ();

  test->run (counter);
  counter_free (counter);
}

int
counter_run (int argc, char **argv, const CounterTest *tests, gsize n_tests)
{
  g_autoptr (GTestDBus) bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_dbus_up (bus);
  for (gsize i = 0; i < n_tests; i++)
    g_test_add_data_func (tests[i].path, &tests[i], run_cb);
  status = g_test_run ();
  g_test_dbus_down (bus);
  return status;
}
