// SPDX-License-Identifier: Apache-2.0
#include "card-model-files.h"

#include <md-apdu.h>
#include <md-card.h>

#include <string.h>

/* In the order of the table below; the input names files by it. */
enum
{
  FILE_TOKEN,
  FILE_FLAGS,
  FILE_AUTH,
  FILE_AUTH_CA,
  FILE_SIGN,
  FILE_SIGN_CA,
  FILE_NUMBER,
  FILE_ATTRIBUTES,
  FILE_INTEGRITY,
  FILE_TEXT_ISSUER,
  FILE_FACE,
  FILE_FACE_ISSUER,
  FILE_COMMON,
  FILE_MUNICIPALITY,
  FILE_EXPIRY,
  FILE_PIV_CARD,
  FILE_PIV_CHUID,
  FILE_PIV_SIGN,
  FILE_PIV_OPEN,
  FILE_RSA,
  FILE_PLAIN,
  FILE_DER,
  FILE_PIV_ANSWER,
  N_FILES,
};

static const struct
{
  ModelApplication application;
  guint32 file;
} places[N_FILES] = {
  [FILE_TOKEN] = { MODEL_JPKI, 0x0006 },
  [FILE_FLAGS] = { MODEL_JPKI, 0x0008 },
  [FILE_AUTH] = { MODEL_JPKI, 0x000a },
  [FILE_AUTH_CA] = { MODEL_JPKI, 0x000b },
  [FILE_SIGN] = { MODEL_JPKI, 0x0001 },
  [FILE_SIGN_CA] = { MODEL_JPKI, 0x0002 },
  [FILE_NUMBER] = { MODEL_TEXT, 0x0001 },
  [FILE_ATTRIBUTES] = { MODEL_TEXT, 0x0002 },
  [FILE_INTEGRITY] = { MODEL_TEXT, 0x0003 },
  [FILE_TEXT_ISSUER] = { MODEL_TEXT, 0x0004 },
  [FILE_FACE] = { MODEL_VISUAL, 0x0002 },
  [FILE_FACE_ISSUER] = { MODEL_VISUAL, 0x0004 },
  [FILE_COMMON] = { MODEL_COMMON, 0x0001 },
  [FILE_MUNICIPALITY] = { MODEL_MANAGER, 0x00f0 },
  [FILE_EXPIRY] = { MODEL_MANAGER, 0x00f2 },
  [FILE_PIV_CARD] = { MODEL_PIV, 0x01 },
  [FILE_PIV_CHUID] = { MODEL_PIV, 0x02 },
  [FILE_PIV_SIGN] = { MODEL_PIV, 0x0a },
  [FILE_PIV_OPEN] = { MODEL_PIV, 0x0b },
  [FILE_RSA] = { MODEL_JPKI, MODEL_SIGNATURES + MODEL_SIGNATURE_RSA },
  [FILE_PLAIN] = { MODEL_JPKI, MODEL_SIGNATURES + MODEL_SIGNATURE_PLAIN },
  [FILE_DER] = { MODEL_JPKI, MODEL_SIGNATURES + MODEL_SIGNATURE_DER },
  [FILE_PIV_ANSWER] = { MODEL_PIV, MODEL_SIGNATURES + MODEL_SIGNATURE_PIV },
};

struct _ModelFiles
{
  GBytes *files[N_FILES];
};

/* --- Contents --- */

static GBytes *
finish (MdWriter *writer)
{
  GBytes *bytes = md_writer_finish (writer, NULL);

  g_assert_nonnull (bytes);
  md_writer_free (writer);
  return bytes;
}

static void
write_ramp (MdWriter *writer, guint32 tag, guint8 first, gsize size)
{
  g_autofree guint8 *value = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    value[i] = (guint8)(first + i % 0x70);
  md_tlv_write (writer, tag, value, size);
}

