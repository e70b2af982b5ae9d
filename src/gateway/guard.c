// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "guard.h"
#include "strangers.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <md-protocol.h>
#include <openssl/err.h>
#include <string.h>

/* libevent's HTTP server has a time limit between two bytes but none for a whole request, takes a
 * body in before it asks anybody whether it is wanted, and looks through a line without end from
 * its beginning with each byte. A watch hangs on each connection's SSL object and dies with it. It
 * sees what comes out of TLS before libevent does, and reads the head of each request by itself:
 * what has none, or is not wanted, is answered and ended without libevent hearing of it. It starts
 * a timer when the first bytes of a request come in and stops it when the request has arrived. A
 * large container on a narrow line takes longer than that: its body may go on from each time limit
 * to the next while enough of it came in between. */

#define LAST_WORDS_S 1
/* Whoever is refused may go on sending for so long, and so much, before it hears of it. */
#define LINGER_S 10
#define LINGER_MORE (2u << 20)
#define LINGER_MOST (64u << 20)
/* How an answer of libevent's own begins that is none of the end. */
#define CONTINUE "HTTP/1.1 100"

struct _Guard
{
  struct event_base *base;
  const GatewaySettings *settings;
  Budget *budget;
  Strangers *strangers; /* Watch: those without a name */
  GuardCalls calls;
  void (*full_changed) (gboolean full, gpointer user_data);
  guint connections;
  GHashTable *watches; /* Watch: all of them */
  gboolean full;
};

typedef enum
{
  STAGE_HEAD,
  STAGE_BODY,
  STAGE_WHOLE, /* all of it is there; it is being answered */
} Stage;

typedef struct
{
  Guard *guard;
  struct bufferevent *bev;
  struct event *timer;
  struct evbuffer_cb_entry *input_cb;
  struct evbuffer_cb_entry *output_cb;
  Peer peer;
  char *place;      /* where it comes from; NULL before that was looked at */
  char *who;        /* in the budget; NULL before the handshake is done */
  gboolean crowded; /* it has more connections than it may */
  gboolean reported;
  Stage stage;
  GString *head;      /* what came of it; NULL before and after */
  guint64 left;       /* of the body */
  gsize taken;        /* from the budget for it */
  gboolean receiving; /* the timer runs for a request */
  gsize received;     /* bytes of it since the timer was started */
  GBytes *refusal;    /* about to be said */
  gboolean dying;     /* it has been said, or there is nothing to say */
  guint64 lingering;  /* how much may still come of what nobody reads */
} Watch;

static int watch_index = -1;

static void
report (Watch *watch, GuardFinding finding, const char *detail)
{
  if (watch->reported)
    return;
  watch->reported = TRUE;
  watch->guard->calls.report (finding, detail, watch->guard->calls.user_data);
}

static void
set_full (Guard *guard)
{
  gboolean full = guard->connections >= guard->settings->max_connections;

  if (full == guard->full)
    return;
  guard->full = full;
  if (guard->full_changed != NULL)
    guard->full_changed (full, guard->calls.user_data);
}

static void
give_back (Watch *watch)
{
  if (watch->taken > 0)
    budget_give_back (watch->guard->budget, watch->who, watch->taken);
  watch->taken = 0;
}

static void
forget_head (Watch *watch)
{
  if (watch->head != NULL)
    g_string_free (g_steal_pointer (&watch->head), TRUE);
}

static void
forget_place (Watch *watch)
{
  if (watch->place != NULL)
    strangers_leave (watch->guard->strangers, watch->place, watch);
  g_clear_pointer (&watch->place, g_free);
}

/* The SSL object goes, and the connection with it. */
static void
watch_free (void *parent, void *data, CRYPTO_EX_DATA *ad, int index, long argl, void *argp)
{
  Watch *watch = data;

  if (watch == NULL)
    return;
  if (watch->receiving)
    report (watch, GUARD_CUT_OFF, "request");
  evbuffer_remove_cb_entry (bufferevent_get_input (watch->bev), watch->input_cb);
  evbuffer_remove_cb_entry (bufferevent_get_output (watch->bev), watch->output_cb);
  event_free (watch->timer);
  give_back (watch);
  if (watch->who != NULL)
    budget_leave (watch->guard->budget, watch->who);
  forget_head (watch);
  g_clear_pointer (&watch->refusal, g_bytes_unref);
  forget_place (watch);
  g_free (watch->who);
  g_hash_table_remove (watch->guard->watches, watch);
  watch->guard->connections--;
  set_full (watch->guard);
  g_free (watch);
}

static Watch *
watch_of (const SSL *ssl)
{
  return ssl != NULL ? SSL_get_ex_data (ssl, watch_index) : NULL;
}

