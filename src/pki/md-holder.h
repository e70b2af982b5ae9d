// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_HOLDER (md_holder_get_type ())

/** MdHolderSex: as the signature certificate has it; other codes than the card's text application.
 */
typedef enum
{
  MD_HOLDER_SEX_MALE = 1,
  MD_HOLDER_SEX_FEMALE = 2,
  MD_HOLDER_SEX_UNKNOWN = 3,
} MdHolderSex;

GType md_holder_get_type (void);

/**
 * What a JPKI signature certificate says of its holder: the four attributes (基本4情報), and at
 * which places it has another character than the register (代替文字), since it can write JIS X 0208
 * and 0212 alone. Read by their object identifiers, whatever their order. Says nothing about the
 * certificate's validity: ask an MdTrust first. In locked memory; wiped when it goes.
 * MD_PKI_ERROR_UNSUPPORTED when the certificate carries none of them (it is of another kind),
 * _MALFORMED when one is missing, twice there or not of its form, or the places do not fit the
 * text. (transfer full)
 */
MdHolder *md_holder_new_from_certificate (const MdCertificate *certificate,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdHolder *md_holder_ref (MdHolder *self) G_GNUC_WARN_UNUSED_RESULT;
void md_holder_unref (MdHolder *self);

/** UTF-8 as written in the certificate. (transfer none) */
const char *md_holder_get_name (const MdHolder *self);
const char *md_holder_get_address (const MdHolder *self);

/** YYYYMMDD of the Gregorian calendar; month and day may be 00 where the register does not know.
 * (transfer none) */
const char *md_holder_get_birth (const MdHolder *self);

/** The era that stands before the birth date: 1 明治, 2 大正, 3 昭和, 4 平成, 5 令和, 0 unknown. */
guint md_holder_get_birth_era (const MdHolder *self);
MdHolderSex md_holder_get_sex (const MdHolder *self);

/** "0" and "1" for each character of name and address: "1" where it stands for one that the
 * certificate cannot write. (transfer none) */
const char *md_holder_get_name_marks (const MdHolder *self);
const char *md_holder_get_address_marks (const MdHolder *self);

/** Whether any character of name or address is a substitute. */
gboolean md_holder_has_substitutes (const MdHolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdHolder, md_holder_unref)

G_END_DECLS