static void
write_text (MdWriter *writer, guint32 tag, const char *text)
{
  md_tlv_write (writer, tag, text, strlen (text));
}

/* TAG around what BODY holds, and filler as real files have it. Takes BODY. */
static GBytes *
wrap (guint32 tag, MdWriter *body, guint filler)
{
  g_autoptr (GBytes) value = finish (body);
  MdWriter *writer = md_writer_new (MD_LIMIT_CARD_FILE);

  md_tlv_write_bytes (writer, tag, value);
  for (guint i = 0; i < filler; i++)
    md_writer_u8 (writer, 0xff);
  return finish (writer);
}

/* As much DER as src/card looks at. */
static GBytes *
make_certificate (guint8 first, guint filler)
{
  MdWriter *body = md_writer_new (1024);

  write_ramp (body, 0x30, first, 250);
  write_ramp (body, 0x30, 0x11, 20);
  write_ramp (body, 0x03, 0x12, 65);
  return wrap (0x30, body, filler);
}

static GBytes *
make_attributes (void)
{
  static const guint8 table[] = { 0x00, 0x0d, 0x00, 0x1e, 0x01, 0x60, 0x01, 0x6b };
  MdWriter *body = md_writer_new (1024);

  md_tlv_write (body, 0xdf21, table, sizeof table);
  write_text (body, 0xdf22, "青空　花子");
  write_text (body, 0xdf23,
              "あおぞら区ひがし台一丁目二番三号　ひがし台第一団地四号棟五〇六号室"
              "　ひがし台商店街振興組合事務所気付　青空太郎様方　長い住所のためのつづき"
              "　そのまたつづき　さらにつづき");
  write_text (body, 0xdf24, "19800217");
  write_text (body, 0xdf25, "2");
  return wrap (0xff20, body, 24);
}

static void
write_digest (MdWriter *writer, guint32 tag, const guint8 *data, gsize size)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, data, (gssize)size);
  g_checksum_get_digest (sum, digest, &length);
  md_tlv_write (writer, tag, digest, sizeof digest);
}

/* Fits the number and the attributes as they are before the input changes them. */
static GBytes *
make_integrity (GBytes *number, GBytes *attributes)
{
  MdWriter *body = md_writer_new (1024);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (number, &size);
  MdTlv tlv;

  write_digest (body, 0xdf31, data, size);
  data = g_bytes_get_data (attributes, &size);
  if (!md_tlv_find (data, size, 0xff20, &tlv, NULL))
    g_assert_not_reached ();
  write_digest (body, 0xdf32, tlv.value + 11, tlv.size - 11); /* without DF21 */
  write_ramp (body, 0xdf33, 0x10, 256);
  return wrap (0xff30, body, 8);
}

static GBytes *
make_issuer (guint8 first)
{
  MdWriter *body = md_writer_new (1024);
  MdWriter *key = md_writer_new (512);
  g_autoptr (GBytes) whole = NULL;

  for (guint8 i = 0; i < 32; i++)
    md_writer_u8 (key, (guint8)(first + i));
  md_tlv_write (key, 0x90, "\x01\x00\x01", 3);
  write_ramp (key, 0x91, 0x20, 256);
  whole = finish (key);
  md_tlv_write_bytes (body, 0x5f4e, whole);
  write_ramp (body, 0x5f37, 0x30, 256);
  return wrap (0x7f21, body, 16);
}

/* DF22 to DF2A behind a table of where each begins, and the security code last of all. */
static GBytes *
make_face (void)
{
  static const guint8 table[] = { 0, 26, 0, 37, 0, 41, 0, 59, 0, 114, 0, 171, 2, 64, 3, 69, 3, 80 };
  MdWriter *body = md_writer_new (2048);

  md_tlv_write (body, 0xdf21, table, sizeof table);
  write_text (body, 0xdf22, "19800217");
  write_text (body, 0xdf23, "2");
  write_ramp (body, 0xdf24, 0x40, 15);
  write_ramp (body, 0xdf25, 0x50, 52);
  write_ramp (body, 0xdf26, 0x51, 54);
  write_ramp (body, 0xdf27, 0x52, 400);
  write_ramp (body, 0xdf28, 0x53, 256);
  write_text (body, 0xdf29, "20350217");
  write_ramp (body, 0xdf2a, 0x54, 100);
  return wrap (0xff20, body, 300);
}

