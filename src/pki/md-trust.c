// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <string.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-openssl-private.h"
#include "md-profile-private.h"
#include "md-trust.h"
#include "md-verdict-private.h"

#define ANY_POLICY "2.5.29.32.0"

struct _MdTrust
{
  MdTrustProfile profile;
  gboolean allow_test;
  X509_STORE *store;
  GPtrArray *anchors;
  GPtrArray *policies; /* dotted OIDs */
  GPtrArray *organizations;
};

G_DEFINE_BOXED_TYPE (MdTrust, md_trust, md_trust_ref, md_trust_unref)

/* What libcrypto may say about a path, and what that means at the counter. Everything not named
 * here means that no path to an anchor holds. */
static const struct
{
  int code;
  MdVerdictStatus status;
} verify_errors[] = {
  { X509_V_ERR_CERT_HAS_EXPIRED, MD_VERDICT_EXPIRED },
  { X509_V_ERR_CERT_NOT_YET_VALID, MD_VERDICT_NOT_YET_VALID },
  { X509_V_ERR_CERT_SIGNATURE_FAILURE, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_CA_MD_TOO_WEAK, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_CA_KEY_TOO_SMALL, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_EE_KEY_TOO_SMALL, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, MD_VERDICT_BAD_SIGNATURE },
  { X509_V_ERR_NO_EXPLICIT_POLICY, MD_VERDICT_WRONG_PROFILE },
  { X509_V_ERR_INVALID_POLICY_EXTENSION, MD_VERDICT_WRONG_PROFILE },
  { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, MD_VERDICT_WRONG_PROFILE },
  { X509_V_ERR_INVALID_EXTENSION, MD_VERDICT_WRONG_PROFILE },
  { X509_V_ERR_INVALID_PURPOSE, MD_VERDICT_WRONG_PROFILE },
};

MdTrust *
md_trust_new (MdTrustProfile profile)
{
  MdTrust *self = g_atomic_rc_box_new0 (MdTrust);

  self->profile = profile;
  self->store = X509_STORE_new ();
  if (self->store == NULL)
    g_error ("libcrypto has no memory for a certificate store");
  self->anchors = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  self->policies = g_ptr_array_new_with_free_func (g_free);
  self->organizations = g_ptr_array_new_with_free_func (g_free);
  return self;
}

MdTrust *
md_trust_ref (MdTrust *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
trust_clear (gpointer data)
{
  MdTrust *self = data;

  g_clear_pointer (&self->store, X509_STORE_free);
  g_clear_pointer (&self->anchors, g_ptr_array_unref);
  g_clear_pointer (&self->policies, g_ptr_array_unref);
  g_clear_pointer (&self->organizations, g_ptr_array_unref);
}

void
md_trust_unref (MdTrust *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, trust_clear);
}

MdTrustProfile
md_trust_get_profile (const MdTrust *self)
{
  return self->profile;
}

void
md_trust_add_anchor (MdTrust *self, const MdCertificate *anchor)
{
  for (guint i = 0; i < self->anchors->len; i++)
    if (md_certificate_equal (g_ptr_array_index (self->anchors, i), anchor))
      return;
  /* Failing only for want of memory, and then the anchor is not trusted. */
  if (X509_STORE_add_cert (self->store, md_certificate_get_x509 (anchor)) == 1)
    g_ptr_array_add (self->anchors, md_certificate_ref (anchor));
  ERR_clear_error ();
}

guint
md_trust_get_n_anchors (const MdTrust *self)
{
  return self->anchors->len;
}

gboolean
md_trust_add_policy (MdTrust *self, const char *oid, GError **error)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);

  if (object == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "a certificate policy is not an OID");
      return FALSE;
    }
  g_ptr_array_add (self->policies, g_strdup (oid));
  return TRUE;
}

void
md_trust_add_organization (MdTrust *self, const char *organization)
{
  g_ptr_array_add (self->organizations, g_strdup (organization));
}

void
md_trust_set_allow_test (MdTrust *self, gboolean allow)
{
  self->allow_test = allow;
}

static gboolean
add_policy (X509_VERIFY_PARAM *param, const char *oid)
{
  ASN1_OBJECT *policy = OBJ_txt2obj (oid, 1);

  if (policy != NULL && X509_VERIFY_PARAM_add0_policy (param, policy) == 1)
    return TRUE;
  ASN1_OBJECT_free (policy);
  return FALSE;
}

/* Policy checking is always on: without it libcrypto lets 23 of the 114 invalid PKITS paths pass.
 * With no policy demanded any will do, which libcrypto wants to be told. */
