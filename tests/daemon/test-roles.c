// SPDX-License-Identifier: Apache-2.0
/* Every role against every call of the interface: what a role does not include is refused at the
 * door and is in the log; and what is another section's stays there. Run by with-world, which sets
 * MADOGUCHI_WORLD. */
#include <string.h>

#include "md-audit.h"
#include "hold-fixture.h"

#define SOME "0192a000-0000-7000-8000-000000000000"

static const char *const work[]
    = { "clerk-number", "clerk", "checker", "supervisor", "branch", NULL };
static const char *const log_readers[] = { "admin", "auditor", NULL };
static const char *const queue_readers[] = { "clerk-number", "clerk",  "checker",
                                             "supervisor",   "branch", "admin",
                                             "auditor",      "sync",   NULL };

/* Whom a method of the interface is for. Each method has a line. */
typedef enum
{
  ANYBODY,   /* who is at the bus: no intake is told of */
  LOGGED_IN, /* whoever is logged in */
  WORK,      /* who takes in or decides */
  LOG,       /* who reads the log */
  QUEUE,     /* who has the page of what waits for the line */
  SUPERUSER, /* who administers the machine, whatever the officer's role */
} Whose;

static const struct
{
  const char *method;
  Whose whose;
  const char *arguments; /* after the session */
} calls[] = {
  { "BeginLogin", ANYBODY, NULL },
  { "FinishLogin", ANYBODY, NULL },
  { "Logout", LOGGED_IN, NULL }, /* last of all */
  { "Lock", LOGGED_IN, NULL },
  { "Touch", LOGGED_IN, "" },
  { "GetPolicy", ANYBODY, NULL },
  { "ReserveIntake", WORK, ", 'no.such'" },
  { "TakeUpIntake", WORK, ", '" SOME "'" },
  { "AbandonIntake", WORK, ", '" SOME "', 'left'" },
  { "SubmitIntake", WORK, ", '" SOME "', handle 0" },
  { "ListIntakes", WORK, ", 'all'" },
  { "GetIntake", WORK, ", '" SOME "'" },
  { "Decide", WORK, ", '" SOME "', uint32 2, (b'x', b'y', b'z')" },
  { "RecordEvent", LOGGED_IN, ", {'event': <'error'>, 'outcome': <'failed'>}" },
  { "RecordMishap", ANYBODY, NULL },
  { "QueueList", QUEUE, NULL },
  { "RetryNow", QUEUE, NULL },
  { "LineStatus", ANYBODY, NULL },
  { "Health", ANYBODY, NULL },
  { "AuditList", LOG, NULL },
  { "AuditVerify", LOG, NULL },
  { "ErasureList", LOG, NULL },
  { "RetentionList", ANYBODY, NULL },
  { "SetPassword", SUPERUSER, NULL },
  { "ParkApplication", SUPERUSER, NULL },
  { "ReleaseApplication", SUPERUSER, NULL },
  { "RaiseHold", WORK, ", '" SOME "', 'x'" },
  { "ReleaseHold", WORK, ", '" SOME "', b'x', b'y'" },
  { "AskOcsp", WORK, ", b'x'" },
  { "FetchLists", SUPERUSER, NULL },
  { "AddList", SUPERUSER, NULL },
  { "CreateBackup", SUPERUSER, NULL },
  { "ListBackups", SUPERUSER, NULL },
  { "RegisterMedium", SUPERUSER, NULL },
  { "RetireMedium", SUPERUSER, NULL },
  { "ListMedia", SUPERUSER, NULL },
  { "PrepareMedium", SUPERUSER, NULL },
  { "ReleaseMedium", SUPERUSER, NULL },
  { "GetMediumItem", SUPERUSER, NULL },
  { "NoteMedium", SUPERUSER, NULL },
  { "DisposeMedium", SUPERUSER, NULL },
  { "TakeReceipt", SUPERUSER, NULL },
  { "GetSignedPolicy", ANYBODY, NULL },
  { "AskOcspAt", WORK, ", 'http://127.0.0.1/', b'x'" },
  { "NamePerson", WORK, ", '" SOME "', {'who': <'x'>}" },
  { "RecordReaderRole", LOGGED_IN, ", 'Virtual PCD 00 00', 'staff', ''" },
  { "RecordCardPin", ANYBODY, NULL },
  { "CiteDelegation", WORK, ", '" SOME "', {'number': <'x'>}" },
  { "DropDelegation", WORK, ", '" SOME "'" },
  { "GetNotice", WORK, ", '" SOME "'" },
  { "AcknowledgeNotice", WORK, ", '" SOME "'" },
  { "KeepDraft", WORK, ", '" SOME "', handle 0" },
  { "KeepVisit", WORK, ", ('" SOME "', 'pension.exemption'), handle 0" },
  { "SuspendIntake", WORK, ", '" SOME "', handle 0" },
  { "ListDrafts", WORK, "" },
  { "GetDraft", WORK, ", '" SOME "'" },
  { "ResumeIntake", WORK, ", '" SOME "'" },
  { "EraseDraft", WORK, ", '" SOME "'" },
};