static GBytes *
make_piv (guint8 first)
{
  MdWriter *body = md_writer_new (1024);
  g_autoptr (GBytes) certificate = make_certificate (first, 0);

  md_tlv_write_bytes (body, 0x70, certificate);
  md_tlv_write (body, 0x71, "\0", 1);
  md_tlv_write (body, 0xfe, NULL, 0);
  return wrap (0x53, body, 0);
}

static GBytes *
make_signature (guint file)
{
  MdWriter *body = md_writer_new (512);

  if (file == FILE_PIV_ANSWER)
    {
      write_ramp (body, 0x82, 0x11, 32);
      return wrap (0x7c, body, 0);
    }
  if (file == FILE_DER)
    {
      write_ramp (body, 0x02, 0x11, 48);
      write_ramp (body, 0x02, 0x12, 48);
      return wrap (0x30, body, 0);
    }
  for (guint i = 0; i < (file == FILE_RSA ? 256u : 96u); i++)
    md_writer_u8 (body, (guint8)(i + (file == FILE_RSA ? 1 : 0x90)));
  return finish (body);
}

static GBytes *
make_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* The same for every input, made once. */
static GBytes *const *
get_contents (void)
{
  static GBytes *contents[N_FILES];

  if (contents[FILE_TOKEN] != NULL)
    return contents;
  contents[FILE_TOKEN] = make_text ("JPKIAPICCTOKEN2                 ");
  contents[FILE_FLAGS] = g_bytes_new ("\x8f\x8f", 3);
  for (guint i = FILE_AUTH; i <= FILE_SIGN_CA; i++)
    contents[i] = make_certificate ((guint8)i, i == FILE_AUTH ? 200 : 0);
  contents[FILE_NUMBER] = g_bytes_new ("\xff\x10\x0c"
                                       "123456789018\xff\xff",
                                       17);
  contents[FILE_ATTRIBUTES] = make_attributes ();
  contents[FILE_INTEGRITY] = make_integrity (contents[FILE_NUMBER], contents[FILE_ATTRIBUTES]);
  contents[FILE_TEXT_ISSUER] = make_issuer (0x01);
  contents[FILE_FACE] = make_face ();
  contents[FILE_FACE_ISSUER] = make_issuer (0x02);
  contents[FILE_COMMON] = make_text ("\x01\x1c"
                                     "0000012719843131399920350217");
  contents[FILE_MUNICIPALITY] = make_text ("13999");
  contents[FILE_EXPIRY] = make_text ("20350217");
  contents[FILE_PIV_CARD] = make_piv (0x01);
  contents[FILE_PIV_CHUID] = make_text ("S\x10one card's name");
  contents[FILE_PIV_SIGN] = make_piv (0x02);
  contents[FILE_PIV_OPEN] = make_piv (0x03);
  for (guint i = FILE_RSA; i < N_FILES; i++)
    contents[i] = make_signature (i);
  return contents;
}

ModelFiles *
model_files_new (void)
{
  GBytes *const *contents = get_contents ();
  ModelFiles *self = g_new0 (ModelFiles, 1);

  for (guint i = 0; i < N_FILES; i++)
    self->files[i] = g_bytes_ref (contents[i]);
  return self;
}

void
model_files_free (ModelFiles *self)
{
  for (guint i = 0; i < N_FILES; i++)
    g_clear_pointer (&self->files[i], g_bytes_unref);
  g_free (self);
}

/* --- Changes --- */

