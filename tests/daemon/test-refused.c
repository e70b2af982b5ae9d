// SPDX-License-Identifier: Apache-2.0
/* Calls by who may not: each is refused, each leaves a trace, and a flood of them neither fills the
 * log nor stops the work. Run by with-world, which sets MADOGUCHI_WORLD. */
#include <string.h>

#include "md-audit.h"
#include "service-fixture.h"

#define NOWHERE "00000000000000000000000000000000"
#define FLOOD 10000u
#define IN_FLIGHT 100u /* a bus lets one connection wait for 128 answers */

/* Every method that needs a session, called with the session ID. */
static const struct
{
  const char *method;
  const char *arguments; /* after the session */
} calls[] = {
  { "Touch", "" },
  { "Lock", ", 'away'" },
  { "Logout", "" },
  { "ReserveIntake", ", 'pension.exemption'" },
  { "AbandonIntake", ", '0192a000-0000-7000-8000-000000000000', 'left'" },
  { "ListIntakes", ", 'all'" },
  { "GetIntake", ", '0192a000-0000-7000-8000-000000000000'" },
  { "Decide", ", '0192a000-0000-7000-8000-000000000000', uint32 2, (b'x', b'y', b'z')" },
  { "RecordEvent", ", {'event': <'print'>}" },
  { "RecordReaderRole", ", 'Virtual PCD 00 00', 'staff', ''" },
  { "TakeUpIntake", ", '0192a000-0000-7000-8000-000000000000'" },
  { "SubmitIntake", ", '0192a000-0000-7000-8000-000000000000', handle 0" },
  { "RaiseHold", ", '0192a000-0000-7000-8000-000000000000', 'x'" },
  { "ReleaseHold", ", '0192a000-0000-7000-8000-000000000000', b'x', b'y'" },
  { "NamePerson", ", '0192a000-0000-7000-8000-000000000000', {'who': <'x'>}" },
  { "CiteDelegation", ", '0192a000-0000-7000-8000-000000000000', {'number': <'x'>}" },
  { "DropDelegation", ", '0192a000-0000-7000-8000-000000000000'" },
  { "AskOcsp", ", b'x'" },
  { "AskOcspAt", ", 'http://127.0.0.1/', b'x'" },
};

static void
call (Desk *desk, guint i, const char *session, GError **error)
{
  g_autofree char *text = g_strdup_printf ("('%s'%s%s)", session, calls[i].arguments,
                                           *calls[i].arguments == '\0' ? "," : "");
  g_autoptr (GVariant) arguments = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      desk->connection, MD_BUS_NAME, MD_BUS_PATH, "org.madoguchi.Terminal1", calls[i].method,
      arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);

  g_assert_null (answer);
}

/* The last record is that of the refused CALL, and says who it was. */
static void
assert_traced (Fixture *f, Desk *desk, const char *method, const char *cause, const char *staff)
{
  g_autoptr (GPtrArray) list = service_read_log (f);
  const MdAuditRecord *last = g_ptr_array_index (list, list->len - 1);
  g_autofree char *wanted
      = g_strdup_printf ("cause=%s call=%s uid=%u peer=%s", cause, method, (guint)getuid (),
                         g_dbus_connection_get_unique_name (desk->connection));

  g_assert_cmpstr (last->event, ==, "call");
  g_assert_cmpint (last->outcome, ==, MD_AUDIT_REFUSED);
  g_assert_cmpstr (last->detail, ==, wanted);
  g_assert_cmpstr (last->staff, ==, staff);
}

static void
test_without_login (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (Desk) nobody = desk_new (NULL);
      g_autoptr (GError) error = NULL;

      call (nobody, i, NOWHERE, &error);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
      assert_traced (f, nobody, calls[i].method, "not-logged-in", "");
    }
}

/* Of one caller only so many are recorded one by one: half of them at a time. */
static void
after_lock (Fixture *f, guint from, guint to)
{
  service_login (f, "S0001");
  g_assert_true (
      md_bus_terminal1_call_lock_sync (f->desk->proxy, f->desk->session, "away", NULL, NULL));
  for (guint i = from; i < to; i++)
    {
      g_autoptr (GError) error = NULL;

      if (g_str_equal (calls[i].method, "Lock") || g_str_equal (calls[i].method, "Logout"))
        continue; /* a locked session may be locked and ended */
      call (f->desk, i, f->desk->session, &error);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_SESSION_LOCKED);
      assert_traced (f, f->desk, calls[i].method, "locked", "S0001");
    }
}

