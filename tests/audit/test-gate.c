// SPDX-License-Identifier: Apache-2.0
/* What a flood of refusals leaves in the log. */
#include "audit-fixture.h"

#define START_US (G_GINT64_CONSTANT (1795622400) * G_USEC_PER_SEC) /* 2026-11-25T16:00:00Z */

typedef struct
{
  Fixture log;
  MdAuditGate *gate;
} Gated;

static void
set_up (Gated *f, gconstpointer data)
{
  fixture_open (&f->log, START_US);
  /* Tens of thousands of records, and no power to lose. */
  g_assert_true (md_db_exec (f->log.db, "PRAGMA synchronous = OFF", NULL));
  f->gate = md_audit_gate_new (f->log.audit, MD_CLOCK (f->log.clock));
}

static void
tear_down (Gated *f, gconstpointer data)
{
  md_audit_gate_free (f->gate);
  fixture_close (&f->log);
}

/* One refused call of @staff, or of somebody for whom no officer stands: recorded when the gate
 * lets it. */
static gboolean
refuse_officer (Gated *f, const char *staff, const char *peer, const char *cause)
{
  MdAuditEntry entry = { .event = "call", .outcome = MD_AUDIT_REFUSED, .staff = staff };
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);

  if (!md_audit_gate_admit (f->gate, peer, &entry, cause))
    return FALSE;
  entry.detail = detail;
  g_assert_true (md_audit_record_now (f->log.audit, &entry, NULL));
  return TRUE;
}

static gboolean
refuse (Gated *f, const char *peer, const char *cause)
{
  return refuse_officer (f, NULL, peer, cause);
}

static guint
refuse_often (Gated *f, const char *peer, const char *cause, guint times)
{
  guint admitted = 0;

  for (guint i = 0; i < times; i++)
    admitted += refuse (f, peer, cause) ? 1 : 0;
  return admitted;
}

static GPtrArray *
read_log (Gated *f)
{
  GPtrArray *list = md_audit_list (f->log.db, 0, 100000, NULL);

  g_assert_nonnull (list);
  return list;
}

/* The refusals that the log tells of, one by one and as numbers; *out_records how many lines. */
static guint64
told (Gated *f, guint *out_records)
{
  g_autoptr (GPtrArray) list = read_log (f);
  guint64 sum = 0;

  for (guint i = 0; i < list->len; i++)
    {
      const MdAuditRecord *record = g_ptr_array_index (list, i);
      const char *more = strstr (record->detail, " more=");

      sum += more != NULL ? g_ascii_strtoull (more + strlen (" more="), NULL, 10) : 1;
    }
  *out_records = list->len;
  return sum;
}

static void
test_a_few_stand_alone (Gated *f, gconstpointer data)
{
  guint records;

  g_assert_cmpuint (refuse_often (f, ":1.5", "not-logged-in", 5), ==, 5);
  g_assert_true (md_audit_gate_settle_all (f->gate, NULL));
  g_assert_cmpuint (told (f, &records), ==, 5);
  g_assert_cmpuint (records, ==, 5);
}

static void
test_flood_becomes_a_number (Gated *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  const MdAuditRecord *last;

  g_assert_cmpuint (refuse_often (f, ":1.5", "not-logged-in", 10000), ==, MD_AUDIT_GATE_BURST);
  g_assert_true (md_audit_gate_settle (f->gate, NULL)); /* the window is open still */
  list = read_log (f);
  g_assert_cmpuint (list->len, ==, MD_AUDIT_GATE_BURST);
  g_clear_pointer (&list, g_ptr_array_unref);
  md_test_clock_advance_us (f->log.clock, MD_AUDIT_GATE_WINDOW_S * G_USEC_PER_SEC);
  g_assert_true (md_audit_gate_settle (f->gate, NULL));
  list = read_log (f);
  g_assert_cmpuint (list->len, ==, MD_AUDIT_GATE_BURST + 1);
  last = g_ptr_array_index (list, list->len - 1);
  g_assert_cmpstr (last->event, ==, "call");
  g_assert_cmpstr (last->staff, ==, "");
  g_assert_cmpint (last->outcome, ==, MD_AUDIT_REFUSED);
  g_assert_cmpstr (last->detail, ==,
                   "cause=not-logged-in more=9990 from=2026-11-25T16:00:00.000Z"
                   " to=2026-11-25T16:00:00.000Z peer=:1.5");
}

/* One peer's flood hides neither another peer nor another cause. */
static void
test_kinds_do_not_share (Gated *f, gconstpointer data)
{
  refuse_often (f, ":1.5", "not-logged-in", 1000);
  g_assert_true (refuse (f, ":1.6", "not-logged-in"));
  g_assert_true (refuse (f, ":1.5", "locked"));
}

