// SPDX-License-Identifier: Apache-2.0
/* The line between terminals and gateway, in place of libcurl (linked by --wrap), and what goes
 * wrong on it. */
#include <md-line.h>
#include <md-protocol.h>
#include <string.h>

#include "sim.h"

#define TIMEOUT_MS 20000
#define LATE_MOST_MS (40 * 60 * 1000)
#define COPY_PERCENT 6
#define FAULT_PERCENT 25
#define HONEST_FATES 2 /* of the table of fates */

/* A request that somebody on the way sends once more. */
typedef struct
{
  gint64 at;
  Peer peer;
  char *method, *path, *type;
  GBytes *body;
  guint64 whole_size;
} Late;

typedef enum
{
  FATE_WELL,
  FATE_NOT_SENT,  /* refused, unreachable, cut before it was whole */
  FATE_NO_ANSWER, /* the gateway has done it, and the answer is lost */
  FATE_ALTERED,   /* a byte of the answer is another */
  FATE_SOMEBODY,  /* something on the way answers in the gateway's place */
  FATE_ANOTHER,   /* the answer to what was asked before */
} Fate;

static MdLineClient *const the_client = (MdLineClient *)&sim_running;
static SimAnswer previous;

MdLineClient *__wrap_md_line_client_new (const MdLineConfig *config, GError **error);
void __wrap_md_line_client_free (MdLineClient *client);
MdLineAnswer *__wrap_md_line_client_put (MdLineClient *client, const char *path,
                                         const char *content_type, GBytes *body,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_put_chunk (MdLineClient *client, const char *path,
                                               guint64 whole_size, GBytes *chunk,
                                               GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                                         GCancellable *cancellable, GError **error);
MdLineAnswer *__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag,
                                         gsize max, GCancellable *cancellable, GError **error);

static void
late_free (gpointer data)
{
  Late *late = data;

  g_free (late->method);
  g_free (late->path);
  g_free (late->type);
  g_bytes_unref (late->body);
  g_free (late);
}

void
sim_line_init (Sim *sim)
{
  sim->late = g_ptr_array_new_with_free_func (late_free);
  sim_answer_clear (&previous);
}

/* --- Once more --- */

static void
keep_copy (Sim *sim, const Peer *peer, const SimRequest *request)
{
  Late *late = g_new0 (Late, 1);

  late->at = sim->now + sim_between (sim, 1, LATE_MOST_MS);
  late->peer = *peer;
  late->method = g_strdup (request->method);
  late->path = g_strdup (request->path);
  late->type = g_strdup (request->type);
  late->body = g_bytes_ref (request->body);
  late->whole_size = request->whole_size;
  g_ptr_array_add (sim->late, late);
}

static guint
find_first (const Sim *sim)
{
  guint first = G_MAXUINT;

  for (guint i = 0; i < sim->late->len; i++)
    if (first == G_MAXUINT
        || ((Late *)sim->late->pdata[i])->at < ((Late *)sim->late->pdata[first])->at)
      first = i;
  return first;
}

gint64
sim_line_next (const Sim *sim)
{
  const guint first = find_first (sim);

  return first == G_MAXUINT ? G_MAXINT64 : ((Late *)sim->late->pdata[first])->at;
}

void
sim_line_go_on (Sim *sim)
{
  Late *late = g_ptr_array_steal_index (sim->late, find_first (sim));
  const SimRequest request = { .method = late->method,
                               .path = late->path,
                               .type = late->type,
                               .body = late->body,
                               .whole_size = late->whole_size };
  g_auto (SimAnswer) answer = { 0 };

  sim->counts.repeated++;
  sim_tell (sim, "line repeats %s", late->method);
  (void)sim_gateway_ask (sim, &late->peer, &request, &answer);
  late_free (late);
}

/* --- In the gateway's place --- */

/* What proxies, portals and balancers say. */
static void
answer_for_it (Sim *sim, SimAnswer *out)
{
  static const guint statuses[]
      = { 200, 201, 204, 302, 400, 403, 404, 407, 413, 429, 500, 502, 503 };
  static const char page[] = "<html><title>Sorry</title></html>";

  sim_answer_clear (out);
  out->status = statuses[power_below (&sim->random, G_N_ELEMENTS (statuses))];
  out->type = g_strdup ("text/html");
  out->body = g_bytes_new_static (page, strlen (page));
}

static void
alter (Sim *sim, SimAnswer *answer)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, g_bytes_get_data (answer->body, NULL),
                       (guint)g_bytes_get_size (answer->body));
  if (bytes->len > 0)
    bytes->data[power_below (&sim->random, bytes->len)]
        ^= (guint8)(1u << power_below (&sim->random, 8));
  g_bytes_unref (answer->body);
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
copy_answer (SimAnswer *to, const SimAnswer *from)
{
  sim_answer_clear (to);
  *to = (SimAnswer){ .status = from->status,
                     .type = g_strdup (from->type),
                     .etag = g_strdup (from->etag),
                     .nonce = from->nonce != NULL ? g_bytes_ref (from->nonce) : NULL,
                     .body = g_bytes_ref (from->body) };
}

