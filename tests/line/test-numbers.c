// SPDX-License-Identifier: Apache-2.0
/* When the engine asks about numbers, what of the answer holds up a delivery, and what it does when
 * the gateway says that a number is not this terminal's. The line is a list of answers, in place of
 * libcurl (linked by --wrap). */
#define MD_LINE_COMPILATION
#include "md-delivery-run.h"
#undef MD_LINE_COMPILATION

#include <string.h>

#define A "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define B "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0c"
#define PROBE_MS 60000

static const MdNumbersAnswer served = { .serial = 1, .epoch = 1 };

/* --- A terminal with one intake at a time --- */

#define TEST_TYPE_SOURCE (test_source_get_type ())
G_DECLARE_FINAL_TYPE (TestSource, test_source, TEST, SOURCE, GObject)

struct _TestSource
{
  GObject parent;
  const char *intake;  /* the next to be claimed, or NULL */
  guint left;          /* numbers */
  gboolean finds_flaw; /* in what the gateway says */
  guint put_back, set_aside, taken;
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

  *out_item = self->intake != NULL ? md_delivery_item_new (1, self->intake, 1, 0, payload) : NULL;
  self->intake = NULL;
  return TRUE;
}

static gint64
next_due (MdDeliverySource *source)
{
  return 0;
}

static gboolean
put_back (MdDeliverySource *source, const MdDeliveryItem *item, gint64 delay_ms, gboolean counts,
          const char *reason, GError **error)
{
  TEST_SOURCE (source)->put_back++;
  return TRUE;
}

static gboolean
quarantine (MdDeliverySource *source, const MdDeliveryItem *item, const char *code,
            const char *reason, GError **error)
{
  TEST_SOURCE (source)->set_aside++;
  return TRUE;
}

static gboolean
describe_numbers (MdDeliverySource *source, MdNumbersRequest *out, GError **error)
{
  *out = (MdNumbersRequest){
    .serial = 1, .epoch = 1, .newest = 4000, .left = TEST_SOURCE (source)->left
  };
  return TRUE;
}

static gboolean
take_numbers (MdDeliverySource *source, const MdNumbersAnswer *answer, gboolean *out_again,
              GError **error)
{
  TestSource *self = TEST_SOURCE (source);

  *out_again = FALSE;
  self->taken++;
  if (self->finds_flaw)
    g_set_error_literal (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED, "it cannot be");
  return !self->finds_flaw;
}

static void
source_iface_init (MdDeliverySourceInterface *iface)
{
  iface->claim = claim;
  iface->next_due = next_due;
  iface->put_back = put_back;
  iface->quarantine = quarantine;
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
  self->left = 2000;
}

/* --- The line --- */

/* What the gateway says to the next questions, and how many there were. */
static struct
{
  MdProblemCode numbers; /* MD_PROBLEM_UNKNOWN: it answers */
  MdProblemCode intakes;
  gboolean silent;
  guint asked, put;
  char question[MD_NUMBERS_QUESTION + 1];
} line;

MdLineClient *__wrap_md_line_client_new (const MdLineConfig *config, GError **error);
void __wrap_md_line_client_free (MdLineClient *client);
MdLineAnswer *__wrap_md_line_client_put (MdLineClient *client, const char *path,
                                         const char *content_type, GBytes *body,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag,
                                         gsize max, GCancellable *cancellable, GError **error);

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
  if (line.silent)
    {
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_OFFLINE, "nobody answers");
      return NULL;
    }
  return refuse (line.intakes);
}

MdLineAnswer *
__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                           GCancellable *cancellable, GError **error)
{
  MdNumbersRequest request = { 0 };

  g_assert_true (md_numbers_request_decode (question->body, &request, NULL));
  (void)g_strlcpy (line.question, request.question, sizeof line.question);
  line.asked++;
  if (line.silent)
    {
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_OFFLINE, "nobody answers");
      return NULL;
    }
  return line.numbers != MD_PROBLEM_UNKNOWN ? refuse (line.numbers)
                                            : answer_of (200, md_numbers_answer_encode (&served));
}

