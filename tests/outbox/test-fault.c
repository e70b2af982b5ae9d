// SPDX-License-Identifier: Apache-2.0
/* The n-th step of SQLite fails, for every n until the act passes untouched: each time everything
 * is as it was before, or everything is done; never half of it. Once with an error that passes,
 * once with one that stays. */
#include <sqlite3.h>

#include "outbox-fixture.h"

typedef struct
{
  guint countdown;
  gboolean stays;
  int code;
} Fault;

static int
fail_at (const char *sql, gpointer user_data)
{
  Fault *fault = user_data;

  if (fault->countdown == 0)
    return fault->stays ? fault->code : 0;
  fault->countdown--;
  return fault->countdown == 0 ? fault->code : 0;
}

/* One act upon a fresh intake. Returns as the act does. */
typedef gboolean (*Act) (Fixture *f, const char *id, GError **error);

static gboolean
act_submit (Fixture *f, const char *id, GError **error)
{
  return fixture_submit (f, id, "sealed", error);
}

static gboolean
act_decide (Fixture *f, const char *id, GError **error)
{
  return fixture_decide (f, id, MD_INTAKE_APPROVED, error);
}

static gboolean
act_abandon (Fixture *f, const char *id, GError **error)
{
  MdAuditEntry entry = { .event = "abandon" };

  return md_outbox_abandon (f->outbox, id, &entry, error);
}

static gboolean
act_claim (Fixture *f, const char *id, GError **error)
{
  g_autoptr (MdOutboxItem) item = NULL;

  return md_outbox_claim (f->outbox, MD_OUTBOX_FRESH, 60000, &item, error);
}

/* The queue row of the decision that prepare_half_delivered() made. */
static gint64 decision_row;

static gboolean
act_acknowledge (Fixture *f, const char *id, GError **error)
{
  MdOutboxItem item = { .sequence = decision_row,
                        .intake = g_strdup (id),
                        .n = 2,
                        .item = g_strdup ("decision/2"),
                        .digest = g_strdup ("dd") };
  gboolean done = fixture_acknowledge (f, &item, NULL, error);

  g_free (item.intake);
  g_free (item.item);
  g_free (item.digest);
  return done;
}

static void
prepare_reserved (Fixture *f, const char *id)
{
}

static void
prepare_submitted (Fixture *f, const char *id)
{
  g_assert_true (fixture_submit (f, id, "sealed", NULL));
}

