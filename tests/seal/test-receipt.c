// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>
#include "seal-maker.h"

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OTHER_SHA "f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static MdReceipt *
receipt (const char *item)
{
  MdReceipt *self = md_receipt_new ();

  self->id = g_strdup (MAKER_INTAKE);
  self->item = g_strdup (item);
  self->sha256 = g_strdup (SHA);
  self->sequence = 41;
  self->time = g_strdup ("2026-11-21T05:50:00.000Z");
  self->terminal = g_strdup ("T001");
  self->office = g_strdup ("139998");
  self->nonce = g_strdup (g_str_equal (item, "intake") ? "fresh" : "");
  return self;
}

typedef struct
{
  MakerIdentity *ca;
  MakerIdentity *gateway;
  MdKey *key;
  MdTrust *trust;
  GBytes *signed_receipt;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdReceipt) given = receipt ("intake");
  g_autoptr (GError) error = NULL;

  fixture->ca = maker_authority ("line");
  fixture->gateway = maker_end (fixture->ca, "receipt", "critical,digitalSignature");
  fixture->key = maker_key (fixture->gateway);
  fixture->trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  md_trust_add_anchor (fixture->trust, fixture->gateway->certificate);
  fixture->signed_receipt
      = md_receipt_sign (given, fixture->key, fixture->gateway->certificate, maker_now (), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  maker_identity_free (fixture->ca);
  maker_identity_free (fixture->gateway);
  md_key_unref (fixture->key);
  md_trust_unref (fixture->trust);
  g_bytes_unref (fixture->signed_receipt);
}

static void
assert_refused (Fixture *fixture, GBytes *bytes, const MdReceipt *expected, MdSealError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (md_receipt_verify (bytes, expected, fixture->trust, maker_now (), &error));
  g_assert_error (error, MD_SEAL_ERROR, (int)code);
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdReceipt) expected = receipt ("intake");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdReceipt) back = NULL;

  expected->sequence = 0;
  g_clear_pointer (&expected->time, g_free);
  g_clear_pointer (&expected->office, g_free);
  back
      = md_receipt_verify (fixture->signed_receipt, expected, fixture->trust, maker_now (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->sequence, ==, 41);
  g_assert_cmpstr (back->time, ==, "2026-11-21T05:50:00.000Z");
  g_assert_cmpstr (back->office, ==, "139998");
}

/* X16: a receipt for another id, another item, another digest, another terminal. */
static void
test_other_item (Fixture *fixture, gconstpointer data)
{
  static const gsize offsets[]
      = { G_STRUCT_OFFSET (MdReceipt, id), G_STRUCT_OFFSET (MdReceipt, item),
          G_STRUCT_OFFSET (MdReceipt, sha256), G_STRUCT_OFFSET (MdReceipt, terminal),
          G_STRUCT_OFFSET (MdReceipt, office) };
  static const char *const others[]
      = { MAKER_OTHER_INTAKE, "decision/2", OTHER_SHA, "T002", "131016" };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr (MdReceipt) expected = receipt ("intake");
      char **place = (char **)((guintptr)expected + offsets[i]);

      g_free (*place);
      *place = g_strdup (others[i]);
      assert_refused (fixture, fixture->signed_receipt, expected, MD_SEAL_ERROR_MISMATCH);
    }
}

static void
test_wrong_signer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MakerIdentity) stranger = maker_end (NULL, "receipt", "critical,digitalSignature");
  g_autoptr (MdKey) key = maker_key (stranger);
  g_autoptr (MdReceipt) expected = receipt ("intake");
  g_autoptr (GBytes) forged
      = md_receipt_sign (expected, key, stranger->certificate, maker_now (), NULL);
  g_autoptr (GError) error = NULL;

  assert_refused (fixture, forged, expected, MD_SEAL_ERROR_UNTRUSTED);
  g_assert_null (md_receipt_verify (fixture->signed_receipt, expected, fixture->trust,
                                    maker_now () + 400 * 86400, &error));
  g_assert_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED);
}

static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MdReceipt) expected = receipt ("intake");
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (fixture->signed_receipt, &size);

  for (gsize at = 0; at < size; at++)
    {
      guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) bad = NULL;
      g_autoptr (MdReceipt) back = NULL;

      copy[at] ^= 0x01;
      bad = g_bytes_new_take (copy, size);
      back = md_receipt_verify (bad, expected, fixture->trust, maker_now (), NULL);
      /* a few bytes of CMS carry no meaning; the words of the receipt are never others */
      if (back != NULL)
        {
          g_assert_cmpuint (back->sequence, ==, 41);
          g_assert_cmpstr (back->time, ==, "2026-11-21T05:50:00.000Z");
        }
    }
}

static void
test_rubbish (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { "", "{}", "[1]", "{\"schema\":\"madoguchi-receipt/1\"}" };
  g_autoptr (MdReceipt) expected = receipt ("intake");
  g_autofree char *brackets = g_strnfill (60000, '[');
  g_autofree char *deep = g_strconcat ("{\"schema\":", brackets, NULL);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  assert_refused (fixture, empty, expected, MD_SEAL_ERROR_SIGNATURE);
  for (gsize i = 0; i <= G_N_ELEMENTS (texts); i++)
    {
      const char *text = i < G_N_ELEMENTS (texts) ? texts[i] : deep;
      g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
      g_autoptr (GBytes) bytes = md_cms_sign_attached (
          content, fixture->key, fixture->gateway->certificate, NULL, maker_now (), NULL);

      assert_refused (fixture, bytes, expected, MD_SEAL_ERROR_MALFORMED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/seal/receipt/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("good", test_good);
  ADD ("other-item", test_other_item);
  ADD ("wrong-signer", test_wrong_signer);
  ADD ("tampered", test_tampered);
  ADD ("rubbish", test_rubbish);
  return g_test_run ();
}
