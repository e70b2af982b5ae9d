// SPDX-License-Identifier: Apache-2.0
/* The names in a PDF. A whole reader (poppler) would be a large parser of hostile input in the
 * process that holds the PIN; all that is asked here is whether there is something that a scan does
 * not have, and how many pages. So every name is looked at wherever it stands, in strings and
 * pictures, too: what is long enough to be looked for does not come about by chance. Objects may be
 * packed: whatever unpacks is looked through in the same way, since a dictionary may say anything
 * about it. What a reader could take for packed objects, at whatever place it is told to look, has
 * to be seen whole: packed once, in the one way that is undone here, and nothing else; else the
 * file is refused. A scanner writes them so. */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "md-scan-private.h"

#define NAME_MAX_SIZE 32u
#define TAIL 1024u /* in which the end mark stands */
#define PIECE 32768u
#define BITE 4096u
#define STREAMS_MAX 20000u
#define READ_TIMES 2u /* how often the file may be read while it is unpacked: whole ones, once */

typedef enum
{
  WORD_ACTIVE = 1 << 0,
  WORD_ENCRYPTED = 1 << 1,
  WORD_TYPE = 1 << 2,
  WORD_PAGE = 1 << 3,
  WORD_OBJECTS = 1 << 4,
  WORD_FILTER = 1 << 5,
  WORD_DEFLATE = 1 << 6,
  WORD_OTHER_PACKING = 1 << 7,
  WORD_FIRST = 1 << 8,   /* without which no reader finds packed objects */
  WORD_FURTHER = 1 << 9, /* of a stream: that it is packed otherwise, or stands elsewhere */
} Word;

static const struct
{
  const char *name;
  Word word;
} words[] = {
  { "JavaScript", WORD_ACTIVE },
  { "Launch", WORD_ACTIVE },
  { "EmbeddedFile", WORD_ACTIVE },
  { "EmbeddedFiles", WORD_ACTIVE },
  { "RichMedia", WORD_ACTIVE },
  { "Rendition", WORD_ACTIVE },
  { "XFA", WORD_ACTIVE },
  { "SubmitForm", WORD_ACTIVE },
  { "ImportData", WORD_ACTIVE },
  { "GoToE", WORD_ACTIVE },
  { "FileAttachment", WORD_ACTIVE },
  { "Filespec", WORD_ACTIVE },
  { "Encrypt", WORD_ENCRYPTED },
  { "Type", WORD_TYPE },
  { "Page", WORD_PAGE },
  { "ObjStm", WORD_OBJECTS },
  { "Filter", WORD_FILTER },
  { "FlateDecode", WORD_DEFLATE },
  { "First", WORD_FIRST },
  { "Predictor", WORD_FURTHER },
  { "DecodeParms", WORD_FURTHER },
  { "DP", WORD_FURTHER },
  { "F", WORD_FURTHER },
  { "A85", WORD_FURTHER },
  { "AHx", WORD_FURTHER },
  { "LZW", WORD_FURTHER },
  { "RL", WORD_FURTHER },
  { "Fl", WORD_FURTHER },
  { "CCF", WORD_FURTHER },
  { "DCT", WORD_FURTHER },
  { "CCITTFaxDecode", WORD_FURTHER },
  { "DCTDecode", WORD_FURTHER },
  { "JBIG2Decode", WORD_FURTHER },
  { "JPXDecode", WORD_FURTHER },
  { "ASCIIHexDecode", WORD_OTHER_PACKING },
  { "ASCII85Decode", WORD_OTHER_PACKING },
  { "LZWDecode", WORD_OTHER_PACKING },
  { "RunLengthDecode", WORD_OTHER_PACKING },
  { "Crypt", WORD_OTHER_PACKING },
};

/* What was met so far. */
typedef struct
{
  guint found; /* Word */
  guint pages;
  guint deflate;    /* how often it was named */
  gboolean objects; /* the file has packed ones */
  gsize unpacked;
  gsize read;
  gsize may_read;
  gsize parsed;       /* of dictionaries */
  GHashTable *packed; /* where the data of what may be packed objects begins; owned elsewhere */
  GCancellable *cancellable;
} Look;