/* A method that comes new has to say whose it is. */
static void
test_every_method_has_a_line (void)
{
  const GDBusInterfaceInfo *info = md_bus_terminal1_interface_info ();
  guint n = 0;

  for (; info->methods[n] != NULL; n++)
    {
      gboolean found = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
        found = found || g_str_equal (calls[i].method, info->methods[n]->name);
      g_test_message ("%s", info->methods[n]->name);
      g_assert_true (found);
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (calls));
}

/* The first one takes the place of the ward's own, which the service goes by until it starts anew.
 */
static void
put_in_force (Fixture *f, JsonParser *parser, guint version)
{
  service_put_policy (f, parser);
  if (version == 2)
    service_restart (f, SIGTERM);
  else
    service_read_policy (f, version);
}

/* --- The ten roles --- */

/* The ward's policy in which the second of its officers has this role, and the procedures are for
 * every role that works on applications. */
static void
give_role (Fixture *f, guint version, const char *role)
{
  static const char clerks[] = "[\"clerk-number\", \"clerk\", \"branch\"]";
  static const char approvers[] = "[\"supervisor\", \"checker\"]";
  JsonObject *root, *procedures;
  g_autoptr (JsonParser) parser = service_load_policy (version, 3600, &root);
  g_autoptr (GList) ids = NULL;
  JsonArray *roles = json_array_new ();

  json_array_add_string_element (roles, role);
  json_object_set_array_member (
      json_array_get_object_element (json_object_get_array_member (root, "staff"), 1), "roles",
      roles);
  procedures = json_object_get_object_member (root, "procedures");
  ids = json_object_get_members (procedures);
  for (GList *l = ids; l != NULL; l = l->next)
    {
      JsonObject *rules = json_object_get_object_member (procedures, l->data);

      json_object_set_member (rules, "clerks", json_from_string (clerks, NULL));
      json_object_set_member (rules, "approvers", json_from_string (approvers, NULL));
    }
  put_in_force (f, parser, version);
}

/* Calls METHOD as whoever is logged in; what came back is of no interest where it is not refused.
 */
static void
call (Fixture *f, const char *method, const char *after_session, GError **error)
{
  g_autofree char *text = g_strdup_printf ("('%s'%s%s)", f->desk->session, after_session,
                                           *after_session == '\0' ? "," : "");
  g_autoptr (GVariant) arguments = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      f->desk->connection, MD_BUS_NAME, MD_BUS_PATH, "org.madoguchi.Terminal1", method, arguments,
      NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
}

/* The officer's refused call is the last record. */
static gboolean
is_refused_at_the_door (Fixture *f, const char *method)
{
  g_autoptr (GPtrArray) list = service_read_log (f);
  const MdAuditRecord *last = g_ptr_array_index (list, list->len - 1);
  g_autofree char *begins = g_strdup_printf ("cause=not-permitted call=%s ", method);

  return g_str_equal (last->event, "call") && last->outcome == MD_AUDIT_REFUSED
         && g_str_equal (last->staff, "S0002") && g_str_has_prefix (last->detail, begins);
}

/* Of one caller only so many refusals are recorded one by one: a connection of its own for each
 * few. */
static void
log_in_again (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  desk_free (f->desk);
  f->desk = desk_new (&error);
  g_assert_no_error (error);
  service_login (f, "S0002");
}

