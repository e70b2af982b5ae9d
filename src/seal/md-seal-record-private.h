// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-seal-json-private.h"

/* Our plain records: their texts, by a table, and the JSON entry that one of them is. */

/* One text of a record: where it stands there (an owned char *), its member in JSON, and what it
 * may be. */
typedef struct
{
  gsize offset;
  const char *name;
  MdSealText kind;
} MdSealTextRow;

/* Texts that lie in one JSON object, in the order in which they are judged and read. */
typedef struct
{
  const MdSealTextRow *rows;
  gsize n_rows;
} MdSealTexts;

#define MD_SEAL_TEXTS(rows)                                                                        \
  {                                                                                                \
    (rows), G_N_ELEMENTS (rows)                                                                    \
  }

/** Where the text of this row stands in @record. */
char **md_seal_text_at (const MdSealTextRow *row, gconstpointer record);

/** Copies all of them, in place of what @to has. */
void md_seal_texts_copy (const MdSealTexts *texts, gconstpointer from, gpointer to);
void md_seal_texts_clear (const MdSealTexts *texts, gpointer record);

/** The name of the first that is missing or impossible; NULL: none. */
const char *md_seal_texts_find_wrong (const MdSealTexts *texts, gconstpointer record);

/** Adds all of them to the object being built. */
void md_seal_texts_write (const MdSealTexts *texts, gconstpointer record, JsonBuilder *builder);

/** Reads all of them, in place of what @record has. */
void md_seal_texts_read (const MdSealTexts *texts, gpointer record, MdSealJson *json);

/* A record that is an entry of its own.
 * @check: whether it may be written at all; sets MALFORMED
 * @write, @read: its members beside the schema, in the order of the file and in that of judging */
typedef struct
{
  const char *schema;
  gboolean (*check) (gconstpointer record, GError **error);
  void (*write) (gconstpointer record, JsonBuilder *builder);
  void (*read) (gpointer record, MdSealJson *json);
  const char *const *known; /* all members; where this is set, another one, or a later number of the
                               schema, is told as NEWER */
} MdSealEntry;

/** The entry, deterministic: without blanks, members in their order. (transfer full) */
GBytes *md_seal_entry_encode (const MdSealEntry *entry, gconstpointer record, GError **error);

/** Reads @bytes into an empty @record, strictly: FALSE also unless @record, written again, is what
 * was given. After FALSE @record can only be freed. MALFORMED, LIMIT, and NEWER, which anybody can
 * bring about who changes the bytes. */
gboolean md_seal_entry_parse (const MdSealEntry *entry, GBytes *bytes, gpointer record,
                              GError **error);

/** TRUE when no member is @wrong (NULL); else MALFORMED, naming it. @of: "receipt" and so on. */
gboolean md_seal_nothing_wrong (const char *wrong, const char *of, GError **error);
