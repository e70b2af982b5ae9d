// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "uploads.h"

#include "asked.h"
#include "space.h"

#include <md-base.h>
#include <string.h>

static gint64
now_us (void)
{
  return md_clock_get_wall_us (md_clock_get_system ());
}

static MdLedgerUpload
describe (const Office *office, const Peer *peer, const MdTarget *target)
{
  return (MdLedgerUpload){ .office = peer->office,
                           .terminal = peer->terminal,
                           .intake = target->intake,
                           .digest = target->name,
                           .least = MD_WIRE_MIN_CHUNK,
                           .most = office->settings->uploads,
                           .most_bytes = (guint64)office->settings->upload_space << 20,
                           .now = now_us () };
}

static MdProblem *
store_failed (const GError *error)
{
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

/* Who speaks, and what the store has of that intake: *@out_known is it where it is this very
 * container. Whatever cannot be taken in the end is refused before its bytes are sent. */
static MdProblem *
look (const Office *office, const Peer *peer, const MdTarget *target, MdLedgerEntry **out_known)
{
  MdProblem *problem = admit_peer (office, peer);
  g_autoptr (MdLedgerEntry) known = NULL;
  g_autoptr (GError) error = NULL;

  *out_known = NULL;
  if (problem != NULL)
    return problem;
  known = md_ledger_look_up (office->ledger, target->intake, target->n, &error);
  if (known == NULL)
    return g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING) ? NULL
                                                                             : store_failed (error);
  if (strcmp (known->office, peer->office) != 0 || strcmp (known->terminal, peer->terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  if (strcmp (known->digest, target->name) != 0)
    return md_problem_new (MD_PROBLEM_ID_CONFLICT, NULL);
  *out_known = g_steal_pointer (&known);
  return NULL;
}

static void
tell (Answer *answer, MdProblem *problem, const MdUploadMessage *message)
{
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_text (answer, 200, MD_WIRE_TYPE_UPLOAD, md_upload_message_encode (message));
}

void
uploads_tell (Office *office, const Peer *peer, const MdTarget *target, Answer *answer)
{
  const MdLedgerUpload upload = describe (office, peer, target);
  MdUploadMessage message = { 0 };
  g_autoptr (MdLedgerEntry) known = NULL;
  g_autoptr (GError) error = NULL;
  MdProblem *problem = look (office, peer, target, &known);

  message.stored = known != NULL;
  if (problem == NULL && known == NULL
      && !md_ledger_look_up_upload (office->ledger, &upload, &message.size, &message.offset,
                                    &error))
    problem = store_failed (error);
  tell (answer, problem, &message);
}

/* --- A chunk --- */

static MdProblem *
check_chunk (struct evhttp_request *request, GBytes *body, guint64 *out_size)
{
  guint count = 0;
  const char *length = asked_find_header (request, MD_WIRE_HEADER_UPLOAD_LENGTH, &count);
  MdProblem *problem = asked_check_type (request, MD_WIRE_TYPE_CHUNK);

  if (problem != NULL)
    return problem;
  *out_size = count == 1 ? md_upload_length_parse (length) : 0;
  if (*out_size == 0)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                           "There must be one Upload-Length: of the whole, and not too large.");
  return asked_check_digest (request, body);
}

static MdProblem *
problem_from_chunk (MdLedgerChunk chunk, const GError *error)
{
  static const MdProblemCode codes[] = {
    [MD_LEDGER_CHUNK_FAILED] = MD_PROBLEM_STORE_FAILED,
    [MD_LEDGER_CHUNK_ADDED] = MD_PROBLEM_UNKNOWN,
    [MD_LEDGER_CHUNK_AGAIN] = MD_PROBLEM_UNKNOWN,
    [MD_LEDGER_CHUNK_ELSEWHERE] = MD_PROBLEM_UPLOAD_OFFSET,
    [MD_LEDGER_CHUNK_MISFIT] = MD_PROBLEM_UPLOAD_SIZE,
    [MD_LEDGER_CHUNK_FULL] = MD_PROBLEM_UPLOADS_FULL,
  };

  if (chunk == MD_LEDGER_CHUNK_FAILED)
    return store_failed (error);
  return codes[chunk] == MD_PROBLEM_UNKNOWN ? NULL : md_problem_new (codes[chunk], NULL);
}

static void
count_chunk (Counters *counters, MdLedgerChunk chunk, gsize size)
{
  counters->chunks += chunk == MD_LEDGER_CHUNK_ADDED;
  if (chunk == MD_LEDGER_CHUNK_ADDED)
    counters->chunk_bytes += size;
  else if (chunk == MD_LEDGER_CHUNK_AGAIN || chunk == MD_LEDGER_CHUNK_ELSEWHERE)
    counters->chunk_bytes_again += size;
}

void
uploads_take (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
              struct evhttp_request *request, Answer *answer)
{
  g_autoptr (GBytes) body = asked_take_body (request);
  MdLedgerUpload upload = describe (office, peer, target);
  MdUploadMessage message = { 0 };
  MdLedgerChunk chunk = MD_LEDGER_CHUNK_FAILED;
  g_autoptr (MdLedgerEntry) known = NULL;
  g_autoptr (GError) error = NULL;
  MdProblem *problem = look (office, peer, target, &known);

  if (problem == NULL)
    problem = check_chunk (request, body, &upload.size);
  if (problem == NULL && known == NULL)
    problem = space_find_problem (office);
  message.size = upload.size;
  message.stored = known != NULL;
  if (problem == NULL && known != NULL)
    {
      message.offset = upload.size;
      count_chunk (counters, MD_LEDGER_CHUNK_AGAIN, g_bytes_get_size (body));
    }
  else if (problem == NULL)
    {
      chunk = md_ledger_add_chunk (office->ledger, &upload, target->offset, body, &message.offset,
                                   &error);
      problem = problem_from_chunk (chunk, error);
      count_chunk (counters, chunk, g_bytes_get_size (body));
    }
  tell (answer, problem, &message);
}

/* --- The whole --- */

static MdProblem *
join (const Office *office, const MdLedgerUpload *upload, GBytes **out_body)
{
  static const MdProblemCode codes[] = {
    [MD_LEDGER_WHOLE_FAILED] = MD_PROBLEM_STORE_FAILED,
    [MD_LEDGER_WHOLE_GOOD] = MD_PROBLEM_UNKNOWN,
    [MD_LEDGER_WHOLE_NOT_YET] = MD_PROBLEM_UPLOAD_OFFSET,
    [MD_LEDGER_WHOLE_DAMAGED] = MD_PROBLEM_UPLOAD_DAMAGED,
    [MD_LEDGER_WHOLE_TOO_OFTEN] = MD_PROBLEM_TOO_MUCH,
  };
  g_autoptr (GError) error = NULL;
  const MdLedgerWhole whole = md_ledger_join_chunks (office->ledger, upload, out_body, &error);

  if (whole == MD_LEDGER_WHOLE_FAILED)
    return store_failed (error);
  return whole == MD_LEDGER_WHOLE_GOOD ? NULL : md_problem_new (codes[whole], NULL);
}

/* What will never be taken as it is takes no room, either. */
static void
settle (const Office *office, const MdLedgerUpload *upload, const Answer *answer)
{
  g_autoptr (GError) error = NULL;

  if (answer->code != MD_PROBLEM_UNKNOWN && md_problem_code_blame (answer->code) == MD_BLAME_ITEM
      && !md_ledger_drop_upload (office->ledger, upload, &error))
    g_message ("an upload that was refused could not be erased: %s", error->message);
}

void
uploads_finish (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
                Answer *answer)
{
  const MdLedgerUpload upload = describe (office, peer, target);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (MdLedgerEntry) entry = NULL;
  MdProblem *problem = look (office, peer, target, &entry);

  if (problem == NULL && entry != NULL)
    body = g_bytes_new_static ("", 0); /* its receipt alone is wanted */
  else if (problem == NULL && (problem = space_find_problem (office)) == NULL
           && (problem = join (office, &upload, &body)) == NULL)
    problem = admit_intake (office, peer, target, body, &entry);
  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_store (office, counters, entry, body, answer);
  if (answer->code != MD_PROBLEM_UNKNOWN && body != NULL)
    answer->refused_digest = g_strdup (upload.digest);
  settle (office, &upload, answer);
}

void
uploads_sweep (Office *office)
{
  const gint64 age = office->settings->upload_days * G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;
  guint erased = 0;

  if (!md_ledger_sweep_uploads (office->ledger, now_us () - age, &erased, &error))
    g_message ("unfinished uploads could not be erased: %s", error->message);
  else if (erased > 0)
    g_message ("unfinished uploads erased: %u", erased);
}
