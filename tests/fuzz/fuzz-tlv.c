// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-apdu.h>
#include <md-base.h>

#include <string.h>

#define LARGE 0x10000

/* Every element lies inside what holds it, and written again it reads the same. */
static void
check_element (const guint8 *data, gsize size, const MdTlv *tlv)
{
  g_autoptr (MdWriter) writer = md_writer_new (size + 16);
  g_autoptr (GBytes) bytes = NULL;
  MdTlv again;

  g_assert_true (tlv->value >= data && tlv->value + tlv->size <= data + size);
  g_assert_cmpuint (tlv->total, >=, tlv->size + 2);
  md_tlv_write (writer, tlv->tag, tlv->value, tlv->size);
  bytes = md_writer_finish (writer, NULL);
  g_assert_nonnull (bytes);
  g_assert_cmpuint (g_bytes_get_size (bytes), <=, tlv->total);
  g_assert_true (md_tlv_find (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), tlv->tag,
                              &again, NULL));
  g_assert_cmpuint (again.size, ==, tlv->size);
  g_assert_true (tlv->size == 0 || memcmp (again.value, tlv->value, tlv->size) == 0);
}

/* Going in and out of every level reads the same as checking it all at once. */
static gboolean
walk (MdTlvReader *reader)
{
  MdTlv tlv;

  while (md_tlv_reader_next (reader, &tlv))
    {
      MdTlvReader inner;

      if (md_tlv_is_constructed (&tlv)
          && (!md_tlv_reader_enter (reader, &tlv, &inner) || !walk (&inner)))
        return FALSE;
      if (!md_tlv_is_constructed (&tlv))
        {
          MdTlvReader copy = *reader;

          g_assert_false (md_tlv_reader_enter (&copy, &tlv, &inner));
          g_assert_true (md_tlv_reader_failed (&copy));
        }
    }
  return !md_tlv_reader_failed (reader);
}

/* A value of a length that takes three bytes to say. */
static void
check_large (const guint8 *data, gsize size)
{
  g_autofree guint8 *large = g_malloc0 (LARGE + size);
  g_autoptr (MdWriter) writer = md_writer_new (LARGE + size + 16);
  g_autoptr (GBytes) bytes = NULL;
  MdTlv tlv;

  if (size > 0)
    memcpy (large, data, size);
  md_tlv_write (writer, 0xdf22, large, LARGE + size);
  bytes = md_writer_finish (writer, NULL);
  g_assert_true (
      md_tlv_find (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), 0xdf22, &tlv, NULL));
  g_assert_cmpuint (tlv.size, ==, LARGE + size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint32 path[] = { 0xff20, 0xdf22, 0 };
  g_autoptr (GError) error = NULL;
  MdTlvReader reader;
  MdTlv tlv;
  gsize header = 0;
  gsize value = 0;
  gsize consumed = 0;
  gboolean good;

  if (size > 0 && data[0] == 0)
    check_large (data, size);
  md_tlv_reader_init (&reader, data, size);
  good = walk (&reader);
  md_tlv_reader_init (&reader, data, size);
  while (md_tlv_reader_next (&reader, &tlv))
    {
      check_element (data, size, &tlv);
      consumed += tlv.total;
    }
  g_assert_cmpuint (consumed, <=, size);
  if (md_tlv_parse_header (data, size, &header, &value, NULL))
    g_assert_cmpuint (header, <=, MIN (size, 8));
  g_assert_true (md_tlv_check (data, size, &error) == good);
  if (good)
    g_assert_false (md_tlv_reader_failed (&reader));
  else
    g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_MALFORMED);
  if (md_tlv_find_path (data, size, path, &tlv, NULL))
    g_assert_true (tlv.value + tlv.size <= data + size);
  return 0;
}
