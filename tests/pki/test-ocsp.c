// SPDX-License-Identifier: Apache-2.0
/* Answers about revocation, right and wrong, one row each: what comes back, and what must become of
 * it. The answers are made on the spot for the request that was really sent. */
#include <string.h>
#include <md-base.h>
#include <openssl/ocsp.h>
#include "pki-maker.h"

#define HOUR (60 * 60)

typedef enum
{
  BY_RESPONDER,
  BY_AUTHORITY,
  BY_P384,
  BY_EXPIRED,
  BY_NOT_YET,
  BY_OTHER_GENERATION,
  BY_RSA_1024,
  BY_RSA_2048,
  BY_SUB_AUTHORITY, /* an authority below the issuer, without the OCSP purpose */
  BY_NO_PURPOSE,
  BY_SERVER,
  BY_RESIDENT,
  N_SIGNERS
} Signer;

typedef enum
{
  NONCE_OURS,
  NONCE_NONE,
  NONCE_OTHER,
  NONCE_SHORT,
  NONCE_LONG,
  NONCE_TWICE,
  NONCE_INSIDE, /* of the single response instead */
} Nonce;

typedef enum
{
  TWIST_NONE,
  TWIST_UNSIGNED,
  TWIST_OTHER_ID,   /* the responder's name is somebody else's */
  TWIST_NO_CERT,    /* the delegate does not show its certificate */
  TWIST_OTHER_TYPE, /* not id-pkix-ocsp-basic */
  TWIST_CRITICAL,   /* a critical extension that nobody knows */
  TWIST_CRITICAL_SINGLE,
  TWIST_HARMLESS, /* the same, not critical */
  TWIST_SHA256_ID,
  TWIST_SHA1_SIGNED,
  TWIST_GOOD_TOO,       /* a second word about the same certificate */
  TWIST_OTHERS_TOO,     /* a word about another one beside it */
  TWIST_REVOKED_SIGNER, /* the list at hand says so */
} Twist;

typedef struct
{
  const char *name;
  int status; /* V_OCSP_CERTSTATUS_..., or -1 - the envelope's status */
  int reason;
  Signer signer;
  Nonce nonce;
  Twist twist;
  gint64 from, until, produced; /* from now; until 0: none */
  const char *verdict;          /* status word, cause word, a part of the detail */
  const char *cause;
  const char *detail;
} Row;

#define GOOD V_OCSP_CERTSTATUS_GOOD
#define REVOKED V_OCSP_CERTSTATUS_REVOKED
#define UNKNOWN V_OCSP_CERTSTATUS_UNKNOWN
#define ENVELOPE(status) (-1 - (status))
#define VALID "valid", "none", "not revoked by OCSP"
#define NOT_SIGNED "deferred", "bad-answer", "not signed by the issuer"
#define NO_NONCE "deferred", "bad-answer", "does not carry our nonce"
#define OUT_OF_DATE "deferred", "bad-answer", "out of date"
#define FUTURE "deferred", "bad-answer", "from the future"
#define CONDITION "deferred", "bad-answer", "a condition"

