// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_DIGITS 12u
#define MAX_TYPED 256u

G_DEFINE_QUARK (md_number_error_quark, md_number_error)

struct _MdNumber
{
  gatomicrefcount count;
  MdNumberKind kind;
  MdSecret *digits;
  char masked[MAX_DIGITS + 1];
};

G_DEFINE_BOXED_TYPE (MdNumber, md_number, md_number_ref, md_number_unref)

/* A formula: the check digit of @length digits. */
typedef char (*Formula) (const char *digits, gsize length);

static guint
weighted_sum (const char *digits, const char *weights)
{
  guint sum = 0;

  for (gsize i = 0; weights[i] != '\0'; i++)
    sum += (guint)(digits[i] - '0') * (guint)(weights[i] - '0');
  return sum;
}

/* 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード等に関する省令,
 * article 5. The remainders 0 and 1 both give 0. */
static char
individual_formula (const char *digits, gsize length)
{
  const guint rest = weighted_sum (digits, "65432765432") % 11;

  return (char)('0' + (rest <= 1 ? 0 : 11 - rest));
}

/* The remainders 0 and 10 both give 1. */
static char
municipality_formula (const char *digits, gsize length)
{
  return (char)('0' + (11 - weighted_sum (digits, "65432") % 11) % 10);
}

/* A row for each kind. Where a formula is not published there is none: a number that its issuer
 * gave is never refused for a rule of ours. */
static const struct
{
  const char *id;
  guint8 length, other_length; /* 0: no other */
  const char *dashes;          /* as people write it, NULL: in one piece */
  guint8 shown;                /* last digits that the masked form leaves */
  gboolean personal;
  gboolean never_zeros;  /* zeros only would fit the formula, and are nobody's */
  char letter;           /* that may stand for the first digit, or '\0' */
  const char *beginning; /* that it must have, or NULL */
  MdNumberCheck check;
  Formula formula;
} kinds[MD_N_NUMBER_KINDS] = {
  [MD_NUMBER_INDIVIDUAL] = { .id = "individual",
                             .length = 12,
                             .dashes = "0000-0000-0000",
                             .shown = 4,
                             .personal = TRUE,
                             .never_zeros = TRUE,
                             .check = MD_NUMBER_CHECK_ENFORCED,
                             .formula = individual_formula },
  /* It has a check digit, by a notice of 2002 (告示436号) whose text is not to be had. */
  [MD_NUMBER_RESIDENT_RECORD]
  = { .id = "resident-record", .length = 11, .shown = 4, .personal = TRUE },
  [MD_NUMBER_BASIC_PENSION]
  = { .id = "basic-pension", .length = 10, .dashes = "0000-000000", .shown = 4, .personal = TRUE },
  /* Each municipality has its own rule; H for those who are not insured (生活保護). */
  [MD_NUMBER_CARE_INSURED]
  = { .id = "care-insured", .length = 10, .shown = 4, .personal = TRUE, .letter = 'H' },
  [MD_NUMBER_CARE_INSURER] = { .id = "care-insurer",
                               .length = 6,
                               .never_zeros = TRUE,
                               .check = MD_NUMBER_CHECK_ENFORCED,
                               .formula = md_digits_modulus10 },
  [MD_NUMBER_ELDERLY_INSURED] = { .id = "elderly-insured",
                                  .length = 8,
                                  .shown = 2,
                                  .personal = TRUE,
                                  .check = MD_NUMBER_CHECK_BELIEVED,
                                  .formula = md_digits_modulus10 },
  [MD_NUMBER_ELDERLY_INSURER] = { .id = "elderly-insurer",
                                  .length = 8,
                                  .beginning = "39",
                                  .check = MD_NUMBER_CHECK_ENFORCED,
                                  .formula = md_digits_modulus10 },
  [MD_NUMBER_HEALTH_INSURER] = { .id = "health-insurer",
                                 .length = 6,
                                 .other_length = 8,
                                 .never_zeros = TRUE,
                                 .check = MD_NUMBER_CHECK_ENFORCED,
                                 .formula = md_digits_modulus10 },
  [MD_NUMBER_MUNICIPALITY] = { .id = "municipality",
                               .length = 6,
                               .check = MD_NUMBER_CHECK_ENFORCED,
                               .formula = municipality_formula },
};

