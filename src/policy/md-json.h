// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include <glib.h>

typedef struct _JsonObject JsonObject;
typedef struct _JsonArray JsonArray;
typedef struct _JsonNode JsonNode;

G_BEGIN_DECLS

/* Strict reading of definition files (policy, forms): every failure names file, line, path in the
 * file and remedy ("fields.json:12: fields.p.name.type: ..."). The first failure sticks; after it
 * every call returns an empty value, so that a reader may look at the outcome once, at the end. One
 * thread at a time. */
typedef struct _MdJson MdJson;

/* source: the file as people know it. domain, code: of the errors. Caller owns. */
MdJson *md_json_new (const char *source, GQuark domain, int code) G_GNUC_WARN_UNUSED_RESULT;
void md_json_free (MdJson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdJson, md_json_free)

/* Parses the text (at most limit bytes, nested at most MD_LIMIT_JSON_DEPTH deep) and returns its
 * root object, borrowed. */
JsonObject *md_json_parse (MdJson *self, GBytes *text, gsize limit);

/* Moves the path: md_json_enter (j, "staff[%u]", i) ... md_json_leave (j). */
void md_json_enter (MdJson *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void md_json_leave (MdJson *self);

/* Notes a failure at path.member (member NULL: at the path itself). The message says what is wrong
 * and what to do. */
void md_json_fail (MdJson *self, const char *member, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same from an error of somebody else's; takes it. */
void md_json_fail_take (MdJson *self, const char *member, GError *error);
gboolean md_json_failed (const MdJson *self);
/* TRUE when nothing failed. */
gboolean md_json_finish (MdJson *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fails when object has a member that is not in the NULL-terminated list. */
void md_json_only (MdJson *self, JsonObject *object, const char *const *members);

/* Required members; NULL / FALSE / 0 after a failure. Borrowed. */
JsonObject *md_json_object (MdJson *self, JsonObject *object, const char *member);
JsonArray *md_json_array (MdJson *self, JsonObject *object, const char *member);
const char *md_json_string (MdJson *self, JsonObject *object, const char *member);
gint64 md_json_int (MdJson *self, JsonObject *object, const char *member, gint64 min, gint64 max);
gboolean md_json_boolean (MdJson *self, JsonObject *object, const char *member);
/* RFC 3339 -> microseconds. */
gint64 md_json_time (MdJson *self, JsonObject *object, const char *member);
/* Array of non-empty strings; a new NULL-terminated vector, caller owns; at least min. */
char **md_json_strings (MdJson *self, JsonObject *object, const char *member, guint min);

/* Optional members. */
gboolean md_json_has (MdJson *self, JsonObject *object, const char *member);
const char *md_json_string_or (MdJson *self, JsonObject *object, const char *member,
                               const char *fallback);
gboolean md_json_boolean_or (MdJson *self, JsonObject *object, const char *member,
                             gboolean fallback);
gint64 md_json_int_or (MdJson *self, JsonObject *object, const char *member, gint64 fallback);

/* Element i as an object; fails otherwise. */
JsonObject *md_json_element_object (MdJson *self, JsonArray *array, guint i);

G_END_DECLS
