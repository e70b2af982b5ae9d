// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "command.h"
#include "confirmation.h"
#include "eyes.h"
#include "notice.h"
#include "plain.h"
#include "show.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <md-process.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
options_clear (Options *options)
{
  g_free (options->config);
  g_free (options->officer);
  g_free (options->reason);
  g_free (options->day);
  g_free (options->branch);
  g_free (options->print);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* --- The commands --- */

static int
run_list (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  return show_list (desk, options->json, &error) ? STATUS_FINE : command_complain (error);
}

/* One that stays deferred is shown, and says so; one that was found revoked only to those who ask
 * for what is not to be worked on. */
static gboolean
may_be_shown (const Case *subject, const Options *options, GError **error)
{
  return subject->completion != CASE_COMPLETED_REVOKED || options->pending
         || case_is_complete (subject, error);
}

/* Nothing of what was found revoked goes out, nor of what the office's own list stops, nor of what
 * a second person has still to confirm, whatever is asked for. Returns: (transfer full) its
 * confirmation list; NULL: it stays. */
static GPtrArray *
let_out (const Desk *desk, const Case *subject, const Options *options, GError **error)
{
  g_autoptr (GPtrArray) lines = NULL;

  if (!case_is_released (subject, error)
      || !((subject->completion == CASE_DEFERRED && options->pending)
           || case_is_complete (subject, error)))
    return NULL;
  lines = confirmation_list (subject, desk, options->officer, error);
  return lines != NULL && confirmation_is_settled (subject, lines, error)
                 && notice_is_none (subject, desk, error)
             ? g_steal_pointer (&lines)
             : NULL;
}

static int
run_open (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = case_examine (desk, argv[0], &error);
  g_autoptr (MdSecret) text = NULL;

  if (subject == NULL || !command_may_look (desk, options, &error)
      || !command_open (subject, desk, options, &error) || !may_be_shown (subject, options, &error))
    {
      command_record_refusal (desk, options, "open", argv[0], error);
      return command_complain (error);
    }
  if (!command_record (desk, options, options->reveal ? "reveal" : "open", subject, &error))
    return command_complain (error);
  text = options->json ? show_case_json (subject, desk, NULL, options->reveal)
                       : show_case (subject, desk, options->reveal);
  if (text != NULL && show_print (text))
    return STATUS_FINE;
  g_printerr (_ ("madoguchi-backoffice: the intake could not be written out\n"));
  return STATUS_FAILED;
}

/* Where an export goes, and which receipt numbers it has met. A terminal whose database was
 * restored from a backup can give a number a second time; neither intake may overwrite the other.
 */
typedef struct
{
  const char *folder;
  GHashTable *numbers;
  GHashTable *told; /* procedures of whose hidden fields it has been told */
  guint count;
} Export;

/* Writes @text to DIR/RECEIPT-NUMBER.json, readable by its owner alone, whole or not at all. A
 * later intake with a number that is taken goes to DIR/RECEIPT-NUMBER_INTAKE.json. */
static gboolean
write_export (const Export *export, gboolean first, const Case *subject, MdSecret *text,
              GError **error)
{
  const MdLedgerEntry *entry = subject->entry;
  g_autofree char *name = g_strconcat (entry->receipt_number, first ? "" : "_",
                                       first ? "" : entry->intake, ".json", NULL);
  g_autofree char *path = g_build_filename (export->folder, name, NULL);

  return g_file_set_contents_full (
      path, md_secret_get_text (text), (gssize)md_secret_get_size (text),
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

/* Else a file would look as if the person had said nothing. Once for each form: it is a matter of
 * the form and the policy, and of no person. */
static void
tell_hidden (const Desk *desk, const Export *export, const Case *subject)
{
  const Eyes eyes = eyes_new (desk, subject, MD_STEP_EXPORT, FALSE);
  const char *procedure = subject->entry->procedure;

  if (!eyes_miss_some (&eyes) || !g_hash_table_add (export->told, g_strdup (procedure)))
    return;
  g_printerr (
      _ ("madoguchi-backoffice: the policy keeps some fields of the form %s from this desk; "
         "whether filled in or not, they are in no file\n"),
      procedure);
}

static gboolean
export_entry (const Desk *desk, const Options *options, const Export *export,
              const MdLedgerEntry *entry, GError **error)
{
  /* Asked before anything can fail, so that a name stays the same from export to export. */
  gboolean first = g_hash_table_add (export->numbers, g_strdup (entry->receipt_number));
  g_autoptr (Case) subject = case_examine_entry (desk, entry, NULL, error);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (MdSecret) text = NULL;

  if (subject == NULL || !command_open (subject, desk, options, error)
      || (lines = let_out (desk, subject, options, error)) == NULL
      || !command_record (desk, options, "export", subject, error))
    return FALSE;
  text = show_case_json (subject, desk, lines, options->reveal);
  if (!write_export (export, first, subject, text, error))
    return FALSE;
  tell_hidden (desk, export, subject);
  return TRUE;
}

/* One bad intake does not stop the others; the status tells of the worst. */
static int
export_each (Desk *desk, const Options *options, const MdLedgerEntry *entry, gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;

  if (export_entry (desk, options, export, entry, &error))
    export->count++;
  else if (!g_error_matches (error, CASE_ERROR, CASE_ERROR_PENDING))
    {
      command_record_refusal (desk, options, "export", entry->intake, error);
      return command_complain (error);
    }
  return STATUS_FINE;
}

static int
run_export (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Export export = { .folder = argv[0], .numbers = numbers, .told = told };
  int status = STATUS_FINE;

  if (g_mkdir_with_parents (argv[0], 0700) != 0)
    {
      g_printerr ("madoguchi-backoffice: %s: %s\n", argv[0], g_strerror (errno));
      return STATUS_FAILED;
    }
  status = command_each (desk, options, export_each, &export);
  g_print (_ ("%u intakes exported to %s\n"), export.count, argv[0]);
  return status;
}

static int
run_audit (Desk *desk, const Options *options, int argc, char **argv)
{
  MdAuditReport report = { .verdict = MD_AUDIT_BROKEN };
  g_autoptr (GError) error = NULL;
  g_autofree char *number = NULL;
  gboolean intact = FALSE;

  if (!md_ledger_verify_audit (desk->ledger, &report, &error))
    return command_complain (error);
  intact = report.verdict == MD_AUDIT_INTACT;
  number = g_strdup_printf ("%" G_GUINT64_FORMAT, intact ? report.count : report.first_bad);
  if (options->json)
    g_print ("{\"intact\":%s,\"records\":%" G_GUINT64_FORMAT ",\"first_bad\":%" G_GUINT64_FORMAT
             ",\"what\":\"%s\"}\n",
             intact ? "true" : "false", report.count, report.first_bad, report.what);
  else if (intact)
    g_print (_ ("The audit chain is intact: %s records.\n"), number);
  else
    g_print (_ ("The audit chain is broken at record %s (%s). Keep the store as it is and tell the "
                "person responsible.\n"),
             number, report.what);
  return intact ? STATUS_FINE : STATUS_FORGED;
}

static const struct
{
  const char *name;
  int least, most;   /* arguments */
  gboolean all;      /* --all stands in for them */
  gboolean writes;   /* needs the audit chain */
  gboolean confirms; /* needs the key of the confirmation list */
  gboolean asks;     /* shows, searches or hands out what is of a person: only for a reason */
  int (*run) (Desk *desk, const Options *options, int argc, char **argv);
} commands[] = {
  { "list", 0, 0, FALSE, FALSE, FALSE, FALSE, run_list },
  { "open", 1, 1, FALSE, TRUE, FALSE, TRUE, run_open },
  { "attachments", 1, 2, FALSE, TRUE, FALSE, TRUE, command_attachments },
  { "complete", 1, 1, TRUE, TRUE, FALSE, FALSE, command_complete },
  { "confirm", 0, G_MAXINT, FALSE, TRUE, TRUE, TRUE, command_confirm },
  { "export", 1, 1, FALSE, TRUE, TRUE, TRUE, run_export },
  { "history", 1, 1, FALSE, FALSE, FALSE, FALSE, command_history },
  { "letter-notice", 1, 1, FALSE, TRUE, FALSE, TRUE, command_letter_notice },
  { "reply", 1, 1, FALSE, TRUE, TRUE, TRUE, command_reply },
  { "return", 1, 1, FALSE, TRUE, TRUE, TRUE, command_return },
  { "tally", 2, 2, FALSE, TRUE, FALSE, TRUE, command_tally },
  { "verify", 1, G_MAXINT, TRUE, TRUE, FALSE, FALSE, command_verify },
  { "correct", 2, 2, FALSE, TRUE, TRUE, TRUE, command_correct },
  { "crl", 2, G_MAXINT, FALSE, TRUE, FALSE, FALSE, command_crl },
  { "audit", 0, 0, FALSE, FALSE, FALSE, FALSE, run_audit },
};

/* --- The command line --- */

static const char description[]
    = "Commands:\n"
      "  list                    the intakes that have arrived, and their states\n"
      "  history INTAKE          what became of it, in the order in which it happened\n"
      "  open INTAKE             verify, open and show one intake (its id or its receipt number)\n"
      "  attachments INTAKE [DIR]\n"
      "                          its papers and scanned documents; into DIR as files\n"
      "  complete INTAKE|--all   ask now about revocation, where that was deferred at the counter\n"
      "  confirm                 the confirmation list, of every intake or by --day and --branch\n"
      "  confirm INTAKE          the same of one intake, with the values that differ\n"
      "  confirm INTAKE MARK...  a second person lets these lines stand (or not: --refuse)\n"
      "  reply FILE              take in replies to written inquiries and results of inquiries\n"
      "  correct INTAKE FILE     correct what was found wrong in it; a second person confirms\n"
      "  return INTAKE           tell its counter in writing to take it in again: its lines that "
      "were "
      "refused\n"
      "  export DIR              verify, open and write every approved intake to DIR, one JSON "
      "file each\n"
      "  letter-notice INTAKE    what the applicant is told of a letter of delegation that was "
      "amended or\n"
      "                          ended, as a page (--print)\n"
      "  tally PROCEDURE FILE    how often each choice was made in its approved intakes, as CSV; "
      "names nobody,\n"
      "                          and does not say how few there are\n"
      "  verify INTAKE...|--all  check everything again, a line for each thing; no value is shown\n"
      "  crl add FILE...         keep revocation lists in the archive, by their digests\n"
      "  audit                   check the store's audit chain\n"
      "\n"
      "What shows, searches or hands out anything of a person (all but list, history, complete, "
      "verify, crl and audit)\n"
      "needs a --reason CODE, which is recorded.\n"
      "\n"
      "Exit status:\n"
      "  0  done\n"
      "  1  the store or a file failed\n"
      "  2  wrong use\n"
      "  3  the settings, or what they name, cannot be used\n"
      "  4  there is no such intake, or two have this receipt number\n"
      "  5  something does not verify, or the certificate had been revoked; nothing of it is "
      "shown\n"
      "  6  the intake is not approved\n"
      "  7  it is not sealed to this desk's keys, or damaged\n"
      "  8  a check of revocation that was deferred is still to be completed\n"
      "  9  the office's own list stops it, and no supervisor has released it\n"
      "  10 a line of its confirmation list waits for a second person\n"
      "  11 a second person did not let a line of it stand\n"
      "  12 a reply is of somebody else, or a correction does not fit, and nothing of it was kept; "
      "or a "
      "tally\n"
      "     would be of too few\n"
      "  13 the policy keeps from this desk what would have to be in it\n"
      "  14 the officer has opened too many intakes in ten minutes\n";

static gboolean
is_word (const char *text)
{
  return text != NULL && *text != '\0'
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
                == strlen (text)
         && strlen (text) <= 32;
}

/* Who asks and why: both stand in the audit record. */
static gboolean
check_options (Options *options)
{
  MdDate day;

  if (options->officer == NULL)
    options->officer = g_strdup (g_get_user_name ());
  if (!is_word (options->officer))
    {
      g_printerr (_ ("madoguchi-backoffice: name the officer with --officer ID\n"));
      return FALSE;
    }
  if (md_text_contains_individual_number (options->officer)
      || md_text_contains_individual_number (options->reason))
    {
      g_printerr (_ ("madoguchi-backoffice: an individual number is neither an officer nor a "
                     "reason\n"));
      return FALSE;
    }
  if (options->reason != NULL && !is_word (options->reason))
    {
      g_printerr (_ ("madoguchi-backoffice: --reason is a code, such as R01\n"));
      return FALSE;
    }
  if (options->day != NULL && !md_date_parse (options->day, &day, NULL))
    {
      g_printerr (_ ("madoguchi-backoffice: --day is a date, such as 2026-11-22\n"));
      return FALSE;
    }
  if (options->reveal && options->reason == NULL)
    {
      g_printerr (
          _ ("madoguchi-backoffice: --reveal-number needs a --reason CODE, which is recorded\n"));
      return FALSE;
    }
  return TRUE;
}

static gboolean
fits (gsize command, const Options *options, int n)
{
  return options->all ? commands[command].all && n == 0
                      : n >= commands[command].least && n <= commands[command].most;
}

static int
run_command (Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Desk) desk = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (argc > 1 && strcmp (argv[1], commands[i].name) == 0)
      {
        if (!fits (i, options, argc - 2) || options->config == NULL || !check_options (options))
          break;
        if (commands[i].asks && options->reason == NULL)
          {
            g_printerr (_ ("madoguchi-backoffice: \"%s\" needs a --reason CODE, which is recorded: "
                           "nobody looks at what is of a person without one\n"),
                        commands[i].name);
            return STATUS_USAGE;
          }
        desk = desk_open (options->config, commands[i].writes, &error);
        if (desk == NULL)
          {
            g_printerr ("madoguchi-backoffice: %s\n", error->message);
            return STATUS_SETTINGS;
          }
        if (commands[i].confirms && desk->confirmation_key == NULL)
          {
            g_printerr (
                _ ("madoguchi-backoffice: %s: [confirmation] key is missing. Without it "
                   "nobody can see that a number changed. Make one with \"openssl rand -hex "
                   "32\" and mode 600, and name it there.\n"),
                options->config);
            return STATUS_SETTINGS;
          }
        return commands[i].run (desk, options, argc - 2, argv + 2);
      }
  g_printerr (_ ("madoguchi-backoffice: wrong use; see madoguchi-backoffice --help\n"));
  return STATUS_USAGE;
}

int
main (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options.config, "Settings file (backoffice.ini)",
      "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print JSON", NULL },
    { "pending", 0, 0, G_OPTION_ARG_NONE, &options.pending,
      "Take intakes that are not approved, or not complete, too", NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, "Every intake (complete, verify)", NULL },
    { "reveal-number", 0, 0, G_OPTION_ARG_NONE, &options.reveal,
      "Show the individual number in full; needs --reason", NULL },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, "Why it is opened, as a code; recorded",
      "CODE" },
    { "officer", 0, 0, G_OPTION_ARG_STRING, &options.officer,
      "Who opens it; recorded (default: the login name)", "ID" },
    { "day", 0, 0, G_OPTION_ARG_STRING, &options.day, "Those taken in on that day (confirm)",
      "DATE" },
    { "branch", 0, 0, G_OPTION_ARG_STRING, &options.branch,
      "Those of these terminals, with commas between them (confirm)", "TERMINAL" },
    { "print", 0, 0, G_OPTION_ARG_FILENAME, &options.print,
      "Write the list, or the notice, as a page to be printed (confirm, return, letter-notice)",
      "FILE" },
    { "refuse", 0, 0, G_OPTION_ARG_NONE, &options.refuse,
      "Do not let the lines stand: the intake goes back (confirm)", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context
      = g_option_context_new ("COMMAND - open what the counters have sent");
  g_autoptr (GError) error = NULL;

  md_process_guard ();
  md_process_speak (NULL);
  plain_guard_output ();
  umask (0077);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("madoguchi-backoffice: %s\n", error->message);
      return STATUS_USAGE;
    }
  if (options.version)
    {
      g_print ("madoguchi-backoffice %s\n", MD_VERSION);
      return STATUS_FINE;
    }
  return run_command (&options, argc, argv);
}
