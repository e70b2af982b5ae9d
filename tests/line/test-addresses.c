// SPDX-License-Identifier: Apache-2.0
/* Gateways that answer the probe from memory and do nothing that needs their store: which address
 * is used, and what is said of the line. The line is a list of gateways, in place of libcurl, and
 * every receipt is good (linked by --wrap). */
#define MD_LINE_COMPILATION
#include "md-delivery-run.h"
#undef MD_LINE_COMPILATION

#include <md-seal.h>
#include <string.h>

#define INTAKE "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define PROBE_MS 60000
#define BACK_MS 600000

/* --- A terminal with some items, each of which is sent until it is taken --- */

#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject parent;
  guint waiting, taken;
  gboolean resting; /* what waits is not due yet */
};

static void source_iface_init (MdDeliverySourceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestSource, test_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_DELIVERY_SOURCE, source_iface_init))

static gboolean
claim (MdDeliverySource *source, const MdDeliveryWant *want, MdDeliveryItem **out_item,
       GError **error)
{
  TestSource *self = TEST_SOURCE (source);
  g_autoptr (GBytes) payload = g_bytes_new_static ("a", 1);

  *out_item = self->waiting > 0 && !self->resting ? md_delivery_item_new (1, INTAKE, 1, 0, payload)
                                                  : NULL;
  return TRUE;
}

static gint64
next_due (MdDeliverySource *source)
{
  TestSource *self = TEST_SOURCE (source);

  return self->waiting == 0 ? -1 : self->resting ? PROBE_MS : 0;
}

static gboolean
acknowledge (MdDeliverySource *source, const MdDeliveryItem *item, GBytes *receipt,
             guint64 sequence, const char *time, GError **error)
{
  TEST_SOURCE (source)->waiting--;
  TEST_SOURCE (source)->taken++;
  return TRUE;
}

static gboolean
put_back (MdDeliverySource *source, const MdDeliveryItem *item, gint64 delay_ms, gboolean counts,
          const char *reason, GError **error)
{
  return TRUE;
}

static gboolean
describe_numbers (MdDeliverySource *source, MdNumbersRequest *out, GError **error)
{
  *out = (MdNumbersRequest){ .serial = 1, .epoch = 1, .newest = 4000, .left = 2000 };
  return TRUE;
}

static gboolean
take_numbers (MdDeliverySource *source, const MdNumbersAnswer *answer, gboolean *out_again,
              GError **error)
{
  *out_again = FALSE;
  return TRUE;
}

static void
source_iface_init (MdDeliverySourceInterface *iface)
{
  iface->claim = claim;
  iface->next_due = next_due;
  iface->acknowledge = acknowledge;
  iface->put_back = put_back;
  iface->describe_numbers = describe_numbers;
  iface->take_numbers = take_numbers;
}

static void
test_source_class_init (TestSourceClass *klass)
{
}

static void
test_source_init (TestSource *self)
{
}

/* --- The gateways --- */

typedef struct
{
  gboolean stores; /* what needs the store is done */
  gboolean breaks; /* the connection does, within an item */
  guint put, asked, probed;
} Gateway;

static Gateway gateways[2];

MdLineClient *__wrap_md_line_client_new (const MdLineConfig *config, GError **error);
void __wrap_md_line_client_free (MdLineClient *client);
MdLineAnswer *__wrap_md_line_client_put (MdLineClient *client, const char *path,
                                         const char *content_type, GBytes *body,
                                         GCancellable *cancellable, GError **error);
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
store_failed (void)
{
  g_autoptr (MdProblem) problem = md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);

  return answer_of (problem->status, md_problem_encode (problem));
}

MdLineClient *
__wrap_md_line_client_new (const MdLineConfig *config, GError **error)
{
  return (MdLineClient *)&gateways[g_str_has_suffix (config->url, "1") ? 0 : 1];
}

void
__wrap_md_line_client_free (MdLineClient *client)
{
}

MdLineAnswer *
__wrap_md_line_client_put (MdLineClient *client, const char *path, const char *content_type,
                           GBytes *body, GCancellable *cancellable, GError **error)
{
  Gateway *gateway = (Gateway *)client;

  gateway->put++;
  if (gateway->breaks)
    {
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_OFFLINE, "the connection broke");
      return NULL;
    }
  return gateway->stores ? answer_of (201, g_bytes_new_static ("receipt", 7)) : store_failed ();
}

MdLineAnswer *
__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                           GCancellable *cancellable, GError **error)
{
  static const MdNumbersAnswer served = { .serial = 1, .epoch = 1 };
  Gateway *gateway = (Gateway *)client;

  gateway->asked++;
  return gateway->stores ? answer_of (200, md_numbers_answer_encode (&served)) : store_failed ();
}

