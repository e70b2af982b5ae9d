// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "server.h"

#include "answer.h"
#include "guard.h"
#include "tls.h"

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
#define LAST_ANSWERS_MS 300
#define BODY_SLACK 1024u

struct _Server
{
  Office *office;
  Counters counters;
  SSL_CTX *tls;
  Budget *budget;
  Guard *guard;
  Relay *relay;
  struct event_base *base;
  struct evhttp *http;
  struct evhttp_bound_socket *socket;
  struct event *on_term;
  struct event *on_int;
  struct event *on_hup;
  struct event *on_look;
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
  answer_note_refusal (server->office, &nobody, what, NULL, kinds[finding].code);
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
send_answer (const Office *office, const Peer *peer, struct evhttp_request *request,
             const Answer *answer)
{
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
  if (answer->close || evbuffer_get_length (bufferevent_get_input (bev)) > 0)
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
    send_answer (server->office, &peer, request, &answer);
  /* Else relayed_cb() answers. */
}

static void
relayed_cb (struct evhttp_request *request, const RelayResult *result, gpointer user_data)
{
  Server *server = user_data;
  g_auto (Answer) answer = { 0 };

  answer_relayed (server->office, &server->counters, result, &answer);
  send_answer (server->office, result->peer, request, &answer);
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

  if (answer_head (server->office, &server->counters, server->budget, request, &answer))
    return NULL;
  return write_answer (&answer);
}

/* --- Life --- */

static void
stop_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  struct timeval delay = { .tv_usec = LAST_ANSWERS_MS * 1000 };

  g_message ("stopping");
  guard_on_full (server->guard, NULL);
  evconnlistener_disable (evhttp_bound_socket_get_listener (server->socket));
  event_base_loopexit (server->base, &delay);
}

static void
look_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;
  g_autoptr (GError) error = NULL;

  office_refresh_policy (server->office, FALSE);
  if (!md_ledger_settle_refusals (server->office->ledger, FALSE, &error))
    g_message ("refusals that were counted could not be recorded: %s", error->message);
}

/* SIGHUP: whatever was tried already is tried again. */
static void
reload_cb (evutil_socket_t fd, short what, void *user_data)
{
  Server *server = user_data;

  office_refresh_policy (server->office, TRUE);
}

static gboolean
add_events (Server *server)
{
  struct timeval look = { .tv_sec = LOOK_S };

  server->on_term = evsignal_new (server->base, SIGTERM, stop_cb, server);
  server->on_int = evsignal_new (server->base, SIGINT, stop_cb, server);
  server->on_hup = evsignal_new (server->base, SIGHUP, reload_cb, server);
  server->on_look = event_new (server->base, -1, EV_PERSIST, look_cb, server);
  return server->on_term != NULL && server->on_int != NULL && server->on_hup != NULL
         && server->on_look != NULL && event_add (server->on_term, NULL) == 0
         && event_add (server->on_int, NULL) == 0 && event_add (server->on_hup, NULL) == 0
         && event_add (server->on_look, &look) == 0;
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
  server->socket = evhttp_bind_socket_with_handle (server->http, settings->listen, settings->port);
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
  if (!bind_http (server, error))
    return NULL;
  guard_on_full (server->guard, full_cb);
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
  g_clear_pointer (&server->on_term, event_free);
  g_clear_pointer (&server->on_int, event_free);
  g_clear_pointer (&server->on_hup, event_free);
  g_clear_pointer (&server->on_look, event_free);
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
  event_base_dispatch (server->base);
}
