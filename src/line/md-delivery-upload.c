// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-delivery-run.h"

#include <md-base.h>
#include <md-protocol.h>

/* A large container on its way in chunks, one exchange at a time: between any two of them something
 * small may go. Nothing is kept here of how far it is, since only the gateway knows; it is asked
 * when the upload is begun or gone on with, and whenever it says that it stands elsewhere. */

/* Four seconds at 128 kbit/s: so much is sent again when the line breaks. */
#define CHUNK (64u * 1024)
/* What is not larger goes as it is: it costs fewer exchanges, and no more again than two chunks. */
#define LARGE (2 * CHUNK)
/* Answers that bring it no further, in a row; then it is put back. */
#define MOST_STRAYS 3u
/* So often one that finds no room for its chunks waits for those that were begun. */
#define MOST_WAITS 2u
/* And no longer than so many times the longest wait, whatever becomes of them. */
#define LONGEST_WAITS 3
#define FINISH_TIMEOUT_S 120u

gsize
_md_run_largest_small (void)
{
  return LARGE;
}

gboolean
_md_run_is_large (const MdDeliveryItem *item)
{
  const gsize size = g_bytes_get_size (item->payload);

  return item->n == 1 && size > LARGE && size <= MD_WIRE_MAX_CONTAINER;
}

void
_md_run_begin_upload (Run *run, MdDeliveryItem *item)
{
  g_autofree char *digest = md_wire_digest_hex (item->payload);

  run->upload = (MdRunUpload){ .item = item, .target = { .n = 1 } };
  (void)g_strlcpy (run->upload.target.intake, item->intake, sizeof run->upload.target.intake);
  (void)g_strlcpy (run->upload.target.name, digest, sizeof run->upload.target.name);
}

/* It is no longer under way. Returns: (transfer full). */
static MdDeliveryItem *
take (Run *run)
{
  return g_steal_pointer (&run->upload.item);
}

/* What got further since it was claimed does not count as tried in vain. */
static void
give_back (Run *run, gboolean counts, const char *reason)
{
  const gboolean moved = run->upload.moved;
  g_autoptr (MdDeliveryItem) item = take (run);

  /* What was begun goes before what was not: each that is begun takes room at the gateway. */
  _md_run_put_back (run, item, item->attempts, moved ? -1 : 0, counts && !moved, reason);
  run->turn = MD_DELIVERY_RETRY;
}

void
_md_run_suspend_upload (Run *run)
{
  if (run->upload.item != NULL)
    give_back (run, FALSE, "");
}

static void
no_answer (Run *run, const GError *error)
{
  const gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  give_back (run, !cancelled, cancelled ? "" : error->message);
  if (!cancelled)
    _md_run_line_failed (run, error);
}

static gboolean
is_problem (const MdLineAnswer *answer, MdProblemCode code)
{
  g_autoptr (MdProblem) problem = md_problem_decode (answer->status, answer->body);

  return problem->code == code;
}

/* --- No room for chunks --- */

/* Since when it finds none; from now on where it is not known yet. Those that were begun make room
 * when they are whole, but what was set aside or parked while it was under way takes its place for
 * days, and the others may take turns at the rest for ever. */
static gint64
crowded_since (Run *run, const MdDeliveryItem *item)
{
  const gint64 now = _md_run_now_ms ();
  const gint64 *since = NULL;

  if (run->crowded == NULL)
    run->crowded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  since = g_hash_table_lookup (run->crowded, item->intake);
  if (since != NULL)
    return *since;
  g_hash_table_insert (run->crowded, g_strdup (item->intake), g_memdup2 (&now, sizeof now));
  return now;
}

static void
no_longer_crowded (Run *run, const char *intake)
{
  if (run->crowded != NULL && g_hash_table_remove (run->crowded, intake))
    _md_run_good (run);
}

/* No upload got any further for as long as anything waits, so that none will make room; or it has
 * waited long enough. */
static gboolean
has_waited (Run *run, const MdDeliveryItem *item)
{
  const gint64 now = _md_run_now_ms ();
  const gint64 longest = run->delivery->config.retry_max_ms;
  const gint64 since = crowded_since (run, item);

  return item->attempts >= MOST_WAITS
         && (now - run->moved_at > longest || now - since >= LONGEST_WAITS * longest);
}

gint64
_md_run_crowded_until (const Run *run)
{
  GHashTableIter iter;
  gpointer since = NULL;
  gint64 first = G_MAXINT64;

  if (run->crowded == NULL || g_hash_table_size (run->crowded) == 0)
    return -1;
  g_hash_table_iter_init (&iter, run->crowded);
  while (g_hash_table_iter_next (&iter, NULL, &since))
    first = MIN (first, *(const gint64 *)since);
  return first + LONGEST_WAITS * run->delivery->config.retry_max_ms;
}

/* A gateway of before there were chunks takes it in one piece; so does one that has no room for
 * another unfinished upload of ours, where that has not changed by waiting. */
