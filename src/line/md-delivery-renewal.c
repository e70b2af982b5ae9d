// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include "md-line-pair.h"

#include <md-base.h>
#include <string.h>

/* The terminal's own certificate: which pair a connection is opened with, and the next one, asked
 * for over the line that this one still opens. Nothing of it holds up a delivery. */

#define TIMEOUT_S 30u
#define ASK_PROBES 6         /* between two questions while nobody has decided */
#define LOOK_PROBES 60       /* until it is looked at again whether it is time */
#define REFUSED_PROBES 360   /* until what was refused is asked for again */
#define DECLINED_PROBES 8640 /* a day, at the usual pace */

static const MdLineConfig *
line_of (const Run *run)
{
  return run->delivery->config.line;
}

static gint64
now_s (void)
{
  return md_clock_get_wall_us (md_clock_get_system ()) / G_TIME_SPAN_SECOND;
}

/* Each word once in a row. */
static void
tell (Run *run, const char *stage)
{
  if (run->renewal == stage)
    return;
  run->renewal = stage;
  _md_delivery_tell_renewal (run->delivery, stage);
}

static void
later (Run *run, gint64 probes)
{
  run->renewal_at = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms * probes);
}

/* The next exchange is by a new connection, with the pair that is to be used then. */
static void
connect_anew (Run *run)
{
  g_clear_pointer (&run->client, md_line_client_free);
  run->line_good = FALSE;
  run->probe_at = _md_run_now_ms ();
}

void
_md_run_choose_pair (Run *run, MdLineConfig *config)
{
  g_autoptr (MdLinePair) pair = NULL;

  if (config->pairs == NULL)
    return;
  pair = md_line_pair_pick (config, run->shunned);
  if (pair == NULL)
    return;
  md_line_pair_settle (config, run->shunned);
  g_free (run->pair);
  run->pair = g_strdup (pair->id);
  run->pair_served = FALSE;
}

void
_md_run_pair_served (Run *run)
{
  g_autoptr (MdLinePair) pair = NULL;

  run->pair_refusals = 0;
  if (run->pair == NULL || run->pair_served)
    return;
  run->pair_served = TRUE;
  pair = md_line_pair_pick (line_of (run), run->shunned);
  if (pair != NULL && strcmp (pair->id, run->pair) == 0
      && md_line_pair_accept (line_of (run), pair))
    tell (run, "accepted");
}

/* The newest, the one before it, and the newest again are tried at once; after that they take
 * turns, one with each probe. */
gboolean
_md_run_pair_refused (Run *run)
{
  g_autoptr (MdLinePair) other = NULL;

  if (run->pair == NULL)
    return FALSE;
  other = run->shunned == NULL ? md_line_pair_pick (line_of (run), run->pair) : NULL;
  if (run->shunned == NULL && (other == NULL || strcmp (other->id, run->pair) == 0))
    return FALSE;
  if (run->shunned != NULL)
    g_clear_pointer (&run->shunned, g_free);
  else
    run->shunned = g_strdup (run->pair);
  run->shunned_until
      = _md_run_now_ms () + _md_run_jitter (run->delivery->config.probe_ms * ASK_PROBES);
  g_clear_pointer (&run->client, md_line_client_free);
  if (++run->pair_refusals >= 3)
    return FALSE;
  connect_anew (run);
  return TRUE;
}

/* --- The next one --- */

/* What was handed out is the answer for this key for good. One that begins later alone is the right
 * one still. */
static gboolean
is_of_no_use (GBytes *der, const GError *error)
{
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_der (der, NULL);

  return error->domain == MD_PKI_ERROR
         && (certificate == NULL || md_certificate_get_not_before (certificate) <= now_s ());
}

static void
take (Run *run, const MdLinePair *pair, const MdKey *key, GBytes *der)
{
  g_autoptr (GError) error = NULL;

  if (!md_line_pair_add (line_of (run), pair, key, der, now_s (), &error))
    {
      g_debug ("the certificate is not taken: %s", error->message);
      if (is_of_no_use (der, error))
        md_line_pair_forget_key (line_of (run)); /* the next question is for another */
      later (run, REFUSED_PROBES);
      tell (run, "wrong");
      return;
    }
  tell (run, "received");
  connect_anew (run);
}

static void
refused (Run *run, const MdLineAnswer *answer)
{
  g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

  if (problem->code == MD_PROBLEM_RENEWAL_DECLINED)
    {
      md_line_pair_forget_key (line_of (run));
      later (run, DECLINED_PROBES);
      tell (run, "declined");
      return;
    }
  later (run, REFUSED_PROBES);
  /* A gateway of before there were renewals knows no such place; or it fails, and will not always.
   */
  if (problem->code != MD_PROBLEM_NOT_FOUND && problem->status < 500
      && problem->code != MD_PROBLEM_UNKNOWN)
    tell (run, "refused");
}

static MdLineAnswer *
ask (Run *run, const MdLinePair *pair, const MdKey *key, GError **error)
{
  MdDelivery *self = run->delivery;
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_file (pair->certificate, error);
  const char *uri = certificate != NULL ? md_certificate_get_san_uris (certificate)[0] : NULL;
  g_autoptr (GBytes) body
      = uri != NULL ? md_request_make (key, self->config.terminal, uri, error) : NULL;
  MdLineQuestion question = { .path = md_route_template (MD_ROUTE_RENEWAL),
                              .content_type = MD_WIRE_TYPE_RENEWAL,
                              .body = body,
                              .max = MD_WIRE_MAX_CERTIFICATE,
                              .timeout_s = TIMEOUT_S };

  return body != NULL ? md_line_client_ask (run->client, &question, self->cancellable, error)
                      : NULL;
}

static void
renew (Run *run, const MdLinePair *pair)
{
  gboolean made = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdKey) key = md_line_pair_make_key (line_of (run), &made, &error);
  g_autoptr (MdLineAnswer) answer = key != NULL ? ask (run, pair, key, &error) : NULL;

  later (run, ASK_PROBES);
  if (answer == NULL)
    {
      if (error != NULL && error->domain == MD_LINE_ERROR)
        _md_run_line_failed (run, error);
      else if (error != NULL && error->domain != G_IO_ERROR)
        tell (run, "no-key");
      return;
    }
  _md_run_take_nonce (run, answer);
  if (answer->status == 200)
    take (run, pair, key, answer->body);
  else if (answer->status != 202)
    refused (run, answer);
  else if (made || run->renewal == NULL)
    tell (run, "asked");
}

void
_md_run_look_after_pair (Run *run)
{
  const gint64 now = _md_run_now_ms ();
  g_autoptr (MdLinePair) pair = NULL;

  if (line_of (run)->pairs == NULL)
    return;
  if (run->shunned != NULL && now >= run->shunned_until)
    {
      g_clear_pointer (&run->shunned, g_free);
      connect_anew (run);
      return;
    }
  if (run->shunned != NULL || now < run->renewal_at)
    return;
  later (run, LOOK_PROBES);
  pair = md_line_pair_pick (line_of (run), NULL);
  if (pair == NULL)
    return;
  /* Another was installed meanwhile, or a certificate lies there that is not used yet. */
  if (run->pair == NULL || strcmp (pair->id, run->pair) != 0)
    connect_anew (run);
  else if (md_line_pair_is_due (pair, now_s ()))
    renew (run, pair);
}
