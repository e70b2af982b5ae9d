// SPDX-License-Identifier: Apache-2.0
/* madoguchictl: the administrator's tool. */
#include "config.h"

#include <glib/gi18n.h>
#include <md-process.h>

#include "verb.h"

/* The command line, as a table. */
static const struct
{
  const char *noun;
  const char *verb;    /* NULL: the noun alone */
  const char *operand; /* in words; "[WORD]" may be left out */
  const char *help;
  VerbFunc run;
} verbs[] = {
  { "queue", "list", NULL, N_ ("what is not yet with the back office"), verb_queue_list },
  { "queue", "retry", NULL, N_ ("try the line now"), verb_queue_retry },
  { "queue", "park", "NUMBER REASON",
    N_ ("keep an application here until it is released (person-asks, back-office-asks, in-doubt, "
        "harms-others)"),
    verb_queue_park },
  { "queue", "release", "NUMBER", N_ ("send what was parked or set aside of an application"),
    verb_queue_release },
  { "line", "status", NULL, N_ ("state of the line to the gateway"), verb_line_status },
  { "audit", "list", NULL, N_ ("records of the audit log (--after, --limit)"), verb_audit_list },
  { "audit", "verify", NULL,
    N_ ("check the audit log's chain (--database FILE without the service)"), verb_audit_verify },
  { "backup", "create", NULL, N_ ("copy the database now, sealed to the recovery certificate"),
    verb_backup_create },
  { "backup", "list", NULL, N_ ("the backups that this terminal keeps"), verb_backup_list },
  { "backup", "verify", "FILE", N_ ("open a backup with the recovery key (--key) and check it"),
    verb_backup_verify },
  { "backup", "restore", "FILE",
    N_ ("put a backup in the database's place (--key), while the service is stopped"),
    verb_backup_restore },
  { "backup", "salvage", NULL,
    N_ ("make a new database of what can be read of a damaged one, while the service is stopped"),
    verb_backup_salvage },
  { "card", "info", NULL, N_ ("cards on the readers: tries left, certificates; asks no PIN"),
    verb_card_info },
  { "card", "change-pin", "PIN",
    N_ ("let the holder of a My Number card change a PIN: auth, text or sign"),
    verb_card_change_pin },
  { "crl", "list", NULL, N_ ("lists of revoked certificates, and where they come from"),
    verb_crl_list },
  { "crl", "fetch", NULL, N_ ("fetch the lists now"), verb_crl_fetch },
  { "crl", "add", "FILE", N_ ("take in a list that came on another way"), verb_crl_add },
  { "forms", "lint", "[FOLDER]", N_ ("check the definitions of the procedures"), verb_forms_lint },
  { "forms", "list", "[OFFICE]", N_ ("the procedures, of all offices or of one"), verb_forms_list },
  { "forms", "show", "ID", N_ ("all about one procedure (ID@2: its version 2)"), verb_forms_show },
  { "forms", "diff", "OLD NEW", N_ ("what changed between two folders or two versions, in words"),
    verb_forms_diff },
  { "forms", "guide", "[EVENT ANSWERS]",
    N_ ("what is due after an event (answers: age=75,student=false)"), verb_forms_guide },
  { "forms", "export", "[ID]", N_ ("all definitions, or one procedure, as one file with digests"),
    verb_forms_export },
  { "forms", "import", "FILE", N_ ("take such a file into the folder of --forms"),
    verb_forms_import },
  { "forms", "copy", "ID NEW", N_ ("a new procedure like another, in the folder of --forms"),
    verb_forms_copy },
  { "medium", "register", "NAME DIR",
    N_ ("register the medium mounted at DIR, for when the line is down"), verb_medium_register },
  { "medium", "retire", "NAME", N_ ("use a medium no more"), verb_medium_retire },
  { "medium", "dispose", "NAME", N_ ("enter that a medium was disposed of, and how (--method)"),
    verb_medium_dispose },
  { "medium", "list", NULL, N_ ("the registered media"), verb_medium_list },
  { "medium", "ledger", NULL, N_ ("the ledger: what went by a medium, and what became of it"),
    verb_medium_ledger },
  { "medium", "export", "NAME DIR",
    N_ ("write what waits for the line to the medium at DIR, released by an officer's card "
        "(--carrier)"),
    verb_medium_export },
  { "medium", "take", "DIR", N_ ("take the receipts from a medium that has come back"),
    verb_medium_take },
  { "medium", "erase", "DIR", N_ ("erase this terminal's bundles from a medium that has come back"),
    verb_medium_erase },
  { "medium", "lost", "BUNDLE", N_ ("enter a bundle into the ledger as lost"), verb_medium_lost },
  { "retention", "list", NULL, N_ ("how long each kind of data is kept"), verb_retention_list },
  { "erasures", "list", NULL, N_ ("what was erased here, when, and who answers for it"),
    verb_erasures_list },
  { "staff", "set-password", "ID", N_ ("set an officer's password, read from standard input"),
    verb_staff_set_password },
  { "doctor", NULL, NULL,
    N_ ("check everything the counter stands on (--card: reading cards, layer by layer)"),
    verb_doctor },
};

static const char exit_codes[] = N_ (
    "Exit codes: 0 in order; 1 something was found that is not in order (doctor, audit verify, "
    "line "
    "status, card info without a reader, crl, forms lint, medium take and erase); 2 wrong command "
    "line; 3 the service "
    "does not "
    "answer; "
    "4 not permitted; 5 anything else.");