char *
guard_who (const Peer *peer)
{
  return g_strconcat (peer->office, ":", peer->terminal, NULL);
}

static void
start_timer (Watch *watch, guint seconds)
{
  struct timeval delay = { .tv_sec = (time_t)seconds };

  event_add (watch->timer, &delay);
}

/* Whoever has too many connections has no time to lose either. */
static void
establish (Watch *watch, const SSL *ssl)
{
  Guard *guard = watch->guard;

  guard->calls.meet (ssl, &watch->peer);
  watch->who = guard_who (&watch->peer);
  forget_place (watch);
  watch->crowded = !budget_enter (guard->budget, watch->who);
  if (watch->crowded)
    start_timer (watch, guard->settings->handshake_timeout_s);
  else
    event_del (watch->timer);
}

static void
info_cb (const SSL *ssl, int where, int ret)
{
  Watch *watch = watch_of (ssl);

  if (watch == NULL || watch->who != NULL)
    return;
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
    establish (watch, ssl);
  else if ((where & SSL_CB_ALERT) != 0)
    report (watch, GUARD_TLS_REFUSED, SSL_alert_desc_string_long (ret));
  else if ((where & SSL_CB_EXIT) != 0 && ret == 0)
    report (watch, GUARD_TLS_REFUSED, "no handshake");
  /* What is no TLS at all gets no alert; that more is to come (ret < 0) leaves no error. */
  else if ((where & SSL_CB_EXIT) != 0 && ret < 0 && ERR_peek_error () != 0)
    report (watch, GUARD_TLS_REFUSED, "no TLS");
}

/* The connection is freed, and what libevent keeps of it until its next turn must be left alone. */
static gboolean
is_gone (const Watch *watch)
{
  bufferevent_event_cb on_event = NULL;

  bufferevent_getcb (watch->bev, NULL, NULL, &on_event, NULL);
  return on_event == NULL;
}

static void
close_now (Watch *watch)
{
  bufferevent_trigger_event (watch->bev, BEV_EVENT_READING | BEV_EVENT_TIMEOUT, 0);
}

static void
start_receiving (Watch *watch)
{
  watch->received = 0;
  start_timer (watch, watch->guard->settings->request_timeout_s);
}

static gboolean
keeps_pace (const Watch *watch)
{
  const GatewaySettings *settings = watch->guard->settings;

  return watch->receiving && watch->stage == STAGE_BODY
         && watch->received >= (gsize)settings->request_timeout_s * settings->request_pace;
}

/* --- The end of a connection --- */

/* Nobody reads what comes now. */
static void
discard_cb (struct bufferevent *bev, void *user_data)
{
  Watch *watch = watch_of (bufferevent_openssl_get_ssl (bev));
  struct evbuffer *input = bufferevent_get_input (bev);
  const gsize size = evbuffer_get_length (input);

  evbuffer_drain (input, size);
  if (watch == NULL)
    return;
  if (size > watch->lingering)
    close_now (watch);
  else
    watch->lingering -= size;
}

/* All is said: the other end hears that nothing more will come. */
static void
said_cb (struct bufferevent *bev, void *user_data)
{
  (void)SSL_shutdown (bufferevent_openssl_get_ssl (bev));
  ERR_clear_error ();
}

/* Says its last words and ends the connection, at once or when the other end has had the time to
 * hear them. */
static void
end (Watch *watch, const void *words, gsize size)
{
  bufferevent_event_cb on_event = NULL;
  void *event_arg = NULL;

  watch->dying = TRUE;
  watch->receiving = FALSE;
  /* libevent must hear of the end alone: that the words have been written is not the end of any
   * request of its own. */
  bufferevent_getcb (watch->bev, NULL, NULL, &on_event, &event_arg);
  if (watch->lingering > 0)
    bufferevent_setcb (watch->bev, discard_cb, said_cb, on_event, event_arg);
  else
    bufferevent_setcb (watch->bev, NULL, NULL, on_event, event_arg);
  if (watch->lingering == 0)
    bufferevent_disable (watch->bev, EV_READ);
  else
    bufferevent_enable (watch->bev, EV_READ);
  bufferevent_enable (watch->bev, EV_WRITE);
  bufferevent_write (watch->bev, words, size);
  start_timer (watch, watch->lingering > 0 ? LINGER_S : LAST_WORDS_S);
}

static void
say_refusal (Watch *watch)
{
  g_autoptr (GBytes) refusal = g_steal_pointer (&watch->refusal);
  gsize size = 0;
  const void *words = g_bytes_get_data (refusal, &size);

  watch->reported = TRUE; /* by whoever refused it */
  end (watch, words, size);
}

