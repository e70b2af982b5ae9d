// SPDX-License-Identifier: Apache-2.0
#include "md-identity-proof.h"

#include "md-identity-proof-private.h"

G_DEFINE_BOXED_TYPE (MdIdentityProof, md_identity_proof, md_identity_proof_ref,
                     md_identity_proof_unref)

MdIdentityProof *
_md_identity_proof_new (MdPresenceChallenge *challenge)
{
  MdIdentityProof *self = g_new0 (MdIdentityProof, 1);
  g_atomic_ref_count_init (&self->count);
  self->challenge = md_presence_challenge_ref (challenge);
  self->revocation_reason = -1;
  self->verdict = MD_IDENTITY_BAD_PROOF; // until the flow has come to another
  return self;
}

void
_md_identity_proof_set_verdict (MdIdentityProof *self, MdIdentityVerdict verdict,
                                const char *detail)
{
  self->verdict = verdict;
  g_free (self->detail);
  self->detail = g_strdup (detail);
}

void
_md_identity_proof_set_pki (MdIdentityProof *self, const MdVerdict *verdict)
{
  _md_identity_proof_set_verdict (self,
                                  md_identity_verdict_from_pki (md_verdict_get_status (verdict)),
                                  md_verdict_get_detail (verdict));
  g_clear_pointer (&self->ocsp_response, g_bytes_unref);
  g_clear_pointer (&self->crl_issuer, g_free);
  g_clear_pointer (&self->crl_number, g_free);
  g_clear_pointer (&self->crl_sha256, g_free);
  g_clear_pointer (&self->crl, g_bytes_unref);
  self->cause = md_verdict_get_cause (verdict);
  self->revocation_reason = md_verdict_get_revocation_reason (verdict);
  self->revocation_time = md_verdict_get_revocation_time (verdict);
  self->revocation = md_verdict_get_revocation_source (verdict);
  GBytes *response = md_verdict_get_ocsp_response (verdict);
  if (response != NULL)
    self->ocsp_response = g_bytes_ref (response);
  if (self->revocation == MD_REVOCATION_SOURCE_CRL)
    {
      self->crl_issuer = g_strdup (md_verdict_get_crl_issuer (verdict));
      self->crl_number = g_strdup (md_verdict_get_crl_number (verdict));
      self->crl_this_update = md_verdict_get_crl_this_update (verdict);
      self->crl_sha256 = g_strdup (md_verdict_get_crl_sha256 (verdict));
      GBytes *crl = md_verdict_get_crl (verdict);
      self->crl = crl != NULL ? g_bytes_ref (crl) : NULL;
    }
}

MdIdentityProof *
md_identity_proof_ref (MdIdentityProof *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_identity_proof_unref (MdIdentityProof *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->detail);
  md_presence_challenge_unref (self->challenge);
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_clear_pointer (&self->certificate, md_certificate_unref);
  g_clear_pointer (&self->holder, md_holder_unref);
  g_clear_pointer (&self->ocsp_response, g_bytes_unref);
  g_free (self->crl_issuer);
  g_free (self->crl_number);
  g_free (self->crl_sha256);
  g_clear_pointer (&self->crl, g_bytes_unref);
  g_clear_pointer (&self->attributes, md_card_attributes_unref);
  g_clear_pointer (&self->number, md_number_unref);
  g_free (self->read_for);
  _md_identity_face_free (self->face);
  _md_papers_free (self->papers);
  _md_waiver_free (self->waiver);
  g_free (self);
}

MdIdentityVerdict
md_identity_proof_get_verdict (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, MD_IDENTITY_BAD_PROOF);
  return self->verdict;
}

MdVerdictCause
md_identity_proof_get_cause (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, MD_VERDICT_CAUSE_NONE);
  return self->cause;
}

gint64
md_identity_proof_get_revocation_time (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->revocation_time;
}

int
md_identity_proof_get_revocation_reason (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, -1);
  return self->revocation_reason;
}

const char *
md_identity_proof_get_method (const MdIdentityProof *self)
{
  if (self->papers != NULL)
    return self->papers_method;
  if (self->waiver != NULL)
    return MD_IDENTITY_METHOD_NONE;
  if (self->by_signature)
    return MD_IDENTITY_METHOD_SIGN;
  return self->face != NULL ? MD_IDENTITY_METHOD_FACE : MD_IDENTITY_METHOD_JPKI;
}

