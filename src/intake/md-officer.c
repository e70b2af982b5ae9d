// SPDX-License-Identifier: Apache-2.0
// An officer's card and a sealed application: what approving and withdrawing share.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-officer-private.h"

MdOfficerJob *
_md_officer_job_new (MdDesk *desk, MdContainer *container, MdSecret *pin, GBytes *certificate)
{
  MdOfficerJob *job = g_new0 (MdOfficerJob, 1);

  job->container = md_container_ref (container);
  job->entry = _md_staff_pin_use (md_desk_get_staff_pin (desk), pin);
  job->own_certificate = g_bytes_ref (certificate);
  job->now = _md_desk_now (desk);
  return job;
}

void
_md_officer_job_free (gpointer data)
{
  MdOfficerJob *job = data;

  md_container_unref (job->container);
  g_clear_pointer (&job->entry.pin, md_secret_unref);
  g_bytes_unref (job->own_certificate);
  g_clear_pointer (&job->decision, md_decision_free);
  g_free (job);
}

MdKey *
_md_officer_job_key (MdOfficerJob *job, MdCardConnection *connection, MdStaffSlot slot,
                     MdCertificate **out_certificate, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (MdKey) key = NULL;

  if (card)
    key = md_staff_key_new (card, slot, &job->entry, out_certificate, cancellable, error);
  if (!key)
    return NULL;
  if (g_bytes_equal (md_certificate_get_der (*out_certificate), job->own_certificate))
    return g_steal_pointer (&key);
  g_clear_pointer (out_certificate, md_certificate_unref);
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD,
                       _ ("The card on the staff reader is not yours."));
  return NULL;
}

gpointer
_md_officer_job_decide (MdCardConnection *connection, gpointer data, GCancellable *cancellable,
                        GError **error)
{
  MdOfficerJob *job = data;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key
      = _md_officer_job_key (job, connection, MD_STAFF_SLOT_SIGN, &certificate, cancellable, error);

  return key ? md_decision_make (job->container, job->decision, key, certificate, job->now, error)
             : NULL;
}

/* The role that makes the officer's decision count. */
static const char *
deciding_role (MdDesk *desk, MdRoles counting)
{
  MdRoles roles = counting & _md_desk_staff (desk)->roles;

  for (guint role = 0; role < MD_N_ROLES; role++)
    if (roles & MD_ROLES (role))
      return md_role_to_id ((MdRole)role);
  return "";
}

MdDecision *
_md_officer_decision (MdDesk *desk, MdContainer *container, MdDecisionKind kind, const char *reason,
                      MdRoles counting)
{
  MdDecision *decision = md_decision_new ();
  g_autofree char *terminal = NULL;

  g_object_get (desk, "terminal", &terminal, NULL);
  decision->kind = kind;
  decision->reason_code = g_strdup (reason ? reason : "");
  decision->officer = g_strdup (md_desk_get_staff_id (desk));
  decision->role = g_strdup (deciding_role (desk, counting));
  decision->office = g_strdup (md_container_get_manifest (container)->office);
  decision->terminal = g_steal_pointer (&terminal);
  decision->policy_version = md_policy_get_version (md_desk_get_policy (desk));
  decision->policy_digest = g_strdup (md_policy_get_digest (md_desk_get_policy (desk)));
  decision->time = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (desk)));
  return decision;
}

GVariant *
_md_officer_files_variant (const MdDecisionFiles *files)
{
  GVariant *parts[]
      = { g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, files->decision, TRUE),
          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, files->manifest, TRUE),
          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, files->signature, TRUE) };

  return g_variant_new_tuple (parts, G_N_ELEMENTS (parts));
}

gboolean
_md_reasons_have (GListModel *reasons, const char *code)
{
  for (guint i = 0; code && i < g_list_model_get_n_items (reasons); i++)
    {
      g_autoptr (MdReason) item = g_list_model_get_item (reasons, i);

      if (g_str_equal (md_reason_get_code (item), code))
        return TRUE;
    }
  return FALSE;
}
