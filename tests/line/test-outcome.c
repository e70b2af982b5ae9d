// SPDX-License-Identifier: Apache-2.0
/* What the engine does where the terminal's own database does not take what became of an item: a
 * real outbox, in which a trigger fails the writes. The line is a list of answers, in place of
 * libcurl, and every receipt is good (both linked by --wrap). */
#define MD_LINE_COMPILATION
#include "md-delivery-private.h"
#include "md-delivery-run.h"
#undef MD_LINE_COMPILATION

#include <md-seal.h>
#include <string.h>

#include "outbox-fixture.h"
#include "outbox-source.h"

#define PROBE_MS 60000
#define RETRY_MS 600000 /* nothing falls due within a test */
#define LEASE_US (11 * 60 * G_USEC_PER_SEC)

/* --- The line --- */

static struct
{
  MdProblemCode intakes; /* MD_PROBLEM_UNKNOWN: it takes them */
  gboolean broken;       /* in the middle of each container */
  guint put, probed, chunks;
} line;

MdLineClient *__wrap_md_line_client_new (const MdLineConfig *config, GError **error);
void __wrap_md_line_client_free (MdLineClient *client);
MdLineAnswer *__wrap_md_line_client_put (MdLineClient *client, const char *path,
                                         const char *content_type, GBytes *body,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_put_chunk (MdLineClient *client, const char *path, gsize whole,
                                               GBytes *chunk, GCancellable *cancellable,
                                               GError **error);
MdLineAnswer *__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag,
                                         gsize max, GCancellable *cancellable, GError **error);
MdReceipt *__wrap_md_receipt_verify (GBytes *cms, const MdReceipt *expected, const MdTrust *trust,
                                     gint64 now, GError **error);

static MdLineAnswer *
answer_of (guint status, GBytes *body)
{
  MdLineAnswer *answer = g_new0 (MdLineAnswer, 1);

  answer->status = status;
  answer->body = body;
  return answer;
}

static MdLineAnswer *
refuse (MdProblemCode code)
{
  g_autoptr (MdProblem) problem = md_problem_new (code, NULL);

  return answer_of (problem->status, md_problem_encode (problem));
}

MdLineClient *
__wrap_md_line_client_new (const MdLineConfig *config, GError **error)
{
  return (MdLineClient *)&line;
}

void
__wrap_md_line_client_free (MdLineClient *client)
{
}

MdLineAnswer *
__wrap_md_line_client_put (MdLineClient *client, const char *path, const char *content_type,
                           GBytes *body, GCancellable *cancellable, GError **error)
{
  line.put++;
  if (line.broken)
    {
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_OFFLINE, "Nobody answers.\ncut");
      return NULL;
    }
  return line.intakes != MD_PROBLEM_UNKNOWN ? refuse (line.intakes)
                                            : answer_of (201, g_bytes_new_static ("receipt", 7));
}

/* There is never room for another unfinished upload. */
MdLineAnswer *
__wrap_md_line_client_put_chunk (MdLineClient *client, const char *path, gsize whole, GBytes *chunk,
                                 GCancellable *cancellable, GError **error)
{
  line.chunks++;
  return refuse (MD_PROBLEM_UPLOADS_FULL);
}

MdLineAnswer *
__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                           GCancellable *cancellable, GError **error)
{
  return refuse (MD_PROBLEM_NOT_FOUND);
}

MdLineAnswer *
__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag, gsize max,
                           GCancellable *cancellable, GError **error)
{
  static const MdUploadMessage nothing = { 0 };

  if (strstr (path, "/uploads/") != NULL)
    return answer_of (200, md_upload_message_encode (&nothing));
  line.probed++;
  return answer_of (304, g_bytes_new_static ("", 0));
}

MdReceipt *
__wrap_md_receipt_verify (GBytes *cms, const MdReceipt *expected, const MdTrust *trust, gint64 now,
                          GError **error)
{
  MdReceipt *receipt = md_receipt_copy (expected);

  receipt->sequence = 7;
  g_free (receipt->time);
  receipt->time = g_strdup ("2026-11-20T04:00:01.000Z");
  return receipt;
}

