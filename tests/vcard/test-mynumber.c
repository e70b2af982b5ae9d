// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <openssl/rsa.h>

#include <string.h>

#define SELECT_JPKI "00A4040C0AD392F000260100000001"
#define SELECT_TEXT "00A4040C0AD3921000310001010408"
#define SELECT_VISUAL "00A4040C0AD3921000310001010402"
#define SELECT_JUKI "00A4040C0AD3921000310001010401"
#define SELECT_COMMON "00A4040C0AD3921000310001010100"
#define SELECT_ISD "00A4040C07A0000001510000"
#define SELECT_EF(id) "00A4020C02" id
#define ASK "00200080"
#define PIN_1234 "002000800431323334"
#define PIN_2345 "002000800432333435"
#define PIN_3456 "002000800433343536"
#define PIN_WRONG "002000800430303030"
#define PIN_SIGN "0020008007414F5A4F524131"
#define NUMBER_A "002000800C313233343536373839303138"
#define NUMBER_B "002000800E3535303231373230333532323835"
#define BIRTHDAY "0020008006353530323137"
#define DIGEST "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
#define DIGEST_INFO "3031300D060960864801650304020105000420" DIGEST
#define SIGN "802A008033" DIGEST_INFO "00"

/* A transcript of a real card. */
static void
test_transcript (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, "00A404000AD392F00026010000000100", "6F0C840AD392F0002601000000019000");
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0006"), "9000");
  assert_answer (&f, "00B000000F", "4A504B494150494343544F4B454E329000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, ASK, "63C3");
  assert_answer (&f, "002000800431323335", "63C2");
  assert_answer (&f, ASK, "63C2");
  assert_answer (&f, PIN_1234, "9000");
  assert_answer (&f, ASK, "63C3");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_shape (&f, SIGN, 256, "9000");
  assert_answer (&f, SELECT_EF ("001A"), "9000");
  assert_answer (&f, SIGN, "6982");
  assert_answer (&f, SELECT_EF ("0001"), "9000");
  assert_answer (&f, "00B0000000", "6982");
  assert_answer (&f, SELECT_EF ("000A"), "9000");
  assert_shape (&f, "00B0000000", 256, "9000");
  assert_shape (&f, "00B0010000", 256, "9000");
  assert_shape (&f, "00B0020000", 88, "9000");
  assert_answer (&f, SELECT_TEXT, "9000");
  assert_answer (&f, SELECT_EF ("0001"), "9000");
  assert_answer (&f, "00B0000011", "6982");
  assert_answer (&f, SELECT_EF ("0011"), "9000");
  assert_answer (&f, PIN_2345, "9000");
  assert_answer (&f, SELECT_EF ("0001"), "9000");
  assert_answer (&f, "00B0000011", "FF100C313233343536373839303138FFFF9000");
  fixture_stop (&f);
}

static void
test_power_up (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, "00A40000", "6A86");
  assert_answer (&f, "00A4000C023F00", "6A82");
  assert_answer (&f, SELECT_EF ("0001"), "6A82");
  assert_answer (&f, "00B0000000", "6986");
  assert_answer (&f, "00CA00F000", "31333939399000");
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, "00A40000", "9000");
  assert_answer (&f, "00CA00F000", "6A88");
  assert_answer (&f, SELECT_ISD, "9000");
  assert_answer (&f, "00CA7F2100", "6700");
  assert_shape (&f, "00CA7F21000400", 563, "9000");
  assert_answer (&f, "00CA123400", "6A88");
  fixture_stop (&f);
}

