// SPDX-License-Identifier: Apache-2.0
#include "vc-control.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include <string.h>
#include <sys/stat.h>

struct _VcControl
{
  char *path;
  VcSlot *slot;
  GMainLoop *loop;
  GSocketService *service;
};

typedef char *(*Action) (VcControl *control, const char *argument, GError **error);

static char *
do_insert (VcControl *control, const char *argument, GError **error)
{
  return vc_slot_insert (control->slot, argument, error) ? g_strdup ("ok") : NULL;
}

static char *
do_remove (VcControl *control, const char *argument, GError **error)
{
  vc_slot_remove (control->slot);
  return g_strdup ("ok");
}

static char *
do_next (VcControl *control, const char *argument, GError **error)
{
  vc_slot_set_next (control->slot, argument);
  return g_strdup ("ok");
}

static char *
do_tries (VcControl *control, const char *argument, GError **error)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", -1);
  guint count = g_strv_length (words);
  guint64 max = 0, tries = 0;
  gboolean good
      = count >= 2 && count <= 3 && g_ascii_string_to_unsigned (words[1], 10, 1, 15, &max, NULL)
        && (count == 2 || g_ascii_string_to_unsigned (words[2], 10, 0, max, &tries, NULL));

  if (!good || (count == 3 && !vc_slot_set_tries (control->slot, words[0], (guint)tries)))
    {
      g_set_error (error, VC_ERROR, VC_ERROR_SYNTAX,
                   "\"%s\" is not PIN MAX [N], or there is no card", argument);
      return NULL;
    }
  return g_strdup_printf ("ok %d", vc_slot_get_tries (control->slot, words[0], (guint)max));
}

static char *
do_fault (VcControl *control, const char *argument, GError **error)
{
  return vc_slot_add_fault (control->slot, argument, error) ? g_strdup ("ok") : NULL;
}

static char *
do_clear_faults (VcControl *control, const char *argument, GError **error)
{
  vc_slot_clear_faults (control->slot);
  return g_strdup ("ok");
}

static char *
do_status (VcControl *control, const char *argument, GError **error)
{
  g_autofree char *text = vc_slot_describe (control->slot);

  return g_strdup_printf ("ok %s", text);
}

static char *
do_count (VcControl *control, const char *argument, GError **error)
{
  return g_strdup_printf ("ok %u", vc_slot_get_count (control->slot));
}

static char *
do_busy (VcControl *control, const char *argument, GError **error)
{
  return g_strdup_printf ("ok %" G_GINT64_FORMAT, vc_slot_get_busy (control->slot));
}

static char *
do_log (VcControl *control, const char *argument, GError **error)
{
  g_autofree char *text = vc_slot_get_log (control->slot);

  return g_strdup_printf ("ok\n%s.", text);
}

static char *
do_clear_log (VcControl *control, const char *argument, GError **error)
{
  vc_slot_clear_log (control->slot);
  return g_strdup ("ok");
}

static char *
do_quit (VcControl *control, const char *argument, GError **error)
{
  g_main_loop_quit (control->loop);
  return g_strdup ("ok");
}

static const struct
{
  const char *name;
  gboolean argument;
  Action action;
} actions[] = {
  { "insert", TRUE, do_insert },
  { "swap", TRUE, do_insert },
  { "remove", FALSE, do_remove },
  { "next", TRUE, do_next },
  { "tries", TRUE, do_tries },
  { "fault", TRUE, do_fault },
  { "clear-faults", FALSE, do_clear_faults },
  { "status", FALSE, do_status },
  { "count", FALSE, do_count },
  { "busy", FALSE, do_busy },
  { "log", FALSE, do_log },
  { "clear-log", FALSE, do_clear_log },
  { "quit", FALSE, do_quit },
};

