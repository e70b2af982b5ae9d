// SPDX-License-Identifier: Apache-2.0
// matches.tsv row by row: what a ward office would say of two sides, and why.
#include <md-identity.h>

#include <string.h>

static const char *table; // the file

enum
{
  ITEM,
  FROM_A,
  A,
  MARKS_A,
  FROM_B,
  B,
  MARKS_B,
  VERDICT,
  REASONS,
  WHY,
  N_COLUMNS
};

static guint
index_of (const char *word, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (word, words[i]))
      return i;
  g_error ("matches.tsv: \"%s\" is no word of the table", word);
}

static MdMatchItem
item_of (const char *word)
{
  static const char *const words[] = { "name", "kana", "address", "date", "sex" };

  const guint found = index_of (word, words, G_N_ELEMENTS (words));

  return (MdMatchItem)found;
}

static MdMatchSide
side_of (const char *from, const char *text, const char *marks)
{
  static const char *const words[] = { "card", "certificate", "typed", "held" };

  const guint source = index_of (from, words, G_N_ELEMENTS (words));

  return (MdMatchSide){ .source = (MdMatchSource)source,
                        .text = *text != '\0' ? text : NULL,
                        .marks = *marks != '\0' ? marks : NULL };
}

// Whichever side comes first.
static gboolean
row_holds (guint number, char **row)
{
  const MdMatchItem item = item_of (row[ITEM]);
  const MdMatchSide a = side_of (row[FROM_A], row[A], row[MARKS_A]);
  const MdMatchSide b = side_of (row[FROM_B], row[B], row[MARKS_B]);
  gboolean holds = TRUE;

  for (guint turn = 0; turn < 2; turn++)
    {
      g_autoptr (MdMatchVerdict) verdict
          = turn == 0 ? md_match (item, &a, &b) : md_match (item, &b, &a);
      g_autofree char *reasons = md_match_verdict_dup_reasons (verdict);
      const char *word = md_match_to_string (md_match_verdict_get_match (verdict));

      if (g_str_equal (word, row[VERDICT]) && g_str_equal (reasons, row[REASONS]))
        continue;
      g_printerr ("matches.tsv:%u: %s \"%s\" / \"%s\"%s: %s (%s), expected %s (%s): %s\n", number,
                  row[ITEM], row[A], row[B], turn == 1 ? " turned round" : "", word, reasons,
                  row[VERDICT], row[REASONS], row[WHY]);
      holds = FALSE;
    }
  return holds;
}

static void
test_table (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint rows = 0, wrong = 0;

  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) row = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] == '#' || lines[i][0] == '\0')
        continue;
      if (g_strv_length (row) != N_COLUMNS)
        g_error ("matches.tsv:%u: %u columns", i + 1, g_strv_length (row));
      rows++;
      wrong += !row_holds (i + 1, row);
    }
  g_test_message ("%u rows", rows);
  g_assert_cmpuint (rows, >=, 300);
  g_assert_cmpuint (wrong, ==, 0);
}

// What the table calls the same has one key, but for what only a pair can say.
static void
test_keys (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) row = g_strsplit (lines[i], "\t", -1);
      g_autoptr (GRegex) pairwise
          = g_regex_new ("substitute|left-out|former|alias|name-split", 0, 0, NULL);
      md_autowipe char *a = NULL;
      md_autowipe char *b = NULL;

      if (lines[i][0] == '#' || lines[i][0] == '\0' || item_of (row[ITEM]) > MD_MATCH_ITEM_ADDRESS
          || g_str_equal (row[VERDICT], "missing")
          || g_regex_match (pairwise, row[REASONS], 0, NULL))
        continue;
      a = md_match_dup_key (item_of (row[ITEM]), row[A]);
      b = md_match_dup_key (item_of (row[ITEM]), row[B]);
      if ((g_strcmp0 (a, b) == 0) != g_str_has_prefix (row[VERDICT], "same"))
        g_error ("matches.tsv:%u: the keys are %s and %s", i + 1, a, b);
    }
}

