// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

/* VALUE as indented JSON on standard output: dictionaries are objects, arrays are arrays. Takes a
 * floating reference. */
void output_json (GVariant *value);

/* One column of a table: the key in each row, and its heading. */
typedef struct
{
  const char *key;
  const char *heading;
} Column;

/* ROWS (aa{sv}) as a table; wide characters count two. COLUMNS end with a NULL key. */
void output_table (GVariant *rows, const Column *columns);

/* DICT (a{sv}), one "heading: value" a line, in the order of COLUMNS. */
void output_fields (GVariant *dict, const Column *columns);

/* TEXT for the help desk, under a line with version and time, in the file PATH, which only its
 * owner may read. */
gboolean output_report (const char *path, const char *text, GError **error);

/* The value of KEY in DICT as text; "" when it is not there. */
char *output_text (GVariant *dict, const char *key);
