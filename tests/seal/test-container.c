// SPDX-License-Identifier: Apache-2.0
#include <gio/gio.h>
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

static void
assert_verifies (Office *office, const MdContainer *container)
{
  g_autoptr (GError) error = NULL;
  const gboolean good = md_container_verify (container, office->trust, maker_now (), &error);

  g_assert_no_error (error);
  g_assert_true (good);
}

static void
assert_refused (Office *office, const MdContainer *container, MdSealError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (md_container_verify (container, office->trust, maker_now (), &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, MD_SEAL_ERROR, (int)code);
}

static void
test_round_trip (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) container = office_container (office);
  const MdManifest *manifest = md_container_get_manifest (container);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) clear = NULL;
  g_autoptr (MdCmsSigner) clerk = NULL;
  const char *start = g_bytes_get_data (md_container_get_bytes (container), NULL);

  assert_verifies (office, container);
  g_assert_cmpstr (manifest->intake, ==, MAKER_INTAKE);
  g_assert_cmpstr (manifest->receipt_number, ==, "001-000001-8");
  g_assert_cmpstr (manifest->wall, ==, "2026-11-21T05:30:00.123Z");
  g_assert_cmpint (manifest->monotonic_ns, ==, 123456789012345);
  g_assert_cmpstr (manifest->identification_revocation, ==, "ocsp");
  g_assert_cmpstr (manifest->signature_algorithm, ==, "ecdsa-with-SHA256");
  g_assert_cmpuint (manifest->parts->len, ==, 3);
  g_assert_cmpuint (md_container_get_last_signature (container), ==, 1);
  g_assert_null (md_container_dup_decision (container, 2));
  /* what file(1) and EN 319 162-1 look for */
  g_assert_cmpint (strncmp (start + 30, "mimetypeapplication/vnd.etsi.asic-e+zip", 39), ==, 0);

  clear = md_container_open_part (container, MD_SEAL_PART_APPLICATION, office->business_key,
                                  office->business->certificate, &error);
  g_assert_no_error (error);
  g_assert_nonnull (
      g_strstr_len (g_bytes_get_data (clear, NULL), (gssize)g_bytes_get_size (clear), "見本 太郎"));
  g_assert_null (md_container_open_part (container, MD_SEAL_PART_NUMBER, office->business_key,
                                         office->business->certificate, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT);
  g_clear_error (&error);
  g_assert_null (md_container_open_part (container, "attachments/01.cms", office->business_key,
                                         office->business->certificate, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NO_PART);
  g_clear_error (&error);
  g_assert_null (md_container_open_part (container, "manifest.json", office->business_key,
                                         office->business->certificate, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_NO_PART);
  g_assert_true (md_container_verify_signature (container, &clerk, NULL));
  g_assert_true (
      md_certificate_equal (md_cms_signer_get_certificate (clerk), office->clerk->certificate));
}

/* Scanned documents: numbered in their order, each with its kind and for whom it is in the
 * manifest, and nothing else of it; what is not of the four kinds, and one too many, is refused. */
static void
test_attachments (Office *office, gconstpointer data)
{
  g_autoptr (MdContainer) before = office_container (office);
  g_autoptr (MdContainerBuilder) builder
      = md_container_builder_new (md_container_get_manifest (before));
  g_autoptr (GPtrArray) business = g_ptr_array_new ();
  g_autoptr (GBytes) pdf = g_bytes_new_static ("%PDF-one", 8), jpeg = g_bytes_new_static ("two", 3);
  g_autoptr (GBytes) signed_bytes = NULL, clear = NULL;
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (GError) error = NULL;
  const MdManifest *manifest;
  guint64 largest, total;

  g_ptr_array_add (business, office->business->certificate);
  g_assert_false (
      md_container_builder_add_attachment (builder, pdf, "text/html", NULL, business, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT);
  g_clear_error (&error);
  /* Not the class itself. */
  g_assert_false (md_container_builder_add_attachment (builder, pdf, "application/pdf", "health",
                                                       business, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_true (md_container_builder_add_attachment (builder, pdf, "application/pdf",
                                                      MD_SEAL_READERS_NUMBER, business, &error));
  g_assert_true (md_container_builder_add_attachment (builder, jpeg, "image/jpeg",
                                                      MD_SEAL_READERS_CLASS, business, &error));
  g_assert_no_error (error);
  signed_bytes = md_container_builder_sign (builder, office->clerk_key, office->clerk->certificate,
                                            maker_now (), &error);
  g_assert_no_error (error);
  container = md_container_parse (signed_bytes, &error);
  g_assert_no_error (error);
  assert_verifies (office, container);
  manifest = md_container_get_manifest (container);
  g_assert_cmpuint (md_manifest_count_attachments (manifest, &largest, &total), ==, 2);
  g_assert_cmpuint (total, ==,
                    md_manifest_find_part (manifest, "attachments/01.cms")->size
                        + md_manifest_find_part (manifest, "attachments/02.cms")->size);
  g_assert_cmpuint (largest, ==, md_manifest_find_part (manifest, "attachments/01.cms")->size);
  g_assert_cmpstr (md_manifest_find_part (manifest, "attachments/01.cms")->content_type, ==,
                   "application/pdf");
  g_assert_cmpstr (md_manifest_find_part (manifest, "attachments/02.cms")->content_type, ==,
                   "image/jpeg");
  g_assert_cmpstr (md_manifest_find_part (manifest, "attachments/01.cms")->readers, ==, "number");
  g_assert_cmpstr (md_manifest_find_part (manifest, "attachments/02.cms")->readers, ==, "class");
  clear = md_container_open_part (container, "attachments/02.cms", office->business_key,
                                  office->business->certificate, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (clear, jpeg));
  for (guint i = 2; i < MD_SEAL_MAX_ATTACHMENTS; i++)
    g_assert_true (
        md_container_builder_add_attachment (builder, jpeg, "image/png", NULL, business, NULL));
  g_assert_false (
      md_container_builder_add_attachment (builder, jpeg, "image/png", NULL, business, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT);
}

/* A card signs: one signature, and its errors come through. */
static void
test_card (Office *office, gconstpointer data)
{
  guint calls = 0;
  gboolean fail = FALSE;
  g_autoptr (MdKey) card = maker_external_key (office->clerk, &fail, &calls);
  g_autoptr (GBytes) bytes = office_make (office, MAKER_INTAKE, card, office->clerk);
  g_autoptr (MdContainer) container = md_container_parse (bytes, NULL);
  g_autoptr (MdManifest) manifest = office_manifest (MAKER_INTAKE);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = maker_list (office->business, NULL);
  g_autoptr (GBytes) text = g_bytes_new_static ("{}", 2);

  g_assert_cmpuint (calls, ==, 1);
  assert_verifies (office, container);
  fail = TRUE;
  g_assert_true (
      md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, text, list, NULL));
  g_assert_null (
      md_container_builder_sign (builder, card, office->clerk->certificate, maker_now (), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
}

static void
test_wrong_clerk (Office *office, gconstpointer data)
{
  g_autoptr (MdManifest) manifest = office_manifest (MAKER_INTAKE);
  g_autoptr (MdContainerBuilder) builder = md_container_builder_new (manifest);
  g_autoptr (GPtrArray) list = maker_list (office->business, NULL);
  g_autoptr (GBytes) text = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, text, list, NULL));
  g_assert_false (
      md_container_builder_add_part (builder, MD_SEAL_PART_APPLICATION, text, list, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (md_container_builder_add_part (builder, "../x.cms", text, list, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_false (md_container_builder_add_sealed (builder, MD_SEAL_PART_NUMBER, text, &error));
  g_assert_error (error, MD_PKI_ERROR, MD_PKI_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (md_container_builder_sign (builder, office->supervisor_key,
                                            office->supervisor->certificate, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH);
}

/* Signed by somebody who calls himself S0001, but whom the office does not know; and too late. */
static void
test_untrusted (Office *office, gconstpointer data)
{
  g_autoptr (MakerIdentity) ca = maker_authority ("Aozora Ward Staff CA");
  g_autoptr (MakerIdentity) stranger = maker_end (ca, "S0001", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (stranger);
  g_autoptr (GBytes) bytes = office_make (office, MAKER_INTAKE, key, stranger);
  g_autoptr (MdContainer) container = md_container_parse (bytes, NULL);
  g_autoptr (MdContainer) good = office_container (office);
  g_autoptr (GError) error = NULL;

  assert_refused (office, container, MD_SEAL_ERROR_UNTRUSTED);
  g_assert_true (md_container_verify_signature (container, NULL, NULL));
  g_assert_false (md_container_verify (good, office->trust, maker_now () + 400 * 86400, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED);
}

/* Every single bit of a container: not one change goes unnoticed, but for the entries' dates and
 * attributes, which ZIP has and nobody reads. */
static void
test_every_byte (Office *office, gconstpointer data)
{
  g_autoptr (GBytes) bytes = office_make (office, MAKER_INTAKE, office->clerk_key, office->clerk);
  gsize size = 0;
  const guint8 *original = g_bytes_get_data (bytes, &size);
  guint unnoticed = 0;

  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (original, size);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (MdContainer) container = NULL;
      g_autoptr (GError) error = NULL;

      copy[at] ^= 0x01;
      bad = g_bytes_new_take (copy, size);
      container = md_container_parse (bad, &error);
      if (container != NULL && md_container_verify (container, office->trust, maker_now (), &error))
        unnoticed++;
      else
        g_assert_nonnull (error);
    }
  g_test_message ("%u of %zu bytes carry no meaning", unnoticed, size);
  /* 7 entries x (version, time, date in two headers, made-by, attributes): at most 26 bytes each,
   * and a few of CMS */
  g_assert_cmpuint (unnoticed, <=, 7 * 26 + 16);
}

static void
test_truncated (Office *office, gconstpointer data)
{
  g_autoptr (GBytes) bytes = office_make (office, MAKER_INTAKE, office->clerk_key, office->clerk);
  const gsize size = g_bytes_get_size (bytes);

  for (gsize cut = 0; cut < size; cut += 3)
    {
      g_autoptr (GBytes) bad = g_bytes_new_from_bytes (bytes, 0, cut);
      g_autoptr (GError) error = NULL;

      g_assert_null (md_container_parse (bad, &error));
      g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
    }
}

/* The parts of one intake carried into another (X17): the signature covers both. */
static void
test_swapped_parts (Office *office, gconstpointer data)
{
  g_autoptr (GBytes) first = office_make (office, MAKER_INTAKE, office->clerk_key, office->clerk);
  g_autoptr (GBytes) second
      = office_make (office, MAKER_OTHER_INTAKE, office->clerk_key, office->clerk);
  g_autoptr (MdContainer) one = md_container_parse (first, NULL);
  g_autoptr (MdContainer) two = md_container_parse (second, NULL);
  gsize size = 0;
  gsize part_size = 0;
  const guint8 *bytes = g_bytes_get_data (first, &size);
  const guint8 *part
      = g_bytes_get_data (md_container_get_entry (one, MD_SEAL_PART_APPLICATION), &part_size);
  const guint8 *other
      = g_bytes_get_data (md_container_get_entry (two, MD_SEAL_PART_APPLICATION), NULL);
  guint8 *copy = g_memdup2 (bytes, size);
  g_autoptr (GBytes) mixed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (part_size, ==,
                    g_bytes_get_size (md_container_get_entry (two, MD_SEAL_PART_APPLICATION)));
  memcpy (copy + (part - bytes), other, part_size);
  mixed = g_bytes_new_take (copy, size);
  g_assert_null (md_container_parse (mixed, &error)); /* its CRC alone gives it away */
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/container/" name, Office, NULL, office_set_up, function, office_tear_down)
  ADD ("round-trip", test_round_trip);
  ADD ("attachments", test_attachments);
  ADD ("card-signs", test_card);
  ADD ("wrong-clerk", test_wrong_clerk);
  ADD ("untrusted-signer", test_untrusted);
  ADD ("every-byte", test_every_byte);
  ADD ("truncated", test_truncated);
  ADD ("swapped-parts", test_swapped_parts);
  return g_test_run ();
}
