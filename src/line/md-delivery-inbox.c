// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <md-protocol.h>

/* The thread that waits at the gateway for what comes for this terminal, on a connection of its
 * own, so that nothing that is delivered waits behind it. It takes in nothing: when something has
 * come it has the delivery's thread ask for notices and policy at once instead of at its next turn.
 * While the line is down it does nothing, and where it cannot wait (an older gateway, something in
 * between that cuts what is silent) all goes on as without it. */

#define LATER_MS (15 * 60 * 1000)
#define BETWEEN_MS 300    /* answers, whatever the gateway says */
#define CUT_AFTER_MS 2000 /* a question that broke sooner found no line */
#define LEAST_WAIT_S 6u
#define SLACK_S 10u /* that an answer may take beyond the wait */

typedef struct
{
  MdDelivery *delivery;
  MdLineClient *client;
  MdLineConfig *made; /* what the client was made for */
  guint64 after;      /* where the inbox stood by the last answer */
  guint wait_s;
} Inbox;

static gint64
now_ms (void)
{
  return g_get_monotonic_time () / G_TIME_SPAN_MILLISECOND;
}

/* FALSE: the end has come. */
static gboolean
rest (Inbox *inbox, gint64 ms)
{
  MdDelivery *self = inbox->delivery;
  const gint64 until = (now_ms () + ms) * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->stopping)
    if (!g_cond_wait_until (&self->standing_changed, &self->lock, until))
      break;
  return !self->stopping;
}

/* Until the line is good. (transfer full): how to reach the gateway that the deliveries go to now,
 * with the pair that they go with. NULL: the end has come. */
static MdLineConfig *
wait_for_line (MdDelivery *self)
{
  g_autoptr (MdLineConfig) config = md_line_config_copy (self->config.line);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->stopping && self->standing.state != MD_LINE_STATE_ONLINE)
    g_cond_wait (&self->standing_changed, &self->lock);
  if (self->stopping)
    return NULL;
  g_free (config->url);
  g_free (config->certificate);
  g_free (config->key);
  config->url = g_strdup (self->urls[self->address]);
  config->certificate = g_strdup (self->certificate);
  config->key = g_strdup (self->key);
  config->stall_timeout_s = MD_WIRE_MAX_WAIT + SLACK_S;
  return g_steal_pointer (&config);
}

static void
forget_client (Inbox *inbox)
{
  g_clear_pointer (&inbox->client, md_line_client_free);
  g_clear_pointer (&inbox->made, md_line_config_free);
}

/* FALSE: the settings are wrong, which the delivery's thread says. */
static gboolean
have_client (Inbox *inbox, const MdLineConfig *line)
{
  if (inbox->client != NULL && g_strcmp0 (inbox->made->url, line->url) == 0
      && g_strcmp0 (inbox->made->certificate, line->certificate) == 0)
    return TRUE;
  forget_client (inbox);
  inbox->made = md_line_config_copy (line);
  inbox->client = md_line_client_new (line, NULL);
  return inbox->client != NULL;
}

static void
tell_news (MdDelivery *self)
{
  g_mutex_lock (&self->lock);
  self->news = TRUE;
  self->woken = TRUE;
  g_cond_signal (&self->wakeup);
  g_mutex_unlock (&self->lock);
}

/* No answer came after @lasted_ms. Something that cuts what is silent for long is asked for less,
 * and left alone where that does not help. Returns how long to rest. */
static gint64
judge_break (Inbox *inbox, gint64 lasted_ms)
{
  forget_client (inbox);
  if (lasted_ms < CUT_AFTER_MS)
    return inbox->delivery->config.probe_ms;
  if (inbox->wait_s > LEAST_WAIT_S)
    {
      inbox->wait_s = MAX (inbox->wait_s / 2, LEAST_WAIT_S);
      return BETWEEN_MS;
    }
  inbox->wait_s = MD_WIRE_MAX_WAIT;
  return LATER_MS;
}

static gint64
judge_answer (Inbox *inbox, const MdLineAnswer *answer, gint64 lasted_ms)
{
  const gint64 probe_ms = inbox->delivery->config.probe_ms;
  MdInboxMessage message = { 0 };

  if (answer->status == 204)
    return lasted_ms * 2 < (gint64)inbox->wait_s * 1000 ? probe_ms : BETWEEN_MS;
  if (answer->status != 200)
    forget_client (inbox); /* others need the place more */
  if (answer->status == 429 || answer->status == 503)
    return MAX ((gint64)answer->retry_after_s * 1000, probe_ms);
  if (answer->status != 200 || !md_inbox_message_decode (answer->body, &message, NULL))
    return LATER_MS; /* a gateway of before there was an inbox; or one that has nothing for us */
  inbox->after = message.after;
  tell_news (inbox->delivery);
  return BETWEEN_MS;
}

/* One question. Returns how long to rest after it. */
static gint64
ask (Inbox *inbox, const MdLineConfig *line)
{
  MdDelivery *self = inbox->delivery;
  MdTarget target = { .route = MD_ROUTE_INBOX, .offset = inbox->after, .wait = inbox->wait_s };
  const gint64 began = now_ms ();
  g_autofree char *path = NULL;
  g_autoptr (MdLineAnswer) answer = NULL;

  if (g_strlcpy (target.name, self->config.office, sizeof target.name) >= sizeof target.name
      || !have_client (inbox, line))
    return LATER_MS;
  path = md_target_format (&target);
  answer
      = md_line_client_get (inbox->client, path, NULL, MD_WIRE_MAX_INBOX, self->cancellable, NULL);
  return answer != NULL ? judge_answer (inbox, answer, now_ms () - began)
                        : judge_break (inbox, now_ms () - began);
}

gpointer
_md_delivery_wait (gpointer data)
{
  Inbox inbox = { .delivery = data, .wait_s = MD_WIRE_MAX_WAIT };
  MdLineConfig *line = NULL;
  gboolean goes_on = TRUE;

  while (goes_on && (line = wait_for_line (inbox.delivery)) != NULL)
    {
      goes_on = rest (&inbox, _md_run_jitter (ask (&inbox, line)));
      md_line_config_free (line);
    }
  forget_client (&inbox);
  return NULL;
}