/* --- The engine, turn by turn, over a real outbox --- */

typedef struct
{
  Fixture store;
  MdDelivery *delivery;
  Run run;
  guint acknowledged, set_aside;
} Engine;

static void
acknowledged_cb (MdDelivery *delivery, const char *intake, guint n, gpointer user_data)
{
  ((Engine *)user_data)->acknowledged++;
}

static void
set_aside_cb (MdDelivery *delivery, const char *intake, guint n, const char *code,
              gpointer user_data)
{
  ((Engine *)user_data)->set_aside++;
}

static void
set_up (Engine *engine, gconstpointer data)
{
  g_autoptr (MdLineConfig) config = md_line_config_new ();
  g_autofree char *office = g_strdup ("139998");
  g_autofree char *terminal = g_strdup ("T001");
  const MdDeliveryConfig settings = { .line = config,
                                      .office = office,
                                      .terminal = terminal,
                                      .probe_ms = PROBE_MS,
                                      .retry_base_ms = RETRY_MS };
  g_autoptr (OutboxSource) source = NULL;
  g_autoptr (GError) error = NULL;

  memset (&line, 0, sizeof line);
  line.intakes = MD_PROBLEM_UNKNOWN;
  fixture_set_up (&engine->store, NULL);
  source = outbox_source_new (engine->store.path, office, terminal, MD_CLOCK (engine->store.clock),
                              &error);
  g_assert_no_error (error);
  engine->delivery = md_delivery_new (MD_DELIVERY_SOURCE (source), &settings);
  engine->run = (Run){ .delivery = engine->delivery };
  g_signal_connect (engine->delivery, "item-acknowledged", G_CALLBACK (acknowledged_cb), engine);
  g_signal_connect (engine->delivery, "item-quarantined", G_CALLBACK (set_aside_cb), engine);
}

static void
tell_signals (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Engine *engine, gconstpointer data)
{
  _md_run_clear (&engine->run);
  tell_signals ();
  g_clear_object (&engine->delivery);
  fixture_tear_down (&engine->store, data);
}

/* The next turn comes at once, and not when its time has come. */
static void
turn (Engine *engine)
{
  md_delivery_wake (engine->delivery);
  _md_run_turn (&engine->run);
}

static void
submit (Engine *engine)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (&engine->store);

  g_assert_true (fixture_submit (&engine->store, intake->id, "sealed", NULL));
}

static void
run_sql (Engine *engine, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (md_db_exec (engine->store.db, sql, &error));
  g_assert_no_error (error);
}

/* No item gets STATE any more. */
static void
spoil (Engine *engine, const char *state)
{
  g_autofree char *sql = g_strdup_printf ("CREATE TRIGGER spoilt BEFORE UPDATE OF state ON outbox"
                                          " WHEN new.state = '%s'"
                                          " BEGIN SELECT raise (ABORT, 'disk I/O error'); END",
                                          state);

  run_sql (engine, sql);
}

static void
mend (Engine *engine)
{
  run_sql (engine, "DROP TRIGGER spoilt");
}

static gint64
count (Engine *engine, const char *where)
{
  g_autofree char *sql = g_strconcat ("SELECT count (*) FROM outbox WHERE ", where, NULL);

  return fixture_int (&engine->store, sql);
}

static void
assert_standing (Engine *engine, MdLineState state, const char *reason)
{
  g_assert_cmpint (md_delivery_get_state (engine->delivery), ==, state);
  g_assert_cmpstr (md_delivery_get_reason (engine->delivery), ==, reason);
}

/* The receipt is kept and written as soon as that works: nothing is sent once more for it. */
static void
test_receipt (Engine *engine, gconstpointer data)
{
  submit (engine);
  spoil (engine, "delivered");
  turn (engine);
  g_assert_cmpuint (line.put, ==, 1);
  g_assert_cmpint (count (engine, "state = 'sending'"), ==, 1);
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'sending'"), ==, 1);
  mend (engine);
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'delivered' AND receipt_sequence = 7"
                                  " AND receipt = CAST ('receipt' AS BLOB)"),
                   ==, 1);
  g_assert_cmpuint (line.put, ==, 1);
  tell_signals ();
  g_assert_cmpuint (engine->acknowledged, ==, 1);
}