const char *
md_number_kind_get_id (MdNumberKind kind)
{
  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS, NULL);
  return kinds[kind].id;
}

gboolean
md_number_kind_from_id (const char *id, MdNumberKind *out_kind)
{
  const int row = MD_TABLE_ROW (kinds, id);

  if (row >= 0)
    *out_kind = (MdNumberKind)row;
  return row >= 0;
}

MdNumberCheck
md_number_kind_get_check (MdNumberKind kind)
{
  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS, MD_NUMBER_CHECK_NONE);
  return kinds[kind].check;
}

gboolean
md_number_kind_is_personal (MdNumberKind kind)
{
  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS, TRUE);
  return kinds[kind].personal;
}

static gboolean
has_length (MdNumberKind kind, gsize length)
{
  return length == kinds[kind].length
         || (kinds[kind].other_length != 0 && length == kinds[kind].other_length);
}

char
md_number_kind_check_digit (MdNumberKind kind, const char *digits)
{
  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS, '\0');

  const gsize length = digits == NULL ? 0 : strnlen (digits, MAX_DIGITS + 1);

  if (kinds[kind].formula == NULL || !has_length (kind, length + 1)
      || !md_digits_is (digits, length))
    return '\0';
  return kinds[kind].formula (digits, length);
}

/* Whether the last of @digits is the one that the others call for; TRUE without a formula. */
static gboolean
fits (MdNumberKind kind, const char *digits)
{
  const gsize length = strlen (digits);

  return kinds[kind].formula == NULL
         || kinds[kind].formula (digits, length - 1) == digits[length - 1];
}

static gboolean
refuse (GError **error, MdNumberError code, const char *message)
{
  g_set_error_literal (error, MD_NUMBER_ERROR, code, message);
  return FALSE;
}

static gboolean
check_characters (MdNumberKind kind, const char *text, GError **error)
{
  const char letter = kinds[kind].letter;
  const char *digits = letter != '\0' && text[0] == letter ? text + 1 : text;

  if (digits[strspn (digits, "0123456789")] == '\0')
    return TRUE;
  if (letter != '\0')
    return refuse (error, MD_NUMBER_ERROR_CHARACTER,
                   _ ("Only digits belong here; an H may stand in front. Check the number."));
  return refuse (error, MD_NUMBER_ERROR_CHARACTER,
                 _ ("Only digits belong here, and something else was typed. Check the number."));
}

static gboolean
check_length (MdNumberKind kind, const char *text, GError **error)
{
  const guint length = (guint)strlen (text);

  if (has_length (kind, length))
    return TRUE;
  if (kinds[kind].other_length != 0)
    g_set_error (error, MD_NUMBER_ERROR, MD_NUMBER_ERROR_LENGTH,
                 _ ("This number has %u or %u digits, and %u were typed. Check the number."),
                 kinds[kind].length, kinds[kind].other_length, length);
  else
    g_set_error (error, MD_NUMBER_ERROR, MD_NUMBER_ERROR_LENGTH,
                 _ ("This number has %u digits, and %u were typed. Check the number."),
                 kinds[kind].length, length);
  return FALSE;
}

static gboolean
check_shape (MdNumberKind kind, const char *text, GError **error)
{
  const char *beginning = kinds[kind].beginning;

  if (kinds[kind].never_zeros && text[strspn (text, "0")] == '\0')
    return refuse (error, MD_NUMBER_ERROR_SHAPE,
                   _ ("There is no number of zeros alone. Check the number."));
  if (beginning == NULL || g_str_has_prefix (text, beginning))
    return TRUE;
  g_set_error (error, MD_NUMBER_ERROR, MD_NUMBER_ERROR_SHAPE,
               _ ("This number begins with %s. Check the number."), beginning);
  return FALSE;
}

