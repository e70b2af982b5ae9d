// SPDX-License-Identifier: Apache-2.0
/* Who may look at the log. Run by with-world, which sets MADOGUCHI_WORLD. */
#include "service-fixture.h"

static void
log_in (Fixture *f, const char *staff)
{
  g_autofree char *password = desk_password (f->desk, staff);
  g_autoptr (GError) error = NULL;

  desk_set_password (f->desk, staff, password, &error);
  g_assert_no_error (error);
  service_login (f, staff);
}

static void
assert_may_look (Fixture *f)
{
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GVariant) last = NULL;
  g_autoptr (GVariant) verdict = NULL;
  g_autoptr (GError) error = NULL;
  const char *event, *staff, *word;

  md_bus_terminal1_call_audit_list_sync (f->desk->proxy, 0, 1000, &rows, NULL, &error);
  g_assert_no_error (error);
  /* Who looks is in the log before seeing anything of it. */
  last = g_variant_get_child_value (rows, g_variant_n_children (rows) - 1);
  g_variant_lookup (last, "event", "&s", &event);
  g_variant_lookup (last, "staff", "&s", &staff);
  g_assert_cmpstr (event, ==, "audit-list");
  g_assert_cmpstr (staff, ==, f->desk->staff);
  md_bus_terminal1_call_audit_verify_sync (f->desk->proxy, &verdict, NULL, &error);
  g_assert_no_error (error);
  g_variant_lookup (verdict, "verdict", "&s", &word);
  g_assert_cmpstr (word, ==, "intact");
}

static void
test_auditor (Fixture *f, gconstpointer data)
{
  log_in (f, "S0901");
  assert_may_look (f);
}

static void
test_administrator (Fixture *f, gconstpointer data)
{
  log_in (f, "S0801");
  assert_may_look (f);
}

/* Not even where the window and the service run as the same user, as they do here. */
static void
test_nobody_else (Fixture *f, gconstpointer data)
{
  const char *officers[] = { "S0001", "S0002", "S0101" };

  for (gsize i = 0; i < G_N_ELEMENTS (officers); i++)
    {
      g_autoptr (GVariant) rows = NULL;
      g_autoptr (GError) error = NULL;

      service_login (f, officers[i]);
      g_assert_false (
          md_bus_terminal1_call_audit_list_sync (f->desk->proxy, 0, 1000, &rows, NULL, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
      g_assert_cmpuint (service_count_recorded (f, "audit-list", "refused", "cause=not-auditor"),
                        ==, i + 1);
      g_clear_error (&error);
      g_assert_false (
          md_bus_terminal1_call_audit_verify_sync (f->desk->proxy, &rows, NULL, &error));
      g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
      service_assert_recorded (f, "audit-verify", "refused", "cause=not-auditor");
      g_assert_true (desk_logout (f->desk, NULL));
    }
}

/* An auditor looks; an auditor takes nothing in. */
static void
test_auditor_only_looks (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  log_in (f, "S0901");
  g_assert_null (desk_reserve (f->desk, "pension.exemption", &error));
  g_assert_error (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED);
  g_assert_cmpuint (
      service_count_recorded (f, "call", "refused", "cause=not-permitted call=ReserveIntake "), ==,
      1);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/daemon/log/" name, Fixture, NULL, service_set_up, function, service_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("auditor", test_auditor);
  ADD ("administrator", test_administrator);
  ADD ("nobody-else", test_nobody_else);
  ADD ("auditor-only-looks", test_auditor_only_looks);
  return service_run ();
}
