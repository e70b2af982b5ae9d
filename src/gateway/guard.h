// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include "admission.h"
#include "budget.h"
#include "head.h"

G_BEGIN_DECLS

/* What happened on a connection that never came to the request handler. */
typedef enum
{
  GUARD_TLS_REFUSED, /* the handshake failed: no certificate, wrong CA, old version, not TLS at all
                      */
  GUARD_TOO_SLOW,    /* handshake or request did not arrive in time */
  GUARD_NOT_HTTP,    /* its head is none, or too large */
  GUARD_CUT_OFF,     /* the connection ended within a request */
} GuardFinding;

/* @detail is one plain word or OpenSSL's reason; never what the peer sent. */
typedef void (*GuardReport) (GuardFinding finding, const char *detail, gpointer user_data);

/* A request whose head has come, and nothing else of it was read. */
typedef struct
{
  const Peer *peer;
  const Head *head;
  gboolean crowded; /* this peer has more connections than it may */
} GuardRequest;

typedef struct
{
  GuardReport report;
  /* Who speaks: fills @out_peer from what the handshake has shown. */
  void (*meet) (const SSL *ssl, Peer *out_peer);
  /* Whether the rest of the request is wanted: NULL, and then its body's length has been taken from
   * the budget in the name of guard_who(); or (transfer full) the whole answer, with which the
   * connection ends. */
  GBytes *(*look) (const GuardRequest *request, gpointer user_data);
  gpointer user_data;
} GuardCalls;

/* Watches over all connections: how many there are, how long each may take for its handshake and
 * for one request, and what of a request comes as far as libevent. */
typedef struct _Guard Guard;

/* @budget is borrowed, and must outlive it. */
Guard *guard_new (struct event_base *base, const GatewaySettings *settings, Budget *budget,
                  const GuardCalls *calls) G_GNUC_WARN_UNUSED_RESULT;

/* The name under which @peer is in the budget. Returns: (transfer full). */
char *guard_who (const Peer *peer) G_GNUC_WARN_UNUSED_RESULT;

/* After every connection is gone. */
void guard_free (Guard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guard, guard_free)

/* Takes a new connection under watch. It ends with its SSL object. */
void guard_watch (Guard *guard, struct bufferevent *bev);

/* The request on @bev has arrived whole; what is written from here to guard_answered() is its
 * answer, and what comes in meanwhile is no request. FALSE: it is to be refused, since the
 * connection was given up already. */
gboolean guard_arrived (struct bufferevent *bev) G_GNUC_WARN_UNUSED_RESULT;

/* The answer has been written. */
void guard_answered (struct bufferevent *bev);

/* Who speaks on @bev; never NULL. */
const Peer *guard_peer (struct bufferevent *bev);

guint guard_connections (const Guard *guard);

/* The end is near: connections on which nothing is under way are closed. */
void guard_drain (Guard *guard);

/* TRUE when no more connections should be accepted; @changed is called when that changes. */
void guard_on_full (Guard *guard, void (*changed) (gboolean full, gpointer user_data));

G_END_DECLS
