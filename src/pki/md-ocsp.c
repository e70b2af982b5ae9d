// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <md-base.h>
#include "md-ocsp-private.h"

#define CLOCK_SKEW 300
#define NONCE_SIZE 16

void
md_ocsp_trouble_clear (MdOcspTrouble *trouble)
{
  g_clear_pointer (&trouble->words, g_free);
}

/* The identifier's hash names a certificate and protects nothing; SHA-1 is what every responder
 * must know (RFC 6960, 4.3). */
static OCSP_CERTID *
certificate_id (const MdVerdict *path, const EVP_MD *hash)
{
  return OCSP_cert_to_id (hash, md_certificate_get_x509 (path->certificate),
                          md_certificate_get_x509 (path->issuer));
}

OCSP_REQUEST *
md_ocsp_request_new (const MdVerdict *path, GBytes *nonce)
{
  g_autoptr (OCSP_REQUEST) request = OCSP_REQUEST_new ();
  OCSP_CERTID *id = certificate_id (path, EVP_sha1 ());
  gsize size = NONCE_SIZE;
  const guint8 *bytes = nonce != NULL ? g_bytes_get_data (nonce, &size) : NULL;

  if (request == NULL || id == NULL || OCSP_request_add0_id (request, id) == NULL)
    {
      OCSP_CERTID_free (id);
      return NULL;
    }
  return OCSP_request_add1_nonce (request, md_unconst (bytes), (int)size) == 1
             ? g_steal_pointer (&request)
             : NULL;
}

/* --- Who speaks --- */

/* The responder may sign only with what the office permits in a path. */
static gboolean
is_permitted (const MdOcspQuestion *question, OCSP_BASICRESP *basic, const MdCertificate *signer)
{
  const MdAlgorithms *algorithms = &question->path->algorithms;
  const ASN1_OBJECT *object = NULL;

  X509_ALGOR_get0 (&object, NULL, NULL, OCSP_resp_get0_tbs_sigalg (basic));
  return md_algorithms_permit_hash_of (algorithms, OBJ_obj2nid (object))
         && md_algorithms_permit_key (algorithms, signer)
         && (md_certificate_equal (signer, question->path->issuer)
             || md_algorithms_permit_signature (algorithms, signer));
}

/* Signed by the issuer itself, or by a certificate that the issuer made for OCSP. */
static MdCertificate *
find_signer (OCSP_BASICRESP *basic, const MdOcspQuestion *question)
{
  X509 *issuer = md_certificate_get_x509 (question->path->issuer);
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (MdX509Stack) known = sk_X509_new_null ();
  X509 *signer = NULL;
  X509_VERIFY_PARAM *param;

  if (store == NULL || known == NULL || X509_STORE_add_cert (store, issuer) != 1
      || X509_add_cert (known, issuer, X509_ADD_FLAG_UP_REF) != 1)
    return NULL;
  param = X509_STORE_get0_param (store);
  X509_VERIFY_PARAM_set_time (param, (time_t)question->time);
  X509_VERIFY_PARAM_set_auth_level (param, 2);
  if (X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_PARTIAL_CHAIN) != 1
      || OCSP_basic_verify (basic, known, store, 0) != 1
      || OCSP_resp_get0_signer (basic, &signer, known) != 1)
    return NULL;
  return md_certificate_new_from_x509 (signer, NULL);
}

/* --- What is said --- */

static const EVP_MD *
hash_of_id (OCSP_CERTID *id)
{
  const EVP_MD *const hashes[] = { EVP_sha1 (), EVP_sha256 (), EVP_sha384 (), EVP_sha512 () };
  ASN1_OBJECT *object = NULL;

  if (OCSP_id_get0_info (NULL, &object, NULL, NULL, id) != 1)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (EVP_MD_get_type (hashes[i]) == OBJ_obj2nid (object))
      return hashes[i];
  return NULL;
}

static gboolean
is_about (OCSP_SINGLERESP *single, const MdVerdict *path)
{
  OCSP_CERTID *id = md_unconst (OCSP_SINGLERESP_get0_id (single));
  const EVP_MD *hash = hash_of_id (id);
  g_autoptr (OCSP_CERTID) own = hash != NULL ? certificate_id (path, hash) : NULL;

  return own != NULL && OCSP_id_cmp (own, id) == 0;
}

