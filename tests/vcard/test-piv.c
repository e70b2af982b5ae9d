// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <openssl/ec.h>

#include <string.h>

#define SELECT_PIV "00A404000BA00000030800001000010000"
#define PIN "0020008008313233343536FFFF"
#define PIN_WRONG "0020008008303030303030FFFF"
#define DIGEST "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define SIGN(slot) "008711" slot "267C2482008120" DIGEST "00"
#define APPLICATION "61114F0600001000010079074F05A0000003089000"

static void
test_select (void)
{
  Fixture f;

  fixture_start_piv (&f);
  assert_answer (&f, "00CB3FFF055C035FC10200", "6985");
  assert_answer (&f, "00A404000AD392F00026010000000100", "6A82");
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, "00A4040005A00000030800", APPLICATION);
  assert_answer (&f, "00F80000", "6D00");
  assert_answer (&f, "80CA9F7F00", "6E00");
  assert_answer (&f, "01CB3FFF055C035FC10200", "6881");
  fixture_stop (&f);
}

static void
test_objects (void)
{
  Fixture f;

  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, "00CB3FFF055C035FC10200",
                 "6368756964"
                 "9000");
  assert_answer (&f, "00CB3FFF035C017E00",
                 "646973636F76657279"
                 "9000");
  assert_answer (&f, "00CB3FFF055C035FC10900", "6A82");
  assert_answer (&f,
                 "00CB3FFF03123456"
                 "00",
                 "6A80");
  assert_shape (&f, "00CB3FFF055C035FC10500", 256, "6100"); /* 700 bytes: 444 more */
  assert_shape (&f, "00C0000000", 256, "61BC");
  assert_shape (&f, "00C00000BC", 188, "9000");
  assert_answer (&f, "00C0000000", "6985");
  assert_shape (&f, "00CB3FFF0000055C035FC1050000", 700, "9000"); /* extended: in one piece */
  fixture_stop (&f);
}

static void
test_chained_command (void)
{
  Fixture f;

  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, "10CB3FFF035C035F", "9000");
  assert_answer (&f, "00CB3FFF02C10200", "63687569649000");
  assert_answer (&f, "10CB3FFF035C035F", "9000");
  assert_answer (&f, "1087119A0100", "6985"); /* another command in the middle of a chain */
  assert_answer (&f, "00CB3FFF055C035FC10200", "63687569649000");
  fixture_stop (&f);
}

static void
test_pin (void)
{
  Fixture f;

  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, "00200080", "63C3");
  assert_answer (&f, "0020008006313233343536", "6A80"); /* not padded: no try lost */
  assert_answer (&f, PIN_WRONG, "63C2");
  assert_answer (&f, PIN, "9000");
  assert_answer (&f, "00200080", "9000");
  assert_answer (&f, "0020FF80", "9000"); /* logs out */
  assert_answer (&f, "00200080", "63C3");
  assert_answer (&f,
                 "00240080"
                 "10"
                 "313233343536FFFF"
                 "363534333231FFFF",
                 "9000");
  fixture_restart (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, "0020008008363534333231FFFF", "9000");
  assert_answer (&f, PIN, "63C2");
  assert_answer (&f, PIN, "63C1");
  assert_answer (&f, PIN, "63C0");
  assert_answer (&f, "0020008008363534333231FFFF", "6983");
  assert_answer (&f, "00200080", "6983");
  fixture_stop (&f);
}

