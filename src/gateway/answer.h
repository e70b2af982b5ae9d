// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/http.h>
#include "admission.h"
#include "guard.h"
#include "relay.h"

G_BEGIN_DECLS

/* Counters for /metrics; since the start. */
typedef struct
{
  guint64 stored;
  guint64 repeated;
  guint64 refused[MD_PROBLEM_LAST + 1];
  guint64 tls_refused;
  guint64 too_slow;
  guint64 not_http;
  guint64 cut_off;
  guint64 relayed;
  guint64 notices;
  guint64 letters;
  guint64 chunks;
  guint64 chunk_bytes;       /* of these */
  guint64 chunk_bytes_again; /* of chunks that were there before, or began elsewhere */
} Counters;

/* What is to be answered to one request. */
typedef struct
{
  guint status;             /* 0: not yet, it is asked for (relay.h) */
  const char *content_type; /* NULL: no body */
  GBytes *body;             /* nullable */
  const char *etag;         /* nullable, borrowed from the office */
  MdProblemCode code;       /* MD_PROBLEM_UNKNOWN when all is well */
  char *refused_digest;     /* SHA-256, hex, of a body that was read and not taken; else NULL */
  gboolean close;           /* the connection cannot be relied upon after this */
} Answer;

/* Makes @answer that of @problem (transfer full), or one with this body (transfer full). */
void answer_problem (Answer *answer, MdProblem *problem);
void answer_text (Answer *answer, guint status, const char *type, GBytes *body);

/* Puts what was admitted into the store; the answer is its receipt, or what the store says. */
void answer_store (Office *office, Counters *counters, const MdLedgerEntry *entry, GBytes *body,
                   Answer *answer);

/* Checks one item of an admitted @peer, whole, and stores it: all that a PUT is, however it came.
 */
void answer_item (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
                  GBytes *body, Answer *answer);

/* How many seconds whoever gets a problem with @code should wait; 0: nothing is said of it. */
guint answer_retry_after (MdProblemCode code);

void answer_clear (Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* Judges a request by its head alone, before its body is read: FALSE when it is not wanted; then
 * @out_answer says why, and it is counted and recorded. TRUE: what its body takes is in @budget, in
 * the name of guard_who(). */
gboolean answer_head (Office *office, Counters *counters, Budget *budget,
                      const GuardRequest *request, Answer *out_answer) G_GNUC_WARN_UNUSED_RESULT;

/* Handles one whole request of @peer: routes, checks, stores; counts, and writes refusals into the
 * audit chain. */
void answer_request (Office *office, Counters *counters, const Peer *peer,
                     struct evhttp_request *request, Answer *out_answer);

/* The answer to a question for the inbox that was held: @body (nullable), or @problem (transfer
 * full). */
void answer_held (Office *office, Counters *counters, const Peer *peer, GBytes *body,
                  MdProblem *problem, Answer *out_answer);

/* The answer to what was asked for. */
void answer_relayed (Office *office, Counters *counters, const RelayResult *result,
                     Answer *out_answer);

G_END_DECLS
