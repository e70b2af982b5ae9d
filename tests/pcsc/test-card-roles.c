// SPDX-License-Identifier: Apache-2.0
// Which reader is for whom: what the administrator fixed, what was chosen, and what stands in.
#include <md-card-register.h>
#include <md-card-roles.h>

#include <string.h>

// For each of the readers: R, S, f where nobody has said anything of it, else -.
static char *
describe (MdCardRoles *roles, const char *const *readers)
{
  MdCardRole given[8] = { MD_CARD_ROLE_NONE };
  gboolean unsaid[8] = { FALSE };
  GString *text = g_string_new (NULL);
  _md_card_roles_assign (roles, readers, given, unsaid);
  for (guint i = 0; readers[i] != NULL; i++)
    g_string_append_c (text, given[i] == MD_CARD_ROLE_RESIDENT ? 'R'
                             : given[i] == MD_CARD_ROLE_STAFF  ? 'S'
                             : unsaid[i]                       ? 'f'
                                                               : '-');
  return g_string_free (text, FALSE);
}

#define assert_roles(roles, expected, ...)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const char *const names[] = { __VA_ARGS__, NULL };                                             \
    g_autofree char *described = describe (roles, names);                                          \
    g_assert_cmpstr (described, ==, expected);                                                     \
  }                                                                                                \
  G_STMT_END

#define choose(roles, at, role, ...)                                                               \
  _md_card_roles_choose (roles, (const char *const[]){ __VA_ARGS__, NULL }, at, role)

#define CARRIED "Maker CCID (0123) 00 00"
#define OTHER "Other Reader (77) 01 00"

typedef MdCardRoles Roles;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Roles, _md_card_roles_free)

// Which readers may be used: by name, with or without the count; by pattern; without a list, any.
static void
test_register (void)
{
  static const struct
  {
    const char *entry, *reader;
    gboolean has;
  } rows[] = {
    { "Maker CCID (0123)", CARRIED, TRUE },
    { "Maker CCID (0123)", "Maker CCID (0123) 0A 01", TRUE },
    { "Maker CCID (0123) 00 00", CARRIED, TRUE },
    { "Maker CCID (0123) 00 00", "Maker CCID (0123) 01 00", FALSE },
    { "Maker CCID (*)", CARRIED, TRUE },
    { "Maker CCID (012?)", CARRIED, TRUE },
    { "Maker CCID", CARRIED, FALSE },
    { "CCID*", CARRIED, FALSE },
    { "maker CCID (0123)", CARRIED, FALSE },
    { "*", "Maker CCID (0123)", TRUE },
    { "*", "Maker \xff\xfe 00 00", FALSE },
    { "Maker CCID [CCID Interface] (*)", "Maker CCID [CCID Interface] (5) 00 00", TRUE },
    { "Maker CCID [CCID Interface] (*)", "Maker CCID C (5) 00 00", FALSE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *const entries[] = { OTHER, rows[i].entry, NULL };
      g_test_message ("%s: %s", rows[i].entry, rows[i].reader);
      g_assert_cmpint (_md_card_register_has (entries, rows[i].reader), ==, rows[i].has);
    }
  g_assert_true (_md_card_register_has (NULL, "Maker \xff 00 00"));
}

static void
test_nobody_said (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  assert_roles (roles, "ff", CARRIED, OTHER);
  g_assert_false (_md_card_roles_is_chosen (roles, MD_CARD_ROLE_STAFF));
  g_assert_true (choose (roles, 1, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  g_assert_true (_md_card_roles_is_chosen (roles, MD_CARD_ROLE_STAFF));
  g_assert_false (_md_card_roles_is_chosen (roles, MD_CARD_ROLE_RESIDENT));
}

static void
test_chosen (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  assert_roles (roles, "Sf", CARRIED, OTHER);
  g_assert_true (choose (roles, 1, MD_CARD_ROLE_RESIDENT, CARRIED, OTHER));
  assert_roles (roles, "SR", CARRIED, OTHER);
  // The wrong way round: one act puts both right.
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_RESIDENT, CARRIED, OTHER));
  assert_roles (roles, "RS", CARRIED, OTHER);
  g_assert_true (choose (roles, 1, MD_CARD_ROLE_NONE, CARRIED, OTHER));
  assert_roles (roles, "R-", CARRIED, OTHER);
}

// One that had no role takes another's: that one stands in where it can again.
static void
test_taken_over (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  g_assert_true (choose (roles, 1, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  assert_roles (roles, "fS", CARRIED, OTHER);
}

// Remembered for the reader: plugged in again in another order, in other company, after a restart.
static void
test_remembered (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_autoptr (Roles) later = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  g_autoptr (GVariant) kept = _md_card_roles_get_choices (roles);
  g_autofree char *text = g_variant_print (kept, FALSE);
  g_assert_cmpstr (text, ==, "{'Maker CCID (0123) 00': 'staff'}");
  _md_card_roles_set_choices (later, kept);
  assert_roles (later, "fS", "Other Reader (77) 00 00", "Maker CCID (0123) 02 00");
  assert_roles (later, "f", "Maker CCID (0124) 00 00"); // of the same kind, and not that one
  assert_roles (later, "Sf", "Maker CCID (0123) 00 00", "Maker CCID (0123) 00 01"); // two slots
}

// Readers that are called the same can only be told apart by the order they were plugged in.
static void
test_twins (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_RESIDENT, "Twin 00 00", "Twin 01 00"));
  g_assert_true (choose (roles, 1, MD_CARD_ROLE_STAFF, "Twin 00 00", "Twin 01 00"));
  assert_roles (roles, "RS", "Twin 00 00", "Twin 01 00");
  assert_roles (roles, "S", "Twin 01 00"); // alone, it is still the one it was
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_RESIDENT, "Twin 01 00"));
  assert_roles (roles, "R", "Twin 01 00");
}

