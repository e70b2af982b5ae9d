// SPDX-License-Identifier: Apache-2.0
/* Rows of an SQLite file, page by page, without the trees that lead to them: the "Database File
 * Format" of SQLite (b-tree pages, cells, overflow, records, write-ahead log). */
#include "md-db-pages-private.h"

#include <string.h>

#define HEADER 100u
#define LOG_HEADER 32u
#define FRAME_HEADER 24u
#define MOST_VALUES 100u
#define LONGEST_ROW (256u << 20)

typedef struct
{
  const guint8 *data, *log;
  gsize size;
  gsize page;   /* size of one */
  gsize usable; /* of it */
  guint pages;
  GHashTable *newer; /* number of a page -> where it begins in the log */
} Pages;

/* What is read from; what is not there is told once. */
typedef struct
{
  const guint8 *at, *end;
  gboolean failed;
} Cursor;

static guint32
u32 (const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static guint
u16 (const guint8 *p)
{
  return (guint)p[0] << 8 | p[1];
}

static guint64
read_varint (Cursor *cursor)
{
  guint64 value = 0;

  for (guint i = 0; i < 9 && cursor->at < cursor->end; i++)
    {
      const guint8 byte = *cursor->at++;

      if (i == 8)
        return value << 8 | byte;
      value = value << 7 | (byte & 0x7fu);
      if ((byte & 0x80u) == 0)
        return value;
    }
  cursor->failed = TRUE;
  return 0;
}

static const guint8 *
get_page (const Pages *self, guint number)
{
  gconstpointer found = g_hash_table_lookup (self->newer, GUINT_TO_POINTER (number));
  const gsize newer = GPOINTER_TO_SIZE (found);

  if (newer > 0)
    return self->log + newer;
  return number >= 1 && number <= self->size / self->page ? self->data + (number - 1) * self->page
                                                          : NULL;
}

/* --- A row --- */

static gboolean
read_value (guint64 kind, Cursor *body, MdDbValue *value)
{
  static const guint8 sizes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0 };
  const gsize size = kind < G_N_ELEMENTS (sizes) ? sizes[kind] : (gsize)(kind - 12) / 2;

  if (kind == 10 || kind == 11 || size > (gsize)(body->end - body->at))
    return FALSE;
  *value = (MdDbValue){ .data = body->at, .size = size };
  body->at += size;
  if (kind >= 12)
    value->stored = kind % 2 == 0 ? MD_DB_STORED_BLOB : MD_DB_STORED_TEXT;
  else if (kind == 7)
    value->stored = MD_DB_STORED_OTHER;
  else if (kind > 0)
    {
      guint64 bits = size > 0 && (value->data[0] & 0x80u) != 0 ? G_MAXUINT64 : 0;

      for (gsize i = 0; i < size; i++)
        bits = bits << 8 | value->data[i];
      value->stored = MD_DB_STORED_INTEGER;
      memcpy (&value->integer, &bits, sizeof bits);
      if (kind >= 8)
        value->integer = kind == 9 ? 1 : 0;
    }
  return TRUE;
}

/* All of it, or nothing. */
static guint
read_record (const guint8 *record, gsize size, MdDbValue *values)
{
  Cursor head = { record, record + size, FALSE };
  const guint64 length = read_varint (&head);
  Cursor body = { record + MIN (length, size), record + size, FALSE };
  guint n = 0;

  if (head.failed || length > size)
    return 0;
  head.end = body.at;
  while (head.at < head.end && n < MOST_VALUES)
    {
      const guint64 kind = read_varint (&head);

      if (head.failed || !read_value (kind, &body, &values[n]))
        return 0;
      n++;
    }
  return head.at == head.end && body.at == body.end ? n : 0;
}

/* --- A cell --- */

/* What does not fit on its page lies on others, each of which names the next. */
static gboolean
add_overflow (const Pages *self, guint32 next, gsize size, GByteArray *record)
{
  for (guint i = 0; record->len < size; i++)
    {
      const guint8 *page = i < self->pages ? get_page (self, next) : NULL;

      if (page == NULL)
        return FALSE;
      g_byte_array_append (record, page + 4, (guint)MIN (self->usable - 4, size - record->len));
      next = u32 (page);
    }
  return TRUE;
}

