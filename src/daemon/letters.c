// SPDX-License-Identifier: Apache-2.0
/* A letter of delegation that was accepted here is cited for an intake: by its number, and by the
 * code that only principal, delegate and the sealed letter have; and it is cited no more as soon as
 * somebody else is named. So no window can hand in by a letter that is not of whom the service was
 * told that it is for, and the manifest has to name the same. */
#include "letters.h"

#include <glib/gi18n.h>
#include <string.h>

#include "call.h"
#include "elsewhere.h"
#include "naming.h"

#define MAX_CODE 64u

/* By the finding; the first: the letter covers it. */
static const char *const messages[MD_N_DELEGATION_FINDINGS] = {
  [MD_DELEGATION_OTHER_PROCEDURE]
  = N_ ("The letter of delegation does not name this procedure. Ask for another letter, or file "
        "what it names."),
  [MD_DELEGATION_EARLY]
  = N_ ("The letter of delegation is not in force yet. Ask for the day from which it holds."),
  [MD_DELEGATION_OVER] = N_ ("The letter of delegation is over. A new one has to be made."),
  [MD_DELEGATION_ENDED] = N_ (
      "The letter of delegation was ended. It allows nothing any more; a new one has to be made."),
};

MdDelegation
letters_allowed_by (const MdOutboxLetter *letter)
{
  return (MdDelegation){ .procedures = letter->procedures,
                         .from = letter->from,
                         .to = letter->to,
                         .principal = letter->principal,
                         .delegate = letter->delegate,
                         .ended = letter->ended };
}

/* On the day of md_manifest_dup_day(). */
static MdDelegationFinding
judge (const MdOutboxLetter *letter, const char *procedure, const char *day)
{
  const MdDelegation allowed = letters_allowed_by (letter);

  return day != NULL ? md_delegation_judge (&allowed, procedure, day) : MD_DELEGATION_EARLY;
}

/* --- Given back by the office --- */

/* The day in Japan on which the notice was made; NULL where nobody knows it. */
static char *
given_back_on (Service *self, const MdOutboxLetter *letter)
{
  g_autoptr (GBytes) body = md_outbox_get_notice (self->outbox, letter->given_back, NULL);
  g_autoptr (MdTrust) trust
      = body != NULL ? md_policy_create_notice_trust (self->policy, NULL) : NULL;
  g_autoptr (MdNotice) notice = trust != NULL ? md_notice_verify (body, trust, 0, NULL) : NULL;
  const char *said = notice != NULL ? notice->time : letter->given_back_at;
  gint64 time = 0;
  MdDate day;

  if (said == NULL || !md_time_parse_rfc3339 (said, &time, NULL))
    return NULL;
  md_date_from_wall_us (time, &day);
  return md_date_format_iso (&day);
}

/* For people; NULL: it was not. */
static char *
say_given_back (Service *self, const MdOutboxLetter *letter)
{
  g_autofree char *day = letter->given_back != NULL ? given_back_on (self, letter) : NULL;

  if (letter->given_back == NULL)
    return NULL;
  return day != NULL
             ? g_strdup_printf (
                 _ ("The office gave this letter of delegation back on %s. It allows "
                    "nothing any more; a new one has to be made."),
                 day)
             : g_strdup (_ ("The office gave this letter of delegation back. It allows nothing any "
                            "more; a new one has to be made."));
}

/* As GetIntake and CiteDelegation tell it. (transfer floating) */
static GVariant *
describe (Service *self, const MdOutboxLetter *letter)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "intake", "s", letter->intake);
  g_variant_dict_insert (&dict, "number", "s", letter->receipt_number);
  g_variant_dict_insert (&dict, "decision", "s", letter->decision_sha256);
  g_variant_dict_insert (&dict, "procedures", "^as", letter->procedures);
  g_variant_dict_insert (&dict, "from", "s", letter->from);
  g_variant_dict_insert (&dict, "to", "s", letter->to);
  g_variant_dict_insert (&dict, "principal", "s", letter->principal);
  g_variant_dict_insert (&dict, "delegate", "s", letter->delegate);
  g_variant_dict_insert (&dict, "ended", "b", letter->ended);
  if (letter->given_back != NULL)
    {
      g_autofree char *day = given_back_on (self, letter);

      g_variant_dict_insert (&dict, "given-back", "s", day != NULL ? day : "");
    }
  return g_variant_dict_end (&dict);
}

/* --- Handed in --- */