// Two remembered for the same: the first of them has it.
static void
test_both_remembered (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED));
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, OTHER));
  assert_roles (roles, "S-", OTHER, CARRIED);
  assert_roles (roles, "S", CARRIED);
}

static void
test_fixed (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED, OTHER));
  _md_card_roles_fix (roles, MD_CARD_ROLE_STAFF, OTHER);
  assert_roles (roles, "-S", CARRIED, OTHER);
  g_assert_false (choose (roles, 0, MD_CARD_ROLE_STAFF, CARRIED, OTHER));    // the role is fixed
  g_assert_false (choose (roles, 1, MD_CARD_ROLE_RESIDENT, CARRIED, OTHER)); // the reader is
  g_assert_true (choose (roles, 0, MD_CARD_ROLE_RESIDENT, CARRIED, OTHER));
  assert_roles (roles, "RS", CARRIED, OTHER);
  // Away, it is waited for; the one that was chosen does not stand in.
  assert_roles (roles, "R", CARRIED);
  _md_card_roles_fix (roles, MD_CARD_ROLE_STAFF, NULL);
  assert_roles (roles, "Rf", CARRIED, OTHER);
}

static void
test_odd_words (void)
{
  g_autoptr (Roles) roles = _md_card_roles_new ();
  g_autoptr (GVariant) odd
      = g_variant_ref_sink (g_variant_new_parsed ("{'A 00': 'both', 'B 00': 'none', '': 'staff'}"));
  _md_card_roles_set_choices (roles, odd);
  assert_roles (roles, "f-f", "A 00 00", "B 00 00", " 00 00");
  g_autoptr (GVariant) kept = _md_card_roles_get_choices (roles);
  g_assert_cmpuint (g_variant_n_children (kept), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pcsc/card-roles/register", test_register);
  g_test_add_func ("/pcsc/card-roles/nobody-said", test_nobody_said);
  g_test_add_func ("/pcsc/card-roles/chosen", test_chosen);
  g_test_add_func ("/pcsc/card-roles/taken-over", test_taken_over);
  g_test_add_func ("/pcsc/card-roles/remembered", test_remembered);
  g_test_add_func ("/pcsc/card-roles/twins", test_twins);
  g_test_add_func ("/pcsc/card-roles/both-remembered", test_both_remembered);
  g_test_add_func ("/pcsc/card-roles/fixed", test_fixed);
  g_test_add_func ("/pcsc/card-roles/odd-words", test_odd_words);
  return g_test_run ();
}