static const Row rows[] = {
  { "good", GOOD, 0, BY_RESPONDER, 0, 0, -60, HOUR, 0, VALID },
  { "good-without-end", GOOD, 0, BY_RESPONDER, 0, 0, -60, 0, 0, VALID },
  { "revoked", REVOKED, 1, BY_RESPONDER, 0, 0, -60, HOUR, 0, "revoked", "none", "keyCompromise" },
  { "suspended", REVOKED, 6, BY_RESPONDER, 0, 0, -60, HOUR, 0, "suspended", "none",
    "certificateHold" },
  { "unknown-is-final", UNKNOWN, 0, BY_RESPONDER, 0, 0, -60, HOUR, 0, "revocation-unknown", "none",
    "does not know" },

  { "by-authority", GOOD, 0, BY_AUTHORITY, 0, 0, -60, HOUR, 0, VALID },
  { "by-p384", GOOD, 0, BY_P384, 0, 0, -60, HOUR, 0, VALID },
  { "by-expired-delegate", GOOD, 0, BY_EXPIRED, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-delegate-of-tomorrow", GOOD, 0, BY_NOT_YET, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-other-generation", GOOD, 0, BY_OTHER_GENERATION, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-rsa-1024", GOOD, 0, BY_RSA_1024, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-rsa-2048-not-permitted", GOOD, 0, BY_RSA_2048, 0, 0, -60, HOUR, 0, "deferred", "bad-answer",
    "algorithm that is not permitted" },
  { "by-sub-authority", GOOD, 0, BY_SUB_AUTHORITY, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-delegate-without-purpose", GOOD, 0, BY_NO_PURPOSE, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-server", GOOD, 0, BY_SERVER, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-the-resident", GOOD, 0, BY_RESIDENT, 0, 0, -60, HOUR, 0, NOT_SIGNED },
  { "by-revoked-delegate", GOOD, 0, BY_RESPONDER, 0, TWIST_REVOKED_SIGNER, -60, HOUR, 0, "valid",
    "none", "not on the revocation list" },
  { "unsigned", GOOD, 0, BY_RESPONDER, 0, TWIST_UNSIGNED, -60, HOUR, 0, NOT_SIGNED },
  { "other-responder-id", GOOD, 0, BY_RESPONDER, 0, TWIST_OTHER_ID, -60, HOUR, 0, NOT_SIGNED },
  { "delegate-not-shown", GOOD, 0, BY_RESPONDER, 0, TWIST_NO_CERT, -60, HOUR, 0, NOT_SIGNED },
  { "sha1-signed", GOOD, 0, BY_RESPONDER, 0, TWIST_SHA1_SIGNED, -60, HOUR, 0, "deferred",
    "bad-answer", "algorithm that is not permitted" },

  { "no-nonce", GOOD, 0, BY_RESPONDER, NONCE_NONE, 0, -60, HOUR, 0, NO_NONCE },
  { "other-nonce", GOOD, 0, BY_RESPONDER, NONCE_OTHER, 0, -60, HOUR, 0, NO_NONCE },
  { "short-nonce", GOOD, 0, BY_RESPONDER, NONCE_SHORT, 0, -60, HOUR, 0, NO_NONCE },
  { "long-nonce", GOOD, 0, BY_RESPONDER, NONCE_LONG, 0, -60, HOUR, 0, NO_NONCE },
  { "nonce-twice", GOOD, 0, BY_RESPONDER, NONCE_TWICE, 0, -60, HOUR, 0, NO_NONCE },
  { "nonce-inside", GOOD, 0, BY_RESPONDER, NONCE_INSIDE, 0, -60, HOUR, 0, NO_NONCE },
  { "replayed-revoked", REVOKED, 1, BY_RESPONDER, NONCE_OTHER, 0, -60, HOUR, 0, NO_NONCE },

  { "skew-just-inside", GOOD, 0, BY_RESPONDER, 0, 0, 290, HOUR, 290, VALID },
  { "skew-just-outside", GOOD, 0, BY_RESPONDER, 0, 0, 310, HOUR, 290, FUTURE },
  { "end-just-inside", GOOD, 0, BY_RESPONDER, 0, 0, -HOUR, -290, 0, VALID },
  { "end-just-outside", GOOD, 0, BY_RESPONDER, 0, 0, -HOUR, -310, 0, OUT_OF_DATE },
  { "end-before-beginning", GOOD, 0, BY_RESPONDER, 0, 0, -60, -61, 0, OUT_OF_DATE },
  { "made-in-the-future", GOOD, 0, BY_RESPONDER, 0, 0, -60, HOUR, 310, FUTURE },
  { "made-before-it-speaks-of", GOOD, 0, BY_RESPONDER, 0, 0, -60, HOUR, -400, "deferred",
    "bad-answer", "made before what it says" },
  { "old-without-end", GOOD, 0, BY_RESPONDER, 0, 0, -25 * HOUR, 0, 0, "deferred", "bad-answer",
    "too old" },
  { "old-but-made-for-us", GOOD, 0, BY_RESPONDER, 0, 0, -25 * HOUR, HOUR, 0, VALID },

  { "two-words-good-first", REVOKED, 1, BY_RESPONDER, 0, TWIST_GOOD_TOO, -60, HOUR, 0, "deferred",
    "bad-answer", "more than once" },
  { "others-beside-it", REVOKED, 1, BY_RESPONDER, 0, TWIST_OTHERS_TOO, -60, HOUR, 0, "revoked",
    "none", "keyCompromise" },
  { "sha256-identifier", GOOD, 0, BY_RESPONDER, 0, TWIST_SHA256_ID, -60, HOUR, 0, VALID },
  { "critical-condition", GOOD, 0, BY_RESPONDER, 0, TWIST_CRITICAL, -60, HOUR, 0, CONDITION },
  { "critical-condition-inside", GOOD, 0, BY_RESPONDER, 0, TWIST_CRITICAL_SINGLE, -60, HOUR, 0,
    CONDITION },
  { "harmless-extension", GOOD, 0, BY_RESPONDER, 0, TWIST_HARMLESS, -60, HOUR, 0, VALID },
  { "other-type", GOOD, 0, BY_RESPONDER, 0, TWIST_OTHER_TYPE, -60, HOUR, 0, "deferred",
    "bad-answer", "cannot be read" },

  { "malformed-request", ENVELOPE (1), 0, 0, 0, 0, 0, 0, 0, "deferred", "responder-refuses",
    "malformedRequest" },
  { "internal-error", ENVELOPE (2), 0, 0, 0, 0, 0, 0, 0, "deferred", "responder-busy",
    "internalError" },
  { "try-later", ENVELOPE (3), 0, 0, 0, 0, 0, 0, 0, "deferred", "responder-busy", "tryLater" },
  { "status-of-none", ENVELOPE (4), 0, 0, 0, 0, 0, 0, 0, "deferred", "bad-answer",
    "does not exist" },
  { "signature-required", ENVELOPE (5), 0, 0, 0, 0, 0, 0, 0, "deferred", "responder-refuses",
    "sigRequired" },
  { "unauthorized", ENVELOPE (6), 0, 0, 0, 0, 0, 0, 0, "deferred", "responder-refuses",
    "unauthorized" },
  { "success-without-answer", ENVELOPE (0), 0, 0, 0, 0, 0, 0, 0, "deferred", "bad-answer",
    "cannot be read" },
};

/* --- The people --- */

static MakerIdentity *ca, *who, *neighbour, *signers[N_SIGNERS];

static MakerIdentity *
make_responder (MakerSpec spec)
{
  spec.cn = spec.cn != NULL ? spec.cn : "ocsp";
  spec.key_usage = "critical,digitalSignature";
  spec.issuer = spec.issuer != NULL ? spec.issuer : ca;
  return maker_issue (&spec);
}

static void
make_people (void)
{
  const gint64 now = maker_now ();
  const MakerSpec below
      = { .cn = "below", .ca = TRUE, .key_usage = "critical,keyCertSign", .issuer = NULL };
  MakerSpec sub = below;
  MakerIdentity *generation = maker_authority ("ca");

  ca = maker_authority ("ca");
  who = maker_end (ca, "who", "critical,digitalSignature");
  neighbour = maker_end (ca, "neighbour", "critical,digitalSignature");
  sub.issuer = ca;
  signers[BY_RESPONDER] = make_responder ((MakerSpec){ .eku = "OCSPSigning" });
  signers[BY_AUTHORITY] = ca;
  signers[BY_P384] = make_responder ((MakerSpec){ .eku = "OCSPSigning", .curve = "P-384" });
  signers[BY_EXPIRED]
      = make_responder ((MakerSpec){ .eku = "OCSPSigning", .not_after = now - HOUR });
  signers[BY_NOT_YET]
      = make_responder ((MakerSpec){ .eku = "OCSPSigning", .not_before = now + HOUR });
  signers[BY_OTHER_GENERATION]
      = make_responder ((MakerSpec){ .eku = "OCSPSigning", .issuer = generation });
  signers[BY_RSA_1024] = make_responder ((MakerSpec){ .eku = "OCSPSigning", .rsa_bits = 1024 });
  signers[BY_RSA_2048] = make_responder ((MakerSpec){ .eku = "OCSPSigning", .rsa_bits = 2048 });
  signers[BY_SUB_AUTHORITY] = maker_issue (&sub);
  signers[BY_NO_PURPOSE] = make_responder ((MakerSpec){ .eku = NULL });
  signers[BY_SERVER] = make_responder ((MakerSpec){ .eku = "serverAuth" });
  signers[BY_RESIDENT] = who;
  maker_identity_free (generation);
}

static void
free_people (void)
{
  for (Signer i = 0; i < N_SIGNERS; i++)
    if (i != BY_AUTHORITY && i != BY_RESIDENT)
      maker_identity_free (signers[i]);
  maker_identity_free (ca);
  maker_identity_free (who);
  maker_identity_free (neighbour);
}

/* --- The answer --- */

static GBytes *
encode (OCSP_RESPONSE *response)
{
  unsigned char *der = NULL;
  const int size = i2d_OCSP_RESPONSE (response, &der);
  GBytes *bytes = g_bytes_new (der, (gsize)size);

  OPENSSL_free (der);
  OCSP_RESPONSE_free (response);
  return bytes;
}

static OCSP_SINGLERESP *
add_word (OCSP_BASICRESP *basic, const Row *row, const MakerIdentity *subject, int status)
{
  OCSP_CERTID *id = OCSP_cert_to_id (row->twist == TWIST_SHA256_ID ? EVP_sha256 () : EVP_sha1 (),
                                     subject->x509, ca->x509);
  ASN1_TIME *from = ASN1_GENERALIZEDTIME_set (NULL, maker_now () + row->from);
  ASN1_TIME *until
      = row->until != 0 ? ASN1_GENERALIZEDTIME_set (NULL, maker_now () + row->until) : NULL;
  ASN1_TIME *since = ASN1_GENERALIZEDTIME_set (NULL, maker_now () - HOUR);
  const gboolean revoked = status == REVOKED;
  OCSP_SINGLERESP *single = OCSP_basic_add1_status (basic, id, status, revoked ? row->reason : -1,
                                                    revoked ? since : NULL, from, until);

  g_assert_nonnull (single);
  OCSP_CERTID_free (id);
  ASN1_TIME_free (from);
  ASN1_TIME_free (until);
  ASN1_TIME_free (since);
  return single;
}

static X509_EXTENSION *
make_extension (gboolean critical)
{
  ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new ();
  X509_EXTENSION *extension;

  ASN1_OCTET_STRING_set (value, (const unsigned char *)"\x05\x00", 2);
  extension = X509_EXTENSION_create_by_NID (NULL, NID_netscape_comment, critical ? 1 : 0, value);
  ASN1_OCTET_STRING_free (value);
  return extension;
}

static void
add_nonce (OCSP_BASICRESP *basic, OCSP_SINGLERESP *single, OCSP_REQUEST *request, Nonce nonce)
{
  unsigned char bytes[] = "0123456789abcdef0123456789abcdef";
  X509_EXTENSION *ours = OCSP_REQUEST_get_ext (
      request, OCSP_REQUEST_get_ext_by_NID (request, NID_id_pkix_OCSP_Nonce, -1));
  const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data (ours);
  g_autofree unsigned char *longer = g_malloc0 ((gsize)ASN1_STRING_length (value) + 1);
  const int size = ASN1_STRING_length (value) - 2; /* behind tag and length */

  memcpy (longer, ASN1_STRING_get0_data (value) + 2, (gsize)size);
  if (nonce == NONCE_OURS || nonce == NONCE_TWICE)
    OCSP_copy_nonce (basic, request);
  if (nonce == NONCE_TWICE || nonce == NONCE_OTHER)
    OCSP_BASICRESP_add_ext (basic, ours, 0);
  if (nonce == NONCE_OTHER)
    {
      X509_EXTENSION_free (OCSP_BASICRESP_delete_ext (basic, 0));
      OCSP_basic_add1_nonce (basic, bytes, size);
    }
  if (nonce == NONCE_SHORT)
    OCSP_basic_add1_nonce (basic, longer, size - 1);
  if (nonce == NONCE_LONG)
    OCSP_basic_add1_nonce (basic, longer, size + 1);
  if (nonce == NONCE_INSIDE)
    OCSP_SINGLERESP_add_ext (single, ours, -1);
}

static gpointer
unconst (gconstpointer pointer)
{
  union
  {
    gconstpointer given;
    gpointer wanted;
  } cast = { .given = pointer };
  return cast.wanted;
}

static void
add_conditions (OCSP_BASICRESP *basic, OCSP_SINGLERESP *single, Twist twist)
{
  X509_EXTENSION *extension = make_extension (twist != TWIST_HARMLESS);

  if (twist == TWIST_CRITICAL || twist == TWIST_HARMLESS)
    OCSP_BASICRESP_add_ext (basic, extension, -1);
  if (twist == TWIST_CRITICAL_SINGLE)
    OCSP_SINGLERESP_add_ext (single, extension, -1);
  X509_EXTENSION_free (extension);
}

static void
sign (OCSP_BASICRESP *basic, const Row *row)
{
  MakerIdentity *signer = signers[row->signer];
  const EVP_MD *digest = row->twist == TWIST_SHA1_SIGNED ? EVP_sha1 () : EVP_sha256 ();
  g_autoptr (MakerIdentity) impostor = NULL;
  unsigned long flags = OCSP_NOTIME;
  X509 *name = signer->x509;

  if (row->twist == TWIST_OTHER_ID)
    {
      impostor = make_responder ((MakerSpec){ .cn = "impostor", .key = signer->key });
      name = impostor->x509;
    }
  if (row->twist == TWIST_OTHER_ID || row->twist == TWIST_NO_CERT)
    flags |= OCSP_NOCERTS;
  ASN1_GENERALIZEDTIME_set (unconst (OCSP_resp_get0_produced_at (basic)),
                            maker_now () + row->produced);
  g_assert_cmpint (OCSP_basic_sign (basic, name, signer->key, digest, NULL, flags), ==, 1);
  if (row->twist == TWIST_OTHER_ID)
    OCSP_basic_add1_cert (basic, signer->x509);
  if (row->twist == TWIST_UNSIGNED)
    ASN1_STRING_set (unconst (OCSP_resp_get0_signature (basic)), "", 0);
}

static GBytes *
change_type (GBytes *bytes)
{
  static const guint8 basic[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01 };
  gsize size = 0;
  guint8 *data = g_bytes_unref_to_data (bytes, &size);

  for (gsize at = 0; at + sizeof basic < size; at++)
    if (memcmp (data + at, basic, sizeof basic) == 0)
      {
        data[at + sizeof basic - 1] = 0x02;
        return g_bytes_new_take (data, size);
      }
  g_assert_not_reached ();
}

static GBytes *
make_answer (const Row *row, OCSP_REQUEST *request)
{
  OCSP_BASICRESP *basic;
  OCSP_SINGLERESP *single;
  GBytes *bytes;

  if (row->status < 0)
    return encode (OCSP_response_create (-1 - row->status, NULL));
  basic = OCSP_BASICRESP_new ();
  if (row->twist == TWIST_GOOD_TOO)
    add_word (basic, row, who, GOOD);
  if (row->twist == TWIST_OTHERS_TOO)
    add_word (basic, row, neighbour, GOOD);
  single = add_word (basic, row, who, row->status);
  add_nonce (basic, single, request, row->nonce);
  add_conditions (basic, single, row->twist);
  sign (basic, row);
  bytes = encode (OCSP_response_create (OCSP_RESPONSE_STATUS_SUCCESSFUL, basic));
  OCSP_BASICRESP_free (basic);
  return row->twist == TWIST_OTHER_TYPE ? change_type (bytes) : bytes;
}

/* --- Asking --- */

static GBytes *
transport (const char *url, GBytes *sent, guint timeout_s, char **out_problem, gpointer data)
{
  gsize size = 0;
  const unsigned char *at = g_bytes_get_data (sent, &size);
  OCSP_REQUEST *request = d2i_OCSP_REQUEST (NULL, &at, (long)size);
  GBytes *answer;

  g_assert_true (md_ocsp_is_request (sent));
  g_assert_cmpstr (url, ==, "http://ocsp.example/");
  answer = make_answer (data, request);
  OCSP_REQUEST_free (request);
  g_assert_true (md_ocsp_is_response (answer));
  return answer;
}

static MdVerdict *
check_path (void)
{
  static const char *const keys[] = { "ecdsa-p256", "ecdsa-p384", NULL };
  static const char *const hashes[] = { "sha256", NULL };
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_ANY);
  MdVerdict *path;

  md_trust_add_anchor (trust, ca->certificate);
  g_assert_true (md_trust_set_algorithms (trust, keys, hashes, NULL));
  path = md_trust_check (trust, who->certificate, NULL, maker_now ());
  g_assert_cmpint (md_verdict_get_status (path), ==, MD_VERDICT_VALID);
  return path;
}

