// SPDX-License-Identifier: Apache-2.0
#include "trace-player.h"

#include "script-backend.h"
#include "trace-outcome.h"

#include <string.h>

typedef struct
{
  ScriptBackend *backend;
  MdCardConnection *connection;
  MdMyNumberCard *card;
} Player;

// The words of a step; what it came to goes into OUTCOME, line by line. FALSE with ERROR: nothing
// came of it.
typedef gboolean (*StepFunc) (Player *player, const char *const *words, GString *outcome,
                              GError **error);

static MdCardPin
find_pin (const char *name)
{
  for (guint pin = MD_CARD_PIN_AUTH; pin < MD_CARD_PIN_STAFF; pin++)
    if (g_strcmp0 (name, trace_pin_get_name ((MdCardPin)pin)) == 0)
      return (MdCardPin)pin;
  g_error ("no such PIN: %s", name);
}

static guint
find_word (const char *word, const char *const *names, guint count)
{
  for (guint i = 0; i < count; i++)
    if (g_strcmp0 (word, names[i]) == 0)
      return i;
  return count;
}

static gboolean
do_flow (Player *player, MdCardFlow flow, const char *const *words, GString *outcome,
         GError **error)
{
  const gboolean signs = flow == MD_CARD_FLOW_AUTHENTICATE || flow == MD_CARD_FLOW_SIGN;
  const char *profile = g_strv_contains (words, "ecdsa-p384") ? "ecdsa-p384" : "rsa-2048";
  g_autoptr (MdSecret) secret = md_secret_new_from_text (words[2]);
  TraceDigest digest;
  MdCardFlowRequest request
      = { .pin = find_pin (words[1]),
          .secret = secret,
          .flags
          = g_strv_contains (words, "last-try") ? MD_CARD_VERIFY_LAST_TRY : MD_CARD_VERIFY_DEFAULT,
          .with_issuer = g_strv_contains (words, "issuer"),
          .profile = signs ? md_card_profile_find (profile) : NULL,
          .digest = digest.bytes };
  if (signs)
    trace_digest_make (request.profile, &digest);
  g_autoptr (MdCardFlowResult) result = md_card_flow_run_on (
      flow, MD_CARD_BACKEND (player->backend), SCRIPT_READER, &request, NULL, error);
  if (result != NULL)
    trace_tell_flow (flow, &request, result, outcome);
  return result != NULL;
}

static gboolean
do_recognise (Player *player, const char *const *words, GString *outcome, GError **error)
{
  player->connection
      = md_card_connection_open (MD_CARD_BACKEND (player->backend), SCRIPT_READER, NULL, error);
  if (player->connection != NULL)
    player->card = md_mynumber_card_new (player->connection, NULL, error);
  g_string_append (outcome, player->card != NULL ? "my-number\n" : "");
  return player->card != NULL;
}

static gboolean
do_staff (Player *player, const char *const *words, GString *outcome, GError **error)
{
  player->connection
      = md_card_connection_open (MD_CARD_BACKEND (player->backend), SCRIPT_READER, NULL, error);
  g_autoptr (MdStaffCard) card
      = player->connection != NULL ? md_staff_card_new (player->connection, NULL, error) : NULL;
  g_string_append (outcome, "staff\n");
  return card != NULL;
}

static gboolean
do_tries (Player *player, const char *const *words, GString *outcome, GError **error)
{
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_mynumber_card_get_tries (player->card, find_pin (words[1]), &tries, NULL, error))
    return FALSE;
  if (tries == MD_CARD_TRIES_UNKNOWN)
    g_string_append (outcome, "tries untold\n");
  else
    g_string_append_printf (outcome, "tries %d\n", tries);
  return TRUE;
}

static gboolean
do_verify (Player *player, const char *const *words, GString *outcome, GError **error)
{
  g_autoptr (MdSecret) secret = md_secret_new_from_text (words[2]);
  const MdCardVerifyFlags flags
      = g_strv_contains (words, "last-try") ? MD_CARD_VERIFY_LAST_TRY : MD_CARD_VERIFY_DEFAULT;
  g_string_append (outcome, "accepted\n");
  return md_mynumber_card_verify (player->card, find_pin (words[1]), secret, flags, NULL, error);
}

static gboolean
do_enter (Player *player, const char *const *words, GString *outcome, GError **error)
{
  g_string_append (outcome, "accepted\n");
  return md_mynumber_card_enter (player->card, find_pin (words[1]), MD_CARD_VERIFY_DEFAULT, NULL,
                                 error);
}

static gboolean
do_token (Player *player, const char *const *words, GString *outcome, GError **error)
{
  MdTokenKind kind = MD_TOKEN_UNKNOWN;
  g_autofree char *label = NULL;
  if (!md_mynumber_card_read_token (player->card, &kind, &label, NULL, error))
    return FALSE;
  trace_tell_token (kind, label, outcome);
  return TRUE;
}

static gboolean
do_flags (Player *player, const char *const *words, GString *outcome, GError **error)
{
  gboolean sign = FALSE;
  gboolean auth = FALSE;
  if (!md_mynumber_card_read_flags (player->card, &sign, &auth, NULL, error))
    return FALSE;
  g_string_append_printf (outcome, "certificates%s%s\n", sign ? " sign" : "", auth ? " auth" : "");
  return TRUE;
}