gboolean
letters_check (Service *self, const MdManifest *manifest, GError **error)
{
  g_autofree char *cited = md_outbox_dup_cited (self->outbox, manifest->intake, error);
  g_autoptr (MdOutboxLetter) letter = NULL;
  g_autofree char *day = md_manifest_dup_day (manifest);
  MdDelegationFinding finding = MD_DELEGATION_COVERS;

  if (cited == NULL)
    return FALSE;
  if (manifest->delegation_intake == NULL && *cited == '\0'
      && !g_str_equal (manifest->procedure, MD_DELEGATION_CHANGE))
    return TRUE;
  if (g_strcmp0 (manifest->delegation_intake, cited) == 0)
    letter = md_outbox_get_letter (self->outbox, cited, error);
  if (letter == NULL)
    g_clear_error (error);
  if (letter == NULL || g_strcmp0 (manifest->delegation_number, letter->receipt_number) != 0)
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_RESERVATION_MISMATCH,
                           _ ("The application does not name the letter of delegation that was "
                              "checked for it, so it was not accepted. Start the intake again."));
      return FALSE;
    }
  if (letter->given_back != NULL)
    {
      g_autofree char *words = say_given_back (self, letter);

      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED, words);
      return FALSE;
    }
  /* Which of its decisions it was then, the service does not keep. */
  if (g_strcmp0 (manifest->delegation_decision, letter->decision_sha256) != 0)
    {
      g_set_error_literal (
          error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED,
          _ ("The letter of delegation was changed while this was taken in. Go back to the "
             "contents and on again, so that it is checked by what the letter says now."));
      return FALSE;
    }
  finding = judge (letter, manifest->procedure, day);
  if (finding == MD_DELEGATION_COVERS)
    return TRUE;
  g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED,
                       gettext (messages[finding]));
  return FALSE;
}

/* --- Cited --- */

/* What the window says of whom it is. */
typedef struct
{
  char *number;
  char *received; /* by post: when; else NULL */
  MdSecret *code;
  GBytes *principal, *delegate;
} Claim;

static void
claim_clear (Claim *claim)
{
  g_clear_pointer (&claim->number, g_free);
  g_clear_pointer (&claim->received, g_free);
  g_clear_pointer (&claim->code, md_secret_unref);
  g_clear_pointer (&claim->principal, g_bytes_unref);
  g_clear_pointer (&claim->delegate, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Claim, claim_clear)

/* NULL: it is no digest. */
static GBytes *
read_digest (GVariantDict *dict, const char *part)
{
  g_autoptr (GVariant) value = g_variant_dict_lookup_value (dict, part, G_VARIANT_TYPE_BYTESTRING);
  g_autoptr (GBytes) digest = value != NULL ? g_variant_get_data_as_bytes (value) : NULL;

  return digest != NULL && g_bytes_get_size (digest) == MD_SHA256_SIZE ? g_steal_pointer (&digest)
                                                                       : NULL;
}

/* NULL: it is none that there could be. */
static MdSecret *
read_code (GVariantDict *dict, GUnixFDList *fds)
{
  g_autoptr (GVariant) handle = g_variant_dict_lookup_value (dict, "code", G_VARIANT_TYPE_HANDLE);
  GBytes *bytes = handle != NULL ? md_bus_payload_get (fds, handle, MAX_CODE, NULL) : NULL;
  g_autoptr (MdSecret) text = NULL;
  gsize size = 0;
  gpointer clear;

  if (bytes == NULL)
    return NULL;
  clear = g_bytes_unref_to_data (bytes, &size); /* nobody else has them: no copy is made */
  text = md_secret_new_from_data (clear, size);
  md_wipe (clear, size);
  g_free (clear);
  return md_delegation_read_code (md_secret_get_text (text));
}

static void
read_claim (GUnixFDList *fds, GVariant *variant, Claim *out_claim)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (variant);

  if (!g_variant_dict_lookup (&dict, "number", "s", &out_claim->number))
    out_claim->number = g_strdup ("");
  if (!g_variant_dict_lookup (&dict, "received", "s", &out_claim->received))
    out_claim->received = NULL;
  out_claim->code = read_code (&dict, fds);
  out_claim->principal = read_digest (&dict, "principal");
  out_claim->delegate = read_digest (&dict, "delegate");
}

static gboolean
is_whole (const Claim *claim)
{
  return claim->code != NULL && claim->principal != NULL && claim->delegate != NULL;
}

static gboolean
is_of (const MdOutboxLetter *letter, MdDelegationSide side, const Claim *claim)
{
  GBytes *who = side == MD_DELEGATION_PRINCIPAL ? claim->principal : claim->delegate;
  const char *bound = side == MD_DELEGATION_PRINCIPAL ? letter->principal : letter->delegate;
  g_autofree char *said = md_delegation_bind (letter->intake, side, claim->code, who);

  return strcmp (said, bound) == 0;
}

