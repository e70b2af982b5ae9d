// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>

typedef struct
{
  guint16 sw;
  MdSwClass class;
  int tries;
  gsize count;
} Row;

static const Row rows[] = {
  { 0x9000, MD_SW_CLASS_OK, -1, 0 },           { 0x6110, MD_SW_CLASS_MORE, -1, 16 },
  { 0x6100, MD_SW_CLASS_MORE, -1, 256 },       { 0x6c20, MD_SW_CLASS_WRONG_LENGTH, -1, 32 },
  { 0x6700, MD_SW_CLASS_WRONG_LENGTH, -1, 0 }, { 0x6282, MD_SW_CLASS_END_OF_FILE, -1, 0 },
  { 0x6b00, MD_SW_CLASS_END_OF_FILE, -1, 0 },  { 0x6283, MD_SW_CLASS_WARNING, -1, 0 },
  { 0x63c3, MD_SW_CLASS_WRONG_PIN, 3, 0 },     { 0x63c1, MD_SW_CLASS_WRONG_PIN, 1, 0 },
  { 0x63cf, MD_SW_CLASS_WRONG_PIN, 15, 0 },    { 0x63c0, MD_SW_CLASS_BLOCKED, 0, 0 },
  { 0x6300, MD_SW_CLASS_WRONG_PIN, -1, 0 },    { 0x6381, MD_SW_CLASS_WARNING, -1, 0 },
  { 0x6983, MD_SW_CLASS_BLOCKED, 0, 0 },       { 0x6984, MD_SW_CLASS_BLOCKED, 0, 0 },
  { 0x6982, MD_SW_CLASS_SECURITY, -1, 0 },     { 0x6985, MD_SW_CLASS_SECURITY, -1, 0 },
  { 0x6986, MD_SW_CLASS_SECURITY, -1, 0 },     { 0x6a82, MD_SW_CLASS_NOT_FOUND, -1, 0 },
  { 0x6a83, MD_SW_CLASS_NOT_FOUND, -1, 0 },    { 0x6a88, MD_SW_CLASS_NOT_FOUND, -1, 0 },
  { 0x6a80, MD_SW_CLASS_BAD_COMMAND, -1, 0 },  { 0x6a86, MD_SW_CLASS_BAD_COMMAND, -1, 0 },
  { 0x6d00, MD_SW_CLASS_BAD_COMMAND, -1, 0 },  { 0x6e00, MD_SW_CLASS_BAD_COMMAND, -1, 0 },
  { 0x6400, MD_SW_CLASS_CARD_FAULT, -1, 0 },   { 0x6581, MD_SW_CLASS_CARD_FAULT, -1, 0 },
  { 0x66f1, MD_SW_CLASS_CARD_FAULT, -1, 0 },   { 0x6f00, MD_SW_CLASS_CARD_FAULT, -1, 0 },
  { 0x0000, MD_SW_CLASS_UNKNOWN, -1, 0 },      { 0x9001, MD_SW_CLASS_UNKNOWN, -1, 0 },
  { 0x6000, MD_SW_CLASS_UNKNOWN, -1, 0 },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpint (md_sw_classify (rows[i].sw), ==, rows[i].class);
      g_assert_cmpint (md_sw_get_tries (rows[i].sw), ==, rows[i].tries);
      g_assert_cmpuint (md_sw_get_count (rows[i].sw), ==, rows[i].count);
    }
}

/* Only 9000 is success, only a word of the 63 family or a block ever speaks of a PIN. */
static void
test_every_word (void)
{
  for (guint sw = 0; sw <= 0xffff; sw++)
    {
      const MdSwClass class = md_sw_classify ((guint16)sw);

      g_assert_true ((class == MD_SW_CLASS_OK) == (sw == 0x9000));
      if (class == MD_SW_CLASS_WRONG_PIN)
        g_assert_true (sw == 0x6300 || (sw > 0x63c0 && sw <= 0x63cf));
      if (class == MD_SW_CLASS_BLOCKED)
        g_assert_true (sw == 0x63c0 || sw == 0x6983 || sw == 0x6984);
      g_assert_nonnull (md_sw_get_name ((guint16)sw));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/status-word/table", test_table);
  g_test_add_func ("/apdu/status-word/every-word", test_every_word);
  return g_test_run ();
}