static char *
summary (void)
{
  GString *text = g_string_new (_ ("Verbs:\n"));

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autofree char *name = g_strjoin (
          " ", verbs[i].noun, verbs[i].verb != NULL ? verbs[i].verb : "", verbs[i].operand, NULL);

      g_string_append_printf (text, "  %-28s %s\n", g_strchomp (name), gettext (verbs[i].help));
    }
  return g_string_free (text, FALSE);
}

static Status
usage (const char *why)
{
  g_autofree char *text = summary ();

  g_printerr ("madoguchictl: %s\n%s", why, text);
  return STATUS_USAGE;
}

static guint
count_operands (const char *operands)
{
  g_auto (GStrv) words = operands != NULL ? g_strsplit (operands, " ", -1) : NULL;

  return words != NULL ? g_strv_length (words) : 0;
}

/* WORDS: what is left of the command line after the options, without the program's name. */
static Status
run (Context *context, char **words)
{
  guint n = g_strv_length (words);

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      const guint before = 1u + (verbs[i].verb != NULL);
      const guint most = count_operands (verbs[i].operand);
      const gboolean optional = most > 0 && verbs[i].operand[0] == '[';

      if (n == 0 || !g_str_equal (words[0], verbs[i].noun)
          || (verbs[i].verb != NULL && (n < 2 || !g_str_equal (words[1], verbs[i].verb))))
        continue;
      if (n > before + most || (n < before + most && !optional))
        return usage (_ ("too many or too few words."));
      context->operands = words + before;
      return verbs[i].run (context, words[before]);
    }
  return usage (n == 0 ? _ ("what shall be done?") : _ ("no such verb."));
}

static void
context_clear (Context *context)
{
  g_clear_object (&context->proxy);
  g_free (context->carrier);
  g_free (context->certificate);
  g_free (context->config);
  g_free (context->database);
  g_free (context->forms);
  g_free (context->key);
  g_free (context->method);
  g_free (context->policy);
  g_free (context->purpose);
  g_free (context->report);
  g_free (context->usb);
}

int
main (int argc, char **argv)
{
  Context context = { .limit = 100, .passphrase_fd = -1 };
  gboolean version = FALSE;
  g_auto (GStrv) words = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &context.json, N_ ("Print JSON"), NULL },
    { "session", 0, 0, G_OPTION_ARG_NONE, &context.session,
      N_ ("Use the session bus (demonstration, tests)"), NULL },
    { "after", 0, 0, G_OPTION_ARG_INT64, &context.after,
      N_ ("audit list, erasures list: records after this number"), "N" },
    { "limit", 0, 0, G_OPTION_ARG_INT64, &context.limit,
      N_ ("audit list, erasures list: at most so many (100)"), "N" },
    { "database", 0, 0, G_OPTION_ARG_FILENAME, &context.database,
      N_ ("audit verify: read this file instead of asking the service"), "FILE" },
    { "card", 0, 0, G_OPTION_ARG_NONE, &context.card,
      N_ ("doctor: only what reading cards stands on, with a real card; asks no PIN"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &context.report,
      N_ ("doctor: write it into this file, too (nothing personal is in it)"), "FILE" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &context.policy,
      N_ ("forms lint: hold the definitions against this policy (the JSON that is signed)"),
      "FILE" },
    { "forms", 0, 0, G_OPTION_ARG_FILENAME, &context.forms,
      N_ ("forms: the folder of definitions, instead of the installed one"), "DIR" },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &context.config,
      N_ ("backup verify, restore: settings of the terminal"), "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &context.key,
      N_ ("backup verify, restore: the private key of the recovery certificate (PEM)"), "FILE" },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &context.certificate,
      N_ ("backup verify, restore: the recovery certificate, instead of the settings' one"),
      "FILE" },
    { "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &context.passphrase_fd,
      N_ ("backup verify, restore: read the key's passphrase from this file descriptor"), "N" },
    { "carrier", 0, 0, G_OPTION_ARG_STRING, &context.carrier,
      N_ ("medium export: the officer whom the medium is handed to"), "ID" },
    { "purpose", 0, 0, G_OPTION_ARG_STRING, &context.purpose,
      N_ ("medium export: line-down (unless said otherwise) or drill"), "WORD" },
    { "method", 0, 0, G_OPTION_ARG_STRING, &context.method,
      N_ ("medium dispose: destroyed, degaussed or overwritten"), "WORD" },
    { "usb-folder", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &context.usb, "", "DIR" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, N_ ("VERB…") },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  Status status;

  md_process_guard ();
  md_process_speak (NULL);
  text = summary ();
  g_option_context_add_main_entries (options, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (options, text);
  g_option_context_set_description (options, _ (exit_codes));
  if (!g_option_context_parse (options, &argc, &argv, &error))
    return usage (error->message);
  if (version)
    {
      g_print ("madoguchictl %s\n", MD_VERSION);
      return STATUS_OK;
    }
  if (context.after < 0 || context.limit < 1)
    return usage (_ ("--after and --limit take numbers from 0 and from 1."));
  {
    char *nothing[] = { NULL };

    status = run (&context, words != NULL ? words : nothing);
  }
  context_clear (&context);
  return (int)status;
}
