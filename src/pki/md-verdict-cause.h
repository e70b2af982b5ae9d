// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * MdVerdictCause: why, within a status. A status says what becomes of the case, its cause names
 * what was found. Causes of one status never appear with another, but for the kinds of certificate.
 * @MD_VERDICT_CAUSE_NONE: the status says it all
 *
 * Wrong profile; the first six are kinds of certificate, told when one turns up that is of no use
 * here whoever issued it:
 * @MD_VERDICT_CAUSE_AUTHORITY: it is an authority's own
 * @MD_VERDICT_CAUSE_SERVER: it is a server's (for TLS)
 * @MD_VERDICT_CAUSE_RESPONDER: it signs OCSP answers
 * @MD_VERDICT_CAUSE_REGISTRATION: it is a company's, by the commercial register (商業登記)
 * @MD_VERDICT_CAUSE_SIGNATURE_KIND: a signature certificate where authentication is asked
 * @MD_VERDICT_CAUSE_AUTHENTICATION_KIND: the other way round
 * @MD_VERDICT_CAUSE_ISSUER: the issuer is not the JPKI authority of this line
 * @MD_VERDICT_CAUSE_ORGANIZATION: the issuer's organization is not one that the policy names
 * @MD_VERDICT_CAUSE_POLICY: none of the accepted certificate policies holds through the path
 * @MD_VERDICT_CAUSE_KEY_USAGE: the key is not for this
 * @MD_VERDICT_CAUSE_ALGORITHM: a key or a signature in the path is not on the permitted list
 * @MD_VERDICT_CAUSE_EXTENSION: a critical extension that nobody here knows, or a malformed one
 * @MD_VERDICT_CAUSE_NAMES: names that its issuer may not give, or a name that is missing
 *
 * Untrusted issuer:
 * @MD_VERDICT_CAUSE_NO_ANCHOR: nothing leads to an anchor
 * @MD_VERDICT_CAUSE_NOT_AUTHORITY: an issuer in the path may not issue certificates, or not so many
 * @MD_VERDICT_CAUSE_BETWEEN: an authority between the certificate and the JPKI root
 *
 * Revocation unknown or deferred:
 * @MD_VERDICT_CAUSE_NO_LIST: no revocation list covers it
 * @MD_VERDICT_CAUSE_BAD_LIST: there is one, which cannot be believed or is out of date
 * @MD_VERDICT_CAUSE_NO_ANSWER: nobody could be asked, or nobody answered
 * @MD_VERDICT_CAUSE_RESPONDER_BUSY: the responder answers that it cannot answer now
 * @MD_VERDICT_CAUSE_RESPONDER_REFUSES: the responder answers that it does not answer such a
 * question
 * @MD_VERDICT_CAUSE_BAD_ANSWER: an answer that cannot be believed, or is not about this question
 */
typedef enum
{
  MD_VERDICT_CAUSE_NONE,
  MD_VERDICT_CAUSE_AUTHORITY,
  MD_VERDICT_CAUSE_SERVER,
  MD_VERDICT_CAUSE_RESPONDER,
  MD_VERDICT_CAUSE_REGISTRATION,
  MD_VERDICT_CAUSE_SIGNATURE_KIND,
  MD_VERDICT_CAUSE_AUTHENTICATION_KIND,
  MD_VERDICT_CAUSE_ISSUER,
  MD_VERDICT_CAUSE_ORGANIZATION,
  MD_VERDICT_CAUSE_POLICY,
  MD_VERDICT_CAUSE_KEY_USAGE,
  MD_VERDICT_CAUSE_ALGORITHM,
  MD_VERDICT_CAUSE_EXTENSION,
  MD_VERDICT_CAUSE_NAMES,
  MD_VERDICT_CAUSE_NO_ANCHOR,
  MD_VERDICT_CAUSE_NOT_AUTHORITY,
  MD_VERDICT_CAUSE_BETWEEN,
  MD_VERDICT_CAUSE_NO_LIST,
  MD_VERDICT_CAUSE_BAD_LIST,
  MD_VERDICT_CAUSE_NO_ANSWER,
  MD_VERDICT_CAUSE_RESPONDER_BUSY,
  MD_VERDICT_CAUSE_RESPONDER_REFUSES,
  MD_VERDICT_CAUSE_BAD_ANSWER,
  MD_N_VERDICT_CAUSES
} MdVerdictCause;

/** Stable words for files and the log: "none", "server-certificate", "algorithm", ... */
const char *md_verdict_cause_to_string (MdVerdictCause cause);
gboolean md_verdict_cause_from_string (const char *text, MdVerdictCause *out_cause);

/** One sentence for people, translated: "This is the certificate of a server." NULL for NONE.
 * (transfer none) */
const char *md_verdict_cause_get_message (MdVerdictCause cause);

/** The CRLReason of RFC 5280 as it is written there ("keyCompromise"; "unspecified" for one that
 * was not given), and the same for people, translated. (transfer none) */
const char *md_revocation_reason_to_string (int reason);
const char *md_revocation_reason_get_label (int reason);

G_END_DECLS
