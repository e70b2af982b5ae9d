// SPDX-License-Identifier: Apache-2.0
#include "hands.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

char *
tell (const char *socket, const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ward_path ("run", socket, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error));
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  g_assert_no_error (error);
  if (answer == NULL || !g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s: %s", socket, order, answer);
  return answer;
}

guint
commands_so_far (void)
{
  g_autofree char *answer = tell ("vcard-resident.sock", "count");
  return (guint)g_ascii_strtoull (answer + 3, NULL, 10);
}

MdCardReader *
reader_of (Fixture *f, MdCardRole role)
{
  return md_pcsc_get_reader (f->pcsc, role);
}

gboolean
has_card (Fixture *f, MdCardRole role)
{
  MdCardReader *reader = reader_of (f, role);
  return reader != NULL && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
}

void
on_step (MdIdentifier *identifier, int step, int state, Fixture *f)
{
  static const char marks[] = { '(', ')', '~', '!', '-' };
  g_string_append_printf (f->steps, "%d%c", step, marks[state]);
}

void
on_inspected (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_identifier_inspect_finish (MD_IDENTIFIER (source), result, &answer->error);
  answer->done = TRUE;
}

void
on_identified (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_identifier_identify_finish (MD_IDENTIFIER (source), result, &answer->error);
  answer->done = TRUE;
}

void
on_run (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;
  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->done = TRUE;
}
