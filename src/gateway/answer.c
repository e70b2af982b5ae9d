// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "answer.h"

#include "asked.h"
#include "inbox.h"
#include "letters.h"
#include "metrics.h"
#include "numbers.h"
#include "policies.h"
#include "refusals.h"
#include "renewals.h"
#include "space.h"
#include "stored.h"
#include "uploads.h"

#include <event2/buffer.h>
#include <string.h>

void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_clear_pointer (&answer->refused_digest, g_free);
}

void
answer_problem (Answer *answer, MdProblem *problem)
{
  g_autoptr (MdProblem) owned = problem;

  answer_clear (answer);
  answer->status = owned->status;
  answer->code = owned->code;
  answer->content_type = MD_WIRE_TYPE_PROBLEM;
  answer->body = md_problem_encode (owned);
}

void
answer_text (Answer *answer, guint status, const char *type, GBytes *body)
{
  answer->status = status;
  answer->content_type = type;
  answer->body = body;
}

guint
answer_retry_after (MdProblemCode code)
{
  static const struct
  {
    MdProblemCode code;
    guint seconds;
  } waits[] = {
    { MD_PROBLEM_BUSY, 10 },           { MD_PROBLEM_TOO_MUCH, 30 },
    { MD_PROBLEM_TOO_OFTEN, 600 },     { MD_PROBLEM_UPLOADS_FULL, 600 },
    { MD_PROBLEM_RENEWALS_FULL, 600 }, { MD_PROBLEM_RELAY_BUSY, 5 },
    { MD_PROBLEM_STORE_FULL, 300 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    if (waits[i].code == code)
      return waits[i].seconds;
  return 0;
}

/* --- What HTTP allows, and we take less --- */

static MdProblem *
check_length (struct evhttp_request *request, gboolean has_body)
{
  guint count = 0;
  const char *length = asked_find_header (request, "Content-Length", &count);
  guint64 value = 0;
  gsize size = evbuffer_get_length (evhttp_request_get_input_buffer (request));

  if (count == 0)
    return has_body ? md_problem_new (MD_PROBLEM_LENGTH_REQUIRED, NULL) : NULL;
  if (count > 1 || strspn (length, "0123456789") != strlen (length)
      || !g_ascii_string_to_unsigned (length, 10, 0, G_MAXUINT32, &value, NULL) || value != size)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                           "There must be one Content-Length, and it must hold.");
  return NULL;
}

/* What two readers could understand in two ways is refused, whichever way libevent has read it. */
static MdProblem *
check_framing (struct evhttp_request *request, gboolean has_body)
{
  guint count = 0;

  if (asked_find_header (request, "Transfer-Encoding", &count) != NULL)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be no Transfer-Encoding.");
  (void)asked_find_header (request, "Host", &count);
  if (count != 1)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be one Host.");
  return check_length (request, has_body);
}

static const char *
method_name (struct evhttp_request *request)
{
  enum evhttp_cmd_type command = evhttp_request_get_command (request);

  if (command == EVHTTP_REQ_GET)
    return "GET";
  if (command == EVHTTP_REQ_POST)
    return "POST";
  return command == EVHTTP_REQ_PUT ? "PUT" : "other";
}

/* --- PUT --- */

static MdProblem *
check_body (const MdTarget *target, struct evhttp_request *request, GBytes *body)
{
  gboolean intake = target->route == MD_ROUTE_INTAKE;
  gsize max = intake ? MD_WIRE_MAX_CONTAINER : MD_WIRE_MAX_DECISION;
  MdProblem *problem
      = asked_check_type (request, intake ? MD_WIRE_TYPE_CONTAINER : MD_WIRE_TYPE_DECISION);

  if (problem == NULL && g_bytes_get_size (body) > max)
    problem = md_problem_new (MD_PROBLEM_TOO_LARGE, NULL);
  return problem != NULL ? problem : asked_check_digest (request, body);
}

void
answer_store (Office *office, Counters *counters, const MdLedgerEntry *entry, GBytes *body,
              Answer *answer)
{
  g_autoptr (GBytes) receipt = NULL;
  g_autoptr (GError) error = NULL;
  MdLedgerPut put
      = md_ledger_put (office->ledger, entry, body, office_make_receipt, office, &receipt, &error);
  MdProblem *problem = stored_problem (put, error);

  if (problem != NULL)
    {
      answer_problem (answer, problem);
      return;
    }
  if (put == MD_LEDGER_PUT_CREATED)
    counters->stored++;
  else
    counters->repeated++;
  g_message ("%s: terminal=%s intake=%s item=%u",
             put == MD_LEDGER_PUT_CREATED ? "stored" : "repeated", entry->terminal, entry->intake,
             entry->n);
  answer_text (answer, put == MD_LEDGER_PUT_CREATED ? 201 : 200, MD_WIRE_TYPE_RECEIPT,
               g_steal_pointer (&receipt));
}

void
answer_item (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
             GBytes *body, Answer *answer)
{
  g_autoptr (MdLedgerEntry) entry = NULL;
  MdProblem *problem = admit_known (office, peer, target, body, &entry);

  if (problem == NULL && entry == NULL && target->route == MD_ROUTE_INTAKE)
    problem = space_find_problem (office);
  if (problem == NULL && entry == NULL)
    problem = target->route == MD_ROUTE_INTAKE
                  ? admit_intake (office, peer, target, body, &entry)
                  : admit_decision (office, peer, target, body, &entry);
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_store (office, counters, entry, body, answer);
}

static void
answer_put (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
            struct evhttp_request *request, Answer *answer)
{
  g_autoptr (GBytes) body = asked_take_body (request);
  MdProblem *problem = admit_peer (office, peer);
  const gboolean admitted = problem == NULL;

  if (problem == NULL)
    problem = check_body (target, request, body);
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_item (office, counters, peer, target, body, answer);
  if (answer->code != MD_PROBLEM_UNKNOWN && admitted)
    answer->refused_digest = md_wire_digest_hex (body);
}

/* --- GET --- */

/* Its own terminal's notices, and no other's: whose they are, its certificate says. */
static void
answer_notice (const Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
               Answer *answer)
{
  MdProblem *problem = admit_peer (office, peer);
  g_autoptr (MdLedgerNotice) notice = NULL;
  g_autoptr (GError) error = NULL;

  if (problem == NULL)
    notice = md_ledger_hand_out_notice (office->ledger, peer->office, peer->terminal,
                                        target->notice, &error);
  if (error != NULL && !g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING))
    {
      g_message ("the store failed: %s", error->message);
      problem = md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
    }
  if (problem != NULL)
    answer_problem (answer, problem);
  else if (notice == NULL)
    answer->status = 204;
  else
    {
      counters->notices++;
      answer_text (answer, 200, MD_WIRE_TYPE_NOTICE, g_bytes_ref (notice->body));
    }
}

