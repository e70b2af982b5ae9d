// SPDX-License-Identifier: Apache-2.0
/* doctor: one line for each thing the counter stands on: what is wrong, and what to do. */
#include <sys/timex.h>
#include <glib/gi18n.h>
#include "md-card.h"
#include "md-pcsc.h"

#include "output.h"
#include "readers.h"
#include "verb.h"

#define LITTLE_SPACE (512 * G_GUINT64_CONSTANT (1048576))
#define FIRST_SANE_SECOND G_GINT64_CONSTANT (1767225600) /* 2026-01-01 */

typedef enum
{
  GOOD,
  WARNING,
  BAD,
} Grade;

typedef struct
{
  GVariantBuilder rows;
  guint counts[BAD + 1];
} Report;

/* One line. ADVICE may be NULL where there is nothing to do. */
static void
add (Report *report, const char *check, Grade grade, const char *what, const char *advice)
{
  static const char *const words[] = { "ok", "warning", "bad" };

  report->counts[grade]++;
  g_variant_builder_open (&report->rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&report->rows, "{sv}", "check", g_variant_new_string (check));
  g_variant_builder_add (&report->rows, "{sv}", "state", g_variant_new_string (words[grade]));
  g_variant_builder_add (&report->rows, "{sv}", "what", g_variant_new_string (what));
  g_variant_builder_add (&report->rows, "{sv}", "advice",
                         g_variant_new_string (advice != NULL ? advice : ""));
  g_variant_builder_close (&report->rows);
}

/* --- Here --- */

static const char *
advice_about_service (const GError *error)
{
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_SERVICE_LOST))
    return _ ("Start it anew: systemctl restart pcscd");
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION))
    return _ ("\"madoguchictl doctor --card\" tells what is closed to this user.");
  return _ ("Start the card service: systemctl start pcscd.socket");
}

static void
check_readers (Report *report)
{
  g_autoptr (MdPcsc) pcsc = md_pcsc_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) readers = readers_await (pcsc, &error);
  g_autofree char *names = NULL;

  if (readers == NULL)
    {
      add (report, "pcscd", BAD, error->message, advice_about_service (error));
      add (report, "readers", BAD, _ ("Unknown while the card service does not run."), NULL);
      return;
    }
  add (report, "pcscd", GOOD, _ ("The card service runs."), NULL);
  names = g_strjoinv (", ", readers);
  if (g_strv_length (readers) >= 2)
    add (report, "readers", GOOD, names, NULL);
  else if (g_strv_length (readers) == 1)
    add (report, "readers", WARNING, names,
         _ ("Only one reader: connect a second one, so that residents and staff need not share "
            "it."));
  else
    add (report, "readers", BAD, _ ("No card reader is connected."),
         _ ("Plug the readers in; if they are, try another socket or cable."));
}

static void
check_clock (Report *report)
{
  struct timex query = { .modes = 0 };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  int state = adjtimex (&query);

  if (now < FIRST_SANE_SECOND)
    add (report, "clock", BAD, _ ("The clock of this machine is years behind."),
         _ ("Set date and time; certificates look invalid until then."));
  else if (state == TIME_ERROR || (query.status & STA_UNSYNC) != 0)
    add (report, "clock", WARNING, _ ("No time service keeps the clock right."),
         _ ("Set up the office's time server: timedatectl set-ntp true"));
  else
    add (report, "clock", GOOD, _ ("The clock is kept right by a time service."), NULL);
}

/* --- The service --- */

static void
check_text (Report *report, const char *check, GVariant *health, const char *good)
{
  g_autofree char *trouble = output_text (health, check);

  if (*trouble == '\0')
    add (report, check, GOOD, good, NULL);
  else
    add (report, check, BAD, trouble,
         _ ("See \"journalctl -u madoguchid\"; call the administrator."));
}

static void
check_policy (Report *report, GVariant *health)
{
  g_autofree char *trouble = output_text (health, "policy");
  g_autofree char *state = output_text (health, "policy_state");
  g_autofree char *until = output_text (health, "policy_not_after");
  g_autofree char *what = g_strdup_printf (_ ("valid until %s"), until);

  if (*trouble == '\0' && g_str_equal (state, "expiring"))
    add (report, "policy", WARNING, what,
         _ ("Have the next policy signed and installed before then; after it nobody can log in."));
  else
    check_text (report, "policy", health, _ ("The policy is valid."));
}