/* The policy has not changed; of notices it knows nothing. */
MdLineAnswer *
__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag, gsize max,
                           GCancellable *cancellable, GError **error)
{
  return answer_of (304, g_bytes_new_static ("", 0));
}

/* --- The engine, turn by turn --- */

typedef struct
{
  TestSource *source;
  MdDelivery *delivery;
  Run run;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdLineConfig) config = md_line_config_new ();
  g_autofree char *office = g_strdup ("139998");
  g_autofree char *terminal = g_strdup ("T001");
  const MdDeliveryConfig settings
      = { .line = config, .office = office, .terminal = terminal, .probe_ms = PROBE_MS };

  memset (&line, 0, sizeof line);
  line.intakes = MD_PROBLEM_POLICY_UNKNOWN; /* passing */
  fixture->source = g_object_new (TEST_TYPE_SOURCE, NULL);
  fixture->delivery = md_delivery_new (MD_DELIVERY_SOURCE (fixture->source), &settings);
  fixture->run = (Run){ .delivery = fixture->delivery };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  _md_run_clear (&fixture->run);
  g_clear_object (&fixture->delivery);
  g_clear_object (&fixture->source);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The next turn comes at once, and not when its time has come. */
static void
turn (Fixture *fixture, const char *intake)
{
  fixture->source->intake = intake;
  md_delivery_wake (fixture->delivery);
  _md_run_turn (&fixture->run);
}

/* As if the minutes until it had gone by. */
static void
let_time_pass (Fixture *fixture)
{
  fixture->run.numbers_at = fixture->run.pause_until = fixture->run.probe_at = 0;
}

static void
assert_state (const Fixture *fixture, guint asked, guint put, guint put_back, guint set_aside)
{
  g_assert_cmpuint (line.asked, ==, asked);
  g_assert_cmpuint (line.put, ==, put);
  g_assert_cmpuint (fixture->source->put_back, ==, put_back);
  g_assert_cmpuint (fixture->source->set_aside, ==, set_aside);
}

/* Before anything is delivered the gateway is asked, once; and again when few numbers are left. */
static void
test_asked (Fixture *fixture, gconstpointer data)
{
  turn (fixture, A);
  g_assert_true (fixture->run.asked && fixture->run.passed);
  assert_state (fixture, 1, 1, 1, 0);
  let_time_pass (fixture);
  turn (fixture, NULL);
  g_assert_cmpuint (line.asked, ==, 1);
  fixture->source->left = MD_NUMBERS_LOW - 1;
  let_time_pass (fixture);
  turn (fixture, NULL);
  g_assert_cmpuint (line.asked, ==, 2);
  g_assert_cmpuint (fixture->source->taken, ==, 2);
}

/* What the gateway has against the question holds up nothing; that it does not work, does. Once
 * passed, it stays so. */
static void
test_passed (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    MdProblemCode code;
    gboolean passes;
  } rows[] = {
    { MD_PROBLEM_NOT_FOUND, TRUE },       { MD_PROBLEM_METHOD_NOT_ALLOWED, TRUE },
    { MD_PROBLEM_TOO_OFTEN, TRUE },       { MD_PROBLEM_MALFORMED_REQUEST, TRUE },
    { MD_PROBLEM_POLICY_UNKNOWN, TRUE },  { MD_PROBLEM_STORE_FAILED, FALSE },
    { MD_PROBLEM_STORE_FULL, TRUE },      { MD_PROBLEM_TERMINAL_KEY, FALSE },
    { MD_PROBLEM_POLICY_MISSING, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      let_time_pass (fixture);
      fixture->run.passed = FALSE;
      line.put = 0;
      line.numbers = rows[i].code;
      turn (fixture, A);
      g_assert_cmpint (fixture->run.passed, ==, rows[i].passes);
      g_assert_cmpuint (line.put, ==, rows[i].passes ? 1 : 0);
      g_assert_false (fixture->run.asked);
    }
  fixture->run.passed = TRUE;
  let_time_pass (fixture);
  turn (fixture, A);
  g_assert_cmpuint (line.put, ==, 1);
}

