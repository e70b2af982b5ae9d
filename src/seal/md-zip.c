// SPDX-License-Identifier: Apache-2.0
#include "config.h"

/* The ZIP is written here and not by libarchive, because EN 319 162-1 (A.1) wants "mimetype"
 * without extra fields and libarchive gives every entry two; and because the same entries shall
 * give the same bytes on every release. */

#include <archive.h>
#include <archive_entry.h>
#include <md-base.h>
#include <string.h>
#include "md-zip-private.h"

#define LOCAL_HEADER 0x04034b50u
#define CENTRAL_HEADER 0x02014b50u
#define END_HEADER 0x06054b50u
#define VERSION 20u  /* 2.0: folders in names */
#define DATE 0x0021u /* 1 January 1980: the earliest there is */
#define MAX_NAME 64u
#define LOCAL_SIZE 30u
#define CENTRAL_SIZE 46u
#define END_SIZE 22u

static void
archive_close_and_free (struct archive *archive)
{
  (void)archive_read_free (archive);
}

typedef struct archive MdArchive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdArchive, archive_close_and_free)

static void
entry_free (gpointer data)
{
  MdZipEntry *entry = data;

  g_free (entry->name);
  g_bytes_unref (entry->bytes);
  g_free (entry);
}

GPtrArray *
md_zip_entries_new (void)
{
  return g_ptr_array_new_with_free_func (entry_free);
}

void
md_zip_entries_add (GPtrArray *entries, const char *name, GBytes *bytes)
{
  MdZipEntry *entry = g_new0 (MdZipEntry, 1);

  entry->name = g_strdup (name);
  entry->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (entries, entry);
}

GBytes *
md_zip_entries_find (const GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (entries, i);

      if (strcmp (entry->name, name) == 0)
        return entry->bytes;
    }
  return NULL;
}

/* CRC-32 as ZIP has it, eight bytes at a step; no library of ours offers it. */
static guint32
crc32_of (const guint8 *data, gsize size)
{
  static guint32 table[8][256];
  static gsize ready;
  guint32 crc = 0xffffffffu;

  if (g_once_init_enter (&ready))
    {
      for (guint32 i = 0; i < 256; i++)
        {
          table[0][i] = i;
          for (int bit = 0; bit < 8; bit++)
            table[0][i] = (table[0][i] >> 1) ^ ((table[0][i] & 1) != 0 ? 0xedb88320u : 0);
        }
      for (guint32 i = 0; i < 256; i++)
        for (int k = 1; k < 8; k++)
          table[k][i] = (table[k - 1][i] >> 8) ^ table[0][table[k - 1][i] & 0xff];
      g_once_init_leave (&ready, 1);
    }
  for (; size >= 8; size -= 8, data += 8)
    {
      crc ^= (guint32)data[0] | (guint32)data[1] << 8 | (guint32)data[2] << 16
             | (guint32)data[3] << 24;
      crc = table[7][crc & 0xff] ^ table[6][(crc >> 8) & 0xff] ^ table[5][(crc >> 16) & 0xff]
            ^ table[4][crc >> 24] ^ table[3][data[4]] ^ table[2][data[5]] ^ table[1][data[6]]
            ^ table[0][data[7]];
    }
  for (; size > 0; size--, data++)
    crc = (crc >> 8) ^ table[0][(crc ^ *data) & 0xff];
  return ~crc;
}

static void
put16 (GByteArray *out, guint value)
{
  const guint8 bytes[2] = { (guint8)value, (guint8)(value >> 8) };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static void
put32 (GByteArray *out, guint32 value)
{
  put16 (out, value & 0xffff);
  put16 (out, value >> 16);
}

/* The fields that a local header and its directory entry share. */
static void
put_common (GByteArray *out, const MdZipEntry *entry, guint32 crc)
{
  const guint32 size = (guint32)g_bytes_get_size (entry->bytes);

  put16 (out, VERSION);
  put16 (out, 0); /* flags */
  put16 (out, 0); /* stored */
  put16 (out, 0); /* time */
  put16 (out, DATE);
  put32 (out, crc);
  put32 (out, size);
  put32 (out, size);
  put16 (out, (guint)strlen (entry->name));
  put16 (out, 0); /* extra */
}

static void
put_name (GByteArray *out, const MdZipEntry *entry)
{
  g_byte_array_append (out, (const guint8 *)entry->name, (guint)strlen (entry->name));
}

static void
put_local (GByteArray *out, const MdZipEntry *entry, guint32 crc)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (entry->bytes, &size);

  put32 (out, LOCAL_HEADER);
  put_common (out, entry, crc);
  put_name (out, entry);
  if (size > 0)
    g_byte_array_append (out, data, (guint)size);
}

