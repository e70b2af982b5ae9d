// SPDX-License-Identifier: Apache-2.0
/* The gateway: what answers requests is its own, from the head of a request on. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <string.h>

#include "answer.h"
#include "sim.h"

#define NAME "gateway"
#define TROUBLE_LEAST_MS (3 * 60 * 1000)
#define TROUBLE_MOST_MS (20 * 60 * 1000)
#define TROUBLE_OFTEN_MS (8 * 60 * 1000)
#define AWAY_MOST_MS (15 * 60 * 1000)
#define MOST_ITEMS 1000

static gboolean
switch_on (Sim *sim)
{
  SimGateway *self = &sim->gateway;
  g_autofree char *path = power_disk_dup_path (self->disk, "ledger.db");
  g_autoptr (GError) error = NULL;

  g_free (self->settings.ledger);
  self->settings.ledger = g_strconcat ("sqlite:", path, NULL);
  self->office = office_open (&self->settings, &error);
  if (self->office == NULL)
    sim_disk_calm (self->disk);
  self->on_at = sim->now + sim_between (sim, 1000, 60000);
  sim_tell (sim, "gateway on %d", self->office != NULL);
  return self->office != NULL;
}

static void
switch_off (Sim *sim, gint64 ms)
{
  g_clear_pointer (&sim->gateway.office, office_free);
  sim->gateway.on_at = sim->now + ms;
}

/* The power goes at the place AT of the disk, which is not before what terminals know. */
static void
cut (Sim *sim, guint at)
{
  SimGateway *self = &sim->gateway;
  PowerDisk *left = sim_disk_cut (sim, self->disk, NAME, &self->life, at);

  self->doomed = FALSE;
  switch_off (sim, sim_between (sim, 1000, AWAY_MOST_MS));
  power_disk_free (self->disk);
  self->disk = left;
  sim_tell (sim, "gateway cut %u", at);
}

void
sim_gateway_init (SimGateway *self, Sim *sim)
{
  self->disk = sim_disk_new (sim, NAME, TRUE);
  /* The ward's certificates are new, and no clock of a terminal lies before them. */
  self->clock = md_test_clock_new (g_get_real_time () + G_TIME_SPAN_DAY);
  self->settings = *sim->ward->settings;
  self->settings.ledger = NULL;
  self->trouble_at = sim_between (sim, 0, TROUBLE_MOST_MS);
}

void
sim_gateway_clear (SimGateway *self)
{
  g_clear_pointer (&self->office, office_free);
  g_clear_pointer (&self->disk, power_disk_free);
  g_clear_pointer (&self->backup, power_disk_free);
  g_clear_pointer (&self->in_backup, g_hash_table_unref);
  g_clear_object (&self->clock);
  g_free (self->settings.ledger);
}

/* --- An older ledger --- */

/* Set of "intake n"; NULL where the disk fails. */
static GHashTable *
list_items (const SimGateway *self)
{
  g_autoptr (GPtrArray) items = md_ledger_list (self->office->ledger, 0, MOST_ITEMS, NULL);
  GHashTable *keys
      = items != NULL ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) : NULL;

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const MdLedgerEntry *entry = items->pdata[i];

      g_hash_table_add (keys, g_strdup_printf ("%s %u", entry->intake, entry->n));
    }
  return keys;
}

static void
back_up (Sim *sim)
{
  SimGateway *self = &sim->gateway;

  self->in_backup = list_items (self);
  if (self->in_backup != NULL)
    self->backup
        = power_disk_copy (self->disk, "gateway-backup", sim_disk_model (sim, TRUE), FALSE);
}

/* What the terminals have receipts for and the copy has not is lost; all else they send again. */
static void
forget (Sim *sim, GHashTable *before)
{
  for (guint i = 0; i < sim->made->len; i++)
    {
      SimMade *made = sim->made->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s %u", made->intake, made->n);

      for (guint t = 0; t < sim->n_terminals; t++)
        if (g_str_has_prefix (made->number, sim->terminals[t].peer.terminal + 1)
            && g_hash_table_contains (before, key)
            && !g_hash_table_contains (sim->gateway.in_backup, key))
          made->gone = made->gone || sim_terminal_has_sent (&sim->terminals[t], made->intake);
    }
}

static void
put_back (Sim *sim)
{
  SimGateway *self = &sim->gateway;
  g_autofree char *name = g_strdup_printf ("%s-%u", NAME, ++self->life);
  g_autoptr (GHashTable) before = NULL;

  sim_disk_calm (self->disk);
  before = list_items (self);
  if (before == NULL)
    return;
  forget (sim, before);
  switch_off (sim, sim_between (sim, 1000, AWAY_MOST_MS));
  power_disk_free (self->disk);
  self->disk = power_disk_copy (self->backup, name, sim_disk_model (sim, TRUE), TRUE);
  self->doomed = FALSE;
  sim->counts.ledgers_restored++;
  sim_tell (sim, "gateway has an older ledger");
}

