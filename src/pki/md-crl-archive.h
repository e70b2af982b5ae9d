// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-crl-store.h"

G_BEGIN_DECLS

/* Revocation lists of all times in one folder, each under its digest: for evidence that only names
 * the list it was judged by. What lies there is believed for its digest and its signature alone. */

/** The list (DER) whose SHA-256 is @sha256 in lower-case hexadecimal, or NULL: it is not there, or
 * is another one. (transfer full) */
GBytes *md_crl_archive_find (const char *path, const char *sha256) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Puts a list (DER or PEM) there, however old: TAKEN, SAME, or kept out as FOREIGN (none of
 * @issuers, element-type MdCertificate, has signed it), UNFIT or UNREADABLE. The folder is made
 * when there is none. *@out_sha256 (nullable) for what lies there then. FALSE only when it could
 * not be written: IO.
 */
gboolean md_crl_archive_keep (const char *path, GBytes *list, const GPtrArray *issuers,
                              MdCrlOffer *out_offer, char **out_sha256,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
