// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <md-protocol.h>
#include <md-seal.h>

/* The delivery's thread. It asks the gateway for the policy first (a probe that costs nothing and
 * brings a nonce); only while such a probe or a delivery has gone well does it claim items, so that
 * a dead line counts against no item. */

#define REFUSED_ANEW_MS 900000

gint64
_md_run_now_ms (void)
{
  return g_get_monotonic_time () / G_TIME_SPAN_MILLISECOND;
}

/* @ms, give or take a fifth. */
gint64
_md_run_jitter (gint64 ms)
{
  return ms - ms / 5 + g_random_int_range (0, (gint32)MIN (ms * 2 / 5, G_MAXINT32 - 1) + 1);
}

static gint64
back_off (const MdDeliveryConfig *config, guint attempts)
{
  gint64 delay = config->retry_base_ms;

  for (guint i = 0; i < attempts && delay < config->retry_max_ms; i++)
    delay *= 2;
  return _md_run_jitter (MIN (delay, config->retry_max_ms));
}

static gboolean
is_stopping (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->stopping;
}

/* Waits until @deadline (monotonic milliseconds), a wake-up or the end. TRUE if it was a wake-up.
 */
static gboolean
wait_until (MdDelivery *self, gint64 deadline)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gboolean woken = FALSE;

  while (!self->woken && !self->stopping)
    if (!g_cond_wait_until (&self->wakeup, &self->lock, deadline * G_TIME_SPAN_MILLISECOND))
      break;
  woken = self->woken;
  self->woken = FALSE;
  return woken;
}

void
_md_run_take_nonce (Run *run, const MdLineAnswer *answer)
{
  MdDelivery *self = run->delivery;
  g_autoptr (GMutexLocker) locker = NULL;

  if (answer->nonce == NULL || g_bytes_get_size (answer->nonce) != MD_WIRE_NONCE_SIZE)
    return;
  locker = g_mutex_locker_new (&self->lock);
  g_clear_pointer (&self->nonce, g_bytes_unref);
  self->nonce = g_bytes_ref (answer->nonce);
  self->nonce_at = g_get_monotonic_time ();
  self->nonce_used = FALSE;
}

/* --- Notices of the back office --- */

/* The number to ask for now, once; 0: none. */
static guint
take_next_notice (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const guint number = self->asks_next ? self->next_notice : 0;

  self->asks_next = FALSE;
  return number;
}

static void
want_notice (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->asks_next = TRUE;
}

/* Whatever else is answered says nothing about the line: the probe does. A gateway of before there
 * were notices knows no such place. */
static void
ask_for_notice (Run *run)
{
  MdDelivery *self = run->delivery;
  MdTarget target = { .route = MD_ROUTE_NOTICE, .notice = take_next_notice (self) };
  g_autofree char *path = target.notice > 0 ? md_target_format (&target) : NULL;
  g_autoptr (MdLineAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  answer
      = md_line_client_get (run->client, path, NULL, MD_WIRE_MAX_NOTICE, self->cancellable, &error);
  /* What is no notice holds up no delivery. */
  if (g_error_matches (error, MD_LINE_ERROR, MD_LINE_ERROR_PROTOCOL))
    {
      g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

      _md_delivery_tell_notice (self, target.notice, nothing);
      return;
    }
  if (answer == NULL)
    {
      _md_run_line_failed (run, error);
      return;
    }
  _md_run_take_nonce (run, answer);
  if (answer->status == 200)
    _md_delivery_tell_notice (self, target.notice, answer->body);
}

/* --- The probe --- */

/* What was refused is tried anew now and then: it may not be the policy that was wrong. *@OUT_ETAG,
 * *@OUT_REFUSED: (transfer full) (nullable). */
static void
describe_policy (MdDelivery *self, char **out_etag, char **out_refused)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->refused_etag != NULL
      && g_get_monotonic_time () - self->refused_at >= REFUSED_ANEW_MS * G_TIME_SPAN_MILLISECOND)
    g_clear_pointer (&self->refused_etag, g_free);
  *out_etag = g_strdup (self->policy_etag);
  *out_refused = self->refused_etag != NULL
                     ? g_strdup_printf ("%s %s", self->refused_etag, self->refused_cause)
                     : NULL;
}

