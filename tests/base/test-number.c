// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

#define GENERATED 100000u
#define SEED 20261122u

static const char *
word_of (const GError *error)
{
  static const char *const words[] = { [MD_NUMBER_ERROR_LENGTH] = "length",
                                       [MD_NUMBER_ERROR_CHARACTER] = "character",
                                       [MD_NUMBER_ERROR_SHAPE] = "shape",
                                       [MD_NUMBER_ERROR_CHECK_DIGIT] = "check-digit" };

  g_assert_true (error != NULL && error->domain == MD_NUMBER_ERROR);
  return words[error->code];
}

/* No sentence may say the number, nor most of it. */
static void
assert_says_nothing (const char *sentence, const char *typed)
{
  if (strlen (typed) >= 5)
    g_assert_null (strstr (sentence, typed));
  for (const char *p = sentence; *p != '\0'; p++)
    g_assert_cmpuint (strspn (p, "0123456789"), <=, 2);
}

static void
check_row (char **row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdNumber) number = NULL;
  MdNumberKind kind;

  g_assert_true (md_number_kind_from_id (row[0], &kind));
  number = md_number_parse (kind, row[1], &error);
  if (number == NULL)
    {
      g_assert_cmpstr (word_of (error), ==, row[2]);
      assert_says_nothing (error->message, row[1]);
      g_assert_false (md_number_is_valid (kind, row[1]));
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (md_secret_get_text (md_number_get_digits (number)), ==, row[2]);
  g_assert_cmpstr (md_number_get_warning (number) != NULL ? "doubt" : "-", ==, row[3]);
  if (md_number_get_warning (number) != NULL)
    assert_says_nothing (md_number_get_warning (number), row[1]);
  g_assert_true (md_number_is_valid (kind, row[2]));
  g_assert_cmpint (md_number_is_valid (kind, row[1]), ==, g_str_equal (row[1], row[2]));
}

static void
test_vectors (void)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "tests/base/numbers.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint rows = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) row = g_strsplit (lines[i], "\t", -1);

      if (lines[i][0] == '#' || lines[i][0] == '\0')
        continue;
      g_test_message ("line %u", i + 1);
      g_assert_cmpuint (g_strv_length (row), ==, 5);
      check_row (row);
      rows++;
    }
  g_assert_cmpuint (rows, >=, 75);
}

/* --- what each formula finds, said beforehand and then counted --- */

/* The remainder on which the check digit of a modulus 11 kind rests, written down from the left as
 * the reference's other wording has it; the modulus 10 kinds have no such weakness. */
