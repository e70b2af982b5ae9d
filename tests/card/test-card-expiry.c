// SPDX-License-Identifier: Apache-2.0
// From when a card is near its end: the day from which offices renew it.
#include <locale.h>
#include <md-card.h>

static void
test_judge (void)
{
  static const struct
  {
    const char *expiry;
    MdDate today;
    guint months;
    MdCardExpiry expected;
  } rows[] = {
    // Two days that a ward office gives as examples, and the day before each.
    { "20230707", { 2023, 4, 7 }, 3, MD_CARD_EXPIRY_FAR },
    { "20230707", { 2023, 4, 8 }, 3, MD_CARD_EXPIRY_SOON },
    { "20230528", { 2023, 2, 28 }, 3, MD_CARD_EXPIRY_FAR },
    { "20230528", { 2023, 3, 1 }, 3, MD_CARD_EXPIRY_SOON },
    // No such date three months before: the first of the month after.
    { "20230531", { 2023, 2, 28 }, 3, MD_CARD_EXPIRY_FAR },
    { "20230531", { 2023, 3, 1 }, 3, MD_CARD_EXPIRY_SOON },
    { "20240531", { 2024, 2, 29 }, 3, MD_CARD_EXPIRY_FAR },
    { "20240531", { 2024, 3, 1 }, 3, MD_CARD_EXPIRY_SOON },
    // Over New Year, and to the end of February.
    { "20270115", { 2026, 10, 15 }, 3, MD_CARD_EXPIRY_FAR },
    { "20270115", { 2026, 10, 16 }, 3, MD_CARD_EXPIRY_SOON },
    { "20270228", { 2026, 11, 28 }, 3, MD_CARD_EXPIRY_FAR },
    { "20270228", { 2026, 11, 29 }, 3, MD_CARD_EXPIRY_SOON },
    // Its last day, and the first without it.
    { "20270115", { 2027, 1, 15 }, 3, MD_CARD_EXPIRY_SOON },
    { "20270115", { 2027, 1, 16 }, 3, MD_CARD_EXPIRY_PAST },
    // An office that renews earlier, and one that wants no word of it.
    { "20270115", { 2026, 1, 16 }, 12, MD_CARD_EXPIRY_SOON },
    { "20270115", { 2026, 1, 15 }, 12, MD_CARD_EXPIRY_FAR },
    { "20270115", { 2027, 1, 15 }, 0, MD_CARD_EXPIRY_FAR },
    { "20270115", { 2027, 1, 16 }, 0, MD_CARD_EXPIRY_PAST },
    // No day at all.
    { "20230229", { 2023, 1, 1 }, 3, MD_CARD_EXPIRY_UNKNOWN },
    { "", { 2023, 1, 1 }, 3, MD_CARD_EXPIRY_UNKNOWN },
    { NULL, { 2023, 1, 1 }, 3, MD_CARD_EXPIRY_UNKNOWN },
    { "00010101", { 1, 1, 1 }, G_MAXUINT, MD_CARD_EXPIRY_SOON },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s on %04u-%02u-%02u", rows[i].expiry, rows[i].today.year,
                      rows[i].today.month, rows[i].today.day);
      g_assert_cmpint (md_card_expiry_judge (rows[i].expiry, &rows[i].today, rows[i].months), ==,
                       rows[i].expected);
    }
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/card-expiry/judge", test_judge);
  return g_test_run ();
}