static MdRevocation *
asker (const Row *row)
{
  MdRevocation *revocation = md_revocation_new ();

  md_revocation_set_ocsp_url (revocation, "http://ocsp.example/");
  md_revocation_set_transport (revocation, transport, unconst (row), NULL);
  return revocation;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (MdRevocation) revocation = asker (row);
  g_autoptr (MdVerdict) path = check_path ();
  g_autoptr (MdVerdict) verdict = NULL;

  if (row->twist == TWIST_REVOKED_SIGNER)
    {
      g_autoptr (GBytes) crl
          = maker_crl (ca, maker_now () - HOUR, maker_now () + HOUR, signers[row->signer], 1);

      g_assert_true (md_revocation_add_crl (revocation, crl, NULL));
    }
  verdict = md_revocation_check (revocation, path, NULL, maker_now ());
  g_test_message ("%s", md_verdict_get_detail (verdict));
  g_assert_cmpstr (md_verdict_status_to_string (md_verdict_get_status (verdict)), ==, row->verdict);
  g_assert_cmpstr (md_verdict_cause_to_string (md_verdict_get_cause (verdict)), ==, row->cause);
  g_assert_nonnull (strstr (md_verdict_get_detail (verdict), row->detail));
}

/* The nonce says for which question an answer was made, years later, too. */
static void
test_bound_nonce (void)
{
  static const Row old
      = { "", GOOD, 0, BY_RESPONDER, NONCE_OURS, 0, -25 * HOUR, 900 * HOUR, 0, VALID };
  g_autoptr (MdRevocation) revocation = asker (&old);
  g_autoptr (MdVerdict) path = check_path ();
  g_autoptr (GBytes) ours = g_bytes_new_static ("0123456789abcdef0123456789abcde1", 32);
  g_autoptr (GBytes) other = g_bytes_new_static ("0123456789abcdef0123456789abcde2", 32);
  g_autoptr (MdVerdict) answered = md_revocation_check (revocation, path, ours, maker_now ());
  GBytes *answer = md_verdict_get_ocsp_response (answered);
  g_autoptr (MdVerdict) again = NULL;
  g_autoptr (MdVerdict) replayed = NULL;
  g_autoptr (MdVerdict) unbound = NULL;

  g_assert_nonnull (answer);
  again = md_revocation_check_evidence (path, answer, ours, maker_now ());
  g_assert_cmpint (md_verdict_get_status (again), ==, MD_VERDICT_VALID);
  replayed = md_revocation_check_evidence (path, answer, other, maker_now ());
  g_assert_cmpint (md_verdict_get_status (replayed), ==, MD_VERDICT_REVOCATION_UNKNOWN);
  g_assert_nonnull (strstr (md_verdict_get_detail (replayed), "nonce"));
  /* without the question's nonce only its age speaks for it, whatever end it gives itself */
  unbound = md_revocation_check_evidence (path, answer, NULL, maker_now ());
  g_assert_cmpint (md_verdict_get_status (unbound), ==, MD_VERDICT_REVOCATION_UNKNOWN);
  g_assert_nonnull (strstr (md_verdict_get_detail (unbound), "too old"));
}