static void
answer_letter (const Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
               Answer *answer)
{
  MdProblem *problem = admit_peer (office, peer);
  GBytes *body = NULL;

  if (problem == NULL)
    problem = letters_tell (office, peer, target->name, &body);
  if (problem != NULL)
    {
      answer_problem (answer, problem);
      return;
    }
  counters->letters++;
  answer_text (answer, 200, MD_WIRE_TYPE_LETTER, body);
}

static void
answer_inbox (const Office *office, const Peer *peer, const MdTarget *target,
              struct evhttp_request *request, Answer *answer)
{
  GBytes *body = NULL;
  MdProblem *problem = inbox_ask (office->inbox, request, peer, target, &body);

  if (problem != NULL)
    answer_problem (answer, problem);
  else if (body != NULL)
    answer_text (answer, 200, MD_WIRE_TYPE_INBOX, body);
  /* Who may not wait does not keep the place either. */
  answer->close = answer->code == MD_PROBLEM_BUSY;
}

/* --- POST --- */

static MdProblem *
check_posted (struct evhttp_request *request, GBytes *body, const char *wanted, gsize max)
{
  MdProblem *problem = asked_check_type (request, wanted);

  if (problem != NULL)
    return problem;
  return g_bytes_get_size (body) > max ? md_problem_new (MD_PROBLEM_TOO_LARGE, NULL) : NULL;
}

