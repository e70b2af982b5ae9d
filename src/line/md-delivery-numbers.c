// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

/* Receipt numbers, and what the gateway has seen of this terminal. */

#define NUMBERS_TIMEOUT_S 30u
#define MANY_PROBES 30 /* until what was of no use is asked for again */

static void
numbers_later (Run *run, gint64 probes)
{
  run->numbers_at = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms * probes);
}

/* Why there is no answer about numbers. What the gateway has against the question alone holds up no
 * delivery; one of before there were blocks knows no such place. */
static void
numbers_refused (Run *run, const MdProblem *problem)
{
  if (problem->code == MD_PROBLEM_NOT_FOUND || problem->code == MD_PROBLEM_METHOD_NOT_ALLOWED
      || md_problem_blame (problem) == MD_BLAME_ITEM || problem->status < 500)
    run->known = TRUE;
  numbers_later (run, run->known ? MANY_PROBES : 1);
  if (!run->known || md_problem_blame (problem) == MD_BLAME_LINE)
    _md_run_refused (run, problem);
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
  run->known = TRUE;
  if (!md_numbers_answer_decode (answer->body, &told, &error))
    {
      numbers_later (run, MANY_PROBES);
      return FALSE;
    }
  if (!md_delivery_source_take_numbers (self->source, &told, &again, &error))
    {
      _md_run_store_failed (run, error);
      numbers_later (run, 1);
      return FALSE;
    }
  if (told.to == 0 && !again)
    numbers_later (run, told.exhausted ? MANY_PROBES : 1);
  return again;
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
    return run->known;
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
      if (run->known && i == 0 && request.left >= MD_NUMBERS_LOW)
        break;
      again = exchange_numbers (run, &request);
    }
  return run->known;
}