/* Without a wake-up it is soon tried again, long before the next probe. */
static void
test_by_itself (Engine *engine, gconstpointer data)
{
  submit (engine);
  spoil (engine, "delivered");
  turn (engine);
  turn (engine); /* takes the wake-up */
  engine->run.probe_at = _md_run_now_ms () + 20000;
  _md_run_turn (&engine->run); /* in vain, and waits for the next try */
  g_assert_cmpint (_md_run_now_ms (), <, engine->run.probe_at - 15000);
  mend (engine);
  engine->run.probe_at = _md_run_now_ms () + 1000;
  _md_run_turn (&engine->run);
  g_assert_cmpint (count (engine, "state = 'delivered'"), ==, 1);
  g_assert_cmpuint (line.put, ==, 1);
}

/* What could not be written either is not begun. */
static void
test_nothing_begun (Engine *engine, gconstpointer data)
{
  submit (engine);
  submit (engine);
  spoil (engine, "delivered");
  for (guint i = 0; i < 6; i++)
    turn (engine);
  g_assert_cmpuint (line.put, ==, 1);
  g_assert_cmpint (count (engine, "state = 'waiting'"), ==, 1);
  mend (engine);
  for (guint i = 0; i < 3; i++)
    turn (engine);
  g_assert_cmpuint (line.put, ==, 2);
  g_assert_cmpint (count (engine, "state = 'delivered'"), ==, 2);
}

/* A failure that is over soon is no news; one that lasts is said, whatever the gateway answers. */
static void
test_said (Engine *engine, gconstpointer data)
{
  submit (engine);
  spoil (engine, "delivered");
  turn (engine);
  assert_standing (engine, MD_LINE_STATE_ONLINE, "ok");
  for (guint i = 0; i < 4; i++)
    turn (engine);
  assert_standing (engine, MD_LINE_STATE_ATTENTION, "own-store");
  engine->run.probe_at = 0;
  turn (engine);
  g_assert_cmpuint (line.probed, >=, 2);
  assert_standing (engine, MD_LINE_STATE_ATTENTION, "own-store");
  mend (engine);
  turn (engine);
  assert_standing (engine, MD_LINE_STATE_ONLINE, "ok");
}

static void
test_put_back (Engine *engine, gconstpointer data)
{
  line.intakes = MD_PROBLEM_POLICY_UNKNOWN; /* passing */
  submit (engine);
  spoil (engine, "waiting");
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'sending'"), ==, 1);
  turn (engine);
  mend (engine);
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'waiting' AND attempts = 1 AND last_error <> ''"), ==,
                   1);
  g_assert_cmpuint (line.put, ==, 1);
}

static void
test_set_aside (Engine *engine, gconstpointer data)
{
  line.intakes = MD_PROBLEM_NUMBER_USED;
  submit (engine);
  spoil (engine, "quarantined");
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'sending'"), ==, 1);
  turn (engine);
  mend (engine);
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'quarantined' AND attempts = 1"), ==, 1);
  g_assert_cmpuint (line.put, ==, 1);
  tell_signals ();
  g_assert_cmpuint (engine->set_aside, ==, 1);
}

/* A terminal that was put back to an older state decides once more: who finds it set aside is told
 * that the first one counts. */
static void
test_decided_twice (Engine *engine, gconstpointer data)
{
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (&engine->store);

  g_assert_true (fixture_submit (&engine->store, intake->id, "sealed", NULL));
  turn (engine);
  g_assert_true (fixture_decide (&engine->store, intake->id, MD_INTAKE_APPROVED, NULL));
  line.intakes = MD_PROBLEM_ID_CONFLICT;
  turn (engine);
  g_assert_cmpint (count (engine, "n = 2 AND state = 'quarantined'"
                                  " AND last_error LIKE 'Another decision%arrived first%'"),
                   ==, 1);
}

