// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Only <md-pki.h> can be included directly."
#endif

#include <md-base.h>

G_BEGIN_DECLS

#define MD_KEYED_DIGEST_SIZE 32u

/* HMAC-SHA-256 under KEY over PARTS (ended by NULL), each with its length before it: what stands
 * for a personal value where the value itself must not lie. The same parts give the same digest to
 * whoever has the key, and tell nothing to anybody else. Nothing of the parts stays in memory. The
 * first part says what it is for, so that no digest can stand for another thing. */
void md_keyed_digest (const MdSecret *key, const char *const *parts,
                      guint8 out[static MD_KEYED_DIGEST_SIZE]);

G_END_DECLS