static gboolean
do_certificate (Player *player, const char *const *words, GString *outcome, GError **error)
{
  static const char *const names[] = { [MD_CARD_CERTIFICATE_AUTH] = "auth",
                                       [MD_CARD_CERTIFICATE_AUTH_CA] = "auth-ca",
                                       [MD_CARD_CERTIFICATE_SIGN] = "sign",
                                       [MD_CARD_CERTIFICATE_SIGN_CA] = "sign-ca" };
  const guint which = find_word (words[1], names, G_N_ELEMENTS (names));
  g_autoptr (GBytes) certificate
      = md_mynumber_card_read_certificate (player->card, (MdCardCertificate)which, NULL, error);
  if (certificate != NULL)
    trace_tell_certificate (certificate, outcome);
  return certificate != NULL;
}

static gboolean
do_common (Player *player, const char *const *words, GString *outcome, GError **error)
{
  MdCardCommon common;
  const gboolean good = g_str_equal (words[0], "manager")
                            ? md_mynumber_card_read_manager (player->card, &common, NULL, error)
                            : md_mynumber_card_read_common (player->card, &common, NULL, error);
  if (good)
    g_string_append_printf (outcome, "issued by %s%s%s, until %s\n", common.municipality,
                            *common.serial != '\0' ? " as " : "", common.serial, common.expiry);
  return good;
}

static gboolean
do_applications (Player *player, const char *const *words, GString *outcome, GError **error)
{
  g_autofree char *applications = md_mynumber_card_list_applications (player->card, NULL, error);
  if (applications != NULL)
    g_string_append_printf (outcome, "applications %s\n", applications);
  return applications != NULL;
}

static const struct
{
  const char *name;
  StepFunc run;
  guint words; // at least
} steps[] = {
  { "recognise", do_recognise, 1 },
  { "tries", do_tries, 2 },
  { "verify", do_verify, 3 },
  { "enter", do_enter, 2 },
  { "token", do_token, 1 },
  { "flags", do_flags, 1 },
  { "certificate", do_certificate, 2 },
  { "common", do_common, 1 },
  { "manager", do_common, 1 },
  { "staff", do_staff, 1 },
  { "applications", do_applications, 1 },
};

static gboolean
run_step (Player *player, GStrv given, GString *outcome, GError **error)
{
  const char *const *words = (const char *const *)given;
  static const char *const flows[MD_CARD_N_FLOWS] = { [MD_CARD_FLOW_ATTRIBUTES] = "attributes",
                                                      [MD_CARD_FLOW_NUMBER] = "number",
                                                      [MD_CARD_FLOW_FACE] = "face",
                                                      [MD_CARD_FLOW_AUTHENTICATE] = "authenticate",
                                                      [MD_CARD_FLOW_SIGN] = "sign" };
  const guint count = g_strv_length (given);
  const guint flow = find_word (words[0], flows, G_N_ELEMENTS (flows));
  if (flow < G_N_ELEMENTS (flows) && count >= 3)
    return do_flow (player, (MdCardFlow)flow, words, outcome, error);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].name, words[0]) && count >= steps[i].words)
      return steps[i].run (player, words, outcome, error);
  g_error ("no such step: %s", words[0]);
}

// Plays STEP; what it did otherwise than written, or NULL.
static char *
play_step (Player *player, const TraceStep *step)
{
  g_autoptr (GString) outcome = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = g_strsplit (step->words, " ", -1);
  for (guint i = 0; i < step->lines->len; i++)
    script_backend_add (player->backend, g_ptr_array_index (step->lines, i));
  for (guint i = 0; i < step->expected->len; i++)
    g_string_append_printf (expected, "%s\n", (const char *)g_ptr_array_index (step->expected, i));

  if (!run_step (player, words, outcome, &error))
    {
      g_string_truncate (outcome, 0);
      trace_tell_error (error, outcome);
    }
  char *complaint = script_backend_get_complaint (player->backend);
  if (complaint == NULL && !g_string_equal (outcome, expected))
    complaint = g_strdup_printf ("came to: %s", outcome->str);
  return complaint;
}

char *
trace_play (const Trace *trace, const TraceTalk *talk, const char *atr)
{
  Player player = { .backend = script_backend_new ("") };
  char *complaint = NULL;
  script_backend_set_lenient (player.backend);
  script_backend_set_link (player.backend, atr, trace->apdu_max);
  for (guint i = 0; complaint == NULL && i < talk->steps->len; i++)
    {
      const TraceStep *step = g_ptr_array_index (talk->steps, i);
      g_autofree char *what = play_step (&player, step);
      if (what != NULL)
        complaint = g_strdup_printf ("%s:%u: %s: %s: %s", trace->name, step->number, talk->title,
                                     step->words, what);
    }
  g_clear_object (&player.card);
  g_clear_object (&player.connection);
  if (complaint == NULL)
    script_backend_assert_done (player.backend);
  g_object_unref (player.backend);
  return complaint;
}
