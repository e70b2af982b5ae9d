// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include "../md-test.h"

static const guint8 sample[]
    = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };

static void
test_integers (void)
{
  MdReader reader;
  guint8 next;

  md_reader_init (&reader, sample, sizeof sample);
  g_assert_true (md_reader_peek (&reader, &next));
  g_assert_cmpuint (next, ==, 1);
  g_assert_cmpuint (md_reader_u8 (&reader), ==, 0x01);
  g_assert_cmpuint (md_reader_u16be (&reader), ==, 0x0203);
  g_assert_cmpuint (md_reader_u32be (&reader), ==, 0x04050607);
  g_assert_cmphex (md_reader_u64be (&reader), ==, G_GUINT64_CONSTANT (0x08090a0b0c0d0e0f));
  g_assert_cmpuint (md_reader_remaining (&reader), ==, 0);
  g_assert_false (md_reader_peek (&reader, &next));
  g_assert_true (md_reader_finish (&reader, NULL));
}

static void
test_failure_sticks (void)
{
  g_autoptr (GError) error = NULL;
  MdReader reader;

  md_reader_init (&reader, sample, 3);
  g_assert_cmpuint (md_reader_u32be (&reader), ==, 0);
  g_assert_true (md_reader_failed (&reader));
  g_assert_cmpuint (md_reader_u8 (&reader), ==, 0);
  g_assert_null (md_reader_bytes (&reader, 1));
  g_assert_false (md_reader_skip (&reader, 0));
  g_assert_cmpuint (md_reader_remaining (&reader), ==, 0);
  g_assert_false (md_reader_finish (&reader, &error));
  g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TRUNCATED);
}

/* Every length, also those near the largest gsize, which must not wrap around. */
static void
test_bounds (void)
{
  const gsize sizes[] = { 16, 17, G_MAXSIZE, G_MAXSIZE - 1, G_MAXSIZE - 14, G_MAXUINT32 };
  MdReader reader;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      md_reader_init (&reader, sample, sizeof sample);
      (void)md_reader_u8 (&reader);
      g_assert_null (md_reader_bytes (&reader, sizes[i]));
      g_assert_true (md_reader_failed (&reader));
    }
  md_reader_init (&reader, sample, sizeof sample);
  g_assert_true (md_reader_bytes (&reader, sizeof sample) == sample);
  g_assert_nonnull (md_reader_bytes (&reader, 0));
  g_assert_false (md_reader_failed (&reader));
}

static void
test_prefixed (void)
{
  static const guint8 data[] = { 0, 0, 0, 2, 'a', 'b', 0, 0, 0, 9, 'c' };
  const guint8 *bytes;
  gsize size = 77;
  MdReader reader;

  md_reader_init (&reader, data, sizeof data);
  bytes = md_reader_prefixed (&reader, 2, &size);
  md_assert_bytes (bytes, size, "ab", 2);
  size = 77;
  g_assert_null (md_reader_prefixed (&reader, 100, &size));
  g_assert_cmpuint (size, ==, 77);
  g_assert_true (md_reader_failed (&reader));

  md_reader_init (&reader, data, sizeof data);
  g_assert_null (md_reader_prefixed (&reader, 1, &size));
  g_assert_true (md_reader_failed (&reader));
}

static void
test_bytes_left_over (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("xy", 2);
  g_autoptr (GError) error = NULL;
  MdReader reader;

  md_reader_init_bytes (&reader, bytes);
  g_assert_cmpuint (md_reader_u8 (&reader), ==, 'x');
  g_assert_false (md_reader_finish (&reader, &error));
  g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
}

static void
test_no_data (void)
{
  MdReader reader;

  md_reader_init (&reader, NULL, 0);
  g_assert_true (md_reader_finish (&reader, NULL));
  g_assert_cmpuint (md_reader_u8 (&reader), ==, 0);
  g_assert_true (md_reader_failed (&reader));
  md_reader_init (&reader, NULL, 0);
  md_reader_fail (&reader);
  g_assert_false (md_reader_finish (&reader, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/reader/integers", test_integers);
  g_test_add_func ("/base/reader/failure-sticks", test_failure_sticks);
  g_test_add_func ("/base/reader/bounds", test_bounds);
  g_test_add_func ("/base/reader/prefixed", test_prefixed);
  g_test_add_func ("/base/reader/bytes-left-over", test_bytes_left_over);
  g_test_add_func ("/base/reader/no-data", test_no_data);
  return g_test_run ();
}
