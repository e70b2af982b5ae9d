// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>
#include <string.h>

/* FIPS 180-2, appendix B, and the empty message. */
static void
test_known (void)
{
  static const struct
  {
    const char *text;
    const char *digest;
  } known[] = {
    { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      guint8 digest[MD_SHA256_SIZE];
      g_autofree char *hex = NULL;

      md_sha256 (known[i].text, strlen (known[i].text), digest);
      hex = md_hex_encode (digest, sizeof digest);
      g_assert_cmpstr (hex, ==, known[i].digest);
    }
}

static void
test_nothing (void)
{
  guint8 none[MD_SHA256_SIZE];
  guint8 empty[MD_SHA256_SIZE];

  md_sha256 (NULL, 0, none);
  md_sha256 ("", 0, empty);
  g_assert_cmpint (memcmp (none, empty, sizeof none), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/digest/known", test_known);
  g_test_add_func ("/base/digest/nothing", test_nothing);
  return g_test_run ();
}