static gboolean
read_payload (const Pages *self, Cursor *cell, gsize size, gboolean keyed, GByteArray *record)
{
  const gsize most = keyed ? (self->usable - 12) * 64 / 255 - 23 : self->usable - 35;
  const gsize least = (self->usable - 12) * 32 / 255 - 23;
  const gsize fit = size > least ? least + (size - least) % (self->usable - 4) : least;
  const gsize here = size <= most ? size : fit <= most ? fit : least;

  g_byte_array_set_size (record, 0);
  if (size > LONGEST_ROW || here + (here < size ? 4 : 0) > (gsize)(cell->end - cell->at))
    return FALSE;
  g_byte_array_append (record, cell->at, (guint)here);
  return here == size || add_overflow (self, u32 (cell->at + here), size, record);
}

static void
read_page (const Pages *self, guint number, GByteArray *record, MdDbRowFunc func, gpointer data)
{
  const guint8 *page = get_page (self, number);
  const guint8 *head = page + (number == 1 ? HEADER : 0);
  const gboolean keyed = *head == 10 || *head == 2;
  const gsize width = *head == 2 ? 12 : 8;
  const guint cells = u16 (head + 3);
  MdDbValue values[MOST_VALUES];

  if (!keyed && *head != 13)
    return;
  for (guint i = 0; i < cells && head + width + 2 * i + 2 <= page + self->usable; i++)
    {
      const guint at = u16 (head + width + 2 * i);
      Cursor cell = { page + MIN (at, self->usable), page + self->usable, FALSE };
      guint64 size, row;
      guint n;

      if (*head == 2)
        cell.at += MIN (4, cell.end - cell.at);
      size = read_varint (&cell);
      row = keyed ? 0 : read_varint (&cell);
      if (cell.failed || row > G_MAXINT64 || !read_payload (self, &cell, size, keyed, record))
        continue;
      n = read_record (record->data, record->len, values);
      if (n > 0)
        func ((gint64)row, keyed, values, n, data);
    }
}

/* --- The file --- */

/* The frames up to the last that ends a transaction. */
static void
read_log (Pages *self, gsize size)
{
  const gsize frame = FRAME_HEADER + self->page;
  gsize until = 0;

  if (size < LOG_HEADER || (u32 (self->log) & ~1u) != 0x377f0682u
      || u32 (self->log + 8) != self->page)
    return;
  for (guint turn = 0; turn < 2; turn++)
    for (gsize at = LOG_HEADER; at + frame <= size; at += frame)
      {
        const guint8 *head = self->log + at;

        if (memcmp (head + 8, self->log + 16, 8) != 0 || (turn == 1 && at >= until))
          break;
        if (turn == 0 && u32 (head + 4) != 0)
          until = at + frame;
        if (turn == 1)
          g_hash_table_insert (self->newer, GUINT_TO_POINTER (u32 (head)),
                               GSIZE_TO_POINTER (at + FRAME_HEADER));
        self->pages = MAX (self->pages, turn == 1 ? u32 (head) : 0);
      }
}

void
_md_db_pages_read (const char *path, MdDbRowFunc func, gpointer data)
{
  g_autofree char *log_path = g_strconcat (path, "-wal", NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (GMappedFile) log = g_mapped_file_new (log_path, FALSE, NULL);
  g_autoptr (GHashTable) newer = g_hash_table_new (NULL, NULL);
  g_autoptr (GByteArray) record = g_byte_array_new ();
  Pages self = { .newer = newer };

  if (file == NULL || g_mapped_file_get_length (file) < HEADER)
    return;
  self.data = (const guint8 *)g_mapped_file_get_contents (file);
  self.size = g_mapped_file_get_length (file);
  self.page = u16 (self.data + 16) == 1 ? 65536 : u16 (self.data + 16);
  if (self.page < 512 || (self.page & (self.page - 1)) != 0 || self.page - self.data[20] < 480)
    return;
  self.usable = self.page - self.data[20];
  self.pages = (guint)(self.size / self.page);
  if (log != NULL && g_mapped_file_get_length (log) > 0)
    {
      self.log = (const guint8 *)g_mapped_file_get_contents (log);
      read_log (&self, g_mapped_file_get_length (log));
    }
  for (guint i = 1; i <= self.pages; i++)
    if (get_page (&self, i) != NULL)
      read_page (&self, i, record, func, data);
}
