// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_TRUST (md_trust_get_type ())

/**
 * MdTrustProfile: what a certificate is to be used for; beyond the path it must look like that.
 * @MD_TRUST_PROFILE_ANY: the path alone
 * @MD_TRUST_PROFILE_JPKI_AUTH: 利用者証明用: issuer DN "JPKI for user authentication",
 * digitalSignature, not nonRepudiation, one of the configured policies, RSA-2048 or better
 * @MD_TRUST_PROFILE_JPKI_SIGN: 署名用: "JPKI for digital signature", digitalSignature +
 * nonRepudiation
 * @MD_TRUST_PROFILE_STAFF_AUTH: digitalSignature, CN and serialNumber are the staff id
 * @MD_TRUST_PROFILE_STAFF_SIGN: the same with digitalSignature or nonRepudiation; signs intakes and
 * decisions
 * @MD_TRUST_PROFILE_RECIPIENT: keyAgreement (EC) or keyEncipherment (RSA); parts are sealed to it
 * @MD_TRUST_PROFILE_SIGNER: digitalSignature or nonRepudiation; receipts, policy bundles
 */
typedef enum
{
  MD_TRUST_PROFILE_ANY,
  MD_TRUST_PROFILE_JPKI_AUTH,
  MD_TRUST_PROFILE_JPKI_SIGN,
  MD_TRUST_PROFILE_STAFF_AUTH,
  MD_TRUST_PROFILE_STAFF_SIGN,
  MD_TRUST_PROFILE_RECIPIENT,
  MD_TRUST_PROFILE_SIGNER,
} MdTrustProfile;

GType md_trust_get_type (void);

/**
 * A trust of no anchors, which trusts nothing. Set it up first, then treat it as immutable and
 * share it. Production until md_trust_set_allow_test() says otherwise. (transfer full)
 */
MdTrust *md_trust_new (MdTrustProfile profile) G_GNUC_WARN_UNUSED_RESULT;
MdTrust *md_trust_ref (MdTrust *self) G_GNUC_WARN_UNUSED_RESULT;
void md_trust_unref (MdTrust *self);

MdTrustProfile md_trust_get_profile (const MdTrust *self);

/** Trusts what @anchor issues, and @anchor itself when it is the certificate judged. */
void md_trust_add_anchor (MdTrust *self, const MdCertificate *anchor);
guint md_trust_get_n_anchors (const MdTrust *self);

/**
 * Requires one of the added certificate policies (dotted OID) through the whole path. With none, no
 * policy is demanded, except that the JPKI profiles then accept nothing. MD_PKI_ERROR_MALFORMED for
 * a text that is no OID.
 */
gboolean md_trust_add_policy (MdTrust *self, const char *oid, GError **error);

/** JPKI profiles: the issuer's organisation (O) must be one of those added. With none, any that the
 * profile knows will do. */
void md_trust_add_organization (MdTrust *self, const char *organization);

/** TRUE: certificates of a test PKI (JPKI-SANDBOX, JPKI-TEST and the JPKI test policies) are
 * accepted. */
void md_trust_set_allow_test (MdTrust *self, gboolean allow);

/**
 * Judges path and profile of @certificate at @time; @intermediates (nullable, element-type
 * MdCertificate) are candidates, not trusted. Never asks about revocation: give the verdict to
 * md_revocation_check(). Always answers. (transfer full)
 */
MdVerdict *md_trust_check (const MdTrust *self, const MdCertificate *certificate,
                           const GPtrArray *intermediates, gint64 time) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdTrust, md_trust_unref)

G_END_DECLS
