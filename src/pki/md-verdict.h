// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"
#include "md-verdict-cause.h"

G_BEGIN_DECLS

#define MD_TYPE_VERDICT (md_verdict_get_type ())

/**
 * MdVerdictStatus: what is known about a certificate at a time. Only VALID is good.
 * @MD_VERDICT_VALID: path, profile and whatever else was asked for hold
 * @MD_VERDICT_EXPIRED: it, or an issuer, is past its end
 * @MD_VERDICT_NOT_YET_VALID: it, or an issuer, begins later (a terminal's clock may be wrong)
 * @MD_VERDICT_REVOKED: the issuer has revoked it, or an authority above it (reason and time are
 * given)
 * @MD_VERDICT_SUSPENDED: the same for a time: the issuer holds it back (reason certificateHold), as
 * after a card was reported lost
 * @MD_VERDICT_UNTRUSTED_ISSUER: no path to one of our anchors
 * @MD_VERDICT_WRONG_PROFILE: issued by an anchor, but not for this purpose, or not with permitted
 * algorithms: the cause says which
 * @MD_VERDICT_TEST_CERTIFICATE: of a test PKI, and this is production
 * @MD_VERDICT_BAD_SIGNATURE: a signature in the path does not fit
 * @MD_VERDICT_REVOCATION_UNKNOWN: the authority's own responder says that it does not know the
 * certificate; of evidence and of whole paths also: what is there settles nothing
 * @MD_VERDICT_DEFERRED: all that could be checked holds; nobody said anything about revocation that
 * can be believed (the cause says why), and it is to be asked later
 */
typedef enum
{
  MD_VERDICT_VALID,
  MD_VERDICT_EXPIRED,
  MD_VERDICT_NOT_YET_VALID,
  MD_VERDICT_REVOKED,
  MD_VERDICT_SUSPENDED,
  MD_VERDICT_UNTRUSTED_ISSUER,
  MD_VERDICT_WRONG_PROFILE,
  MD_VERDICT_TEST_CERTIFICATE,
  MD_VERDICT_BAD_SIGNATURE,
  MD_VERDICT_REVOCATION_UNKNOWN,
  MD_VERDICT_DEFERRED,
  MD_N_VERDICT_STATUSES
} MdVerdictStatus;

/** MdRevocationSource: who said that it is not revoked. */
typedef enum
{
  MD_REVOCATION_SOURCE_NONE,
  MD_REVOCATION_SOURCE_OCSP,
  MD_REVOCATION_SOURCE_CRL,
} MdRevocationSource;

GType md_verdict_get_type (void);

MdVerdict *md_verdict_ref (const MdVerdict *self) G_GNUC_WARN_UNUSED_RESULT;
void md_verdict_unref (MdVerdict *self);

MdVerdictStatus md_verdict_get_status (const MdVerdict *self);

/** What was found, within the status. */
MdVerdictCause md_verdict_get_cause (const MdVerdict *self);

/** The certificate judged, and the one that issued it (NULL when no path was found). (transfer
 * none) */
MdCertificate *md_verdict_get_certificate (const MdVerdict *self);
MdCertificate *md_verdict_get_issuer (const MdVerdict *self);

/** Whose state the status is: the certificate judged, or an authority of its path that is past its
 * end, revoked, not one to issue. (transfer none) */
MdCertificate *md_verdict_get_concerned (const MdVerdict *self);

/** The path that held, from the certificate to the anchor (MdCertificate); NULL when none did.
 * (transfer none) */
GPtrArray *md_verdict_get_chain (const MdVerdict *self);

/** The time for which the verdict was given. */
gint64 md_verdict_get_time (const MdVerdict *self);

/** One short English line for the log and the audit record; no personal data. Never NULL. (transfer
 * none) */
const char *md_verdict_get_detail (const MdVerdict *self);

/** For the person at the counter, translated: what was found, when and why it was revoked, and what
 * to do. (transfer full) */
char *md_verdict_dup_message (const MdVerdict *self) G_GNUC_WARN_UNUSED_RESULT;

MdRevocationSource md_verdict_get_revocation_source (const MdVerdict *self);

/** CRLReason (RFC 5280, -1 when none was given) and time; only when the status is REVOKED or
 * SUSPENDED. */
int md_verdict_get_revocation_reason (const MdVerdict *self);
gint64 md_verdict_get_revocation_time (const MdVerdict *self);

/** The OCSP response in DER, or NULL. (transfer none) */
GBytes *md_verdict_get_ocsp_response (const MdVerdict *self);

/** Identity of the CRL that was used: issuer DN, CRL number (hexadecimal, may be NULL), thisUpdate.
 */
const char *md_verdict_get_crl_issuer (const MdVerdict *self);
const char *md_verdict_get_crl_number (const MdVerdict *self);
gint64 md_verdict_get_crl_this_update (const MdVerdict *self);

/** SHA-256 over that CRL in DER, lower-case hexadecimal; and the CRL itself, in DER, when it has at
 * most MD_LIMIT_CRL_EVIDENCE bytes, else NULL. (transfer none) */
const char *md_verdict_get_crl_sha256 (const MdVerdict *self);
GBytes *md_verdict_get_crl (const MdVerdict *self);

/** Stable words for files and JSON: "valid", "expired", "not-yet-valid", ... ; "none", "ocsp",
 * "crl". */
const char *md_verdict_status_to_string (MdVerdictStatus status);
gboolean md_verdict_status_from_string (const char *text, MdVerdictStatus *out_status);
const char *md_revocation_source_to_string (MdRevocationSource source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdVerdict, md_verdict_unref)

G_END_DECLS