/* Its socket is known only after it was put under watch. */
static void
take_place (Watch *watch)
{
  Watch *first = NULL;

  start_timer (watch, watch->guard->settings->handshake_timeout_s);
  watch->place = strangers_place (bufferevent_getfd (watch->bev));
  first = strangers_enter (watch->guard->strangers, watch->place, watch);
  if (first == NULL || is_gone (first))
    return;
  report (first, GUARD_TLS_REFUSED, "too many");
  close_now (first);
}

/* Too slow: a word of farewell where there is somebody to hear it, then the end. */
static void
timer_cb (evutil_socket_t fd, short what, void *user_data)
{
  static const char farewell[]
      = "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
        "Connection: close\r\nContent-Length: 108\r\n\r\n"
        "{\"type\":\"urn:madoguchi:problem:timeout\",\"title\":\"The request took too "
        "long\",\"status\":408,\"code\":\"timeout\"}  ";
  Watch *watch = user_data;

  if (is_gone (watch))
    return;
  if (watch->place == NULL && watch->who == NULL)
    take_place (watch);
  else if (watch->refusal != NULL)
    say_refusal (watch);
  else if (watch->who == NULL || watch->dying)
    {
      report (watch, GUARD_TOO_SLOW, "handshake");
      close_now (watch);
    }
  else if (keeps_pace (watch))
    start_receiving (watch);
  else
    {
      report (watch, GUARD_TOO_SLOW, "request");
      end (watch, farewell, sizeof farewell - 1);
    }
}

/* --- What comes in --- */

/* From within the buffer's own call: libevent is told of nothing from here on, and the words are
 * said in a moment, by timer_cb(). */
static void
refuse (Watch *watch, GBytes *answer, guint64 lingering)
{
  bufferevent_event_cb on_event = NULL;
  void *event_arg = NULL;

  bufferevent_getcb (watch->bev, NULL, NULL, &on_event, &event_arg);
  bufferevent_setcb (watch->bev, NULL, NULL, on_event, event_arg);
  watch->refusal = answer;
  watch->lingering = MIN (lingering, LINGER_MOST);
  watch->receiving = FALSE;
  forget_head (watch);
  event_active (watch->timer, EV_TIMEOUT, 0);
}

static void
refuse_strange (Watch *watch)
{
  static const char words[]
      = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  report (watch, GUARD_NOT_HTTP, "parser");
  refuse (watch, g_bytes_new_static (words, sizeof words - 1), LINGER_MORE);
}

/* The head has come, and @more bytes after it. */
static void
judge (Watch *watch, gsize more)
{
  const GuardCalls *calls = &watch->guard->calls;
  Head head = { 0 };
  const GuardRequest request = { &watch->peer, &head, watch->crowded };
  GBytes *answer = NULL;

  if (!head_read (watch->head->str, watch->head->len, &head))
    {
      refuse_strange (watch);
      return;
    }
  forget_head (watch);
  answer = calls->look (&request, calls->user_data);
  if (answer != NULL)
    {
      refuse (watch, answer, head.length + LINGER_MORE);
      return;
    }
  watch->taken = (gsize)head.length;
  watch->stage = head.length > more ? STAGE_BODY : STAGE_WHOLE;
  watch->left = head.length > more ? head.length - more : 0;
}

/* Where the blank line after the head ends; 0 while there is none. */
static gsize
find_end (const GString *head, gsize seen)
{
  static const char blank[] = "\r\n\r\n";
  const gsize from = seen > strlen (blank) ? seen - strlen (blank) : 0;
  const char *found = memmem (head->str + from, head->len - from, blank, strlen (blank));

  return found != NULL ? (gsize)(found - head->str) + strlen (blank) : 0;
}

/* @size bytes have come, the last of @buffer. */
static void
take_head (Watch *watch, struct evbuffer *buffer, gsize size)
{
  const gsize seen = watch->head != NULL ? watch->head->len : 0;
  const gsize most = MIN (size, MD_WIRE_MAX_HEADERS - seen);
  struct evbuffer_ptr from;
  gsize end = 0;

  if (watch->head == NULL)
    watch->head = g_string_new (NULL);
  g_string_set_size (watch->head, seen + most);
  evbuffer_ptr_set (buffer, &from, evbuffer_get_length (buffer) - size, EVBUFFER_PTR_SET);
  evbuffer_copyout_from (buffer, &from, watch->head->str + seen, most);
  end = find_end (watch->head, seen);
  if (end > 0)
    {
      g_string_truncate (watch->head, end);
      judge (watch, seen + size - end);
    }
  else if (watch->head->len >= MD_WIRE_MAX_HEADERS)
    refuse_strange (watch);
}

