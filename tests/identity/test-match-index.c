// SPDX-License-Identifier: Apache-2.0
// The index finds whom md_match() calls the same, and nobody else: over every pair of names in
// matches.tsv.
#include <md-identity.h>

#include <string.h>

#define BIRTH "1985-04-01"

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
  N_COLUMNS
};

static MdMatchSide
side (MdMatchSource source, const char *text)
{
  return (MdMatchSide){ .source = source, .text = text };
}

static GPtrArray *
read_rows (const char *item)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)(void (*) (void))g_strfreev);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (table, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char **row = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] != '#' && g_strv_length (row) > N_COLUMNS && g_str_equal (row[ITEM], item))
        g_ptr_array_add (rows, row);
      else
        g_strfreev (row);
    }
  return rows;
}

static MdMatchSide
side_of (char **row, guint column)
{
  const gboolean certificate = g_str_equal (row[column - 1], "certificate");

  return (MdMatchSide){ .source = certificate ? MD_MATCH_FROM_CERTIFICATE : MD_MATCH_FROM_HELD,
                        .text = row[column],
                        .marks = *row[column + 1] != '\0' ? row[column + 1] : NULL };
}

static gboolean
has_tag (GArray *tags, guint tag)
{
  for (guint i = 0; i < tags->len; i++)
    if (g_array_index (tags, guint, i) == tag)
      return TRUE;
  return FALSE;
}

/* Everybody of the table was born on the same day: the hardest list there is. */
static void
test_finds_whom_matching_finds (void)
{
  g_autoptr (GPtrArray) rows = read_rows ("name");
  g_autoptr (MdMatchIndex) index = md_match_index_new ();
  const MdMatchSide birth = side (MD_MATCH_FROM_HELD, BIRTH);
  guint found = 0, apart = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const MdMatchSide held = side_of (g_ptr_array_index (rows, i), B);

      if (*held.text != '\0')
        (void)!md_match_index_add (index, i, &held, &birth);
    }
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = g_ptr_array_index (rows, i);
      const MdMatchSide asked = side_of (row, A);
      const gboolean same
          = g_str_equal (row[VERDICT], "same") || g_str_equal (row[VERDICT], "same-form");
      g_autoptr (GArray) tags = md_match_index_find (index, &asked, &birth);

      g_test_message ("%s / %s: %s", row[A], row[B], row[VERDICT]);
      g_assert_cmpint (has_tag (tags, i), ==, same);
      found += same ? 1 : 0;
      apart += same ? 0 : 1;
    }
  g_assert_cmpuint (found, >=, 50);
  g_assert_cmpuint (apart, >=, 50);
}

/* And whom it does not find, matching would not have found either. */
static void
test_misses_nobody (void)
{
  g_autoptr (GPtrArray) rows = read_rows ("name");
  g_autoptr (MdMatchIndex) index = md_match_index_new ();
  const MdMatchSide birth = side (MD_MATCH_FROM_HELD, BIRTH);

  for (guint i = 0; i < rows->len; i += 3)
    {
      const MdMatchSide held = side_of (g_ptr_array_index (rows, i), B);

      (void)!md_match_index_add (index, i, &held, &birth);
    }
  for (guint i = 0; i < rows->len; i += 7)
    {
      const MdMatchSide asked = side_of (g_ptr_array_index (rows, i), A);
      g_autoptr (GArray) tags = md_match_index_find (index, &asked, &birth);

      for (guint k = 0; k < rows->len; k += 3)
        {
          const MdMatchSide held = side_of (g_ptr_array_index (rows, k), B);
          g_autoptr (MdMatchVerdict) verdict = md_match (MD_MATCH_ITEM_NAME, &asked, &held);

          g_assert_cmpint (has_tag (tags, k), ==,
                           md_match_verdict_get_match (verdict) <= MD_MATCH_SAME_FORM);
        }
    }
}

static void
test_birth_in_every_form (void)
{
  static const char *const births[] = { "1985-04-01", "昭和60年4月1日", "S60.4.1", "19850401" };
  g_autoptr (MdMatchIndex) index = md_match_index_new ();
  const MdMatchSide name = side (MD_MATCH_FROM_HELD, "田中　恵子");
  const MdMatchSide typed = side (MD_MATCH_FROM_TYPED, "田中 恵子");
  const MdMatchSide other = side (MD_MATCH_FROM_TYPED, "1985-04-02");
  const MdMatchSide certificate = side (MD_MATCH_FROM_CERTIFICATE, "319850401");
  g_autoptr (GArray) by_certificate = NULL, nobody = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (births); i++)
    {
      const MdMatchSide birth = side (MD_MATCH_FROM_HELD, births[i]);

      g_assert_true (md_match_index_add (index, 10 + i, &name, &birth));
    }
  g_assert_cmpuint (md_match_index_get_size (index), ==, G_N_ELEMENTS (births));
  by_certificate = md_match_index_find (index, &typed, &certificate);
  g_assert_cmpuint (by_certificate->len, ==, G_N_ELEMENTS (births));
  for (guint i = 0; i < by_certificate->len; i++)
    g_assert_cmpuint (g_array_index (by_certificate, guint, i), ==, 10 + i);
  nobody = md_match_index_find (index, &typed, &other);
  g_assert_cmpuint (nobody->len, ==, 0);
}

static void
test_nothing_to_find_by (void)
{
  g_autoptr (MdMatchIndex) index = md_match_index_new ();
  const MdMatchSide name = side (MD_MATCH_FROM_HELD, "田中　恵子");
  const MdMatchSide birth = side (MD_MATCH_FROM_HELD, BIRTH);
  const MdMatchSide bad_names[] = { side (MD_MATCH_FROM_HELD, NULL), side (MD_MATCH_FROM_HELD, ""),
                                    side (MD_MATCH_FROM_HELD, "\xff") };
  const MdMatchSide bad_births[] = { side (MD_MATCH_FROM_HELD, NULL), side (MD_MATCH_FROM_HELD, ""),
                                     side (MD_MATCH_FROM_HELD, "きのう") };

  for (guint i = 0; i < G_N_ELEMENTS (bad_names); i++)
    {
      g_autoptr (GArray) by_name = md_match_index_find (index, &bad_names[i], &birth);
      g_autoptr (GArray) by_birth = md_match_index_find (index, &name, &bad_births[i]);

      g_assert_cmpuint (by_name->len + by_birth->len, ==, 0);
      g_assert_false (md_match_index_add (index, i, &bad_names[i], &birth));
      g_assert_false (md_match_index_add (index, i, &name, &bad_births[i]));
    }
  g_assert_cmpuint (md_match_index_get_size (index), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  table = argv[1];
  g_test_add_func ("/identity/match-index/finds-whom-matching-finds",
                   test_finds_whom_matching_finds);
  g_test_add_func ("/identity/match-index/misses-nobody", test_misses_nobody);
  g_test_add_func ("/identity/match-index/birth-in-every-form", test_birth_in_every_form);
  g_test_add_func ("/identity/match-index/nothing-to-find-by", test_nothing_to_find_by);
  return g_test_run ();
}
