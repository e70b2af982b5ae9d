// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "server.h"

#include "answer.h"
#include "guard.h"
#include "inbox.h"
#include "refusals.h"
#include "space.h"
#include "supervise.h"
#include "tls.h"
#include "uploads.h"
#include "watcher.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <gio/gio.h>
#include <md-base.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <string.h>

#define IDLE_TIMEOUT_S 120
#define LOOK_S 2
#define SWEEP_LOOKS 30u
#define DRAIN_LOOK_MS 20
#define BODY_SLACK 1024u

struct _Server
{
  Office *office;
  Counters counters;
  SSL_CTX *tls;
  Budget *budget;
  Guard *guard;
  Relay *relay;
  Inbox *inbox;
  struct event_base *base;
  struct evhttp *http;
  struct evhttp_bound_socket *socket;
  struct event *on_term;
  struct event *on_int;
  struct event *on_hup;
  struct event *on_look;
  struct event *on_drain;
  struct event *on_watchdog;
  Watcher *watcher;
  guint looks;
  gint64 drained_by; /* when the end comes, whoever is there still; 0: it was not asked for */
};

/* --- Connections --- */

static struct bufferevent *
connection_cb (struct event_base *base, void *user_data)
{
  Server *server = user_data;
  SSL *ssl = SSL_new (server->tls);
  struct bufferevent *bev = NULL;

  /* Without a bufferevent of ours libevent would serve this connection without TLS. */
  g_assert (ssl != NULL);
  bev = bufferevent_openssl_socket_new (base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                        BEV_OPT_CLOSE_ON_FREE);
  g_assert (bev != NULL);
  bufferevent_openssl_set_allow_dirty_shutdown (bev, 1);
  guard_watch (server->guard, bev);
  return bev;
}

static void
finding_cb (GuardFinding finding, const char *detail, gpointer user_data)
{
  Server *server = user_data;
  Counters *counts = &server->counters;
  const struct
  {
    const char *code;
    guint64 *counter;
  } kinds[] = {
    [GUARD_TLS_REFUSED] = { "tls-refused", &counts->tls_refused },
    [GUARD_TOO_SLOW] = { "too-slow", &counts->too_slow },
    [GUARD_NOT_HTTP] = { "not-http", &counts->not_http },
    [GUARD_CUT_OFF] = { "cut-off", &counts->cut_off },
  };
  Peer nobody = { "", "", "" };
  g_autofree char *what = g_strdelimit (g_strdup (detail), " ", '-');

  *kinds[finding].counter += 1;
  refusals_note (server->office, &nobody, what, NULL, kinds[finding].code, NULL);
}

static void
full_cb (gboolean full, gpointer user_data)
{
  Server *server = user_data;
  struct evconnlistener *listener = evhttp_bound_socket_get_listener (server->socket);

  if (full)
    {
      g_message ("%u connections: no more for now", guard_connections (server->guard));
      evconnlistener_disable (listener);
    }
  else
    evconnlistener_enable (listener);
}

/* --- Requests --- */

/* For a terminal that is served; nobody else has a use for one. */
static void
add_nonce (const Office *office, const Peer *peer, struct evkeyvalq *headers)
{
  g_autoptr (MdProblem) problem = admit_peer (office, peer);
  g_autoptr (GBytes) nonce = NULL;
  g_autofree char *text = NULL;

  if (problem != NULL)
    return;
  nonce = nonces_make (office->nonces, peer->office, peer->terminal, g_get_real_time ());
  text = md_base64_encode (nonce);
  evhttp_add_header (headers, MD_WIRE_HEADER_NONCE, text);
}

static void
answered_cb (struct evhttp_request *request, void *user_data)
{
  guard_answered (evhttp_connection_get_bufferevent (evhttp_request_get_connection (request)));
}

