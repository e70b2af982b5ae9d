// SPDX-License-Identifier: Apache-2.0
#include "mishap-sense.h"

#include "mishap-card.h"
#include "mishap-steps.h"

#include <openssl/x509.h>
#include <string.h>

#define PIECE 256       // what is read of a file before its length is known
#define NUMBER_SIZE 17  // of EF 0001, which is read in one
#define MOST_LEAD 16    // bytes that some cards have before the four attributes
#define MOST_FILE 32767 // that an offset can reach

// --- TLV, by ISO/IEC 7816-4 and X.690 ---

typedef struct
{
  const guint8 *data;
  gsize size;
  gsize at;
  gboolean broken;
} Walk;

typedef struct
{
  guint tag;
  const guint8 *start;
  const guint8 *value;
  gsize size;
} Item;

static Walk
walk_of (const guint8 *data, gsize size)
{
  return (Walk){ .data = data, .size = size };
}

// A header at DATA: the bytes of it, and the length that it tells. 0: it is none.
static gsize
read_header (const guint8 *data, gsize size, guint *out_tag, gsize *out_length)
{
  gsize i = 1;
  if (size < 2)
    return 0;
  *out_tag = data[0];
  for (gboolean more = (data[0] & 0x1f) == 0x1f; more; i++)
    {
      if (i >= size || i > 3)
        return 0;
      *out_tag = *out_tag << 8 | data[i];
      more = (data[i] & 0x80) != 0;
    }
  if (i >= size)
    return 0;
  guint8 first = data[i++];
  gsize bytes = first < 0x80 ? 0 : first & 0x7fu;
  *out_length = first;
  if (first < 0x80)
    return i;
  if (bytes < 1 || bytes > 3 || i + bytes > size)
    return 0;
  for (*out_length = 0; bytes > 0; bytes--)
    *out_length = *out_length << 8 | data[i++];
  return i;
}

// 00 and FF between two elements mean nothing; but FF begins the tags of these cards, too.
static void
skip_filler (Walk *walk)
{
  while (walk->at < walk->size)
    {
      const guint8 *at = walk->data + walk->at;
      gsize left = walk->size - walk->at;
      gboolean tag = *at == 0xff && left > 1 && at[1] != 0x00 && at[1] != 0xff;
      if ((*at != 0x00 && *at != 0xff) || tag)
        return;
      gsize run = 1;
      while (*at == 0xff && run < left && at[run] == 0xff)
        run++;
      walk->at += run;
    }
}

static gboolean
next_item (Walk *walk, Item *out)
{
  skip_filler (walk);
  if (walk->at >= walk->size)
    return FALSE;
  out->start = walk->data + walk->at;
  gsize header = read_header (out->start, walk->size - walk->at, &out->tag, &out->size);
  walk->broken = header == 0 || out->size > walk->size - walk->at - header;
  out->value = out->start + header;
  walk->at += header + out->size;
  return !walk->broken;
}

static gboolean
find_item (const guint8 *data, gsize size, guint tag, Item *out)
{
  Walk walk = walk_of (data, size);
  while (next_item (&walk, out))
    if (out->tag == tag)
      return TRUE;
  return FALSE;
}

static gboolean
are_digits (const Item *item, gsize size)
{
  for (gsize i = 0; i < item->size; i++)
    if (!g_ascii_isdigit (item->value[i]))
      return FALSE;
  return item->size == size;
}

// --- How much of a file is read ---

// Where the outer element begins; SIZE: nowhere.
static gsize
find_outer (const Step *step, const guint8 *data, gsize size)
{
  gsize at = 0;
  if (step->application != 't' || step->ef != 0x0002)
    return 0;
  while (at + 2 <= size && at < MOST_LEAD && (data[at] != 0xff || data[at + 1] != 0x20))
    at++;
  return at + 2 <= size && at < MOST_LEAD ? at : size;
}

// The card's face has a table of the places of its elements: what lies behind the last of them is
// not wanted. A table that makes no sense is none.
static gsize
wanted_of_face (const guint8 *table, gsize size, gsize total)
{
  gsize place = 0;
  if (size < 21 || table[0] != 0xdf || table[1] != 0x21 || table[2] != 18)
    return total;
  for (guint i = 0; i < 9; i++)
    {
      gsize next = (gsize)table[3 + 2 * i] << 8 | table[4 + 2 * i];
      if (next <= place || next >= total)
        return total;
      place = next;
    }
  return place;
}