static void
assert_each_call (Fixture *f, const char *role)
{
  const gboolean works = g_strv_contains (work, role);
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GError) error = NULL;

      if (calls[i].arguments == NULL)
        continue;
      if (n++ % 8 == 0)
        log_in_again (f);
      call (f, calls[i].method, calls[i].arguments, &error);
      g_test_message ("%s: %s: %s", role, calls[i].method,
                      error != NULL ? error->message : "taken");
      if (calls[i].whose == WORK && !works)
        {
          g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
          g_assert_true (is_refused_at_the_door (f, calls[i].method));
        }
      else
        g_assert_false (is_refused_at_the_door (f, calls[i].method));
    }
}

/* What happens with an application happens to nobody else. */
static void
assert_each_event (Fixture *f, const char *role)
{
  static const char *const of_work[] = { "identification", "reference", "reveal", "print" };
  const gboolean works = g_strv_contains (work, role);

  log_in_again (f);
  for (gsize i = 0; i < G_N_ELEMENTS (of_work); i++)
    {
      g_autofree char *event
          = g_strdup_printf (", {'event': <'%s'>, 'reason': <'R01'>}", of_work[i]);
      g_autoptr (GError) error = NULL;

      call (f, "RecordEvent", event, &error);
      if (works)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
          g_assert_true (is_refused_at_the_door (f, "RecordEvent"));
        }
    }
}

static void
assert_the_log (Fixture *f, const char *role)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GVariant) verdict = NULL;
  g_autoptr (GError) error = NULL;
  const gboolean reads = g_strv_contains (log_readers, role);

  log_in_again (f);
  g_assert_cmpint (
      md_bus_terminal1_call_audit_list_sync (f->desk->proxy, 0, 1, &rows, NULL, &error), ==, reads);
  if (!reads)
    g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_clear_error (&error);
  g_assert_cmpint (md_bus_terminal1_call_audit_verify_sync (f->desk->proxy, &verdict, NULL, &error),
                   ==, reads);
  if (!reads)
    service_assert_recorded (f, "audit-verify", "refused", "cause=not-auditor");
}

/* The receipt numbers of what waits, and the line: no call names a session, and each asks for it.
 */
static void
assert_the_queue (Fixture *f, const char *role)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;
  const gboolean reads = g_strv_contains (queue_readers, role);

  log_in_again (f);
  g_test_message ("%s: the queue", role);
  g_assert_cmpint (md_bus_terminal1_call_queue_list_sync (f->desk->proxy, &rows, NULL, &error), ==,
                   reads);
  if (!reads)
    {
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
      g_assert_true (is_refused_at_the_door (f, "QueueList"));
    }
  g_clear_error (&error);
  g_assert_cmpint (md_bus_terminal1_call_retry_now_sync (f->desk->proxy, NULL, &error), ==, reads);
  if (!reads)
    g_assert_true (is_refused_at_the_door (f, "RetryNow"));
}

static void
test_matrix (Fixture *f, gconstpointer data)
{
  for (guint role = 0; role < MD_N_ROLES; role++)
    {
      const char *id = md_role_to_id ((MdRole)role);

      give_role (f, role + 2, id);
      assert_each_call (f, id);
      assert_each_event (f, id);
      assert_the_log (f, id);
      assert_the_queue (f, id);
    }
}

/* --- Sections --- */

/* The officer at PLACE works for these sections (JSON) alone. */
static void
give_sections (JsonObject *root, guint place, const char *sections)
{
  json_object_set_member (
      json_array_get_object_element (json_object_get_array_member (root, "staff"), place),
      "sections", json_from_string (sections, NULL));
}

static guint
count_listed (Fixture *f)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GError) error = NULL;

  md_bus_terminal1_call_list_intakes_sync (f->desk->proxy, f->desk->session, "all", &rows, NULL,
                                           &error);
  g_assert_no_error (error);
  return (guint)g_variant_n_children (rows);
}

