// SPDX-License-Identifier: Apache-2.0
/* The verdict as a value: what it says, about whom, for when and by what evidence. */
#include <md-base.h>
#include <openssl/ocsp.h>
#include <string.h>
#include "pki-maker.h"

#define HOUR (60 * 60)
#define DAY (24 * HOUR)

static MdTrust *
trust_in (const MakerIdentity *anchor)
{
  MdTrust *trust = md_trust_new (MD_TRUST_PROFILE_ANY);

  md_trust_add_anchor (trust, anchor->certificate);
  return trust;
}

static void
test_words (void)
{
  for (int i = 0; i < MD_N_VERDICT_STATUSES; i++)
    {
      MdVerdictStatus back = MD_N_VERDICT_STATUSES;

      g_assert_true (
          md_verdict_status_from_string (md_verdict_status_to_string ((MdVerdictStatus)i), &back));
      g_assert_cmpint ((int)back, ==, i);
    }
  for (int i = 0; i < MD_N_VERDICT_CAUSES; i++)
    {
      MdVerdictCause back = MD_N_VERDICT_CAUSES;

      g_assert_true (
          md_verdict_cause_from_string (md_verdict_cause_to_string ((MdVerdictCause)i), &back));
      g_assert_cmpint ((int)back, ==, i);
    }
  g_assert_false (md_verdict_status_from_string ("good", &(MdVerdictStatus){ 0 }));
  g_assert_false (md_verdict_cause_from_string ("bad", &(MdVerdictCause){ 0 }));
  g_assert_cmpstr (md_revocation_reason_to_string (4), ==, "superseded");
  g_assert_cmpstr (md_revocation_reason_to_string (-1), ==, "unspecified");
  g_assert_cmpstr (md_revocation_reason_to_string (99), ==, "unspecified");
}

static void
test_chain (void)
{
  g_autoptr (MakerIdentity) root = maker_authority ("root");
  const MakerSpec between_spec
      = { .cn = "between", .key_usage = "critical,keyCertSign", .ca = TRUE, .issuer = root };
  g_autoptr (MakerIdentity) between = maker_issue (&between_spec);
  g_autoptr (MakerIdentity) who = maker_end (between, "who", "critical,digitalSignature");
  g_autoptr (GPtrArray) list = maker_list (between, NULL);
  g_autoptr (MdTrust) trust = trust_in (root);
  g_autoptr (MdVerdict) verdict = md_trust_check (trust, who->certificate, list, maker_now ());
  g_autoptr (MdVerdict) none = md_trust_check (trust, who->certificate, NULL, maker_now ());
  const GPtrArray *chain = md_verdict_get_chain (verdict);

  g_assert_cmpuint (chain->len, ==, 3);
  g_assert_true (g_ptr_array_index (chain, 0) == who->certificate);
  g_assert_true (md_certificate_equal (g_ptr_array_index (chain, 1), between->certificate));
  g_assert_true (md_certificate_equal (g_ptr_array_index (chain, 2), root->certificate));
  g_assert_true (md_certificate_equal (md_verdict_get_issuer (verdict), between->certificate));
  g_assert_true (md_verdict_get_concerned (verdict) == who->certificate);
  g_assert_cmpint (md_verdict_get_time (verdict), ==, maker_now ());
  g_assert_null (md_verdict_get_chain (none));
  g_assert_null (md_verdict_get_issuer (none));
}