gint64
md_identity_proof_get_checked_at (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->checked_at;
}

MdPresenceChallenge *
md_identity_proof_get_challenge (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->challenge;
}

GBytes *
md_identity_proof_get_signature (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->signature;
}

MdCertificate *
md_identity_proof_get_certificate (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->certificate;
}

MdRevocationSource
md_identity_proof_get_revocation (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, MD_REVOCATION_SOURCE_NONE);
  return self->revocation;
}

GBytes *
md_identity_proof_get_ocsp_response (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->ocsp_response;
}

gint64
md_identity_proof_get_list_time (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->revocation == MD_REVOCATION_SOURCE_CRL ? self->crl_this_update : 0;
}

const char *
md_identity_proof_get_named_list (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->revocation == MD_REVOCATION_SOURCE_CRL && self->ocsp_response == NULL
                 && self->crl == NULL
             ? self->crl_sha256
             : NULL;
}

gboolean
md_identity_proof_take_list (MdIdentityProof *self, GBytes *list)
{
  const char *named = md_identity_proof_get_named_list (self);
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, list);
  if (named == NULL || g_strcmp0 (digest, named) != 0)
    return FALSE;
  self->crl = g_bytes_ref (list);
  return TRUE;
}

MdCardAttributes *
md_identity_proof_get_attributes (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->attributes;
}

MdNumber *
md_identity_proof_get_number (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->number;
}

const char *
md_identity_proof_get_detail (const MdIdentityProof *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->detail != NULL ? self->detail : "";
}

const MdCardProfile *
_md_identity_profile_of (const MdCertificate *certificate)
{
  static const struct
  {
    MdKeyType key;
    const char *profile;
  } rows[] = {
    { MD_KEY_TYPE_RSA, "rsa-2048" },
    { MD_KEY_TYPE_EC_P384, "ecdsa-p384" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (md_certificate_get_key_type (certificate) == rows[i].key)
      return md_card_profile_find (rows[i].profile);
  return NULL;
}

gboolean
_md_identity_challenge_is_signed (const MdPresenceChallenge *challenge,
                                  const MdCertificate *certificate, GBytes *signature)
{
  guint8 digest[MD_PRESENCE_DIGEST_MAX];
  const MdCardProfile *profile = _md_identity_profile_of (certificate);
  if (profile == NULL)
    return FALSE;
  gsize size = md_presence_challenge_compute (challenge, profile->hash, digest);
  return md_certificate_verify_hash (certificate, digest, size, signature, NULL);
}

// What the list says that the terminal asked. One that is only named cannot be asked again here; it
// is the terminal's word, signed by the clerk, and more than nothing: no list at all is DEFERRED.
static MdIdentityVerdict
recheck_list (const MdIdentityProof *self, const MdVerdict *path, gint64 moment)
{
  if (self->revocation != MD_REVOCATION_SOURCE_CRL)
    return MD_IDENTITY_DEFERRED;
  if (self->crl == NULL)
    return (self->verdict == MD_IDENTITY_VALID || self->verdict == MD_IDENTITY_FACE)
                   && self->crl_this_update <= moment
               ? MD_IDENTITY_LISTED
               : MD_IDENTITY_REVOCATION_UNKNOWN;
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->crl);
  if (g_strcmp0 (digest, self->crl_sha256) != 0)
    return MD_IDENTITY_REVOCATION_UNKNOWN;
  g_autoptr (MdVerdict) verdict = md_revocation_check_crl_evidence (path, self->crl, moment);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID
      && md_verdict_get_crl_this_update (verdict) != self->crl_this_update)
    return MD_IDENTITY_REVOCATION_UNKNOWN; // made out to be of another time than it is
  return md_identity_verdict_from_pki (md_verdict_get_status (verdict));
}

