// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <openssl/ocsp.h>
#include "pki-maker.h"

#define HOUR (60 * 60)

typedef struct
{
  MakerIdentity *ca;
  MakerIdentity *other_ca;
  MakerIdentity *who;
  MakerIdentity *responder;
  MdVerdict *path;
  MdRevocation *revocation;
} Fixture;

static MakerIdentity *
make_responder (MakerIdentity *issuer, const char *eku)
{
  const MakerSpec spec
      = { .cn = "ocsp", .key_usage = "critical,digitalSignature", .eku = eku, .issuer = issuer };

  return maker_issue (&spec);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_ANY);

  fixture->ca = maker_authority ("ca");
  fixture->other_ca = maker_authority ("ca");
  fixture->who = maker_end (fixture->ca, "who", "critical,digitalSignature");
  fixture->responder = make_responder (fixture->ca, "OCSPSigning");
  md_trust_add_anchor (trust, fixture->ca->certificate);
  fixture->path = md_trust_check (trust, fixture->who->certificate, NULL, maker_now ());
  g_assert_true (md_verdict_get_status (fixture->path) == MD_VERDICT_VALID);
  g_assert_true (
      md_certificate_equal (md_verdict_get_issuer (fixture->path), fixture->ca->certificate));
  fixture->revocation = md_revocation_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  maker_identity_free (fixture->ca);
  maker_identity_free (fixture->other_ca);
  maker_identity_free (fixture->who);
  maker_identity_free (fixture->responder);
  md_verdict_unref (fixture->path);
  md_revocation_unref (fixture->revocation);
}

static void
add_crl (Fixture *fixture, const MakerIdentity *issuer, gint64 from, gint64 until,
         const MakerIdentity *revoked)
{
  g_autoptr (GBytes) crl = maker_crl (issuer, maker_now () + from,
                                      until != 0 ? maker_now () + until : 0, revoked, 0x1234);
  g_autoptr (GError) error = NULL;
  const gboolean added = md_revocation_add_crl (fixture->revocation, crl, &error);

  g_assert_no_error (error);
  g_assert_true (added);
}

static void
assert_check (Fixture *fixture, MdVerdictStatus status, MdRevocationSource source)
{
  g_autoptr (MdVerdict) verdict
      = md_revocation_check (fixture->revocation, fixture->path, NULL, maker_now ());

  g_test_message ("%s", md_verdict_get_detail (verdict));
  g_assert_cmpstr (md_verdict_status_to_string (md_verdict_get_status (verdict)), ==,
                   md_verdict_status_to_string (status));
  g_assert_true (md_verdict_get_revocation_source (verdict) == source);
  if (source == MD_REVOCATION_SOURCE_CRL)
    {
      g_assert_cmpstr (md_verdict_get_crl_number (verdict), ==, "1234");
      g_assert_cmpstr (md_verdict_get_crl_issuer (verdict), ==, "CN=ca,C=JP");
    }
  if (status == MD_VERDICT_REVOKED)
    {
      g_assert_cmpint (md_verdict_get_revocation_reason (verdict), ==, 1);
      g_assert_cmpint (md_verdict_get_revocation_time (verdict), <, maker_now ());
      g_assert_cmpint (md_verdict_get_revocation_time (verdict), >, maker_now () - 3 * HOUR);
    }
}

static void
test_crl_good (Fixture *fixture, gconstpointer data)
{
  assert_check (fixture, MD_VERDICT_DEFERRED, MD_REVOCATION_SOURCE_NONE);
  add_crl (fixture, fixture->ca, -HOUR, HOUR, fixture->responder);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
}

static void
test_crl_revoked (Fixture *fixture, gconstpointer data)
{
  add_crl (fixture, fixture->ca, -2 * HOUR, HOUR, NULL);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
  add_crl (fixture, fixture->ca, -HOUR, HOUR, fixture->who); /* the later one counts */
  assert_check (fixture, MD_VERDICT_REVOKED, MD_REVOCATION_SOURCE_CRL);
}

static void
assert_unusable (Fixture *fixture, const MakerIdentity *issuer, gint64 from, gint64 until)
{
  add_crl (fixture, issuer, from, until, NULL);
  assert_check (fixture, MD_VERDICT_DEFERRED, MD_REVOCATION_SOURCE_NONE);
  md_revocation_clear_crls (fixture->revocation);
}