void
model_files_replace (ModelFiles *self, MdReader *input)
{
  const guint which = md_reader_u8 (input) % N_FILES;
  const gsize wanted = md_reader_u16be (input);
  const gsize size = MIN (wanted, md_reader_remaining (input));

  g_clear_pointer (&self->files[which], g_bytes_unref);
  self->files[which] = g_bytes_new (md_reader_bytes (input, size), size);
}

void
model_files_cut (ModelFiles *self, MdReader *input)
{
  const guint which = md_reader_u8 (input) % N_FILES;
  const gsize size = md_reader_u16be (input);
  g_autoptr (GBytes) old = g_steal_pointer (&self->files[which]);

  if (size > 0 && old != NULL)
    self->files[which] = g_bytes_new_from_bytes (old, 0, MIN (size, g_bytes_get_size (old)));
}

void
model_files_patch (ModelFiles *self, MdReader *input)
{
  const guint which = md_reader_u8 (input) % N_FILES;
  const gsize offset = md_reader_u16be (input);
  const guint8 byte = md_reader_u8 (input);
  gsize size = 0;
  guint8 *data;

  if (self->files[which] == NULL || g_bytes_get_size (self->files[which]) == 0)
    return;
  data = g_bytes_unref_to_data (self->files[which], &size);
  data[offset % size] = byte;
  self->files[which] = g_bytes_new_take (data, size);
}

/* --- The plan of the card --- */

const guint8 *
model_files_get (const ModelFiles *self, ModelApplication application, guint32 file,
                 gsize *out_size)
{
  for (guint i = 0; i < N_FILES; i++)
    if (places[i].application == application && places[i].file == file && self->files[i] != NULL)
      {
        const guint8 *data = g_bytes_get_data (self->files[i], out_size);

        return data != NULL ? data : (const guint8 *)"";
      }
  return NULL;
}

ModelApplication
model_find_application (const guint8 *aid, gsize size)
{
  static const struct
  {
    ModelApplication application;
    gsize size;
    guint8 aid[10];
  } applications[] = {
    { MODEL_JPKI, 10, { 0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01 } },
    { MODEL_TEXT, 10, { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08 } },
    { MODEL_VISUAL, 10, { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02 } },
    { MODEL_COMMON, 10, { 0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00 } },
    { MODEL_MANAGER, 7, { 0xa0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00 } },
    { MODEL_PIV, 9, { 0xa0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    if (size == applications[i].size && memcmp (aid, applications[i].aid, size) == 0)
      return applications[i].application;
  return MODEL_NONE;
}

gboolean
model_is_key (ModelApplication application, guint32 file)
{
  return application == MODEL_JPKI && (file == 0x0017 || file == 0x001a);
}

guint
model_get_openers (ModelApplication application, guint32 file)
{
  static const struct
  {
    ModelApplication application;
    guint32 file;
    guint pins;
  } rows[] = {
    { MODEL_JPKI, 0x0001, 1u << MD_CARD_PIN_SIGN },
    { MODEL_JPKI, 0x0017, 1u << MD_CARD_PIN_AUTH },
    { MODEL_JPKI, 0x001a, 1u << MD_CARD_PIN_SIGN },
    { MODEL_TEXT, 0x0001, 1u << MD_CARD_PIN_TEXT | 1u << MD_CARD_PIN_TEXT_A },
    { MODEL_TEXT, 0x0002, 1u << MD_CARD_PIN_TEXT | 1u << MD_CARD_PIN_TEXT_B },
    { MODEL_TEXT, 0x0003, 1u << MD_CARD_PIN_TEXT | 1u << MD_CARD_PIN_TEXT_A },
    { MODEL_VISUAL, 0x0002, 1u << MD_CARD_PIN_FACE_A | 1u << MD_CARD_PIN_FACE_B },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].application == application && rows[i].file == file)
      return rows[i].pins;
  return 0;
}