static gboolean
is_blank (guint8 c)
{
  return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static gboolean
ends_name (guint8 c)
{
  return is_blank (c) || strchr ("()<>[]{}/%", c) != NULL;
}

/* The name at DATA, behind its slash, with its "#41" undone; how far it goes. */
static gsize
read_name (const guint8 *data, gsize size, char out[NAME_MAX_SIZE + 1])
{
  gsize at = 0, n = 0;

  while (at < size && !ends_name (data[at]) && n < NAME_MAX_SIZE)
    {
      if (data[at] == '#' && size - at > 2 && g_ascii_isxdigit (data[at + 1])
          && g_ascii_isxdigit (data[at + 2]))
        {
          out[n++] = (char)(g_ascii_xdigit_value ((char)data[at + 1]) << 4
                            | g_ascii_xdigit_value ((char)data[at + 2]));
          at += 3;
        }
      else
        out[n++] = (char)data[at++];
    }
  out[n] = '\0';
  return at;
}

static guint
find_word (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (name, words[i].name) == 0)
      return words[i].word;
  return 0;
}

static void
look_at (Look *look, const guint8 *data, gsize size)
{
  guint before = 0; /* the name just before, with blanks alone between */
  char name[NAME_MAX_SIZE + 1];

  for (gsize at = 0; at < size; at++)
    {
      guint word;

      if (data[at] != '/')
        {
          before = is_blank (data[at]) ? before : 0;
          continue;
        }
      at += read_name (data + at + 1, size - at - 1, name);
      word = find_word (name);
      look->found |= word;
      look->deflate += word == WORD_DEFLATE ? 1 : 0;
      look->pages += word == WORD_PAGE && before == WORD_TYPE ? 1 : 0;
      before = word;
    }
}

/* Looks through the next N bytes, of which those at the end may be half a name: gives how many are
 * to be looked at again with what follows, and takes back what they counted for. */
static gsize
look_at_piece (Look *look, guint8 *piece, gsize n)
{
  const gsize kept = MIN (n, 3 * NAME_MAX_SIZE);
  Look again = { 0 };

  look_at (look, piece, n);
  look_at (&again, piece + n - kept, kept);
  look->pages -= again.pages;
  memmove (piece, piece + n - kept, kept);
  return kept;
}

/* Packed data begins so, and little else does. */
static gboolean
begins_packed (const guint8 *data, gsize size)
{
  return size >= 2 && (data[0] & 0x8f) == 0x08 && ((data[0] << 8) | data[1]) % 31 == 0;
}

/* Whether what was unpacked is packed again. */
static gboolean
is_packed_again (const guint8 *data, gsize size)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  guint8 piece[64];
  gsize taken = 0, made = 0;
  gboolean again;

  if (!begins_packed (data, size))
    return FALSE;
  again = g_converter_convert (G_CONVERTER (zlib), data, size, piece, sizeof piece,
                               G_CONVERTER_NO_FLAGS, &taken, &made, NULL)
          != G_CONVERTER_ERROR;
  md_wipe (piece, sizeof piece);
  return again && made > 0;
}

/* Unpacks the stream and looks through it, a piece at a time. Where it cannot be unpacked any
 * further it ends: what stands behind is no part of it. WHOLE: it has to come to its end. */
