// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "person.h"

#include <string.h>

#include "addition.h"

const PersonItem person_items[N_PERSON_ITEMS] = {
  [PERSON_NAME] = { "name", "p.name", "a.name", MD_MATCH_ITEM_NAME, TRUE, HELD_NAME },
  [PERSON_KANA] = { "kana", "p.kana", NULL, MD_MATCH_ITEM_KANA, FALSE, HELD_KANA },
  [PERSON_BIRTH] = { "birth", "p.birth", "a.birth", MD_MATCH_ITEM_DATE, TRUE, HELD_BIRTH },
  [PERSON_SEX] = { "sex", "p.sex", NULL, MD_MATCH_ITEM_SEX, TRUE, HELD_SEX },
  [PERSON_ADDRESS] = { "address", "p.addr", "a.addr", MD_MATCH_ITEM_ADDRESS, TRUE, HELD_ADDRESS },
};

/* By which number the office knows the person, in the forms that ask for it. */
static const struct
{
  const char *fields[3];
  HeldColumn held;
} numbers[N_PERSON_NUMBERS] = {
  [PERSON_ADDRESSEE] = { { "p.atena" }, HELD_ADDRESSEE },
  [PERSON_INSURED] = { { "n.bpn", "k.insured", "l.insured" }, HELD_INSURED },
  [PERSON_BRANCH] = { { "l.branch_no" }, HELD_BRANCH },
};

const char *
person_value (const Case *self, const char *field)
{
  const char *corrected = addition_find_corrected (self, field);
  const char *text = corrected != NULL ? corrected : md_record_get_text (self->values, field);

  return text != NULL && *text != '\0' ? text : NULL;
}

const char *
person_number_field (const Case *self, PersonNumber number)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers[number].fields); i++)
    {
      const char *field = numbers[number].fields[i];

      if (field != NULL && person_value (self, field) != NULL)
        return field;
    }
  return NULL;
}

MdMatch
person_match (const Case *self, PersonItemId item, const MdMatchSide *read)
{
  g_autoptr (MdMatchVerdict) verdict = md_match_on_form (
      person_items[item].item, read, person_value (self, person_items[item].field));

  return md_match_verdict_get_match (verdict);
}

static const char *
value_of_number (const Case *self, PersonNumber number)
{
  const char *field = person_number_field (self, number);

  return field != NULL ? person_value (self, field) : NULL;
}

HeldFinding
person_find_held (const Case *self, const Desk *desk, guint *out_row)
{
  const HeldAsked asked = { .addressee = value_of_number (self, PERSON_ADDRESSEE),
                            .insured = value_of_number (self, PERSON_INSURED),
                            .branch = value_of_number (self, PERSON_BRANCH),
                            .name = person_value (self, "p.name"),
                            .birth = person_value (self, "p.birth") };

  return desk->held != NULL ? held_find (desk->held, &asked, out_row) : HELD_NOBODY;
}

/* --- Whose number --- */

static gboolean
is_held_as (const Case *self, const Desk *desk, guint row, PersonItemId item)
{
  const MdMatchSide side = { .source = MD_MATCH_FROM_HELD,
                             .text = held_get (desk->held, row, person_items[item].held) };
  const MdMatch match = person_match (self, item, &side);

  return match == MD_MATCH_SAME || match == MD_MATCH_SAME_FORM;
}

/* Whom the held data know by that number alone. */
static PersonVerdict
judge_by_owner (const Case *self, const Desk *desk, PersonNumber number, const char *text)
{
  const HeldAsked asked = { .addressee = number == PERSON_ADDRESSEE ? text : NULL,
                            .insured = number == PERSON_INSURED ? text : NULL,
                            .branch = number == PERSON_BRANCH ? text : NULL };
  guint row = 0;

  if (desk->held == NULL || held_find (desk->held, &asked, &row) != HELD_FOUND)
    return PERSON_UNKNOWN;
  return is_held_as (self, desk, row, PERSON_NAME) && is_held_as (self, desk, row, PERSON_BIRTH)
             ? PERSON_SAME
             : PERSON_OTHER;
}

/* Whether the held data have another number of the person, who is found by name and birth. */
static gboolean
is_held_otherwise (const Case *self, const Desk *desk, PersonNumber number, const char *text)
{
  const HeldAsked asked
      = { .name = person_value (self, "p.name"), .birth = person_value (self, "p.birth") };
  const char *held = NULL;
  guint row = 0;

  if (desk->held == NULL || held_find (desk->held, &asked, &row) != HELD_FOUND)
    return FALSE;
  held = held_get (desk->held, row, numbers[number].held);
  return *held != '\0' && strcmp (held, text) != 0;
}

PersonVerdict
person_judge_number (const Case *self, const Desk *desk, PersonNumber number, const char *text)
{
  const char *value = value_of_number (self, number);
  md_autowipe char *own = g_strdup (value);
  PersonVerdict verdict = judge_by_owner (self, desk, number, text);

  if (own != NULL)
    held_squeeze (own);
  if (verdict == PERSON_OTHER || (own != NULL && strcmp (own, text) != 0)
      || (own == NULL && is_held_otherwise (self, desk, number, text)))
    return PERSON_OTHER;
  return own != NULL ? PERSON_SAME : verdict;
}