static void
answer_numbers (Office *office, const Peer *peer, struct evhttp_request *request, Answer *answer)
{
  g_autoptr (GBytes) body = asked_take_body (request);
  MdProblem *problem = admit_peer (office, peer);
  GBytes *told = NULL;

  if (problem == NULL)
    problem = check_posted (request, body, MD_WIRE_TYPE_NUMBERS, MD_WIRE_MAX_NUMBERS);
  if (problem == NULL)
    problem = numbers_tell (office, peer, body, &told);
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_text (answer, 200, MD_WIRE_TYPE_NUMBERS, told);
}

/* The same question again, until its answer is the certificate. */
static void
answer_renewal (const Office *office, const Peer *peer, struct evhttp_request *request,
                Answer *answer)
{
  g_autoptr (GBytes) body = asked_take_body (request);
  MdProblem *problem = admit_peer (office, peer);
  GBytes *certificate = NULL;

  if (problem == NULL)
    problem = check_posted (request, body, MD_WIRE_TYPE_RENEWAL, MD_WIRE_MAX_RENEWAL);
  if (problem == NULL)
    problem = renewals_ask (office, peer, body, &certificate);
  if (problem != NULL)
    answer_problem (answer, problem);
  else if (certificate == NULL)
    answer->status = 202;
  else
    answer_text (answer, 200, MD_WIRE_TYPE_CERTIFICATE, certificate);
}

/* And what others are asked for. */

static MdProblem *
check_question (struct evhttp_request *request, GBytes *body)
{
  MdProblem *problem
      = check_posted (request, body, MD_WIRE_TYPE_OCSP_REQUEST, MD_WIRE_MAX_OCSP_REQUEST);

  if (problem != NULL)
    return problem;
  return md_ocsp_is_request (body)
             ? NULL
             : md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                               "The body must be one OCSP request about one certificate.");
}

static void
answer_relay (const Office *office, const Peer *peer, const MdTarget *target,
              struct evhttp_request *request, Answer *answer)
{
  const gboolean ocsp = target->route == MD_ROUTE_OCSP;
  g_autoptr (GBytes) body = ocsp ? asked_take_body (request) : NULL;
  MdProblem *problem = admit_peer (office, peer);

  if (problem == NULL && ocsp)
    problem = check_question (request, body);
  if (problem == NULL)
    problem = relay_ask (office->relay, request, peer, target, body);
  if (problem != NULL)
    answer_problem (answer, problem);
}

/* --- Routing --- */

static void
route (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
       struct evhttp_request *request, Answer *answer)
{
  switch (target->route)
    {
    case MD_ROUTE_INTAKE:
    case MD_ROUTE_DECISION:
      answer_put (office, counters, peer, target, request, answer);
      break;
    case MD_ROUTE_POLICY:
      policies_answer (office, peer, request, answer);
      break;
    case MD_ROUTE_HEALTH:
      answer_health (office, answer);
      break;
    case MD_ROUTE_NOTICE:
      answer_notice (office, counters, peer, target, answer);
      break;
    case MD_ROUTE_INBOX:
      answer_inbox (office, peer, target, request, answer);
      break;
    case MD_ROUTE_LETTER:
      answer_letter (office, counters, peer, target, answer);
      break;
    case MD_ROUTE_NUMBERS:
      answer_numbers (office, peer, request, answer);
      break;
    case MD_ROUTE_RENEWAL:
      answer_renewal (office, peer, request, answer);
      break;
    case MD_ROUTE_UPLOAD:
      uploads_tell (office, peer, target, answer);
      break;
    case MD_ROUTE_CHUNK:
      uploads_take (office, counters, peer, target, request, answer);
      break;
    case MD_ROUTE_FINISH:
      uploads_finish (office, counters, peer, target, answer);
      break;
    case MD_ROUTE_OCSP:
    case MD_ROUTE_CRL:
      answer_relay (office, peer, target, request, answer);
      break;
    case MD_ROUTE_METRICS:
    default:
      answer_metrics (office, counters, answer);
      break;
    }
}