/* It is the authority above that is past its end, or revoked: the verdict says so. */
static void
test_authority_concerned (void)
{
  g_autoptr (MakerIdentity) root = maker_authority ("root");
  const MakerSpec between_spec = { .cn = "between",
                                   .key_usage = "critical,keyCertSign,cRLSign",
                                   .ca = TRUE,
                                   .not_after = maker_now () + DAY,
                                   .issuer = root };
  g_autoptr (MakerIdentity) between = maker_issue (&between_spec);
  g_autoptr (MakerIdentity) who = maker_end (between, "who", "critical,digitalSignature");
  g_autoptr (GPtrArray) list = maker_list (between, NULL);
  g_autoptr (GPtrArray) crls = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (MdTrust) trust = trust_in (root);
  g_autoptr (MdVerdict) late
      = md_trust_check (trust, who->certificate, list, maker_now () + 2 * DAY);
  g_autoptr (MdVerdict) bare = NULL;
  g_autoptr (MdVerdict) good = NULL;
  g_autoptr (MdVerdict) revoked = NULL;

  g_assert_cmpint (md_verdict_get_status (late), ==, MD_VERDICT_EXPIRED);
  g_assert_true (md_certificate_equal (md_verdict_get_concerned (late), between->certificate));
  g_ptr_array_add (crls, maker_crl (between, maker_now () - HOUR, maker_now () + HOUR, NULL, 1));
  bare = md_trust_check_listed (trust, who->certificate, list, crls, maker_now ());
  g_assert_cmpint (md_verdict_get_status (bare), ==, MD_VERDICT_REVOCATION_UNKNOWN);
  g_assert_cmpint (md_verdict_get_cause (bare), ==, MD_VERDICT_CAUSE_NO_LIST);
  g_ptr_array_add (crls, maker_crl (root, maker_now () - HOUR, maker_now () + HOUR, NULL, 1));
  good = md_trust_check_listed (trust, who->certificate, list, crls, maker_now ());
  g_assert_cmpint (md_verdict_get_status (good), ==, MD_VERDICT_VALID);
  g_ptr_array_remove_index (crls, 1);
  g_ptr_array_add (crls,
                   maker_crl_for (root, maker_now () - HOUR, maker_now () + HOUR, between, 2, 2));
  revoked = md_trust_check_listed (trust, who->certificate, list, crls, maker_now ());
  g_assert_cmpint (md_verdict_get_status (revoked), ==, MD_VERDICT_REVOKED);
  g_assert_true (md_certificate_equal (md_verdict_get_concerned (revoked), between->certificate));
  g_assert_cmpint (md_verdict_get_revocation_reason (revoked), ==, 2);
}

/* A delta beside the complete list: whatever it says, "not on the list" is no answer any more; and
 * what the complete one says against the certificate stands. */
static void
test_delta (void)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("ca");
  g_autoptr (MakerIdentity) who = maker_end (ca, "who", "critical,digitalSignature");
  g_autoptr (MakerIdentity) other = maker_end (ca, "other", "critical,digitalSignature");
  g_autoptr (GBytes) base = maker_crl (ca, maker_now () - HOUR, maker_now () + HOUR, other, 1);
  g_autoptr (GBytes) empty = maker_crl (ca, maker_now () - 60, maker_now () + HOUR, NULL, 2);
  g_autoptr (GBytes) revoking = maker_crl (ca, maker_now () - 60, maker_now () + HOUR, who, 2);
  GBytes *const plain[] = { empty, revoking };
  g_autoptr (MdTrust) trust = trust_in (ca);

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autoptr (GBytes) delta = maker_delta (ca, plain[i]);
      g_autoptr (GPtrArray) alone = g_ptr_array_new ();
      g_autoptr (GPtrArray) both = g_ptr_array_new ();
      g_autoptr (MdVerdict) by_delta = NULL;
      g_autoptr (MdVerdict) by_both = NULL;
      g_autoptr (MdVerdict) listed = NULL;

      g_ptr_array_add (alone, delta);
      g_ptr_array_add (both, base);
      g_ptr_array_add (both, delta);
      by_delta = md_trust_check_listed (trust, who->certificate, NULL, alone, maker_now ());
      by_both = md_trust_check_listed (trust, who->certificate, NULL, both, maker_now ());
      listed = md_trust_check_listed (trust, other->certificate, NULL, both, maker_now ());
      g_assert_cmpint (md_verdict_get_status (by_delta), ==, MD_VERDICT_REVOCATION_UNKNOWN);
      g_assert_cmpint (md_verdict_get_cause (by_delta), ==, MD_VERDICT_CAUSE_NO_LIST);
      g_assert_cmpint (md_verdict_get_status (by_both), ==, MD_VERDICT_REVOCATION_UNKNOWN);
      g_assert_cmpint (md_verdict_get_cause (by_both), ==, MD_VERDICT_CAUSE_BAD_LIST);
      g_assert_cmpint (md_verdict_get_status (listed), ==, MD_VERDICT_REVOKED);
    }
}

