// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <md-base.h>
#include "md-path-private.h"

#define ANY_POLICY "2.5.29.32.0"

/* What libcrypto may say about a path, and what that means at the counter. Everything not named
 * here means that no path to an anchor holds. */
static const struct
{
  int code;
  MdVerdictStatus status;
  MdVerdictCause cause;
} meanings[] = {
  { X509_V_OK, MD_VERDICT_VALID, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_CERT_HAS_EXPIRED, MD_VERDICT_EXPIRED, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_CERT_NOT_YET_VALID, MD_VERDICT_NOT_YET_VALID, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_CERT_SIGNATURE_FAILURE, MD_VERDICT_BAD_SIGNATURE, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, MD_VERDICT_BAD_SIGNATURE, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, MD_VERDICT_BAD_SIGNATURE,
    MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, MD_VERDICT_BAD_SIGNATURE, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_CA_MD_TOO_WEAK, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM },
  { X509_V_ERR_CA_KEY_TOO_SMALL, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM },
  { X509_V_ERR_EE_KEY_TOO_SMALL, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM },
  { X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, MD_VERDICT_WRONG_PROFILE,
    MD_VERDICT_CAUSE_ALGORITHM },
  { X509_V_ERR_NO_EXPLICIT_POLICY, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_POLICY },
  { X509_V_ERR_INVALID_POLICY_EXTENSION, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_EXTENSION },
  { X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_EXTENSION },
  { X509_V_ERR_INVALID_EXTENSION, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_EXTENSION },
  { X509_V_ERR_INVALID_PURPOSE, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_KEY_USAGE },
  { X509_V_ERR_PERMITTED_VIOLATION, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_EXCLUDED_VIOLATION, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_SUBTREE_MINMAX, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_NAMES },
  { X509_V_ERR_INVALID_CA, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NOT_AUTHORITY },
  { X509_V_ERR_INVALID_NON_CA, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NOT_AUTHORITY },
  { X509_V_ERR_PATH_LENGTH_EXCEEDED, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NOT_AUTHORITY },
  { X509_V_ERR_KEYUSAGE_NO_CERTSIGN, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_NOT_AUTHORITY },
  { X509_V_ERR_CERT_REVOKED, MD_VERDICT_REVOKED, MD_VERDICT_CAUSE_NONE },
  { X509_V_ERR_UNABLE_TO_GET_CRL, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_NO_LIST },
  { X509_V_ERR_DIFFERENT_CRL_SCOPE, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_NO_LIST },
  { X509_V_ERR_CRL_SIGNATURE_FAILURE, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, MD_VERDICT_REVOCATION_UNKNOWN,
    MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_CRL_NOT_YET_VALID, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_CRL_HAS_EXPIRED, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, MD_VERDICT_REVOCATION_UNKNOWN,
    MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, MD_VERDICT_REVOCATION_UNKNOWN,
    MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, MD_VERDICT_REVOCATION_UNKNOWN, MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, MD_VERDICT_REVOCATION_UNKNOWN,
    MD_VERDICT_CAUSE_BAD_LIST },
  { X509_V_ERR_CRL_PATH_VALIDATION_ERROR, MD_VERDICT_REVOCATION_UNKNOWN,
    MD_VERDICT_CAUSE_BAD_LIST },
};

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
set_parameters (const MdPathQuestion *question, X509_STORE_CTX *context)
{
  X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param (context);
  const guint n_policies = question->policies != NULL ? question->policies->len : 0;
  unsigned long flags = question->flags | X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_PARTIAL_CHAIN;

  for (guint i = 0; i < n_policies; i++)
    if (!add_policy (param, g_ptr_array_index (question->policies, i)))
      return FALSE;
  if (n_policies > 0)
    flags |= X509_V_FLAG_EXPLICIT_POLICY;
  else if (!add_policy (param, ANY_POLICY))
    return FALSE;
  if (question->lists != NULL)
    flags |= X509_V_FLAG_CRL_CHECK;
  X509_STORE_CTX_set0_crls (context, question->lists);
  X509_VERIFY_PARAM_set_auth_level (param, 2);
  X509_VERIFY_PARAM_set_depth (param, (int)MD_LIMIT_CHAIN);
  X509_VERIFY_PARAM_set_time (param, (time_t)question->time);
  return X509_VERIFY_PARAM_set_flags (param, flags) == 1;
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

/* The certificate as we know it: the one asked about, or taken in anew. NULL when it cannot be. */
static MdCertificate *
dup_certificate (const MdPathQuestion *question, X509 *x509)
{
  if (x509 == NULL)
    return NULL;
  if (X509_cmp (x509, md_certificate_get_x509 (question->certificate)) == 0)
    return md_certificate_ref (question->certificate);
  return md_certificate_new_from_x509 (x509, NULL);
}

static GPtrArray *
dup_chain (const MdPathQuestion *question, X509_STORE_CTX *context)
{
  g_autoptr (GPtrArray) chain
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  const MdX509Stack *found = X509_STORE_CTX_get0_chain (context);

  for (int i = 0; i < sk_X509_num (found); i++)
    {
      MdCertificate *certificate = dup_certificate (question, sk_X509_value (found, i));

      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (chain, certificate);
    }
  return g_steal_pointer (&chain);
}

/* Called by libcrypto at what it finds wrong, when it still has the list in hand. For the path of a
 * list's own signer it asks itself, and then @answer is NULL. */
static int
note_revocation (int ok, X509_STORE_CTX *context)
{
  MdPathAnswer *answer = X509_STORE_CTX_get_app_data (context);
  X509_REVOKED *entry = NULL;
  X509_CRL *list = X509_STORE_CTX_get0_current_crl (context);
  X509 *revoked = X509_STORE_CTX_get_current_cert (context);
  ASN1_ENUMERATED *reason;

  if (ok == 1 || answer == NULL || X509_STORE_CTX_get_error (context) != X509_V_ERR_CERT_REVOKED
      || list == NULL || revoked == NULL || X509_CRL_get0_by_cert (list, &entry, revoked) != 1)
    return ok;
  (void)md_asn1_time_to_unix (X509_REVOKED_get0_revocationDate (entry), &answer->revoked);
  reason = X509_REVOKED_get_ext_d2i (entry, NID_crl_reason, NULL, NULL);
  if (reason != NULL)
    answer->reason = (int)ASN1_ENUMERATED_get (reason);
  ASN1_ENUMERATED_free (reason);
  return ok;
}

/* A delta list adds to what a complete one says. JPKI has none, and libcrypto reads them rightly
 * only since its security updates of 2026; so none is read here, and where one lies beside the
 * others, nobody can say that something is on no list. That a complete one tells of deltas does not
 * matter: it says all there is to say as of its own time. */
static gboolean
has_delta (const MdCrlStack *lists)
{
  for (int i = 0; i < sk_X509_CRL_num (lists); i++)
    if (X509_CRL_get_ext_by_NID (sk_X509_CRL_value (lists, i), NID_delta_crl, -1) >= 0)
      return TRUE;
  return FALSE;
}

static void
find_path (const MdPathQuestion *question, X509_STORE_CTX *context, MdPathAnswer *answer)
{
  if (X509_verify_cert (context) != 1)
    {
      answer->code = X509_STORE_CTX_get_error (context);
      /* failing without a reason would be a success in what follows */
      if (answer->code == X509_V_OK)
        answer->code = X509_V_ERR_UNSPECIFIED;
      answer->concerned = dup_certificate (question, X509_STORE_CTX_get_current_cert (context));
    }
  else if (question->lists != NULL && has_delta (question->lists))
    answer->code = X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION;
  else
    {
      answer->chain = dup_chain (question, context);
      answer->code = answer->chain != NULL ? X509_V_OK : X509_V_ERR_UNSPECIFIED;
    }
}

void
md_path_ask (const MdPathQuestion *question, MdPathAnswer *out_answer)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (MdX509Stack) candidates = new_stack (question->candidates);

  *out_answer = (MdPathAnswer){ .code = X509_V_ERR_OUT_OF_MEM, .reason = -1 };
  ERR_clear_error ();
  if (context == NULL || candidates == NULL
      || X509_STORE_CTX_init (context, question->anchors,
                              md_certificate_get_x509 (question->certificate), candidates)
             != 1
      || X509_STORE_CTX_set_app_data (context, out_answer) != 1
      || !set_parameters (question, context))
    return;
  X509_STORE_CTX_set_verify_cb (context, note_revocation);
  find_path (question, context, out_answer);
  ERR_clear_error ();
}