static void
check_officers (Report *report, GVariant *health)
{
  g_autofree char *differ = g_strdelimit (output_text (health, "officers"), "\n", ' ');

  if (*differ != '\0')
    add (report, "officers", WARNING, differ,
         _ ("Whatever asks for more officers holds at this terminal. Have form and policy say the "
            "same."));
}

static void
check_versions (Report *report, GVariant *health)
{
  g_autofree char *untaken = g_strdelimit (output_text (health, "versions"), "\n", ' ');

  if (*untaken != '\0')
    add (report, "versions", WARNING, untaken,
         _ ("From that day on the terminals take in nothing by these forms. Have it mended before "
            "then."));
}

static void
check_certificate (Report *report, GVariant *row)
{
  g_autofree char *name = output_text (row, "name");
  g_autofree char *state = output_text (row, "state");
  g_autofree char *until = output_text (row, "not_after");
  g_autofree char *path = output_text (row, "path");
  g_autofree char *check = g_strconcat ("certificate ", name, NULL);
  g_autofree char *what = NULL;
  guint days = 0;

  if (g_str_equal (state, "missing"))
    {
      what = g_strdup_printf (_ ("%s cannot be read."), path);
      add (report, check, BAD, what, _ ("Install the certificate again."));
      return;
    }
  g_variant_lookup (row, "days", "u", &days);
  what = g_str_equal (state, "expired")
             ? g_strdup_printf (_ ("valid until %s"), until)
             : g_strdup_printf (
                 ngettext ("valid until %s, %u day left", "valid until %s, %u days left", days),
                 until, days);
  if (g_str_equal (state, "ok"))
    add (report, check, GOOD, what, NULL);
  else if (g_str_equal (state, "expiring"))
    add (report, check, WARNING, what,
         g_str_equal (name, "terminal") ? _ (
             "Have this terminal's request signed at the gateway (madoguchi-gateway requests), "
             "or order a new certificate now.")
                                        : _ ("Order a new certificate now."));
  else
    add (report, check, BAD, what, _ ("It has expired: install a new certificate."));
}

static void
check_certificates (Report *report, GVariant *health)
{
  g_autoptr (GVariant) rows
      = g_variant_lookup_value (health, "certificates", G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      check_certificate (report, row);
    }
}

static void
check_numbers (Report *report, GVariant *health)
{
  guint numbers = 0, few = 0;
  gboolean last = FALSE;
  g_autofree char *left = NULL;
  const char *advice = NULL;

  g_variant_lookup (health, "numbers_left", "u", &numbers);
  g_variant_lookup (health, "numbers_last", "b", &last);
  g_variant_lookup (health, "receipts_low", "u", &few);
  left = g_strdup_printf (_ ("%u left"), numbers);
  if (last)
    advice = _ ("They are the last: the policy's range is used up. Have a policy with a larger "
                "range, or with other digits for this terminal, signed and installed now.");
  else if (numbers == 0 || numbers < few)
    advice = _ ("They come over the line. Where the policy's range is used up, the "
                "next policy needs a larger one.");
  add (report, "receipt numbers",
       numbers == 0     ? BAD
       : advice != NULL ? WARNING
                        : GOOD,
       left, advice);
}

static void
check_stock (Report *report, GVariant *health)
{
  guint64 bytes = 0;
  g_autofree char *space = NULL;
  const char *room = "";

  g_variant_lookup (health, "room", "&s", &room);
  g_variant_lookup (health, "free_bytes", "t", &bytes);
  check_numbers (report, health);
  space = g_format_size (bytes);
  add (report, "disk",
       g_str_equal (room, "none")                             ? BAD
       : g_str_equal (room, "little") || bytes < LITTLE_SPACE ? WARNING
                                                              : GOOD,
       space,
       g_str_equal (room, "none")
           ? _ ("No new intake is begun on this terminal. Free some space on the disk.")
       : g_str_equal (room, "little") || bytes < LITTLE_SPACE ? _ ("Free some space on the disk.")
                                                              : NULL);
}

