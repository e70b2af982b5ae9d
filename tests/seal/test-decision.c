// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <openssl/cms.h>
#include <string.h>
#include "seal-maker.h"

static MdDecisionFiles *
make (const MdContainer *container, const MdDecision *decision, MdKey *key,
      const MakerIdentity *officer)
{
  g_autoptr (GError) error = NULL;
  MdDecisionFiles *files
      = md_decision_make (container, decision, key, officer->certificate, maker_now (), &error);

  g_assert_no_error (error);
  return files;
}

static void
set_kind (MdDecision *decision, MdDecisionKind kind, const char *reason)
{
  decision->kind = kind;
  g_free (decision->reason_code);
  decision->reason_code = g_strdup (reason);
}

static void
assert_refused (Office *office, const MdContainer *container, const MdDecisionFiles *files,
                MdSealError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (md_decision_verify (container, files, office->trust, maker_now (), &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MD_SEAL_ERROR, (int)code);
}

static void
test_approve (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) approval = office_approval ();
  guint calls = 0;
  g_autoptr (MdKey) card = maker_external_key (office->supervisor, NULL, &calls);
  g_autoptr (MdDecisionFiles) files = make (container, approval, card, office->supervisor);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecision) back
      = md_decision_verify (container, files, office->trust, maker_now (), &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) whole = NULL;
  g_autoptr (MdDecisionFiles) inside = NULL;
  gboolean good;

  g_assert_no_error (error);
  g_assert_cmpuint (calls, ==, 1);
  g_assert_cmpuint (back->n, ==, 2);
  g_assert_cmpstr (back->intake, ==, MAKER_INTAKE);
  g_assert_cmpstr (back->officer, ==, "S0101");
  bytes = md_container_append_decision (container, files, &error);
  g_assert_no_error (error);
  whole = md_container_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_container_get_last_signature (whole), ==, 2);
  good = md_container_verify (whole, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_true (good);
  inside = md_container_dup_decision (whole, 2);
  g_assert_true (g_bytes_equal (inside->decision, files->decision));
  g_assert_null (md_container_append_decision (whole, files, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* How many differences the officer ticked is signed with an approval, and with nothing else. */
static void
test_differences (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) approval = office_approval ();
  g_autoptr (MdDecisionFiles) plain
      = make (container, approval, office->supervisor_key, office->supervisor);
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdDecision) back = NULL;
  g_autoptr (GBytes) zero = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text
      = g_strndup (g_bytes_get_data (plain->decision, NULL), g_bytes_get_size (plain->decision));
  g_autofree char *longer = NULL;

  g_assert_null (strstr (text, "differences"));
  approval->differences = 2;
  files = make (container, approval, office->supervisor_key, office->supervisor);
  back = md_decision_verify (container, files, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->differences, ==, 2);
  set_kind (approval, MD_DECISION_RETURN, "document-missing");
  g_assert_null (md_decision_make (container, approval, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_clear_error (&error);
  /* none is not written at all */
  text[strlen (text) - 1] = '\0';
  longer = g_strconcat (text, ",\"differences\":0}", NULL);
  zero = g_bytes_new (longer, strlen (longer));
  g_assert_null (md_decision_parse (zero, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* With two attachments. */
static MdContainer *
scanned_container (Office *office)
{
  g_autoptr (MdManifest) manifest = office_manifest (MAKER_INTAKE);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GPtrArray) business = maker_list (office->business, office->supervisor, NULL);
  g_autoptr (GBytes) part = g_bytes_new_static ("{}", 2), bytes = NULL;
  g_autoptr (GError) error = NULL;
  MdContainer *container;

  g_assert_true (
      md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, part, business, &error));
  g_assert_true (
      md_container_builder_add_part (builder, MD_SEAL_PART_EVIDENCE, part, business, &error));
  for (guint i = 0; i < 2; i++)
    g_assert_true (md_container_builder_add_attachment (builder, part, "image/jpeg",
                                                        MD_SEAL_READERS_CLASS, business, &error));
  bytes = md_container_builder_sign (builder, office->clerk_key, office->clerk->certificate,
                                     maker_now (), &error);
  g_assert_no_error (error);
  container = md_container_parse (bytes, &error);
  g_assert_no_error (error);
  return container;
}

/* How each attachment was looked at is signed, of all of them or, by an older release, of none. */
static void
test_scans (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = scanned_container (office);
  g_autoptr (MdDecision) approval = office_approval (), back = NULL, old = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdDecisionFiles) silent
      = make (container, approval, office->supervisor_key, office->supervisor);
  g_autoptr (GError) error = NULL;

  old = md_decision_verify (container, silent, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_decision_count_scans (old), ==, 0);
  approval->scans[MD_LOOK_SHOWN] = 1;
  g_assert_null (md_decision_make (container, approval, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH);
  g_clear_error (&error);
  approval->scans[MD_LOOK_CLOSED] = 1;
  files = make (container, approval, office->supervisor_key, office->supervisor);
  back = md_decision_verify (container, files, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->scans[MD_LOOK_SHOWN], ==, 1);
  g_assert_cmpuint (back->scans[MD_LOOK_PAPER], ==, 0);
  g_assert_cmpuint (back->scans[MD_LOOK_CLOSED], ==, 1);
  set_kind (approval, MD_DECISION_RETURN, "document-missing");
  g_assert_null (md_decision_make (container, approval, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* A return, and then a withdrawal that follows it. */
static void
test_history (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) returned = NULL;
  g_autoptr (MdDecisionFiles) direct = NULL;
  g_autoptr (MdDecisionFiles) withdrawn = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) third = NULL;
  g_autoptr (MdContainer) two = NULL;
  g_autoptr (MdContainer) three = NULL;
  g_autoptr (GError) error = NULL;

  direct = make (container, decision, office->supervisor_key, office->supervisor);
  decision->kind = MD_DECISION_RETURN;
  g_assert_null (md_decision_make (container, decision, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED); /* a return needs its reason */
  set_kind (decision, MD_DECISION_RETURN, "document-missing");
  returned = make (container, decision, office->supervisor_key, office->supervisor);
  second = md_container_append_decision (container, returned, NULL);
  two = md_container_parse (second, NULL);
  decision->kind = MD_DECISION_WITHDRAW;
  withdrawn = make (two, decision, office->supervisor_key, office->supervisor);
  g_assert_cmpuint (withdrawn->n, ==, 3);
  third = md_container_append_decision (two, withdrawn, NULL);
  three = md_container_parse (third, NULL);
  g_assert_true (md_container_verify (three, office->trust, maker_now (), NULL));
  /* the third without the second, and the direct approval in the third's place */
  assert_refused (office, container, withdrawn, MD_SEAL_ERROR_MISMATCH);
  direct->n = 3;
  assert_refused (office, two, direct, MD_SEAL_ERROR_MISMATCH);
}

/* What was returned may be withdrawn by the clerk who took it in; nothing else, and nothing before
 * the return. */
static void
test_withdraw_returned (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) returned = NULL;
  g_autoptr (MdDecisionFiles) withdrawn = NULL;
  g_autoptr (MdDecision) back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) two = NULL;
  g_autoptr (GError) error = NULL;

  set_kind (decision, MD_DECISION_RETURN, "paper-missing");
  returned = make (container, decision, office->supervisor_key, office->supervisor);
  bytes = md_container_append_decision (container, returned, NULL);
  two = md_container_parse (bytes, NULL);
  g_free (decision->officer);
  decision->officer = g_strdup ("S0001");
  decision->kind = MD_DECISION_WITHDRAW;
  g_assert_null (md_decision_make (container, decision, office->clerk_key,
                                   office->clerk->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
  g_clear_error (&error);
  withdrawn = make (two, decision, office->clerk_key, office->clerk);
  back = md_decision_verify (two, withdrawn, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->n, ==, 3);
  g_assert_true (md_decision_withdraws_returned (two, back));
  g_assert_false (md_decision_withdraws_returned (container, back));
  /* nobody approves what was returned, least of all the clerk */
  decision->kind = MD_DECISION_APPROVE;
  g_assert_null (md_decision_make (two, decision, office->clerk_key, office->clerk->certificate,
                                   maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_ORDER);
}

/* The same application returned twice over, with two signatures: a withdrawal that follows the
 * one return does not follow the other. */
static void
test_other_history (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  MdContainer *histories[2] = { NULL, NULL };
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) withdrawn = NULL;

  set_kind (decision, MD_DECISION_RETURN, "document-missing");
  for (gsize i = 0; i < G_N_ELEMENTS (histories); i++)
    {
      g_autoptr (MdDecisionFiles) returned
          = make (container, decision, office->supervisor_key, office->supervisor);
      g_autoptr (GBytes) bytes = md_container_append_decision (container, returned, NULL);

      histories[i] = md_container_parse (bytes, NULL);
    }
  decision->kind = MD_DECISION_WITHDRAW;
  withdrawn = make (histories[0], decision, office->supervisor_key, office->supervisor);
  assert_refused (office, histories[1], withdrawn, MD_SEAL_ERROR_MISMATCH);
  md_container_unref (histories[0]);
  md_container_unref (histories[1]);
}

/* X04: the clerk herself; a second account with her certificate's key; her staff id on another
 * certificate. */
static void
test_two_persons (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  const MakerSpec same_key_spec = { .cn = "S0101",
                                    .serial_number = "S0101",
                                    .key_usage = "critical,digitalSignature",
                                    .issuer = office->staff_ca,
                                    .key = office->clerk->key };
  const MakerSpec same_id_spec = { .organization = "Other",
                                   .cn = "s0001",
                                   .serial_number = "s0001",
                                   .key_usage = "critical,digitalSignature",
                                   .issuer = office->staff_ca };
  g_autoptr (MakerIdentity) same_key = maker_issue (&same_key_spec);
  g_autoptr (MakerIdentity) same_id = maker_issue (&same_id_spec);
  g_autoptr (MdDecision) decision = office_approval ();
  MakerIdentity *culprits[] = { office->clerk, same_key, same_id };

  for (gsize i = 0; i < G_N_ELEMENTS (culprits); i++)
    {
      g_autoptr (MdKey) key = maker_key (culprits[i]);
      g_autoptr (GError) error = NULL;

      g_free (decision->officer);
      decision->officer = g_strdup (md_certificate_get_subject_cn (culprits[i]->certificate));
      g_assert_null (md_decision_make (container, decision, key, culprits[i]->certificate,
                                       maker_now (), &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
    }
  g_assert_true (md_seal_check_two_persons (office->clerk->certificate,
                                            office->supervisor->certificate, NULL));
}

/* The same when the refusal at signing is bypassed: the decision is made for a container of another
 * clerk, and its signature is good; the verifier must see it on its own. */
static void
test_two_persons_verified (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  const MakerSpec spec = { .cn = "S0101",
                           .serial_number = "S0101",
                           .key_usage = "critical,digitalSignature",
                           .issuer = office->staff_ca,
                           .key = office->clerk->key };
  g_autoptr (MakerIdentity) second_account = maker_issue (&spec);
  g_autoptr (MdKey) key = maker_key (second_account);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) good
      = make (container, decision, office->supervisor_key, office->supervisor);
  g_autoptr (GBytes) signature = md_cms_sign_detached (
      good->manifest, key, second_account->certificate, NULL, maker_now (), NULL);
  g_autoptr (MdDecisionFiles) forged
      = md_decision_files_new (2, good->decision, good->manifest, signature);

  assert_refused (office, container, forged, MD_SEAL_ERROR_SAME_PERSON);
}

/* The container as it is once CHECKER (S0102) has checked it. */
static MdContainer *
checked_by (Office *office, const MdContainer *container, const MakerIdentity *checker)
{
  g_autoptr (MdDecision) check = office_approval ();
  g_autoptr (MdKey) key = maker_key (checker);
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdDecision) back = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  set_kind (check, MD_DECISION_CHECK, "");
  check->differences = 2;
  g_free (check->officer);
  check->officer = g_strdup ("S0102");
  files = make (container, check, key, checker);
  back = md_decision_verify (container, files, office->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->kind, ==, MD_DECISION_CHECK);
  g_assert_cmpuint (back->differences, ==, 2);
  bytes = md_container_append_decision (container, files, &error);
  return md_container_parse (bytes, &error);
}

/* Two officers: the first checks, and another approves; nobody does both, whatever name, card or
 * account they show the second time. */
static void
test_two_officers (Office *office, gconstpointer data)
{
  const MakerSpec spec = { .cn = "S0102",
                           .serial_number = "S0102",
                           .key_usage = "critical,digitalSignature",
                           .issuer = office->staff_ca };
  g_autoptr (MakerIdentity) checker = maker_issue (&spec);
  const MakerSpec same_id = { .organization = "Other",
                              .cn = "s0102",
                              .serial_number = "s0102",
                              .key_usage = "critical,digitalSignature",
                              .issuer = office->staff_ca };
  const MakerSpec same_key = { .cn = "S0104",
                               .serial_number = "S0104",
                               .key_usage = "critical,digitalSignature",
                               .issuer = office->staff_ca,
                               .key = checker->key };
  g_autoptr (MakerIdentity) other_card = maker_issue (&same_id);
  g_autoptr (MakerIdentity) other_account = maker_issue (&same_key);
  MakerIdentity *culprits[] = { checker, other_card, other_account, office->clerk };
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdContainer) checked = checked_by (office, container, checker);
  g_autoptr (MdDecision) before = md_decision_find_check (checked, 3);
  g_autoptr (MdDecision) approval = office_approval ();
  g_autoptr (MdDecisionFiles) good
      = make (checked, approval, office->supervisor_key, office->supervisor);
  g_autoptr (MdDecision) back
      = md_decision_verify (checked, good, office->trust, maker_now (), NULL);
  g_autoptr (GBytes) whole = md_container_append_decision (checked, good, NULL);
  g_autoptr (MdContainer) decided = md_container_parse (whole, NULL);

  g_assert_cmpstr (before->officer, ==, "S0102");
  g_assert_null (md_decision_find_check (container, 2));
  g_assert_null (md_decision_find_check (decided, 4));
  g_assert_cmpuint (back->n, ==, 3);
  g_assert_true (md_container_verify (decided, office->trust, maker_now (), NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (culprits); i++)
    {
      g_autoptr (MdKey) key = maker_key (culprits[i]);
      g_autoptr (MdDecision) own = office_approval ();
      g_autoptr (GError) error = NULL;

      g_free (own->officer);
      own->officer = g_strdup (md_certificate_get_subject_cn (culprits[i]->certificate));
      g_assert_null (
          md_decision_make (checked, own, key, culprits[i]->certificate, maker_now (), &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
    }
  set_kind (approval, MD_DECISION_CHECK, "");
  g_assert_null (md_decision_make (checked, approval, office->supervisor_key,
                                   office->supervisor->certificate, maker_now (), NULL));
}

/* The same where the refusal at signing is bypassed: who checked signs as S0103 with the key of
 * S0102, over an approval that S0103 would have signed. */
static void
test_two_officers_verified (Office *office, gconstpointer data)
{
  const MakerSpec first = { .cn = "S0102",
                            .serial_number = "S0102",
                            .key_usage = "critical,digitalSignature",
                            .issuer = office->staff_ca };
  g_autoptr (MakerIdentity) checker = maker_issue (&first);
  const MakerSpec second = { .cn = "S0101",
                             .serial_number = "S0101",
                             .key_usage = "critical,digitalSignature",
                             .issuer = office->staff_ca,
                             .key = checker->key };
  g_autoptr (MakerIdentity) second_account = maker_issue (&second);
  g_autoptr (MdKey) key = maker_key (second_account);
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdContainer) checked = checked_by (office, container, checker);
  g_autoptr (MdDecision) approval = office_approval ();
  g_autoptr (MdDecisionFiles) good
      = make (checked, approval, office->supervisor_key, office->supervisor);
  g_autoptr (GBytes) signature = md_cms_sign_detached (
      good->manifest, key, second_account->certificate, NULL, maker_now (), NULL);
  g_autoptr (MdDecisionFiles) forged
      = md_decision_files_new (3, good->decision, good->manifest, signature);
  g_autoptr (GBytes) bytes = md_container_append_decision (checked, forged, NULL);
  g_autoptr (MdContainer) whole = md_container_parse (bytes, NULL);
  g_autoptr (GError) error = NULL;

  assert_refused (office, checked, forged, MD_SEAL_ERROR_SAME_PERSON);
  g_assert_false (md_container_verify (whole, office->trust, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
}

/* X05, X06: an approval for another version, another intake, another office. */
static void
test_other_container (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) first = office_container (office);
  g_autoptr (MdContainer) again = office_container (office);
  g_autoptr (GBytes) bytes
      = office_make (office, MAKER_OTHER_INTAKE, office->clerk_key, office->clerk);
  g_autoptr (MdContainer) other = md_container_parse (bytes, NULL);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) files
      = make (first, decision, office->supervisor_key, office->supervisor);
  g_autoptr (MdDecisionFiles) foreign = NULL;

  assert_refused (office, again, files, MD_SEAL_ERROR_MISMATCH);
  assert_refused (office, other, files, MD_SEAL_ERROR_MISMATCH);
  g_free (decision->office);
  decision->office = g_strdup ("131016");
  foreign = make (first, decision, office->supervisor_key, office->supervisor);
  assert_refused (office, first, foreign, MD_SEAL_ERROR_MISMATCH);
}

static GBytes *
replace (GBytes *bytes, const char *from, const char *to)
{
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_strndup (data, size);
  g_autofree char **pieces = g_strsplit (text, from, -1);
  char *joined;

  g_assert_cmpuint (g_strv_length (pieces), ==, 2);
  joined = g_strjoinv (to, pieces);
  g_free (pieces[0]);
  g_free (pieces[1]);
  return g_bytes_new_take (joined, strlen (joined));
}

/* As the ASiC manifest has it. */
static char *
digest_of (GBytes *bytes)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (sum, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes));
  g_checksum_get_digest (sum, digest, &size);
  return g_base64_encode (digest, size);
}

static void
test_tampered (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) good = NULL;
  g_autoptr (GBytes) approve = NULL;
  g_autoptr (GBytes) extra = NULL;
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GBytes) manifest = NULL;

  set_kind (decision, MD_DECISION_REJECT, "not-entitled");
  good = make (container, decision, office->supervisor_key, office->supervisor);
  approve = replace (good->decision, "\"reject\"", "\"approve\"");
  extra = replace (good->decision, "{\"schema\"", "{\"note\":\"x\",\"schema\"");
  twice = replace (good->decision, "\"n\":2", "\"n\":3,\"n\":2");
  manifest = replace (good->manifest, "decision002.json", "decision003.json");
  {
    g_autoptr (MdDecisionFiles) a
        = md_decision_files_new (2, approve, good->manifest, good->signature);
    g_autoptr (MdDecisionFiles) b
        = md_decision_files_new (2, extra, good->manifest, good->signature);
    g_autoptr (MdDecisionFiles) c
        = md_decision_files_new (2, twice, good->manifest, good->signature);
    g_autoptr (MdDecisionFiles) d
        = md_decision_files_new (2, good->decision, manifest, good->signature);
    g_autoptr (MdDecisionFiles) e
        = md_decision_files_new (2, good->decision, good->manifest, good->manifest);

    assert_refused (office, container, a, MD_SEAL_ERROR_DIGEST);
    assert_refused (office, container, b, MD_SEAL_ERROR_DIGEST);
    assert_refused (office, container, c, MD_SEAL_ERROR_MALFORMED);
    assert_refused (office, container, d, MD_SEAL_ERROR_MISMATCH);
    assert_refused (office, container, e, MD_SEAL_ERROR_SIGNATURE);
  }
}

/* @json in the place of what @good decided, and the manifest signed anew. */
static MdDecisionFiles *
sign_other (const MdDecisionFiles *good, GBytes *json, MdKey *key, const MakerIdentity *officer)
{
  g_autofree char *was = digest_of (good->decision);
  g_autofree char *is = digest_of (json);
  g_autoptr (GBytes) manifest = replace (good->manifest, was, is);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) signature
      = md_cms_sign_detached (manifest, key, officer->certificate, NULL, maker_now (), &error);

  g_assert_no_error (error);
  return md_decision_files_new (good->n, json, manifest, signature);
}

/* What a newer release made is told apart from a forgery by the signature alone. */
static void
test_newer (Office *office, gconstpointer data)
{
  static const struct
  {
    const char *from;
    const char *to;
    MdSealError code;
  } changes[] = {
    { "{\"schema\"", "{\"later\":1,\"schema\"", MD_SEAL_ERROR_NEWER },
    { "{\"schema\"", "{\"\\u007f\\n\":{},\"schema\"", MD_SEAL_ERROR_NEWER },
    { "\"closed\":0}", "\"closed\":0,\"spoken\":0}", MD_SEAL_ERROR_NEWER },
    { "\"shown\":2,\"paper\":0,\"closed\":0}", "\"spoken\":2}", MD_SEAL_ERROR_NEWER },
    { "\"scans\":{", "\"delegation\":{\"for\":\"ever\"},\"scans\":{", MD_SEAL_ERROR_NEWER },
    { "\"approve\"", "\"suspend\"", MD_SEAL_ERROR_NEWER },
    { "madoguchi-decision/1", "madoguchi-decision/2", MD_SEAL_ERROR_NEWER },
    { "{\"schema\":\"madoguchi-decision/1\",", "{\"schema\":\"madoguchi-decision/12\",\"who\":1,",
      MD_SEAL_ERROR_NEWER },
    { "madoguchi-decision/1", "madoguchi-decision/0", MD_SEAL_ERROR_MALFORMED },
    { "madoguchi-decision/1", "madoguchi-decision/2x", MD_SEAL_ERROR_MALFORMED },
    { "madoguchi-decision/1", "madoguchi-receipt/2", MD_SEAL_ERROR_MALFORMED },
    { "\"n\":2", "\"n\":3,\"n\":2", MD_SEAL_ERROR_MALFORMED },
    { "\"closed\":0}", "\"closed\":\"none\"}", MD_SEAL_ERROR_MALFORMED },
  };
  g_autoptr (MdContainer) container = scanned_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) good = NULL;
  g_autoptr (MakerIdentity) elsewhere = maker_authority ("Elsewhere");
  g_autoptr (MakerIdentity) other = maker_end (elsewhere, "S0101", "critical,digitalSignature");
  g_autoptr (MdKey) other_key = maker_key (other);

  decision->scans[MD_LOOK_SHOWN] = 2;
  good = make (container, decision, office->supervisor_key, office->supervisor);
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      const MdSealError code = changes[i].code;
      const gboolean newer = code == MD_SEAL_ERROR_NEWER;
      g_autoptr (GBytes) json = replace (good->decision, changes[i].from, changes[i].to);
      g_autoptr (MdDecisionFiles) forged
          = md_decision_files_new (2, json, good->manifest, good->signature);
      g_autoptr (MdDecisionFiles) strange = sign_other (good, json, other_key, other);
      g_autoptr (MdDecisionFiles) clerk = sign_other (good, json, office->clerk_key, office->clerk);
      g_autoptr (MdDecisionFiles) signed_anew
          = sign_other (good, json, office->supervisor_key, office->supervisor);

      g_test_message ("%s", changes[i].to);
      assert_refused (office, container, signed_anew, code);
      assert_refused (office, container, forged, newer ? MD_SEAL_ERROR_DIGEST : code);
      assert_refused (office, container, strange, newer ? MD_SEAL_ERROR_UNTRUSTED : code);
      /* It names another. */
      assert_refused (office, container, clerk, newer ? MD_SEAL_ERROR_MISMATCH : code);
    }
}

