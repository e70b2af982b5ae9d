// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include <json-glib/json-glib.h>
#include "md-seal-types.h"

/* The JSON entries of a container, read strictly. A value is checked where it is read; the first
 * that does not fit makes the reader fail for good. That nothing is there twice, beyond what was
 * asked for, or written in another way, is shown by writing it again: md_seal_json_matches(). */
typedef struct
{
  JsonObject *object;
  const char *failed; /* name of the first member that does not fit */
  const char *newer;  /* name of the first that only a newer release can have written */
} MdSealJson;

/** What a text may be. */
typedef enum
{
  MD_SEAL_TEXT_WORD,  /* 1 to MD_SEAL_MAX_TEXT of A-Z a-z 0-9 . _ : / + - */
  MD_SEAL_TEXT_EMPTY, /* the same, or nothing */
  MD_SEAL_TEXT_UUID7,
  MD_SEAL_TEXT_SHA256,
  MD_SEAL_TEXT_TIME,
  MD_SEAL_TEXT_DAY,    /* YYYY-MM-DD */
  MD_SEAL_TEXT_BASE64, /* 4 to MD_SEAL_MAX_BASE64 of its alphabet */
} MdSealText;

gboolean md_seal_text_fits (const char *text, MdSealText kind);

/** Parses an object of at most MD_SEAL_MAX_JSON bytes and MD_LIMIT_JSON_DEPTH levels. (transfer
 * full) */
JsonNode *md_seal_json_parse (GBytes *bytes, GError **error);

void md_seal_json_open (MdSealJson *self, JsonObject *object);

/** A text of this kind. (transfer full) */
char *md_seal_json_text (MdSealJson *self, const char *name, MdSealText kind);
gint64 md_seal_json_int (MdSealJson *self, const char *name, gint64 min, gint64 max);

/** FALSE, and failure, unless @name is exactly @value. */
gboolean md_seal_json_is (MdSealJson *self, const char *name, const char *value);

/** An object inside; an empty one after a failure. */
MdSealJson md_seal_json_enter (MdSealJson *self, const char *name);

/** A list of 1 to @max objects, each handed to @read_one with @record. */
void md_seal_json_list (MdSealJson *self, const char *name, guint max,
                        void (*read_one) (gpointer record, MdSealJson *inside), gpointer record);

/** Notes the first member of @object (nullable) that is not in @known as a newer release's. */
void md_seal_json_know (MdSealJson *self, JsonObject *object, const char *const *known);

/** Sets MALFORMED naming the member; TRUE when nothing failed. */
gboolean md_seal_json_finish (const MdSealJson *self, GError **error);

/** Writes an object without blanks, members in their order; takes @builder's root. (transfer full)
 */
GBytes *md_seal_json_write (JsonBuilder *builder);

/** A member of an object being built; a NULL text is written as "". */
void md_seal_json_add (JsonBuilder *builder, const char *name, const char *text);
void md_seal_json_add_int (JsonBuilder *builder, const char *name, gint64 value);

/** MALFORMED unless @again, written by us from what was read, is what was given. */
gboolean md_seal_json_matches (GBytes *given, GBytes *again, GError **error);
