// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

#define QUESTION "0123456789abcdef0123456789abcdef"
#define SAID(question)                                                                             \
  "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":0,\"left\":943,\"question\":" question "}"
#define ASKS SAID ("\"" QUESTION "\"")
#define SAYS(last_n, from, to, last)                                                               \
  "{\"serial\":1,\"epoch\":2,\"highest\":57,\"last_n\":" last_n ",\"from\":" from ",\"to\":" to    \
  ",\"last\":\"" last "\",\"fresh\":true,\"exhausted\":false}"
#define INTAKE "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"

static void
test_round_trip (void)
{
  static const char *const answers[]
      = { SAYS ("0", "0", "0", ""), SAYS ("2", "58", "2057", INTAKE) };
  g_autoptr (GBytes) asked = g_bytes_new_static (ASKS, strlen (ASKS));
  g_autoptr (GBytes) asked_again = NULL;
  g_autoptr (GError) error = NULL;
  MdNumbersRequest request = { 0 };

  g_assert_true (md_numbers_request_decode (asked, &request, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (request.highest, ==, 57);
  g_assert_cmpuint (request.left, ==, 943);
  g_assert_cmpstr (request.question, ==, QUESTION);
  asked_again = md_numbers_request_encode (&request);
  g_assert_true (g_bytes_equal (asked, asked_again));
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (answers[i], strlen (answers[i]));
      g_autoptr (GBytes) again = NULL;
      MdNumbersAnswer answer = { 0 };

      g_assert_true (md_numbers_answer_decode (body, &answer, &error));
      g_assert_no_error (error);
      again = md_numbers_answer_encode (&answer);
      g_assert_true (g_bytes_equal (body, again));
      g_assert_cmpstr (answer.last, ==, i == 0 ? "" : INTAKE);
    }
}

static void
test_refused (void)
{
  static const char *const requests[] = {
    "",
    "[]",
    "{}",
    "{\"serial\":0,\"epoch\":0,\"highest\":57,\"newest\":0,\"left\":943,\"question\":\"" QUESTION
    "\"}",
    "{\"serial\":1000,\"epoch\":0,\"highest\":57,\"newest\":0,\"left\":943,\"question\":\"" QUESTION
    "\"}",
    "{\"serial\":1,\"epoch\":-1,\"highest\":57,\"newest\":0,\"left\":943,\"question\":\"" QUESTION
    "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":1000000,\"newest\":0,\"left\":943,\"question\":"
    "\"" QUESTION "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":\"0\",\"left\":943,\"question\":"
    "\"" QUESTION "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":0.5,\"left\":943,\"question\":\"" QUESTION
    "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":0,\"question\":\"" QUESTION "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":0,\"left\":943,\"more\":1,\"question\":"
    "\"" QUESTION "\"}",
    "{\"serial\":1,\"epoch\":0,\"highest\":57,\"newest\":0,\"left\":943}",
    SAID ("1"),
    SAID ("\"0123456789abcdef0123456789abcde\""),
    SAID ("\"0123456789abcdef0123456789abcdef0\""),
    SAID ("\"0123456789ABCDEF0123456789ABCDEF\""),
  };
  static const char *const answers[] = {
    ASKS,
    SAYS ("0", "0", "2057", ""),    /* half a block */
    SAYS ("0", "59", "58", ""),     /* one that ends before it begins */
    SAYS ("0", "0", "0", INTAKE),   /* an item without its place */
    SAYS ("1", "0", "0", ""),       /* a place without an item */
    SAYS ("1", "0", "0", "../etc"), /* no intake */
    SAYS ("100", "0", "0", INTAKE), /* more than an intake has */
    "{\"serial\":1,\"epoch\":2,\"highest\":57,\"last_n\":0,\"from\":0,\"to\":0,\"last\":\"\","
    "\"fresh\":1,\"exhausted\":false}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (requests[i], strlen (requests[i]));
      MdNumbersRequest request = { 0 };

      g_assert_false (md_numbers_request_decode (body, &request, NULL));
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (answers[i], strlen (answers[i]));
      g_autoptr (GError) error = NULL;
      MdNumbersAnswer answer = { 0 };

      g_assert_false (md_numbers_answer_decode (body, &answer, &error));
      g_assert_error (error, MD_PROTOCOL_ERROR, MD_PROTOCOL_ERROR_MALFORMED);
    }
}

/* What a later release says beside it is for others. */
static void
test_answer_with_more (void)
{
  const MdNumbersAnswer answer = { .serial = 1, .epoch = 1, .from = 2, .to = 2001 };
  g_autoptr (GBytes) body = md_numbers_answer_encode (&answer);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autofree char *longer = g_strconcat ("{\"later\":7,", text + 1, NULL);
  g_autoptr (GBytes) more = g_bytes_new (longer, strlen (longer));
  g_autoptr (GError) error = NULL;
  MdNumbersAnswer read = { 0 };

  g_assert_true (md_numbers_answer_decode (more, &read, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (read.to, ==, 2001);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/numbers-message/round-trip", test_round_trip);
  g_test_add_func ("/protocol/numbers-message/refused", test_refused);
  g_test_add_func ("/protocol/numbers-message/answer-with-more", test_answer_with_more);
  return g_test_run ();
}
