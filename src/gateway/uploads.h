// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"

G_BEGIN_DECLS

/* Containers that come in chunks (data/protocol/openapi.yaml). Each asks for everything that can be
 * known before the container is whole: who speaks, and whether the intake is in the store already;
 * what is there of it is the peer's own, and no other terminal hears of it. */

/* Where the upload stands. */
void uploads_tell (Office *office, const Peer *peer, const MdTarget *target, Answer *answer);

/* One chunk: stored before it is answered. */
void uploads_take (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
                   struct evhttp_request *request, Answer *answer);

/* The container is whole: it is judged and stored as one that came in one piece. */
void uploads_finish (Office *office, Counters *counters, const Peer *peer, const MdTarget *target,
                     Answer *answer);

/* Erases what nobody went on with for as long as the settings say. */
void uploads_sweep (Office *office);

G_END_DECLS