static void
test_crl_unusable (Fixture *fixture, gconstpointer data)
{
  assert_unusable (fixture, fixture->ca, -30 * HOUR, -HOUR);      /* out of date */
  assert_unusable (fixture, fixture->ca, HOUR, 2 * HOUR);         /* from the future */
  assert_unusable (fixture, fixture->ca, -49 * HOUR, 100 * HOUR); /* too old for our limit */
  assert_unusable (fixture, fixture->ca, -HOUR, 0);               /* without an end */
  assert_unusable (fixture, fixture->other_ca, -HOUR, HOUR);      /* same name, other key */
  add_crl (fixture, fixture->ca, -49 * HOUR, 100 * HOUR, NULL);
  md_revocation_set_crl_max_age (fixture->revocation, 0);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
  md_revocation_clear_crls (fixture->revocation);
  assert_check (fixture, MD_VERDICT_DEFERRED, MD_REVOCATION_SOURCE_NONE);
}

static void
add_numbered (Fixture *fixture, const MakerIdentity *issuer, gint64 from, gint64 until, long number)
{
  g_autoptr (GBytes) crl
      = maker_crl (issuer, maker_now () + from, maker_now () + until, NULL, number);

  g_assert_true (md_revocation_add_crl (fixture->revocation, crl, NULL));
}

/* The list with the highest number counts, also when it cannot be used: an earlier one must not say
 * "not revoked" of what came after it. Only one that has not begun leaves the one before in force,
 * and what strangers sign counts for nothing. */
static void
test_crl_number (Fixture *fixture, gconstpointer data)
{
  add_numbered (fixture, fixture->ca, -3 * HOUR, HOUR, 0x1234);
  add_numbered (fixture, fixture->other_ca, -HOUR, HOUR, 0x9999);
  add_numbered (fixture, fixture->ca, HOUR, 2 * HOUR, 0x1236);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
  add_numbered (fixture, fixture->ca, -2 * HOUR, -HOUR, 0x1235);
  assert_check (fixture, MD_VERDICT_DEFERRED, MD_REVOCATION_SOURCE_NONE);
}

/* A delta that is later than the complete list: that one is the last word no more, and the delta is
 * none. As evidence it settles nothing, either. */
static void
test_crl_delta (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) later
      = maker_crl (fixture->ca, maker_now () - 60, maker_now () + HOUR, NULL, 0x1235);
  g_autoptr (GBytes) delta = maker_delta (fixture->ca, later);
  g_autoptr (MdVerdict) evidence
      = md_revocation_check_crl_evidence (fixture->path, delta, maker_now ());

  add_numbered (fixture, fixture->ca, -HOUR, HOUR, 0x1234);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
  g_assert_true (md_revocation_add_crl (fixture->revocation, delta, NULL));
  assert_check (fixture, MD_VERDICT_DEFERRED, MD_REVOCATION_SOURCE_NONE);
  g_assert_cmpint (md_verdict_get_status (evidence), ==, MD_VERDICT_REVOCATION_UNKNOWN);
}

static void
test_crl_rubbish (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) good = maker_crl (fixture->ca, maker_now (), maker_now () + HOUR, NULL, 1);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) - 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (md_revocation_add_crl (fixture->revocation, empty, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (md_revocation_add_crl (fixture->revocation, cut, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
}

static void
test_crl_dir (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) crl
      = maker_crl (fixture->ca, maker_now () - HOUR, maker_now () + HOUR, NULL, 0x1234);
  gsize size = 0;
  gconstpointer bytes = g_bytes_get_data (crl, &size);
  g_autofree char *path = maker_write ("good.crl", bytes, size);
  g_autofree char *bad = maker_write ("bad.crl", "bad", 3);
  g_autofree char *other = maker_write ("readme.txt", "bad", 3);
  g_autofree char *dir = g_path_get_dirname (path);
  guint skipped = 0;

  g_assert_cmpuint (md_revocation_load_crl_dir (fixture->revocation, dir, &skipped), ==, 1);
  g_assert_cmpuint (skipped, ==, 1);
  assert_check (fixture, MD_VERDICT_VALID, MD_REVOCATION_SOURCE_CRL);
  maker_clean_up ();
  g_assert_cmpuint (md_revocation_load_crl_dir (fixture->revocation, dir, &skipped), ==, 0);
}

/* Stored OCSP answers, judged as years later from the evidence. */
static void
assert_evidence (Fixture *fixture, const MakerOcsp *ocsp, MdVerdictStatus status)
{
  g_autoptr (GBytes) response = maker_ocsp (ocsp);
  g_autoptr (MdVerdict) verdict
      = md_revocation_check_evidence (fixture->path, response, NULL, maker_now ());

  g_test_message ("%s", md_verdict_get_detail (verdict));
  g_assert_cmpstr (md_verdict_status_to_string (md_verdict_get_status (verdict)), ==,
                   md_verdict_status_to_string (status));
}

static void
test_ocsp_evidence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MakerIdentity) no_eku = make_responder (fixture->ca, NULL);
  g_autoptr (MakerIdentity) foreign = make_responder (fixture->other_ca, "OCSPSigning");
  const MakerOcsp good = { .signer = fixture->responder,
                           .issuer = fixture->ca,
                           .subject = fixture->who,
                           .status = V_OCSP_CERTSTATUS_GOOD,
                           .this_update = maker_now () - HOUR,
                           .next_update = maker_now () + HOUR };
  MakerOcsp other = good;

  assert_evidence (fixture, &good, MD_VERDICT_VALID);
  other.signer = fixture->ca;
  assert_evidence (fixture, &other, MD_VERDICT_VALID);
  other.status = V_OCSP_CERTSTATUS_REVOKED;
  assert_evidence (fixture, &other, MD_VERDICT_REVOKED);
  other.status = V_OCSP_CERTSTATUS_UNKNOWN;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other = good;
  other.signer = no_eku;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other.signer = foreign;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other.signer = fixture->who;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other = good;
  other.subject = fixture->responder;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other = good;
  other.digest = EVP_sha1 ();
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
}

