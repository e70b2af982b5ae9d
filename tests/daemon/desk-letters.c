// SPDX-License-Identifier: Apache-2.0
#include "desk-private.h"

static GBytes *
digest_words (const char *words)
{
  guint8 sum[MD_SHA256_SIZE];

  md_sha256 (words, strlen (words), sum);
  return g_bytes_new (sum, sizeof sum);
}

char *
desk_day (int days)
{
  MdDate day;

  md_date_from_wall_us (g_get_real_time () + days * G_TIME_SPAN_DAY, &day);
  return md_date_format_iso (&day);
}

static char *
stand_for (const char *intake, MdDelegationSide side, const char *code, const char *words)
{
  g_autoptr (MdSecret) key = md_delegation_read_code (code);
  g_autoptr (GBytes) who = digest_words (words);

  return md_delegation_bind (intake, side, key, who);
}

static MdDelegation *
make_delegation (const char *intake, const DeskLetter *letter)
{
  MdDelegation *made = md_delegation_new ();
  const char *of = letter->of != NULL ? letter->of : intake;

  made->procedures = g_strsplit (letter->procedures, " ", -1);
  made->from = desk_day (letter->from_days);
  made->to = desk_day (letter->to_days);
  made->principal = stand_for (of, MD_DELEGATION_PRINCIPAL, letter->code, letter->principal);
  made->delegate = stand_for (of, MD_DELEGATION_DELEGATE, letter->code, letter->delegate);
  made->amends = g_strdup (letter->amends);
  made->ended = letter->ended;
  return made;
}

gboolean
desk_accept_letter (Desk *self, const char *intake, const DeskLetter *letter, GError **error)
{
  g_autoptr (MdDelegation) allowed = letter != NULL ? make_delegation (intake, letter) : NULL;
  const DeskDeciding deciding = { .kind = MD_DECISION_APPROVE,
                                  .officer = self->staff,
                                  .signer = self->staff,
                                  .delegation = allowed };
  g_autoptr (MdDecisionFiles) files = desk_sign_decision (self, intake, &deciding, error);

  return files != NULL && desk_send_decision (self, intake, files, error);
}

void
desk_cited_clear (DeskCited *cited)
{
  g_clear_pointer (&cited->intake, g_free);
  g_clear_pointer (&cited->decision, g_free);
  g_clear_pointer (&cited->allows, g_variant_unref);
}

gboolean
desk_cite (Desk *self, const char *intake, const char *number, const DeskLetter *letter,
           DeskCited *out_cited, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) code = g_bytes_new (letter->code, strlen (letter->code));
  g_autoptr (GBytes) principal = digest_words (letter->principal);
  g_autoptr (GBytes) delegate = digest_words (letter->delegate);
  GVariant *handle = md_bus_payload_append (fds, code, error);
  GVariantBuilder claim;

  desk_cited_clear (out_cited);
  if (handle == NULL)
    return FALSE;
  g_variant_builder_init (&claim, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&claim, "{sv}", "number", g_variant_new_string (number));
  g_variant_builder_add (&claim, "{sv}", "code", handle);
  g_variant_builder_add (&claim, "{sv}", "principal", desk_bytes_variant (principal));
  g_variant_builder_add (&claim, "{sv}", "delegate", desk_bytes_variant (delegate));
  if (letter->received != NULL)
    g_variant_builder_add (&claim, "{sv}", "received", g_variant_new_string (letter->received));
  return md_bus_terminal1_call_cite_delegation_sync (
      self->proxy, self->session, intake, g_variant_builder_end (&claim), fds, &out_cited->intake,
      &out_cited->decision, &out_cited->allows, NULL, NULL, error);
}