static void
put_central (GByteArray *out, const MdZipEntry *entry, guint32 crc, guint32 offset)
{
  put32 (out, CENTRAL_HEADER);
  put16 (out, VERSION); /* made by */
  put_common (out, entry, crc);
  put16 (out, 0); /* comment */
  put16 (out, 0); /* disk */
  put16 (out, 0); /* internal attributes */
  put32 (out, 0); /* external attributes */
  put32 (out, offset);
  put_name (out, entry);
}

static gsize
total_size (const GPtrArray *entries)
{
  gsize total = END_SIZE;

  for (guint i = 0; i < entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (entries, i);

      total += LOCAL_SIZE + CENTRAL_SIZE + 2 * strlen (entry->name)
               + MIN (g_bytes_get_size (entry->bytes), (gsize)MD_LIMIT_CONTAINER + 1);
    }
  return total;
}

GBytes *
md_zip_write (const GPtrArray *entries, GError **error)
{
  const gsize total = total_size (entries);
  g_autoptr (GByteArray) out = NULL;
  g_autofree guint32 *crcs = g_new0 (guint32, entries->len + 1);
  guint32 offset = 0;
  guint32 directory;

  if (total > MD_LIMIT_CONTAINER || entries->len > MD_LIMIT_CONTAINER_ENTRIES)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT, "the container is too large");
      return NULL;
    }
  out = g_byte_array_sized_new ((guint)total);
  for (guint i = 0; i < entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (entries, i);
      gsize size = 0;
      const guint8 *data = g_bytes_get_data (entry->bytes, &size);

      crcs[i] = crc32_of (data, size);
      put_local (out, entry, crcs[i]);
    }
  directory = out->len;
  for (guint i = 0; i < entries->len; i++)
    {
      const MdZipEntry *entry = g_ptr_array_index (entries, i);

      put_central (out, entry, crcs[i], offset);
      offset
          += LOCAL_SIZE + (guint32)strlen (entry->name) + (guint32)g_bytes_get_size (entry->bytes);
    }
  put32 (out, END_HEADER);
  put32 (out, 0); /* disks */
  put16 (out, entries->len);
  put16 (out, entries->len);
  put32 (out, out->len - 12 - directory);
  put32 (out, directory);
  put16 (out, 0); /* comment */
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* --- Reading --- */

static guint
get16 (MdReader *reader)
{
  const guint16 value = md_reader_u16be (reader);

  return GUINT16_SWAP_LE_BE (value);
}

static guint32
get32 (MdReader *reader)
{
  const guint32 value = md_reader_u32be (reader);

  return GUINT32_SWAP_LE_BE (value);
}

/* Fails unless the next 16-bit values are exactly these. */
static void
expect16 (MdReader *reader, guint value)
{
  if (get16 (reader) != value)
    md_reader_fail (reader);
}

typedef struct
{
  guint32 crc;
  guint32 size;
  guint name_size;
} Common;

/* Dates are let be; everything else must be as we write it. */
static Common
get_common (MdReader *reader)
{
  Common common;

  (void)get16 (reader); /* version */
  expect16 (reader, 0); /* flags: no encryption, no sizes behind the data */
  expect16 (reader, 0); /* stored */
  (void)get32 (reader); /* time and date */
  common.crc = get32 (reader);
  common.size = get32 (reader);
  if (get32 (reader) != common.size)
    md_reader_fail (reader);
  common.name_size = get16 (reader);
  expect16 (reader, 0); /* extra */
  if (common.name_size == 0 || common.name_size > MAX_NAME
      || common.size > MD_LIMIT_CONTAINER_ENTRY)
    md_reader_fail (reader);
  return common;
}

static void
read_local (MdReader *reader, GBytes *zip, GPtrArray *entries)
{
  Common common;
  const guint8 *name;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  (void)get32 (reader);
  common = get_common (reader);
  name = md_reader_bytes (reader, common.name_size);
  if (name == NULL)
    return;
  text = g_strndup ((const char *)name, common.name_size);
  bytes = g_bytes_new_from_bytes (zip, reader->position,
                                  MIN (common.size, md_reader_remaining (reader)));
  if (md_reader_skip (reader, common.size) && strlen (text) == common.name_size
      && md_zip_entries_find (entries, text) == NULL)
    md_zip_entries_add (entries, text, bytes);
  else
    md_reader_fail (reader);
}