/* The principal is whom the intake was named as last: so nobody files for one person with the
 * letter of another. Who is named later drops it (md_outbox_name_person()). */
static gboolean
is_named (Service *self, const MdOutboxIntake *intake, const Claim *claim)
{
  g_autofree char *pseudonym = naming_dup_pseudonym (self, MD_NAMED_WHO, claim->principal);
  gboolean named = FALSE;

  return pseudonym != NULL
         && md_outbox_is_named_as (self->outbox, intake->id, pseudonym, &named, NULL) && named;
}

/* The cause why it may not be cited; NULL: it may. */
static const char *
find_fault (Service *self, const MdOutboxIntake *intake, const MdOutboxLetter *letter,
            const Claim *claim)
{
  if (!is_of (letter, MD_DELEGATION_PRINCIPAL, claim) || !is_named (self, intake, claim))
    return "principal";
  return is_of (letter, MD_DELEGATION_DELEGATE, claim) ? NULL : "delegate";
}

static GError *
not_delegated (const char *message)
{
  return g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_DELEGATED, message);
}

/* Whoever asks knew the code and both people: of what days it is stands on their own copy, too. */
static GError *
not_covered (const MdOutboxLetter *letter, MdDelegationFinding finding)
{
  g_autofree char *words = NULL;

  if (finding != MD_DELEGATION_EARLY && finding != MD_DELEGATION_OVER)
    return not_delegated (gettext (messages[finding]));
  words = g_strdup_printf (_ ("%s It was made for %s to %s."), gettext (messages[finding]),
                           letter->from, letter->to);
  return not_delegated (words);
}

/* What the manifest will be judged by when it is handed in. */
static char *
day_of (const MdOutboxIntake *intake, const Claim *claim)
{
  const MdManifest said = { .wall = intake->time, .received = claim->received };

  return md_manifest_dup_day (&said);
}

/* The error that answers it, with its cause; NULL: it may be cited. */
static GError *
check (Service *self, const MdOutboxIntake *intake, const MdOutboxLetter *letter,
       const Claim *claim, const char **out_cause)
{
  g_autofree char *day = day_of (intake, claim);
  g_autofree char *words = NULL;
  const MdDelegationFinding finding = judge (letter, intake->procedure, day);

  *out_cause = "receipt-day";
  if (!md_policy_takes_received (self->policy, MD_METHOD_POSTED_COPIES, claim->received,
                                 intake->time))
    return not_delegated (_ ("The day on which it came by post cannot be. Look at the stamp of "
                             "receipt once more."));
  *out_cause = "no-code";
  if (!is_whole (claim))
    return not_delegated (_ ("The code of a letter of delegation has sixteen letters and digits. "
                             "Compare it with what principal and delegate were given."));
  *out_cause = find_fault (self, intake, letter, claim);
  if (*out_cause != NULL)
    return not_delegated (
        _ ("The letter of delegation with this number is of other people, or the code is another "
           "one. Compare number, code, and the names and birth dates of both with the letter."));
  *out_cause = "given-back";
  words = say_given_back (self, letter);
  if (words != NULL)
    return not_delegated (words);
  *out_cause = md_delegation_finding_to_string (finding);
  return finding != MD_DELEGATION_COVERS ? not_covered (letter, finding) : NULL;
}

static void
cite (Service *self, GDBusMethodInvocation *invocation, const MdOutboxIntake *intake,
      const MdOutboxLetter *letter, MdAuditEntry *entry)
{
  g_autofree char *detail = g_strdup_printf ("letter=%s", letter->receipt_number);
  GError *error = NULL;

  entry->detail = detail;
  if (md_outbox_cite (self->outbox, intake->id, letter->intake, entry, &error))
    md_bus_terminal1_complete_cite_delegation (self->skeleton, invocation, NULL, letter->intake,
                                               letter->decision_sha256, describe (self, letter));
  else
    call_refuse (self, invocation, entry, "not-cited", error);
}

/* What is cited, while the gateway is asked about it. */
typedef struct
{
  char *session, *intake;
  Claim claim;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_free (asking->session);
  g_free (asking->intake);
  claim_clear (&asking->claim);
  g_free (asking);
}

/* A change is approved where the letter was accepted: that terminal goes by what it knows itself.
 */
static GError *
check_elsewhere (const MdOutboxIntake *intake, const MdOutboxLetter *letter)
{
  return letter->elsewhere && g_str_equal (intake->procedure, MD_DELEGATION_CHANGE)
             ? not_delegated (
                 _ ("This letter of delegation was accepted at another counter, and is "
                    "changed or ended there. Show the person the way, or make a new "
                    "letter here."))
             : NULL;
}