static void
test_allowance_comes_back (Gated *f, gconstpointer data)
{
  refuse_often (f, ":1.5", "not-logged-in", 1000);
  g_assert_false (refuse (f, ":1.5", "not-logged-in"));
  md_test_clock_advance_us (f->log.clock, MD_AUDIT_GATE_INTERVAL_S * G_USEC_PER_SEC);
  g_assert_true (refuse (f, ":1.5", "not-logged-in"));
  g_assert_false (refuse (f, ":1.5", "not-logged-in"));
}

/* Ever new peers: memory and log stay small, and no refusal is left out of the count. */
static void
test_many_peers (Gated *f, gconstpointer data)
{
  guint records;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *peer = g_strdup_printf (":1.%u", i);

      (void)refuse (f, peer, "not-logged-in");
      md_test_clock_advance_us (f->log.clock, G_USEC_PER_SEC / 1000);
    }
  g_assert_true (md_audit_gate_settle_all (f->gate, NULL));
  g_assert_cmpuint (told (f, &records), ==, 10000);
  g_assert_cmpuint (records, <=, MD_AUDIT_GATE_TOTAL_BURST + MD_AUDIT_GATE_MAX_KINDS + 1);
}

/* Whatever nobody's flood uses up, an officer's refusals stand one by one, and name the officer
 * where they are counted. */
static void
test_officers_are_not_hidden (Gated *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  const MdAuditRecord *last;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *peer = g_strdup_printf (":1.%u", i);

      (void)refuse (f, peer, "not-logged-in");
    }
  g_assert_false (refuse (f, ":2.1", "not-logged-in"));
  for (guint i = 0; i < MD_AUDIT_GATE_BURST; i++)
    g_assert_true (refuse_officer (f, "S0001", ":2.2", "foreign-card"));
  g_assert_false (refuse_officer (f, "S0001", ":2.2", "foreign-card"));
  list = read_log (f);
  last = g_ptr_array_index (list, list->len - 1);
  g_assert_cmpstr (last->staff, ==, "S0001");
  g_assert_cmpstr (last->detail, ==, "cause=foreign-card");
}

/* A day of it: the log grows by what the allowances say, whatever the attacker does. */
static void
test_a_day_of_flood (Gated *f, gconstpointer data)
{
  guint64 refused = 0;
  guint records;

  for (guint s = 0; s < 86400; s += 5)
    {
      for (guint i = 0; i < 20; i++)
        {
          g_autofree char *peer = g_strdup_printf (":1.%u", s % 3600 + i);

          (void)refuse (f, peer, "not-logged-in");
          refused++;
        }
      md_test_clock_advance_us (f->log.clock, 5 * G_USEC_PER_SEC);
      g_assert_true (md_audit_gate_settle (f->gate, NULL));
    }
  g_assert_true (md_audit_gate_settle_all (f->gate, NULL));
  g_assert_cmpuint (told (f, &records), ==, refused);
  /* The allowance, and the count of the others once in their longest window. */
  g_assert_cmpuint (records, <,
                    86400 / MD_AUDIT_GATE_TOTAL_INTERVAL_S + MD_AUDIT_GATE_TOTAL_BURST + 50);
}

/* The dates and numbers of a count never look like something personal. */
static void
test_counts_are_clean (Gated *f, gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *peer = g_strdup_printf (":1.%u", 1000 + 7 * i);

      refuse_often (f, peer, "not-logged-in", MD_AUDIT_GATE_BURST + 1 + i % 7);
      md_test_clock_advance_us (f->log.clock, (7 * 3600 + i) * G_USEC_PER_SEC + 12345);
      g_assert_true (md_audit_gate_settle_all (f->gate, NULL));
    }
}

/* What cannot be written now is written later, in full. */
static void
test_full_disk (Gated *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint records;

  refuse_often (f, ":1.5", "not-logged-in", 100);
  g_assert_true (md_db_exec (f->log.db, "PRAGMA query_only = 1", NULL));
  g_assert_false (md_audit_gate_settle_all (f->gate, &error));
  g_assert_nonnull (error);
  g_assert_true (md_db_exec (f->log.db, "PRAGMA query_only = 0", NULL));
  g_assert_true (md_audit_gate_settle_all (f->gate, NULL));
  g_assert_cmpuint (told (f, &records), ==, 100);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/audit/gate/" name, Gated, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-few-stand-alone", test_a_few_stand_alone);
  ADD ("flood-becomes-a-number", test_flood_becomes_a_number);
  ADD ("kinds-do-not-share", test_kinds_do_not_share);
  ADD ("allowance-comes-back", test_allowance_comes_back);
  ADD ("many-peers", test_many_peers);
  ADD ("officers-are-not-hidden", test_officers_are_not_hidden);
  ADD ("a-day-of-flood", test_a_day_of_flood);
  ADD ("counts-are-clean", test_counts_are_clean);
  ADD ("full-disk", test_full_disk);
  return g_test_run ();
}