/* The directory entry must say what the local header at @offset says. */
static guint32
read_central (MdReader *reader, const MdZipEntry *entry, guint32 offset)
{
  Common common;
  const guint8 *name;

  if (get32 (reader) != CENTRAL_HEADER)
    md_reader_fail (reader);
  (void)get16 (reader); /* made by */
  common = get_common (reader);
  expect16 (reader, 0); /* comment */
  expect16 (reader, 0); /* disk */
  (void)get16 (reader); /* internal attributes */
  (void)get32 (reader); /* external attributes */
  if (get32 (reader) != offset)
    md_reader_fail (reader);
  name = md_reader_bytes (reader, common.name_size);
  if (name == NULL || common.name_size != strlen (entry->name)
      || memcmp (name, entry->name, common.name_size) != 0
      || common.size != g_bytes_get_size (entry->bytes))
    md_reader_fail (reader);
  return offset + LOCAL_SIZE + common.name_size + common.size;
}

static gboolean
starts_with (const MdReader *reader, guint32 signature)
{
  MdReader ahead = *reader;

  return get32 (&ahead) == signature;
}

static gboolean
read_structure (GBytes *zip, GPtrArray *entries)
{
  MdReader reader;
  guint32 offset = 0;
  guint32 directory;
  guint32 end;

  md_reader_init_bytes (&reader, zip);
  while (!md_reader_failed (&reader) && starts_with (&reader, LOCAL_HEADER)
         && entries->len < MD_LIMIT_CONTAINER_ENTRIES)
    read_local (&reader, zip, entries);
  directory = (guint32)reader.position;
  for (guint i = 0; i < entries->len && !md_reader_failed (&reader); i++)
    offset = read_central (&reader, g_ptr_array_index (entries, i), offset);
  end = (guint32)reader.position;
  if (get32 (&reader) != END_HEADER || get32 (&reader) != 0)
    md_reader_fail (&reader);
  expect16 (&reader, entries->len);
  expect16 (&reader, entries->len);
  if (get32 (&reader) != end - directory || get32 (&reader) != directory)
    md_reader_fail (&reader);
  expect16 (&reader, 0); /* comment */
  return md_reader_finish (&reader, NULL);
}

/* libarchive, which also checks the CRC, must see the same name, length and bytes as we do. */
static gboolean
same_entry (struct archive *archive, const MdZipEntry *ours)
{
  struct archive_entry *entry = NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (ours->bytes, &size);
  gsize done = 0;
  guint8 buffer[4096 - 512];
  la_ssize_t got;

  if (archive_read_next_header (archive, &entry) != ARCHIVE_OK
      || g_strcmp0 (archive_entry_pathname (entry), ours->name) != 0
      || archive_entry_filetype (entry) != AE_IFREG
      || archive_entry_size (entry) != (la_int64_t)size)
    return FALSE;
  while ((got = archive_read_data (archive, buffer, sizeof buffer)) > 0)
    {
      if ((gsize)got > size - done || memcmp (buffer, data + done, (gsize)got) != 0)
        return FALSE;
      done += (gsize)got;
    }
  return got == 0 && done == size;
}

static gboolean
read_with_libarchive (GBytes *zip, const GPtrArray *entries)
{
  g_autoptr (MdArchive) archive = archive_read_new ();
  struct archive_entry *entry = NULL;
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (zip, &size);

  if (archive == NULL || archive_read_support_format_zip_seekable (archive) != ARCHIVE_OK
      || archive_read_open_memory (archive, data, size) != ARCHIVE_OK)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    if (!same_entry (archive, g_ptr_array_index (entries, i)))
      return FALSE;
  return archive_read_next_header (archive, &entry) == ARCHIVE_EOF;
}

GPtrArray *
md_zip_read (GBytes *zip, GError **error)
{
  g_autoptr (GPtrArray) entries = md_zip_entries_new ();

  if (g_bytes_get_size (zip) > MD_LIMIT_CONTAINER)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT, "the container is too large");
      return NULL;
    }
  if (!read_structure (zip, entries) || !read_with_libarchive (zip, entries))
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "the container is not a ZIP of stored entries, or is damaged");
      return NULL;
    }
  return g_steal_pointer (&entries);
}