MdLineAnswer *
__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag, gsize max,
                           GCancellable *cancellable, GError **error)
{
  ((Gateway *)client)->probed++;
  return answer_of (200, g_bytes_new_static ("policy", 6));
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

/* --- The engine, turn by turn --- */

typedef struct
{
  TestSource *source;
  MdDelivery *delivery;
  Run run;
} Fixture;

/* @urls: as in the settings. */
static void
set_up (Fixture *fixture, gconstpointer urls)
{
  g_autoptr (MdLineConfig) config = md_line_config_new ();
  g_autofree char *office = g_strdup ("139998");
  g_autofree char *terminal = g_strdup ("T001");
  const MdDeliveryConfig settings = {
    .line = config, .office = office, .terminal = terminal, .probe_ms = PROBE_MS, .back_ms = BACK_MS
  };

  config->url = g_strdup (urls);
  memset (gateways, 0, sizeof gateways);
  fixture->source = g_object_new (TEST_TYPE_SOURCE, NULL);
  fixture->delivery = md_delivery_new (MD_DELIVERY_SOURCE (fixture->source), &settings);
  fixture->run = (Run){ .delivery = fixture->delivery };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  _md_run_clear (&fixture->run);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->delivery);
  g_clear_object (&fixture->source);
}

/* As if a minute had gone by. */
static void
turn (Fixture *fixture)
{
  fixture->run.probe_at = fixture->run.numbers_at = fixture->run.pause_until = 0;
  md_delivery_wake (fixture->delivery);
  _md_run_turn (&fixture->run);
}

static guint
address (Fixture *fixture)
{
  guint count = 0;

  return md_delivery_get_address (fixture->delivery, &count);
}

static void
assert_said (Fixture *fixture, const char *reason)
{
  g_assert_cmpstr (md_delivery_get_reason (fixture->delivery), ==, reason);
}

/* The first is left when it fails what was brought, although it answers the probe; and nothing is
 * said to be well before something passes. */
static void
test_left (Fixture *fixture, gconstpointer data)
{
  gateways[0].stores = TRUE;
  turn (fixture);
  assert_said (fixture, "ok");
  gateways[0].stores = FALSE;
  gateways[1].stores = TRUE;
  fixture->source->waiting = 1;
  for (guint i = 0; i < 10 && fixture->source->taken == 0; i++)
    {
      turn (fixture);
      assert_said (fixture, fixture->source->taken > 0 ? "ok" : "gateway-trouble");
    }
  g_assert_cmpuint (address (fixture), ==, 2);
  g_assert_cmpuint (fixture->source->taken, ==, 1);
  g_assert_cmpuint (gateways[0].put, <=, MD_RUN_MOST_STRIKES);
}

/* It is not gone back to as long as that is so. */
static void
test_not_back (Fixture *fixture, gconstpointer data)
{
  test_left (fixture, data);
  fixture->run.back_at = 0;
  turn (fixture);
  turn (fixture);
  g_assert_cmpuint (address (fixture), ==, 2);
  gateways[0].stores = TRUE;
  fixture->run.back_at = 0;
  turn (fixture);
  g_assert_cmpuint (address (fixture), ==, 1);
}

/* Neither does anything: that is said, however well both answer the probe. */
static void
test_neither (Fixture *fixture, gconstpointer data)
{
  gateways[0].stores = TRUE;
  turn (fixture);
  gateways[0].stores = FALSE;
  fixture->source->waiting = 1;
  for (guint i = 0; i < 20; i++)
    {
      turn (fixture);
      assert_said (fixture, "gateway-trouble");
    }
  fixture->source->resting = TRUE;
  turn (fixture);
  assert_said (fixture, "gateway-trouble");
  fixture->source->resting = FALSE;
  g_assert_cmpuint (gateways[1].asked, >, 0);
  g_assert_cmpuint (gateways[0].probed, >, 0);
  gateways[address (fixture) - 1].stores = TRUE;
  turn (fixture);
  assert_said (fixture, "ok");
  g_assert_cmpuint (fixture->source->taken, ==, 1);
}

/* The same where the line breaks within each item. */
static void
test_breaks (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    gateways[i] = (Gateway){ .stores = TRUE, .breaks = TRUE };
  fixture->source->waiting = 1;
  for (guint i = 0; i < 10; i++)
    turn (fixture);
  for (guint i = 0; i < 6; i++)
    {
      turn (fixture);
      assert_said (fixture, "no-answer");
    }
  fixture->source->resting = TRUE;
  turn (fixture);
  assert_said (fixture, "no-answer");
  fixture->source->resting = FALSE;
  gateways[address (fixture) - 1].breaks = FALSE;
  turn (fixture);
  assert_said (fixture, "ok");
}

/* What was in vain is gone by another way: then nothing is wrong that anybody knows of. */
static void
test_nothing_waits (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    gateways[i] = (Gateway){ .stores = TRUE, .breaks = TRUE };
  fixture->source->waiting = 1;
  for (guint i = 0; i < 10; i++)
    turn (fixture);
  assert_said (fixture, "no-answer");
  fixture->source->waiting = 0;
  turn (fixture);
  assert_said (fixture, "ok");
}

int
main (int argc, char **argv)
{
  static const char two[] = "https://gateway-1;https://gateway-2";
  static const char one[] = "https://gateway-1";

  g_test_init (&argc, &argv, NULL);
#define CASE(name, urls, func)                                                                     \
  g_test_add ("/line/addresses/" name, Fixture, urls, set_up, func, tear_down)
  CASE ("left", two, test_left);
  CASE ("not-back", two, test_not_back);
  CASE ("neither", two, test_neither);
  CASE ("breaks", two, test_breaks);
  CASE ("alone", one, test_breaks);
  CASE ("nothing-waits", two, test_nothing_waits);
  return g_test_run ();
}