/* Whoever others asked for says no, or others take all there is: that is counted, and is no refusal
 * of a terminal. What a full disk does to one after the other would take its last room. */
static gboolean
is_refusal (const MdTarget *target, const Answer *answer)
{
  /* A balancer asks every few seconds; that the answer has changed is recorded by office.c. */
  if (target != NULL && target->route == MD_ROUTE_HEALTH && answer->status == 503)
    return FALSE;
  return answer->code != MD_PROBLEM_RESPONDER_AWAY && answer->code != MD_PROBLEM_RESPONDER_STRANGE
         && answer->code != MD_PROBLEM_BUSY && answer->code != MD_PROBLEM_STORE_FULL;
}

/* @target: NULL for what the wire has no such place. */
static void
note_refusal (const Office *office, Counters *counters, const Peer *peer, const char *method,
              const MdTarget *target, const Answer *answer)
{
  const char *intake = target != NULL && target->intake[0] != '\0' ? target->intake : NULL;
  g_autofree char *item
      = target != NULL && target->n > 0 ? md_item_format (target->n) : g_strdup ("-");
  g_autofree char *what = g_strdup_printf ("%s:%s", method, item);

  if (answer->code == MD_PROBLEM_UNKNOWN)
    return;
  counters->refused[answer->code]++;
  if (is_refusal (target, answer))
    refusals_note (office, peer, what, intake, md_problem_code_name (answer->code),
                   answer->refused_digest);
}

void
answer_relayed (Office *office, Counters *counters, const RelayResult *result, Answer *out_answer)
{
  const MdRoute route = result->target->route;

  if (result->problem != NULL)
    answer_problem (out_answer, result->problem);
  else
    {
      counters->relayed++;
      answer_text (out_answer, 200,
                   route == MD_ROUTE_OCSP ? MD_WIRE_TYPE_OCSP_RESPONSE : MD_WIRE_TYPE_CRL,
                   result->body);
    }
  note_refusal (office, counters, result->peer, md_route_method (route), result->target,
                out_answer);
}

void
answer_held (Office *office, Counters *counters, const Peer *peer, GBytes *body, MdProblem *problem,
             Answer *out_answer)
{
  const MdTarget target = { .route = MD_ROUTE_INBOX };

  if (problem != NULL)
    answer_problem (out_answer, problem);
  else if (body != NULL)
    answer_text (out_answer, 200, MD_WIRE_TYPE_INBOX, g_bytes_ref (body));
  else
    out_answer->status = 204;
  note_refusal (office, counters, peer, md_route_method (target.route), &target, out_answer);
}

void
answer_request (Office *office, Counters *counters, const Peer *peer,
                struct evhttp_request *request, Answer *out_answer)
{
  const char *uri = evhttp_request_get_uri (request);
  const char *method = method_name (request);
  MdTarget target = { .route = MD_ROUTE_HEALTH };
  gboolean known = uri != NULL && md_target_parse (uri, &target);
  MdProblem *problem
      = check_framing (request, strcmp (method, "PUT") == 0 || strcmp (method, "POST") == 0);

  if (problem != NULL)
    {
      answer_problem (out_answer, problem);
      out_answer->close = TRUE;
    }
  else if (!known)
    answer_problem (out_answer, md_problem_new (MD_PROBLEM_NOT_FOUND, NULL));
  else if (strcmp (method, md_route_method (target.route)) != 0)
    answer_problem (out_answer, md_problem_new (MD_PROBLEM_METHOD_NOT_ALLOWED, NULL));
  else
    route (office, counters, peer, &target, request, out_answer);

