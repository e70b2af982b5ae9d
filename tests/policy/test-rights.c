// SPDX-License-Identifier: Apache-2.0
/* Who may do what under the policy of the invented ward: take in, decide, open; and by what a
 * person may be identified. */
#include <json-glib/json-glib.h>

#include "fixture.h"

static gboolean
has_recipient (GPtrArray *list, GBytes *der)
{
  for (guint i = 0; i < list->len; i++)
    if (g_bytes_equal (g_ptr_array_index (list, i), der))
      return TRUE;
  return FALSE;
}

static void
test_recipients (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  GBytes *supervisor = md_policy_get_staff (policy, "S0101")->key_agreement;
  GBytes *clerk = md_policy_get_staff (policy, "S0001")->key_agreement;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) application = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V1, MD_RECIPIENTS_APPLICATION, "S0001", &error);
  g_autoptr (GPtrArray) number = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V1, MD_RECIPIENTS_NUMBER, "S0001", &error);
  g_autoptr (GPtrArray) without = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V4, MD_RECIPIENTS_NUMBER, "S0001", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (application->len, ==, 2);
  g_assert_true (has_recipient (application, supervisor) && !has_recipient (application, clerk));
  g_assert_true (has_recipient (number, supervisor));
  /* The office's own keys differ: the number goes to the vault, not to the business system. */
  g_assert_false (
      g_bytes_equal (g_ptr_array_index (application, 0), g_ptr_array_index (number, 0)));
  /* Where a profile shows numbers to nobody, only the vault gets the part. */
  g_assert_cmpuint (without->len, ==, 1);
  g_assert_false (has_recipient (without, supervisor));
  /* An approver who took it in does not approve it: nobody is left. */
  g_assert_null (md_policy_get_recipients (policy, "pension.exemption", MD_PROFILE_V1,
                                           MD_RECIPIENTS_APPLICATION, "S0101", &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (md_policy_get_recipients (policy, "no.such", MD_PROFILE_V1,
                                           MD_RECIPIENTS_APPLICATION, NULL, &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
}

/* A scan of a paper is sealed to those approvers who may see its class; one that may bear an
 * individual number to the number's vault, and to the business system none of it. */
static void
test_recipients_by_class (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  GBytes *supervisor = md_policy_get_staff (policy, "S0101")->key_agreement;
  /* Profile V3 shows a supervisor names, and nothing of health. */
  static const struct
  {
    MdSensitivity class;
    MdProfile profile;
    gboolean officer, vault;
  } rows[] = {
    { MD_CLASS_HEALTH, MD_PROFILE_V1, TRUE, FALSE },
    { MD_CLASS_INCOME, MD_PROFILE_V1, TRUE, FALSE },
    { MD_CLASS_MY_NUMBER, MD_PROFILE_V1, TRUE, TRUE },
    { MD_CLASS_BASIC, MD_PROFILE_V3, TRUE, FALSE },
    { MD_CLASS_HEALTH, MD_PROFILE_V3, FALSE, FALSE },
    { MD_CLASS_MY_NUMBER, MD_PROFILE_V4, FALSE, TRUE },
  };
  g_autoptr (GPtrArray) number = md_policy_get_recipients (
      policy, "pension.exemption", MD_PROFILE_V1, MD_RECIPIENTS_NUMBER, "S0001", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GPtrArray) list = md_policy_get_class_recipients (
          policy, "pension.exemption", rows[i].profile, rows[i].class, "S0001", NULL);

      g_test_message ("%s", md_sensitivity_to_id (rows[i].class));
      g_assert_nonnull (list);
      g_assert_cmpint (has_recipient (list, supervisor), ==, rows[i].officer);
      g_assert_cmpint (g_bytes_equal (g_ptr_array_index (list, 0), g_ptr_array_index (number, 0)),
                       ==, rows[i].vault);
      g_assert_cmpuint (list->len, ==, rows[i].officer ? 2 : 1);
    }
}

static void
test_two_persons (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();

  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "lem.certificate", "S0001"), ==,
                   MD_MAY_YES);
  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "lem.certificate", "S0101"), ==,
                   MD_MAY_NOT_SAME);
  g_assert_cmpint (md_policy_may_decide (policy, "S0001", "lem.certificate", "S0002"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (md_policy_may_decide (policy, "S9999", "lem.certificate", "S0002"), ==,
                   MD_MAY_NOT_STAFF);
  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "no.such", "S0002"), ==,
                   MD_MAY_NOT_PROCEDURE);
  g_assert_cmpint (md_policy_may_take_in (policy, "S0001", "lem.certificate"), ==, MD_MAY_YES);
  g_assert_cmpint (md_policy_may_take_in (policy, "S0101", "lem.certificate"), ==, MD_MAY_NOT_ROLE);
}