static GBytes *
sign_by (GBytes *content, const MakerIdentity *who, const EVP_MD *digest)
{
  const unsigned int flags = CMS_BINARY | CMS_DETACHED;
  CMS_ContentInfo *cms = CMS_sign (NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
  BIO *in = BIO_new_mem_buf (g_bytes_get_data (content, NULL), (int)g_bytes_get_size (content));
  unsigned char *der = NULL;
  g_autoptr (GBytes) bytes = NULL;
  int size;

  g_assert_nonnull (
      CMS_add1_signer (cms, who->x509, who->key, digest, flags | CMS_CADES | CMS_NOSMIMECAP));
  g_assert_cmpint (CMS_final (cms, in, NULL, flags), ==, 1);
  size = i2d_CMS_ContentInfo (cms, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  BIO_free (in);
  CMS_ContentInfo_free (cms);
  return g_steal_pointer (&bytes);
}

/* What this release does not take is not told as a signature that does not fit: nobody is said to
 * have forged what a later one signed. Nor is what names another digest its: only when that fits,
 * by a certificate that is trusted, of whom it names. */
static void
test_signed_otherwise (Office *office, gconstpointer data)
{
  const MakerSpec spec = { .cn = "S0101",
                           .serial_number = "S0101",
                           .curve = "P-384",
                           .key_usage = "critical,digitalSignature",
                           .issuer = office->staff_ca };
  g_autoptr (MakerIdentity) later = maker_issue (&spec);
  g_autoptr (MakerIdentity) elsewhere = maker_authority ("Elsewhere");
  g_autoptr (MakerIdentity) stranger = maker_end (elsewhere, "S0101", "critical,digitalSignature");
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) good
      = make (container, decision, office->supervisor_key, office->supervisor);
  g_autoptr (GBytes) other = g_bytes_new_static ("another", 7);
  const struct
  {
    const MakerIdentity *who;
    const EVP_MD *digest;
    GBytes *content;
    MdSealError code;
  } cases[] = {
    { later, EVP_sha384 (), good->manifest, MD_SEAL_ERROR_UNSUPPORTED },
    { office->supervisor, EVP_sha384 (), good->manifest, MD_SEAL_ERROR_UNSUPPORTED },
    { office->supervisor, EVP_sha384 (), other, MD_SEAL_ERROR_SIGNATURE },
    { later, EVP_sha384 (), other, MD_SEAL_ERROR_SIGNATURE },
    { stranger, EVP_sha384 (), good->manifest, MD_SEAL_ERROR_UNTRUSTED },
    { office->clerk, EVP_sha384 (), good->manifest, MD_SEAL_ERROR_MISMATCH },
    { office->supervisor, EVP_sha1 (), good->manifest, MD_SEAL_ERROR_SIGNATURE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) signature = sign_by (cases[i].content, cases[i].who, cases[i].digest);
      g_autoptr (MdDecisionFiles) files
          = md_decision_files_new (2, good->decision, good->manifest, signature);

      g_test_message ("%" G_GSIZE_FORMAT, i);
      assert_refused (office, container, files, cases[i].code);
    }
}

/* An officer who signs an ASiC manifest that says more, less, or other things to other readers. */
static void
test_hostile_manifest (Office *office, gconstpointer data)
{
  static const struct
  {
    const char *from;
    const char *to;
    MdSealError code;
  } changes[] = {
    { "<asic:ASiCManifest", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><asic:ASiCManifest",
      MD_SEAL_ERROR_MALFORMED },
    { "<asic:ASiCManifest", "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><asic:ASiCManifest",
      MD_SEAL_ERROR_MALFORMED },
    { "</asic:ASiCManifest>", "<asic:DataObjectReference URI=\"number.cms\"/></asic:ASiCManifest>",
      MD_SEAL_ERROR_MISMATCH },
    { "signature002.p7s", "signature001.p7s", MD_SEAL_ERROR_MISMATCH },
    { "URI=\"manifest.json\"", "URI=\"number.cms\"", MD_SEAL_ERROR_MISMATCH },
    { "http://uri.etsi.org/02918/v1.2.1#", "http://example/", MD_SEAL_ERROR_MALFORMED },
    { "</asic:ASiCManifest>", "", MD_SEAL_ERROR_MALFORMED },
  };
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) good
      = make (container, decision, office->supervisor_key, office->supervisor);
  gsize size = 0;
  const char *xml = g_bytes_get_data (good->manifest, &size);
  g_autofree char *text = g_strndup (xml, size);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (GStrv) pieces = g_strsplit (text, changes[i].from, 2);
      g_autofree char *changed = g_strjoinv (changes[i].to, pieces);
      g_autoptr (GBytes) manifest = g_bytes_new (changed, strlen (changed));
      g_autoptr (GBytes) signature
          = md_cms_sign_detached (manifest, office->supervisor_key, office->supervisor->certificate,
                                  NULL, maker_now (), NULL);
      g_autoptr (MdDecisionFiles) files
          = md_decision_files_new (2, good->decision, manifest, signature);

      g_assert_cmpuint (g_strv_length (pieces), ==, 2);
      assert_refused (office, container, files, changes[i].code);
    }
}

