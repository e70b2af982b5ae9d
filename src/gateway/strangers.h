// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The connections that have not shown yet who they are, by the addresses they come from. Of one
 * address there are so many and no more: for whoever comes then, the one that has waited longest
 * has to go. An honest handshake takes a moment, so that those that only stand there keep nobody
 * out, not even others behind the same address. */
typedef struct _Strangers Strangers;

/* @most of one address; at least 1. */
Strangers *strangers_new (guint most) G_GNUC_WARN_UNUSED_RESULT;
void strangers_free (Strangers *strangers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Strangers, strangers_free)

/* Where the other end of the socket @fd is: the address, of IPv6 the network of 64 bits, which is
 * what one machine has; "" where that cannot be told. Returns: (transfer full). */
char *strangers_place (int fd) G_GNUC_WARN_UNUSED_RESULT;

/* @who has come from @place. Returns: (nullable): who has to go, and is no longer counted. */
gpointer strangers_enter (Strangers *strangers, const char *place,
                          gpointer who) G_GNUC_WARN_UNUSED_RESULT;

/* @who is known now, or gone; nothing happens if it is not counted. */
void strangers_leave (Strangers *strangers, const char *place, gpointer who);

G_END_DECLS
