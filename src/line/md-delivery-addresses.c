// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <md-protocol.h>

/* Several addresses of gateways on one store: the first one is used while it serves. Which one it
 * is changes nothing of what is sent, since each knows an item by its name and its bytes; and each
 * has to prove in the same way that it is the office's gateway. */

static guint
count_urls (const Run *run)
{
  return g_strv_length (run->delivery->urls);
}

/* For the connection that waits. */
static void
publish_pair (MdDelivery *self, const MdLineConfig *config)
{
  g_mutex_lock (&self->lock);
  g_free (self->certificate);
  g_free (self->key);
  self->certificate = g_strdup (config->certificate);
  self->key = g_strdup (config->key);
  g_mutex_unlock (&self->lock);
}

static MdLineClient *
open_client (Run *run, guint at, GError **error)
{
  g_autoptr (MdLineConfig) config = md_line_config_copy (run->delivery->config.line);

  if (at < count_urls (run))
    {
      g_free (config->url);
      config->url = g_strdup (run->delivery->urls[at]);
    }
  _md_run_choose_pair (run, config);
  publish_pair (run->delivery, config);
  return md_line_client_new (config, error);
}

static void
use (Run *run, guint at, MdLineClient *client)
{
  MdDelivery *self = run->delivery;

  g_clear_pointer (&run->client, md_line_client_free);
  run->client = client;
  run->at = at;
  g_mutex_lock (&self->lock);
  self->address = at;
  g_mutex_unlock (&self->lock);
}

/* All of them, so that a wrong one is not found out when it is needed. */
static gboolean
check_others (Run *run, GError **error)
{
  for (guint i = 1; i < count_urls (run); i++)
    {
      g_autoptr (MdLineClient) client = open_client (run, i, error);

      if (client == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
_md_run_have_client (Run *run)
{
  g_autoptr (GError) error = NULL;

  if (run->client == NULL && (run->told > 0 || check_others (run, &error)))
    run->client = open_client (run, run->at, &error);
  if (run->client == NULL)
    _md_run_line_failed (run, error);
  return run->client != NULL;
}

gboolean
_md_run_go_over (Run *run, const char *reason)
{
  const guint count = count_urls (run);

  if (count < 2)
    return FALSE;
  if (run->told == 0 || run->told == run->at + 1)
    run->left = reason;
  run->silent++;
  run->line_good = FALSE;
  if (run->silent >= count)
    {
      run->silent = 0;
      use (run, 0, NULL);
      return FALSE;
    }
  use (run, (run->at + 1) % count, NULL);
  run->probe_at = _md_run_now_ms ();
  run->asks_store = TRUE;
  run->numbers_at = run->pause_until = 0;
  return TRUE;
}

gboolean
_md_run_doubt (Run *run, const char *reason)
{
  const gint64 now = _md_run_now_ms ();

  run->strikes++;
  run->asks_store = TRUE;
  run->numbers_at = MIN (run->numbers_at, now + _md_run_jitter (run->delivery->config.probe_ms));
  if (count_urls (run) < 2)
    return FALSE;
  /* Where no address carries an item, they do not take turns faster than the first is tried. */
  if (run->strikes >= MD_RUN_MOST_STRIKES && now >= run->hop_at)
    {
      run->strikes = 0;
      run->hop_at = now + _md_run_jitter (run->delivery->config.back_ms);
      return _md_run_go_over (run, reason);
    }
  if (now >= run->doubt_at)
    {
      run->doubt_at = now + _md_run_jitter (run->delivery->config.probe_ms);
      run->probe_at = now;
    }
  return TRUE;
}

void
_md_run_arrived (Run *run)
{
  const gboolean first = run->told == 0 && run->at == 0;

  run->silent = 0;
  g_clear_error (&run->serious);
  if (count_urls (run) < 2 || run->told == run->at + 1)
    return;
  run->told = run->at + 1;
  run->back_at = _md_run_now_ms () + _md_run_jitter (run->delivery->config.back_ms);
  _md_delivery_tell_address (run->delivery, run->told,
                             first          ? "start"
                             : run->at == 0 ? "back"
                                            : run->left);
}

void
_md_run_look_back (Run *run)
{
  MdDelivery *self = run->delivery;
  g_autoptr (MdLineClient) client = NULL;
  g_autoptr (MdLineAnswer) answer = NULL;

  if (run->at == 0 || _md_run_now_ms () < run->back_at)
    return;
  run->back_at = _md_run_now_ms () + _md_run_jitter (self->config.back_ms);
  client = open_client (run, 0, NULL);
  if (client != NULL)
    answer = md_line_client_get (client, md_route_template (MD_ROUTE_POLICY), NULL,
                                 MD_WIRE_MAX_POLICY, self->cancellable, NULL);
  if (answer == NULL || answer->status != 200 || !_md_run_tries_store (run, client))
    return;
  use (run, 0, g_steal_pointer (&client));
  run->probe_at = _md_run_now_ms (); /* what it has to say is taken then */
}