/* Of S0001, who is logged in. */
static char *
suspend_one (Fixture *f)
{
  g_autoptr (GPtrArray) whom
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GVariant) reservation = NULL;
  g_autofree char *until = NULL;
  g_autoptr (GError) error = NULL;
  const char *intake = NULL;
  char *draft = NULL;

  reservation = desk_reserve_only (f->desk, "pension.exemption", &error);
  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (reservation, "intake", "&s", &intake));
  g_ptr_array_add (whom, md_certificate_new_from_der (
                             md_policy_get_staff (f->desk->policy, "S0001")->key_agreement, NULL));
  body = md_cms_seal ((const guint8 *)"x", 1, whom, &error);
  g_assert_no_error (error);
  md_bus_terminal1_call_suspend_intake_sync (f->desk->proxy, f->desk->session, intake,
                                             md_bus_payload_append (fds, body, NULL), fds, &draft,
                                             &until, NULL, NULL, &error);
  g_assert_no_error (error);
  return draft;
}

static gsize
count_drafts (Fixture *f)
{
  g_autoptr (GVariant) drafts = NULL;
  g_autoptr (GError) error = NULL;

  md_bus_terminal1_call_list_drafts_sync (f->desk->proxy, f->desk->session, &drafts, NULL, &error);
  g_assert_no_error (error);
  return g_variant_n_children (drafts);
}

static gboolean
erase_draft (Fixture *f, const char *draft, GError **error)
{
  return md_bus_terminal1_call_erase_draft_sync (f->desk->proxy, f->desk->session, draft, NULL,
                                                 error);
}

/* A clerk of the pension work, and a supervisor of everything and then of other sections: the
 * latter neither sees nor destroys what the former has put aside, and lets nothing go on. */
static void
test_supervisor_of_another (Fixture *f, gconstpointer data)
{
  JsonObject *root;
  g_autoptr (JsonParser) parser = service_load_policy (2, 3600, &root);
  g_autofree char *draft = NULL, *other = NULL;
  g_auto (Held) held = { NULL };
  g_autoptr (MdReleaseFiles) files = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  draft = suspend_one (f);
  other = suspend_one (f);
  service_login (f, "S0101");
  g_assert_cmpuint (count_drafts (f), ==, 2);
  g_assert_true (erase_draft (f, other, &error));
  give_sections (root, 2, "[\"care\", \"lem\"]");
  put_in_force (f, parser, 2);

  service_login (f, "S0101");
  g_assert_cmpuint (count_drafts (f), ==, 0);
  g_assert_false (erase_draft (f, draft, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "erase-draft", "refused", "cause=other-clerk");
  g_clear_error (&error);

  service_login (f, "S0001");
  g_assert_cmpuint (count_drafts (f), ==, 1);
  held = held_new (f, NULL);
  files = desk_release (f->desk, held.reservation, held.raised, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (desk_send_release (f->desk, held.intake, files, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "release", "refused", "cause=not-permitted");
}

/* A clerk and a supervisor of the pension work, a clerk of the care insurance. */
static void
test_other_section (Fixture *f, gconstpointer data)
{
  JsonObject *root;
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *intake = NULL;
  g_autoptr (GError) error = NULL;

  service_login (f, "S0001");
  intake = service_take_in (f); /* pension.exemption */
  g_assert_cmpuint (count_listed (f), ==, 1);
  parser = service_load_policy (2, 3600, &root);
  give_sections (root, 1, "[\"care\"]");
  give_sections (root, 2, "[\"care\", \"lem\"]");
  put_in_force (f, parser, 2);

  service_login (f, "S0002"); /* may take in as S0001 may, but not this */
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  service_assert_recorded (f, "reserve", "refused", "cause=not-permitted");
  g_clear_error (&error);
  g_assert_cmpuint (count_listed (f), ==, 0);

  service_login (f, "S0101"); /* may decide, but not on this */
  g_assert_false (desk_decide (f->desk, intake, MD_DECISION_APPROVE, &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_assert_cmpuint (service_count_recorded (f, "reference", "refused", "cause=not-permitted"), ==,
                    1);
  g_assert_cmpuint (count_listed (f), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/roles/every-method-has-a-line", test_every_method_has_a_line);
  g_test_add ("/daemon/roles/matrix", Fixture, NULL, service_set_up, test_matrix,
              service_tear_down);
  g_test_add ("/daemon/roles/other-section", Fixture, NULL, service_set_up, test_other_section,
              service_tear_down);
  g_test_add ("/daemon/roles/supervisor-of-another", Fixture, NULL, service_set_up,
              test_supervisor_of_another, service_tear_down);
  return service_run ();
}