static void
send_answer (const Server *server, const Peer *peer, struct evhttp_request *request,
             const Answer *answer)
{
  const Office *office = server->office;
  struct evkeyvalq *headers = evhttp_request_get_output_headers (request);
  struct bufferevent *bev
      = evhttp_connection_get_bufferevent (evhttp_request_get_connection (request));
  const guint retry_after = answer_retry_after (answer->code);
  struct evbuffer *body = evbuffer_new ();

  g_assert (body != NULL);
  add_nonce (office, peer, headers);
  evhttp_add_header (headers, "Cache-Control", "no-store");
  if (answer->content_type != NULL)
    evhttp_add_header (headers, "Content-Type", answer->content_type);
  if (answer->etag != NULL)
    evhttp_add_header (headers, "ETag", answer->etag);
  if (retry_after > 0)
    {
      g_autofree char *text = g_strdup_printf ("%u", retry_after);
      evhttp_add_header (headers, "Retry-After", text);
    }
  /* More came than one request: nobody sends the next before the answer. */
  if (answer->close || server->drained_by != 0
      || evbuffer_get_length (bufferevent_get_input (bev)) > 0)
    evhttp_add_header (headers, "Connection", "close");
  if (answer->body != NULL)
    {
      gsize size = 0;
      const void *data = g_bytes_get_data (answer->body, &size);
      evbuffer_add (body, data, size);
    }
  evhttp_request_set_on_complete_cb (request, answered_cb, NULL);
  evhttp_send_reply (request, (int)answer->status, NULL, body);
  evbuffer_free (body);
}

static void
request_cb (struct evhttp_request *request, void *user_data)
{
  Server *server = user_data;
  struct evhttp_connection *connection = evhttp_request_get_connection (request);
  struct bufferevent *bev = evhttp_connection_get_bufferevent (connection);
  const Peer peer = *guard_peer (bev);
  g_auto (Answer) answer = { 0 };

  if (!guard_arrived (bev))
    {
      evhttp_send_error (request, HTTP_BADREQUEST, NULL);
      return;
    }
  answer_request (server->office, &server->counters, &peer, request, &answer);
  if (answer.status > 0)
    send_answer (server, &peer, request, &answer);
  /* Else relayed_cb() or held_cb() answers. */
}

/* A terminal that is gone meanwhile has left its request behind. */
static void
held_cb (struct evhttp_request *request, const Peer *peer, GBytes *body, MdProblem *problem,
         gpointer user_data)
{
  Server *server = user_data;
  g_auto (Answer) answer = { 0 };

  answer_held (server->office, &server->counters, peer, body, problem, &answer);
  if (evhttp_request_get_connection (request) != NULL)
    send_answer (server, peer, request, &answer);
  else
    evhttp_send_reply (request, (int)answer.status, NULL, NULL);
}

static void
relayed_cb (struct evhttp_request *request, const RelayResult *result, gpointer user_data)
{
  Server *server = user_data;
  g_auto (Answer) answer = { 0 };

  answer_relayed (server->office, &server->counters, result, &answer);
  send_answer (server, result->peer, request, &answer);
}

/* --- Before a request --- */

static void
meet_cb (const SSL *ssl, Peer *out_peer)
{
  g_autoptr (MdCertificate) certificate = tls_dup_peer_certificate (ssl);

  if (certificate != NULL)
    (void)peer_from_certificate (certificate, out_peer);
}

/* @answer as it goes over the line, where libevent does not write it. */
static GBytes *
write_answer (const Answer *answer)
{
  const guint retry_after = answer_retry_after (answer->code);
  GString *text = g_string_new (NULL);
  gsize size = 0;
  const char *body = g_bytes_get_data (answer->body, &size);

  g_string_append_printf (
      text,
      "HTTP/1.1 %u Not taken\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT
      "\r\nCache-Control: no-store\r\nConnection: close\r\n",
      answer->status, answer->content_type, size);
  if (retry_after > 0)
    g_string_append_printf (text, "Retry-After: %u\r\n", retry_after);
  g_string_append (text, "\r\n");
  g_string_append_len (text, body, (gssize)size);
  return g_string_free_to_bytes (text);
}

static GBytes *
head_cb (const GuardRequest *request, gpointer user_data)
{
  Server *server = user_data;
  g_auto (Answer) answer = { 0 };

  if (server->drained_by != 0)
    answer_problem (&answer, md_problem_new (MD_PROBLEM_BUSY, "This gateway is about to end."));
  else if (answer_head (server->office, &server->counters, server->budget, request, &answer))
    return NULL;
  return write_answer (&answer);
}

/* --- Life --- */

