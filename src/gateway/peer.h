// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-pki.h>

G_BEGIN_DECLS

/* Who speaks: what the client certificate says. Empty where it says nothing of the sort. */
typedef struct
{
  char office[32];
  char terminal[32];
  char key[65]; /* SHA-256 of its public key, lower-case hexadecimal */
  gint64 until; /* its last second */
} Peer;

/* Reads "urn:madoguchi:office:OFFICE:terminal:TERMINAL" out of @certificate, which must have
 * exactly one such URI and no other. FALSE leaves @out_peer empty. */
gboolean peer_from_certificate (const MdCertificate *certificate, Peer *out_peer);

/* The reverse: what stands in the certificate of @peer. Returns: (transfer full). */
char *peer_dup_uri (const Peer *peer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
