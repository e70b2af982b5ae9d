// SPDX-License-Identifier: Apache-2.0
/* What a sealed item says of itself, when its rows in the database are gone. */
#include "backup-read.h"

#include "md-protocol.h"
#include "md-seal.h"

static char *
dup_entry_digest (const MdContainer *container, const char *name)
{
  GBytes *entry = md_container_get_entry (container, name);

  return entry != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, entry) : NULL;
}

static MdOutboxIntake *
read_container (const MdContainer *container)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  MdOutboxIntake *says = g_new0 (MdOutboxIntake, 1);

  says->id = g_strdup (manifest->intake);
  says->receipt_number = g_strdup (manifest->receipt_number);
  says->procedure = g_strdup (manifest->procedure);
  says->clerk = g_strdup (manifest->clerk);
  says->policy_version = manifest->policy_version;
  says->time = g_strdup (manifest->wall);
  says->monotonic_ns = manifest->monotonic_ns;
  says->boot_id = g_strdup (manifest->boot_id);
  says->nonce = *manifest->nonce != '\0' ? md_hex_decode (manifest->nonce, NULL) : NULL;
  says->nonce_state = g_strdup (manifest->nonce_state);
  says->manifest_sha256 = dup_entry_digest (container, "manifest.json");
  says->signature_sha256 = dup_entry_digest (container, "META-INF/signature001.p7s");
  says->replaces = g_strdup (manifest->replaces);
  says->confirm.differences = manifest->differences;
  says->confirm.number_blank = manifest->number_missing;
  says->confirm.released = manifest->releases->len;
  return says;
}

static MdOutboxIntake *
read_decision (GBytes *body, guint *out_n)
{
  static const MdIntakeState states[MD_N_DECISIONS] = {
    [MD_DECISION_APPROVE] = MD_INTAKE_APPROVED, [MD_DECISION_RETURN] = MD_INTAKE_RETURNED,
    [MD_DECISION_REJECT] = MD_INTAKE_REJECTED,  [MD_DECISION_WITHDRAW] = MD_INTAKE_WITHDRAWN,
    [MD_DECISION_RESTORE] = MD_INTAKE_RECEIVED, [MD_DECISION_CHECK] = MD_INTAKE_RECEIVED,
  };
  g_autoptr (MdDecisionMessage) message = md_decision_message_decode (body, NULL);
  g_autoptr (MdDecision) decision
      = message != NULL ? md_decision_parse (message->decision, NULL) : NULL;
  MdOutboxIntake *says;

  if (decision == NULL)
    return NULL;
  says = g_new0 (MdOutboxIntake, 1);
  says->id = g_strdup (decision->intake);
  says->state = states[decision->kind];
  says->decided_by = g_strdup (decision->officer);
  says->reason_code = g_strdup (decision->reason_code);
  says->signature_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, message->signature);
  if (decision->kind == MD_DECISION_CHECK)
    {
      says->checked_by = g_strdup (decision->officer);
      says->checked = g_strdup (decision->time);
    }
  *out_n = decision->n;
  return says;
}

MdOutboxIntake *
backup_read_item (GBytes *body, guint *out_n)
{
  g_autoptr (MdContainer) container = md_container_parse (body, NULL);
  g_autoptr (MdCmsSigner) signer = NULL;

  if (container == NULL)
    return read_decision (body, out_n);
  if (!md_container_verify_signature (container, &signer, NULL))
    return NULL;
  *out_n = 1;
  return read_container (container);
}
