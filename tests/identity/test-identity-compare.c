// SPDX-License-Identifier: Apache-2.0
#include <md-identity.h>

static void
check (const MdAttributeClaim *claim, const MdAttributeMatch *expected, gboolean holds)
{
  g_autoptr (MdCardAttributes) card
      = md_card_attributes_new ("田中　恵子", "東京都あおぞら区青空一丁目２－３", "19830514", "2");
  MdAttributeMatch match;
  md_identity_compare (card, claim, &match);
  g_assert_cmpint (match.name, ==, expected->name);
  g_assert_cmpint (match.address, ==, expected->address);
  g_assert_cmpint (match.birth, ==, expected->birth);
  g_assert_cmpint (match.sex, ==, expected->sex);
  g_assert_true (md_attribute_match_holds (&match) == holds);
}

static void
test_same (void)
{
  const MdAttributeClaim claim
      = { "田中　恵子", "東京都あおぞら区青空一丁目２－３", "1983-05-14", "2" };
  const MdAttributeMatch expected = { MD_MATCH_SAME, MD_MATCH_SAME, MD_MATCH_SAME, MD_MATCH_SAME };
  check (&claim, &expected, TRUE);
}

static void
test_same_form (void)
{
  const MdAttributeClaim claim
      = { "田中 恵子", "東京都あおぞら区青空一丁目2-3", "昭和58年5月14日", NULL };
  const MdAttributeMatch expected
      = { MD_MATCH_SAME_FORM, MD_MATCH_SAME_FORM, MD_MATCH_SAME, MD_MATCH_UNKNOWN };
  check (&claim, &expected, TRUE);
}

// One difference is enough, in each of the four.
static void
test_one_difference (void)
{
  const MdMatch s = MD_MATCH_SAME;
  const MdMatch d = MD_MATCH_DIFFERENT;
  static const MdAttributeClaim good
      = { "田中　恵子", "東京都あおぞら区青空一丁目２－３", "19830514", "2" };
  MdAttributeClaim name = good;
  MdAttributeClaim address = good;
  MdAttributeClaim birth = good;
  MdAttributeClaim sex = good;
  name.name = "田中　惠子";
  address.address = "東京都あおぞら区青空一丁目２－４";
  birth.birth = "19830515";
  sex.sex = "1";
  check (&name, &(MdAttributeMatch){ d, s, s, s }, FALSE);
  check (&address, &(MdAttributeMatch){ s, d, s, s }, FALSE);
  check (&birth, &(MdAttributeMatch){ s, s, d, s }, FALSE);
  check (&sex, &(MdAttributeMatch){ s, s, s, d }, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/identity/identity-compare/" name, func)
  ADD ("same", test_same);
  ADD ("same-form", test_same_form);
  ADD ("one-difference", test_one_difference);
#undef ADD
  return g_test_run ();
}