static void
test_unknown (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, "00A4040C0BA000000308000010000100", "6A82");
  assert_answer (&f, "00A4040C05D392F00026", "9000");
  assert_answer (&f, "00A4080C020006", "6A86");
  assert_answer (&f, SELECT_EF ("0999"), "6A82");
  assert_answer (&f, SELECT_EF ("0005"), "6A82"); /* no contents: no such EF */
  assert_answer (&f, "00770000", "6D00");
  assert_answer (&f, "80B0000000", "6E00");
  assert_answer (&f, "C0B0000000", "6E00");
  assert_answer (&f, "01B0000000", "6881");
  assert_answer (&f, "08B0000000", "6882");
  assert_answer (&f, "1020008002FFFF", "6884");
  assert_answer (&f, "00", "6700");
  fixture_stop (&f);
}

static void
test_read (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_shape (&f, "00B08A0000", 256, "9000"); /* short EF identifier makes it current */
  assert_answer (&f, "00B0025705", "019000");
  assert_answer (&f, "00B0025805", "6B00");
  assert_answer (&f, "00B07FFF05", "6B00");
  assert_shape (&f, "00B00000000258", 600, "9000");
  assert_answer (&f, "00B00000", "6700");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_answer (&f, "00B0000000", "6981");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, "00B0000000", "6981");
  assert_answer (&f, "00B0850000", "6A82");
  fixture_stop (&f);
}

static void
test_lock (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, PIN_WRONG, "63C2");
  assert_answer (&f, PIN_WRONG, "63C1");
  assert_answer (&f, PIN_WRONG, "63C0");
  assert_answer (&f, PIN_1234, "6984");
  assert_answer (&f, ASK, "63C0");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_answer (&f, SIGN, "6982");
  fixture_restart (&f); /* no power and no time unlocks it */
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f,
                 "0020009804"
                 "31323334",
                 "6984");
  assert_answer (&f, "0020009B", "63C5");
  fixture_stop (&f);
}

static void
test_tries_survive (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, "0020009B0430303030", "63C4");
  fixture_restart (&f);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, "0020009B", "63C4");
  assert_answer (&f, SELECT_EF ("001B"), "9000");
  assert_answer (&f, "0020008007616F7A6F726131", "63C3"); /* the card does not fold case */
  assert_answer (&f, PIN_SIGN, "9000");
  assert_answer (&f, ASK, "63C5");
  fixture_stop (&f);
}

/* A wrong PIN takes away what a right one gave. */
static void
test_wrong_after_right (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, PIN_1234, "9000");
  assert_answer (&f, PIN_WRONG, "63C2");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_answer (&f, SIGN, "6982");
  fixture_stop (&f);
}

static void
verify_auth (Fixture *f)
{
  assert_answer (f, SELECT_JPKI, "9000");
  assert_answer (f, SELECT_EF ("0018"), "9000");
  assert_answer (f, PIN_1234, "9000");
  assert_answer (f, SELECT_EF ("0017"), "9000");
}

static void
test_verified_until (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  verify_auth (&f);
  assert_answer (&f, SELECT_JPKI, "9000"); /* the same application: not a way to log out */
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_shape (&f, SIGN, 256, "9000");
  assert_answer (&f, SELECT_COMMON, "9000");
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_answer (&f, SIGN, "6982");
  verify_auth (&f);
  vc_card_reset (f.card);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  assert_answer (&f, SIGN, "6982");
  verify_auth (&f);
  vc_card_power (f.card);
  assert_answer (&f, "00A40000", "6A86");
  fixture_stop (&f);
}

/* What a signature of P1 must recover to under the public key. */
static void
assert_recovers (Fixture *f, const char *apdu, int padding, const char *expected)
{
  g_autofree char *answer = exchange (f, apdu);
  g_autoptr (GBytes) signature = from_hex (answer);
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new (fixture_get_rsa_key (), NULL);
  guint8 block[256];
  gsize size = sizeof block;
  g_autoptr (GBytes) recovered = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (g_bytes_get_size (signature), ==, 258);
  g_assert_cmpint (EVP_PKEY_verify_recover_init (ctx), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (ctx, padding), ==, 1);
  g_assert_cmpint (
      EVP_PKEY_verify_recover (ctx, block, &size, g_bytes_get_data (signature, NULL), 256), ==, 1);
  recovered = g_bytes_new (block, size);
  text = to_hex (recovered);
  g_assert_cmpstr (text, ==, expected);
  EVP_PKEY_CTX_free (ctx);
}