/* The policy may need none, where the responder is always there. */
static void
check_lists (Report *report, GVariant *health)
{
  g_autoptr (GVariant) rows = g_variant_lookup_value (health, "crls", G_VARIANT_TYPE ("aa{sv}"));
  const gsize n = rows != NULL ? g_variant_n_children (rows) : 0;
  g_autofree char *what = NULL;
  guint old = 0, aging = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *state = output_text (row, "state");

      old += g_str_equal (state, "old") ? 1 : 0;
      aging += g_str_equal (state, "aging") ? 1 : 0;
    }
  what = g_strdup_printf (_ ("%u lists of revoked certificates; too old: %u, nearly: %u"), (guint)n,
                          old, aging);
  add (report, "revocation lists", old > 0 || n == 0 || aging > 0 ? WARNING : GOOD, what,
       old > 0 || n == 0 || aging > 0
           ? _ ("While the online check is away, cards may not be verified: see \"madoguchictl crl "
                "list\".")
           : NULL);
}

static void
check_backup (Report *report, GVariant *health)
{
  static const struct
  {
    const char *state;
    Grade grade;
    const char *what; /* NULL: of what moment the newest is */
  } rows[] = {
    { "ok", GOOD, NULL },
    { "old", WARNING, NULL },
    { "failed", BAD, NULL },
    { "none", WARNING, N_ ("There is no backup yet.") },
    { "off", WARNING, N_ ("Backups are switched off.") },
  };
  g_autofree char *state = output_text (health, "backup_state");
  g_autofree char *last = output_text (health, "backup_last");
  g_autofree char *trouble = output_text (health, "backup_trouble");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].state, state))
      add (report, "backup", rows[i].grade,
           rows[i].what != NULL ? gettext (rows[i].what)
           : *trouble != '\0'   ? trouble
                                : last,
           rows[i].grade == GOOD ? NULL
           : g_str_equal (state, "off")
               ? _ ("Name the office's recovery certificate in the settings: certificate= under "
                    "[backup]")
               : _ ("Make one: madoguchictl backup create"));
}

