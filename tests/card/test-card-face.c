// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>
#include <md-card.h>
#include <string.h>

// A card face of small parts; SKIP leaves one out, EXTRA adds an element.
static GBytes *
make_face (guint32 skip, guint32 extra)
{
  guint8 signature[256] = { 1 };
  static const guint8 table[18] = { 0 };
  static const struct
  {
    guint32 tag;
    const char *value;
  } parts[] = {
    { 0xdf22, "19830514" }, { 0xdf23, "2" },       { 0xdf24, "key" },
    { 0xdf25, "name" },     { 0xdf26, "address" }, { 0xdf27, "photo" },
  };
  g_autoptr (MdWriter) body = md_writer_new (4096);
  g_autoptr (MdWriter) whole = md_writer_new (4096);
  md_tlv_write (body, 0xdf21, table, sizeof table);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].tag != skip)
      md_tlv_write (body, parts[i].tag, parts[i].value, strlen (parts[i].value));
  if (skip != 0xdf28)
    md_tlv_write (body, 0xdf28, signature, sizeof signature);
  if (skip != 0xdf29)
    md_tlv_write (body, 0xdf29, "20360514", 8);
  if (extra != 0)
    md_tlv_write (body, extra, "19830514", 8);
  g_autoptr (GBytes) inner = md_writer_finish (body, NULL);
  md_tlv_write_bytes (whole, 0xff20, inner);
  return md_writer_finish (whole, NULL);
}

static MdCardFace *
parse (GBytes *file, gsize length, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  return md_card_parse_face (data, MIN (size, length), error);
}

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = make_face (0, 0);
  g_autoptr (MdCardFace) face = parse (file, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_card_face_get_birth (face), ==, "19830514");
  g_assert_cmpstr (md_card_face_get_expiry (face), ==, "20360514");
  g_assert_cmpint (md_card_face_get_sex (face), ==, MD_CARD_SEX_FEMALE);
  g_assert_cmpstr (md_secret_get_text (md_card_face_get_image (face, MD_CARD_IMAGE_NAME)), ==,
                   "name");
  g_assert_cmpstr (md_secret_get_text (md_card_face_get_image (face, MD_CARD_IMAGE_ADDRESS)), ==,
                   "address");
  g_assert_cmpstr (md_secret_get_text (md_card_face_get_image (face, MD_CARD_IMAGE_PHOTO)), ==,
                   "photo");

  // The third digest is over the whole element DF27 05 "photo".
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "\xdf\x27\x05photo", -1);
  g_autofree char *own = md_hex_encode (md_card_face_get_part_digests (face) + 64, 32);
  g_assert_cmpstr (own, ==, sum);
}

// Without the expiry it is still a face; without anything else it is none.
static void
test_parts (void)
{
  for (guint32 tag = 0xdf22; tag <= 0xdf29; tag++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) file = make_face (tag, 0);
      g_autoptr (MdCardFace) face = parse (file, G_MAXSIZE, &error);
      if (tag == 0xdf29)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (md_card_face_get_expiry (face), ==, "");
          continue;
        }
      g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
    }
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) twice = make_face (0, 0xdf22);
  g_assert_null (parse (twice, G_MAXSIZE, &error));
  g_assert_error (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
}

// Every length that the bytes may end at: a face when the rest is behind the signature, never a
// read over the end.
static void
test_cut (void)
{
  g_autoptr (GBytes) file = make_face (0, 0);
  gsize size = g_bytes_get_size (file);
  guint faces = 0;
  for (gsize length = 0; length <= size; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), length);
      g_autoptr (MdCardFace) face = md_card_parse_face (copy, length, NULL);
      faces += face != NULL;
    }
  g_assert_cmpuint (faces, ==, 2); // just behind the signature, and whole
}

static gsize
measure (const guint8 *table)
{
  guint8 head[256] = { 0xff, 0x20, 0x82, 0x20, 0x00, 0xdf, 0x21, 0x12 };
  gsize total = 0;
  memcpy (head + 8, table, 18);
  g_assert_true (md_card_measure_face (head, sizeof head, &total));
  return total;
}

static void
test_measure (void)
{
  guint8 table[18];
  for (guint i = 0; i < 9; i++)
    {
      table[2 * i] = (guint8)(i + 1);
      table[2 * i + 1] = 0;
    }
  g_assert_cmpuint (measure (table), ==, 0x0900); // where DF2A begins
  table[4] = 0;                                   // not in order: no belief in it
  g_assert_cmpuint (measure (table), ==, 0x2005);
  table[4] = 3;
  table[16] = 0x20; // behind the end
  table[17] = 0x05;
  g_assert_cmpuint (measure (table), ==, 0x2005);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-face/whole", test_whole);
  g_test_add_func ("/card/card-face/parts", test_parts);
  g_test_add_func ("/card/card-face/cut", test_cut);
  g_test_add_func ("/card/card-face/measure", test_measure);
  return g_test_run ();
}