void
md_path_answer_clear (MdPathAnswer *answer)
{
  g_clear_pointer (&answer->chain, g_ptr_array_unref);
  g_clear_pointer (&answer->concerned, md_certificate_unref);
}

/* The issuer found; an anchor that is judged itself has none but perhaps its own. */
static const MdCertificate *
issuer_of (const MdCertificate *certificate, const GPtrArray *chain)
{
  if (chain == NULL)
    return NULL;
  if (chain->len > 1)
    return g_ptr_array_index (chain, 1);
  return X509_self_signed (md_certificate_get_x509 (certificate), 0) == 1 ? certificate : NULL;
}

MdVerdict *
md_path_answer_to_verdict (const MdPathAnswer *answer, const MdCertificate *certificate,
                           gint64 time)
{
  MdVerdictStatus status = MD_VERDICT_UNTRUSTED_ISSUER;
  MdVerdictCause cause = MD_VERDICT_CAUSE_NO_ANCHOR;
  MdVerdict *verdict;

  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].code == answer->code)
      {
        status = meanings[i].status;
        cause = meanings[i].cause;
      }
  verdict = md_verdict_new (
      status, certificate, issuer_of (certificate, answer->chain), time,
      answer->code == X509_V_OK ? NULL : X509_verify_cert_error_string (answer->code));
  verdict->cause = cause;
  verdict->chain = answer->chain != NULL ? g_ptr_array_ref (answer->chain) : NULL;
  verdict->concerned = answer->concerned != NULL ? md_certificate_ref (answer->concerned) : NULL;
  if (status == MD_VERDICT_REVOKED)
    md_verdict_set_revoked (verdict, answer->reason, answer->revoked, "on the revocation list");
  return verdict;
}
