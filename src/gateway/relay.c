// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "relay.h"

#include <event2/buffer.h>
#include <event2/dns.h>
#include <md-pki.h>
#include <string.h>

#define MOST_UNDER_WAY 32u
#define MOST_OF_A_TERMINAL 4u
#define MOST_LISTS 4u /* they may be long */

struct _Relay
{
  struct event_base *base;
  struct evdns_base *dns; /* NULL while nobody is to be asked */
  const GatewaySettings *settings;
  RelayAnswered answered;
  gpointer user_data;
  GPtrArray *questions; /* Question, under way */
};

typedef struct
{
  Relay *relay;
  struct evhttp_request *request; /* the terminal's; NULL once it is answered */
  Peer peer;
  MdTarget target;
  struct evhttp_connection *line; /* to whoever is asked */
  struct event *end;              /* its time is over; or it is answered, and may go */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_pointer (&question->line, evhttp_connection_free);
  g_clear_pointer (&question->end, event_free);
  g_free (question);
}

/* Never none: libevent would look names up by itself then, and everybody would wait for it. Without
 * name servers in /etc/resolv.conf it asks the one of this machine, as everybody else does. */
static struct evdns_base *
make_dns (struct event_base *base)
{
  struct evdns_base *dns = evdns_base_new (base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
  int wrong = 0;

  g_assert (dns != NULL);
  wrong = evdns_base_resolv_conf_parse (dns, DNS_OPTIONS_ALL, "/etc/resolv.conf");
  if (wrong != 0)
    g_message (
        "/etc/resolv.conf names no name server (%d): names of revocation services are looked up "
        "in /etc/hosts and asked of this machine's own name server",
        wrong);
  return dns;
}

Relay *
relay_new (struct event_base *base, const GatewaySettings *settings, RelayAnswered answered,
           gpointer user_data)
{
  Relay *relay = g_new0 (Relay, 1);

  relay->base = base;
  relay->settings = settings;
  relay->answered = answered;
  relay->user_data = user_data;
  relay->questions = g_ptr_array_new_with_free_func (question_free);
  if (settings->ocsp_url != NULL || settings->responders->len > 0
      || g_hash_table_size (settings->crl_urls) > 0)
    relay->dns = make_dns (base);
  return relay;
}

void
relay_free (Relay *relay)
{
  if (relay == NULL)
    return;
  g_ptr_array_unref (relay->questions);
  if (relay->dns != NULL)
    evdns_base_free (relay->dns, 0);
  g_free (relay);
}

/* The terminal has its answer. The line goes a moment later: libevent may be at work on it. */
static void
answer (Question *question, GBytes *body, MdProblem *problem)
{
  const RelayResult result
      = { .peer = &question->peer, .target = &question->target, .body = body, .problem = problem };
  Relay *relay = question->relay;

  relay->answered (g_steal_pointer (&question->request), &result, relay->user_data);
  event_active (question->end, EV_TIMEOUT, 0);
}

static void
end_cb (evutil_socket_t fd, short what, void *user_data)
{
  Question *question = user_data;

  if (question->request != NULL)
    answer (question, NULL, md_problem_new (MD_PROBLEM_RESPONDER_AWAY, NULL));
  else
    g_ptr_array_remove_fast (question->relay->questions, question);
}

static GBytes *
take_body (struct evhttp_request *answer)
{
  struct evbuffer *buffer = evhttp_request_get_input_buffer (answer);
  const gsize size = evbuffer_get_length (buffer);
  guint8 *data = g_malloc (MAX (size, 1));

  evbuffer_remove (buffer, data, size);
  return g_bytes_new_take (data, size);
}

static gboolean
is_of_its_kind (const Question *question, GBytes *body)
{
  return question->target.route == MD_ROUTE_OCSP ? md_ocsp_is_response (body)
                                                 : g_bytes_get_size (body) > 0;
}

/* @reply is NULL, or has no status, when nothing whole came. */
static void
reply_cb (struct evhttp_request *reply, void *user_data)
{
  Question *question = user_data;
  const int status = reply != NULL ? evhttp_request_get_response_code (reply) : 0;
  g_autoptr (GBytes) body = NULL;

  if (question->request == NULL)
    return;
  if (status == HTTP_OK)
    body = take_body (reply);
  if (body != NULL && is_of_its_kind (question, body))
    answer (question, g_steal_pointer (&body), NULL);
  else
    answer (question, NULL,
            md_problem_new (status == 0 ? MD_PROBLEM_RESPONDER_AWAY : MD_PROBLEM_RESPONDER_STRANGE,
                            NULL));
}

static gboolean
is_busy (const Relay *relay, const Peer *peer, MdRoute route)
{
  guint own = 0, lists = 0;

  for (guint i = 0; i < relay->questions->len; i++)
    {
      const Question *question = relay->questions->pdata[i];

      own += strcmp (question->peer.terminal, peer->terminal) == 0;
      lists += question->target.route == MD_ROUTE_CRL;
    }
  return relay->questions->len >= MOST_UNDER_WAY || own >= MOST_OF_A_TERMINAL
         || (route == MD_ROUTE_CRL && lists >= MOST_LISTS);
}

/* The path of @uri as a request line has it. (transfer full) */
static char *
path_of (const struct evhttp_uri *uri)
{
  const char *path = evhttp_uri_get_path (uri);
  const char *query = evhttp_uri_get_query (uri);

  return g_strconcat (path != NULL && *path != '\0' ? path : "/", query != NULL ? "?" : "",
                      query != NULL ? query : "", NULL);
}

static gboolean
send_question (Question *question, const char *url, GBytes *body)
{
  const gboolean ocsp = question->target.route == MD_ROUTE_OCSP;
  struct evhttp_uri *uri = evhttp_uri_parse (url);
  const int port = evhttp_uri_get_port (uri) > 0 ? evhttp_uri_get_port (uri) : 80;
  struct evhttp_request *request = evhttp_request_new (reply_cb, question);
  struct evkeyvalq *headers = evhttp_request_get_output_headers (request);
  g_autofree char *path = path_of (uri);
  g_autofree char *host = NULL;
  gboolean sent = FALSE;

  question->line = evhttp_connection_base_new (question->relay->base, question->relay->dns,
                                               evhttp_uri_get_host (uri), (guint16)port);
  evhttp_connection_set_timeout (question->line, (int)question->relay->settings->relay_timeout_s);
  evhttp_connection_set_max_headers_size (question->line, MD_WIRE_MAX_HEADERS);
  evhttp_connection_set_max_body_size (question->line,
                                       ocsp ? MD_WIRE_MAX_OCSP_RESPONSE : MD_WIRE_MAX_CRL);
  host = port == 80 ? g_strdup (evhttp_uri_get_host (uri))
                    : g_strdup_printf ("%s:%d", evhttp_uri_get_host (uri), port);
  evhttp_add_header (headers, "Host", host);
  evhttp_add_header (headers, "Connection", "close");
  if (ocsp)
    {
      gsize size = 0;
      const void *data = g_bytes_get_data (body, &size);

      evhttp_add_header (headers, "Content-Type", MD_WIRE_TYPE_OCSP_REQUEST);
      evbuffer_add (evhttp_request_get_output_buffer (request), data, size);
    }
  sent
      = evhttp_make_request (question->line, request, ocsp ? EVHTTP_REQ_POST : EVHTTP_REQ_GET, path)
        == 0;
  evhttp_uri_free (uri);
  return sent;
}

/* Who is asked about the certificate of @body: the one that is named for its issuer, or the one for
 * all others; NULL: nobody. */
static const char *
find_responder (const GatewaySettings *settings, GBytes *body)
{
  for (guint i = 0; i < settings->responders->len; i++)
    {
      const GatewayResponder *responder = settings->responders->pdata[i];

      for (guint k = 0; k < responder->issuers->len; k++)
        if (md_ocsp_is_about (body, responder->issuers->pdata[k]))
          return responder->url;
    }
  return settings->ocsp_url;
}

MdProblem *
relay_ask (Relay *relay, struct evhttp_request *request, const Peer *peer, const MdTarget *target,
           GBytes *body)
{
  const struct timeval time = { .tv_sec = (time_t)relay->settings->relay_timeout_s };
  const char *url = target->route == MD_ROUTE_OCSP
                        ? find_responder (relay->settings, body)
                        : g_hash_table_lookup (relay->settings->crl_urls, target->name);
  Question *question = NULL;

  if (url == NULL)
    return md_problem_new (MD_PROBLEM_RELAY_UNSET, NULL);
  if (is_busy (relay, peer, target->route))
    return md_problem_new (MD_PROBLEM_RELAY_BUSY, NULL);
  question = g_new0 (Question, 1);
  question->relay = relay;
  question->peer = *peer;
  question->target = *target;
  question->end = event_new (relay->base, -1, 0, end_cb, question);
  g_assert (question->end != NULL);
  event_add (question->end, &time);
  g_ptr_array_add (relay->questions, question);
  if (!send_question (question, url, body))
    {
      g_ptr_array_remove_fast (relay->questions, question);
      return md_problem_new (MD_PROBLEM_RESPONDER_AWAY, NULL);
    }
  question->request = request;
  return NULL;
}