/* A list must be signed with what the policy permits, too. */
static void
test_algorithm_of_a_list (void)
{
  g_autoptr (MdRevocation) revocation = md_revocation_new ();
  g_autoptr (MdVerdict) path = check_path ();
  g_autoptr (GBytes) permitted
      = maker_crl (ca, maker_now () - HOUR, maker_now () + HOUR, NULL, 0x10);
  g_autoptr (GBytes) not_permitted = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  g_autoptr (MdVerdict) later = NULL;
  gsize size = 0;
  const unsigned char *at = g_bytes_get_data (permitted, &size);
  X509_CRL *crl = d2i_X509_CRL (NULL, &at, (long)size);
  unsigned char *der = NULL;
  int length;

  g_assert_cmpint (X509_CRL_sign (crl, ca->key, EVP_sha512 ()), >, 0);
  length = i2d_X509_CRL (crl, &der);
  not_permitted = g_bytes_new (der, (gsize)length);
  OPENSSL_free (der);
  X509_CRL_free (crl);
  g_assert_true (md_revocation_add_crl (revocation, not_permitted, NULL));
  verdict = md_revocation_check (revocation, path, NULL, maker_now ());
  g_assert_cmpint (md_verdict_get_status (verdict), ==, MD_VERDICT_DEFERRED);
  g_assert_nonnull (strstr (md_verdict_get_detail (verdict), "algorithm that is not permitted"));
  md_revocation_clear_crls (revocation);
  g_assert_true (md_revocation_add_crl (revocation, permitted, NULL));
  later = md_revocation_check (revocation, path, NULL, maker_now ());
  g_assert_cmpint (md_verdict_get_status (later), ==, MD_VERDICT_VALID);
}

