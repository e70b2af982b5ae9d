// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <glib.h>
#include <openssl/ssl.h>
#include "settings.h"

G_BEGIN_DECLS

/* What happened on a connection that never came to the request handler. */
typedef enum
{
  GUARD_TLS_REFUSED, /* the handshake failed: no certificate, wrong CA, old version, not TLS at all
                      */
  GUARD_TOO_SLOW,    /* handshake or request did not arrive in time */
  GUARD_NOT_HTTP,    /* libevent's parser refused it */
  GUARD_TOO_LARGE,   /* a body beyond what any request may have */
  GUARD_CUT_OFF,     /* the connection ended within a request */
} GuardFinding;

/* @detail is one plain word or OpenSSL's reason; never what the peer sent. */
typedef void (*GuardReport) (GuardFinding finding, const char *detail, gpointer user_data);

/* Watches over all connections: how many there are, how long each may take for its handshake and
 * for one request. */
typedef struct _Guard Guard;

Guard *guard_new (struct event_base *base, const GatewaySettings *settings, GuardReport report,
                  gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/* After every connection is gone. */
void guard_free (Guard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guard, guard_free)

/* Takes a new connection under watch. It ends with its SSL object. */
void guard_watch (Guard *guard, struct bufferevent *bev);

/* The request on @bev has arrived whole; what is written from here to guard_answered() is its
 * answer. */
void guard_arrived (struct bufferevent *bev);
void guard_answered (struct bufferevent *bev);

guint guard_connections (const Guard *guard);

/* TRUE when no more connections should be accepted; @changed is called when that changes. */
void guard_on_full (Guard *guard, void (*changed) (gboolean full, gpointer user_data));

G_END_DECLS