typedef struct
{
  int reason;
  MdVerdictStatus status;
  const char *word;
} Reason;

static const Reason reasons[] = {
  { 1, MD_VERDICT_REVOKED, "revoked since %s, keyCompromise (%s)" },
  { 4, MD_VERDICT_REVOKED, "revoked since %s, superseded (%s)" },
  { 6, MD_VERDICT_SUSPENDED, "suspended since %s, certificateHold (%s)" },
};

static void
assert_taken_back (const MdVerdict *verdict, const MdVerdict *path, const Reason *row,
                   const char *by)
{
  const gint64 since = maker_now () - HOUR - 60;
  g_autofree char *time = md_time_format_rfc3339 (since * G_USEC_PER_SEC);
  g_autofree char *day = md_time_format_tokyo (since * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);
  g_autofree char *message = md_verdict_dup_message (verdict);
  g_autoptr (GString) detail = g_string_new (row->word);

  g_string_replace (detail, "%s", time, 1);
  g_string_replace (detail, "%s", by, 1);
  g_assert_cmpint (md_verdict_get_status (verdict), ==, row->status);
  g_assert_cmpint (md_verdict_get_revocation_reason (verdict), ==, row->reason);
  g_assert_cmpint (md_verdict_get_revocation_time (verdict), ==, since);
  g_assert_cmpstr (md_verdict_get_detail (verdict), ==, detail->str);
  g_test_message ("%s", message);
  g_assert_nonnull (strstr (message, day));
  g_assert_nonnull (strstr (message, md_revocation_reason_get_label (row->reason)));
  g_assert_true (md_verdict_get_certificate (verdict) == md_verdict_get_certificate (path));
  g_assert_true (md_verdict_get_issuer (verdict) == md_verdict_get_issuer (path));
  g_assert_true (md_verdict_get_chain (verdict) == md_verdict_get_chain (path));
}

/* With its reason and time, from a list and from a responder; suspended is not revoked. */
static void
test_taken_back (void)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("ca");
  g_autoptr (MakerIdentity) who = maker_end (ca, "who", "critical,digitalSignature");
  g_autoptr (MdTrust) trust = trust_in (ca);
  g_autoptr (MdVerdict) path = md_trust_check (trust, who->certificate, NULL, maker_now ());

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      const MakerOcsp spec = { .signer = ca,
                               .issuer = ca,
                               .subject = who,
                               .status = V_OCSP_CERTSTATUS_REVOKED,
                               .reason = reasons[i].reason,
                               .this_update = maker_now () - HOUR };
      g_autoptr (GBytes) crl
          = maker_crl_for (ca, maker_now () - HOUR, maker_now () + HOUR, who, 1, reasons[i].reason);
      g_autoptr (GBytes) ocsp = maker_ocsp (&spec);
      g_autoptr (MdVerdict) by_list = md_revocation_check_crl_evidence (path, crl, maker_now ());
      g_autoptr (MdVerdict) by_ocsp = md_revocation_check_evidence (path, ocsp, NULL, maker_now ());

      assert_taken_back (by_list, path, &reasons[i], "on the revocation list");
      assert_taken_back (by_ocsp, path, &reasons[i], "by OCSP");
      g_assert_nonnull (md_verdict_get_crl (by_list));
      g_assert_nonnull (md_verdict_get_ocsp_response (by_ocsp));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pki/verdict/words", test_words);
  g_test_add_func ("/pki/verdict/chain", test_chain);
  g_test_add_func ("/pki/verdict/authority-concerned", test_authority_concerned);
  g_test_add_func ("/pki/verdict/delta", test_delta);
  g_test_add_func ("/pki/verdict/taken-back", test_taken_back);
  return g_test_run ();
}