OCSP_SINGLERESP *
md_ocsp_find_single (OCSP_BASICRESP *basic, const MdVerdict *path, guint *out_count)
{
  OCSP_SINGLERESP *found = NULL;

  *out_count = 0;
  for (int i = 0; i < OCSP_resp_count (basic); i++)
    {
      OCSP_SINGLERESP *single = OCSP_resp_get0 (basic, i);

      if (!is_about (single, path))
        continue;
      found = found != NULL ? found : single;
      *out_count += 1;
    }
  return found;
}

/* A condition that we do not know may be one that changes what is said. */
static gboolean
has_critical (OCSP_BASICRESP *basic, OCSP_SINGLERESP *single)
{
  for (int i = 0; i < OCSP_BASICRESP_get_ext_count (basic); i++)
    {
      X509_EXTENSION *extension = OCSP_BASICRESP_get_ext (basic, i);

      if (X509_EXTENSION_get_critical (extension) != 0
          && OBJ_obj2nid (X509_EXTENSION_get_object (extension)) != NID_id_pkix_OCSP_Nonce)
        return TRUE;
    }
  return OCSP_SINGLERESP_get_ext_by_critical (single, 1, -1) >= 0;
}

static gboolean
has_our_nonce (const MdOcspQuestion *question, OCSP_BASICRESP *basic)
{
  const int first = OCSP_BASICRESP_get_ext_by_NID (basic, NID_id_pkix_OCSP_Nonce, -1);

  return first >= 0 && OCSP_BASICRESP_get_ext_by_NID (basic, NID_id_pkix_OCSP_Nonce, first) < 0
         && OCSP_check_nonce (question->request, basic) == 1;
}

static const char *
time_problem (const MdOcspQuestion *question, OCSP_BASICRESP *basic, OCSP_SINGLERESP *single)
{
  ASN1_GENERALIZEDTIME *this_update = NULL;
  ASN1_GENERALIZEDTIME *next_update = NULL;
  gint64 produced = 0;
  gint64 from = 0;
  gint64 until = 0;

  (void)OCSP_single_get0_status (single, NULL, NULL, &this_update, &next_update);
  if (!md_asn1_time_to_unix (this_update, &from)
      || !md_asn1_time_to_unix (OCSP_resp_get0_produced_at (basic), &produced))
    return "the OCSP answer has no time";
  if (from > question->time + CLOCK_SKEW || produced > question->time + CLOCK_SKEW)
    return "the OCSP answer is from the future; check the clock";
  if (produced + CLOCK_SKEW < from)
    return "the OCSP answer was made before what it says";
  if (next_update != NULL
      && (!md_asn1_time_to_unix (next_update, &until) || until < from
          || question->time > until + CLOCK_SKEW))
    return "the OCSP answer is out of date";
  /* with our nonce in it, it was made for us; else its own end may be as far away as it likes */
  if ((question->request == NULL || next_update == NULL)
      && question->time - from > question->max_age)
    return "the OCSP answer is too old";
  return NULL;
}

static const char *
find_problem (const MdOcspQuestion *question, OCSP_BASICRESP *basic, OCSP_SINGLERESP *single,
              guint count)
{
  if (question->request != NULL && !has_our_nonce (question, basic))
    return "the OCSP answer does not carry our nonce";
  if (count == 0)
    return "the OCSP answer is about another certificate";
  if (count > 1)
    return "the OCSP answer speaks more than once of the certificate";
  if (has_critical (basic, single))
    return "the OCSP answer makes a condition that is not known here";
  return time_problem (question, basic, single);
}

static MdVerdict *
new_verdict (const MdOcspQuestion *question, MdVerdictStatus status, const char *detail,
             GBytes *response)
{
  MdVerdict *verdict = md_verdict_new_after (question->path, status, question->time, detail);

  verdict->source = MD_REVOCATION_SOURCE_OCSP;
  verdict->ocsp_response = g_bytes_ref (response);
  return verdict;
}

static MdVerdict *
say (const MdOcspQuestion *question, OCSP_SINGLERESP *single, GBytes *response)
{
  ASN1_GENERALIZEDTIME *revoked = NULL;
  int reason = -1;
  gint64 since = 0;
  const int status = OCSP_single_get0_status (single, &reason, &revoked, NULL, NULL);
  MdVerdict *verdict;

  if (status == V_OCSP_CERTSTATUS_GOOD)
    return new_verdict (question, MD_VERDICT_VALID, "valid; not revoked by OCSP", response);
  if (status != V_OCSP_CERTSTATUS_REVOKED)
    return new_verdict (question, MD_VERDICT_REVOCATION_UNKNOWN,
                        "the OCSP responder does not know this certificate", response);
  verdict = new_verdict (question, MD_VERDICT_REVOKED, NULL, response);
  (void)md_asn1_time_to_unix (revoked, &since);
  md_verdict_set_revoked (verdict, reason, since, "by OCSP");
  return verdict;
}