static void
test_signature (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  verify_auth (&f);
  assert_recovers (&f, SIGN, RSA_PKCS1_PADDING, DIGEST_INFO);
  assert_recovers (&f,
                   "802A00800100"
                   "00",
                   RSA_PKCS1_PADDING, "00");
  assert_recovers (&f, "802A028020" DIGEST "00", RSA_PKCS1_PADDING, DIGEST_INFO);
  assert_recovers (&f, "802A009733" DIGEST_INFO "00", RSA_PKCS1_PADDING, DIGEST_INFO);
  assert_shape (&f, "802A048020" DIGEST "00", 256, "9000");
  assert_shape (&f,
                "802A038003414243"
                "00",
                256, "9000");
  assert_answer (&f,
                 "802A02800100"
                 "00",
                 "6700");
  assert_answer (&f, "802A068020" DIGEST "00", "6A86");
  assert_answer (&f, "802A0080", "6700");
  assert_answer (&f, "802A008033" DIGEST_INFO "10", "6C00");
  assert_answer (&f, "802A000033" DIGEST_INFO "00", "6986"); /* JPKI has no default key */
  assert_answer (&f, SELECT_EF ("0006"), "9000");
  assert_answer (&f, SIGN, "6986");
  fixture_stop (&f);
}

typedef struct
{
  const char *application;
  const char *pin_file;
  const char *pin;
  const char *opens; /* four digits for each EF: it opens these ... */
  const char * not ; /* ... and not these */
} Access;

static const Access access_table[] = {
  { SELECT_TEXT, "0011", PIN_2345, "000100020003", "" },
  { SELECT_TEXT, "0014", NUMBER_A, "00010003", "0002" },
  { SELECT_TEXT, "0015", NUMBER_B, "00020003", "0001" },
  { SELECT_VISUAL, "0011", BIRTHDAY, "0001", "00020005" },
  { SELECT_VISUAL, "0012", NUMBER_B, "0002", "00010005" },
  { SELECT_VISUAL, "0013", NUMBER_A, "00020005", "0001" },
  { SELECT_JPKI, "0018", PIN_1234, "", "0001" },
  { SELECT_JPKI, "001B", PIN_SIGN, "0001", "" },
};

static void
assert_reads (Fixture *f, const char *ids, const char *sw)
{
  for (; *ids; ids += 4)
    {
      g_autofree char *select = g_strdup_printf (SELECT_EF ("%.4s"), ids);
      g_autofree char *answer = NULL;

      assert_answer (f, select, "9000");
      answer = exchange (f, "00B0000008");
      g_assert_cmpstr (answer + strlen (answer) - 4, ==, sw);
    }
}

static void
test_access (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (access_table); i++)
    {
      const Access *row = &access_table[i];
      g_autofree char *select = g_strdup_printf (SELECT_EF ("%s"), row->pin_file);
      Fixture f;

      fixture_start_mynumber (&f, NULL);
      assert_answer (&f, row->application, "9000");
      assert_reads (&f, row->opens, "6982");
      assert_answer (&f, select, "9000");
      assert_answer (&f, row->pin, "9000");
      assert_reads (&f, row->opens, "9000");
      assert_reads (&f, row->not, "6982");
      fixture_stop (&f);
    }
}

static void
test_free_files (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_reads (&f, "00020006000A000B", "9000");
  assert_answer (&f, SELECT_TEXT, "9000");
  assert_reads (&f, "0004", "9000");
  assert_answer (&f, SELECT_VISUAL, "9000");
  assert_reads (&f, "0004", "9000");
  assert_answer (&f, SELECT_COMMON, "9000");
  assert_shape (&f, "00B2010C00", 30, "9000");
  assert_answer (&f, "00B2020C00", "6A83");
  assert_answer (&f,
                 "00B00000"
                 "08",
                 "6981");
  assert_shape (&f,
                "00880099081122334455667788"
                "00",
                256, "9000");
  fixture_stop (&f);
}