static char *
words_of (MdMatchItem item, const char *a, const char *marks, const char *b, gboolean characters)
{
  const MdMatchSide one = { MD_MATCH_FROM_CERTIFICATE, a, marks };
  const MdMatchSide other = { MD_MATCH_FROM_CARD, b, NULL };
  g_autoptr (MdMatchVerdict) verdict = md_match (item, &one, &other);

  return md_match_verdict_dup_words (verdict, characters);
}

static void
test_words (void)
{
  g_autofree char *variant = words_of (MD_MATCH_ITEM_NAME, "髙木", NULL, "高木", TRUE);
  g_autofree char *masked = words_of (MD_MATCH_ITEM_NAME, "髙木髙﨑", NULL, "高木高崎", FALSE);
  g_autofree char *substitute = words_of (MD_MATCH_ITEM_NAME, "吉田", "10", "𠮷田", TRUE);
  g_autofree char *turned = words_of (MD_MATCH_ITEM_NAME, "𠮷田", NULL, "〓田", TRUE);
  g_autofree char *none = words_of (MD_MATCH_ITEM_NAME, "高木", NULL, "高木", TRUE);

  g_assert_cmpstr (variant, ==, "“髙” and “高” are two forms of one character.");
  g_assert_cmpstr (masked, ==, "Two forms of one character are used.");
  g_assert_cmpstr (
      substitute, ==,
      "“吉” stands in place of “𠮷”: a substitute for a character that could not be written.");
  g_assert_cmpstr (
      turned, ==,
      "“〓” stands in place of “𠮷”: a substitute for a character that could not be written.");
  g_assert_null (none);
}

// Every reason has a word of its own and a sentence.
static void
test_reasons (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (MdMatchReason reason = 0; reason < MD_N_MATCH_REASONS; reason++)
    {
      const char *word = md_match_reason_to_string (reason);

      g_assert_nonnull (word);
      g_assert_true (g_hash_table_add (seen, (gpointer)(gsize)word));
    }
}

static void
test_rubbish (void)
{
  static const char *const texts[]
      = { "\xff\xfe", "\xe5", "丁目", "番地の",       "-",  "の",     "［］", "[", "]",
          "（通称",   "々",   "〓",   "\xef\xb8\x80", "1-", "十百千", "　" };
  static const MdMatchSide good = { MD_MATCH_FROM_CARD, "東京都あおぞら区青空1-2-3", NULL };

  for (guint item = MD_MATCH_ITEM_NAME; item <= MD_MATCH_ITEM_SEX; item++)
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
      for (guint k = 0; k <= G_N_ELEMENTS (texts); k++)
        {
          const MdMatchSide a = { MD_MATCH_FROM_TYPED, texts[i], "1" };
          const MdMatchSide b
              = { MD_MATCH_FROM_HELD, k < G_N_ELEMENTS (texts) ? texts[k] : good.text, NULL };
          g_autoptr (MdMatchVerdict) verdict = md_match ((MdMatchItem)item, &a, &b);

          g_assert_nonnull (verdict);
        }
}

// Longer than any field: not read at all, and not taken for the same.
static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (MD_LIMIT_FIELD_TEXT * 4 + 1, 'a');
  const MdMatchSide side = { MD_MATCH_FROM_TYPED, text, NULL };
  g_autoptr (MdMatchVerdict) verdict = md_match (MD_MATCH_ITEM_NAME, &side, &side);

  g_assert_cmpint (md_match_verdict_get_match (verdict), ==, MD_MATCH_DIFFERENT);
  g_assert_true (md_match_verdict_has_reason (verdict, MD_MATCH_REASON_UNREADABLE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  table = argv[1];
#define ADD(name, func) g_test_add_func ("/identity/match/" name, func)
  ADD ("table", test_table);
  ADD ("keys", test_keys);
  ADD ("words", test_words);
  ADD ("reasons", test_reasons);
  ADD ("rubbish", test_rubbish);
  ADD ("too-long", test_too_long);
#undef ADD
  return g_test_run ();
}
