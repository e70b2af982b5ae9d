// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include "../md-test.h"

static void
test_integers (void)
{
  static const guint8 wanted[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
  g_autoptr (MdWriter) writer = md_writer_new (15);
  g_autoptr (GBytes) bytes = NULL;

  md_writer_u8 (writer, 1);
  md_writer_u16be (writer, 0x0203);
  md_writer_u32be (writer, 0x04050607);
  md_writer_u64be (writer, G_GUINT64_CONSTANT (0x08090a0b0c0d0e0f));
  g_assert_cmpuint (md_writer_get_size (writer), ==, 15);
  bytes = md_writer_finish (writer, NULL);
  md_assert_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), wanted, 15);
  g_assert_cmpuint (md_writer_get_size (writer), ==, 0);
}

static void
test_maximum (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdWriter) writer = md_writer_new (3);

  md_writer_bytes (writer, "abc", 3);
  g_assert_false (md_writer_failed (writer));
  md_writer_u8 (writer, 'd');
  g_assert_true (md_writer_failed (writer));
  g_assert_cmpuint (md_writer_get_size (writer), ==, 3);
  g_assert_null (md_writer_finish (writer, &error));
  g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE);
}

static void
test_grows (void)
{
  g_autoptr (MdWriter) writer = md_writer_new (100000);
  g_autoptr (GBytes) bytes = NULL;
  MdReader reader;

  for (guint32 i = 0; i < 25000; i++)
    md_writer_u32be (writer, i * 7919);
  bytes = md_writer_finish (writer, NULL);
  g_assert_nonnull (bytes);
  md_reader_init_bytes (&reader, bytes);
  for (guint32 i = 0; i < 25000; i++)
    g_assert_cmpuint (md_reader_u32be (&reader), ==, i * 7919);
  g_assert_true (md_reader_finish (&reader, NULL));
}

static void
test_prefixed (void)
{
  static const guint8 wanted[] = { 0, 0, 0, 2, 'h', 'i', 0, 0, 0, 0, 0, 0, 0, 1, 0xff };
  g_autoptr (MdWriter) writer = md_writer_new (64);
  g_autoptr (GBytes) bytes = NULL;

  md_writer_prefixed_text (writer, "hi");
  md_writer_prefixed_text (writer, NULL);
  md_writer_prefixed (writer, "\xff", 1);
  bytes = md_writer_finish (writer, NULL);
  md_assert_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), wanted, sizeof wanted);
}

static void
test_empty (void)
{
  g_autoptr (MdWriter) writer = md_writer_new (0);
  g_autoptr (GBytes) bytes = md_writer_finish (writer, NULL);

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/writer/integers", test_integers);
  g_test_add_func ("/base/writer/maximum", test_maximum);
  g_test_add_func ("/base/writer/grows", test_grows);
  g_test_add_func ("/base/writer/prefixed", test_prefixed);
  g_test_add_func ("/base/writer/empty", test_empty);
  return g_test_run ();
}