static void
test_after_lock (Fixture *f, gconstpointer data)
{
  after_lock (f, 0, G_N_ELEMENTS (calls) / 2);
}

static void
test_after_lock_as_well (Fixture *f, gconstpointer data)
{
  after_lock (f, G_N_ELEMENTS (calls) / 2, G_N_ELEMENTS (calls));
}

static void
test_with_anothers_session (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *intake = NULL;

  service_login (f, "S0001");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (Desk) thief = desk_new (NULL);
      g_autoptr (GError) refused = NULL;

      call (thief, i, f->desk->session, &refused);
      g_assert_error (refused, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
      assert_traced (f, thief, calls[i].method, "foreign-session", "");
    }
  /* Whose session it is does not feel any of it. */
  intake = desk_take_in (f->desk, "pension.exemption", &error);
  g_assert_no_error (error);
}

static void
test_after_logout (Fixture *f, gconstpointer data)
{
  g_autofree char *session = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  session = g_strdup (f->desk->session);
  g_assert_true (desk_logout (f->desk, NULL));
  call (f->desk, 3, session, &error);
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
  assert_traced (f, f->desk, "ReserveIntake", "not-logged-in", "");
}

static void
test_malformed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) rows = NULL;

  service_login (f, "S0001");
  g_assert_false (md_bus_terminal1_call_list_intakes_sync (f->desk->proxy, f->desk->session,
                                                           "no such", &rows, NULL, &error));
  assert_traced (f, f->desk, "ListIntakes", "no-such-list", "S0001");
  g_clear_error (&error);
  g_assert_false (md_bus_terminal1_call_record_event_sync (
      f->desk->proxy, f->desk->session, g_variant_new_parsed ("{'event': <'submit'>}"), NULL,
      &error));
  assert_traced (f, f->desk, "RecordEvent", "strange-event", "S0001");
  g_clear_error (&error);
  g_assert_false (md_bus_terminal1_call_record_event_sync (
      f->desk->proxy, f->desk->session,
      g_variant_new_parsed ("{'event': <'print'>, 'detail': <'born 19800101'>}"), NULL, &error));
  assert_traced (f, f->desk, "RecordEvent", "unclean-detail", "S0001");
}

static void
test_login_half (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (MdSecret) secret = md_secret_new_from_text ("whatever");
  GVariant *handle = md_bus_secret_append (fds, secret, NULL);

  g_assert_false (md_bus_terminal1_call_finish_login_sync (f->desk->proxy, NOWHERE,
                                                           g_variant_new_bytestring ("x"), handle,
                                                           fds, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_LOGIN_UNKNOWN);
  service_assert_recorded (f, "login", "refused", "cause=unknown-login");
}

/* --- Floods --- */

typedef struct
{
  GQuark domain; /* of the answer; 0: the call is taken */
  int expected;
  guint in_flight;
  guint answered;
} Flood;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Flood *flood = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (flood->domain != 0)
    g_assert_error (error, flood->domain, flood->expected);
  else
    g_assert_no_error (error);
  flood->in_flight--;
  flood->answered++;
}

static void
pour (Desk *desk, Flood *flood, guint in_flight)
{
  while (flood->in_flight >= in_flight)
    g_main_context_iteration (NULL, TRUE);
}

static void
send_call (Desk *desk, Flood *flood, const char *method, GVariant *arguments)
{
  pour (desk, flood, IN_FLIGHT);
  flood->in_flight++;
  g_dbus_connection_call (desk->connection, MD_BUS_NAME, MD_BUS_PATH, "org.madoguchi.Terminal1",
                          method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL,
                          answered_cb, flood);
}

/* Refusals of EVENT that the log tells of, as records and as numbers. */
static guint
count_told (Fixture *f, const char *event, const char *cause, guint *out_records)
{
  g_autoptr (GPtrArray) list = service_read_log (f);
  guint sum = 0;

  *out_records = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const MdAuditRecord *record = g_ptr_array_index (list, i);
      const char *more = strstr (record->detail, " more=");

      if (!g_str_equal (record->event, event) || strstr (record->detail, cause) == NULL)
        continue;
      g_assert_cmpint (record->outcome, !=, MD_AUDIT_DONE);
      ++*out_records;
      sum += more != NULL ? (guint)g_ascii_strtoull (more + strlen (" more="), NULL, 10) : 1;
    }
  return sum;
}

