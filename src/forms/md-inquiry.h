// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* Of whom is asked, in the place of a paper (情報照会). */
typedef enum
{
  MD_INQUIRY_TAX,        /* 税情報 */
  MD_INQUIRY_REGISTER,   /* 住民記録 */
  MD_INQUIRY_WELFARE,    /* 生活保護 */
  MD_INQUIRY_CARE,       /* 介護保険 */
  MD_INQUIRY_INSURANCE,  /* 医療保険 */
  MD_INQUIRY_DISABILITY, /* 障害者手帳 */
  MD_N_INQUIRIES
} MdInquiry;

/* "tax", as a form names it, "TX", as a number begins, and for people. Static; the last is
 * translated. */
const char *md_inquiry_to_id (MdInquiry inquiry);
const char *md_inquiry_get_letters (MdInquiry inquiry);
const char *md_inquiry_get_label (MdInquiry inquiry);
gboolean md_inquiry_from_id (const char *id, MdInquiry *out_inquiry) G_GNUC_WARN_UNUSED_RESULT;

/* The number of an inquiry's result: "TX-2026-000123-3": of whom was asked, the year, the number in
 * it, and the modulus 10 check digit (md_digits_modulus10()) of these ten digits. FALSE for any
 * other text. */
gboolean md_inquiry_read_number (const char *text,
                                 MdInquiry *out_inquiry) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