/* Numbers that cannot be hold up no delivery either, and are asked for again. */
static void
test_flaw (Fixture *fixture, gconstpointer data)
{
  fixture->source->finds_flaw = TRUE;
  turn (fixture, A);
  g_assert_true (fixture->run.passed);
  g_assert_false (fixture->run.asked);
  assert_state (fixture, 1, 1, 1, 0);
  turn (fixture, A);
  assert_state (fixture, 1, 2, 2, 0);
  fixture->source->finds_flaw = FALSE;
  let_time_pass (fixture);
  turn (fixture, NULL);
  g_assert_true (fixture->run.asked);
}

/* The same question until it is answered, and then another. */
static void
test_same_question (Fixture *fixture, gconstpointer data)
{
  char first[sizeof line.question];

  line.silent = TRUE;
  turn (fixture, A);
  (void)g_strlcpy (first, line.question, sizeof first);
  g_assert_cmpuint (line.put, ==, 0);
  line.silent = FALSE;
  let_time_pass (fixture);
  turn (fixture, NULL);
  g_assert_cmpstr (line.question, ==, first);
  fixture->source->left = 0;
  let_time_pass (fixture);
  turn (fixture, NULL);
  g_assert_cmpstr (line.question, !=, first);
}

/* A gateway whose store was put back has forgotten a block: it is asked again at once, and the
 * intake goes once more. Only where it says the same after that, it is set aside. */
static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  line.intakes = MD_PROBLEM_NUMBER_FOREIGN;
  turn (fixture, A);
  assert_state (fixture, 1, 1, 1, 0);
  turn (fixture, A);
  assert_state (fixture, 2, 2, 1, 1);
  turn (fixture, B); /* each may have been forgotten alone */
  assert_state (fixture, 2, 3, 2, 1);
  turn (fixture, B);
  assert_state (fixture, 3, 4, 2, 2);
}

/* Whoever answers after a break may have forgotten more, or again: it is asked anew. */
static void
test_foreign_after_a_break (Fixture *fixture, gconstpointer data)
{
  line.intakes = MD_PROBLEM_NUMBER_FOREIGN;
  turn (fixture, A);
  turn (fixture, NULL);
  assert_state (fixture, 2, 1, 1, 0);
  line.silent = TRUE;
  turn (fixture, A);
  assert_state (fixture, 2, 2, 2, 0);
  line.silent = FALSE;
  let_time_pass (fixture);
  turn (fixture, A);
  g_assert_cmpuint (fixture->source->set_aside, ==, 0);
  turn (fixture, A);
  g_assert_cmpuint (fixture->source->set_aside, ==, 1);
}

/* Not before the question was answered: as long as that fails, it waits with all else. */
static void
test_foreign_unanswered (Fixture *fixture, gconstpointer data)
{
  line.intakes = MD_PROBLEM_NUMBER_FOREIGN;
  turn (fixture, A);
  line.numbers = MD_PROBLEM_TOO_OFTEN;
  for (guint i = 1; i <= 3; i++)
    {
      turn (fixture, A);
      assert_state (fixture, 2, 1 + i, 1 + i, 0);
    }
  line.numbers = MD_PROBLEM_UNKNOWN;
  let_time_pass (fixture);
  turn (fixture, A);
  assert_state (fixture, 3, 5, 4, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define CASE(name, func) g_test_add ("/line/numbers/" name, Fixture, NULL, set_up, func, tear_down)
  CASE ("asked", test_asked);
  CASE ("passed", test_passed);
  CASE ("flaw", test_flaw);
  CASE ("same-question", test_same_question);
  CASE ("foreign", test_foreign);
  CASE ("foreign-after-a-break", test_foreign_after_a_break);
  CASE ("foreign-unanswered", test_foreign_unanswered);
  return g_test_run ();
}