// How many bytes of the file are wanted by its first ones; 0: that is not to be seen.
static gsize
wanted_of (const Step *step, const guint8 *head, gsize size)
{
  guint tag = 0;
  gsize length = 0;
  gsize start = find_outer (step, head, size);
  gsize header = start < size ? read_header (head + start, size - start, &tag, &length) : 0;
  if (header == 0 || start + header + length > MOST_FILE)
    return 0;
  if (step->application == 'v' && step->ef == 0x0002)
    return wanted_of_face (head + header, size - header, header + length);
  return start + header + length;
}

// The file as the card has it, with filler.
static GBytes *
contents_of (const Row *row, const char *persona, const Step *step)
{
  static GHashTable *known;
  static const guint8 prefix[2] = { 0x00, 0x68 };
  const char *name = step->application == 'j'   ? "jpki"
                     : step->application == 't' ? "text"
                                                : "visual";
  g_autofree char *file = g_strdup_printf ("%s-%04X.ef", name, step->ef);
  char *path = g_build_filename (g_getenv ("MADOGUCHI_WORLD"), "cards", persona, file, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size = 0;
  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  GBytes *found = g_hash_table_lookup (known, path);
  if (found == NULL)
    {
      (void)g_file_get_contents (path, &data, &size, &error);
      g_assert_no_error (error);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      if (row->opening->stumbles && step->application == 't' && step->ef == 0x0002)
        g_byte_array_append (bytes, prefix, sizeof prefix);
      g_byte_array_append (bytes, (const guint8 *)data, (guint)size);
      found = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
      g_hash_table_insert (known, g_strdup (path), found);
    }
  g_free (path);
  return found;
}

// As the row's card has it.
static GBytes *
own_contents (const Row *row, const Step *step)
{
  return contents_of (row, row->opening->persona, step);
}

// What is still wanted of FILE comes from CONTENTS; FALSE: it is not there. The number's file is
// asked for with its filler, but the filler alone is not.
static gboolean
complete (const Step *step, GByteArray *file, GBytes *contents)
{
  gsize size = 0;
  const guint8 *whole = g_bytes_get_data (contents, &size);
  const gboolean number = step->application == 't' && step->ef == 0x0001;
  gsize total = file->len > 0 ? wanted_of (step, file->data, MIN (file->len, PIECE)) : 0;
  if (total > size)
    return FALSE;
  if (number && total > file->len)
    total = MIN (MAX (total, NUMBER_SIZE), size);
  if (total > file->len)
    g_byte_array_append (file, whole + file->len, (guint)(total - file->len));
  return TRUE;
}

// What the reader has of the file in the end when PIECE comes as the answer of STEP; NULL: it gives
// up. A short answer is not the end of the file.
static GByteArray *
collect (const Row *row, const Step *step, GBytes *piece)
{
  gsize length = g_bytes_get_size (piece);
  GBytes *contents = own_contents (row, step);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  if (length > step->expected || (length == 0 && step->offset > 0))
    return NULL;
  g_byte_array_append (file, g_bytes_get_data (contents, NULL), (guint)step->offset);
  if (length > 0)
    g_byte_array_append (file, g_bytes_get_data (piece, NULL), (guint)length);
  return complete (step, file, contents) ? g_steal_pointer (&file) : NULL;
}

// --- What it says ---

// The bytes of FILE that count, one after the other; NULL: it has not its form.
typedef GByteArray *(*SayFunc) (const guint8 *file, gsize size);

static void
add_item (GByteArray *said, const Item *item)
{
  g_byte_array_append (said, item->start, (guint)(item->value + item->size - item->start));
}

// The record of the card is over all that was read of it.
static GByteArray *
say_number (const guint8 *file, gsize size)
{
  Item number;
  if (!find_item (file, size, 0xff10, &number) || !are_digits (&number, 12))
    return NULL;
  return g_byte_array_append (g_byte_array_new (), file, (guint)size);
}

static gboolean
is_text (const Item *item)
{
  if (item->size == 0 || !g_utf8_validate_len ((const char *)item->value, item->size, NULL))
    return FALSE;
  for (gsize i = 0; i < item->size; i++)
    if (item->value[i] < 0x20 || item->value[i] == 0x7f
        || (item->value[i] == 0xc2 && item->value[i + 1] < 0xa0))
      return FALSE;
  return TRUE;
}

// The elements of a list by their tags from FIRST on; FALSE: one comes twice, or it is no list.
static gboolean
sort_items (const guint8 *data, gsize size, guint first, Item *items, guint count)
{
  Walk walk = walk_of (data, size);
  Item item;
  while (next_item (&walk, &item))
    {
      if (item.tag < first || item.tag >= first + count)
        continue;
      if (items[item.tag - first].value != NULL)
        return FALSE;
      items[item.tag - first] = item;
    }
  return !walk.broken;
}

static GByteArray *
say_attributes (const guint8 *file, gsize size)
{
  const Step step = { .application = 't', .ef = 0x0002 };
  Item outer;
  Item items[5] = { 0 }; // DF21: places; name, address, birth, sex
  gsize start = find_outer (&step, file, size);
  Walk walk = walk_of (file + start, size - start);
  if (start >= size || !next_item (&walk, &outer)
      || !sort_items (outer.value, outer.size, 0xdf21, items, G_N_ELEMENTS (items))
      || !is_text (&items[1]) || !is_text (&items[2]) || !are_digits (&items[3], 8)
      || items[4].size != 1 || !g_ascii_isgraph (items[4].value[0]))
    return NULL;
  GByteArray *said = g_byte_array_append (g_byte_array_new (), outer.value, (guint)outer.size);
  if (items[0].value != NULL) // the places are not signed
    g_byte_array_remove_range (said, (guint)(items[0].start - outer.value),
                               (guint)(items[0].value + items[0].size - items[0].start));
  return said;
}

static GByteArray *
say_record (const guint8 *file, gsize size)
{
  Item outer, number, attributes, signature;
  if (!find_item (file, size, 0xff30, &outer)
      || !find_item (outer.value, outer.size, 0xdf31, &number)
      || !find_item (outer.value, outer.size, 0xdf32, &attributes)
      || !find_item (outer.value, outer.size, 0xdf33, &signature) || number.size != 32
      || attributes.size != 32 || signature.size != 256
      || attributes.start != number.value + number.size || attributes.value != attributes.start + 3)
    return NULL;
  GByteArray *said = g_byte_array_new ();
  add_item (said, &number);
  add_item (said, &attributes);
  return g_byte_array_append (said, signature.value, (guint)signature.size);
}

static GByteArray *
say_issuer (const guint8 *file, gsize size)
{
  Item outer, body, signature, exponent, modulus;
  if (find_item (file, size, 0x7f21, &outer))
    {
      file = outer.value;
      size = outer.size;
    }
  if (!find_item (file, size, 0x5f4e, &body) || !find_item (file, size, 0x5f37, &signature)
      || body.size != 297 || signature.size != 256
      || !find_item (body.value + 32, body.size - 32, 0x90, &exponent)
      || !find_item (body.value + 32, body.size - 32, 0x91, &modulus) || modulus.size != 256
      || exponent.size != 3)
    return NULL;
  GByteArray *said = g_byte_array_append (g_byte_array_new (), body.value, (guint)body.size);
  return g_byte_array_append (said, signature.value, (guint)signature.size);
}

// From DF21: places, birth, sex, key, name, address, photograph, signature, last day, code.
static GByteArray *
say_face (const guint8 *file, gsize size)
{
  enum
  {
    BIRTH = 1,
    SEX,
    KEY,
    NAME,
    ADDRESS,
    PHOTO,
    SIGNATURE,
    LAST_DAY,
    CODE
  };
  Item items[CODE + 1] = { 0 };
  guint tag = 0;
  gsize length = 0;
  gsize header = read_header (file, size, &tag, &length);
  if (header == 0 || tag != 0xff20
      || !sort_items (file + header, MIN (length, size - header), 0xdf21, items, CODE + 1)
      || !are_digits (&items[BIRTH], 8) || items[SEX].size != 1 || items[KEY].value == NULL
      || items[NAME].size == 0 || items[ADDRESS].size == 0 || items[PHOTO].size == 0
      || items[SIGNATURE].size != 256
      || (items[LAST_DAY].value != NULL && !are_digits (&items[LAST_DAY], 8)))
    return NULL;
  GByteArray *said = g_byte_array_new ();
  for (guint i = BIRTH; i <= LAST_DAY; i++)
    if (items[i].value != NULL)
      add_item (said, &items[i]);
  return said;
}

static GByteArray *
say_certificate (const guint8 *file, gsize size)
{
  static const guint parts[] = { 0x30, 0x30, 0x03 };
  guint tag = 0;
  gsize length = 0;
  gsize header = read_header (file, size, &tag, &length);
  if (header == 0 || tag != 0x30 || length > size - header)
    return NULL;
  Walk walk = walk_of (file + header, length);
  Item item;
  gsize total = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (!next_item (&walk, &item) || item.tag != parts[i])
        return NULL;
      total += (gsize)(item.value - item.start) + item.size;
    }
  return total == length ? g_byte_array_append (g_byte_array_new (), file, (guint)(header + length))
                         : NULL;
}