  note_refusal (office, counters, peer, method, known ? &target : NULL, out_answer);
}

/* --- By the head alone --- */

static gsize
most_of (const MdTarget *target)
{
  switch (target->route)
    {
    case MD_ROUTE_INTAKE:
      return MD_WIRE_MAX_CONTAINER;
    case MD_ROUTE_DECISION:
      return MD_WIRE_MAX_DECISION;
    case MD_ROUTE_OCSP:
      return MD_WIRE_MAX_OCSP_REQUEST;
    case MD_ROUTE_NUMBERS:
      return MD_WIRE_MAX_NUMBERS;
    case MD_ROUTE_RENEWAL:
      return MD_WIRE_MAX_RENEWAL;
    case MD_ROUTE_CHUNK:
      return MD_WIRE_MAX_CHUNK;
    case MD_ROUTE_UPLOAD:
    case MD_ROUTE_FINISH: /* its body is empty */
    case MD_ROUTE_POLICY:
    case MD_ROUTE_HEALTH:
    case MD_ROUTE_METRICS:
    case MD_ROUTE_CRL:
    case MD_ROUTE_NOTICE:
    case MD_ROUTE_LETTER:
    case MD_ROUTE_INBOX:
    default:
      return 0;
    }
}

/* Of one with a body; what has none is looked at when it is whole. */
static MdProblem *
judge_body (const Office *office, const GuardRequest *request, const MdTarget *target)
{
  const Head *head = request->head;

  if (head->encodings > 0)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be no Transfer-Encoding.");
  if (head->hosts != 1)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be one Host.");
  if (head->lengths > 1 || !head->counts)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                           "There must be one Content-Length, and it must hold.");
  if (target == NULL)
    return md_problem_new (MD_PROBLEM_NOT_FOUND, NULL);
  if (strcmp (head->method, md_route_method (target->route)) != 0)
    return md_problem_new (MD_PROBLEM_METHOD_NOT_ALLOWED, NULL);
  if (strcmp (head->method, "GET") == 0)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be no body.");
  if (head->length > most_of (target))
    return md_problem_new (MD_PROBLEM_TOO_LARGE, NULL);
  return admit_peer (office, request->peer);
}

static MdProblem *
take_room (Budget *budget, const GuardRequest *request)
{
  g_autofree char *who = guard_who (request->peer);

  switch (budget_take (budget, who, (gsize)request->head->length))
    {
    case BUDGET_TAKEN:
      return NULL;
    case BUDGET_TOO_MUCH:
      return md_problem_new (MD_PROBLEM_TOO_MUCH, NULL);
    case BUDGET_BUSY:
    default:
      return md_problem_new (MD_PROBLEM_BUSY, NULL);
    }
}

static const char *
short_method (const char *method)
{
  static const char *const known[] = { "GET", "PUT", "POST" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (method, known[i]) == 0)
      return known[i];
  return "other";
}

gboolean
answer_head (Office *office, Counters *counters, Budget *budget, const GuardRequest *request,
             Answer *out_answer)
{
  const Head *head = request->head;
  const gboolean has_body = head->length > 0 || head->lengths > 0 || head->encodings > 0;
  MdTarget target = { .route = MD_ROUTE_HEALTH };
  const gboolean known = md_target_parse (head->place, &target);
  MdProblem *problem = NULL;

  if (request->crowded)
    problem = md_problem_new (MD_PROBLEM_TOO_MUCH, "Fewer connections at a time, please.");
  else if (has_body)
    problem = judge_body (office, request, known ? &target : NULL);
  if (problem == NULL)
    problem = take_room (budget, request);
  if (problem == NULL)
    return TRUE;
  answer_problem (out_answer, problem);
  note_refusal (office, counters, request->peer, short_method (head->method),
                known ? &target : NULL, out_answer);
  return FALSE;
}