/* Whatever was begun is answered; whoever has nothing under way goes at once. */
static void
drain_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  const gboolean over = g_get_monotonic_time () >= server->drained_by;

  guard_drain (server->guard);
  if (!over && guard_connections (server->guard) > 0)
    return;
  g_message ("stopped: connections=%u", guard_connections (server->guard));
  event_base_loopbreak (server->base);
}

/* The second time it does not wait. */
static void
stop_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  const struct timeval often = { .tv_usec = DRAIN_LOOK_MS * 1000 };
  const gint64 now = g_get_monotonic_time ();

  if (server->drained_by != 0)
    {
      server->drained_by = now;
      return;
    }
  g_message ("stopping");
  supervise_tell ("STOPPING=1");
  server->drained_by = now + server->office->settings->drain_timeout_s * G_TIME_SPAN_SECOND;
  inbox_drain (server->inbox);
  guard_on_full (server->guard, NULL);
  evconnlistener_disable (evhttp_bound_socket_get_listener (server->socket));
  event_add (server->on_drain, &often);
}

static void
watchdog_cb (evutil_socket_t fd, short what, void *user_data)
{
  supervise_tell ("WATCHDOG=1");
}

static void
now_cb (WatcherNow *out_now, gpointer user_data)
{
  const Server *server = user_data;

  out_now->connections = guard_connections (server->guard);
  out_now->body_bytes = budget_taken (server->budget);
  out_now->draining = server->drained_by != 0;
}

static void
look_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  g_autoptr (GError) error = NULL;

  office_refresh_policy (server->office, FALSE);
  office_follow (server->office);
  space_tick (server->office);
  if (!md_ledger_settle_refusals (server->office->ledger, FALSE, &error))
    g_message ("refusals that were counted could not be recorded: %s", error->message);
  if (server->looks++ % SWEEP_LOOKS == 0)
    uploads_sweep (server->office);
}

/* SIGHUP: whatever was tried already is tried again. Connections go on with what they began with.
 */
static void
reload_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  g_autoptr (GError) error = NULL;
  SSL_CTX *tls = tls_context_new (server->office->settings, &error);

  if (tls != NULL)
    {
      SSL_CTX_free (server->tls);
      server->tls = tls;
    }
  if (tls == NULL || !office_reload_receipt_key (server->office, &error))
    g_message ("the certificates are not taken anew: %s", error->message);
  else
    g_message ("the certificates were read again");
  server->office->followed = 0;
  office_refresh_policy (server->office, TRUE);
  office_follow (server->office);
}

static gboolean
add_events (Server *server)
{
  const guint64 sign = supervise_watchdog_us ();
  const struct timeval look = { .tv_sec = LOOK_S };
  const struct timeval life = { .tv_sec = (time_t)(sign / G_USEC_PER_SEC),
                                .tv_usec = (suseconds_t)(sign % G_USEC_PER_SEC) };
  struct
  {
    struct event **event;
    int signal; /* -1: a timer */
    event_callback_fn callback;
    const struct timeval *time;
  } events[] = {
    { &server->on_term, SIGTERM, stop_cb, NULL },
    { &server->on_int, SIGINT, stop_cb, NULL },
    { &server->on_hup, SIGHUP, reload_cb, NULL },
    { &server->on_look, -1, look_cb, &look },
    { &server->on_watchdog, -1, watchdog_cb, sign > 0 ? &life : NULL },
    { &server->on_drain, -1, drain_cb, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      const int number = events[i].signal;

      *events[i].event
          = event_new (server->base, number, number > 0 ? EV_SIGNAL | EV_PERSIST : EV_PERSIST,
                       events[i].callback, server);
      if (*events[i].event == NULL
          || ((number > 0 || events[i].time != NULL)
              && event_add (*events[i].event, events[i].time) != 0))
        return FALSE;
    }
  return TRUE;
}

/* The address of the settings, or the socket that systemd holds while there is no gateway. */
static struct evhttp_bound_socket *
listen_there (Server *server)
{
  const GatewaySettings *settings = server->office->settings;
  const int handed_over = supervise_take_socket ();

  return handed_over >= 0
             ? evhttp_accept_socket_with_handle (server->http, handed_over)
             : evhttp_bind_socket_with_handle (server->http, settings->listen, settings->port);
}

static gboolean
bind_http (Server *server, GError **error)
{
  const GatewaySettings *settings = server->office->settings;
  const int on = 1;

  evhttp_set_allowed_methods (server->http, EVHTTP_REQ_GET | EVHTTP_REQ_PUT | EVHTTP_REQ_POST
                                                | EVHTTP_REQ_HEAD | EVHTTP_REQ_DELETE
                                                | EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS);
  evhttp_set_max_headers_size (server->http, MD_WIRE_MAX_HEADERS);
  evhttp_set_max_body_size (server->http, MD_WIRE_MAX_CONTAINER + BODY_SLACK);
  evhttp_set_timeout (server->http, IDLE_TIMEOUT_S);
  evhttp_set_default_content_type (server->http, NULL);
  evhttp_set_flags (server->http, EVHTTP_SERVER_LINGERING_CLOSE);
  evhttp_set_bevcb (server->http, connection_cb, server);
  evhttp_set_gencb (server->http, request_cb, server);
  server->socket = listen_there (server);
  if (server->socket == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "cannot listen on %s port %u: %s",
                   settings->listen, settings->port, g_strerror (errno));
      return FALSE;
    }
  /* Connections take it over from the listener. An answer goes out as two TLS records, and without
   * this the second waits 40 ms for the terminal's acknowledgement of the first. */
  (void)setsockopt (evhttp_bound_socket_get_fd (server->socket), IPPROTO_TCP, TCP_NODELAY, &on,
                    sizeof on);
  return TRUE;
}