/* One that can never be written holds up no other, and is not sent again when its lease ends. */
static void
test_lasting (Engine *engine, gconstpointer data)
{
  submit (engine);
  spoil (engine, "delivered");
  turn (engine);
  turn (engine);
  mend (engine);
  run_sql (engine, "CREATE TRIGGER spoilt BEFORE UPDATE OF state ON outbox"
                   " WHEN new.state = 'delivered' AND new.seq = 1"
                   " BEGIN SELECT raise (ABORT, 'disk I/O error'); END");
  submit (engine);
  md_test_clock_advance_us (engine->store.clock, LEASE_US);
  engine->run.unwritten_since -= 10 * 60 * 1000;
  for (guint i = 0; i < 12; i++)
    {
      engine->run.pause_until = 0;
      turn (engine);
    }
  g_assert_cmpuint (line.put, ==, 2);
  g_assert_cmpint (count (engine, "seq = 2 AND state = 'delivered'"), ==, 1);
  g_assert_cmpint (count (engine, "seq = 1 AND state <> 'delivered'"), ==, 1);
  mend (engine);
  turn (engine);
  g_assert_cmpint (count (engine, "state = 'delivered'"), ==, 2);
  g_assert_cmpuint (line.put, ==, 2);
}

/* An item in which the line broke has done nothing wrong: its reason has one line, as the queue
 * tells them apart. */
static void
test_line_is_no_fault (Engine *engine, gconstpointer data)
{
  line.broken = TRUE;
  submit (engine);
  for (guint i = 0; i < 20 && line.put == 0; i++)
    turn (engine);
  g_assert_cmpuint (line.put, ==, 1);
  g_assert_cmpint (count (engine, "last_error = 'Nobody answers. cut'"), ==, 1);
}

/* What finds no room for its chunks waits while others move, but not for ever; and that is said. */
static void
test_crowded (Engine *engine, gconstpointer data)
{
  g_autofree char *contents = g_strnfill (300 * 1024, 'x');
  g_autoptr (MdOutboxIntake) intake = fixture_reserve (&engine->store);
  g_autofree char *detail = NULL;

  engine->delivery->config.retry_base_ms = engine->delivery->config.retry_max_ms = 100;
  g_assert_true (fixture_submit (&engine->store, intake->id, contents, NULL));
  for (guint i = 0; i < 500 && line.put == 0; i++)
    {
      engine->run.moved_at = _md_run_now_ms ();
      engine->run.pause_until = 0;
      md_test_clock_advance_us (engine->store.clock, G_USEC_PER_SEC);
      turn (engine);
      if (line.chunks == 3 && line.put == 0)
        {
          assert_standing (engine, MD_LINE_STATE_ONLINE, "waits-for-room");
          g_free (detail);
          detail = md_delivery_dup_detail (engine->delivery);
        }
      g_usleep (5000);
    }
  g_assert_cmpuint (line.chunks, >, 3);
  g_assert_cmpuint (line.put, ==, 1);
  g_assert_cmpint (count (engine, "state = 'delivered'"), ==, 1);
  g_assert_nonnull (strstr (detail, "A large application waits for room"));
  assert_standing (engine, MD_LINE_STATE_ONLINE, "ok");
  g_clear_pointer (&detail, g_free);
  detail = md_delivery_dup_detail (engine->delivery);
  g_assert_null (strstr (detail, "A large application"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add ("/line/outcome/" name, Engine, NULL, set_up, func, tear_down)
  CASE ("receipt", test_receipt);
  CASE ("by-itself", test_by_itself);
  CASE ("nothing-begun", test_nothing_begun);
  CASE ("said", test_said);
  CASE ("put-back", test_put_back);
  CASE ("set-aside", test_set_aside);
  CASE ("decided-twice", test_decided_twice);
  CASE ("lasting", test_lasting);
  CASE ("line-is-no-fault", test_line_is_no_fault);
  CASE ("crowded", test_crowded);
  return g_test_run ();
}