static guint
remainder_of (MdNumberKind kind, const char *digits)
{
  static const guint individual[] = { 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
  static const guint municipality[] = { 6, 5, 4, 3, 2 };
  const gboolean person = kind == MD_NUMBER_INDIVIDUAL;
  const guint *weights = person ? individual : municipality;
  const gsize length = person ? G_N_ELEMENTS (individual) : G_N_ELEMENTS (municipality);
  guint sum = 0;

  for (gsize i = 0; i < length; i++)
    sum += weights[i] * (guint)g_ascii_digit_value (digits[i]);
  return sum % 11;
}

/* Two remainders that give the same check digit: 0 and 1 for a 個人番号 (both 0), 0 and 10 for a
 * municipality (both 1). */
static gboolean
is_blind_between (MdNumberKind kind, guint a, guint b)
{
  const guint other = kind == MD_NUMBER_INDIVIDUAL ? 1 : 10;

  return (a == 0 && b == other) || (a == other && b == 0);
}

/* The same, worked out to the end. */
static char
check_digit_by_hand (MdNumberKind kind, const char *digits)
{
  const guint rest = remainder_of (kind, digits);

  if (kind == MD_NUMBER_INDIVIDUAL)
    return (char)(rest <= 1 ? '0' : '0' + 11 - rest);
  return (char)('0' + (11 - rest) % 10);
}

/* What a changed digit before the last does to the formula: modulus 10 finds all; modulus 11 all
 * but those that go between its two remainders of one check digit. */
static gboolean
misses_change (MdNumberKind kind, const char *right, const char *wrong)
{
  const gsize last = strlen (right) - 1;

  if (right[last] != wrong[last]
      || (kind != MD_NUMBER_INDIVIDUAL && kind != MD_NUMBER_MUNICIPALITY))
    return FALSE;
  return is_blind_between (kind, remainder_of (kind, right), remainder_of (kind, wrong));
}

/* Two neighbours in the wrong order: modulus 10 misses 0 beside 9 and nothing else. */
static gboolean
misses_swap (MdNumberKind kind, const char *right, const char *wrong, gsize place)
{
  const char a = MIN (right[place], right[place + 1]);
  const char b = MAX (right[place], right[place + 1]);

  if (kind != MD_NUMBER_INDIVIDUAL && kind != MD_NUMBER_MUNICIPALITY)
    return a == '0' && b == '9';
  if (place + 2 == strlen (right)) /* with the check digit itself */
    return wrong[place + 1] == check_digit_by_hand (kind, wrong);
  return is_blind_between (kind, remainder_of (kind, right), remainder_of (kind, wrong));
}

static const struct
{
  MdNumberKind kind;
  gsize length;
  const char *beginning;
} checked[] = { { MD_NUMBER_INDIVIDUAL, 12, "" },     { MD_NUMBER_CARE_INSURER, 6, "" },
                { MD_NUMBER_ELDERLY_INSURED, 8, "" }, { MD_NUMBER_ELDERLY_INSURER, 8, "39" },
                { MD_NUMBER_HEALTH_INSURER, 8, "" },  { MD_NUMBER_MUNICIPALITY, 6, "" } };

typedef struct
{
  guint made, changes_missed, swaps, swaps_missed;
} Tally;

/* Whether the program has nothing to say against it: an error, or the warning of a believed digit.
 */
static gboolean
goes_unnoticed (MdNumberKind kind, const char *digits)
{
  g_autoptr (MdNumber) number = md_number_parse (kind, digits, NULL);

  return number != NULL && md_number_get_warning (number) == NULL;
}

static void
make_right (GRand *random, gsize n, char *digits)
{
  const gsize length = checked[n].length;

  do
    {
      const gsize from = strlen (checked[n].beginning);

      memcpy (digits, checked[n].beginning, from);
      for (gsize i = from; i < length - 1; i++)
        digits[i] = (char)('0' + g_rand_int_range (random, 0, 10));
      digits[length - 1] = '\0';
      digits[length - 1] = md_number_kind_check_digit (checked[n].kind, digits);
      digits[length] = '\0';
    }
  while (strspn (digits, "0") == length);
}

/* As an IME, a paper or a hurried hand writes it. */
static char *
write_down (GRand *random, const char *digits)
{
  static const char *const gaps[] = { "", "", "", "-", " ", "　", "－", "ー" };
  GString *text = g_string_new (NULL);
  const gboolean wide = g_rand_boolean (random);

  for (const char *p = digits; *p != '\0'; p++)
    {
      if (wide)
        g_string_append_unichar (text, 0xff10 + (gunichar)(*p - '0'));
      else
        g_string_append_c (text, *p);
      g_string_append (text, gaps[g_rand_int_range (random, 0, G_N_ELEMENTS (gaps))]);
    }
  return g_string_free (text, FALSE);
}

static void
check_change (GRand *random, gsize n, const char *right, Tally *tally)
{
  const MdNumberKind kind = checked[n].kind;
  const gsize place = (gsize)g_rand_int_range (random, (gint32)strlen (checked[n].beginning),
                                               (gint32)checked[n].length);
  g_autofree char *wrong = g_strdup (right);
  gboolean missed;

  wrong[place] = (char)('0' + (right[place] - '0' + g_rand_int_range (random, 1, 10)) % 10);
  missed = goes_unnoticed (kind, wrong);
  g_assert_cmpint (missed, ==, misses_change (kind, right, wrong));
  tally->changes_missed += missed ? 1 : 0;
}

static void
check_swap (GRand *random, gsize n, const char *right, Tally *tally)
{
  const MdNumberKind kind = checked[n].kind;
  const gsize place = (gsize)g_rand_int_range (random, (gint32)strlen (checked[n].beginning),
                                               (gint32)checked[n].length - 1);
  g_autofree char *wrong = g_strdup (right);
  gboolean missed;

  if (right[place] == right[place + 1])
    return;
  wrong[place] = right[place + 1];
  wrong[place + 1] = right[place];
  missed = goes_unnoticed (kind, wrong);
  g_assert_cmpint (missed, ==, misses_swap (kind, right, wrong, place));
  tally->swaps++;
  tally->swaps_missed += missed ? 1 : 0;
}

static void
test_generated (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  Tally tallies[G_N_ELEMENTS (checked)] = { 0 };

  for (guint i = 0; i < GENERATED; i++)
    {
      const gsize n = i % G_N_ELEMENTS (checked);
      char right[13];
      g_autofree char *written = NULL;
      g_autoptr (MdNumber) number = NULL;

      make_right (random, n, right);
      written = write_down (random, right);
      number = md_number_parse (checked[n].kind, written, NULL);
      g_assert_nonnull (number);
      g_assert_cmpstr (md_secret_get_text (md_number_get_digits (number)), ==, right);
      g_assert_null (md_number_get_warning (number));
      tallies[n].made++;
      check_change (random, n, right, &tallies[n]);
      check_swap (random, n, right, &tallies[n]);
    }
  for (gsize n = 0; n < G_N_ELEMENTS (checked); n++)
    {
      const Tally *t = &tallies[n];

      g_test_message ("%s: %u made, one digit changed: %u missed, of %u swapped: %u missed",
                      md_number_kind_get_id (checked[n].kind), t->made, t->changes_missed, t->swaps,
                      t->swaps_missed);
      /* No formula may be so weak that a counter could do without it. */
      g_assert_cmpuint (t->changes_missed * 100, <=, t->made * 2);
      g_assert_cmpuint (t->swaps_missed * 100, <=, t->swaps * 4);
    }
}

/* Where no formula is published every number of the right length is taken. */
static void
test_without_formula (void)
{
  static const MdNumberKind kinds[]
      = { MD_NUMBER_RESIDENT_RECORD, MD_NUMBER_BASIC_PENSION, MD_NUMBER_CARE_INSURED };

  for (gsize n = 0; n < G_N_ELEMENTS (kinds); n++)
    {
      const guint length = n == 0 ? 11 : 10;

      g_assert_cmpint (md_number_kind_get_check (kinds[n]), ==, MD_NUMBER_CHECK_NONE);
      g_assert_cmpint (md_number_kind_check_digit (kinds[n], "1234567890"), ==, '\0');
      for (guint64 i = 0; i < 1000; i++)
        {
          g_autofree char *text
              = g_strdup_printf ("%0*" G_GUINT64_FORMAT, (int)length, i * 9876543 + i);

          g_assert_true (goes_unnoticed (kinds[n], text));
        }
    }
}

/* Every digit at every place of one number of each kind with a formula. */
static void
test_one_check_digit (void)
{
  for (gsize n = 0; n < G_N_ELEMENTS (checked); n++)
    for (guint base = 1; base < 500; base++)
      {
        const gsize length = checked[n].length;
        g_autofree char *digits = g_strdup_printf ("%011" G_GUINT64_FORMAT "0",
                                                   base * G_GUINT64_CONSTANT (179426549)
                                                       % G_GUINT64_CONSTANT (100000000000));
        guint fitting = 0;

        digits[length] = '\0';
        memcpy (digits, checked[n].beginning, strlen (checked[n].beginning));
        for (char check = '0'; check <= '9'; check++)
          {
            digits[length - 1] = check;
            fitting += goes_unnoticed (checked[n].kind, digits) ? 1 : 0;
          }
        g_assert_cmpuint (fitting, ==, 1);
      }
}

static void
test_forms_of_it (void)
{
  static const struct
  {
    MdNumberKind kind;
    const char *typed, *masked, *display;
  } rows[] = {
    { MD_NUMBER_INDIVIDUAL, "123456789018", "********9018", "1234-5678-9018" },
    { MD_NUMBER_RESIDENT_RECORD, "24727059608", "*******9608", "24727059608" },
    { MD_NUMBER_BASIC_PENSION, "1234567890", "******7890", "1234-567890" },
    { MD_NUMBER_CARE_INSURED, "H234567890", "******7890", "H234567890" },
    { MD_NUMBER_CARE_INSURER, "131011", "******", "131011" },
    { MD_NUMBER_ELDERLY_INSURED, "12345674", "******74", "12345674" },
    { MD_NUMBER_ELDERLY_INSURER, "39131156", "********", "39131156" },
    { MD_NUMBER_HEALTH_INSURER, "138057", "******", "138057" },
    { MD_NUMBER_MUNICIPALITY, "131016", "******", "131016" },
  };

  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, MD_N_NUMBER_KINDS);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MdNumber) number = md_number_parse (rows[i].kind, rows[i].typed, NULL);
      g_autofree char *display = NULL;

      g_assert_nonnull (number);
      display = md_number_to_display (number);
      g_assert_cmpint (md_number_get_kind (number), ==, rows[i].kind);
      g_assert_cmpstr (md_number_get_masked (number), ==, rows[i].masked);
      g_assert_cmpstr (display, ==, rows[i].display);
      g_assert_cmpint (md_number_kind_is_personal (rows[i].kind), ==,
                       strspn (rows[i].masked, "*") < strlen (rows[i].masked));
    }
}

