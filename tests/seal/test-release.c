// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

static MdRelease *
release_of (guint hold)
{
  MdRelease *release = md_release_new ();

  release->intake = g_strdup (MAKER_INTAKE);
  release->hold = hold;
  release->raised = g_strnfill (64, 'a');
  release->reason = g_strnfill (64, 'b');
  release->officer = g_strdup ("S0101");
  release->role = g_strdup ("supervisor");
  release->office = g_strdup ("139998");
  release->terminal = g_strdup ("T001");
  release->policy_version = 1;
  release->policy_digest = g_strdup (MAKER_POLICY_DIGEST);
  release->time = g_strdup ("2026-11-21T05:35:00.000Z");
  return release;
}

static MdReleaseFiles *
sign (Office *office, const MdRelease *release)
{
  g_autoptr (GError) error = NULL;
  MdReleaseFiles *files
      = md_release_sign (release, office->clerk->certificate, office->supervisor_key,
                         office->supervisor->certificate, maker_now (), &error);

  g_assert_no_error (error);
  return files;
}

static void
test_round_trip (Office *office, gconstpointer data)
{
  g_autoptr (MdRelease) release = release_of (1);
  g_autoptr (MdReleaseFiles) files = sign (office, release);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (MdRelease) back = md_release_verify (files, office->clerk->certificate, office->trust,
                                                  maker_now (), &signer, &error);
  g_autoptr (MdRelease) copy = NULL;

  g_assert_no_error (error);
  g_assert_true (md_certificate_equal (md_cms_signer_get_certificate (signer),
                                       office->supervisor->certificate));
  copy = md_release_copy (back);
  g_assert_cmpstr (copy->raised, ==, release->raised);
  g_assert_cmpstr (copy->time, ==, release->time);
  g_assert_cmpuint (copy->hold, ==, 1);
}