static void
input_cb (struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *user_data)
{
  Watch *watch = user_data;

  if (info->n_added == 0 || watch->dying || watch->refusal != NULL || watch->stage == STAGE_WHOLE)
    return;
  if (!watch->receiving)
    {
      watch->receiving = TRUE;
      start_receiving (watch);
    }
  watch->received += info->n_added;
  if (watch->stage == STAGE_HEAD)
    take_head (watch, buffer, info->n_added);
  else
    watch->left -= MIN (info->n_added, watch->left);
  if (watch->stage == STAGE_BODY && watch->left == 0)
    watch->stage = STAGE_WHOLE;
}

/* Whatever is written while no request is being answered is libevent's own refusal, or "100
 * Continue". */
static void
output_cb (struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *user_data)
{
  Watch *watch = user_data;
  char start[sizeof CONTINUE] = "";

  if (info->n_added == 0 || !watch->receiving || watch->who == NULL)
    return;
  evbuffer_copyout (buffer, start, sizeof start - 1);
  if (strcmp (start, CONTINUE) != 0)
    report (watch, GUARD_NOT_HTTP, "parser");
}

Guard *
guard_new (struct event_base *base, const GatewaySettings *settings, Budget *budget,
           const GuardCalls *calls)
{
  Guard *guard = g_new0 (Guard, 1);

  if (watch_index < 0)
    watch_index = SSL_get_ex_new_index (0, NULL, NULL, NULL, watch_free);
  guard->base = base;
  guard->settings = settings;
  guard->budget = budget;
  guard->calls = *calls;
  guard->watches = g_hash_table_new (NULL, NULL);
  guard->strangers = strangers_new (settings->address_connections);
  return guard;
}

void
guard_free (Guard *guard)
{
  g_hash_table_unref (guard->watches);
  strangers_free (guard->strangers);
  g_free (guard);
}

void
guard_watch (Guard *guard, struct bufferevent *bev)
{
  SSL *ssl = bufferevent_openssl_get_ssl (bev);
  Watch *watch = g_new0 (Watch, 1);

  watch->guard = guard;
  watch->bev = bev;
  watch->timer = evtimer_new (guard->base, timer_cb, watch);
  watch->input_cb = evbuffer_add_cb (bufferevent_get_input (bev), input_cb, watch);
  watch->output_cb = evbuffer_add_cb (bufferevent_get_output (bev), output_cb, watch);
  g_assert (watch->timer != NULL && watch->input_cb != NULL && watch->output_cb != NULL);
  SSL_set_ex_data (ssl, watch_index, watch);
  SSL_set_info_callback (ssl, info_cb);
  g_hash_table_add (guard->watches, watch);
  guard->connections++;
  event_active (watch->timer, EV_TIMEOUT, 0);
  set_full (guard);
}

gboolean
guard_arrived (struct bufferevent *bev)
{
  Watch *watch = watch_of (bufferevent_openssl_get_ssl (bev));

  if (watch == NULL || watch->dying || watch->refusal != NULL)
    return FALSE;
  watch->stage = STAGE_WHOLE;
  watch->receiving = FALSE;
  event_del (watch->timer);
  return TRUE;
}

void
guard_answered (struct bufferevent *bev)
{
  Watch *watch = watch_of (bufferevent_openssl_get_ssl (bev));

  if (watch == NULL)
    return;
  give_back (watch);
  watch->stage = STAGE_HEAD;
  watch->left = 0;
  /* What came in meanwhile was read by nobody here. */
  watch->dying = evbuffer_get_length (bufferevent_get_input (bev)) > 0;
  watch->reported |= watch->dying;
  if (watch->dying)
    event_active (watch->timer, EV_TIMEOUT, 0);
}

const Peer *
guard_peer (struct bufferevent *bev)
{
  return &watch_of (bufferevent_openssl_get_ssl (bev))->peer;
}

void
guard_drain (Guard *guard)
{
  g_autoptr (GList) list = g_hash_table_get_keys (guard->watches);

  for (GList *l = list; l != NULL; l = l->next)
    {
      Watch *watch = l->data;
      const gboolean idle = watch->stage == STAGE_HEAD && !watch->receiving && !watch->dying
                            && watch->refusal == NULL;

      if (idle && !is_gone (watch))
        {
          watch->reported = TRUE;
          close_now (watch);
        }
    }
}

guint
guard_connections (const Guard *guard)
{
  return guard->connections;
}

void
guard_on_full (Guard *guard, void (*changed) (gboolean full, gpointer user_data))
{
  guard->full_changed = changed;
}