Server *
server_new (Office *office, GError **error)
{
  g_autoptr (Server) server = g_new0 (Server, 1);

  signal (SIGPIPE, SIG_IGN);
  server->office = office;
  server->tls = tls_context_new (office->settings, error);
  if (server->tls == NULL)
    return NULL;
  server->base = event_base_new ();
  g_assert (server->base != NULL);
  server->http = evhttp_new (server->base);
  g_assert (server->http != NULL);
  server->budget = budget_new ((gsize)office->settings->body_memory << 20, MD_WIRE_MAX_CONTAINER,
                               office->settings->own_connections);
  server->guard = guard_new (server->base, office->settings, server->budget,
                             &(GuardCalls){ finding_cb, meet_cb, head_cb, server });
  server->relay = relay_new (server->base, office->settings, relayed_cb, server);
  office->relay = server->relay;
  server->inbox = inbox_new (server->base, office, server->guard, held_cb, server);
  office->inbox = server->inbox;
  if (!bind_http (server, error))
    return NULL;
  guard_on_full (server->guard, full_cb);
  if (office->settings->metrics_port != 0)
    {
      server->watcher
          = watcher_new (server->base, office, &server->counters, now_cb, server, error);
      if (server->watcher == NULL)
        return NULL;
    }
  if (!add_events (server))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot wait for signals");
      return NULL;
    }
  return g_steal_pointer (&server);
}

void
server_free (Server *server)
{
  if (server == NULL)
    return;
  if (server->guard != NULL)
    guard_on_full (server->guard, NULL);
  g_clear_pointer (&server->relay, relay_free);
  g_clear_pointer (&server->inbox, inbox_free);
  g_clear_pointer (&server->on_term, event_free);
  g_clear_pointer (&server->on_int, event_free);
  g_clear_pointer (&server->on_hup, event_free);
  g_clear_pointer (&server->on_look, event_free);
  g_clear_pointer (&server->on_drain, event_free);
  g_clear_pointer (&server->on_watchdog, event_free);
  g_clear_pointer (&server->watcher, watcher_free);
  g_clear_pointer (&server->http, evhttp_free);
  g_clear_pointer (&server->base, event_base_free);
  g_clear_pointer (&server->guard, guard_free);
  g_clear_pointer (&server->budget, budget_free);
  g_clear_pointer (&server->tls, SSL_CTX_free);
  g_free (server);
}

void
server_run (Server *server)
{
  g_message ("listening on %s port %u", server->office->settings->listen,
             server->office->settings->port);
  supervise_tell ("READY=1");
  event_base_dispatch (server->base);
}
