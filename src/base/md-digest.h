// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

#define MD_SHA256_SIZE 32u

/** SHA-256 of @size bytes at @data (NULL where there are none). Not for personal data, of which the
 * last bytes would stay in freed memory: OpenSSL's SHA256() wipes what it used. For the digest as
 * hexadecimal text of a GBytes there is g_compute_checksum_for_bytes(). */
void md_sha256 (gconstpointer data, gsize size, guint8 out[static MD_SHA256_SIZE]);

G_END_DECLS
