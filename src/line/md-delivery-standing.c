// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <glib/gi18n.h>

/* What the thread says of the line, and how long it rests after it. */

/* So far two clocks may differ before it is said: less is no trouble, and a slow line is no wrong
 * clock. */
#define MOST_AHEAD_S 300

void
_md_run_attention (Run *run, const char *reason, const char *detail)
{
  _md_delivery_set_standing (run->delivery, MD_LINE_STATE_ATTENTION, reason, detail);
}

/* The gateway's clock and this one do not agree. Deliveries go on: what is wrong are times. */
static void
wrong_clock (Run *run)
{
  const gulong minutes = (gulong)(ABS (run->ahead_s) + 30) / 60;
  g_autofree char *text = g_strdup_printf (
      run->ahead_s > 0
          ? ngettext ("This terminal's clock is %lu minute ahead of the gateway's. Intake and "
                      "sending go on, but times on slips may be wrong. Compare it with another "
                      "clock, and ask the administrator to set it.",
                      "This terminal's clock is %lu minutes ahead of the gateway's. Intake and "
                      "sending go on, but times on slips may be wrong. Compare it with another "
                      "clock, and ask the administrator to set it.",
                      minutes)
          : ngettext ("This terminal's clock is %lu minute behind the gateway's. Intake and "
                      "sending go on, but times on slips may be wrong. Compare it with another "
                      "clock, and ask the administrator to set it.",
                      "This terminal's clock is %lu minutes behind the gateway's. Intake and "
                      "sending go on, but times on slips may be wrong. Compare it with another "
                      "clock, and ask the administrator to set it.",
                      minutes),
      minutes);

  _md_run_attention (run, "wrong-clock", text);
}

/* It is no trouble, and it is not left unsaid. */
static void
waits_for_room (Run *run)
{
  const gint64 left_ms = MAX (_md_run_crowded_until (run) - _md_run_now_ms (), 0);
  const gulong minutes = (gulong)(left_ms / 60000) + 1;
  g_autofree char *text = g_strdup_printf (
      ngettext ("The line to the back office works. A large application waits for room at the "
                "gateway, where others of this terminal are unfinished; after %lu minute at most "
                "it is sent in one piece.",
                "The line to the back office works. A large application waits for room at the "
                "gateway, where others of this terminal are unfinished; after %lu minutes at most "
                "it is sent in one piece.",
                minutes),
      minutes);

  _md_delivery_set_standing (run->delivery, MD_LINE_STATE_ONLINE, "waits-for-room", text);
}

void
_md_run_good (Run *run)
{
  run->line_good = TRUE;
  if (run->receipt_bad)
    return;
  if (run->store_failure != NULL)
    {
      _md_run_attention (run, "own-store", run->store_failure);
      return;
    }
  if (run->vain != NULL)
    {
      _md_delivery_set_standing (run->delivery, run->vain_state, run->vain_reason, run->vain);
      return;
    }
  if (run->full)
    {
      _md_run_attention (
          run, "gateway-trouble",
          _ ("The gateway has no room for new applications. Intake goes on; what is taken in is "
             "kept safely here and sent when there is room again, and decisions go through. Tell "
             "the administrator."));
      return;
    }
  if (ABS (run->ahead_s) > MOST_AHEAD_S)
    wrong_clock (run);
  else if (_md_run_crowded_until (run) >= 0)
    waits_for_room (run);
  else
    _md_delivery_set_standing (run->delivery, MD_LINE_STATE_ONLINE, "ok",
                               _ ("The line to the back office works."));
}

/* No exchange until the next probe. */
void
_md_run_rest (Run *run)
{
  run->line_good = FALSE;
  run->probe_at = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms);
}

typedef struct
{
  MdLineError code;
  MdLineState state;
  const char *reason;
} Meaning;