static MdVerdict *
judge_basic (const MdOcspQuestion *question, OCSP_BASICRESP *basic, GBytes *response,
             MdCertificate **out_signer, const char **problem)
{
  guint count = 0;
  OCSP_SINGLERESP *single = md_ocsp_find_single (basic, question->path, &count);
  g_autoptr (MdCertificate) signer = find_signer (basic, question);

  if (signer == NULL)
    *problem = "the OCSP answer is not signed by the issuer or its responder";
  else if (!is_permitted (question, basic, signer))
    *problem = "the OCSP answer is signed with an algorithm that is not permitted";
  else
    *problem = find_problem (question, basic, single, count);
  if (*problem != NULL)
    return NULL;
  if (out_signer != NULL && !md_certificate_equal (signer, question->path->issuer))
    *out_signer = g_steal_pointer (&signer);
  return say (question, single, response);
}

/* --- The envelope --- */

/* What a responder says without a signature: nothing about any certificate (RFC 6960, 2.3). */
static const struct
{
  int status;
  MdVerdictCause cause;
  const char *words;
} unsuccessful[] = {
  { OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, MD_VERDICT_CAUSE_RESPONDER_REFUSES,
    "the OCSP responder did not understand the question (malformedRequest)" },
  { OCSP_RESPONSE_STATUS_INTERNALERROR, MD_VERDICT_CAUSE_RESPONDER_BUSY,
    "the OCSP responder is in trouble (internalError)" },
  { OCSP_RESPONSE_STATUS_TRYLATER, MD_VERDICT_CAUSE_RESPONDER_BUSY,
    "the OCSP responder asks to try again later (tryLater)" },
  { OCSP_RESPONSE_STATUS_SIGREQUIRED, MD_VERDICT_CAUSE_RESPONDER_REFUSES,
    "the OCSP responder wants signed questions (sigRequired)" },
  { OCSP_RESPONSE_STATUS_UNAUTHORIZED, MD_VERDICT_CAUSE_RESPONDER_REFUSES,
    "the OCSP responder does not answer for this authority, or not to us (unauthorized)" },
};

static void
tell_unsuccessful (int status, MdOcspTrouble *trouble)
{
  trouble->words = g_strdup ("the OCSP answer has a status that does not exist");
  for (gsize i = 0; i < G_N_ELEMENTS (unsuccessful); i++)
    if (unsuccessful[i].status == status)
      {
        trouble->cause = unsuccessful[i].cause;
        g_free (trouble->words);
        trouble->words = g_strdup (unsuccessful[i].words);
      }
}

MdVerdict *
md_ocsp_judge (const MdOcspQuestion *question, GBytes *bytes, MdCertificate **out_signer,
               MdOcspTrouble *out_trouble)
{
  gsize size = 0;
  const unsigned char *data = g_bytes_get_data (bytes, &size);
  const unsigned char *at = data;
  g_autoptr (OCSP_RESPONSE) response = NULL;
  g_autoptr (OCSP_BASICRESP) basic = NULL;
  MdVerdict *verdict = NULL;
  const char *problem = "the OCSP answer cannot be read";

  *out_trouble = (MdOcspTrouble){ .cause = MD_VERDICT_CAUSE_BAD_ANSWER };
  ERR_clear_error ();
  if (size > 0 && size <= MD_LIMIT_OCSP_RESPONSE)
    response = d2i_OCSP_RESPONSE (NULL, &at, (long)size);
  if (response != NULL && at == data + size)
    {
      if (OCSP_response_status (response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        tell_unsuccessful (OCSP_response_status (response), out_trouble);
      else
        basic = OCSP_response_get1_basic (response);
    }
  if (basic != NULL)
    verdict = judge_basic (question, basic, bytes, out_signer, &problem);
  if (verdict == NULL && out_trouble->words == NULL)
    out_trouble->words = g_strdup (problem);
  ERR_clear_error ();
  return verdict;
}
