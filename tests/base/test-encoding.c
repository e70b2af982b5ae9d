// SPDX-License-Identifier: Apache-2.0
#include <md-base.h>

#include <string.h>

static void
test_hex (void)
{
  static const guint8 bytes[] = { 0x00, 0x9f, 0xff };
  g_autofree char *text = md_hex_encode (bytes, sizeof bytes);
  g_autofree char *nothing = md_hex_encode (NULL, 0);
  g_autoptr (GBytes) back = md_hex_decode ("009FfF", NULL);
  g_autofree char *again = md_hex_encode_bytes (back);

  g_assert_cmpstr (text, ==, "009fff");
  g_assert_cmpstr (nothing, ==, "");
  g_assert_cmpstr (again, ==, "009fff");
}

static void
test_hex_refused (void)
{
  static const char *const bad[] = { "0", "0g", "0x00", " 00", "00 ", "０0", NULL };

  g_assert_null (md_hex_decode (NULL, NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (md_hex_decode (bad[i], &error));
      g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
    }
}

static void
test_base64 (void)
{
  static const char *const texts[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "+/+/" };
  static const gsize sizes[] = { 0, 1, 2, 3, 4, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = md_base64_decode (texts[i], 4, NULL);
      g_autofree char *again = NULL;

      g_assert_nonnull (bytes);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, sizes[i]);
      again = md_base64_encode (bytes);
      g_assert_cmpstr (again, ==, texts[i]);
    }
}

static void
test_base64_refused (void)
{
  static const char *const bad[]
      = { "Z", "Zg", "Zg=", "Zh==", "Zm9v\n", "Zm 9v", "Zg==Zg==", "-_-_", "====", NULL };

  g_assert_null (md_base64_decode (NULL, 10, NULL));
  for (gsize i = 0; bad[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (md_base64_decode (bad[i], 100, &error));
      g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_INVALID);
    }
}

static void
test_base64_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) far = NULL;

  g_assert_null (md_base64_decode ("Zm9vYg==", 3, &error));
  g_assert_error (error, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE);
  g_assert_null (md_base64_decode ("Zm9vYmFyZm9vYmFyZm9vYmFy", 3, &far));
  g_assert_error (far, MD_BASE_ERROR, MD_BASE_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/encoding/hex", test_hex);
  g_test_add_func ("/base/encoding/hex-refused", test_hex_refused);
  g_test_add_func ("/base/encoding/base64", test_base64);
  g_test_add_func ("/base/encoding/base64-refused", test_base64_refused);
  g_test_add_func ("/base/encoding/base64-limit", test_base64_limit);
  return g_test_run ();
}