/* For whoever can act: what to look at for each state of the line. */
static const char *
advice_about_line (const char *reason)
{
  static const struct
  {
    const char *reason, *advice;
  } advices[] = {
    { "no-link", N_ ("Intake goes on. Look at the network cable, then at this terminal's network "
                     "settings: ip address, ip route") },
    { "no-name", N_ ("Intake goes on. Look at url= under [line] of the settings, and at the name "
                     "server: getent hosts NAME") },
    { "proxy", N_ ("Intake goes on. Look at proxy= under [line] of the settings, and whether the "
                   "proxy lets this terminal through to the gateway.") },
    { "no-answer", N_ ("Intake goes on. If it lasts, check the line, then the gateway: systemctl "
                       "status madoguchi-gateway") },
    { "not-our-gateway", N_ ("Compare url= and ca= under [line] of the settings with the gateway's "
                             "certificate. If they fit, find out who answers there.") },
    { "wrong-clock", N_ ("Set the clock of this terminal (timedatectl), or the gateway's.") },
    { "certificate-ended", N_ ("Compare the clock (timedatectl). If it is right, renew the "
                               "gateway's certificate.") },
    { "certificate-refused", N_ ("Renew this terminal's certificate or have its authority entered "
                                 "at the gateway; see the certificates above.") },
    { "not-registered", N_ ("Enter this terminal into the next policy.") },
    { "key-refused", N_ ("Install the certificate that the policy lists for this terminal, or list "
                         "the one it has.") },
    { "gateway-trouble", N_ ("The reason is at the gateway: journalctl -u madoguchi-gateway") },
    { "own-store", N_ ("Make room on this terminal's disk, and look at what it reports: df, "
                       "journalctl -u madoguchid. What could not be written is tried again by "
                       "itself.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_str_equal (advices[i].reason, reason))
      return _ (advices[i].advice);
  return _ ("Call the administrator of the line.");
}

static void
check_line (Report *report, MdBusTerminal1 *proxy, GVariant *health)
{
  g_autoptr (GVariant) status = NULL;
  g_autofree char *state = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *queue = NULL;
  guint unsent = 0, aside = 0, parked = 0, limit = G_MAXUINT, address = 1;
  Grade grade;

  if (!md_bus_terminal1_call_line_status_sync (proxy, &status, NULL, NULL))
    {
      add (report, "line", BAD, _ ("Unknown while the service is in trouble."), NULL);
      return;
    }
  state = output_text (status, "state");
  reason = output_text (status, "reason");
  detail = g_strdelimit (output_text (status, "detail"), "\n", ' ');
  g_variant_lookup (status, "address", "u", &address);
  if (g_str_equal (state, "online") && address > 1)
    add (report, "line", WARNING, _ ("The gateway answers, but not at its first address."),
         _ ("Find out why the first one under [line] of the settings does not serve; the audit log "
            "says when it was left. Nothing is lost."));
  else if (g_str_equal (state, "online"))
    add (report, "line", GOOD, _ ("The gateway answers."), NULL);
  else if (g_str_equal (state, "attention"))
    add (report, "line", BAD, detail, advice_about_line (reason));
  else
    add (report, "line", WARNING, *detail != '\0' ? detail : _ ("The gateway does not answer."),
         advice_about_line (reason));
  g_variant_lookup (status, "unsent", "u", &unsent);
  g_variant_lookup (status, "quarantined", "u", &aside);
  g_variant_lookup (status, "parked", "u", &parked);
  g_variant_lookup (health, "unsent_limit", "u", &limit);
  queue
      = g_strdup_printf (_ ("%u waiting, %u of them set aside, %u parked"), unsent, aside, parked);
  grade = aside > 0 ? BAD : parked > 0 || (limit > 0 && unsent > limit) ? WARNING : GOOD;
  add (report, "queue", grade, queue,
       grade == BAD
           ? _ ("See \"madoguchictl queue list\" for the reason, and call the back office.")
       : parked > 0 ? _ (
             "\"madoguchictl queue list\" says which, by whom and why; \"queue release\" lets one "
             "go.")
       : grade == WARNING
           ? _ ("More than the policy allows for: have the line looked at. Intake goes on.")
           : NULL);
}

static void
check_service (Report *report, Context *context)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) health = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;

  if (proxy == NULL || !md_bus_terminal1_call_health_sync (proxy, &health, NULL, &error))
    {
      add (report, "service", BAD, _ ("The service madoguchid does not answer."),
           _ ("Start it: systemctl start madoguchid; the reason is in journalctl -u madoguchid"));
      return;
    }
  version = output_text (health, "version");
  add (report, "service", GOOD, version, NULL);
  check_text (report, "database", health, _ ("The database is sound."));
  check_policy (report, health);
  check_officers (report, health);
  check_versions (report, health);
  check_line (report, proxy, health);
  check_certificates (report, health);
  check_stock (report, health);
  check_lists (report, health);
  check_backup (report, health);
}

static void
append_row (GString *text, GVariant *row)
{
  static const char *const marks[][2] = {
    { "ok", N_ ("good   ") },
    { "warning", N_ ("look at") },
    { "bad", N_ ("BAD    ") },
  };
  g_autofree char *check = output_text (row, "check");
  g_autofree char *state = output_text (row, "state");
  g_autofree char *what = output_text (row, "what");
  g_autofree char *advice = output_text (row, "advice");
  const char *mark = "";

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (g_str_equal (marks[i][0], state))
      mark = gettext (marks[i][1]);
  g_string_append_printf (text, "%s  %-26s %s%s%s\n", mark, check, what,
                          *advice != '\0' ? " -> " : "", advice);
}

static char *
text_of (GVariant *rows)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      append_row (text, row);
    }
  return g_string_free (text, FALSE);
}

Status
verb_doctor (Context *context, const char *operand)
{
  Report report = { 0 };
  g_autoptr (GVariant) rows = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;

  if (context->card)
    return verb_doctor_card (context);
  g_variant_builder_init (&report.rows, G_VARIANT_TYPE ("aa{sv}"));
  check_readers (&report);
  check_clock (&report);
  check_service (&report, context);
  rows = g_variant_ref_sink (g_variant_builder_end (&report.rows));
  text = text_of (rows);
  if (context->json)
    output_json (rows);
  else
    g_print ("%s", text);
  if (context->report != NULL && !output_report (context->report, text, &error))
    return context_fail (error);
  return report.counts[BAD] > 0 ? STATUS_FINDING : STATUS_OK;
}