static gboolean
set_parameters (const MdTrust *self, X509_STORE_CTX *context, gint64 time)
{
  X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param (context);
  unsigned long flags = X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_PARTIAL_CHAIN;

  for (guint i = 0; i < self->policies->len; i++)
    if (!add_policy (param, g_ptr_array_index (self->policies, i)))
      return FALSE;
  if (self->policies->len > 0)
    flags |= X509_V_FLAG_EXPLICIT_POLICY;
  else if (!add_policy (param, ANY_POLICY))
    return FALSE;
  X509_VERIFY_PARAM_set_auth_level (param, 2);
  X509_VERIFY_PARAM_set_depth (param, (int)MD_LIMIT_CHAIN);
  X509_VERIFY_PARAM_set_time (param, (time_t)time);
  return X509_VERIFY_PARAM_set_flags (param, flags) == 1;
}

static MdVerdict *
path_error (const MdCertificate *certificate, X509_STORE_CTX *context, gint64 time)
{
  const int code = X509_STORE_CTX_get_error (context);
  MdVerdictStatus status = MD_VERDICT_UNTRUSTED_ISSUER;

  for (gsize i = 0; i < G_N_ELEMENTS (verify_errors); i++)
    if (verify_errors[i].code == code)
      status = verify_errors[i].status;
  return md_verdict_new (status, certificate, NULL, time, X509_verify_cert_error_string (code));
}

static gboolean
is_jpki (MdTrustProfile profile)
{
  return profile == MD_TRUST_PROFILE_JPKI_AUTH || profile == MD_TRUST_PROFILE_JPKI_SIGN;
}

static MdX509Stack *
new_stack (const GPtrArray *certificates)
{
  g_autoptr (MdX509Stack) stack = sk_X509_new_null ();

  for (guint i = 0; certificates != NULL && i < certificates->len && i < MD_LIMIT_CHAIN; i++)
    {
      X509 *x509 = md_certificate_get_x509 (g_ptr_array_index (certificates, i));

      if (X509_add_cert (stack, x509, X509_ADD_FLAG_UP_REF) != 1)
        return NULL;
    }
  return g_steal_pointer (&stack);
}

/* The issuer found; an anchor that is judged itself has none but perhaps its own. */
static MdCertificate *
dup_issuer (const MdCertificate *certificate, X509_STORE_CTX *context)
{
  const MdX509Stack *chain = X509_STORE_CTX_get0_chain (context);

  if (sk_X509_num (chain) > 1)
    return md_certificate_new_from_x509 (sk_X509_value (chain, 1), NULL);
  if (X509_self_signed (md_certificate_get_x509 (certificate), 0) == 1)
    return md_certificate_ref (certificate);
  return NULL;
}

static gboolean
has_wanted_issuer (const MdTrust *self, const MdCertificate *certificate)
{
  g_autofree char *organization = md_x509_name_dup_only (
      X509_get_issuer_name (md_certificate_get_x509 (certificate)), NID_organizationName);

  return !is_jpki (self->profile) || self->organizations->len == 0
         || (organization != NULL
             && g_ptr_array_find_with_equal_func (self->organizations, organization, g_str_equal,
                                                  NULL));
}

MdVerdict *
md_trust_check (const MdTrust *self, const MdCertificate *certificate,
                const GPtrArray *intermediates, gint64 time)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (MdX509Stack) untrusted = new_stack (intermediates);
  g_autoptr (MdCertificate) issuer = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  g_autofree char *problem = NULL;
  MdVerdictStatus status;

  ERR_clear_error ();
  if (context == NULL || untrusted == NULL
      || X509_STORE_CTX_init (context, self->store, md_certificate_get_x509 (certificate),
                              untrusted)
             != 1
      || !set_parameters (self, context, time))
    {
      g_autofree char *reason = md_pki_take_reason ();
      return md_verdict_new (MD_VERDICT_UNTRUSTED_ISSUER, certificate, NULL, time, reason);
    }
  if (X509_verify_cert (context) != 1)
    verdict = path_error (certificate, context, time);
  else if (is_jpki (self->profile) && sk_X509_num (X509_STORE_CTX_get0_chain (context)) > 2)
    /* JPKI issues from its roots; nobody is asked whether something between was revoked */
    verdict = md_verdict_new (MD_VERDICT_UNTRUSTED_ISSUER, certificate, NULL, time,
                              "an authority between the certificate and the JPKI root");
  else
    issuer = dup_issuer (certificate, context);
  ERR_clear_error ();
  if (verdict != NULL)
    return g_steal_pointer (&verdict);

  if (!has_wanted_issuer (self, certificate))
    return md_verdict_new (MD_VERDICT_WRONG_PROFILE, certificate, issuer, time,
                           "the issuer's organization is not one that the policy names");
  status
      = md_profile_check (self->profile, certificate, self->policies, self->allow_test, &problem);
  return md_verdict_new (status, certificate, issuer, time, problem);
}
