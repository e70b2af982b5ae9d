// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_STAFF_INSIDE) && !defined(MD_STAFF_COMPILATION)
#error "Include <md-staff.h>."
#endif

#include "md-base.h"

G_BEGIN_DECLS

/* What is stored of a password: salt, parameters and scrypt's output. Immutable, reference counted,
 * any thread. */
typedef struct _MdPasswordVerifier MdPasswordVerifier;

/* Computes a verifier with a fresh salt and today's parameters. Takes some tens of milliseconds;
 * any thread. */
MdPasswordVerifier *md_password_verifier_new (const MdSecret *password,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "scrypt$N$r$p$salt$output", hex; NULL with MD_STAFF_ERROR_FAILED for anything else or parameters
 * out of bounds. */
MdPasswordVerifier *md_password_verifier_parse (const char *text,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *md_password_verifier_to_string (const MdPasswordVerifier *self) G_GNUC_WARN_UNUSED_RESULT;

/* Takes as long as making one; any thread. */
gboolean md_password_verifier_matches (const MdPasswordVerifier *self, const MdSecret *password);

MdPasswordVerifier *md_password_verifier_ref (MdPasswordVerifier *self);
void md_password_verifier_unref (MdPasswordVerifier *self);

/* Whether PASSWORD may be set: at least 8 characters, not one character repeated, not a plain row
 * such as "12345678" or "abcdefgh", not the staff id. MD_STAFF_ERROR_WEAK tells which rule. */
gboolean md_password_is_acceptable (const MdSecret *password, const char *staff,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPasswordVerifier, md_password_verifier_unref)

G_END_DECLS
