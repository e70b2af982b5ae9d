// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "held.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <md-identity.h>
#include <string.h>

typedef struct
{
  char *cells[N_HELD]; /* in the text */
} Row;

struct _Held
{
  char *text;
  gsize size;
  GArray *rows;             /* Row */
  GHashTable *by_addressee; /* cell -> row + 1 */
  GHashTable *by_insured;   /* the same; several rows: SEVERAL */
  GHashTable *by_branch;
  MdMatchIndex *by_person;
};

#define SEVERAL G_MAXUINT

static const struct
{
  const char *name;
  gboolean required; /* in each line */
} columns[] = {
  [HELD_ADDRESSEE] = { "addressee", TRUE },
  [HELD_INSURED] = { "insured", FALSE },
  [HELD_NAME] = { "name", TRUE },
  [HELD_KANA] = { "kana", FALSE },
  [HELD_BIRTH] = { "birth", TRUE },
  [HELD_SEX] = { "sex", FALSE },
  [HELD_ADDRESS] = { "address", FALSE },
  [HELD_BRANCH] = { "branch", FALSE },
  [HELD_HOUSEHOLD] = { "household", FALSE },
  [HELD_RELATIONSHIP] = { "relationship", FALSE },
  [HELD_RENOVATION] = { "renovation_balance", FALSE },
};

/* Where the reading stands. */
typedef struct
{
  const char *path;
  guint line;
  HeldColumn order[N_HELD]; /* as line 1 names them */
  guint n_columns;
} Reading;

void
held_free (Held *self)
{
  if (self == NULL)
    return;
  if (self->text != NULL)
    md_wipe (self->text, self->size);
  g_free (self->text);
  g_array_unref (self->rows);
  g_hash_table_unref (self->by_addressee);
  g_hash_table_unref (self->by_insured);
  g_hash_table_unref (self->by_branch);
  md_match_index_free (self->by_person);
  g_free (self);
}

guint
held_get_size (const Held *self)
{
  return self->rows->len;
}

const char *
held_get (const Held *self, guint row, HeldColumn column)
{
  return g_array_index (self->rows, Row, row).cells[column];
}

/* --- Reading --- */

static gboolean
wrong (const Reading *at, const char *what, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("%s: line %u: %s Have the file made again, or correct this line; nothing is "
                  "compared with a part of the held data."),
               at->path, at->line, what);
  return FALSE;
}

/* The text up to the next @end, which becomes its end; *@place goes behind it, or to NULL. */
static char *
cut (char **place, char end)
{
  char *start = *place;
  char *at = strchr (start, end);

  if (at != NULL)
    *at++ = '\0';
  *place = at;
  return start;
}

static gboolean
has_column (const Reading *at, HeldColumn column)
{
  for (guint i = 0; i < at->n_columns; i++)
    if (at->order[i] == column)
      return TRUE;
  return FALSE;
}

static gboolean
read_head (Reading *at, char *line, GError **error)
{
  while (line != NULL)
    {
      const char *name = cut (&line, '\t');
      guint column = 0;

      while (column < N_HELD && strcmp (columns[column].name, name) != 0)
        column++;
      if (column == N_HELD || has_column (at, (HeldColumn)column))
        return wrong (at,
                      _ ("It has to name the columns addressee, insured, name, kana, birth, sex, "
                         "address, branch, household, relationship and renovation_balance, as far "
                         "as they are held, each once, with tabs between them."),
                      error);
      at->order[at->n_columns++] = (HeldColumn)column;
    }
  for (guint column = 0; column < N_HELD; column++)
    if (columns[column].required && !has_column (at, (HeldColumn)column))
      return wrong (at, _ ("It has to name at least the columns addressee, name and birth."),
                    error);
  return TRUE;
}

static gboolean
cell_problem (const Reading *at, HeldColumn column, GError **error)
{
  g_autofree char *what = g_strdup_printf (_ ("The column %s is empty, or not what it has to be."),
                                           columns[column].name);

  return wrong (at, what, error);
}

static gboolean
is_digits (const char *text, gsize most)
{
  return strspn (text, "0123456789") == strlen (text) && strlen (text) <= most;
}

static gboolean
check_row (const Reading *at, const Row *row, GError **error)
{
  const char *sex = row->cells[HELD_SEX];
  MdDate day;

  for (guint column = 0; column < N_HELD; column++)
    if (columns[column].required && *row->cells[column] == '\0')
      return cell_problem (at, (HeldColumn)column, error);
  if (!is_digits (row->cells[HELD_ADDRESSEE], 15))
    return cell_problem (at, HELD_ADDRESSEE, error);
  if (!is_digits (row->cells[HELD_HOUSEHOLD], 15))
    return cell_problem (at, HELD_HOUSEHOLD, error);
  if (!is_digits (row->cells[HELD_RENOVATION], 12))
    return cell_problem (at, HELD_RENOVATION, error);
  if (!md_date_parse (row->cells[HELD_BIRTH], &day, NULL))
    return cell_problem (at, HELD_BIRTH, error);
  if (*sex != '\0' && strcmp (sex, "male") != 0 && strcmp (sex, "female") != 0
      && strcmp (sex, "1") != 0 && strcmp (sex, "2") != 0 && strcmp (sex, "9") != 0)
    return cell_problem (at, HELD_SEX, error);
  return TRUE;
}