static GByteArray *
say (const Step *step, const GByteArray *file)
{
  static const struct
  {
    char application;
    guint16 ef;
    SayFunc say;
  } rows[] = {
    { 'j', 0x000a, say_certificate }, { 'j', 0x0001, say_certificate }, { 't', 0x0001, say_number },
    { 't', 0x0002, say_attributes },  { 't', 0x0003, say_record },      { 't', 0x0004, say_issuer },
    { 'v', 0x0002, say_face },        { 'v', 0x0004, say_issuer },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].application == step->application && rows[i].ef == step->ef)
      return rows[i].say (file->data, file->len);
  g_error ("a file that the matrix does not know: %c %04x", step->application, step->ef);
}

static gboolean
is_x509 (const GByteArray *der)
{
  const guint8 *end = der->data;
  X509 *certificate = d2i_X509 (NULL, &end, (long)der->len);
  gboolean good = certificate != NULL && end == der->data + der->len;
  X509_free (certificate);
  return good;
}

// The beginning of a certificate, with the length of it.
static gboolean
tells_card (const Step *step, GBytes *piece)
{
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (piece, &length);
  return length > 0 && length <= step->expected && data[0] == 0x30
         && wanted_of (step, data, length) > 0;
}

// What FILE says, which is all that there is of it; NULL: nothing.
static Sense
compare (const Row *row, const Step *step, const GByteArray *file)
{
  g_autoptr (GByteArray) clean = collect (row, step, step->data);
  if (file == NULL)
    return SENSE_NONE;
  if (mishap_step_is_certificate (step)
      && (file->len == 0 || file->data[0] == 0x00 || file->data[0] == 0xff))
    return SENSE_EMPTY;
  g_autoptr (GByteArray) usual = say (step, clean);
  g_autoptr (GByteArray) said = file->len > 0 ? say (step, file) : NULL;
  if (said == NULL)
    return SENSE_NONE;
  if (said->len == usual->len && memcmp (said->data, usual->data, said->len) == 0)
    return SENSE_SAME;
  return mishap_step_is_certificate (step) && !is_x509 (said) ? SENSE_GARBLED : SENSE_OTHER;
}

