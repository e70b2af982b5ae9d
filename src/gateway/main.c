// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "log.h"
#include "refusals.h"
#include "server.h"

#include <glib/gi18n.h>
#include <md-process.h>
#include <sys/stat.h>

#define EXIT_USAGE 2
#define EXIT_SETTINGS 3

static int
serve (const char *path, const char *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewaySettings) settings = gateway_settings_load (path, store, &error);
  g_autoptr (Office) office = NULL;
  g_autoptr (Server) server = NULL;

  if (settings != NULL && settings->log_json)
    log_as_json ();
  if (settings == NULL || (office = office_open (settings, &error)) == NULL
      || (server = server_new (office, &error)) == NULL)
    {
      if (office != NULL)
        office_note_unusable (office);
      g_printerr ("madoguchi-gateway: %s\n", error->message);
      return EXIT_SETTINGS;
    }
  server_run (server);
  return 0;
}

static int
list_refusals (const char *path, const char *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewaySettings) settings = gateway_settings_load (path, store, &error);

  if (settings != NULL && refusals_print (settings->ledger, &error))
    return 0;
  g_printerr ("madoguchi-gateway: %s\n", error->message);
  return EXIT_SETTINGS;
}

int
main (int argc, char **argv)
{
  g_autofree char *config = NULL;
  g_autofree char *store = NULL;
  gboolean version = FALSE;
  gboolean refusals = FALSE;
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Settings file (gateway.ini)", "FILE" },
    { "store", 's', 0, G_OPTION_ARG_STRING, &store,
      "The store, in place of the settings' ledger: sqlite:PATH or postgresql://USER@HOST/DATABASE",
      "ADDRESS" },
    { "refusals", 0, 0, G_OPTION_ARG_NONE, &refusals,
      "List what was not taken, the latest first, and end", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context
      = g_option_context_new ("- take sealed intakes from the counter terminals");
  g_autoptr (GError) error = NULL;

  md_process_guard ();
  md_process_speak (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context,
      "Exit: 0 ended by a signal, 2 wrong use, 3 the settings or what they name cannot be used.");
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("madoguchi-gateway: %s\n", error->message);
      return EXIT_USAGE;
    }
  if (version)
    {
      g_print ("madoguchi-gateway %s\n", MD_VERSION);
      return 0;
    }
  if (config == NULL || argc > 1)
    {
      g_printerr ("madoguchi-gateway: name the settings with --config FILE\n");
      return EXIT_USAGE;
    }
  umask (0077);
  return refusals ? list_refusals (config, store) : serve (config, store);
}