/* TRUE when it can be found again by name and birth, and its addressee is nobody else's. */
static gboolean
file_row (Held *self, const Reading *at, const Row *row, GError **error)
{
  const MdMatchSide name = { .source = MD_MATCH_FROM_HELD, .text = row->cells[HELD_NAME] };
  const MdMatchSide birth = { .source = MD_MATCH_FROM_HELD, .text = row->cells[HELD_BIRTH] };
  char *insured = row->cells[HELD_INSURED], *branch = row->cells[HELD_BRANCH];
  const guint number = self->rows->len;

  if (!g_hash_table_insert (self->by_addressee, row->cells[HELD_ADDRESSEE],
                            GUINT_TO_POINTER (number + 1)))
    return wrong (at, _ ("Its addressee number stands in an earlier line, too."), error);
  if (*branch != '\0'
      && !g_hash_table_insert (self->by_branch, branch, GUINT_TO_POINTER (number + 1)))
    return wrong (at, _ ("Its branch number stands in an earlier line, too."), error);
  if (!md_match_index_add (self->by_person, number, &name, &birth))
    return cell_problem (at, HELD_NAME, error);
  if (*insured != '\0')
    g_hash_table_insert (self->by_insured, insured,
                         GUINT_TO_POINTER (g_hash_table_contains (self->by_insured, insured)
                                               ? SEVERAL
                                               : number + 1));
  g_array_append_val (self->rows, *row);
  return TRUE;
}

void
held_squeeze (char *number)
{
  char *to = number;

  for (const char *from = number; *from != '\0'; from++)
    if (*from != '-' && *from != ' ')
      *to++ = *from;
  *to = '\0';
}

static gboolean
read_row (Held *self, const Reading *at, char *line, GError **error)
{
  static char nothing[] = "";
  Row row = { 0 };
  guint n = 0;

  for (guint column = 0; column < N_HELD; column++)
    row.cells[column] = nothing;
  for (; line != NULL; n++)
    {
      char *cell = cut (&line, '\t');

      if (n < at->n_columns && (at->order[n] == HELD_INSURED || at->order[n] == HELD_BRANCH))
        held_squeeze (cell);
      if (n < at->n_columns)
        row.cells[at->order[n]] = cell;
    }
  if (n != at->n_columns)
    return wrong (at, _ ("It has not as many columns as line 1."), error);
  return check_row (at, &row, error) && file_row (self, at, &row, error);
}

static gboolean
read_lines (Held *self, const char *path, GError **error)
{
  Reading at = { .path = path };
  char *place = g_str_has_prefix (self->text, "\xef\xbb\xbf") ? self->text + 3 : self->text;

  while (place != NULL && (*place != '\0' || at.line == 0))
    {
      char *line = cut (&place, '\n');
      const gsize length = strlen (line);

      at.line++;
      if (length > 0 && line[length - 1] == '\r')
        line[length - 1] = '\0';
      if (at.line > 1 && *line == '\0')
        continue;
      if (!(at.line == 1 ? read_head (&at, line, error) : read_row (self, &at, line, error)))
        return FALSE;
    }
  return TRUE;
}

Held *
held_read (const char *path, GError **error)
{
  g_autoptr (Held) self = g_new0 (Held, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->by_addressee = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_insured = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_branch = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_person = md_match_index_new ();
  if (!g_file_get_contents (path, &self->text, &self->size, error))
    return NULL;
  if (strlen (self->text) != self->size || !g_utf8_validate (self->text, -1, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("%s is not a text in UTF-8. Have it made again in UTF-8."), path);
      return NULL;
    }
  return read_lines (self, path, error) ? g_steal_pointer (&self) : NULL;
}

/* --- Finding --- */

static HeldFinding
find_in (GHashTable *table, const char *text, guint *out_row)
{
  gconstpointer value = text != NULL && *text != '\0' ? g_hash_table_lookup (table, text) : NULL;
  const guint found = GPOINTER_TO_UINT (value);

  if (found == 0)
    return HELD_NOBODY;
  *out_row = found - 1;
  return found == SEVERAL ? HELD_SEVERAL : HELD_FOUND;
}

HeldFinding
held_find (const Held *self, const HeldAsked *asked, guint *out_row)
{
  const MdMatchSide name = { .source = MD_MATCH_FROM_TYPED, .text = asked->name };
  const MdMatchSide birth = { .source = MD_MATCH_FROM_TYPED, .text = asked->birth };
  g_autoptr (GArray) people = NULL;
  HeldFinding finding = find_in (self->by_addressee, asked->addressee, out_row);

  if (finding == HELD_NOBODY)
    finding = find_in (self->by_insured, asked->insured, out_row);
  if (finding == HELD_NOBODY)
    finding = find_in (self->by_branch, asked->branch, out_row);
  if (finding != HELD_NOBODY || asked->name == NULL || asked->birth == NULL)
    return finding;
  people = md_match_index_find (self->by_person, &name, &birth);
  if (people->len == 1)
    *out_row = g_array_index (people, guint, 0);
  return people->len == 0 ? HELD_NOBODY : people->len == 1 ? HELD_FOUND : HELD_SEVERAL;
}
