// SPDX-License-Identifier: Apache-2.0
// What is read of a person is digested, compared, and gone with the last reference.
#include <md-card.h>
#include <memory-scan.h>
#include <string.h>

// EF 0002 of 券面事項入力補助, without the table: name, address, birth date, sex.
static GByteArray *
make_file (void)
{
  static const struct
  {
    guint8 tag;
    const char *text;
  } items[] = { { 0x22, "架空　壱子" },
                { 0x23, "架空県無何有町大字空言字夢物語一番地１" },
                { 0x24, "19831114" },
                { 0x25, "2" } };
  GByteArray *file = g_byte_array_sized_new (256);
  gsize size = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    size += 3 + strlen (items[i].text);
  g_assert_cmpuint (size, <, 0x80);
  const guint8 head[] = { 0xff, 0x20, (guint8)size };
  g_byte_array_append (file, head, sizeof head);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      const guint8 tag[] = { 0xdf, items[i].tag, (guint8)strlen (items[i].text) };
      g_byte_array_append (file, tag, sizeof tag);
      g_byte_array_append (file, (const guint8 *)items[i].text, tag[2]);
    }
  return file;
}

static void
test_nothing_is_left (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) file = make_file ();
  MdCardAttributes *attributes = md_card_parse_attributes (file->data, file->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (md_card_attributes_get_birth (attributes), ==, "19831114");
  md_wipe (file->data, file->len);
  g_assert_cmpuint (memory_scan ("19831114"), ==, 1); // where it is kept
  md_card_attributes_unref (attributes);
  memory_assert_without ("19831114");
  memory_assert_without ("無何有町");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-digest/nothing-is-left", test_nothing_is_left);
  return g_test_run ();
}