/* The ward's policy, in which S0101 decides for these sections (JSON) alone. */
static MdPolicy *
policy_of_sections (const char *sections)
{
  g_autoptr (GBytes) bytes = fixture_read ("policy", "policy.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;
  MdPolicy *policy;
  JsonObject *officer;
  gsize length;
  char *text;

  g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL),
                                             (gssize)g_bytes_get_size (bytes), NULL));
  officer = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "staff"),
      2);
  g_assert_cmpstr (json_object_get_string_member (officer, "id"), ==, "S0101");
  json_object_set_member (officer, "sections", json_from_string (sections, NULL));
  json_generator_set_root (generator, json_parser_get_root (parser));
  text = json_generator_to_data (generator, &length);
  changed = g_bytes_new_take (text, length);
  policy = md_policy_new_from_json (changed, NULL, &error);
  if (error)
    g_test_message ("%s", error->message);
  return policy;
}

/* The same role in another section takes nothing in, decides nothing, and opens nothing: neither
 * application nor number is sealed to it. */
static void
test_other_section (void)
{
  g_autoptr (MdPolicy) policy = policy_of_sections ("[\"lem\"]");
  GBytes *supervisor = md_policy_get_staff (policy, "S0101")->key_agreement;
  g_autoptr (GPtrArray) own = md_policy_get_recipients (policy, "lem.certificate", MD_PROFILE_V1,
                                                        MD_RECIPIENTS_NUMBER, "S0001", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "lem.certificate", "S0001"), ==,
                   MD_MAY_YES);
  g_assert_cmpint (md_policy_may_decide (policy, "S0101", "pension.exemption", "S0001"), ==,
                   MD_MAY_NOT_SECTION);
  g_assert_cmpint (md_policy_may_take_in (policy, "S0101", "pension.exemption"), ==,
                   MD_MAY_NOT_ROLE);
  g_assert_cmpint (
      md_policy_may_release (policy, "S0101", "supervisor", "S0001", "lem.certificate"), ==,
      MD_MAY_YES);
  g_assert_cmpint (
      md_policy_may_release (policy, "S0101", "supervisor", "S0001", "pension.exemption"), ==,
      MD_MAY_NOT_SECTION);
  g_assert_true (has_recipient (own, supervisor));
  /* The ward has no other approver, so nothing can be sealed at all. */
  g_assert_null (md_policy_get_recipients (policy, "pension.exemption", MD_PROFILE_V1,
                                           MD_RECIPIENTS_NUMBER, "S0001", &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  /* Somebody without the list works for all. */
  g_assert_cmpint (md_policy_may_take_in (policy, "S0001", "pension.exemption"), ==, MD_MAY_YES);
}

static void
test_sections_that_are_none (void)
{
  static const char *const wrong[] = { "[]", "[\"\"]", "[\"pension.exemption\"]", "\"pension\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (policy_of_sections (wrong[i]));
}

/* Where pension.exemption is checked by the checker and approved by the supervisor. S0101 is both,
 * S0102 a checker. */
static const struct
{
  MdPolicyAgreement agreement;
  MdMay may;
} agreements[] = {
  { { "S0102", "checker", "pension.exemption", "S0001", NULL, TRUE }, MD_MAY_YES },
  { { "S0102", NULL, "pension.exemption", "S0001", NULL, TRUE }, MD_MAY_YES },
  { { "S0101", "checker", "pension.exemption", "S0001", NULL, TRUE }, MD_MAY_YES },
  { { "S0101", "supervisor", "pension.exemption", "S0001", NULL, TRUE }, MD_MAY_NOT_STEP },
  { { "S0102", "nobody", "pension.exemption", "S0001", NULL, TRUE }, MD_MAY_NOT_STEP },
  { { "S0102", "checker", "pension.exemption", "S0102", NULL, TRUE }, MD_MAY_NOT_SAME },
  { { "S0001", "clerk-number", "pension.exemption", "S0002", NULL, TRUE }, MD_MAY_NOT_ROLE },
  { { "S0101", "supervisor", "pension.exemption", "S0001", NULL, FALSE }, MD_MAY_NOT_CHECKED },
  { { "S0101", "supervisor", "pension.exemption", "S0001", "S0102", FALSE }, MD_MAY_YES },
  { { "S0101", NULL, "pension.exemption", "S0001", "S0102", FALSE }, MD_MAY_YES },
  { { "S0101", "supervisor", "pension.exemption", "S0001", "S0101", FALSE }, MD_MAY_NOT_CHECKER },
  { { "S0101", "checker", "pension.exemption", "S0001", "S0102", FALSE }, MD_MAY_NOT_STEP },
  { { "S0102", "checker", "pension.exemption", "S0001", "S0101", FALSE }, MD_MAY_NOT_STEP },
  { { "S0101", "supervisor", "pension.exemption", "S0101", "S0102", FALSE }, MD_MAY_NOT_SAME },
  { { "S9999", "supervisor", "pension.exemption", "S0001", "S0102", FALSE }, MD_MAY_NOT_STAFF },
  /* One suffices here; what was checked when that was otherwise is approved by another. */
  { { "S0101", "supervisor", "lem.certificate", "S0001", NULL, FALSE }, MD_MAY_YES },
  { { "S0101", "supervisor", "lem.certificate", "S0001", NULL, TRUE, 1 }, MD_MAY_NOT_ASKED },
  /* Who does not know the form takes a check that the policy does not ask for: the form may. */
  { { "S0101", "supervisor", "lem.certificate", "S0001", NULL, TRUE, 0 }, MD_MAY_YES },
  /* The form asks for two and the policy for one: one is not enough where the form is known. */
  { { "S0101", "supervisor", "lem.certificate", "S0001", NULL, FALSE, 2 }, MD_MAY_NOT_CHECKED },
  { { "S0101", "supervisor", "lem.certificate", "S0001", NULL, TRUE, 2 }, MD_MAY_YES },
  { { "S0101", "supervisor", "lem.certificate", "S0001", "S0101", FALSE, 2 }, MD_MAY_NOT_CHECKER },
  { { "S0101", "supervisor", "lem.certificate", "S0001", "S0102", FALSE, 2 }, MD_MAY_YES },
  /* The form asks for one and the policy for two: so do both. */
  { { "S0101", "supervisor", "pension.exemption", "S0001", NULL, FALSE, 1 }, MD_MAY_NOT_CHECKED },
  { { "S0102", "checker", "pension.exemption", "S0001", NULL, TRUE, 1 }, MD_MAY_YES },
  { { "S0101", "supervisor", "lem.certificate", "S0001", "S0101", FALSE }, MD_MAY_NOT_CHECKER },
  { { "S0101", "supervisor", "lem.certificate", "S0001", "S0102", FALSE }, MD_MAY_YES },
  { { "S0101", "supervisor", "no.such", "S0001", NULL, FALSE }, MD_MAY_NOT_PROCEDURE },
};

static void
test_two_officers (void)
{
  const MdPolicyExpect expect = fixture_here_and_now ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPolicy) policy = fixture_load ("policy-two-officers.cms", &expect, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (agreements); i++)
    {
      g_test_message ("%zu", i);
      g_assert_cmpint (md_policy_may_agree (policy, &agreements[i].agreement), ==,
                       agreements[i].may);
    }
  g_assert_cmpuint (md_policy_count_officers (policy, "pension.exemption"), ==, 2);
  g_assert_cmpuint (md_policy_count_officers (policy, "lem.certificate"), ==, 1);
  g_assert_cmpuint (md_policy_count_officers (policy, "no.such"), ==, 0);
  g_assert_cmpuint (md_policy_demand_officers (policy, "pension.exemption", 1), ==, 2);
  g_assert_cmpuint (md_policy_demand_officers (policy, "lem.certificate", 2), ==, 2);
  g_assert_cmpuint (md_policy_demand_officers (policy, "lem.certificate", 1), ==, 1);
  g_assert_cmpuint (md_policy_demand_officers (policy, "no.such", 2), ==, 0);
  /* A checker takes it in: then S0101 is the only one left, and there are two to agree. */
  g_assert_true (md_policy_has_officers (policy, "pension.exemption", 0, "S0001"));
  g_assert_false (md_policy_has_officers (policy, "pension.exemption", 0, "S0102"));
  g_assert_null (md_policy_get_recipients (policy, "pension.exemption", MD_PROFILE_V1,
                                           MD_RECIPIENTS_APPLICATION, "S0102", &error));
  g_assert_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
}

/* The catalogue's own rule, in the ward's policy. */
static void
test_as_the_catalogue_says (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();

  g_assert_cmpuint (md_policy_count_officers (policy, "care.nonresident"), ==, 2);
  g_assert_cmpuint (md_policy_get_agreeing_roles (policy, "care.nonresident", 0, TRUE), ==,
                    MD_ROLES (MD_ROLE_CHECKER));
  g_assert_cmpuint (md_policy_get_agreeing_roles (policy, "care.nonresident", 0, FALSE), ==,
                    MD_ROLES (MD_ROLE_SUPERVISOR));
  g_assert_cmpuint (md_policy_get_agreeing_roles (policy, "lem.certificate", 0, FALSE), ==,
                    MD_ROLES (MD_ROLE_SUPERVISOR));
}

static void
test_may_identify (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();
  g_assert_true (md_policy_may_identify (policy, "lem.certificate", "jpki-auth"));
  g_assert_true (md_policy_may_identify (policy, "pension.exemption", "jpki-sign"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", "jpki-sign"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", "card-face"));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", ""));
  g_assert_false (md_policy_may_identify (policy, "lem.certificate", NULL));
  g_assert_false (md_policy_may_identify (policy, "no.such", "jpki-auth"));
  g_assert_true (md_policy_waives_identification (policy, "health.stomach"));
  g_assert_false (md_policy_waives_identification (policy, "pension.exemption"));
  g_assert_false (md_policy_waives_identification (policy, "lem.certificate"));
  g_assert_false (md_policy_waives_identification (policy, "no.such"));
}

/* Each word of a manifest for itself, and what does not fit together. */
static const struct
{
  const char *procedure;
  MdPolicyIdentified identified;
  MdIdentificationJudgement judgement;
} identifications[] = {
  { "lem.certificate", { "jpki-auth", "valid", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "valid", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "listed", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "lem.certificate", { "jpki-auth", "deferred", "none" }, MD_IDENTIFICATION_DEFERRED },
  { "lem.certificate", { "jpki-auth", "revocation-unknown", "ocsp" }, MD_IDENTIFICATION_STOPPED },
  { "lem.certificate", { "card-face", "face", "none" }, MD_IDENTIFICATION_METHOD },
  { "lem.certificate", { "jpki-sign", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "jpki-sign", "valid", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-sign", "listed", "crl" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-sign", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "jpki-sign", "untrusted-issuer", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-sign", "wrong-profile", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-sign", "valid", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "face", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-sign", "valid", "ocsp", "card-key" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "jpki-sign", "valid", "ocsp", "card-signature" },
    MD_IDENTIFICATION_ASSURANCE },
  { "no.such", { "jpki-auth", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { NULL, "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "card-face", "face", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "card-face", "face", "ocsp" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-auth", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "card-face", "deferred", "none" }, MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption", { "jpki-auth", "revoked", "ocsp" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "card-face", "face-unsure", "none" }, MD_IDENTIFICATION_STOPPED },
  { "pension.exemption", { "jpki-auth", "Valid", "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", "", "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", NULL, "ocsp" }, MD_IDENTIFICATION_UNKNOWN },
  { "pension.exemption", { "jpki-auth", "valid", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "valid", "letter" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "valid", NULL }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "face", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "card-face", "valid", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "photo-document", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "two-documents", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "notice-card", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "photo-document", "documents", "none", "photo-document" },
    MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption", { "jpki-auth", "valid", "ocsp", "card-key" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "two-documents", "documents", "none", "card-key" },
    MD_IDENTIFICATION_ASSURANCE },
  { "pension.exemption",
    { "jpki-auth", "valid", "ocsp", "card-face" },
    MD_IDENTIFICATION_ASSURANCE },
  { "care.certification", { "two-documents", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "posted-copies", "documents", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "posted-copies", "documents", "none", "posted-copies" },
    MD_IDENTIFICATION_ACCEPTED },
  { "pension.exemption",
    { "posted-copies", "documents", "none", "two-documents" },
    MD_IDENTIFICATION_ASSURANCE },
  { "pension.exemption",
    { "posted-copies", "documents", "ocsp" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "posted-copies", "valid", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "care.certification", { "posted-copies", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "lem.certificate", { "photo-document", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "known-person", "documents", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption",
    { "photo-document", "documents-short", "none" },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents-other", "none" },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents", "ocsp" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption",
    { "photo-document", "deferred", "none" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "photo-document", "face", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "card-face", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  /* Nobody identified: where the policy says so, and then nothing else. */
  { "health.stomach", { "none", "not-required", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "health.stomach", { "none", "not-required", "none", "none" }, MD_IDENTIFICATION_ACCEPTED },
  { "health.stomach", { "none", "not-required", "none", "card-key" }, MD_IDENTIFICATION_ASSURANCE },
  { "health.stomach", { "none", "not-required", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "health.stomach", { "none", "valid", "ocsp" }, MD_IDENTIFICATION_CONTRADICTION },
  { "health.stomach", { "none", "documents", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "health.stomach", { "none", "deferred", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "health.stomach", { "jpki-auth", "valid", "ocsp" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "none", "not-required", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption", { "none", "not-required", "none", "none" }, MD_IDENTIFICATION_METHOD },
  { "lem.certificate", { "none", "not-required", "none" }, MD_IDENTIFICATION_METHOD },
  { "pension.exemption",
    { "photo-document", "not-required", "none" },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "jpki-auth", "not-required", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption", { "card-face", "not-required", "none" }, MD_IDENTIFICATION_CONTRADICTION },
  /* Only what the authority signed that it does not know it is released, and nothing else. */
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, FALSE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_ACCEPTED_DEFERRED },
  { "pension.exemption",
    { "jpki-auth", "revocation-unknown", "none", NULL, TRUE },
    MD_IDENTIFICATION_CONTRADICTION },
  { "pension.exemption",
    { "photo-document", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_CONTRADICTION },
  { "lem.certificate",
    { "jpki-auth", "revocation-unknown", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_DEFERRED },
  { "pension.exemption",
    { "jpki-auth", "revoked", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "jpki-auth", "suspended", "ocsp", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "card-face", "face-other", "none", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
  { "pension.exemption",
    { "photo-document", "documents-other", "none", NULL, TRUE },
    MD_IDENTIFICATION_STOPPED },
};

static void
test_judge_identification (void)
{
  g_autoptr (MdPolicy) policy = fixture_policy ();

  for (gsize i = 0; i < G_N_ELEMENTS (identifications); i++)
    {
      MdIdentificationJudgement judgement = md_policy_judge_identification (
          policy, identifications[i].procedure, &identifications[i].identified);

      g_test_message ("row %" G_GSIZE_FORMAT ": %s", i, md_identification_get_word (judgement));
      g_assert_cmpint (judgement, ==, identifications[i].judgement);
      g_assert_cmpint (md_identification_is_accepted (judgement), ==,
                       judgement == MD_IDENTIFICATION_ACCEPTED
                           || judgement == MD_IDENTIFICATION_ACCEPTED_DEFERRED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/rights/recipients", test_recipients);
  g_test_add_func ("/policy/rights/recipients-by-class", test_recipients_by_class);
  g_test_add_func ("/policy/rights/two-persons", test_two_persons);
  g_test_add_func ("/policy/rights/other-section", test_other_section);
  g_test_add_func ("/policy/rights/sections-that-are-none", test_sections_that_are_none);
  g_test_add_func ("/policy/rights/two-officers", test_two_officers);
  g_test_add_func ("/policy/rights/as-the-catalogue-says", test_as_the_catalogue_says);
  g_test_add_func ("/policy/rights/may-identify", test_may_identify);
  g_test_add_func ("/policy/rights/judge-identification", test_judge_identification);
  return g_test_run ();
}
