// SPDX-License-Identifier: Apache-2.0
/* madoguchid: the terminal's service. */
#include "config.h"

#include <sys/stat.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <md-process.h>

#include "service.h"

#define DEFAULT_SETTINGS "/etc/madoguchi/terminal.ini"

typedef struct
{
  GMainLoop *loop;
  Service *service;
  int status;
} Program;

static gboolean
end_cb (gpointer user_data)
{
  Program *program = user_data;

  g_main_loop_quit (program->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
reload_cb (gpointer user_data)
{
  Program *program = user_data;

  service_reload (program->service);
  return G_SOURCE_CONTINUE;
}

static void
name_acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Program *program = user_data;

  service_start (program->service);
  g_message (_ ("%s is ready."), name);
}

static void
name_lost_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  Program *program = user_data;

  g_printerr (
      _ ("The name %s on the bus is not ours: another madoguchid runs, or the bus does not allow "
         "it. End the other one, or check the D-Bus policy file.\n"),
      name);
  program->status = 1;
  g_main_loop_quit (program->loop);
}

static gboolean
run (Program *program, GBusType bus, GError **error)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (bus, NULL, error);
  guint owner;

  if (connection == NULL || !service_export (program->service, connection, error))
    return FALSE;
  owner
      = g_bus_own_name_on_connection (connection, MD_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                      name_acquired_cb, name_lost_cb, program, NULL);
  g_main_loop_run (program->loop);
  g_bus_unown_name (owner);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char *path = NULL;
  gboolean session = FALSE, version = FALSE;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &path, N_ ("Settings of the terminal"), "FILE" },
    { "session", 0, 0, G_OPTION_ARG_NONE, &session,
      N_ ("Use the session bus (demonstration, tests)"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Program program = { 0 };
  Settings *settings;

  md_process_guard ();
  md_process_speak (NULL);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("madoguchid: %s\n", error->message);
      return 2;
    }
  if (version)
    {
      g_print ("madoguchid %s\n", MD_VERSION);
      return 0;
    }
  umask (0077);
  settings = settings_load (path != NULL ? path : DEFAULT_SETTINGS, &error);
  if (settings == NULL)
    {
      g_printerr ("madoguchid: %s\n", error->message);
      return 2;
    }
  program.loop = g_main_loop_new (NULL, FALSE);
  program.service = service_new (settings);
  g_unix_signal_add (SIGTERM, end_cb, &program);
  g_unix_signal_add (SIGINT, end_cb, &program);
  g_unix_signal_add (SIGHUP, reload_cb, &program);
  if (!run (&program, session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, &error))
    {
      g_printerr ("madoguchid: %s\n", error->message);
      program.status = 1;
    }
  service_free (program.service);
  g_main_loop_unref (program.loop);
  return program.status;
}
