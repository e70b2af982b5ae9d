// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Parses @text as strict JSON (RFC 8259, UTF-8, an object on top) and gives the top object: no
 * comments, no single quotes, no repeated name in one object, not deeper than 16. json-glib alone
 * is more generous and recurses without a bound, so everything a peer sends comes through here.
 * Errors: MD_PROTOCOL_ERROR. Any thread. Returns: (transfer full). */
JsonObject *md_wire_json_parse (GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The string member @name of @object if it is there, is a string and no longer than @max bytes;
 * else sets MD_PROTOCOL_ERROR_MALFORMED naming the member. Returns: (transfer none). */
const char *md_wire_json_string (JsonObject *object, const char *name, gsize max, GError **error);

G_END_DECLS
