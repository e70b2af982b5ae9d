// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

// The challenge that a card signs to prove its presence. Immutable and counted; holds nothing
// personal.
#define MD_TYPE_PRESENCE_CHALLENGE (md_presence_challenge_get_type ())
typedef struct _MdPresenceChallenge MdPresenceChallenge;

#define MD_PRESENCE_TAG "madoguchi presence v1"

// What the gateway's nonce is worth.
typedef enum
{
  MD_NONCE_FRESH,  // from this connection
  MD_NONCE_STALE,  // the last one before the line went
  MD_NONCE_ABSENT, // never had one
} MdNonceState;

GType md_presence_challenge_get_type (void);

typedef struct
{
  const char *intake;    // UUIDv7 text
  const char *terminal;  // "T001"
  const char *procedure; // "pension.exemption"
  const char *time;      // RFC 3339, UTC, milliseconds
  MdNonceState nonce_state;
  GBytes *nonce; // empty or NULL when absent
} MdPresenceParts;

// Copies PARTS. MD_IDENTITY_ERROR_CHALLENGE when one is missing, over 256 bytes, or does not fit
// the nonce's state. (transfer full)
MdPresenceChallenge *md_presence_challenge_new (const MdPresenceParts *parts,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdPresenceChallenge *md_presence_challenge_ref (MdPresenceChallenge *self);
void md_presence_challenge_unref (MdPresenceChallenge *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPresenceChallenge, md_presence_challenge_unref)

// The parts, valid as long as the challenge (transfer none).
const MdPresenceParts *md_presence_challenge_get_parts (const MdPresenceChallenge *self);

// What the card signs: SHA-256 over the tag with its zero byte, then u32be length and bytes of
// intake, terminal, procedure, time, nonce state, nonce. 32 bytes (transfer none).
const guint8 *md_presence_challenge_get_digest (const MdPresenceChallenge *self);

// That message itself, which is what an auditor's tools verify a signature over (transfer full).
GBytes *md_presence_challenge_dup_message (const MdPresenceChallenge *self);

// The same message under another hash, for cards whose keys sign longer digests. Returns its size.
#define MD_PRESENCE_DIGEST_MAX 64
gsize md_presence_challenge_compute (const MdPresenceChallenge *self, GChecksumType hash,
                                     guint8 out_digest[MD_PRESENCE_DIGEST_MAX]);

// The nonce of a question about revocation that is asked for this presence: SHA-256 over
// "madoguchi ocsp v1", a zero byte and the digest above. An answer with it in was made for this
// intake (transfer full).
GBytes *md_presence_challenge_dup_ocsp_nonce (const MdPresenceChallenge *self);

// "fresh", "stale", "absent".
const char *md_nonce_state_to_string (MdNonceState state);
gboolean md_nonce_state_from_string (const char *text, MdNonceState *out_state);

G_END_DECLS