static void
make_trouble (Sim *sim)
{
  SimGateway *self = &sim->gateway;

  self->trouble_at
      = sim->now
        + sim_between (sim, TROUBLE_LEAST_MS, sim->forgets ? TROUBLE_OFTEN_MS : TROUBLE_MOST_MS);
  switch (power_below (&sim->random, sim->forgets ? 8 : 4))
    {
    case 0:
      self->doomed = TRUE;
      break;
    case 1:
      sim_disk_trouble (sim, self->disk);
      break;
    case 2:
      sim_tell (sim, "gateway stops");
      switch_off (sim, sim_between (sim, 1000, AWAY_MOST_MS));
      break;
    case 3:
      cut (sim, power_disk_now (self->disk));
      break;
    default:
      if (self->backup == NULL)
        back_up (sim);
      else
        put_back (sim);
      break;
    }
}

gint64
sim_gateway_next (const Sim *sim)
{
  const SimGateway *self = &sim->gateway;

  if (self->office == NULL)
    return self->on_at;
  return sim->healed ? G_MAXINT64 : self->trouble_at;
}

void
sim_gateway_go_on (Sim *sim)
{
  SimGateway *self = &sim->gateway;

  if (self->office == NULL)
    (void)switch_on (sim);
  else
    make_trouble (sim);
}

void
sim_gateway_heal (Sim *sim)
{
  sim->gateway.doomed = FALSE;
  sim_disk_calm (sim->gateway.disk);
}

/* --- Requests --- */

void
sim_answer_clear (SimAnswer *answer)
{
  g_clear_pointer (&answer->type, g_free);
  g_clear_pointer (&answer->etag, g_free);
  g_clear_pointer (&answer->nonce, g_bytes_unref);
  g_clear_pointer (&answer->body, g_bytes_unref);
  answer->status = 0;
}

static void
ignore_cb (struct evhttp_request *request, void *user_data)
{
}

/* As libevent hands a whole request over. */
static struct evhttp_request *
make_request (const SimRequest *from)
{
  struct evhttp_request *request = evhttp_request_new (ignore_cb, NULL);
  struct evkeyvalq *headers = evhttp_request_get_input_headers (request);
  const gsize size = from->body != NULL ? g_bytes_get_size (from->body) : 0;

  request->type = g_str_equal (from->method, "PUT")    ? EVHTTP_REQ_PUT
                  : g_str_equal (from->method, "POST") ? EVHTTP_REQ_POST
                                                       : EVHTTP_REQ_GET;
  request->uri = g_strdup (from->path); /* ended by free(), which is what g_free() is */
  evhttp_add_header (headers, "Host", "gateway");
  if (from->etag != NULL)
    evhttp_add_header (headers, "If-None-Match", from->etag);
  if (from->whole_size > 0)
    {
      g_autofree char *whole = g_strdup_printf ("%" G_GUINT64_FORMAT, from->whole_size);

      evhttp_add_header (headers, MD_WIRE_HEADER_UPLOAD_LENGTH, whole);
    }
  if (from->body != NULL)
    {
      g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, size);
      g_autofree char *digest = md_content_digest_format (from->body);

      evhttp_add_header (headers, "Content-Length", length);
      evhttp_add_header (headers, "Content-Type", from->type);
      evhttp_add_header (headers, MD_WIRE_HEADER_DIGEST, digest);
      evbuffer_add (evhttp_request_get_input_buffer (request), g_bytes_get_data (from->body, NULL),
                    size);
    }
  return request;
}

static void
take_answer (const Sim *sim, const Peer *peer, const Answer *answer, SimAnswer *out)
{
  Office *office = sim->gateway.office;

  *out = (SimAnswer){ .status = answer->status,
                      .type = g_strdup (answer->content_type),
                      .etag = g_strdup (answer->etag),
                      .nonce = nonces_make (office->nonces, peer->office, peer->terminal,
                                            md_clock_get_wall_us (MD_CLOCK (sim->gateway.clock))),
                      .body = answer->body != NULL ? g_bytes_ref (answer->body)
                                                   : g_bytes_new_static ("", 0) };
}

static gboolean
is_foreign (const Answer *answer)
{
  g_autoptr (MdProblem) problem = NULL;

  if (answer->status < 400 || answer->body == NULL)
    return FALSE;
  problem = md_problem_decode (answer->status, answer->body);
  return problem->code == MD_PROBLEM_NUMBER_FOREIGN;
}

gboolean
sim_gateway_ask (Sim *sim, const Peer *peer, const SimRequest *from, SimAnswer *out)
{
  SimGateway *self = &sim->gateway;
  SimTerminal *asking = g_steal_pointer (&sim->acting);
  static Counters counters;
  g_auto (Answer) answer = { 0 };
  struct evhttp_request *request;
  guint before;

  if (self->office == NULL)
    {
      sim->acting = asking;
      return FALSE;
    }
  before = power_disk_now (self->disk);
  request = make_request (from);
  answer_request (self->office, &counters, peer, request, &answer);
  evhttp_request_free (request);
  take_answer (sim, peer, &answer, out);
  sim->counts.refused += answer.status >= 400 ? 1 : 0;
  sim->counts.foreign += is_foreign (&answer) ? 1 : 0;
  sim_tell (sim, "gateway answers %s %u", from->method, answer.status);
  if (answer.status >= 500)
    sim_disk_calm (self->disk);
  if (self->doomed && power_disk_now (self->disk) > before)
    {
      cut (sim, before + 1 + power_below (&sim->random, power_disk_now (self->disk) - before));
      sim_answer_clear (out);
    }
  sim->acting = asking;
  return out->status != 0;
}
