// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <md-apdu.h>

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
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdResponse response;

  check_command (data, size);
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
