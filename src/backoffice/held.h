// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-base.h>

G_BEGIN_DECLS

/* What the office holds about its people (被保険者資格, 住民記録の写し), as a file that the
 * business system makes: UTF-8, a line for each person, the columns that its first line names, with
 * tabs between them. data/protocol/held-1.schema.json describes it. No individual number is in it.
 */
typedef struct _Held Held;

typedef enum
{
  HELD_ADDRESSEE, /* 宛名番号; of one person only */
  HELD_INSURED,   /* 被保険者番号, 基礎年金番号; may be empty */
  HELD_NAME,
  HELD_KANA,  /* may be empty, as the rest but for the birth */
  HELD_BIRTH, /* whatever md_date_parse() reads */
  HELD_SEX,   /* male, female, or a code */
  HELD_ADDRESS,
  HELD_BRANCH,       /* 被保険者枝番; of one person only */
  HELD_HOUSEHOLD,    /* 世帯番号 */
  HELD_RELATIONSHIP, /* 世帯主との続柄 */
  HELD_RENOVATION, /* what is left of the limit of home renovations (住宅改修の支給限度残額), in yen
                    */
  N_HELD
} HeldColumn;

/* Fails rather than to leave anybody out: the message names the line and its column, and nobody.
 * (transfer full) */
Held *held_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Wipes; NULL is allowed. */
void held_free (Held *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Held, held_free)

/* How many people are held. */
guint held_get_size (const Held *self);

/* A value of row @row: "" where it is not known. Borrowed. */
const char *held_get (const Held *self, guint row, HeldColumn column);

/* Takes the blanks and hyphens out of @number that it may be written with. */
void held_squeeze (char *number);

/* What an application says of whom it is about; each may be NULL. */
typedef struct
{
  const char *addressee, *insured, *branch, *name, *birth;
} HeldAsked;

typedef enum
{
  HELD_NOBODY,
  HELD_FOUND,
  HELD_SEVERAL,
} HeldFinding;

/* The row of that person: by the addressee number, else the insured number, else the branch number,
 * else by name, in whatever form, and day of birth. What is found by a number may still differ in
 * all the rest. */
HeldFinding held_find (const Held *self, const HeldAsked *asked, guint *out_row);

G_END_DECLS
