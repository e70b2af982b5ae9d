// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/event.h>
#include <event2/http.h>
#include "admission.h"
#include "guard.h"

G_BEGIN_DECLS

/* Terminals that wait for something to come for them. A question that is held costs a request of
 * libevent and a few words here, no thread and no timer of its own. While any is held the store is
 * looked at a few times a second, by one question for all of them: the desk writes into it from
 * another process, and so may other gateways, and on a file nobody could tell this one of it. */
typedef struct _Inbox Inbox;

/* @request has its answer: @body, which is NULL when nothing came, or @problem (transfer full). */
typedef void (*InboxAnswered) (struct evhttp_request *request, const Peer *peer, GBytes *body,
                               MdProblem *problem, gpointer user_data);

/* @office and @guard are borrowed. */
Inbox *inbox_new (struct event_base *base, Office *office, const Guard *guard,
                  InboxAnswered answered, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void inbox_free (Inbox *inbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Inbox, inbox_free)

/* @request of the admitted @peer. *@out_body (transfer full): what there is already. Both NULL: it
 * is held, and will be answered. Returns: (transfer full) (nullable) the problem. */
MdProblem *inbox_ask (Inbox *inbox, struct evhttp_request *request, const Peer *peer,
                      const MdTarget *target, GBytes **out_body) G_GNUC_WARN_UNUSED_RESULT;

/* Answers all that are held: the gateway ends. */
void inbox_drain (Inbox *inbox);

guint inbox_held (const Inbox *inbox);

G_END_DECLS
