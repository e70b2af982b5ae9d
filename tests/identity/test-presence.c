// SPDX-License-Identifier: Apache-2.0
#include <md-identity.h>

#define INTAKE "0190b6d2-7c3e-7a10-8f00-0123456789ab"
#define MOMENT "2026-11-21T05:30:54.123Z"

static MdPresenceParts
some_parts (GBytes *nonce)
{
  return (MdPresenceParts){ .intake = INTAKE,
                            .terminal = "T001",
                            .procedure = "pension.exemption",
                            .time = MOMENT,
                            .nonce_state = MD_NONCE_FRESH,
                            .nonce = nonce };
}

static GBytes *
some_nonce (void)
{
  guint8 bytes[16];
  for (guint8 i = 0; i < 16; i++)
    bytes[i] = i;
  return g_bytes_new (bytes, sizeof bytes);
}

static char *
digest_of (const MdPresenceParts *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdPresenceChallenge) challenge = md_presence_challenge_new (parts, &error);
  g_assert_no_error (error);
  return md_hex_encode (md_presence_challenge_get_digest (challenge), 32);
}

// Computed apart, with Python's hashlib, from the definition.
static void
test_vectors (void)
{
  g_autoptr (GBytes) nonce = some_nonce ();
  MdPresenceParts parts = some_parts (nonce);
  g_autofree char *fresh = digest_of (&parts);
  g_assert_cmpstr (fresh, ==, "a87c8590fd845bb82e6fc7cdae4d44a05caf4d1b98b186ce2005d8fc429d3491");
  parts.nonce_state = MD_NONCE_ABSENT;
  parts.nonce = NULL;
  g_autofree char *absent = digest_of (&parts);
  g_assert_cmpstr (absent, ==, "3e853945b7da28966cc976b0f8d7704811cdb635cbc7774ae84f060bc2593874");
}

// Computed apart as well.
static void
test_ocsp_nonce (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) nonce = some_nonce ();
  MdPresenceParts parts = some_parts (nonce);
  g_autoptr (MdPresenceChallenge) challenge = md_presence_challenge_new (&parts, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) bound = md_presence_challenge_dup_ocsp_nonce (challenge);
  g_autofree char *text = md_hex_encode (g_bytes_get_data (bound, NULL), g_bytes_get_size (bound));
  g_assert_cmpstr (text, ==, "13f17987fc3b4df74e39bee370e47ba9da1a3f94f74a7d5a5762da2fc33fdabb");
}

// Each part is bound, and so is where one ends and the next begins.
static void
test_every_part_is_bound (void)
{
  g_autoptr (GBytes) nonce = some_nonce ();
  g_autoptr (GBytes) other_nonce = g_bytes_new ("x", 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  MdPresenceParts parts[8];
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] = some_parts (nonce);
  parts[1].intake = "0190b6d2-7c3e-7a10-8f00-0123456789ac";
  parts[2].terminal = "T002";
  parts[3].procedure = "lem.certificate";
  parts[4].time = "2026-11-21T05:30:54.124Z";
  parts[5].nonce_state = MD_NONCE_STALE;
  parts[6].nonce = other_nonce;
  parts[7].terminal = "T001p";
  parts[7].procedure = "ension.exemption";
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_true (g_hash_table_add (seen, digest_of (&parts[i])));
}

static void
test_refusals (void)
{
  g_autoptr (GBytes) nonce = some_nonce ();
  g_autofree char *endless = g_strnfill (300, 'x');
  MdPresenceParts parts[7];
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    parts[i] = some_parts (nonce);
  parts[0].intake = NULL;
  parts[1].terminal = "";
  parts[2].procedure = endless;
  parts[3].time = "yesterday";
  parts[4].nonce = NULL;                  // fresh, but none
  parts[5].nonce_state = MD_NONCE_ABSENT; // absent, but one
  parts[6].intake = "\xff\xfe";
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (md_presence_challenge_new (&parts[i], &error));
      g_assert_error (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_CHALLENGE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add_func ("/identity/presence/" name, func)
  ADD ("vectors", test_vectors);
  ADD ("ocsp-nonce", test_ocsp_nonce);
  ADD ("every-part-is-bound", test_every_part_is_bound);
  ADD ("refusals", test_refusals);
#undef ADD
  return g_test_run ();
}
