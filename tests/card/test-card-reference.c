// SPDX-License-Identifier: Apache-2.0
#include <md-card.h>

static const MdDate today = { 2026, 11, 21 };

typedef struct
{
  MdReferenceEntry entry;
  const char *digits; // NULL: refused
  guint wrong;
} Row;

static const Row rows[] = {
  // The sample of the reference, in the forms in which people write it.
  { { "昭和55年2月17日", "2035", "2285" }, "55021720352285", 0 },
  { { "S55.2.17", "2035年2月17日", "2285" }, "55021720352285", 0 },
  { { "1980-02-17", "２０３５", "２２８５" }, "55021720352285", 0 },
  { { "19800217", "令和17年", "2285" }, "55021720352285", 0 },
  { { "昭和５５年２月１７日", "2035", " 2285 " }, "55021720352285", 0 },
  // One of each era, its first year, and the days around its start.
  { { "明治45年7月29日", "2030", "0001" }, "45072920300001", 0 },
  { { "大正元年7月30日", "2030", "0001" }, "01073020300001", 0 },
  { { "大正15年12月24日", "2030", "0001" }, "15122420300001", 0 },
  { { "昭和元年12月25日", "2030", "0001" }, "01122520300001", 0 },
  { { "昭和64年1月7日", "2030", "0001" }, "64010720300001", 0 },
  { { "平成元年1月8日", "2030", "0001" }, "01010820300001", 0 },
  { { "平成31年4月30日", "2030", "0001" }, "31043020300001", 0 },
  { { "令和元年5月1日", "2030", "0001" }, "01050120300001", 0 },
  { { "令和8年11月21日", "2030", "0001" }, "08112120300001", 0 },
  // What cannot be.
  { { "昭和65年1月1日", "2035", "2285" }, NULL, MD_REFERENCE_BIRTH },
  { { "1980-02-30", "2035", "2285" }, NULL, MD_REFERENCE_BIRTH },
  { { "令和8年11月22日", "2035", "2285" }, NULL, MD_REFERENCE_BIRTH }, // tomorrow
  { { "1868-01-24", "2035", "2285" }, NULL, MD_REFERENCE_BIRTH },      // before Meiji
  { { NULL, "2035", "2285" }, NULL, MD_REFERENCE_BIRTH },
  { { "S55.2.17", "2015", "2285" }, NULL, MD_REFERENCE_EXPIRY }, // before there were cards
  { { "S55.2.17", "2038", "2285" }, NULL, MD_REFERENCE_EXPIRY }, // no card lives so long
  { { "S55.2.17", "35", "2285" }, NULL, MD_REFERENCE_EXPIRY },
  { { "S55.2.17", "", "2285" }, NULL, MD_REFERENCE_EXPIRY },
  { { "S55.2.17", "2035", "228" }, NULL, MD_REFERENCE_CODE },
  { { "S55.2.17", "2035", "22A5" }, NULL, MD_REFERENCE_CODE },
  { { "", "x", NULL }, NULL, MD_REFERENCE_BIRTH | MD_REFERENCE_EXPIRY | MD_REFERENCE_CODE },
};

static void
test_entry (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MdReferenceB reference = { 0 };
      guint wrong = md_reference_b_parse (&rows[i].entry, &today, &reference);
      g_test_message ("%s %s %s", rows[i].entry.birth, rows[i].entry.expiry, rows[i].entry.code);
      g_assert_cmpuint (wrong, ==, rows[i].wrong);
      if (wrong != 0)
        {
          g_assert_cmpuint (reference.expiry_year, ==, 0);
          g_assert_cmpstr (md_reference_part_get_hint (wrong), !=, "");
          continue;
        }
      g_autoptr (MdSecret) digits = md_reference_b_assemble (&reference, MD_REFERENCE_ERA);
      g_assert_cmpstr (md_secret_get_text (digits), ==, rows[i].digits);
      g_assert_true (md_card_pin_is_plausible (MD_CARD_PIN_TEXT_B, digits));
    }
}

// Residents of foreign nationality: the date is printed in the Gregorian calendar.
static void
test_gregorian (void)
{
  const MdReferenceEntry entry = { "1980年2月17日", "2027", "0420" };
  MdReferenceB reference;
  g_assert_cmpuint (md_reference_b_parse (&entry, &today, &reference), ==, 0);
  g_autoptr (MdSecret) digits = md_reference_b_assemble (&reference, MD_REFERENCE_GREGORIAN);
  g_assert_cmpstr (md_secret_get_text (digits), ==, "80021720270420");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-reference/entry", test_entry);
  g_test_add_func ("/card/card-reference/gregorian", test_gregorian);
  return g_test_run ();
}
