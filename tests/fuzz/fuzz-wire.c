// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-protocol.h>

#include <string.h>

/* What the other end of the line sends: paths, headers, JSON bodies. */
static void
check_target (const char *text)
{
  MdTarget target;
  g_autofree char *again = NULL;

  if (!md_target_parse (text, &target))
    return;
  again = md_target_format (&target);
  g_assert_cmpstr (again, ==, text);
  g_assert_true (target.intake[0] == '\0' || md_wire_is_intake_id (target.intake));
}

/* A decision that was understood is, encoded again, understood as the same. */
static void
check_decision (GBytes *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDecisionMessage) message = md_decision_message_decode (body, &error);
  g_autoptr (MdDecisionMessage) twice = NULL;
  g_autoptr (GBytes) again = NULL;

  if (message == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_PROTOCOL_ERROR);
      return;
    }
  again = md_decision_message_encode (message);
  twice = md_decision_message_decode (again, NULL);
  g_assert_nonnull (twice);
  g_assert_true (g_bytes_equal (message->decision, twice->decision));
  g_assert_true (g_bytes_equal (message->manifest, twice->manifest));
  g_assert_true (g_bytes_equal (message->signature, twice->signature));
}

/* The same of a letter of delegation. */
static void
check_letter (GBytes *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdLetterMessage) message = md_letter_message_decode (body, &error);
  g_autoptr (MdLetterMessage) twice = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GBytes) once_more = NULL;

  if (message == NULL)
    {
      g_assert_true (error != NULL && error->domain == MD_PROTOCOL_ERROR);
      return;
    }
  again = md_letter_message_encode (message);
  twice = md_letter_message_decode (again, NULL);
  g_assert_nonnull (twice);
  once_more = md_letter_message_encode (twice);
  g_assert_true (g_bytes_equal (again, once_more));
}

/* And of where an upload stands; what a header says is its size says it in one way. */
static void
check_upload (GBytes *body, const char *text)
{
  MdUploadMessage message = { 0 };
  const guint64 length = md_upload_length_parse (text);
  g_autofree char *length_again = g_strdup_printf ("%" G_GUINT64_FORMAT, length);

  if (length > 0)
    g_assert_cmpstr (length_again, ==, text);
  if (md_upload_message_decode (body, &message, NULL))
    {
      MdUploadMessage twice = { 0 };
      g_autoptr (GBytes) again = md_upload_message_encode (&message);

      g_assert_true (md_upload_message_decode (again, &twice, NULL));
      g_assert_true (message.offset <= message.size && message.size <= MD_WIRE_MAX_CONTAINER);
      g_assert_true (message.size == twice.size && message.offset == twice.offset
                     && message.stored == twice.stored);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (MdProblem) problem = md_problem_decode (409, body);
  g_autofree char *item = NULL;
  guint n;

  check_target (text);
  check_decision (body);
  check_letter (body);
  check_upload (body, text);
  g_assert_nonnull (problem);
  g_assert_true (problem->code <= MD_PROBLEM_LAST);
  g_assert_true (md_problem_blame (problem) <= MD_BLAME_LINE);
  n = md_item_parse (text);
  if (n > 0)
    {
      item = md_item_format (n);
      g_assert_cmpstr (item, ==, text);
    }
  g_assert_cmpint (md_content_digest_check (text, body), !=, MD_CONTENT_DIGEST_MISSING);
  return 0;
}