/* Few records, the right number, and meanwhile the officer at the desk takes in an application. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  g_autoptr (Desk) attacker = desk_new (NULL);
  Flood flood = { .domain = MD_BUS_ERROR, .expected = MD_BUS_ERROR_NOT_LOGGED_IN };
  guint records;

  service_login (f, "S0001");
  for (guint i = 0; i < FLOOD; i++)
    {
      send_call (attacker, &flood, "ReserveIntake",
                 g_variant_new ("(ss)", NOWHERE, "pension.exemption"));
      if (i == FLOOD / 2) /* with IN_FLIGHT calls on their way */
        g_free (service_take_in (f));
    }
  pour (attacker, &flood, 1);
  g_assert_cmpuint (flood.answered, ==, FLOOD);
  g_free (service_take_in (f));
  g_assert_cmpuint (service_queue_length (f), ==, 2);
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "call", "cause=not-logged-in", &records), ==, FLOOD);
  g_assert_cmpuint (records, <, 100);
  service_start (f);
}

/* The login's own refusals too, though nobody needs a session for it. */
static void
test_flood_of_unknown_cards (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->desk->world, "pki", "terminal.crt", NULL);
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (path, NULL);
  Flood flood = { .domain = MD_BUS_ERROR, .expected = MD_BUS_ERROR_CARD_UNKNOWN };
  guint records;

  for (guint i = 0; i < 2000; i++)
    send_call (f->desk, &flood, "BeginLogin",
               g_variant_new (
                   "(@ay)", g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                      md_certificate_get_der (certificate), TRUE)));
  pour (f->desk, &flood, 1);
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "login", "cause=unknown-card", &records), ==, 2000);
  g_assert_cmpuint (records, <, 100);
  service_start (f);
  service_login (f, "S0001");
}

/* An officer's own acts that are refused again and again. */
static void
test_flood_of_an_officer (Fixture *f, gconstpointer data)
{
  Flood flood = { .domain = MD_BUS_ERROR, .expected = MD_BUS_ERROR_NOT_PERMITTED };
  guint records;

  service_login (f, "S0001");
  for (guint i = 0; i < 2000; i++)
    send_call (f->desk, &flood, "AuditList", g_variant_new ("(tu)", G_GUINT64_CONSTANT (0), 10));
  pour (f->desk, &flood, 1);
  g_free (service_take_in (f));
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "audit-list", "cause=not-auditor", &records), ==, 2000);
  g_assert_cmpuint (records, <, 100);
  service_start (f);
}

/* A new connection for each call: no way around the limit, and none is left out of the count. */
static void
test_flood_of_connections (Fixture *f, gconstpointer data)
{
  guint records;

  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (Desk) desk = desk_new (NULL);
      g_autoptr (GError) error = NULL;

      call (desk, 0, NOWHERE, &error);
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_LOGGED_IN);
    }
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "call", "cause=", &records), ==, 400);
  g_assert_cmpuint (records, <, 200);
  service_start (f);
}

/* What the window tells: a card that fails again and again, nobody being logged in, and an
 * officer's. What was done in between has its record each time. */
static void
test_flood_of_mishaps (Fixture *f, gconstpointer data)
{
  Flood flood = { 0 };
  guint records;

  for (guint i = 0; i < 2000; i++)
    send_call (f->desk, &flood, "RecordMishap", g_variant_new ("(ss)", "staff-card", "mute"));
  pour (f->desk, &flood, 1);
  service_login (f, "S0001");
  for (guint i = 0; i < 2000; i++)
    {
      send_call (f->desk, &flood, "RecordEvent",
                 g_variant_new_parsed ("(%s, {'event': <'staff-card'>, 'outcome': <'failed'>,"
                                       " 'detail': <'action=seal cause=pin-wrong'>})",
                                       f->desk->session));
      if (i % 100 == 0)
        send_call (f->desk, &flood, "RecordEvent",
                   g_variant_new_parsed ("(%s, {'event': <'reveal'>, 'detail': <'field=p.mynum'>})",
                                         f->desk->session));
    }
  pour (f->desk, &flood, 1);
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "staff-card", "cause=mute", &records), ==, 2000);
  g_assert_cmpuint (records, <, 100);
  g_assert_cmpuint (count_told (f, "staff-card", "cause=pin-wrong", &records), ==, 2000);
  g_assert_cmpuint (records, <, 100);
  g_assert_cmpuint (service_count_recorded (f, "reveal", "done", "field=p.mynum"), ==, 20);
  service_start (f);
}

