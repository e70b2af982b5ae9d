// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "inbox.h"

#include <string.h>

#define LOOK_MS 250

struct _Inbox
{
  Office *office;
  const Guard *guard;
  InboxAnswered answered;
  gpointer user_data;
  struct event *look;
  GQueue held;  /* Held, the oldest first */
  guint64 last; /* notices in the store, when it was looked at last */
  guint policy; /* the version in force then */
};

typedef struct
{
  struct evhttp_request *request;
  Peer peer;
  guint64 after;
  gint64 until; /* monotonic, microseconds */
} Held;

/* What there is for @peer beyond @after; *@OUT_BODY stays NULL where nothing is. */
static MdProblem *
find_news (const Inbox *inbox, const Peer *peer, guint64 after, GBytes **out_body)
{
  MdProblem *problem = admit_peer (inbox->office, peer);
  MdInboxMessage message = { 0 };
  g_autoptr (GError) error = NULL;

  if (problem != NULL)
    return problem;
  if (!md_ledger_last_notice (inbox->office->ledger, peer->office, peer->terminal, &message.notice,
                              &error))
    {
      g_message ("the store failed: %s", error->message);
      return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
    }
  message.policy = md_policy_get_version (inbox->office->policy);
  message.after = md_inbox_cursor (message.notice, message.policy);
  /* A lower one, too: the store was put back, and the terminal has to know where it stands. */
  if (message.after != after)
    *out_body = md_inbox_message_encode (&message);
  return NULL;
}

static void
answer (Inbox *inbox, GList *link, GBytes *body, MdProblem *problem)
{
  Held *held = link->data;

  g_queue_delete_link (&inbox->held, link);
  inbox->answered (held->request, &held->peer, body, problem, inbox->user_data);
  g_free (held);
}

/* @news: something was added for somebody, or may not be there any more. */
static void
look_at_all (Inbox *inbox, gboolean news)
{
  const gint64 now = g_get_monotonic_time ();
  GList *next = NULL;

  for (GList *link = inbox->held.head; link != NULL; link = next)
    {
      const Held *held = link->data;
      g_autoptr (GBytes) body = NULL;
      MdProblem *problem = NULL;

      next = link->next;
      if (news)
        problem = find_news (inbox, &held->peer, held->after, &body);
      if (body != NULL || problem != NULL || now >= held->until)
        answer (inbox, link, body, problem);
    }
}

static guint
version_of (const Office *office)
{
  return office->policy != NULL ? md_policy_get_version (office->policy) : 0;
}

static void
look_cb (evutil_socket_t fd, short what, void *user_data)
{
  Inbox *inbox = user_data;
  const struct timeval soon = { .tv_usec = LOOK_MS * 1000 };
  guint64 last = 0;
  g_autoptr (GError) error = NULL;
  const gboolean looked = md_ledger_count_notices (inbox->office->ledger, &last, &error);

  if (!looked)
    g_message ("the store failed: %s", error->message);
  look_at_all (inbox,
               (looked && last != inbox->last) || version_of (inbox->office) != inbox->policy);
  inbox->policy = version_of (inbox->office);
  if (looked)
    inbox->last = last;
  if (inbox->held.length > 0)
    event_add (inbox->look, &soon);
}

Inbox *
inbox_new (struct event_base *base, Office *office, const Guard *guard, InboxAnswered answered,
           gpointer user_data)
{
  Inbox *inbox = g_new0 (Inbox, 1);

  inbox->office = office;
  inbox->guard = guard;
  inbox->answered = answered;
  inbox->user_data = user_data;
  inbox->look = evtimer_new (base, look_cb, inbox);
  g_assert (inbox->look != NULL);
  g_queue_init (&inbox->held);
  return inbox;
}

void
inbox_free (Inbox *inbox)
{
  if (inbox == NULL)
    return;
  event_free (inbox->look);
  g_queue_clear_full (&inbox->held, g_free);
  g_free (inbox);
}

/* The terminal's own questions from before get an empty answer. */
static void
make_way (Inbox *inbox, const Peer *peer)
{
  GList *next = NULL;

  for (GList *link = inbox->held.head; link != NULL; link = next)
    {
      const Held *held = link->data;

      next = link->next;
      if (strcmp (held->peer.terminal, peer->terminal) == 0
          && strcmp (held->peer.office, peer->office) == 0)
        answer (inbox, link, NULL, NULL);
    }
}

/* Waiting is no reason to keep out those who bring something. */
static gboolean
is_crowded (const Inbox *inbox)
{
  const guint most = inbox->office->settings->max_connections;

  return guard_connections (inbox->guard) > most - most / 4;
}

static void
hold (Inbox *inbox, struct evhttp_request *request, const Peer *peer, const MdTarget *target)
{
  const struct timeval soon = { .tv_usec = LOOK_MS * 1000 };
  Held *held = g_new0 (Held, 1);

  held->request = request;
  held->peer = *peer;
  held->after = target->offset;
  held->until = g_get_monotonic_time () + target->wait * G_TIME_SPAN_SECOND;
  g_queue_push_tail (&inbox->held, held);
  if (inbox->held.length == 1)
    event_add (inbox->look, &soon);
}

MdProblem *
inbox_ask (Inbox *inbox, struct evhttp_request *request, const Peer *peer, const MdTarget *target,
           GBytes **out_body)
{
  guint64 last = 0;
  MdProblem *problem = admit_peer (inbox->office, peer);

  if (problem != NULL)
    return problem;
  if (strcmp (target->name, peer->office) != 0)
    return md_problem_new (MD_PROBLEM_NOT_FOUND, NULL);
  /* Counted before it is looked for: what comes in between is found the next time. */
  if (inbox->held.length == 0)
    {
      inbox->policy = version_of (inbox->office);
      if (md_ledger_count_notices (inbox->office->ledger, &last, NULL))
        inbox->last = last;
    }
  problem = find_news (inbox, peer, target->offset, out_body);
  if (problem != NULL || *out_body != NULL)
    return problem;
  make_way (inbox, peer);
  if (target->wait > 0 && is_crowded (inbox))
    return md_problem_new (MD_PROBLEM_BUSY, "There is no room to wait in.");
  hold (inbox, request, peer, target);
  return NULL;
}

void
inbox_drain (Inbox *inbox)
{
  while (inbox->held.length > 0)
    answer (inbox, inbox->held.head, NULL, NULL);
}

guint
inbox_held (const Inbox *inbox)
{
  return inbox->held.length;
}