MdIdentityVerdict
_md_identity_recheck_certificate (const MdIdentityProof *self, const MdTrust *trust)
{
  const gint64 moment = self->checked_at / G_USEC_PER_SEC;
  g_autoptr (MdVerdict) path = md_trust_check (trust, self->certificate, NULL, moment);
  if (md_verdict_get_status (path) != MD_VERDICT_VALID)
    return md_identity_verdict_from_pki (md_verdict_get_status (path));
  if (self->face == NULL
      && (self->signature == NULL
          || !_md_identity_challenge_is_signed (self->challenge, self->certificate,
                                                self->signature)))
    return MD_IDENTITY_BAD_PROOF;
  if (self->ocsp_response == NULL)
    return recheck_list (self, path, moment);
  g_autoptr (GBytes) nonce = md_presence_challenge_dup_ocsp_nonce (self->challenge);
  g_autoptr (MdVerdict) verdict
      = md_revocation_check_evidence (path, self->ocsp_response, nonce, moment);
  return md_identity_verdict_from_pki (md_verdict_get_status (verdict));
}

MdIdentityVerdict
md_identity_proof_recheck (const MdIdentityProof *self, const MdTrust *trust,
                           const MdCardAuthorities *authorities)
{
  g_return_val_if_fail (self != NULL && trust != NULL, MD_IDENTITY_BAD_PROOF);
  if (self->papers != NULL)
    return MD_IDENTITY_DOCUMENTS_SHORT;
  if (self->face != NULL)
    return _md_identity_face_recheck (self, trust, authorities);
  if (self->certificate == NULL)
    return MD_IDENTITY_BAD_PROOF;
  MdIdentityVerdict verdict = _md_identity_recheck_certificate (self, trust);
  return self->by_signature ? _md_identity_recheck_holder (self, verdict) : verdict;
}

MdTrust *
md_identity_proof_create_trust (const MdIdentityProof *self, MdPolicy *policy, GError **error)
{
  g_return_val_if_fail (self != NULL && policy != NULL, NULL);
  return md_policy_create_trust (
      policy, self->by_signature ? MD_TRUST_PROFILE_JPKI_SIGN : MD_TRUST_PROFILE_JPKI_AUTH, error);
}

MdVerdictCause
md_identity_proof_find_cause (const MdIdentityProof *self, MdPolicy *policy)
{
  g_return_val_if_fail (self != NULL && policy != NULL, MD_VERDICT_CAUSE_NONE);
  g_autoptr (MdTrust) trust = md_identity_proof_create_trust (self, policy, NULL);
  if (trust == NULL || self->certificate == NULL)
    return MD_VERDICT_CAUSE_NONE;
  g_autoptr (MdVerdict) path
      = md_trust_check (trust, self->certificate, NULL, self->checked_at / G_USEC_PER_SEC);
  return md_verdict_get_cause (path);
}

// A list may say itself that it holds for longer than the office lets it.
static gboolean
list_is_too_old (const MdIdentityProof *self, const MdPolicyJpki *rules)
{
  const gint64 age = self->checked_at / G_USEC_PER_SEC - self->crl_this_update;
  return self->revocation == MD_REVOCATION_SOURCE_CRL && rules->crl_max_age_hours > 0
         && age > (gint64)rules->crl_max_age_hours * 3600;
}

gboolean
md_identity_proof_recheck_by (const MdIdentityProof *self, MdPolicy *policy,
                              MdIdentityVerdict *out_verdict, GError **error)
{
  g_return_val_if_fail (self != NULL && policy != NULL && out_verdict != NULL, FALSE);
  if (self->papers != NULL)
    {
      *out_verdict = _md_papers_recheck (self, policy);
      return TRUE;
    }
  if (self->waiver != NULL)
    {
      *out_verdict = _md_waiver_recheck (self, policy);
      return TRUE;
    }
  g_autoptr (MdTrust) trust = md_identity_proof_create_trust (self, policy, error);
  g_autoptr (MdCardAuthorities) authorities
      = trust != NULL ? md_card_authorities_new_from_policy (policy, error) : NULL;
  if (authorities == NULL)
    return FALSE;
  *out_verdict = md_identity_proof_recheck (self, trust, authorities);
  if (md_identity_verdict_get_permission (*out_verdict) == MD_IDENTITY_PROCEED
      && list_is_too_old (self, md_policy_get_jpki (policy)))
    *out_verdict = MD_IDENTITY_DEFERRED;
  if (!_md_filer_authority_is_good (self, policy))
    *out_verdict = MD_IDENTITY_DOCUMENTS_SHORT;
  return TRUE;
}