static void
test_equal (void)
{
  g_autoptr (MdNumber) insurer = md_number_parse (MD_NUMBER_CARE_INSURER, "139998", NULL);
  g_autoptr (MdNumber) again = md_number_parse (MD_NUMBER_CARE_INSURER, "139-998", NULL);
  g_autoptr (MdNumber) other = md_number_parse (MD_NUMBER_CARE_INSURER, "131011", NULL);
  g_autoptr (MdNumber) municipality = md_number_parse (MD_NUMBER_MUNICIPALITY, "139998", NULL);

  g_assert_true (md_number_equal (insurer, again));
  g_assert_false (md_number_equal (insurer, other));
  g_assert_false (md_number_equal (insurer, municipality));
}

static void
test_care_insurer_of (void)
{
  g_autofree char *insurer = md_number_care_insurer_of ("131016");

  g_assert_cmpstr (insurer, ==, "131011");
  g_assert_null (md_number_care_insurer_of ("131011"));
  g_assert_null (md_number_care_insurer_of ("13101"));
  g_assert_null (md_number_care_insurer_of (NULL));
}

/* What no field gives: it is refused, and nothing is read beyond its end. */
static void
test_rubbish (void)
{
  g_autofree char *endless = g_strnfill (100000, '1');
  static const char *const texts[] = { "", "-", "\xff\xff", "12345\xff", "H", "﷽", "𝟙𝟚𝟛", "٣٤٥" };
  MdNumberKind kind;

  for (guint k = 0; k < MD_N_NUMBER_KINDS; k++)
    {
      g_assert_null (md_number_parse ((MdNumberKind)k, endless, NULL));
      for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_assert_null (md_number_parse ((MdNumberKind)k, texts[i], NULL));
    }
  g_assert_false (md_number_kind_from_id ("shoe-size", &kind));
  g_assert_false (md_number_kind_from_id (NULL, &kind));
  g_assert_cmpint (md_number_kind_check_digit (MD_NUMBER_MUNICIPALITY, NULL), ==, '\0');
  g_assert_cmpint (md_number_kind_check_digit (MD_NUMBER_MUNICIPALITY, "1310"), ==, '\0');
  g_assert_cmpint (md_number_kind_check_digit (MD_NUMBER_MUNICIPALITY, "1310a"), ==, '\0');
  g_assert_cmpint (md_number_kind_check_digit (MD_NUMBER_MUNICIPALITY, "13101"), ==, '6');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/number/vectors", test_vectors);
  g_test_add_func ("/base/number/generated", test_generated);
  g_test_add_func ("/base/number/without-formula", test_without_formula);
  g_test_add_func ("/base/number/one-check-digit", test_one_check_digit);
  g_test_add_func ("/base/number/forms-of-it", test_forms_of_it);
  g_test_add_func ("/base/number/equal", test_equal);
  g_test_add_func ("/base/number/care-insurer-of", test_care_insurer_of);
  g_test_add_func ("/base/number/rubbish", test_rubbish);
  return g_test_run ();
}