const char *
vc_control_help (void)
{
  return "  insert DIR     put the card of DIR into the reader\n"
         "  swap DIR       take the card out and put another one in at once\n"
         "  remove         take the card out\n"
         "  next DIR       the card that comes when the fault \"swap\" takes this one away\n"
         "  tries PIN MAX [N]\n"
         "                 how many of MAX tries are left for a PIN (its name in card.ini); with "
         "N,\n"
         "                 after setting it so\n"
         "  fault KIND [VALUE] [ins XX] at N|every\n"
         "                 let something go wrong at the N-th command from now (with INS XX), or "
         "at\n"
         "                 every one: remove, remove-after, mute, delay MS, sw XXXX, garbage, "
         "short,\n"
         "                 long, one-byte, reset, swap\n"
         "  clear-faults   forget all of them\n"
         "  status         card, connection, number of commands and of faults to come\n"
         "  count          number of commands since the start or the last clear-log\n"
         "  busy           microseconds that the card took to answer them\n"
         "  log            one line for each command, never its data, then a line with a dot\n"
         "  clear-log      forget the log and count from 0 again\n"
         "  quit           end the program";
}

static char *
run_command (VcControl *control, const char *line)
{
  const char *space = strchr (line, ' ');
  gsize length = space ? (gsize)(space - line) : strlen (line);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      char *result;

      if (strlen (actions[i].name) != length || strncmp (actions[i].name, line, length) != 0)
        continue;
      if (actions[i].argument != (space != NULL))
        return g_strdup_printf ("error \"%s\" %s", actions[i].name,
                                space ? "takes no argument" : "needs an argument");
      result = actions[i].action (control, space ? space + 1 : "", &error);
      return result ? result : g_strdup_printf ("error %s", error->message);
    }
  return g_strdup_printf ("error \"%s\" is not a command", line);
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  GSocketConnection *connection = data;
  GDataInputStream *input = G_DATA_INPUT_STREAM (source);
  VcControl *control = g_object_get_data (G_OBJECT (connection), "control");
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autofree char *line = g_data_input_stream_read_line_finish (input, result, NULL, NULL);
  g_autofree char *reply = NULL;
  g_autofree char *text = NULL;

  if (line)
    {
      reply = run_command (control, g_strstrip (line));
      text = g_strconcat (reply, "\n", NULL);
    }
  if (!text || !g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL))
    {
      g_object_unref (connection);
      return;
    }
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, on_line, connection);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (stream);

  g_object_set_data (G_OBJECT (connection), "control", data);
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, on_line,
                                       g_object_ref (connection));
  return TRUE;
}

VcControl *
vc_control_new (const char *path, VcSlot *slot, GMainLoop *quit, GError **error)
{
  g_autoptr (VcControl) control = g_new0 (VcControl, 1);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  control->path = g_strdup (path);
  control->slot = slot;
  control->loop = quit;
  control->service = g_socket_service_new ();
  g_unlink (path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (control->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                      error))
    return NULL;
  chmod (path, 0600);
  g_signal_connect (control->service, "incoming", G_CALLBACK (on_incoming), control);
  return g_steal_pointer (&control);
}

void
vc_control_free (VcControl *control)
{
  if (!control)
    return;
  g_socket_service_stop (control->service);
  g_socket_listener_close (G_SOCKET_LISTENER (control->service));
  g_object_unref (control->service);
  g_unlink (control->path);
  g_free (control->path);
  g_free (control);
}

/* Prints the answer, and tells whether it began with "ok". */
static gboolean
print_answer (GDataInputStream *input)
{
  g_autofree char *first = g_data_input_stream_read_line (input, NULL, NULL, NULL);

  if (!first)
    return FALSE;
  if (strcmp (first, "ok") != 0)
    g_print ("%s\n", first);
  return g_str_has_prefix (first, "ok");
}

static void
print_lines (GDataInputStream *input)
{
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, NULL);

      if (!line || strcmp (line, ".") == 0)
        return;
      g_print ("%s\n", line);
    }
}

int
vc_control_send (const char *path, const char *command)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *text = g_strconcat (command, "\n", NULL);

  if (!connection)
    {
      g_printerr ("%s: %s\n", path, error->message);
      return 2;
    }
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                                  strlen (text), NULL, NULL, NULL)
      || !print_answer (input))
    return 1;
  if (strcmp (command, "log") == 0)
    print_lines (input);
  return 0;
}
