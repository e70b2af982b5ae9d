// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/event.h>
#include <event2/http.h>
#include "admission.h"

G_BEGIN_DECLS

/* Questions of terminals about revocation, brought to whom the settings name. Everything is driven
 * by events: whoever is asked may be slow, silent or hostile, and the others are served meanwhile.
 * Nothing of question and answer is kept or logged: a certificate's number stands for a person. */
typedef struct _Relay Relay;

/* What came of a question: @body, or @problem (transfer full, either). */
typedef struct
{
  const Peer *peer;
  const MdTarget *target;
  GBytes *body;
  MdProblem *problem;
} RelayResult;

/* @request has its answer. */
typedef void (*RelayAnswered) (struct evhttp_request *request, const RelayResult *result,
                               gpointer user_data);

Relay *relay_new (struct event_base *base, const GatewaySettings *settings, RelayAnswered answered,
                  gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/* Whatever is under way gets no answer any more. */
void relay_free (Relay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Relay, relay_free)

/* Asks for @request, of a terminal that is served: @body is the question (OCSP), or NULL. NULL: it
 * is under way, and will be answered in some way. */
MdProblem *relay_ask (Relay *relay, struct evhttp_request *request, const Peer *peer,
                      const MdTarget *target, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