static const Meaning *
find_meaning (const GError *error)
{
  static const Meaning meanings[] = {
    { MD_LINE_ERROR_NO_LINK, MD_LINE_STATE_OFFLINE, "no-link" },
    { MD_LINE_ERROR_NO_NAME, MD_LINE_STATE_OFFLINE, "no-name" },
    { MD_LINE_ERROR_PROXY, MD_LINE_STATE_OFFLINE, "proxy" },
    { MD_LINE_ERROR_OFFLINE, MD_LINE_STATE_OFFLINE, "no-answer" },
    { MD_LINE_ERROR_PEER, MD_LINE_STATE_ATTENTION, "not-our-gateway" },
    { MD_LINE_ERROR_CLOCK, MD_LINE_STATE_ATTENTION, "wrong-clock" },
    { MD_LINE_ERROR_ENDED, MD_LINE_STATE_ATTENTION, "certificate-ended" },
    { MD_LINE_ERROR_REFUSED, MD_LINE_STATE_ATTENTION, "certificate-refused" },
    { MD_LINE_ERROR_CONFIG, MD_LINE_STATE_ATTENTION, "settings" },
    { MD_LINE_ERROR_PROTOCOL, MD_LINE_STATE_ATTENTION, "protocol" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_error_matches (error, MD_LINE_ERROR, (int)meanings[i].code))
      return &meanings[i];
  return NULL;
}

/* No answer came: says so and rests, unless another address is left to try. That the last of them
 * is silent hides nothing that was wrong with one before. */
void
_md_run_line_failed (Run *run, const GError *error)
{
  const Meaning *meaning = find_meaning (error);
  const Meaning *worse = NULL;
  const gboolean served = run->line_good;
  g_autoptr (GError) serious = NULL;

  _md_run_rest (run);
  /* Whoever answers next may know less than who answered last. */
  g_clear_pointer (&run->doubted, g_hash_table_unref);
  if (meaning == NULL)
    return;
  if (meaning->code == MD_LINE_ERROR_REFUSED && _md_run_pair_refused (run))
    return;
  if (run->serious == NULL && meaning->state == MD_LINE_STATE_ATTENTION)
    run->serious = g_error_copy (error);
  if (served ? _md_run_doubt (run, meaning->reason) && run->strikes < MD_RUN_MOST_STRIKES
             : meaning->code != MD_LINE_ERROR_CONFIG && _md_run_go_over (run, meaning->reason))
    return;
  if (run->strikes >= MD_RUN_MOST_STRIKES)
    _md_run_in_vain (run, meaning->state, meaning->reason, error->message);
  serious = g_steal_pointer (&run->serious);
  if (serious != NULL && meaning->state == MD_LINE_STATE_OFFLINE)
    worse = find_meaning (serious);
  if (worse != NULL)
    {
      meaning = worse;
      error = serious;
    }
  _md_delivery_set_standing (run->delivery, meaning->state, meaning->reason, error->message);
}

/* --- Nothing passes --- */

void
_md_run_in_vain (Run *run, MdLineState state, const char *reason, const char *text)
{
  run->vain_state = state;
  run->vain_reason = reason;
  run->vain_at = run->at + 1;
  g_free (run->vain);
  run->vain = g_strdup (text);
}

void
_md_run_passes (Run *run)
{
  if (run->vain == NULL)
    return;
  g_clear_pointer (&run->vain, g_free);
  if (run->line_good)
    _md_run_good (run);
}

void
_md_run_store_answers (Run *run)
{
  run->asks_store = FALSE;
  if (run->vain_at != run->at + 1)
    _md_run_passes (run);
}

void
_md_run_nothing_waits (Run *run)
{
  if (run->vain != NULL && run->vain_at > 0
      && md_delivery_source_next_due (run->delivery->source) < 0)
    _md_run_passes (run);
}

static char *
describe_trouble (const MdProblem *problem)
{
  return g_strdup_printf ("%s\n%u %s",
                          _ ("The gateway does not serve this terminal now. Intake goes on and "
                             "nothing is lost; if it lasts, tell the administrator."),
                          problem->status, md_problem_code_name (problem->code));
}

void
_md_run_unserved (Run *run, gboolean of_item, const MdProblem *problem)
{
  const gboolean item_too = of_item || (run->vain != NULL && run->vain_at == run->at + 1);
  g_autofree char *text = describe_trouble (problem);

  _md_run_in_vain (run, MD_LINE_STATE_ATTENTION, "gateway-trouble", text);
  if (!item_too)
    run->vain_at = 0;
  _md_run_attention (run, "gateway-trouble", text);
  (void)_md_run_doubt (run, "gateway-trouble");
}

/* --- The own store --- */

void
_md_run_store_failed (Run *run, const GError *error)
{
  g_free (run->store_failure);
  run->store_failure
      = g_strdup_printf (_ ("The terminal's own store does not work: %s. What is in it is kept; "
                            "call the administrator."),
                         error != NULL ? error->message : "-");
  _md_run_attention (run, "own-store", run->store_failure);
  run->pause_until = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms);
}

void
_md_run_store_works (Run *run)
{
  if (run->store_failure == NULL || run->numbers_unkept || !g_queue_is_empty (&run->unwritten))
    return;
  g_clear_pointer (&run->store_failure, g_free);
  if (run->line_good)
    _md_run_good (run);
}

void
_md_run_refused (Run *run, const MdProblem *problem)
{
  g_autofree char *text = NULL;

  if (problem->code == MD_PROBLEM_TERMINAL_KEY && _md_run_pair_refused (run))
    return;
  if (problem->code == MD_PROBLEM_TERMINAL_UNREGISTERED)
    {
      _md_run_attention (
          run, "not-registered",
          _ ("The gateway does not know this terminal. Intake goes on and nothing is lost; "
             "ask the administrator to register it."));
      return;
    }
  if (problem->code == MD_PROBLEM_TERMINAL_KEY)
    {
      _md_run_attention (
          run, "key-refused",
          _ ("The gateway does not accept this terminal's key: it was taken out of the policy "
             "or replaced by another. Intake goes on and nothing is lost; ask the "
             "administrator to install the new certificate or to list this one."));
      return;
    }
  text = describe_trouble (problem);
  _md_run_attention (run, "gateway-trouble", text);
}
