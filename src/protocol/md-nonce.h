// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* A nonce of the gateway, as both ends read it. 64 bytes:
 *
 *   u8 1 | u32be number of the gateway's key | u64be milliseconds since 1970 | 8 bytes: begin of
 *   SHA-256 ("madoguchi nonce terminal v1\0", office, 0, terminal) | 11 random bytes | 32 bytes:
 *   HMAC-SHA-256 with that key over "madoguchi nonce v1\0" and the 32 bytes before
 *
 * Only the gateway can make or verify one; the time in it, everybody can read. A terminal uses a
 * nonce as "fresh" for one intake only, begun at most MD_NONCE_LIFETIME_S after it was made; after
 * that, or without a line, it marks it "stale". The gateway refuses a "fresh" that is not. */
#define MD_NONCE_VERSION 1u
#define MD_NONCE_BODY_SIZE 32u
#define MD_NONCE_MAC_SIZE 32u
#define MD_NONCE_TERMINAL_SIZE 8u
#define MD_NONCE_RANDOM_SIZE 11u
#define MD_NONCE_LIFETIME_S 600

/* How far the clocks of terminal and gateway may lie apart. A terminal marks its nonce stale at
 * half of it, so that the gateway never refuses what an honest terminal called fresh. */
#define MD_NONCE_CLOCK_S 120

/* When @nonce was made, microseconds since 1970. FALSE: not of this form. Says nothing about who
 * made it. Any thread. */
gboolean md_nonce_get_time (GBytes *nonce, gint64 *out_time) G_GNUC_WARN_UNUSED_RESULT;

/* Whether what was begun at @begun (microseconds) may call a nonce made at @made fresh, with
 * @clock_s seconds between the two clocks. Any thread. */
gboolean md_nonce_may_be_fresh (gint64 made, gint64 begun, guint clock_s) G_GNUC_WARN_UNUSED_RESULT;

/* What the gateway says of an intake's nonce, in the receipt it signs. */
typedef enum
{
  MD_NONCE_VERDICT_FRESH,    /* ours, this terminal's, of that time, and used for no other intake */
  MD_NONCE_VERDICT_STALE,    /* marked stale; ours and this terminal's: nothing older than it */
  MD_NONCE_VERDICT_UNPROVEN, /* marked stale; not known to be ours: worth as much as none */
  MD_NONCE_VERDICT_ABSENT,   /* marked absent */
} MdNonceVerdict;

/* "fresh", "stale", "unproven", "absent". */
const char *md_nonce_verdict_name (MdNonceVerdict verdict);
gboolean md_nonce_verdict_parse (const char *name, MdNonceVerdict *out_verdict);

G_END_DECLS
