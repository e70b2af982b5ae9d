// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib-object.h>

#include "md-secret.h"

G_BEGIN_DECLS

/** The numbers that a counter takes. What is known of each (length, formula, how sure) is one row
 * of the table in md-number.c. */
typedef enum
{
  MD_NUMBER_INDIVIDUAL,      /* 個人番号 */
  MD_NUMBER_RESIDENT_RECORD, /* 住民票コード */
  MD_NUMBER_BASIC_PENSION,   /* 基礎年金番号 */
  MD_NUMBER_CARE_INSURED,    /* 介護保険被保険者番号 */
  MD_NUMBER_CARE_INSURER,    /* 介護保険者番号 */
  MD_NUMBER_ELDERLY_INSURED, /* 後期高齢者医療被保険者番号 */
  MD_NUMBER_ELDERLY_INSURER, /* 後期高齢者医療保険者番号 */
  MD_NUMBER_HEALTH_INSURER,  /* 医療保険者番号: six digits (国保) or eight */
  MD_NUMBER_MUNICIPALITY,    /* 全国地方公共団体コード */
  MD_N_NUMBER_KINDS
} MdNumberKind;

/** What is known of the last digit. */
typedef enum
{
  MD_NUMBER_CHECK_NONE,     /* no formula is published: none is made up */
  MD_NUMBER_CHECK_BELIEVED, /* usual, but no source says so: a warning, never a refusal */
  MD_NUMBER_CHECK_ENFORCED, /* a source gives the formula */
} MdNumberCheck;

/** Which check a number failed. The message is a sentence for beside the field, in the user's
 * language; it never holds the number, nor the digit that would be right. */
typedef enum
{
  MD_NUMBER_ERROR_LENGTH,      /* too few or too many digits */
  MD_NUMBER_ERROR_CHARACTER,   /* something else than digits */
  MD_NUMBER_ERROR_SHAPE,       /* nothing but zeros, or another beginning than its kind has */
  MD_NUMBER_ERROR_CHECK_DIGIT, /* the last digit does not fit the others */
} MdNumberError;

#define MD_NUMBER_ERROR (md_number_error_quark ())
GQuark md_number_error_quark (void);

/** "basic-pension", as forms name it. */
const char *md_number_kind_get_id (MdNumberKind kind);
gboolean md_number_kind_from_id (const char *id, MdNumberKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;

MdNumberCheck md_number_kind_get_check (MdNumberKind kind);

/** Whether it leads to a person: shown masked where a form says so. */
gboolean md_number_kind_is_personal (MdNumberKind kind);

/** The check digit, as a character, that @digits (all but the last) call for; '\0' for a kind
 * without a formula, or when @digits are not as many digits as it takes. */
char md_number_kind_check_digit (MdNumberKind kind, const char *digits) G_GNUC_WARN_UNUSED_RESULT;

/** Whether @text is a number of @kind just as it stands: no blanks, no dashes, no wide digits. NULL
 * is none. A believed check digit does not matter. */
gboolean md_number_is_valid (MdNumberKind kind, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** A number of one kind: immutable, counted, its digits in an MdSecret. */
typedef struct _MdNumber MdNumber;

#define MD_TYPE_NUMBER (md_number_get_type ())
GType md_number_get_type (void);

/** Reads what was typed or comes from a card, in any width, with blanks and dashes anywhere.
 * MD_NUMBER_ERROR. Transfer full. */
MdNumber *md_number_parse (MdNumberKind kind, const char *text,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

MdNumber *md_number_ref (MdNumber *self);
void md_number_unref (MdNumber *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdNumber, md_number_unref)

MdNumberKind md_number_get_kind (const MdNumber *self);

/** The digits and nothing else (transfer none). */
const MdSecret *md_number_get_digits (const MdNumber *self);

/** "********7188": the last digits of a number that leads to a person. One that does not is masked
 * as a whole, since it is only masked where it says something of a person (transfer none). */
const char *md_number_get_masked (const MdNumber *self);

/** As people write it: "1234-567890". Transfer full, to be wiped. */
char *md_number_to_display (const MdNumber *self) G_GNUC_WARN_UNUSED_RESULT;

/** A sentence for beside the field when a believed check digit does not fit, else NULL. Transfer
 * none. */
const char *md_number_get_warning (const MdNumber *self);

/** In constant time; numbers of two kinds are never equal. */
gboolean md_number_equal (const MdNumber *a, const MdNumber *b) G_GNUC_WARN_UNUSED_RESULT;

/** The insurer's number that a municipality has for its care insurance: the same five digits as in
 * its municipality code, and another check digit. NULL if @municipality is no such code. Transfer
 * full. */
char *md_number_care_insurer_of (const char *municipality) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
