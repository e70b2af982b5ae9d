// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include <glib.h>

G_BEGIN_DECLS

/* What may be in a path at all, in every office: of CRYPTREC's list of recommended ciphers what
 * JPKI has or has announced. A policy may permit less, never more.
 *
 *   keys     "rsa-2048" (2048 to 3071 bits), "rsa-3072" (from there on), "ecdsa-p256", "ecdsa-p384"
 *   hashes   "sha256", "sha384", "sha512"; RSA signatures are those of PKCS #1 v1.5
 */

/** Whether the text is one of these ids. */
gboolean md_algorithms_knows_key (const char *id);
gboolean md_algorithms_knows_hash (const char *id);

G_END_DECLS
