// SPDX-License-Identifier: Apache-2.0
/* What stops an intake, and the supervisor who lets it go on: another person, with the card that
 * the policy names for them, while the session stays the clerk's. */
#include <string.h>
#include <glib/gi18n.h>
#include "md-seal.h"

#include "call.h"

/* The window's clock is this machine's: a release is not from the future. */
#define CLOCK_US (60 * G_USEC_PER_SEC)

typedef struct
{
  Service *service;
  const MdPolicyStaff *clerk;
  const MdOutboxIntake *intake;
  const char *cause;
  GError *error;
} Case;

static gboolean
refuse (Case *c, const char *cause, MdBusError code, const char *message)
{
  c->cause = cause;
  c->error = g_error_new_literal (MD_BUS_ERROR, (gint)code, message);
  return FALSE;
}

/* --- Raise --- */

static gboolean
is_digest (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
raise_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
          const char *id, const char *raised, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "hold");
  g_autoptr (MdOutboxIntake) intake = call_own_intake (self, invocation, officer, id, &entry);
  GError *error = NULL;
  guint n = 0;

  if (intake == NULL)
    return TRUE;
  if (!is_digest (raised))
    call_refuse (self, invocation, &entry, "no-digest",
                 g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                                      _ ("What stops the intake is not of a known form.")));
  else if (md_outbox_raise_hold (self->outbox, id, raised, &entry, &n, &error))
    md_bus_terminal1_complete_raise_hold (object, invocation, n);
  else
    call_refuse (self, invocation, &entry, "not-raised", error);
  return TRUE;
}

/* --- Release --- */

static gboolean
refuse_content (Case *c, const char *cause)
{
  return refuse (c, cause, MD_BUS_ERROR_RELEASE_INVALID,
                 _ ("The release is about something else, so it was not accepted. Let the "
                    "supervisor release it again."));
}

static gboolean
time_fits (Case *c, const MdRelease *release)
{
  gint64 begun = 0, made = 0;

  return md_time_parse_rfc3339 (c->intake->time, &begun, NULL)
         && md_time_parse_rfc3339 (release->time, &made, NULL) && made >= begun
         && made <= md_clock_get_wall_us (c->service->clock) + CLOCK_US;
}

/* It is about this intake here, and about what stopped it. */
static gboolean
check_content (Case *c, const MdRelease *release)
{
  Service *self = c->service;
  g_autoptr (GPtrArray) holds = NULL;
  const MdOutboxHold *hold = NULL;

  if (g_strcmp0 (release->intake, c->intake->id) != 0)
    return refuse_content (c, "other-intake");
  if (g_strcmp0 (release->office, self->settings->office) != 0
      || g_strcmp0 (release->terminal, self->settings->terminal) != 0)
    return refuse_content (c, "other-terminal");
  if (release->policy_version != c->intake->policy_version
      || release->policy_version != md_policy_get_version (self->policy)
      || g_strcmp0 (release->policy_digest, md_policy_get_digest (self->policy)) != 0)
    return refuse_content (c, "policy-changed");
  if (!time_fits (c, release))
    return refuse_content (c, "time");
  holds = md_outbox_list_holds (self->outbox, c->intake->id, &c->error);
  if (holds == NULL)
    {
      c->cause = "holds";
      return FALSE;
    }
  if (release->hold <= holds->len)
    hold = g_ptr_array_index (holds, release->hold - 1);
  return (hold != NULL && g_str_equal (hold->raised, release->raised))
         || refuse_content (c, "other-hold");
}