static void
assert_moment (const MdVerdict *path, MdRevocationSource source, GBytes *answer, gint64 update,
               gint64 since)
{
  MdRevocationMoment moment = { 0 };
  g_autoptr (GError) error = NULL;
  const gboolean read = md_revocation_read_moment (path, source, answer, &moment, &error);

  g_assert_no_error (error);
  g_assert_true (read);
  g_assert_cmpint (moment.this_update, ==, update);
  g_assert_cmpint (moment.since, ==, since);
}

/* Of which time an answer speaks: OCSP by either hash, lists in DER. */
static void
test_moment (void)
{
  g_autoptr (MdVerdict) path = check_path ();
  const gint64 now = maker_now ();
  MakerOcsp spec
      = { .signer = ca, .issuer = ca, .subject = who, .status = REVOKED, .this_update = now - 100 };
  g_autoptr (GBytes) revoked = maker_ocsp (&spec);
  g_autoptr (GBytes) listed = maker_crl (ca, now - 200, now + HOUR, who, 1);
  g_autoptr (GBytes) not_listed = maker_crl (ca, now - 300, now + HOUR, neighbour, 1);
  g_autoptr (GBytes) good = NULL;
  g_autoptr (GBytes) of_other = NULL;
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("rubbish", 7);
  MdRevocationMoment moment = { 0 };
  g_autoptr (GError) error = NULL;

  spec.status = GOOD;
  good = maker_ocsp (&spec);
  spec.subject = neighbour;
  of_other = maker_ocsp (&spec);
  assert_moment (path, MD_REVOCATION_SOURCE_OCSP, revoked, now - 100, now - 160);
  assert_moment (path, MD_REVOCATION_SOURCE_OCSP, good, now - 100, 0);
  assert_moment (path, MD_REVOCATION_SOURCE_CRL, listed, now - 200, now - 260);
  assert_moment (path, MD_REVOCATION_SOURCE_CRL, not_listed, now - 300, 0);
  g_assert_false (
      md_revocation_read_moment (path, MD_REVOCATION_SOURCE_OCSP, of_other, &moment, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  g_assert_false (
      md_revocation_read_moment (path, MD_REVOCATION_SOURCE_OCSP, rubbish, &moment, NULL));
  g_assert_false (
      md_revocation_read_moment (path, MD_REVOCATION_SOURCE_CRL, rubbish, &moment, NULL));
  g_assert_false (md_revocation_read_moment (path, MD_REVOCATION_SOURCE_CRL, good, &moment, NULL));
}

static void
test_what_may_travel (void)
{
  const MakerOcsp spec
      = { .signer = ca, .issuer = ca, .subject = who, .this_update = maker_now () };
  g_autoptr (GBytes) response = maker_ocsp (&spec);
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("POST / HTTP/1.1", 15);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  g_assert_true (md_ocsp_is_response (response));
  g_assert_false (md_ocsp_is_request (response));
  g_assert_false (md_ocsp_is_request (rubbish));
  g_assert_false (md_ocsp_is_request (nothing));
  g_assert_false (md_ocsp_is_response (rubbish));
  g_assert_false (md_ocsp_is_response (nothing));
  g_assert_true (md_ocsp_is_url ("http://ocsp.example/"));
  g_assert_true (md_ocsp_is_url ("http://127.0.0.1:8888"));
  g_assert_false (md_ocsp_is_url ("https://ocsp.example/"));
  g_assert_false (md_ocsp_is_url ("file:///etc/passwd"));
  g_assert_false (md_ocsp_is_url ("http://"));
  g_assert_false (md_ocsp_is_url (NULL));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  make_people ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/pki/ocsp/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/pki/ocsp/bound-nonce", test_bound_nonce);
  g_test_add_func ("/pki/ocsp/algorithm-of-a-list", test_algorithm_of_a_list);
  g_test_add_func ("/pki/ocsp/moment", test_moment);
  g_test_add_func ("/pki/ocsp/what-may-travel", test_what_may_travel);
  result = g_test_run ();
  free_people ();
  return result;
}