static void
test_ocsp_times (Fixture *fixture, gconstpointer data)
{
  const MakerOcsp good = { .signer = fixture->responder,
                           .issuer = fixture->ca,
                           .subject = fixture->who,
                           .status = V_OCSP_CERTSTATUS_GOOD,
                           .this_update = maker_now () - HOUR };
  MakerOcsp other = good;

  assert_evidence (fixture, &good, MD_VERDICT_VALID);
  other.this_update = maker_now () - 25 * HOUR;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other.next_update = maker_now () - HOUR;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other.next_update = maker_now () + HOUR; /* its own end may be as far away as it likes */
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
  other.this_update = maker_now () - 23 * HOUR;
  assert_evidence (fixture, &other, MD_VERDICT_VALID);
  other.this_update = maker_now () + HOUR;
  other.next_update = maker_now () + 2 * HOUR;
  assert_evidence (fixture, &other, MD_VERDICT_REVOCATION_UNKNOWN);
}

/* Every bit of an answer: none makes it say something else. */
static void
test_ocsp_every_byte (Fixture *fixture, gconstpointer data)
{
  const MakerOcsp spec = { .signer = fixture->responder,
                           .issuer = fixture->ca,
                           .subject = fixture->who,
                           .status = V_OCSP_CERTSTATUS_REVOKED,
                           .this_update = maker_now () - HOUR };
  g_autoptr (GBytes) response = maker_ocsp (&spec);
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (response, &size);

  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (MdVerdict) verdict = NULL;

      copy[at] ^= 0x01;
      bad = g_bytes_new_take (copy, size);
      verdict = md_revocation_check_evidence (fixture->path, bad, NULL, maker_now ());
      g_assert_true (md_verdict_get_status (verdict) != MD_VERDICT_VALID);
    }
}

/* Whatever is not valid stays what it is; nobody is asked about it. */
static void
test_not_valid_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdTrust) nothing = md_trust_new (MD_TRUST_PROFILE_ANY);
  g_autoptr (MdVerdict) path
      = md_trust_check (nothing, fixture->who->certificate, NULL, maker_now ());
  g_autoptr (MdVerdict) verdict = NULL;

  add_crl (fixture, fixture->ca, -HOUR, HOUR, NULL);
  verdict = md_revocation_check (fixture->revocation, path, NULL, maker_now ());
  g_assert_true (md_verdict_get_status (verdict) == MD_VERDICT_UNTRUSTED_ISSUER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/pki/revocation/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("crl-good", test_crl_good);
  ADD ("crl-revoked", test_crl_revoked);
  ADD ("crl-unusable", test_crl_unusable);
  ADD ("crl-number", test_crl_number);
  ADD ("crl-delta", test_crl_delta);
  ADD ("crl-rubbish", test_crl_rubbish);
  ADD ("crl-dir", test_crl_dir);
  ADD ("ocsp-evidence", test_ocsp_evidence);
  ADD ("ocsp-times", test_ocsp_times);
  ADD ("ocsp-every-byte", test_ocsp_every_byte);
  ADD ("not-valid-before", test_not_valid_before);
  return g_test_run ();
}