/* Whoever took the intake in does not release it, be it with the supervisor's name. */
static void
test_two_persons (Office *office, gconstpointer data)
{
  g_autoptr (MdRelease) release = release_of (1);
  g_autoptr (MdReleaseFiles) files = sign (office, release);
  g_autoptr (GError) error = NULL;

  g_assert_null (md_release_sign (release, office->clerk->certificate, office->clerk_key,
                                  office->clerk->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH);
  g_clear_error (&error);
  g_free (release->officer);
  release->officer = g_strdup ("S0001");
  g_assert_null (md_release_sign (release, office->clerk->certificate, office->clerk_key,
                                  office->clerk->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
  g_clear_error (&error);
  g_assert_null (md_release_verify (files, office->supervisor->certificate, office->trust,
                                    maker_now (), NULL, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON);
}

static void
test_malformed (Office *office, gconstpointer data)
{
  static const char *const changes[][2] = {
    { "madoguchi-release/1", "madoguchi-release/2" },
    { "\"hold\":1", "\"hold\":0" },
    { "\"hold\":1", "\"hold\":5" },
    { "\"hold\":1", "\"hold\":\"1\"" },
    { "\"role\":\"supervisor\"", "\"role\":\"\"" },
    { "\"role\":\"supervisor\"", "\"role\":\"supervisor\",\"more\":\"x\"" },
    { "\"raised\":\"aaaa", "\"raised\":\"AAAA" },
    { "\"policy_version\":1", "\"policy_version\":0" },
    { "05:35:00.000Z", "05:35" },
    { "{", " {" },
  };
  g_autoptr (MdRelease) release = release_of (1);
  g_autoptr (MdReleaseFiles) files = sign (office, release);
  gsize size;
  const char *bytes = g_bytes_get_data (files->release, &size);

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GString) text = g_string_new_len (bytes, (gssize)size);
      g_autoptr (GBytes) changed = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (g_string_replace (text, changes[i][0], changes[i][1], 1), ==, 1);
      changed = g_bytes_new (text->str, text->len);
      g_assert_null (md_release_parse (changed, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

/* A container whose manifest carries these releases. */
static MdContainer *
container_with (Office *office, MdReleaseFiles *first, MdReleaseFiles *second, GError **error)
{
  g_autoptr (MdManifest) manifest = office_manifest (MAKER_INTAKE);
  g_autoptr (MdContainerBuilder) builder = NULL;
  g_autoptr (GPtrArray) to = maker_list (office->business, NULL);
  g_autoptr (GBytes) text = g_bytes_new_static ("{}", 2);
  g_autoptr (GBytes) bytes = NULL;

  g_ptr_array_add (manifest->releases, md_release_files_copy (first));
  if (second != NULL)
    g_ptr_array_add (manifest->releases, md_release_files_copy (second));
  builder = md_container_builder_new (manifest);
  if (md_container_builder_add_part (builder, MD_SEAL_PART_EVIDENCE, text, to, error))
    bytes = md_container_builder_sign (builder, office->clerk_key, office->clerk->certificate,
                                       maker_now (), error);
  return bytes != NULL ? md_container_parse (bytes, error) : NULL;
}

static void
test_in_a_manifest (Office *office, gconstpointer data)
{
  g_autoptr (MdRelease) one = release_of (1);
  g_autoptr (MdRelease) two = release_of (2);
  g_autoptr (MdReleaseFiles) first = sign (office, one);
  g_autoptr (MdReleaseFiles) second = sign (office, two);
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdContainer) doubled = NULL;
  g_autoptr (GError) error = NULL;

  container = container_with (office, first, second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (md_container_get_manifest (container)->releases->len, ==, 2);
  g_assert_true (md_container_verify (container, office->trust, maker_now (), &error));
  g_assert_no_error (error);
  /* Each hold once, and in order. */
  g_assert_null (container_with (office, first, first, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (container_with (office, second, first, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

/* Of another intake, place, policy or time; or not the officer's signature. */
static void
test_of_another (Office *office, gconstpointer data)
{
  static const struct
  {
    gsize offset;
    const char *text;
  } flaws[] = {
    { G_STRUCT_OFFSET (MdRelease, intake), MAKER_OTHER_INTAKE },
    { G_STRUCT_OFFSET (MdRelease, office), "131016" },
    { G_STRUCT_OFFSET (MdRelease, terminal), "T002" },
    { G_STRUCT_OFFSET (MdRelease, policy_digest),
      "0000000000000000000000000000000000000000000000000000000000000000" },
    { G_STRUCT_OFFSET (MdRelease, time), "2026-11-21T05:29:59.000Z" },
    { G_STRUCT_OFFSET (MdRelease, time), "2026-11-23T05:30:00.000Z" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdRelease) right = release_of (1);
  g_autoptr (MdRelease) wrong = release_of (1);
  g_autoptr (MdReleaseFiles) signed_right = sign (office, right);
  g_autoptr (MdReleaseFiles) signed_wrong = NULL;
  g_autoptr (MdReleaseFiles) swapped = NULL;
  g_autoptr (MdContainer) container = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (flaws); i++)
    {
      g_autoptr (MdRelease) release = release_of (1);
      char **field = (char **)((guintptr)release + flaws[i].offset);
      g_autoptr (MdReleaseFiles) files = NULL;
      g_autoptr (MdContainer) with = NULL;

      g_free (*field);
      *field = g_strdup (flaws[i].text);
      files = sign (office, release);
      with = container_with (office, files, NULL, &error);
      g_assert_no_error (error);
      g_assert_false (md_container_verify (with, office->trust, maker_now (), &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH);
      g_clear_error (&error);
    }
  memset (wrong->raised, 'c', 64);
  signed_wrong = sign (office, wrong);
  swapped = md_release_files_new (signed_wrong->release, signed_right->signature);
  container = container_with (office, swapped, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (md_container_verify (container, office->trust, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SIGNATURE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test)                                                                            \
  g_test_add ("/seal/release/" path, Office, NULL, office_set_up, test, office_tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("two-persons", test_two_persons);
  ADD ("malformed", test_malformed);
  ADD ("in-a-manifest", test_in_a_manifest);
  ADD ("of-another", test_of_another);
#undef ADD
  return g_test_run ();
}
