// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>
#include <md-base.h>

#include "../md-test.h"

static GBytes *
unhex (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  g_autofree char *joined = g_strjoinv ("", parts);
  GBytes *bytes = md_hex_decode (joined, NULL);

  g_assert_nonnull (bytes);
  return bytes;
}

/* The tags and sizes of one level, as text: "FF10:12 DF21:3", with "!" at the end if the bytes were
 * malformed. */
static char *
outline (const char *hex)
{
  g_autoptr (GBytes) bytes = unhex (hex);
  g_autoptr (GString) text = g_string_new (NULL);
  MdTlvReader reader;
  MdTlv tlv;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  md_tlv_reader_init (&reader, data, size);
  while (md_tlv_reader_next (&reader, &tlv))
    g_string_append_printf (text, "%s%X:%" G_GSIZE_FORMAT, text->len > 0 ? " " : "", tlv.tag,
                            tlv.size);
  if (md_tlv_reader_failed (&reader))
    g_string_append_c (text, '!');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_outline (const char *hex, const char *wanted)
{
  g_autofree char *got = outline (hex);

  g_assert_cmpstr (got, ==, wanted);
}

static void
test_tags (void)
{
  assert_outline ("04 01 aa", "4:1");
  assert_outline ("7f49 00", "7F49:0");
  assert_outline ("5fc105 01 00", "5FC105:1");
  assert_outline ("df818101 01 00", "DF818101:1");
  assert_outline ("1f8181 81 01 00", "!");
  assert_outline ("ff10 0c 353337363836363737313838 ffff", "FF10:12");
}

static void
test_lengths (void)
{
  assert_outline ("04 8101 aa", "4:1");
  assert_outline ("04 820001 aa", "4:1");
  assert_outline ("04 83000001 aa", "4:1");
  assert_outline ("04 8400000001 aa", "!");
  assert_outline ("04 80 aa 0000", "!");
  assert_outline ("04 02 aa", "!");
  assert_outline ("04 83ffffff aa", "!");
  assert_outline ("04", "!");
  assert_outline ("04 81", "!");
  assert_outline ("df", "!");
}

/* The fillers that the card's files end with, and a single FF that begins a tag. */
static void
test_filler (void)
{
  assert_outline ("", "");
  assert_outline ("00 00", "");
  assert_outline ("ff ff ff", "");
  assert_outline ("ff", "");
  assert_outline ("ff 00 04 00", "4:0");
  assert_outline ("00 04 01 aa ff ff 05 00 ff", "4:1 5:0");
  assert_outline ("ff20 02 dead ff20 00", "FF20:2 FF20:0");
}

static void
test_find (void)
{
  g_autoptr (GBytes) bytes = unhex ("0400 ff20 0b df21 01 aa df22 03 e381 82 ffff");
  static const guint32 inner[] = { 0xff20, 0xdf22, 0 };
  static const guint32 missing[] = { 0xff20, 0xdf23, 0 };
  g_autoptr (GError) error = NULL;
  MdTlv tlv;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_true (md_tlv_find_path (data, size, inner, &tlv, NULL));
  md_assert_bytes (tlv.value, tlv.size, "あ", 3);
  g_assert_cmpuint (tlv.total, ==, 6);
  g_assert_false (md_tlv_find_path (data, size, missing, &tlv, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (md_tlv_find (data, size - 4, 0x99, &tlv, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_MALFORMED);
}

static void
test_header (void)
{
  g_autoptr (GBytes) bytes = unhex ("ff20 820123");
  g_autoptr (GError) error = NULL;
  gsize size;
  gsize header = 0;
  gsize value = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_true (md_tlv_parse_header (data, size, &header, &value, NULL));
  g_assert_cmpuint (header, ==, 5);
  g_assert_cmpuint (value, ==, 0x123);
  for (gsize i = 0; i < size; i++)
    {
      g_assert_false (md_tlv_parse_header (data, i, &header, &value, &error));
      g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_TRUNCATED);
      g_clear_error (&error);
    }
  g_assert_false (md_tlv_parse_header ((const guint8 *)"\x30\x80", 2, &header, &value, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_MALFORMED);
}

/* @levels times 30 around nothing. */
static GBytes *
nested (guint levels)
{
  GBytes *inner = g_bytes_new_static ("", 0);

  for (guint i = 0; i < levels; i++)
    {
      g_autoptr (MdWriter) writer = md_writer_new (1 << 20);
      g_autoptr (GBytes) old = inner;

      md_tlv_write_bytes (writer, 0x30, old);
      inner = md_writer_finish (writer, NULL);
    }
  return inner;
}

static void
test_depth (void)
{
  g_autoptr (GBytes) fits = nested (MD_LIMIT_TLV_DEPTH);
  g_autoptr (GBytes) deep = nested (MD_LIMIT_TLV_DEPTH + 1);
  g_autoptr (GBytes) abyss = nested (1000);
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (fits, &size);

  g_assert_true (md_tlv_check (data, size, NULL));
  data = g_bytes_get_data (deep, &size);
  g_assert_false (md_tlv_check (data, size, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_MALFORMED);
  data = g_bytes_get_data (abyss, &size);
  g_assert_false (md_tlv_check (data, size, NULL));
}

static void
test_enter_primitive (void)
{
  g_autoptr (GBytes) bytes = unhex ("04 02 0500");
  MdTlvReader reader;
  MdTlvReader inner;
  MdTlv tlv;

  md_tlv_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (md_tlv_reader_next (&reader, &tlv));
  g_assert_false (md_tlv_reader_enter (&reader, &tlv, &inner));
  g_assert_true (md_tlv_reader_failed (&reader));
}

/* What is written is read back, at every border of the length forms. */
static void
test_round_trip (void)
{
  static const gsize sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, 100000 };
  static const guint32 tags[] = { 0x04, 0x7f49, 0x5fc105, 0xdf818101 };
  g_autofree guint8 *data = g_malloc0 (100000);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (tags); k++)
      {
        g_autoptr (MdWriter) writer = md_writer_new (200000);
        g_autoptr (GBytes) bytes = NULL;
        MdTlv tlv;

        md_tlv_write (writer, tags[k], data, sizes[i]);
        bytes = md_writer_finish (writer, NULL);
        g_assert_true (md_tlv_find (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                    tags[k], &tlv, NULL));
        g_assert_cmpuint (tlv.size, ==, sizes[i]);
        g_assert_cmpuint (tlv.total, ==, g_bytes_get_size (bytes));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/tlv/tags", test_tags);
  g_test_add_func ("/apdu/tlv/lengths", test_lengths);
  g_test_add_func ("/apdu/tlv/filler", test_filler);
  g_test_add_func ("/apdu/tlv/find", test_find);
  g_test_add_func ("/apdu/tlv/header", test_header);
  g_test_add_func ("/apdu/tlv/depth", test_depth);
  g_test_add_func ("/apdu/tlv/enter-primitive", test_enter_primitive);
  g_test_add_func ("/apdu/tlv/round-trip", test_round_trip);
  return g_test_run ();
}