static Sense
make_sense (const Row *row, guint index, GBytes *piece)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  if (mishap_step_is_recognition (row, index) && !tells_card (step, piece))
    return SENSE_UNKNOWN;
  g_autoptr (GByteArray) file = collect (row, step, piece);
  return compare (row, step, file);
}

Sense
mishap_sense (const Row *row, guint index, const Mishap *mishap)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  static const guint8 word[2] = { 0x90, 0x00 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_byte_array_append (bytes, g_bytes_get_data (step->data, NULL),
                       (guint)g_bytes_get_size (step->data));
  g_byte_array_append (bytes, word, sizeof word);
  g_autoptr (GBytes) answer = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_autoptr (GBytes) spoilt = mishap_spoil (mishap, answer);
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (spoilt, 0, g_bytes_get_size (spoilt) - 2);
  return make_sense (row, index, piece);
}

Sense
mishap_sense_of_piece (const Row *row, guint index, gsize size)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  GBytes *contents = own_contents (row, step);
  gsize left = g_bytes_get_size (contents) - step->offset;
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (contents, step->offset, MIN (size, left));
  return make_sense (row, index, piece);
}

Sense
mishap_sense_of_splice (const Row *row, guint index)
{
  const Step *step = g_ptr_array_index (row->steps, index);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_byte_array_append (file, g_bytes_get_data (own_contents (row, step), NULL),
                       (guint)step->offset);
  const gboolean whole = complete (step, file, contents_of (row, MISHAP_NEXT, step));
  return compare (row, step, whole ? file : NULL);
}