static gboolean
look_into (Look *look, const guint8 *data, gsize size, gboolean whole, GError **error)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  g_autofree guint8 *piece = g_malloc (PIECE);
  gsize kept = 0;
  gboolean first = TRUE, again = FALSE;
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (result == G_CONVERTER_CONVERTED && look->unpacked <= MD_SCAN_MAX_UNPACKED
         && look->read <= look->may_read && !g_cancellable_is_cancelled (look->cancellable))
    {
      const gsize bite = MIN (size, BITE);
      gsize taken = 0, made = 0;

      result = g_converter_convert (G_CONVERTER (zlib), data, bite, piece + kept, PIECE - kept,
                                    bite == size ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                    &taken, &made, NULL);
      look->read += result == G_CONVERTER_ERROR ? bite : taken;
      if (result == G_CONVERTER_ERROR)
        break;
      data += taken;
      size -= taken;
      look->unpacked += made;
      again = again || (first && is_packed_again (piece, made));
      first = FALSE;
      kept = look_at_piece (look, piece, kept + made);
    }
  look_at (look, piece, kept);
  md_wipe (piece, PIECE);
  if (look->unpacked > MD_SCAN_MAX_UNPACKED || look->read > look->may_read)
    return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
  return (!(again && look->objects) && (!whole || result == G_CONVERTER_FINISHED))
         || _md_scan_refuse (error, MD_SCAN_ERROR_ACTIVE);
}

/* Where the data of the stream whose word is at AT begins, by any end of line that some reader
 * takes; 0: the word is no such thing. */
static gsize
find_data (const guint8 *data, gsize size, gsize at)
{
  gsize begin = at + strlen ("stream");

  if (at >= 3 && memcmp (data + at - 3, "end", 3) == 0)
    return 0;
  while (begin < size && (data[begin] == ' ' || data[begin] == '\t'))
    begin++;
  if (begin < size && data[begin] == '\r')
    begin++;
  if (begin < size && data[begin] == '\n')
    begin++;
  return begin;
}

/* --- what may be packed objects --- */

static gsize
skip_line (const guint8 *data, gsize size, gsize at)
{
  while (at < size && data[at] != '\r' && data[at] != '\n')
    at++;
  return at;
}

static gsize
skip_blank (const guint8 *data, gsize size, gsize at)
{
  while (at < size && (is_blank (data[at]) || data[at] == '%'))
    at = data[at] == '%' ? skip_line (data, size, at) : at + 1;
  return at;
}

/* Of the text "(so (or) so)" at AT. */
static gsize
skip_text (const guint8 *data, gsize size, gsize at)
{
  guint depth = 0;

  for (; at < size; at++)
    if (data[at] == '\\')
      at++;
    else if (data[at] == '(')
      depth++;
    else if (data[at] == ')' && --depth == 0)
      return at + 1;
  return size;
}

static gsize
skip_hex (const guint8 *data, gsize size, gsize at)
{
  while (at < size && data[at] != '>')
    at++;
  return MIN (at + 1, size);
}

/* Behind the dictionary at AT, with what is nested in it; 0: there is none. One that does not end
 * goes on to the end of the file. */
static gsize
skip_dictionary (const guint8 *data, gsize size, gsize at)
{
  guint depth = 0;

  if (size - at < 2 || memcmp (data + at, "<<", 2) != 0)
    return 0;
  while (at < size)
    {
      const gboolean twice = size - at > 1 && data[at + 1] == data[at];

      if (data[at] == '(')
        at = skip_text (data, size, at);
      else if (data[at] == '%')
        at = skip_line (data, size, at);
      else if (data[at] == '<' && twice)
        {
          depth++;
          at += 2;
        }
      else if (data[at] == '<')
        at = skip_hex (data, size, at);
      else if (data[at] == '>' && twice && --depth == 0)
        return at + 2;
      else
        at += data[at] == '>' && twice ? 2 : 1;
    }
  return size;
}

/* The stream of which the dictionary stands from AT to END, and whose word follows: where it may
 * be packed objects, notes its place. FALSE: it could be some that are not seen. */
static gboolean
note_stream (Look *look, const guint8 *data, gsize size, gsize at, gsize end)
{
  const gsize begin = skip_blank (data, size, end) + strlen ("stream");
  const gboolean crlf = size - begin > 1 && data[begin] == '\r' && data[begin + 1] == '\n';
  Look names = { 0 };

  look_at (&names, data + at, end - at);
  if (!(names.found & (WORD_OBJECTS | WORD_FIRST)))
    return TRUE;
  look->objects = TRUE;
  if (names.found & (WORD_OTHER_PACKING | WORD_FURTHER)
      || (names.found & WORD_FILTER && names.deflate != 1))
    return FALSE;
  if (!(names.found & WORD_FILTER)) /* they stand in the open */
    return TRUE;
  if (!crlf && (begin == size || data[begin] != '\n'))
    return FALSE;
  (void)g_hash_table_add (look->packed, GSIZE_TO_POINTER (begin + (crlf ? 2 : 1)));
  return TRUE;
}

