// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** Lower-case hexadecimal. Transfer full. */
char *md_hex_encode (const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** As md_hex_encode(), of @bytes. Transfer full. */
char *md_hex_encode_bytes (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

/** Bytes of an even number of hexadecimal digits of either case and nothing else; else NULL with
 * MD_BASE_ERROR_INVALID. Transfer full. */
GBytes *md_hex_decode (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** RFC 4648 base64 with padding, in one line. Transfer full. */
char *md_base64_encode (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

/** Bytes of strict RFC 4648 base64 (padding present, no blanks, unused bits zero), at most @max
 * bytes; else NULL with MD_BASE_ERROR_INVALID or _TOO_LARGE. Transfer full. */
GBytes *md_base64_decode (const char *text, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
