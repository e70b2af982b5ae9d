// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <md-base.h>

/* Receipt numbers, and what the gateway has seen of this terminal. */

#define NUMBERS_TIMEOUT_S 30u
#define MANY_PROBES 30 /* until what was of no use is asked for again */

static void
numbers_later (Run *run, gint64 probes)
{
  run->numbers_at = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms * probes);
}

/* The gateway's own word against this question; not that it failed, does not know this terminal, or
 * is somebody else. One of before there were blocks knows no such place; one without room gives no
 * numbers, and takes decisions. */
static gboolean
is_of_the_question (const MdProblem *problem)
{
  return problem->code == MD_PROBLEM_NOT_FOUND || problem->code == MD_PROBLEM_METHOD_NOT_ALLOWED
         || problem->code == MD_PROBLEM_STORE_FULL
         || (problem->code != MD_PROBLEM_UNKNOWN && problem->status < 500
             && md_problem_blame (problem) != MD_BLAME_LINE);
}

/* Why there is no answer about numbers. What the gateway has against the question alone holds up no
 * delivery, and it is asked again. */
static void
numbers_refused (Run *run, const MdProblem *problem)
{
  const gboolean passed = is_of_the_question (problem);

  run->passed = run->passed || passed;
  run->questions += passed && problem->code != MD_PROBLEM_TOO_OFTEN ? 1 : 0;
  numbers_later (run, passed ? MANY_PROBES : 1);
  if (passed)
    _md_run_store_answers (run);
  else if (md_problem_blame (problem) == MD_BLAME_LINE)
    _md_run_refused (run, problem);
  else
    _md_run_unserved (run, FALSE, problem);
}

/* One question and its answer. FALSE: there is nothing more to say now. */
static gboolean
exchange_numbers (Run *run, const MdNumbersRequest *request)
{
  MdDelivery *self = run->delivery;
  g_autoptr (GBytes) body = md_numbers_request_encode (request);
  const MdLineQuestion question = { .path = md_route_template (MD_ROUTE_NUMBERS),
                                    .content_type = MD_WIRE_TYPE_NUMBERS,
                                    .body = body,
                                    .max = MD_WIRE_MAX_NUMBERS,
                                    .timeout_s = NUMBERS_TIMEOUT_S };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLineAnswer) answer
      = md_line_client_ask (run->client, &question, self->cancellable, &error);
  MdNumbersAnswer told = { 0 };
  gboolean again = FALSE;

  if (answer == NULL)
    {
      _md_run_line_failed (run, error);
      return FALSE;
    }
  _md_run_take_nonce (run, answer);
  if (answer->status != 200)
    {
      g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

      numbers_refused (run, problem);
      return FALSE;
    }
  if (!md_numbers_answer_decode (answer->body, &told, &error))
    {
      g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

      numbers_refused (run, problem);
      return FALSE;
    }
  run->passed = TRUE;
  run->questions++;
  _md_run_store_answers (run);
  if (!md_delivery_source_take_numbers (self->source, &told, &again, &error))
    {
      if (g_error_matches (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED))
        {
          numbers_later (run, MANY_PROBES);
          return FALSE;
        }
      run->numbers_unkept = TRUE;
      _md_run_store_failed (run, error);
      numbers_later (run, 1);
      return FALSE;
    }
  run->numbers_unkept = FALSE;
  run->asked = TRUE;
  run->question[0] = '\0';
  if (told.to == 0 && !again)
    numbers_later (run, told.exhausted ? MANY_PROBES : 1);
  return again;
}

/* The one that is not answered yet, or another. */
static void
put_question (Run *run, MdNumbersRequest *request)
{
  guint8 bytes[MD_NUMBERS_QUESTION / 2];

  if (run->question[0] == '\0')
    {
      md_random_fill (bytes, sizeof bytes);
      for (gsize i = 0; i < sizeof bytes; i++)
        (void)g_snprintf (run->question + 2 * i, 3, "%02x", bytes[i]);
    }
  (void)g_strlcpy (request->question, run->question, sizeof request->question);
}

gboolean
_md_run_look_after_numbers (Run *run)
{
  MdDeliverySource *source = run->delivery->source;
  MdNumbersRequest request = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean again = TRUE;

  if (!md_delivery_source_has_numbers (source))
    return TRUE;
  if (_md_run_now_ms () < run->numbers_at)
    return run->passed;
  for (guint i = 0; again && i < 3; i++)
    {
      if (!md_delivery_source_describe_numbers (source, &request, &error))
        {
          _md_run_store_failed (run, error);
          break;
        }
      numbers_later (run, 1);
      if (request.serial == 0) /* no policy has come yet */
        return TRUE;
      if (run->asked && i == 0 && request.left >= MD_NUMBERS_LOW && !run->asks_store)
        break;
      put_question (run, &request);
      again = exchange_numbers (run, &request);
    }
  return run->passed;
}

/* The same question is asked again of whoever is used then, and answered in the same way. */
gboolean
_md_run_tries_store (Run *run, MdLineClient *client)
{
  MdDelivery *self = run->delivery;
  MdNumbersRequest request = { 0 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MdLineAnswer) answer = NULL;
  g_autoptr (MdProblem) problem = NULL;

  if (!md_delivery_source_has_numbers (self->source))
    return TRUE;
  if (!md_delivery_source_describe_numbers (self->source, &request, NULL))
    return FALSE;
  if (request.serial == 0) /* no policy has come yet */
    return TRUE;
  put_question (run, &request);
  body = md_numbers_request_encode (&request);
  answer = md_line_client_ask (client,
                               &(MdLineQuestion){ .path = md_route_template (MD_ROUTE_NUMBERS),
                                                  .content_type = MD_WIRE_TYPE_NUMBERS,
                                                  .body = body,
                                                  .max = MD_WIRE_MAX_NUMBERS,
                                                  .timeout_s = NUMBERS_TIMEOUT_S },
                               self->cancellable, NULL);
  if (answer == NULL || answer->status == 200)
    return answer != NULL;
  problem = md_problem_decode (answer->status, answer->body);
  return is_of_the_question (problem);
}

gboolean
_md_run_doubt_number (Run *run, const char *intake)
{
  gpointer before = NULL;

  if (run->doubted == NULL)
    run->doubted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_lookup_extended (run->doubted, intake, NULL, &before)
      && GPOINTER_TO_UINT (before) != run->questions)
    {
      g_hash_table_remove (run->doubted, intake);
      return FALSE;
    }
  if (before == NULL)
    g_hash_table_insert (run->doubted, g_strdup (intake), GUINT_TO_POINTER (run->questions));
  if (run->asked)
    run->numbers_at = 0;
  run->asked = FALSE;
  return TRUE;
}
