// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "hold-list.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <md-base.h>
#include <md-identity.h>
#include <string.h>

typedef struct
{
  MdHoldKind kind;
  const char *name;  /* in the text below */
  const char *birth; /* the same */
} Row;

struct _HoldList
{
  char *text;
  gsize size;
  GArray *rows; /* Row */
};

void
hold_list_free (HoldList *self)
{
  if (self == NULL)
    return;
  if (self->text != NULL)
    md_wipe (self->text, self->size);
  g_free (self->text);
  g_array_unref (self->rows);
  g_free (self);
}

/* The text up to the next @end, which becomes its end; *@place goes behind it. */
static char *
cut (char **place, char end)
{
  char *start = *place;
  char *at = start != NULL ? strchr (start, end) : NULL;

  if (at != NULL)
    *at++ = '\0';
  *place = at;
  return start;
}

static gboolean
read_row (HoldList *self, char *line)
{
  Row row = { 0 };
  MdDate day;
  const char *kind = cut (&line, '\t');

  row.name = cut (&line, '\t');
  row.birth = line;
  if (row.name == NULL || *row.name == '\0' || row.birth == NULL
      || !md_hold_kind_from_id (kind, &row.kind) || !md_date_parse (row.birth, &day, NULL))
    return FALSE;
  g_array_append_val (self->rows, row);
  return TRUE;
}

static gboolean
read_rows (HoldList *self, const char *path, GError **error)
{
  char *place = self->text;

  for (guint number = 1; place != NULL && *place != '\0'; number++)
    {
      char *line = cut (&place, '\n');

      if (*line != '\0' && *line != '#' && !read_row (self, line))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("%s: line %u is not a kind of hold, a name and a day of birth with tabs "
                          "between them. Nothing is exported by a list that leaves somebody out."),
                       path, number);
          return FALSE;
        }
    }
  return TRUE;
}

HoldList *
hold_list_read (const char *path, GError **error)
{
  g_autoptr (HoldList) self = g_new0 (HoldList, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  if (!g_file_get_contents (path, &self->text, &self->size, error))
    return NULL;
  if (strlen (self->text) != self->size || !g_utf8_validate (self->text, -1, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s is not a text in UTF-8."),
                   path);
      return NULL;
    }
  return read_rows (self, path, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
is_same (MdMatchItem item, const char *held, const char *given)
{
  const MdMatchSide ours = { .source = MD_MATCH_FROM_HELD, .text = held };
  const MdMatchSide theirs = { .source = MD_MATCH_FROM_TYPED, .text = given };
  g_autoptr (MdMatchVerdict) verdict = md_match (item, &ours, &theirs);
  const MdMatch match = md_match_verdict_get_match (verdict);

  return match == MD_MATCH_SAME || match == MD_MATCH_SAME_FORM;
}

guint
hold_list_find (const HoldList *self, const char *name, const char *birth)
{
  guint kinds = 0;

  for (guint i = 0; name != NULL && birth != NULL && i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      if (is_same (MD_MATCH_ITEM_DATE, row->birth, birth)
          && is_same (MD_MATCH_ITEM_NAME, row->name, name))
        kinds |= 1u << row->kind;
    }
  return kinds;
}
