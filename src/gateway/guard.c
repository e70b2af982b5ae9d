// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "guard.h"
#include "md-protocol.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <string.h>

/* libevent's HTTP server has a time limit between two bytes but none for a whole request, so that a
 * peer that sends one byte now and then would stay for ever. A watch hangs on each connection's SSL
 * object and dies with it: it starts a timer when the first bytes of a request come in and stops it
 * when the request has arrived. A large container on a narrow line takes longer than that: it may
 * go on from each time limit to the next while enough of it came in between. */

#define LAST_WORDS_S 1
/* Who gets more time than one request has: no request that we take is nearly as large, and what
 * libevent leaves in the buffer is a line without end. */
#define REQUEST_MOST (2 * (gsize)MD_WIRE_MAX_CONTAINER)
#define LINE_MOST 65536u
/* How an answer of libevent's own begins. */
#define CONTINUE "HTTP/1.1 100"
#define TOO_LARGE "HTTP/1.1 413"

struct _Guard
{
  struct event_base *base;
  const GatewaySettings *settings;
  GuardReport report;
  gpointer user_data;
  void (*full_changed) (gboolean full, gpointer user_data);
  guint connections;
  gboolean full;
};

typedef struct
{
  Guard *guard;
  struct bufferevent *bev;
  struct event *timer;
  struct evbuffer_cb_entry *input_cb;
  struct evbuffer_cb_entry *output_cb;
  gboolean established;
  gboolean reported;
  gboolean receiving; /* the timer runs for a request */
  gsize received;     /* bytes of it since the timer was started */
  gsize total;        /* and since it began */
  gboolean answering;
  gboolean dying;
} Watch;

static int watch_index = -1;

static void
report (Watch *watch, GuardFinding finding, const char *detail)
{
  if (watch->reported)
    return;
  watch->reported = TRUE;
  watch->guard->report (finding, detail, watch->guard->user_data);
}

static void
start_timer (Watch *watch, guint seconds)
{
  struct timeval delay = { .tv_sec = (time_t)seconds };

  event_add (watch->timer, &delay);
}

static void
set_full (Guard *guard)
{
  gboolean full = guard->connections >= guard->settings->max_connections;

  if (full == guard->full)
    return;
  guard->full = full;
  if (guard->full_changed != NULL)
    guard->full_changed (full, guard->user_data);
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
  watch->guard->connections--;
  set_full (watch->guard);
  g_free (watch);
}

static Watch *
watch_of (const SSL *ssl)
{
  return ssl != NULL ? SSL_get_ex_data (ssl, watch_index) : NULL;
}

static void
info_cb (const SSL *ssl, int where, int ret)
{
  Watch *watch = watch_of (ssl);

  if (watch == NULL)
    return;
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0 && !watch->established)
    {
      watch->established = TRUE;
      event_del (watch->timer);
    }
  else if ((where & SSL_CB_ALERT) != 0 && !watch->established)
    report (watch, GUARD_TLS_REFUSED, SSL_alert_desc_string_long (ret));
  else if ((where & SSL_CB_EXIT) != 0 && ret == 0 && !watch->established)
    report (watch, GUARD_TLS_REFUSED, "no handshake");
  /* What is no TLS at all gets no alert; that more is to come (ret < 0) leaves no error. */
  else if ((where & SSL_CB_EXIT) != 0 && ret < 0 && !watch->established && ERR_peek_error () != 0)
    report (watch, GUARD_TLS_REFUSED, "no TLS");
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

  return watch->receiving && watch->total <= REQUEST_MOST
         && evbuffer_get_length (bufferevent_get_input (watch->bev)) <= LINE_MOST
         && watch->received >= (gsize)settings->request_timeout_s * settings->request_pace;
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
  bufferevent_event_cb on_event = NULL;
  void *event_arg = NULL;

  if (!watch->established || watch->dying)
    {
      report (watch, GUARD_TOO_SLOW, "handshake");
      close_now (watch);
      return;
    }
  if (keeps_pace (watch))
    {
      start_receiving (watch);
      return;
    }
  report (watch, GUARD_TOO_SLOW, "request");
  watch->dying = TRUE;
  /* libevent must hear of the end alone: that the farewell has been written is not the end of any
   * request of its own. */
  bufferevent_getcb (watch->bev, NULL, NULL, &on_event, &event_arg);
  bufferevent_setcb (watch->bev, NULL, NULL, on_event, event_arg);
  bufferevent_disable (watch->bev, EV_READ);
  bufferevent_enable (watch->bev, EV_WRITE);
  bufferevent_write (watch->bev, farewell, sizeof farewell - 1);
  start_timer (watch, LAST_WORDS_S);
}

static void
input_cb (struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *user_data)
{
  Watch *watch = user_data;

  if (info->n_added == 0 || watch->dying)
    return;
  if (!watch->receiving)
    {
      watch->receiving = TRUE;
      watch->total = 0;
      start_receiving (watch);
    }
  watch->received += info->n_added;
  watch->total += info->n_added;
}

/* Whatever is written while no request is being answered is libevent's own refusal, or "100
 * Continue". */
static void
output_cb (struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *user_data)
{
  Watch *watch = user_data;
  char start[sizeof CONTINUE] = "";

  if (info->n_added == 0 || watch->answering || watch->dying || !watch->established)
    return;
  evbuffer_copyout (buffer, start, sizeof start - 1);
  if (strcmp (start, TOO_LARGE) == 0)
    report (watch, GUARD_TOO_LARGE, "request");
  else if (strcmp (start, CONTINUE) != 0)
    report (watch, GUARD_NOT_HTTP, "parser");
}

Guard *
guard_new (struct event_base *base, const GatewaySettings *settings, GuardReport report_func,
           gpointer user_data)
{
  Guard *guard = g_new0 (Guard, 1);

  if (watch_index < 0)
    watch_index = SSL_get_ex_new_index (0, NULL, NULL, NULL, watch_free);
  guard->base = base;
  guard->settings = settings;
  guard->report = report_func;
  guard->user_data = user_data;
  return guard;
}

void
guard_free (Guard *guard)
{
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
  guard->connections++;
  start_timer (watch, guard->settings->handshake_timeout_s);
  set_full (guard);
}

void
guard_arrived (struct bufferevent *bev)
{
  Watch *watch = watch_of (bufferevent_openssl_get_ssl (bev));

  if (watch == NULL)
    return;
  watch->answering = TRUE;
  watch->receiving = FALSE;
  event_del (watch->timer);
}

void
guard_answered (struct bufferevent *bev)
{
  Watch *watch = watch_of (bufferevent_openssl_get_ssl (bev));

  if (watch != NULL)
    watch->answering = FALSE;
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
