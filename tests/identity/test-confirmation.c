// SPDX-License-Identifier: Apache-2.0
// The rules of the confirmation list, on values alone.
#include <md-identity.h>
#include <string.h>

static GBytes *
of (const char *text)
{
  return text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
}

static void
link_clear (MdNumberLink *link)
{
  g_clear_pointer (&link->addressee, g_bytes_unref);
  g_clear_pointer (&link->person, g_bytes_unref);
  g_clear_pointer (&link->number, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdNumberLink, link_clear)

/* Every way in which two intakes can say it: addressee, person and number of each. */
static void
test_number (void)
{
  static const struct
  {
    const char *mine[3], *earlier[3];
    const char *rule; /* NULL: nothing to be confirmed */
  } rows[] = {
    { { "a1", "p1", "n1" }, { "a1", "p1", "n1" }, NULL },
    { { "a1", "p2", "n1" }, { "a1", "p1", "n1" }, NULL }, /* the name changed, the addressee not */
    { { "a1", "p1", "n2" }, { "a1", "p1", "n1" }, "number-changed" },
    { { "a1", "p2", "n2" }, { "a1", "p1", "n1" }, "number-changed" },
    { { "a2", "p1", "n1" }, { "a1", "p1", "n1" }, "number-bound-elsewhere" },
    { { "a2", "p2", "n1" }, { "a1", "p1", "n1" }, "number-bound-elsewhere" },
    { { "a2", "p1", "n2" }, { "a1", "p1", "n1" }, NULL }, /* two of one name and birthday */
    { { NULL, "p1", "n1" }, { "a1", "p1", "n1" }, NULL },
    { { NULL, "p2", "n1" }, { "a1", "p1", "n1" }, "number-bound-elsewhere" },
    { { "a1", "p2", "n1" }, { NULL, "p1", "n1" }, "number-bound-elsewhere" },
    { { NULL, "p1", "n2" }, { "a1", "p1", "n1" }, NULL }, /* it may be another of that name */
    { { NULL, "p1", "n2" }, { NULL, "p1", "n1" }, NULL },
    { { NULL, "p2", "n1" }, { NULL, "p1", "n1" }, "number-bound-elsewhere" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (MdNumberLink) mine
          = { of (rows[i].mine[0]), of (rows[i].mine[1]), of (rows[i].mine[2]) };
      g_auto (MdNumberLink) earlier
          = { of (rows[i].earlier[0]), of (rows[i].earlier[1]), of (rows[i].earlier[2]) };
      MdConfirmationRule rule = MD_N_CONFIRMATION_RULES;

      g_test_message ("row %u", i);
      g_assert_cmpint (md_number_link_differs (&mine, &earlier, &rule), ==, rows[i].rule != NULL);
      if (rows[i].rule != NULL)
        g_assert_cmpstr (md_confirmation_rule_to_string (rule), ==, rows[i].rule);
    }
}

static MdConfirmation *
compare (MdMatchItem item, const char *read, const char *on_form)
{
  const MdMatchSide side = { .source = MD_MATCH_FROM_HELD, .text = read };

  return md_confirmation_compare ("p.addr", item, &side, on_form);
}

/* A difference is a line, with what differs and without a character of the person's; another form
 * of the same, or nothing on one side, is none. */
static void
test_item (void)
{
  g_autoptr (MdConfirmation) line = compare (
      MD_MATCH_ITEM_ADDRESS, "架空県あおぞら区青空一丁目2番3号", "架空県あおぞら区青空1-2-4");

  g_assert_nonnull (line);
  g_assert_cmpint (line->rule, ==, MD_CONFIRMATION_ITEM_DIFFERS);
  g_assert_cmpint (line->state, ==, MD_CONFIRMATION_OPEN);
  g_assert_cmpstr (line->reasons, ==, "numbers");
  g_assert_nonnull (line->why);
  g_assert_null (strstr (line->why, "青空"));
  g_assert_null (compare (MD_MATCH_ITEM_ADDRESS, "架空県あおぞら区青空一丁目2番3号",
                          "架空県あおぞら区青空１－２－３"));
  g_assert_null (compare (MD_MATCH_ITEM_NAME, "髙橋　太郎", "高橋 太郎"));
  g_assert_null (compare (MD_MATCH_ITEM_NAME, NULL, "高橋 太郎"));
  g_assert_null (compare (MD_MATCH_ITEM_NAME, "高橋 太郎", NULL));
}

static void
test_keys (void)
{
  g_autoptr (MdSecret) key = md_secret_new_from_text ("0123456789abcdef0123456789abcdef");
  g_autoptr (MdSecret) other_key = md_secret_new_from_text ("1123456789abcdef0123456789abcdef");
  const char *const sides[][2]
      = { { "a", "b" }, { "x", "b" }, { "a", "x" }, { "ab", "" }, { NULL, "ab" } };
  g_autoptr (GHashTable) marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autoptr (MdConfirmation) line
          = md_confirmation_new (MD_CONFIRMATION_ITEM_DIFFERS, "p.name");
      g_autofree char *first = NULL;

      md_confirmation_set_keys (line, key, "1", sides[i][0], sides[i][1]);
      first = g_strdup (line->mark);
      g_assert_cmpuint (strlen (first), ==, 8);
      md_confirmation_set_keys (line, key, "1", sides[i][0], sides[i][1]);
      g_assert_cmpstr (line->mark, ==, first);
      g_assert_true (g_hash_table_add (marks, g_strdup (line->mark)));
      md_confirmation_set_keys (line, key, "2", sides[i][0], sides[i][1]);
      g_assert_true (g_hash_table_add (marks, g_strdup (line->mark)));
      md_confirmation_set_keys (line, other_key, "1", sides[i][0], sides[i][1]);
      g_assert_true (g_hash_table_add (marks, g_strdup (line->mark)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/confirmation/number", test_number);
  g_test_add_func ("/identity/confirmation/item", test_item);
  g_test_add_func ("/identity/confirmation/keys", test_keys);
  return g_test_run ();
}