/* A gateway of before a refusal was told sends it with each probe. */
static gboolean
is_refused (MdDelivery *self, const char *etag)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return etag != NULL && g_strcmp0 (etag, self->refused_etag) == 0;
}

static void
probe (Run *run)
{
  MdDelivery *self = run->delivery;
  g_autoptr (MdLineAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *refused = NULL;

  describe_policy (self, &etag, &refused);
  run->line_good = FALSE; /* that is what it asks */
  if (refused != NULL)
    answer = md_line_client_get_policy (run->client, etag, refused, self->cancellable, &error);
  else
    answer = md_line_client_get (run->client, md_route_template (MD_ROUTE_POLICY), etag,
                                 MD_WIRE_MAX_POLICY, self->cancellable, &error);
  if (answer == NULL)
    {
      _md_run_line_failed (run, error);
      return;
    }
  _md_run_rest (run);
  g_mutex_lock (&self->lock);
  self->peer_until = answer->peer_until > 0 ? answer->peer_until : self->peer_until;
  g_mutex_unlock (&self->lock);
  run->ahead_s = answer->ahead_s;
  _md_run_take_nonce (run, answer);
  if (answer->status == 200 && !is_refused (self, answer->etag))
    _md_delivery_tell_policy (self, answer->body, answer->etag);
  if (answer->status == 200 || answer->status == 304)
    {
      _md_run_arrived (run);
      _md_run_pair_served (run);
      _md_run_good (run);
      want_notice (self);
    }
  else
    {
      g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

      if (answer->status >= 500 && _md_run_go_over (run, "gateway-trouble"))
        return;
      run->later_at = _md_run_now_ms () + _md_run_wait_of (run, answer);
      run->probe_at = MAX (run->probe_at, run->later_at);
      _md_run_refused (run, problem);
    }
}

/* --- One item --- */

void
_md_run_put_back (Run *run, const MdDeliveryItem *item, guint attempts, gint64 wait_ms,
                  gboolean counts, const char *reason)
{
  const MdDeliveryConfig *config = &run->delivery->config;

  _md_run_waits (run, item, wait_ms < 0 ? 0 : MAX (back_off (config, attempts), wait_ms), counts,
                 reason);
}

gint64
_md_run_wait_of (Run *run, const MdLineAnswer *answer)
{
  return MIN ((gint64)answer->retry_after_s * 1000, run->delivery->config.retry_max_ms);
}

static void
put_back (Run *run, const MdDeliveryItem *item, gboolean counts, const char *reason)
{
  _md_run_put_back (run, item, item->attempts, 0, counts, reason);
}

static void
bad_receipt (Run *run, const MdDeliveryItem *item, const GError *error)
{
  g_autofree char *text = g_strdup_printf (
      "%s\n%s",
      _ ("The gateway's receipt for an intake is not valid. The intake stays here and is sent "
         "again; tell the administrator, because somebody may be pretending to be the gateway."),
      error->message);

  run->receipt_bad = TRUE;
  _md_run_attention (run, "receipt", text);
  put_back (run, item, TRUE, text);
}

static void
accepted (Run *run, const MdDeliveryItem *item, GBytes *receipt_cms)
{
  MdDelivery *self = run->delivery;
  g_autoptr (MdReceipt) expected = md_receipt_new ();
  g_autoptr (MdReceipt) receipt = NULL;
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND;

  expected->id = g_strdup (item->intake);
  expected->item = md_item_format (item->n);
  expected->sha256 = md_wire_digest_hex (item->payload);
  expected->terminal = g_strdup (self->config.terminal);
  expected->office = g_strdup (self->config.office);
  g_mutex_lock (&self->lock);
  trust = md_trust_ref (self->receipt_trust);
  g_mutex_unlock (&self->lock);

  receipt = md_receipt_verify (receipt_cms, expected, trust, now, &error);
  if (receipt == NULL)
    {
      bad_receipt (run, item, error);
      return;
    }
  run->receipt_bad = FALSE;
  run->full = run->full && item->n > 1;
  run->strikes = 0;
  _md_run_passes (run);
  _md_run_good (run);
  _md_run_taken (run, item, receipt_cms, receipt->sequence, receipt->time);
}

/* Who has to act, where it is not whoever looks at the list. */
static const char *
advice_for (const MdDeliveryItem *item, MdProblemCode code)
{
  static const struct
  {
    MdProblemCode code;
    const char *advice;
  } advices[] = {
    { MD_PROBLEM_NUMBER_FOREIGN,
      N_ ("Its receipt number was not issued to this terminal. The administrator has to look at "
          "this terminal and its policy; the others go on.") },
    { MD_PROBLEM_PROCEDURE_VERSION,
      N_ ("Its form is of a version that was not in force on that day. The administrator has to "
          "look at the forms of this terminal and at the policy; the others go on.") },
    { MD_PROBLEM_NUMBER_USED,
      N_ ("Another application has arrived with the same receipt number. Tell the back office, "
          "which has to find out whose slip is which; the others go on.") },
  };

  if (code == MD_PROBLEM_ID_CONFLICT && item->n > 1)
    return _ ("Another decision on this application arrived first, and that one counts; most "
              "likely this terminal was put back to an older state after it. Ask the back office "
              "what was decided; the others go on.");
  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    if (advices[i].code == code)
      return _ (advices[i].advice);
  return _ ("The gateway did not take this item. It is kept apart here; the "
            "others go on. A supervisor must look at it.");
}

/* What is about this item alone has two lines, as who shows it can tell. (transfer full) */
static char *
dup_reason (const char *advice, const MdProblem *problem)
{
  return g_strdup_printf ("%s\n%s", advice, problem->title);
}

static void
set_aside (Run *run, const MdDeliveryItem *item, const MdProblem *problem)
{
  g_autofree char *text = dup_reason (advice_for (item, problem->code), problem);

  _md_run_good (run);
  _md_run_set_aside (run, item, md_problem_code_name (problem->code), text);
}

/* There is no room for containers: what is small and belongs to those that are there goes on. */
static void
hold_containers (Run *run, const MdDeliveryItem *item, const MdProblem *problem, gint64 wait_ms)
{
  const gint64 hold = MAX (wait_ms, _md_run_jitter (run->delivery->config.probe_ms));

  run->full = TRUE;
  _md_run_put_back (run, item, 0, hold, FALSE, problem->title);
  run->containers_at = _md_run_now_ms () + hold; /* by then it is due */
  _md_run_good (run);
}

/* It may be taken later. */
static void
not_now (Run *run, const MdDeliveryItem *item, const MdProblem *problem, gint64 wait_ms)
{
  const gboolean trouble = problem->code == MD_PROBLEM_UNKNOWN || problem->status >= 500;
  const gboolean full = problem->code == MD_PROBLEM_STORE_FULL; /* so is each gateway of a store */
  g_autofree char *newer
      = problem->code != MD_PROBLEM_NEWER_RELEASE
            ? NULL
            : dup_reason (_ ("The gateway is of an older release and does not know something in "
                             "this item. It waits here, and the others go on; ask the "
                             "administrator to update the gateway."),
                          problem);

  if (full && item->n == 1)
    {
      hold_containers (run, item, problem, wait_ms);
      return;
    }
  _md_run_put_back (run, item, item->attempts, wait_ms, TRUE,
                    newer != NULL ? newer : problem->title);
  if (trouble || problem->code == MD_PROBLEM_TOO_MUCH)
    run->pause_until
        = _md_run_now_ms () + MAX (wait_ms, _md_run_jitter (run->delivery->config.probe_ms));
  if (trouble && !full)
    _md_run_unserved (run, TRUE, problem);
  else if (trouble)
    _md_run_refused (run, problem);
}

void
_md_run_not_accepted (Run *run, const MdDeliveryItem *item, const MdLineAnswer *answer)
{
  g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

  switch (md_problem_blame (problem))
    {
    case MD_BLAME_ITEM:
      if (problem->code == MD_PROBLEM_NUMBER_FOREIGN
          && md_delivery_source_has_numbers (run->delivery->source)
          && _md_run_doubt_number (run, item->intake))
        not_now (run, item, problem, 0);
      else
        set_aside (run, item, problem);
      return;
    case MD_BLAME_LINE:
      put_back (run, item, FALSE, problem->title);
      _md_run_rest (run);
      _md_run_refused (run, problem);
      return;
    case MD_BLAME_PASSING:
    default:
      not_now (run, item, problem, _md_run_wait_of (run, answer));
      return;
    }
}

void
_md_run_answered (Run *run, const MdDeliveryItem *item, const MdLineAnswer *answer)
{
  _md_run_take_nonce (run, answer);
  if (answer->status == 200 || answer->status == 201)
    accepted (run, item, answer->body);
  else
    _md_run_not_accepted (run, item, answer);
}

void
_md_run_deliver_whole (Run *run, const MdDeliveryItem *item)
{
  MdDelivery *self = run->delivery;
  MdTarget target = { .route = item->n == 1 ? MD_ROUTE_INTAKE : MD_ROUTE_DECISION, .n = item->n };
  g_autofree char *path = NULL;
  g_autoptr (MdLineAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_strlcpy (target.intake, item->intake, sizeof target.intake);
  path = md_target_format (&target);
  answer = md_line_client_put (run->client, path,
                               item->n == 1 ? MD_WIRE_TYPE_CONTAINER : MD_WIRE_TYPE_DECISION,
                               item->payload, self->cancellable, &error);
  if (answer == NULL)
    {
      gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* In one line: what has another is about the item itself, and told with it. */
      g_autofree char *said = g_strdelimit (g_strdup (error->message), "\n", ' ');
      /* A probe went well just before, so that the item may be what breaks the line: it counts, and
       * others go first. */
      put_back (run, item, !cancelled, cancelled ? "" : said);
      if (!cancelled)
        _md_run_line_failed (run, error);
      return;
    }
  _md_run_answered (run, item, answer);
}

/* --- The loop --- */

static gboolean
holds_containers (const Run *run)
{
  return run->full && _md_run_now_ms () < run->containers_at;
}

/* The next item, from one end of the queue and then the other. One of which the outcome is known
 * comes again when its lease has ended: it is not sent. */
static MdDeliveryItem *
claim_next (Run *run, gsize largest)
{
  MdDeliverySource *source = run->delivery->source;
  g_autoptr (GError) error = NULL;

  if (!_md_run_may_claim (run))
    return NULL;

  for (guint i = 0; i < 2; i++)
    {
      MdDeliveryItem *item = NULL;
      const MdDeliveryWant want
          = { .pick = run->turn, .largest = largest, .decisions = holds_containers (run) };

      run->turn = want.pick == MD_DELIVERY_FRESH ? MD_DELIVERY_RETRY : MD_DELIVERY_FRESH;
      if (!md_delivery_source_claim (source, &want, &item, &error))
        {
          _md_run_store_failed (run, error);
          return NULL;
        }
      _md_run_store_works (run);
      if (item != NULL && !_md_run_has_outcome (run, item))
        return item;
      md_delivery_item_free (item);
    }
  return NULL;
}

/* When the loop has something to do again without being woken. */
static gint64
next_deadline (Run *run)
{
  gint64 due = -1;
  gint64 deadline = MIN (run->probe_at, _md_run_next_write (run));

  if (!run->line_good || !_md_run_may_claim (run))
    return deadline;
  if (run->upload.item != NULL)
    return MIN (deadline, run->pause_until);
  /* What is due then may be a container: a decision comes with a wake-up, or with the probe. */
  if (holds_containers (run))
    return MIN (deadline, run->containers_at);
  due = md_delivery_source_next_due (run->delivery->source);
  if (due >= 0)
    deadline = MIN (deadline, MAX (_md_run_now_ms () + MAX (due, 1), run->pause_until));
  return deadline;
}

static gboolean
wants_nonce (MdDelivery *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->nonce_used;
}

/* One item, or a part of a large one: while that is under way, a chunk of it and something small
 * take turns, so that neither waits for the other. FALSE: there is nothing. */
static gboolean
work (Run *run)
{
  const gboolean under_way = run->upload.item != NULL;
  g_autoptr (MdDeliveryItem) item = NULL;

  if (!under_way || run->small_next)
    item = claim_next (run, under_way ? _md_run_largest_small () : G_MAXSIZE);
  run->small_next = !run->small_next;
  if (item == NULL && run->upload.item == NULL)
    {
      if (run->full && !holds_containers (run)) /* whatever found no room has gone */
        {
          run->full = FALSE;
          _md_run_good (run);
        }
      _md_run_nothing_waits (run);
      return FALSE;
    }
  if (item == NULL)
    _md_run_go_on (run);
  else if (_md_run_is_large (item))
    _md_run_begin_upload (run, g_steal_pointer (&item));
  else
    _md_run_deliver_whole (run, item);
  return TRUE;
}

/* Something has come for this terminal: the probe asks for the policy, and the notices follow it.
 */
static void
take_news (Run *run)
{
  MdDelivery *self = run->delivery;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->news)
    run->probe_at = MAX (_md_run_now_ms (), run->later_at);
  self->news = FALSE;
}

void
_md_run_turn (Run *run)
{
  take_news (run);
  if (_md_run_now_ms () >= run->probe_at && _md_run_have_client (run))
    probe (run);
  (void)_md_run_write_outcomes (run);
  if (run->line_good && !_md_run_look_after_numbers (run))
    run->pause_until = MAX (run->pause_until, run->numbers_at);
  if (run->line_good)
    ask_for_notice (run);
  if (run->line_good)
    _md_run_look_back (run);
  if (run->line_good)
    _md_run_look_after_pair (run);
  if (!run->line_good)
    _md_run_suspend_upload (run);
  if (run->line_good && _md_run_now_ms () >= run->pause_until && _md_run_may_claim (run)
      && work (run))
    return;
  if (!wait_until (run->delivery, next_deadline (run)))
    return;
  /* Whoever wakes has mostly just written something: so may this. */
  run->write_at = 0;
  /* A wake-up tries a dead line at once; a living one only looks at the queue, or for a nonce. */
  if (!run->line_good || wants_nonce (run->delivery))
    run->probe_at = MAX (_md_run_now_ms (), run->later_at);
}

void
_md_run_clear (Run *run)
{
  _md_run_forget_outcomes (run); /* the gateway answers the same once more */
  g_clear_pointer (&run->client, md_line_client_free);
  g_clear_error (&run->serious);
  g_clear_pointer (&run->doubted, g_hash_table_unref);
  g_clear_pointer (&run->crowded, g_hash_table_unref);
  g_clear_pointer (&run->store_failure, g_free);
  g_clear_pointer (&run->vain, g_free);
  g_clear_pointer (&run->pair, g_free);
  g_clear_pointer (&run->shunned, g_free);
}

gpointer
_md_delivery_run (gpointer data)
{
  Run run = { .delivery = data, .moved_at = _md_run_now_ms () };

  while (!is_stopping (run.delivery))
    _md_run_turn (&run);
  _md_run_suspend_upload (&run);
  run.write_at = 0;
  (void)_md_run_write_outcomes (&run);
  _md_run_clear (&run);
  return NULL;
}
