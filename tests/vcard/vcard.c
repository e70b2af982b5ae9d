// SPDX-License-Identifier: Apache-2.0
/* vcard: a virtual card in a reader of vpcd, moved by commands on a UNIX socket. */
#include "vc-control.h"

#include <glib-unix.h>

static char *option_host = NULL;
static int option_port = 35963;
static char *option_control = NULL;
static char *option_card = NULL;
static char *option_send = NULL;

static const GOptionEntry options[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &option_port, "Port of the vpcd slot (35963 or 35964)", "N" },
  { "host", 0, 0, G_OPTION_ARG_STRING, &option_host, "IPv4 address of vpcd (127.0.0.1)",
    "ADDRESS" },
  { "control", 0, 0, G_OPTION_ARG_FILENAME, &option_control, "Socket to take commands from",
    "PATH" },
  { "card", 0, 0, G_OPTION_ARG_FILENAME, &option_card, "Card to insert at the start", "DIR" },
  { "send", 0, 0, G_OPTION_ARG_FILENAME, &option_send,
    "Send the remaining arguments as one command to the vcard at PATH; 0: ok, 1: refused, 2: "
    "nobody there",
    "PATH" },
  G_OPTION_ENTRY_NULL,
};

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

static int
fail (const GError *error)
{
  g_printerr ("vcard: %s\n", error->message);
  return 1;
}

static int
serve (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (VcSlot) slot
      = vc_slot_new (option_host ? option_host : "127.0.0.1", (guint16)option_port);
  g_autoptr (VcControl) control = NULL;
  g_autoptr (GError) error = NULL;

  if (option_card && !vc_slot_insert (slot, option_card, &error))
    return fail (error);
  if (option_control)
    {
      control = vc_control_new (option_control, slot, loop, &error);
      if (!control)
        return fail (error);
    }
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[COMMAND...]");
  g_autoptr (GError) error = NULL;
  g_autofree char *description = g_strdup_printf ("Commands:\n%s", vc_control_help ());

  g_option_context_set_summary (context, "Plays a My Number card or a PIV staff card to pcscd.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);
  if (option_send)
    {
      g_autofree char *command = g_strjoinv (" ", argv + 1);

      return vc_control_send (option_send, command);
    }
  if (argc > 1 || option_port < 1 || option_port > G_MAXUINT16 || (!option_control && !option_card))
    {
      g_printerr ("vcard: --control or --card is needed; see vcard --help\n");
      return 2;
    }
  return serve ();
}
