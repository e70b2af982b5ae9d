// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-apdu.h>
#include <md-base.h>

#include <string.h>

#define FLOOD 0xfe /* the first byte of an input that is said again and again */

/* The short form says whatever fits into it, and nothing else; the extended one says it all. */
static void
check_forms (const MdCommand *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) brief = md_command_encode (command, MD_COMMAND_FORM_SHORT, &error);
  g_autoptr (GBytes) extended = md_command_encode (command, MD_COMMAND_FORM_EXTENDED, NULL);
  MdCommand again;
  gsize size = 0;
  const guint8 *data = extended != NULL ? g_bytes_get_data (extended, &size) : NULL;

  g_assert_true ((brief != NULL) == (command->data_size <= 255 && command->expected <= 256));
  if (brief == NULL)
    g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE);
  g_assert_nonnull (extended);
  g_assert_true (md_command_parse (data, size, &again, NULL, NULL));
  g_assert_cmpuint (again.data_size, ==, command->data_size);
  g_assert_cmpuint (again.expected, ==, command->expected);
}

/* More than any card may send: the input over and over. */
static void
check_flood (const guint8 *data, gsize size)
{
  const gsize times = MD_LIMIT_APDU_RESPONSE / size + 1;
  g_autofree guint8 *flood = g_malloc (times * size);
  g_autoptr (GError) error = NULL;
  MdResponse response;

  for (gsize i = 0; i < times; i++)
    memcpy (flood + i * size, data, size);
  g_assert_true (md_response_parse (flood, MD_LIMIT_APDU_RESPONSE, &response, NULL));
  if (times * size <= MD_LIMIT_APDU_RESPONSE)
    return;
  g_assert_false (md_response_parse (flood, times * size, &response, &error));
  g_assert_error (error, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE);
}

/* What is read as a command is, written again in the form it had, the very same bytes. */
static void
check_command (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) again = NULL;
  MdCommandForm form;
  MdCommand command;

  if (!md_command_parse (data, size, &command, &form, NULL))
    return;
  g_assert_true (command.data_size == 0
                 || (command.data > data && command.data + command.data_size <= data + size));
  again = md_command_encode (&command, form, NULL);
  g_assert_nonnull (again);
  if (command.data_size > 0 || size < 6)
    {
      g_autoptr (GBytes) whole = g_bytes_new_static (data, size);

      g_assert_true (g_bytes_equal (again, whole));
    }
  check_forms (&command);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdResponse response;

  check_command (data, size);
  if (size > 0 && data[0] == FLOOD)
    check_flood (data, size);
  if (md_response_parse (data, size, &response, NULL))
    {
      const int tries = md_sw_get_tries (response.sw);

      g_assert_cmpuint (response.size, ==, size - 2);
      g_assert_true (tries >= -1 && tries <= 15);
      g_assert_cmpuint (md_sw_get_count (response.sw), <=, 256);
      g_assert_nonnull (md_sw_get_name (response.sw));
      g_assert_true ((md_sw_classify (response.sw) == MD_SW_CLASS_OK) == (response.sw == MD_SW_OK));
    }
  return 0;
}