static void
test_wrong_officer (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  g_autoptr (MakerIdentity) stranger_ca = maker_authority ("stranger");
  g_autoptr (MakerIdentity) stranger
      = maker_end (stranger_ca, "S0101", "critical,digitalSignature");
  g_autoptr (MakerIdentity) other
      = maker_end (office->staff_ca, "S0102", "critical,digitalSignature");
  g_autoptr (MdKey) stranger_key = maker_key (stranger);
  g_autoptr (MdKey) other_key = maker_key (other);
  g_autoptr (MdDecision) decision = office_approval ();
  g_autoptr (MdDecisionFiles) untrusted = make (container, decision, stranger_key, stranger);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (MdDecisionFiles) mismatched = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (office, container, untrusted, MD_SEAL_ERROR_UNTRUSTED);
  g_assert_null (
      md_decision_make (container, decision, other_key, other->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH);
  signature = md_cms_sign_detached (untrusted->manifest, other_key, other->certificate, NULL,
                                    maker_now (), NULL);
  mismatched = md_decision_files_new (2, untrusted->decision, untrusted->manifest, signature);
  assert_refused (office, container, mismatched, MD_SEAL_ERROR_MISMATCH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/decision/" name, Office, NULL, office_set_up, function, office_tear_down)
  ADD ("approve", test_approve);
  ADD ("differences", test_differences);
  ADD ("scans", test_scans);
  ADD ("history", test_history);
  ADD ("other-history", test_other_history);
  ADD ("withdraw-returned", test_withdraw_returned);
  ADD ("two-persons", test_two_persons);
  ADD ("two-persons-verified", test_two_persons_verified);
  ADD ("two-officers", test_two_officers);
  ADD ("two-officers-verified", test_two_officers_verified);
  ADD ("other-container", test_other_container);
  ADD ("tampered", test_tampered);
  ADD ("newer", test_newer);
  ADD ("signed-otherwise", test_signed_otherwise);
  ADD ("hostile-manifest", test_hostile_manifest);
  ADD ("wrong-officer", test_wrong_officer);
  return g_test_run ();
}