/* --- The client --- */

static Fate
draw_fate (Sim *sim)
{
  static const Fate fates[]
      = { FATE_NOT_SENT, FATE_NO_ANSWER, FATE_ALTERED, FATE_SOMEBODY, FATE_ANOTHER };

  if (sim->healed || !sim_chance (sim, FAULT_PERCENT))
    return FATE_WELL;
  return fates[power_below (&sim->random, sim->is_honest ? HONEST_FATES : G_N_ELEMENTS (fates))];
}

static gboolean
ask (Sim *sim, const SimRequest *request, Fate fate, SimAnswer *out)
{
  const SimTerminal *from = sim->acting;

  if (fate == FATE_SOMEBODY)
    {
      answer_for_it (sim, out);
      return TRUE;
    }
  if (fate == FATE_NOT_SENT || !sim_gateway_ask (sim, &from->peer, request, out))
    return FALSE;
  if (fate == FATE_ANOTHER && previous.status != 0)
    copy_answer (out, &previous);
  else
    copy_answer (&previous, out);
  if (fate == FATE_ALTERED)
    alter (sim, out);
  return fate != FATE_NO_ANSWER;
}

static void
count_fate (Sim *sim, Fate fate)
{
  sim->counts.lost_requests += fate == FATE_NOT_SENT ? 1 : 0;
  sim->counts.lost_answers += fate == FATE_NO_ANSWER ? 1 : 0;
  sim->counts.altered += fate >= FATE_ALTERED ? 1 : 0;
}

static MdLineAnswer *
exchange (const SimRequest *request, GError **error)
{
  Sim *sim = sim_running;
  SimTerminal *from = sim->acting;
  const Fate fate = from->clogged_until > sim->now ? FATE_NOT_SENT : draw_fate (sim);
  g_auto (SimAnswer) answer = { 0 };
  MdLineAnswer *out;

  from->told = power_disk_now (from->disk);
  count_fate (sim, fate);
  sim_pass (sim, sim_between (sim, 5, 500));
  if (request->body != NULL && !sim->healed && sim_chance (sim, COPY_PERCENT))
    keep_copy (sim, &from->peer, request);
  if (!ask (sim, request, fate, &answer))
    {
      sim_pass (sim, sim_between (sim, 1, TIMEOUT_MS));
      sim_tell (sim, "%s line silent", from->peer.terminal);
      g_set_error_literal (error, MD_LINE_ERROR, MD_LINE_ERROR_OFFLINE, "nobody answers");
      return NULL;
    }
  sim_pass (sim, sim_between (sim, 5, 500));
  sim_tell (sim, "%s line %u %u", from->peer.terminal, answer.status, fate);
  out = g_new0 (MdLineAnswer, 1);
  *out = (MdLineAnswer){ .status = answer.status,
                         .content_type = g_steal_pointer (&answer.type),
                         .etag = g_steal_pointer (&answer.etag),
                         .nonce = g_steal_pointer (&answer.nonce),
                         .body = g_steal_pointer (&answer.body) };
  return out;
}

MdLineClient *
__wrap_md_line_client_new (const MdLineConfig *config, GError **error)
{
  return the_client;
}

void
__wrap_md_line_client_free (MdLineClient *client)
{
}

MdLineAnswer *
__wrap_md_line_client_put (MdLineClient *client, const char *path, const char *content_type,
                           GBytes *body, GCancellable *cancellable, GError **error)
{
  const SimRequest request = { .method = "PUT", .path = path, .type = content_type, .body = body };

  return exchange (&request, error);
}

MdLineAnswer *
__wrap_md_line_client_put_chunk (MdLineClient *client, const char *path, guint64 whole_size,
                                 GBytes *chunk, GCancellable *cancellable, GError **error)
{
  const SimRequest request = { .method = "PUT",
                               .path = path,
                               .type = MD_WIRE_TYPE_CHUNK,
                               .body = chunk,
                               .whole_size = whole_size };

  sim_running->counts.chunks++;
  return exchange (&request, error);
}

MdLineAnswer *
__wrap_md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                           GCancellable *cancellable, GError **error)
{
  const SimRequest request = {
    .method = "POST", .path = question->path, .type = question->content_type, .body = question->body
  };

  return exchange (&request, error);
}

MdLineAnswer *
__wrap_md_line_client_get (MdLineClient *client, const char *path, const char *etag, gsize max,
                           GCancellable *cancellable, GError **error)
{
  const SimRequest request = { .method = "GET", .path = path, .etag = etag };

  return exchange (&request, error);
}
