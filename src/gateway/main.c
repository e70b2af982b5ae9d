// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "import.h"
#include "log.h"
#include "policies.h"
#include "refusals.h"
#include "renewals.h"
#include "server.h"

#include <glib/gi18n.h>
#include <md-process.h>
#include <string.h>
#include <sys/stat.h>

#define EXIT_PART 1
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

static int
list_terminals (const char *path, const char *store, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewaySettings) settings = gateway_settings_load (path, store, &error);

  if (settings != NULL && policies_print (settings, json, &error))
    return 0;
  g_printerr ("madoguchi-gateway: %s\n", error->message);
  return EXIT_SETTINGS;
}

static int
take_in (Office *office, const char *medium)
{
  ImportResult result = IMPORT_PART;
  g_autoptr (GError) error = NULL;

  if (import_medium (office, medium, &result, &error))
    return result == IMPORT_WHOLE ? 0 : EXIT_PART;
  g_printerr ("madoguchi-gateway: %s\n", error->message);
  return EXIT_PART;
}

static int
say (gboolean done, const GError *error)
{
  if (!done)
    g_printerr ("madoguchi-gateway: %s\n", error->message);
  return done ? 0 : EXIT_PART;
}

static int
list_requests (Office *office, const char *key)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = renewals_print (office, key, &error);

  return say (done, error);
}

static int
certify (Office *office, const char *path)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = renewals_certify (office, path, &error);

  return say (done, error);
}

static int
decline (Office *office, const char *key)
{
  g_autoptr (GError) error = NULL;
  const gboolean done = renewals_decline (office, key, &error);

  return say (done, error);
}

/* What is done beside the gateway that serves, and ends. */
static const struct
{
  const char *name;
  gboolean needs; /* what it is done to */
  int (*run) (Office *office, const char *what);
} verbs[] = {
  { "import", TRUE, take_in },
  { "requests", FALSE, list_requests },
  { "certify", TRUE, certify },
  { "decline", TRUE, decline },
};

/* -1: no such verb, or too much or too little behind it. */
static int
find_verb (int argc, char **argv)
{
  for (guint i = 0; argc > 1 && argc < 4 && i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (argv[1], verbs[i].name) == 0 && (argc == 3 || !verbs[i].needs))
      return (int)i;
  return -1;
}

static int
run_verb (int verb, const char *what, const char *path, const char *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GatewaySettings) settings = gateway_settings_load (path, store, &error);
  g_autoptr (Office) office = settings != NULL ? office_open (settings, &error) : NULL;

  if (office != NULL)
    return verbs[verb].run (office, what);
  g_printerr ("madoguchi-gateway: %s\n", error->message);
  return EXIT_SETTINGS;
}

int
main (int argc, char **argv)
{
  g_autofree char *config = NULL;
  g_autofree char *store = NULL;
  int verb = -1;
  gboolean version = FALSE;
  gboolean refusals = FALSE;
  gboolean terminals = FALSE;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Settings file (gateway.ini)", "FILE" },
    { "store", 's', 0, G_OPTION_ARG_STRING, &store,
      "The store, in place of the settings' ledger: sqlite:PATH or postgresql://USER@HOST/DATABASE",
      "ADDRESS" },
    { "refusals", 0, 0, G_OPTION_ARG_NONE, &refusals,
      "List what was not taken, the latest first, and end", NULL },
    { "terminals", 0, 0, G_OPTION_ARG_NONE, &terminals,
      "List which policy each terminal has in force, since when, and who lags, and end", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "That list for programs", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context
      = g_option_context_new ("[VERB] - take sealed intakes from the counter terminals");
  g_autoptr (GError) error = NULL;

  md_process_guard ();
  md_process_speak (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (
      context,
      "import DIR: take in what terminals have written to the medium mounted at DIR, write the "
      "receipts beside it, and end.\n"
      "requests [KEY]: list the terminals' requests for certificates, or print one, and end.\n"
      "certify FILE: hand out this certificate to the terminal that asked for it, and end.\n"
      "decline KEY: hand out none, and end.\n"
      "Exit: 0 ended by a signal, or all is done; 1 something of it is not; 2 wrong use, 3 the "
      "settings or what they name cannot be used.");
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
  verb = refusals || terminals ? -1 : find_verb (argc, argv);
  if (config == NULL || (argc > 1 && verb < 0) || (refusals && terminals) || (json && !terminals))
    {
      g_printerr ("madoguchi-gateway: name the settings with --config FILE\n");
      return EXIT_USAGE;
    }
  umask (0077);
  if (verb >= 0)
    return run_verb (verb, argc == 3 ? argv[2] : NULL, config, store);
  if (terminals)
    return list_terminals (config, store, json);
  return refusals ? list_refusals (config, store) : serve (config, store);
}
