// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"

#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <string.h>

static void
write_file (Fixture *fixture, const char *name, const void *data, gsize size)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, (gssize)size, &error);
  g_assert_no_error (error);
}

static void
write_text (Fixture *fixture, const char *name, const char *text)
{
  write_file (fixture, name, text, strlen (text));
}

static void
write_key (Fixture *fixture, const char *name, EVP_PKEY *key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long size;

  g_assert_cmpint (PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  size = BIO_get_mem_data (bio, &text);
  write_file (fixture, name, text, (gsize)size);
  BIO_free (bio);
}

/* SIZE bytes that count up from FIRST, so that every offset can be told from the contents. */
static void
write_ramp (Fixture *fixture, const char *name, guint first, gsize size)
{
  g_autofree guint8 *data = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    data[i] = (guint8)(first + i);
  write_file (fixture, name, data, size);
}

EVP_PKEY *
fixture_get_rsa_key (void)
{
  static EVP_PKEY *key = NULL;

  if (!key)
    key = EVP_RSA_gen (2048);
  g_assert_nonnull (key);
  return key;
}

EVP_PKEY *
fixture_get_ec_key (void)
{
  static EVP_PKEY *key = NULL;

  if (!key)
    key = EVP_EC_gen ("P-256");
  g_assert_nonnull (key);
  return key;
}

static void
start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->card = vc_card_new (fixture->dir, &error);
  g_assert_no_error (error);
}

void
fixture_start_mynumber (Fixture *fixture, const char *quirks)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ini
      = g_strconcat ("[card]\nprofile=mynumber\natr=3BE000FF8131FE4514\n"
                     "[pins]\njpki-0018=1234\njpki-001B=AOZORA1\ntext-0011=2345\n"
                     "text-0014=123456789018\ntext-0015=55021720352285\nvisual-0011=550217\n"
                     "visual-0012=55021720352285\nvisual-0013=123456789018\ncommon-001C=3456\n"
                     "juki-001C=3456\n[quirks]\n",
                     quirks, NULL);
  static const char *const keys[]
      = { "jpki-0017.key", "jpki-001A.key", "text-0013.key", "visual-001A.key", "common-0019.key" };

  fixture->dir = g_dir_make_tmp ("vcard-XXXXXX", &error);
  g_assert_no_error (error);
  write_text (fixture, "card.ini", ini);
  write_text (fixture, "jpki-0006.ef", "JPKIAPICCTOKEN2                 and more");
  write_ramp (fixture, "jpki-0001.ef", 0x11, 300);
  write_ramp (fixture, "jpki-0002.ef", 0x22, 300);
  write_ramp (fixture, "jpki-000A.ef", 0xAA, 600);
  write_ramp (fixture, "jpki-000B.ef", 0xBB, 300);
  write_file (fixture, "text-0001.ef",
              "\xFF\x10\x0C"
              "123456789018\xFF\xFF",
              17);
  write_ramp (fixture, "text-0002.ef", 0x20, 104);
  write_ramp (fixture, "text-0003.ef", 0x30, 16);
  write_ramp (fixture, "text-0004.ef", 0x40, 16);
  write_ramp (fixture, "visual-0001.ef", 0x10, 16);
  write_ramp (fixture, "visual-0002.ef", 0x20, 5000);
  write_ramp (fixture, "visual-0004.ef", 0x40, 16);
  write_ramp (fixture, "visual-0005.ef", 0x50, 16);
  write_text (fixture, "common-0001.rec",
              "\x01\x1C"
              "0000012719843131399920350217");
  write_text (fixture, "isd-00F0.do", "13999");
  write_ramp (fixture, "isd-7F21.do", 0x01, 563);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    write_key (fixture, keys[i], fixture_get_rsa_key ());
  start (fixture);
}

void
fixture_start_piv (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("vcard-XXXXXX", &error);
  g_assert_no_error (error);
  write_text (fixture, "card.ini",
              "[card]\nprofile=piv\natr=3B8480014D41444F02\n[pins]\npiv-80=123456\n");
  write_ramp (fixture, "piv-5FC105.do", 0x01, 700);
  write_text (fixture, "piv-5FC102.do", "chuid");
  write_text (fixture, "piv-7E.do", "discovery");
  write_key (fixture, "piv-9A.key", fixture_get_ec_key ());
  write_key (fixture, "piv-9C.key", fixture_get_ec_key ());
  write_key (fixture, "piv-9D.key", fixture_get_ec_key ());
  write_key (fixture, "piv-9E.key", fixture_get_ec_key ());
  start (fixture);
}

void
fixture_restart (Fixture *fixture)
{
  g_clear_pointer (&fixture->card, vc_card_free);
  start (fixture);
}

void
fixture_stop (Fixture *fixture)
{
  g_autoptr (GDir) directory = g_dir_open (fixture->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)))
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_clear_pointer (&fixture->card, vc_card_free);
  g_clear_pointer (&fixture->dir, g_free);
}

GBytes *
from_hex (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();
  int high = -1;

  for (; *text; text++)
    {
      int digit = g_ascii_xdigit_value (*text);

      if (digit < 0)
        continue;
      if (high >= 0)
        {
          guint8 byte = (guint8)(high * 16 + digit);

          g_byte_array_append (bytes, &byte, 1);
        }
      high = high >= 0 ? -1 : digit;
    }
  g_assert_cmpint (high, ==, -1);
  return g_byte_array_free_to_bytes (bytes);
}

char *
to_hex (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02X", data[i]);
  return g_string_free (text, FALSE);
}

char *
exchange (Fixture *fixture, const char *apdu)
{
  g_autoptr (GBytes) command = from_hex (apdu);
  gsize size;
  const guint8 *data = g_bytes_get_data (command, &size);
  g_autoptr (GBytes) answer = vc_card_transmit (fixture->card, data, size, NULL);

  return to_hex (answer);
}

void
assert_shape (Fixture *fixture, const char *apdu, gsize size, const char *sw)
{
  g_autofree char *answer = exchange (fixture, apdu);
  gsize length = strlen (answer);

  g_assert_cmpuint (length, ==, 2 * size + 4);
  g_assert_cmpstr (answer + length - 4, ==, sw);
}