static void
test_blocked_reference (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_TEXT, "9000");
  assert_answer (&f, SELECT_EF ("0012"), "9000");
  assert_answer (&f, ASK, "63C0");
  assert_answer (&f, PIN_1234, "6984");
  assert_answer (&f, SELECT_EF ("0001"), "9000");
  assert_answer (&f, ASK, "6981");
  assert_answer (&f, "0020008000", "6981");                      /* some readers add a byte */
  assert_shape (&f, "802A000033" DIGEST_INFO "00", 256, "9000"); /* internal authentication */
  fixture_stop (&f);
}

static void
test_change_pin (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, "002401800439393939", "6982");
  assert_answer (&f, PIN_1234, "9000");
  assert_answer (&f,
                 "00240180033939"
                 "39",
                 "6A80");
  assert_answer (&f, "002401800441414141", "6A80");
  assert_answer (&f, "002400800439393939", "6A86");
  assert_answer (&f, "002401800439393939", "9000");
  fixture_restart (&f);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  assert_answer (&f, "002000800439393939", "9000");
  assert_answer (&f, SELECT_JUKI, "9000");
  assert_answer (&f, SELECT_EF ("001C"), "9000");
  assert_answer (&f, PIN_3456, "9000");
  assert_answer (&f, "002401800439393939", "6985");
  assert_answer (&f, "803200800439393939", "9000");
  assert_answer (&f, SELECT_TEXT, "9000");
  assert_answer (&f, SELECT_EF ("0014"), "9000");
  assert_answer (&f, NUMBER_A, "9000");
  assert_answer (&f, "002401800439393939", "6985"); /* printed on the card */
  fixture_stop (&f);
}

static void
test_not_for_counters (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  assert_shape (&f, "0084000008", 8, "9000");
  assert_answer (&f, "00840000000008", "6985");
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f,
                 "80AE000001"
                 "00",
                 "6982");
  assert_answer (&f,
                 "80A206C101"
                 "00",
                 "6700");
  assert_answer (&f,
                 "0088009901"
                 "0000",
                 "6985");
  assert_answer (&f, "00C0000000", "6985");
  assert_answer (&f, SELECT_VISUAL, "9000");
  assert_answer (&f,
                 "80AE000001"
                 "00",
                 "66F1");
  fixture_stop (&f);
}

static void
test_quirks (void)
{
  Fixture f;
  guint delay = 0;
  g_autoptr (GBytes) command = from_hex (SIGN);
  g_autoptr (GBytes) answer = NULL;

  fixture_start_mynumber (&f, "lock_sw=6983\nlock_empty=true\neof_6282=true\nfirst_6f00=true\n"
                              "text_prefix=true\nverified_9000=true\nshort_only=true\n"
                              "sticky_warm_reset=true\nreselect_clears=true\nsign_delay_ms=70\n");
  assert_answer (&f, "00A40000", "6F00");
  assert_answer (&f, "00A40000", "6A86");
  verify_auth (&f);
  assert_answer (&f, "00200098", "9000");
  vc_card_reset (f.card);
  assert_answer (&f, "00B00000000258", "6700");
  assert_answer (&f, SELECT_EF ("0017"), "9000");
  answer = vc_card_transmit (f.card, g_bytes_get_data (command, NULL), g_bytes_get_size (command),
                             &delay);
  g_assert_cmpuint (g_bytes_get_size (answer), ==, 258);
  g_assert_cmpuint (delay, ==, 70);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, "00200098", "63C3");
  assert_answer (&f, SELECT_TEXT, "9000");
  for (gsize i = 0; i < 3; i++)
    g_free (exchange (&f, "002000910430303030"));
  assert_answer (&f, "00200091", "6983");
  assert_answer (&f, "002000910432333435", "6983");
  assert_answer (&f, "002000950E3535303231373230333532323835", "9000");
  assert_answer (&f, SELECT_EF ("0002"), "9000");
  assert_answer (&f, "00B0000004", "006820219000");
  assert_shape (&f, "00B0000000", 106, "6282");
  fixture_stop (&f);
}