static void
prepare_half_delivered (Fixture *f, const char *id)
{
  g_autoptr (MdOutboxItem) item = NULL;

  g_assert_true (fixture_submit (f, id, "sealed", NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  g_assert_true (fixture_acknowledge (f, item, NULL, NULL));
  g_assert_true (fixture_decide (f, id, MD_INTAKE_APPROVED, NULL));
  decision_row = fixture_int (f, "SELECT max (seq) FROM outbox");
}

typedef struct
{
  Act act;
  void (*prepare) (Fixture *f, const char *id);
  gboolean stays;
  int code;
} Case;

static void
test_all_or_nothing (Fixture *f, gconstpointer data)
{
  const Case *c = data;
  guint n;
  gboolean passed = FALSE;
  gint expected = c->code == SQLITE_FULL ? MD_DB_ERROR_FULL : MD_DB_ERROR_IO;

  for (n = 1; !passed; n++)
    {
      g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
      Fault fault = { .countdown = n, .stays = c->stays, .code = c->code };
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autoptr (GError) error = NULL;
      gboolean done;

      c->prepare (f, intake->id);
      before = fixture_snapshot (f);
      f->failing = TRUE;
      md_db_set_fault (f->db, fail_at, &fault);
      done = c->act (f, intake->id, &error);
      md_db_set_fault (f->db, NULL, NULL);
      f->failing = FALSE;
      fixture_check_counts (f);
      passed = fault.countdown > 0;
      g_assert_false (md_db_in_transaction (f->db));
      g_assert_cmpint (fixture_int (f, "PRAGMA synchronous"), ==, 2);
      after = fixture_snapshot (f);
      if (done)
        g_assert_no_error (error);
      else
        {
          g_assert_error (error, MD_DB_ERROR, expected);
          g_assert_cmpstr (before, ==, after);
          g_assert_false (passed);
        }
      /* It works afterwards. */
      g_clear_error (&error);
      if (!done)
        g_assert_true (c->act (f, intake->id, &error));
      g_assert_no_error (error);
    }
  g_test_message ("%u steps failed in turn", n - 2);
  g_assert_cmpuint (n, >, 4);
}

static void
test_disk_full (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autofree char *large = g_strnfill (1 << 20, 'x');
  g_autofree char *before = fixture_snapshot (f);
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (md_db_limit_growth (f->db, 4, NULL));
  g_assert_false (fixture_submit (f, intake->id, large, &error));
  g_assert_error (error, MD_DB_ERROR, MD_DB_ERROR_FULL);
  after = fixture_snapshot (f);
  g_assert_cmpstr (before, ==, after);
  /* Space again: the same submission goes through. */
  g_assert_true (md_db_limit_growth (f->db, 4096, NULL));
  g_assert_true (fixture_submit (f, intake->id, large, NULL));
}

/* A reservation that fails spends no number and leaves no intake. */
static void
test_reserve (Fixture *f, gconstpointer data)
{
  MdOutboxReserve reserve
      = { .procedure = "p", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent" };
  MdAuditEntry entry = { .event = "reserve" };

  for (guint n = 1;; n++)
    {
      Fault fault = { .countdown = n, .stays = FALSE, .code = SQLITE_IOERR };
      gint64 before = fixture_int (f, "SELECT count (*) FROM intake");
      g_autoptr (MdOutboxIntake) intake = NULL;

      md_db_set_fault (f->db, fail_at, &fault);
      intake = md_outbox_reserve (f->outbox, &reserve, &entry, NULL);
      md_db_set_fault (f->db, NULL, NULL);
      g_assert_cmpint (fixture_int (f, "SELECT count (*) FROM intake"), ==,
                       before + (intake != NULL ? 1 : 0));
      g_assert_cmpint (fixture_int (f, "SELECT next - 1 - (SELECT count (*) FROM intake) FROM"
                                       " receipt_pool"),
                       ==, 0);
      if (fault.countdown > 0)
        break;
    }
}

static const struct
{
  const char *name;
  Act act;
  void (*prepare) (Fixture *f, const char *id);
} acts[] = {
  { "submit", act_submit, prepare_reserved },
  { "decide", act_decide, prepare_submitted },
  { "abandon", act_abandon, prepare_reserved },
  { "claim", act_claim, prepare_submitted },
  { "acknowledge-and-erase", act_acknowledge, prepare_half_delivered },
};

typedef struct
{
  const char *path;
  GAsyncQueue *begun;
} Writer;

/* Writes for as long as a write takes on a busy disk. */
static gpointer
write_for_a_while (gpointer data)
{
  Writer *writer = data;
  g_autoptr (MdDb) db = md_db_open (writer->path, MD_DB_READ_WRITE, NULL);
  g_autoptr (MdDbTransaction) transaction = md_db_begin_light (db, NULL);

  g_assert_nonnull (transaction);
  g_async_queue_push (writer->begun, writer);
  g_usleep (G_USEC_PER_SEC / 4);
  return NULL;
}

/* While somebody else writes, too: it is waited for, as everywhere. */
static void
test_lease_while_others_write (Fixture *f, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (f);
  g_autoptr (MdOutboxItem) item = NULL;
  g_autoptr (MdOutboxItem) again = NULL;
  g_autoptr (GAsyncQueue) begun = g_async_queue_new ();
  Writer writer = { .path = f->path, .begun = begun };
  GThread *thread = g_thread_new ("writer", write_for_a_while, &writer);
  g_autoptr (GError) error = NULL;
  gboolean claimed;

  g_assert_true (fixture_submit (f, intake->id, "sealed", NULL));
  item = fixture_claim (f, MD_OUTBOX_FRESH);
  md_test_clock_advance_us (f->clock, 60 * G_TIME_SPAN_SECOND);
  (void)g_async_queue_pop (begun);
  claimed = md_outbox_claim (f->outbox, MD_OUTBOX_RETRY, 60000, &again, &error);
  g_assert_no_error (error);
  g_assert_true (claimed);
  g_assert_nonnull (again);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  Case cases[G_N_ELEMENTS (acts) * 3];
  const struct
  {
    const char *name;
    gboolean stays;
    int code;
  } kinds[] = { { "io-once", FALSE, SQLITE_IOERR },
                { "io-for-good", TRUE, SQLITE_IOERR },
                { "disk-full", FALSE, SQLITE_FULL } };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        Case *c = &cases[i * G_N_ELEMENTS (kinds) + k];
        g_autofree char *path
            = g_strdup_printf ("/outbox/fault/%s/%s", acts[i].name, kinds[k].name);

        *c = (Case){ acts[i].act, acts[i].prepare, kinds[k].stays, kinds[k].code };
        g_test_add (path, Fixture, c, fixture_set_up, test_all_or_nothing, fixture_tear_down);
      }
  g_test_add ("/outbox/fault/reserve", Fixture, NULL, fixture_set_up, test_reserve,
              fixture_tear_down);
  g_test_add ("/outbox/fault/others-write", Fixture, NULL, fixture_set_up,
              test_lease_while_others_write, fixture_tear_down);
  g_test_add ("/outbox/fault/disk-full", Fixture, NULL, fixture_set_up, test_disk_full,
              fixture_tear_down);
  return g_test_run ();
}