static void
refused (Run *run, const MdLineAnswer *answer)
{
  const gboolean crowded = is_problem (answer, MD_PROBLEM_UPLOADS_FULL);
  g_autoptr (MdDeliveryItem) item = take (run);

  if (is_problem (answer, MD_PROBLEM_NOT_FOUND) || (crowded && has_waited (run, item)))
    {
      no_longer_crowded (run, item->intake);
      _md_run_deliver_whole (run, item);
      return;
    }
  if (!crowded)
    no_longer_crowded (run, item->intake);
  _md_run_not_accepted (run, item, answer);
  if (crowded)
    _md_run_good (run); /* which says that it waits */
}

/* The gateway has it elsewhere than we believed: it is asked again, but not for ever. */
static void
stray (Run *run, const MdLineAnswer *answer)
{
  run->upload.asked = FALSE;
  run->upload.strays++;
  if (run->upload.strays > MOST_STRAYS)
    refused (run, answer);
}

/* What a 200 says of this upload; FALSE: nothing that could be of it. */
static gboolean
read_standing (const Run *run, const MdLineAnswer *answer, MdUploadMessage *out)
{
  const gsize size = g_bytes_get_size (run->upload.item->payload);

  return answer->status == 200 && md_upload_message_decode (answer->body, out, NULL)
         && (out->stored || out->size == 0 || out->size == size);
}

static void
stand_at (Run *run, const MdUploadMessage *message)
{
  const gsize size = g_bytes_get_size (run->upload.item->payload);

  run->upload.target.offset = message->stored ? size : message->offset;
  run->upload.asked = TRUE;
}

static char *
format_path (Run *run, MdRoute route)
{
  run->upload.target.route = route;
  return md_target_format (&run->upload.target);
}

/* --- The three exchanges --- */

static void
ask (Run *run)
{
  g_autofree char *path = format_path (run, MD_ROUTE_UPLOAD);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLineAnswer) answer = md_line_client_get (
      run->client, path, NULL, MD_WIRE_MAX_PROBLEM, run->delivery->cancellable, &error);
  MdUploadMessage message = { 0 };

  if (answer == NULL)
    {
      no_answer (run, error);
      return;
    }
  _md_run_take_nonce (run, answer);
  if (read_standing (run, answer, &message))
    stand_at (run, &message);
  else
    refused (run, answer);
}

static void
send_chunk (Run *run)
{
  GBytes *payload = run->upload.item->payload;
  const gsize size = g_bytes_get_size (payload);
  const gsize offset = (gsize)run->upload.target.offset;
  g_autofree char *path = format_path (run, MD_ROUTE_CHUNK);
  g_autoptr (GBytes) chunk = g_bytes_new_from_bytes (payload, offset, MIN (CHUNK, size - offset));
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLineAnswer) answer = md_line_client_put_chunk (run->client, path, size, chunk,
                                                              run->delivery->cancellable, &error);
  MdUploadMessage message = { 0 };

  if (answer == NULL)
    {
      no_answer (run, error);
      return;
    }
  _md_run_take_nonce (run, answer);
  if (is_problem (answer, MD_PROBLEM_UPLOAD_OFFSET))
    stray (run, answer);
  else if (!read_standing (run, answer, &message))
    refused (run, answer);
  else if (!message.stored && message.offset <= offset)
    stray (run, answer);
  else
    {
      stand_at (run, &message);
      run->upload.moved = TRUE;
      no_longer_crowded (run, run->upload.item->intake);
      _md_run_passes (run);
      run->moved_at = _md_run_now_ms ();
      run->upload.strays = 0;
    }
}

static void
finish (Run *run)
{
  g_autofree char *path = format_path (run, MD_ROUTE_FINISH);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  const MdLineQuestion question = { .path = path,
                                    .content_type = MD_WIRE_TYPE_CHUNK,
                                    .body = nothing,
                                    .max = MD_WIRE_MAX_RECEIPT,
                                    .timeout_s = FINISH_TIMEOUT_S };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLineAnswer) answer
      = md_line_client_ask (run->client, &question, run->delivery->cancellable, &error);

  if (answer == NULL)
    {
      no_answer (run, error);
      return;
    }
  if (answer->status >= 400)
    {
      _md_run_take_nonce (run, answer);
      if (is_problem (answer, MD_PROBLEM_UPLOAD_OFFSET))
        stray (run, answer);
      else
        refused (run, answer);
    }
  else
    {
      /* Who takes the answer takes its nonce: twice, and two intakes could have it. */
      g_autoptr (MdDeliveryItem) item = take (run);

      _md_run_answered (run, item, answer);
    }
}

void
_md_run_go_on (Run *run)
{
  const gsize size = g_bytes_get_size (run->upload.item->payload);
  g_autoptr (GError) error = NULL;

  if (!md_delivery_source_keep (run->delivery->source, run->upload.item, &error))
    {
      _md_run_store_failed (run, error);
      give_back (run, FALSE, "");
    }
  else if (!run->upload.asked)
    ask (run);
  else if (run->upload.target.offset < size)
    send_chunk (run);
  else
    finish (run);
}