/* --- What no handler of ours sees --- */

static void
call_strangely (Desk *desk, const char *path, const char *interface, const char *method,
                GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (desk->connection, MD_BUS_NAME, path, interface, method,
                                     arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_null (answer);
  g_assert_cmpuint (error->domain, ==, G_DBUS_ERROR);
}

static void
assert_unserved (Fixture *f, Desk *desk, const char *cause)
{
  g_autofree char *wanted = g_strdup_printf ("cause=%s uid=%u peer=%s", cause, (guint)getuid (),
                                             g_dbus_connection_get_unique_name (desk->connection));

  service_assert_recorded (f, "call", "refused", wanted);
}

static void
test_unserved (Fixture *f, gconstpointer data)
{
  const char *interface = "org.madoguchi.Terminal1";
  g_autoptr (Desk) stranger = desk_new (NULL);

  call_strangely (stranger, MD_BUS_PATH, interface, "NoSuchMethod", NULL);
  assert_unserved (f, stranger, "unknown-method");
  call_strangely (stranger, MD_BUS_PATH, interface, "Touch", g_variant_new ("(u)", 7));
  assert_unserved (f, stranger, "wrong-arguments");
  call_strangely (stranger, MD_BUS_PATH, "org.example.Other", "Touch", g_variant_new ("(s)", "x"));
  assert_unserved (f, stranger, "unknown-method");
  call_strangely (stranger, "/org/example", interface, "Touch", g_variant_new ("(s)", "x"));
  assert_unserved (f, stranger, "unknown-method");
  call_strangely (stranger, MD_BUS_PATH, "org.freedesktop.DBus.Properties", "Set",
                  g_variant_new_parsed ("(%s, 'Office', <'x'>)", interface));
  assert_unserved (f, stranger, "wrong-arguments");
}

static void
test_flood_of_unserved (Fixture *f, gconstpointer data)
{
  Flood flood = { .domain = G_DBUS_ERROR, .expected = G_DBUS_ERROR_UNKNOWN_METHOD };
  guint records;

  for (guint i = 0; i < 2000; i++)
    send_call (f->desk, &flood, "NoSuchMethod", NULL);
  pour (f->desk, &flood, 1);
  service_stop (f, SIGTERM);
  g_assert_cmpuint (count_told (f, "call", "cause=unknown-method", &records), ==, 2000);
  g_assert_cmpuint (records, <, 100);
  service_start (f);
}

/* A closed list: no free word comes into the log from where nobody is logged in. */
static void
test_mishaps_of_no_list (Fixture *f, gconstpointer data)
{
  static const char *const strange[][2] = { { "staff-card", "tanaka" },
                                            { "staff-card", "" },
                                            { "login", "unknown-card" },
                                            { "left", "tanaka" },
                                            { "", "" } };

  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (md_bus_terminal1_call_record_mishap_sync (f->desk->proxy, strange[i][0],
                                                                strange[i][1], NULL, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      assert_traced (f, f->desk, "RecordMishap", "strange-event", "");
    }
}

/* --- Whom a card reader is for --- */

static gboolean
say_role (Desk *desk, const char *session, const char *reader, const char *role, const char *since,
          GError **error)
{
  return md_bus_terminal1_call_record_reader_role_sync (desk->proxy, session, reader, role, since,
                                                        NULL, error);
}

/* Who and which reader, and nothing that could be a person's: also where nobody is logged in. */
static void
test_reader_roles (Fixture *f, gconstpointer data)
{
  static const char reader[] = "Virtual PCD USB CCID (550420246011) 01 00";
  static const char word[] = "Virtual_PCD_USB_CCID_..6011_01_00";
  g_autofree char *unknown
      = g_strdup_printf ("role=staff reader=%s uid=%u peer=%s", word, (guint)getuid (),
                         g_dbus_connection_get_unique_name (f->desk->connection));
  g_autofree char *known = g_strdup_printf ("role=none reader=%s", word);
  g_autofree char *late
      = g_strdup_printf ("role=resident reader=%s since=2026-11-22T00:00:00.000Z", word);
  g_autofree char *refused = g_strdup_printf ("role=unregistered reader=%s", word);
  g_autoptr (GError) error = NULL;

  g_assert_true (say_role (f->desk, "", reader, "staff", "", &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "reader-role", "done", unknown);
  service_login (f, "S0001");
  g_assert_true (say_role (f->desk, f->desk->session, reader, "none", "", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (service_count_recorded (f, "reader-role", "done", known), ==, 1);
  g_autoptr (GPtrArray) list = service_read_log (f);
  const MdAuditRecord *last = g_ptr_array_index (list, list->len - 1);
  g_assert_cmpstr (last->staff, ==, "S0001");
  g_assert_cmpstr (last->detail, ==, known);
  g_assert_true (
      say_role (f->desk, f->desk->session, reader, "resident", "2026-11-22T00:00:00.000Z", &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "reader-role", "done", late);
  g_assert_true (say_role (f->desk, f->desk->session, reader, "unregistered", "", &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "reader-role", "refused", refused);
  /* The eleventh of them. */
  g_assert_true (say_role (f->desk, f->desk->session, "Virtual PCD 0A 00", "staff", "", &error));
  g_assert_no_error (error);
  service_assert_recorded (f, "reader-role", "done", "role=staff reader=Virtual_PCD_0A_00");
}

/* What is no reader, no role and no moment does not get into the log. */
static void
test_reader_roles_of_no_form (Fixture *f, gconstpointer data)
{
  static const char reader[] = "Virtual PCD 00 00";
  static const char *const strange[][3] = {
    { "tanaka", "staff", "" },
    { "\xe7\x94\xb0\xe4\xb8\xad 00 00", "staff", "" },
    { "a\nb 00 00", "staff", "" },
    { reader, "tanaka", "" },
    { reader, "", "" },
    { reader, "staff", "yesterday" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (say_role (f->desk, "", strange[i][0], strange[i][1], strange[i][2], &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      assert_traced (f, f->desk, "RecordReaderRole", "strange-event", "");
    }
  g_assert_cmpuint (service_count_recorded (f, "reader-role", "done", ""), ==, 0);
}

/* A PIN of a resident's card, changed or not: who sat there, and nothing else. */
static void
test_card_pins (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *pin, *cause, *outcome; /* NULL: no such thing */
  } rows[] = {
    { "auth", "", "done" },          { "sign", "pin-wrong", "refused" },
    { "text", "removed", "failed" }, { "auth", "old-or-new", "failed" },
    { "tanaka", "", NULL },          { "", "", NULL },
    { "auth", "1234", NULL },        { "auth", "unknown-card", NULL },
  };
  const char *peer = g_dbus_connection_get_unique_name (f->desk->connection);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *said = g_strdup_printf (
          "%s%s%spin=%s uid=%u peer=%s", *rows[i].cause != '\0' ? "cause=" : "", rows[i].cause,
          *rows[i].cause != '\0' ? " " : "", rows[i].pin, (guint)getuid (), peer);
      gboolean taken = md_bus_terminal1_call_record_card_pin_sync (f->desk->proxy, rows[i].pin,
                                                                   rows[i].cause, NULL, &error);

      g_assert_cmpint (taken, ==, rows[i].outcome != NULL);
      if (taken)
        {
          service_assert_recorded (f, "card-pin", rows[i].outcome, said);
          continue;
        }
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID);
      assert_traced (f, f->desk, "RecordCardPin", "strange-event", "");
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/refused/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("without-login", test_without_login);
  ADD ("after-lock", test_after_lock);
  ADD ("after-lock-as-well", test_after_lock_as_well);
  ADD ("with-anothers-session", test_with_anothers_session);
  ADD ("after-logout", test_after_logout);
  ADD ("malformed", test_malformed);
  ADD ("login-half", test_login_half);
  ADD ("flood", test_flood);
  ADD ("flood-of-unknown-cards", test_flood_of_unknown_cards);
  ADD ("flood-of-an-officer", test_flood_of_an_officer);
  ADD ("flood-of-connections", test_flood_of_connections);
  ADD ("flood-of-mishaps", test_flood_of_mishaps);
  ADD ("unserved", test_unserved);
  ADD ("flood-of-unserved", test_flood_of_unserved);
  ADD ("mishaps-of-no-list", test_mishaps_of_no_list);
  ADD ("reader-roles", test_reader_roles);
  ADD ("reader-roles-of-no-form", test_reader_roles_of_no_form);
  ADD ("card-pins", test_card_pins);
  return service_run ();
}