/* What a test may ask a card in its hand, and set: nothing of it reaches the directory. */
static void
test_in_memory (void)
{
  Fixture f;

  fixture_start_mynumber (&f, NULL);
  vc_card_keep_in_memory (f.card);
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f, SELECT_EF ("0018"), "9000");
  g_assert_cmpuint (vc_card_count_verified (f.card), ==, 0);
  assert_answer (&f, PIN_1234, "9000");
  g_assert_cmpuint (vc_card_count_verified (f.card), ==, 1);
  assert_answer (&f, PIN_WRONG, "63C2");
  g_assert_cmpuint (vc_card_count_verified (f.card), ==, 0);
  g_assert_cmpuint (vc_card_get_tries (f.card, "jpki-0018", 3), ==, 2);
  vc_card_set_tries (f.card, "jpki-0018", 1);
  assert_answer (&f, ASK, "63C1");
  vc_card_restore (f.card);
  g_assert_cmpuint (vc_card_get_tries (f.card, "jpki-0018", 3), ==, 3);
  assert_answer (&f, ASK, "6986"); /* without power it forgot what was selected */
  assert_answer (&f, SELECT_JPKI, "9000");
  assert_answer (&f,
                 "0020009804"
                 "39393939",
                 "63C2");
  fixture_restart (&f);
  g_assert_cmpuint (vc_card_get_tries (f.card, "jpki-0018", 3), ==, 3);
  fixture_stop (&f);
}

static void
test_bad_directory (void)
{
  g_autoptr (GError) error = NULL;
  Fixture f;
  g_autofree char *path = NULL;

  g_assert_null (vc_card_new ("/nonexistent", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  fixture_start_mynumber (&f, NULL);
  path = g_build_filename (f.dir, "jpki-0017.key", NULL);
  g_assert_true (g_file_set_contents (path, "not a key", -1, NULL));
  g_assert_null (vc_card_new (f.dir, &error));
  g_assert_error (error, VC_ERROR, VC_ERROR_DIRECTORY);
  fixture_stop (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vcard/mynumber/transcript", test_transcript);
  g_test_add_func ("/vcard/mynumber/power-up", test_power_up);
  g_test_add_func ("/vcard/mynumber/unknown", test_unknown);
  g_test_add_func ("/vcard/mynumber/read", test_read);
  g_test_add_func ("/vcard/mynumber/lock", test_lock);
  g_test_add_func ("/vcard/mynumber/in-memory", test_in_memory);
  g_test_add_func ("/vcard/mynumber/tries-survive", test_tries_survive);
  g_test_add_func ("/vcard/mynumber/wrong-after-right", test_wrong_after_right);
  g_test_add_func ("/vcard/mynumber/verified-until", test_verified_until);
  g_test_add_func ("/vcard/mynumber/signature", test_signature);
  g_test_add_func ("/vcard/mynumber/access", test_access);
  g_test_add_func ("/vcard/mynumber/free-files", test_free_files);
  g_test_add_func ("/vcard/mynumber/blocked-reference", test_blocked_reference);
  g_test_add_func ("/vcard/mynumber/change-pin", test_change_pin);
  g_test_add_func ("/vcard/mynumber/not-for-counters", test_not_for_counters);
  g_test_add_func ("/vcard/mynumber/quirks", test_quirks);
  g_test_add_func ("/vcard/mynumber/bad-directory", test_bad_directory);
  return g_test_run ();
}
