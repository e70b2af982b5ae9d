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

/**
 * MdTrustRules: what a path must and may be beyond the usual. The JPKI profiles begin with both
 * INHIBIT rules, since JPKI asserts its policies itself; all others with none.
 * @MD_TRUST_RULE_EXPLICIT_POLICY: some certificate policy must hold through the whole path, even
 * when none was added
 * @MD_TRUST_RULE_INHIBIT_MAPPING: no authority may declare two policies to be equal
 * @MD_TRUST_RULE_INHIBIT_ANY_POLICY: "any policy" in a certificate stands for none
 * @MD_TRUST_RULE_EXTENDED_LISTS: revocation lists may be indirect, signed with a key of their own,
 * or for some reasons only. No policy turns this on: JPKI's lists are none of it, and a
 * kind of list that nobody here is served by is not taken from anybody.
 */
typedef enum
{
  MD_TRUST_RULES_NONE = 0,
  MD_TRUST_RULE_EXPLICIT_POLICY = 1 << 0,
  MD_TRUST_RULE_INHIBIT_MAPPING = 1 << 1,
  MD_TRUST_RULE_INHIBIT_ANY_POLICY = 1 << 2,
  MD_TRUST_RULE_EXTENDED_LISTS = 1 << 3,
} MdTrustRules;

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

/** Takes @rules in place of those of the profile. */
void md_trust_set_rules (MdTrust *self, MdTrustRules rules);

/** An anchor of the other JPKI line. Nothing that it issues is trusted here; but it is known for
 * what it is, and refused as WRONG_PROFILE instead of UNTRUSTED_ISSUER. */
void md_trust_add_other_anchor (MdTrust *self, const MdCertificate *anchor);

/**
 * Permits in the paths only these keys and hashes (ids of md-algorithms.h, NULL terminated).
 * Without it, all that md-algorithms.h names are. MD_PKI_ERROR_UNSUPPORTED for an id that is none.
 */
gboolean md_trust_set_algorithms (MdTrust *self, const char *const *keys, const char *const *hashes,
                                  GError **error);

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

/**
 * The same, and none of the path but the anchor may be on its issuer's revocation list: @lists (of
 * GBytes, DER or PEM) are all there are. REVOKED or SUSPENDED when one is, REVOCATION_UNKNOWN when
 * a list is wanting, unreadable ones included, and when there is a delta among them that could say
 * otherwise than the complete ones. (transfer full)
 */
MdVerdict *md_trust_check_listed (const MdTrust *self, const MdCertificate *certificate,
                                  const GPtrArray *intermediates, const GPtrArray *lists,
                                  gint64 time) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdTrust, md_trust_unref)

G_END_DECLS