static gboolean
check_officer (Case *c, const MdRelease *release, const MdCmsSigner *signer)
{
  const MdPolicyStaff *officer = md_policy_get_staff (c->service->policy, release->officer);
  MdMay may = md_policy_may_release (c->service->policy, release->officer, release->role,
                                     c->clerk->id, c->intake->procedure);

  if (may == MD_MAY_NOT_SAME)
    return refuse (c, "same-officer", MD_BUS_ERROR_SAME_OFFICER,
                   _ ("You take this application in yourself. Another officer must release it."));
  if (may != MD_MAY_YES)
    return refuse (c, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may));
  if (officer->sign == NULL
      || !g_bytes_equal (md_certificate_get_der (md_cms_signer_get_certificate (signer)),
                         officer->sign))
    return refuse (c, "foreign-signature", MD_BUS_ERROR_SIGNATURE_INVALID,
                   _ ("The release is not signed with the officer's own staff card."));
  return TRUE;
}

static MdRelease *
check_release (Case *c, const MdReleaseFiles *files)
{
  Service *self = c->service;
  gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  g_autoptr (MdCertificate) clerk = md_certificate_new_from_der (c->clerk->sign, &c->error);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (MdRelease) release = NULL;

  c->cause = "verification";
  if (clerk != NULL)
    release = md_release_verify (files, clerk, self->staff_trust, now, &signer, &c->error);
  if (release == NULL)
    {
      if (g_error_matches (c->error, MD_SEAL_ERROR, MD_SEAL_ERROR_SAME_PERSON))
        c->cause = "same-officer";
      call_translate (&c->error);
      if (c->error->code == MD_BUS_ERROR_CONTAINER_INVALID)
        c->error->code = MD_BUS_ERROR_RELEASE_INVALID;
      return NULL;
    }
  return check_officer (c, release, signer) && check_content (c, release)
             ? g_steal_pointer (&release)
             : NULL;
}

/* One commit, in the name of the officer who released it. */
static gboolean
store (Case *c, const MdRelease *release, const MdReleaseFiles *files)
{
  const MdPolicyStaff *officer = md_policy_get_staff (c->service->policy, release->officer);
  MdAuditEntry entry = call_entry (officer, "release");
  const MdOutboxRelease row = { .id = c->intake->id,
                                .n = release->hold,
                                .release = files->release,
                                .signature = files->signature,
                                .officer = release->officer };

  c->cause = "not-released";
  return md_outbox_release_hold (c->service->outbox, &row, &entry, &c->error);
}

/* Stored already, whatever changed since: only the answer was lost. */
static gboolean
is_repetition (const Case *c, const MdReleaseFiles *files)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (c->service->outbox, c->intake->id, NULL);

  for (guint i = 0; holds != NULL && i < holds->len; i++)
    {
      const MdOutboxHold *hold = g_ptr_array_index (holds, i);

      if (hold->release != NULL && g_bytes_equal (hold->release, files->release)
          && g_bytes_equal (hold->signature, files->signature))
        return TRUE;
    }
  return FALSE;
}

static MdReleaseFiles *
read_files (GVariant *release, GVariant *signature)
{
  g_autoptr (GBytes) json = g_variant_get_data_as_bytes (release);
  g_autoptr (GBytes) cms = g_variant_get_data_as_bytes (signature);

  return md_release_files_new (json, cms);
}

static gboolean
release_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
            const char *id, GVariant *release_variant, GVariant *signature, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "release");
  g_autoptr (MdReleaseFiles) files = NULL;
  g_autoptr (MdOutboxIntake) intake = call_own_intake (self, invocation, officer, id, &entry);
  g_autoptr (MdRelease) release = NULL;
  Case c = { .service = self, .clerk = officer };

  if (intake == NULL)
    return TRUE;
  c.intake = intake;
  files = read_files (release_variant, signature);
  if (!is_repetition (&c, files))
    {
      release = check_release (&c, files);
      if (release == NULL || !store (&c, release, files))
        {
          call_refuse (self, invocation, &entry, c.cause, c.error);
          return TRUE;
        }
    }
  md_bus_terminal1_complete_release_hold (object, invocation);
  return TRUE;
}

void
hold_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-raise-hold", G_CALLBACK (raise_cb), self);
  g_signal_connect (self->skeleton, "handle-release-hold", G_CALLBACK (release_cb), self);
}
