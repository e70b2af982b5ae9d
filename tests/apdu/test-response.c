// SPDX-License-Identifier: Apache-2.0
#include <md-apdu.h>
#include <md-base.h>

#include "../md-test.h"

static void
test_split (void)
{
  static const guint8 bytes[] = { 0xaa, 0xbb, 0x90, 0x00 };
  MdResponse response;

  g_assert_true (md_response_parse (bytes, sizeof bytes, &response, NULL));
  g_assert_cmphex (response.sw, ==, MD_SW_OK);
  md_assert_bytes (response.data, response.size, "\xaa\xbb", 2);
  g_assert_true (md_response_parse (bytes + 1, 2, &response, NULL));
  g_assert_cmphex (response.sw, ==, 0xbb90);
  g_assert_cmpuint (response.size, ==, 0);
}

static void
test_refused (void)
{
  static const guint8 long_answer[MD_LIMIT_APDU_RESPONSE + 1];
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) far = NULL;
  MdResponse response = { NULL, 7, 7 };

  g_assert_false (md_response_parse (long_answer, 1, &response, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_TRUNCATED);
  g_assert_false (md_response_parse (long_answer, sizeof long_answer, &response, &far));
  g_assert_error (far, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE);
  g_assert_cmpuint (response.size, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/response/split", test_split);
  g_test_add_func ("/apdu/response/refused", test_refused);
  return g_test_run ();
}
