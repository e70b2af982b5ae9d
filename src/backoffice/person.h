// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* Whom an opened intake is about: what the application says, as it was corrected since, and what
 * the office holds. */

/* The four items by which a person is known, and the reading. As src/intake/md-comparison.c has
 * them. */
typedef struct
{
  const char *name;  /* in files of ours: "name", "address", "birth", "sex", "kana" */
  const char *field; /* of the person's form */
  const char *filer; /* of who files, NULL where the form does not ask */
  MdMatchItem item;
  gboolean on_card;
  HeldColumn held;
} PersonItem;

typedef enum
{
  PERSON_NAME,
  PERSON_KANA,
  PERSON_BIRTH,
  PERSON_SEX,
  PERSON_ADDRESS,
  N_PERSON_ITEMS
} PersonItemId;

extern const PersonItem person_items[N_PERSON_ITEMS];

/* The numbers of an office's own by which it knows its people. */
typedef enum
{
  PERSON_ADDRESSEE, /* 宛名番号 */
  PERSON_INSURED,   /* 被保険者番号, 基礎年金番号 */
  PERSON_BRANCH,    /* 被保険者枝番 */
  N_PERSON_NUMBERS
} PersonNumber;

/* What the application says of this field, by the last correction that a second person confirmed;
 * NULL where it says nothing. Borrowed. */
const char *person_value (const Case *self, const char *field);

/* The field of the form that has this number, and NULL where the application has none. */
const char *person_number_field (const Case *self, PersonNumber number);

/* How one item stands in the application and in what was READ. */
MdMatch person_match (const Case *self, PersonItemId item, const MdMatchSide *read);

/* Who it is in the held data: by number, else by name and day of birth. */
HeldFinding person_find_held (const Case *self, const Desk *desk, guint *out_row);

typedef enum
{
  PERSON_UNKNOWN, /* neither the application nor the held data have such a number */
  PERSON_SAME,
  PERSON_OTHER, /* it is somebody else's */
} PersonVerdict;

/* Whether TEXT is the number of whom the intake is about. By a number alone nobody is the same:
 * where the held data know whose it is, name and day of birth have to be this person's. */
PersonVerdict person_judge_number (const Case *self, const Desk *desk, PersonNumber number,
                                   const char *text);

G_END_DECLS