/* @text holds neither blanks nor dashes. */
static gboolean
check (MdNumberKind kind, const char *text, GError **error)
{
  if (!check_characters (kind, text, error) || !check_length (kind, text, error)
      || !check_shape (kind, text, error))
    return FALSE;
  if (kinds[kind].check != MD_NUMBER_CHECK_ENFORCED || fits (kind, text))
    return TRUE;
  return refuse (error, MD_NUMBER_ERROR_CHECK_DIGIT,
                 _ ("The check digit (the last one) does not fit the other digits, so one of them "
                    "was mistyped. Compare the number once more."));
}

gboolean
md_number_is_valid (MdNumberKind kind, const char *text)
{
  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS, FALSE);
  return text != NULL && check (kind, text, NULL);
}

/* Without dashes and blanks, and with the letter as it is printed. */
static char *
tidy (MdNumberKind kind, const char *text)
{
  char *tidied = strnlen (text, MAX_TYPED) < MAX_TYPED ? md_text_to_digits (text) : NULL;
  char *to = tidied;

  for (const char *from = tidied; from != NULL && *from != '\0'; from++)
    if (*from != '-')
      *to++ = *from;
  if (tidied == NULL)
    return NULL;
  *to = '\0';
  if (kinds[kind].letter != '\0' && g_ascii_toupper (tidied[0]) == kinds[kind].letter)
    tidied[0] = kinds[kind].letter;
  return tidied;
}

static MdNumber *
new_number (MdNumberKind kind, const char *digits)
{
  MdNumber *self = g_new0 (MdNumber, 1);
  const gsize length = strlen (digits);
  const gsize hidden = length - kinds[kind].shown;

  g_atomic_ref_count_init (&self->count);
  self->kind = kind;
  self->digits = md_secret_new_from_text (digits);
  memset (self->masked, '*', hidden);
  memcpy (self->masked + hidden, digits + hidden, length - hidden);
  return self;
}

MdNumber *
md_number_parse (MdNumberKind kind, const char *text, GError **error)
{
  md_autowipe char *digits = NULL;

  g_return_val_if_fail (kind < MD_N_NUMBER_KINDS && text != NULL, NULL);

  digits = tidy (kind, text);
  if (digits == NULL)
    {
      (void)refuse (error, MD_NUMBER_ERROR_CHARACTER,
                    _ ("Only digits belong here, and something else was typed. Check the number."));
      return NULL;
    }
  return check (kind, digits, error) ? new_number (kind, digits) : NULL;
}

MdNumber *
md_number_ref (MdNumber *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_number_unref (MdNumber *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_secret_unref (self->digits);
  md_wipe (self, sizeof *self);
  g_free (self);
}

MdNumberKind
md_number_get_kind (const MdNumber *self)
{
  g_return_val_if_fail (self != NULL, MD_NUMBER_INDIVIDUAL);
  return self->kind;
}

const MdSecret *
md_number_get_digits (const MdNumber *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->digits;
}

const char *
md_number_get_masked (const MdNumber *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->masked;
}

char *
md_number_to_display (const MdNumber *self)
{
  const char *digits;
  const char *dashes;
  char *text;

  g_return_val_if_fail (self != NULL, NULL);

  digits = md_secret_get_text (self->digits);
  dashes = kinds[self->kind].dashes;
  if (dashes == NULL)
    return g_strdup (digits);
  text = g_strdup (dashes);
  for (char *p = text; *p != '\0'; p++)
    if (*p != '-')
      *p = *digits++;
  return text;
}

const char *
md_number_get_warning (const MdNumber *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (kinds[self->kind].check != MD_NUMBER_CHECK_BELIEVED
      || fits (self->kind, md_secret_get_text (self->digits)))
    return NULL;
  return _ ("The last digit does not fit the other digits in the usual way. Compare the number "
            "once more; if it is right, go on.");
}

gboolean
md_number_equal (const MdNumber *a, const MdNumber *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);
  return a->kind == b->kind && md_secret_equal (a->digits, b->digits);
}

char *
md_number_care_insurer_of (const char *municipality)
{
  char number[] = "000000";

  if (!md_number_is_valid (MD_NUMBER_MUNICIPALITY, municipality))
    return NULL;
  memcpy (number, municipality, 5);
  number[5] = md_digits_modulus10 (number, 5);
  return g_strdup (number);
}