static void
judge_and_cite (Service *self, GDBusMethodInvocation *invocation, const MdOutboxIntake *intake,
                const MdOutboxLetter *letter, const Claim *claim, MdAuditEntry *entry)
{
  const char *cause = "elsewhere";
  GError *error = check_elsewhere (intake, letter);

  if (error == NULL)
    error = check (self, intake, letter, claim, &cause);
  if (error != NULL)
    call_refuse (self, invocation, entry, cause, error);
  else
    cite (self, invocation, intake, letter, entry);
}

/* The gateway has answered. Meanwhile the officer may have gone, or handed it in. */
static void
told_cb (Service *self, GDBusMethodInvocation *invocation, const ElsewhereAnswer *answer,
         gpointer data)
{
  Asking *asking = data;
  const MdPolicyStaff *officer = call_officer (self, invocation, asking->session);
  MdAuditEntry entry = call_entry (officer, "delegation");
  g_autoptr (MdOutboxIntake) intake
      = call_own_intake (self, invocation, officer, asking->intake, &entry);
  g_autoptr (MdOutboxLetter) letter = NULL;
  GError *error = NULL;

  if (intake != NULL && answer->error != NULL)
    call_refuse (self, invocation, &entry, answer->cause, g_error_copy (answer->error));
  else if (intake != NULL
           && (!md_outbox_keep_elsewhere (self->outbox, answer->letter, &error)
               || (letter = md_outbox_get_letter (self->outbox, answer->letter->intake, &error))
                      == NULL))
    call_refuse (self, invocation, &entry, "not-kept", error);
  else if (intake != NULL)
    judge_and_cite (self, invocation, intake, letter, &asking->claim, &entry);
  asking_free (asking);
}

static void
ask_elsewhere (Service *self, GDBusMethodInvocation *invocation, const char *session,
               const char *id, Claim *claim)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->session = g_strdup (session);
  asking->intake = g_strdup (id);
  asking->claim = *claim;
  *claim = (Claim){ 0 };
  elsewhere_ask (self, invocation, asking->claim.number, told_cb, asking);
}

static gboolean
cite_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
         const char *session, const char *id, GVariant *variant, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "delegation");
  g_autoptr (MdOutboxIntake) intake = call_own_intake (self, invocation, officer, id, &entry);
  g_autoptr (MdOutboxLetter) letter = NULL;
  g_auto (Claim) claim = { 0 };
  GError *error = NULL;

  if (intake == NULL)
    return TRUE;
  read_claim (fds, variant, &claim);
  letter = md_outbox_find_letter (self->outbox, claim.number, &error);
  if (letter != NULL)
    judge_and_cite (self, invocation, intake, letter, &claim, &entry);
  else if (elsewhere_may_have (self, claim.number) && is_whole (&claim))
    {
      g_error_free (error);
      ask_elsewhere (self, invocation, session, id, &claim);
    }
  else
    call_refuse (self, invocation, &entry, "unknown-letter", error);
  return TRUE;
}

/* Filed by a letter on paper, or by nobody else after all. */
static gboolean
drop_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "delegation");
  g_autoptr (MdOutboxIntake) intake = call_own_intake (self, invocation, officer, id, &entry);
  GError *error = NULL;

  if (intake == NULL)
    return TRUE;
  entry.detail = "letter=none";
  if (md_outbox_cite (self->outbox, id, NULL, &entry, &error))
    md_bus_terminal1_complete_drop_delegation (object, invocation);
  else
    call_refuse (self, invocation, &entry, "not-cited", error);
  return TRUE;
}

/* --- Told --- */

GVariant *
letters_describe (Service *self, const MdOutboxIntake *intake)
{
  g_autofree char *cited = md_outbox_dup_cited (self->outbox, intake->id, NULL);
  g_autoptr (MdOutboxLetter) letter
      = cited != NULL && *cited != '\0' ? md_outbox_get_letter (self->outbox, cited, NULL) : NULL;

  return letter != NULL ? describe (self, letter) : NULL;
}

/* --- Long over --- */

void
letters_forget (Service *self)
{
  const guint days = md_policy_get_limits (self->policy)->letter_days;
  const gint64 then = md_clock_get_wall_us (self->clock) - days * G_TIME_SPAN_DAY;
  g_autofree char *day = NULL;
  g_autoptr (GError) error = NULL;
  MdDate date;

  if (!self->clock_believed)
    return;
  md_date_from_wall_us (then, &date);
  day = md_date_format_iso (&date);
  if (!md_outbox_forget_letters (self->outbox, day, &error))
    g_message ("letters that are over: %s", error->message);
}

void
letters_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-cite-delegation", G_CALLBACK (cite_cb), self);
  g_signal_connect (self->skeleton, "handle-drop-delegation", G_CALLBACK (drop_cb), self);
}