static void
test_pin_rules (void)
{
  Fixture f;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  first = exchange (&f, SIGN ("9E"));
  g_assert_true (g_str_has_prefix (first, "7C")); /* card authentication: never */
  assert_answer (&f, SIGN ("9A"), "6982");
  assert_answer (&f, SIGN ("9C"), "6982");
  assert_answer (&f, PIN, "9000");
  second = exchange (&f, SIGN ("9C"));
  g_assert_true (g_str_has_prefix (second, "7C"));
  assert_answer (&f, SIGN ("9C"), "6982"); /* each signature wants its own */
  g_clear_pointer (&second, g_free);
  second = exchange (&f, SIGN ("9A")); /* once is enough */
  g_assert_true (g_str_has_prefix (second, "7C"));
  assert_answer (&f, PIN, "9000");
  assert_answer (&f, "00CB3FFF055C035FC10200", "63687569649000");
  assert_answer (&f, SIGN ("9C"), "6982"); /* another command came between */
  vc_card_power (f.card);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, SIGN ("9A"), "6982");
  fixture_stop (&f);
}

static void
test_signature (void)
{
  Fixture f;
  g_autofree char *answer = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) digest = from_hex (DIGEST);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new (fixture_get_ec_key (), NULL);
  const guint8 *data;
  gsize size;

  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  answer = exchange (&f, SIGN ("9E"));
  bytes = from_hex (answer);
  data = g_bytes_get_data (bytes, &size);
  g_assert_cmpint (EVP_PKEY_verify_init (ctx), ==, 1);
  g_assert_cmphex (data[2], ==, 0x82);
  g_assert_cmpuint (data[3], ==, size - 6);
  g_assert_cmpint (EVP_PKEY_verify (ctx, data + 4, data[3], g_bytes_get_data (digest, NULL), 32),
                   ==, 1);
  assert_answer (&f,
                 "0087119E057C038101"
                 "00"
                 "00",
                 "6A80");
  assert_answer (&f, "0087079E267C2482008120" DIGEST "00", "6A86");
  assert_answer (&f, "00871155267C2482008120" DIGEST "00", "6A86");
  EVP_PKEY_CTX_free (ctx);
  fixture_stop (&f);
}

/* With its own public key as the other side: a card and openssl find the same secret. */
static void
test_agreement (void)
{
  Fixture f;
  EVP_PKEY *key = fixture_get_ec_key ();
  guint8 *point = NULL;
  gsize point_size = EVP_PKEY_get1_encoded_public_key (key, &point);
  g_autoptr (GBytes) point_bytes = g_bytes_new (point, point_size);
  g_autofree char *point_hex = to_hex (point_bytes);
  g_autofree char *command = g_strconcat ("0087119D477C4582008541", point_hex, "00", NULL);
  g_autofree char *bad = g_strdup (command);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new (key, NULL);
  guint8 secret[32];
  gsize size = sizeof secret;
  g_autoptr (GBytes) secret_bytes = NULL;
  g_autofree char *secret_hex = NULL;
  g_autofree char *expected = NULL;

  EVP_PKEY_derive_init (ctx);
  EVP_PKEY_derive_set_peer (ctx, key);
  g_assert_cmpint (EVP_PKEY_derive (ctx, secret, &size), ==, 1);
  secret_bytes = g_bytes_new (secret, size);
  secret_hex = to_hex (secret_bytes);
  expected = g_strconcat ("7C228220", secret_hex, "9000", NULL);
  fixture_start_piv (&f);
  assert_answer (&f, SELECT_PIV, APPLICATION);
  assert_answer (&f, command, "6982");
  assert_answer (&f, PIN, "9000");
  assert_answer (&f, command, expected);
  bad[strlen (bad) - 3] = bad[strlen (bad) - 3] == '0' ? '1' : '0';
  assert_answer (&f, bad, "6A80"); /* not a point of the curve */
  EVP_PKEY_CTX_free (ctx);
  OPENSSL_free (point);
  fixture_stop (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vcard/piv/select", test_select);
  g_test_add_func ("/vcard/piv/objects", test_objects);
  g_test_add_func ("/vcard/piv/chained-command", test_chained_command);
  g_test_add_func ("/vcard/piv/pin", test_pin);
  g_test_add_func ("/vcard/piv/pin-rules", test_pin_rules);
  g_test_add_func ("/vcard/piv/signature", test_signature);
  g_test_add_func ("/vcard/piv/agreement", test_agreement);
  return g_test_run ();
}