/* Wherever an object may begin, be it in a text, a comment or a picture: a table may point there.
 */
static gboolean
note_objects (Look *look, const guint8 *data, gsize size, GError **error)
{
  const guint8 *found = data;

  while ((found = memmem (found, size - (gsize)(found - data), "obj", 3)) != NULL)
    {
      const gsize at = skip_blank (data, size, (gsize)(found - data) + 3);
      const gsize end = skip_dictionary (data, size, at);
      const gsize next = end != 0 ? skip_blank (data, size, end) : 0;

      found += 3;
      look->parsed += MAX (at, next) - (gsize)(found - data) + 3;
      if (look->parsed > look->may_read)
        return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
      if (next != 0 && size - next > strlen ("stream")
          && memcmp (data + next, "stream", strlen ("stream")) == 0
          && !note_stream (look, data, size, at, end))
        return _md_scan_refuse (error, MD_SCAN_ERROR_ACTIVE);
    }
  return TRUE;
}

static gboolean
look_into_streams (Look *look, const guint8 *data, gsize size, GError **error)
{
  const guint8 *at = data;
  guint streams = 0;

  while ((at = memmem (at, size - (gsize)(at - data), "stream", strlen ("stream"))) != NULL)
    {
      const gsize begin = find_data (data, size, (gsize)(at - data));
      const gboolean objects = g_hash_table_contains (look->packed, GSIZE_TO_POINTER (begin));
      const gboolean packed = begins_packed (data + begin, size - begin);

      at += strlen ("stream");
      if (begin == 0)
        continue;
      if (g_cancellable_set_error_if_cancelled (look->cancellable, error))
        return FALSE;
      if (++streams > STREAMS_MAX)
        return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
      if (objects && !packed)
        return _md_scan_refuse (error, MD_SCAN_ERROR_ACTIVE);
      if (packed && !look_into (look, data + begin, size - begin, objects, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
ends_whole (const guint8 *data, gsize size)
{
  const gsize tail = MIN (size, TAIL);

  return memmem (data + size - tail, tail, "%%EOF", 5) != NULL;
}

gboolean
_md_scan_inspect_pdf (const guint8 *data, gsize size, GCancellable *cancellable, MdScanFacts *facts,
                      GError **error)
{
  g_autoptr (GHashTable) packed = g_hash_table_new (NULL, NULL);
  Look look = { .packed = packed, .cancellable = cancellable };

  if (!ends_whole (data, size))
    return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
  look_at (&look, data, size);
  if (look.found & WORD_ENCRYPTED)
    return _md_scan_refuse (error, MD_SCAN_ERROR_ENCRYPTED);
  look.objects = (look.found & WORD_OBJECTS) != 0;
  look.may_read = READ_TIMES * size + PIECE;
  if (!note_objects (&look, data, size, error))
    return FALSE;
  if (look.objects && look.found & WORD_OTHER_PACKING)
    return _md_scan_refuse (error, MD_SCAN_ERROR_ACTIVE);
  if (!look_into_streams (&look, data, size, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (look.found & WORD_ENCRYPTED)
    return _md_scan_refuse (error, MD_SCAN_ERROR_ENCRYPTED);
  if (look.found & WORD_ACTIVE)
    return _md_scan_refuse (error, MD_SCAN_ERROR_ACTIVE);
  if (look.pages == 0)
    return _md_scan_refuse (error, MD_SCAN_ERROR_DAMAGED);
  if (look.pages > MD_SCAN_MAX_PAGES)
    return _md_scan_refuse (error, MD_SCAN_ERROR_TOO_MUCH);
  facts->pages = look.pages;
  return TRUE;
}
