// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

G_DEFINE_QUARK (md_ledger_error_quark, md_ledger_error)
G_DEFINE_INTERFACE (MdLedger, md_ledger, G_TYPE_OBJECT)

static void
md_ledger_default_init (MdLedgerInterface *iface)
{
}

MdLedgerEntry *
md_ledger_entry_new (void)
{
  return g_new0 (MdLedgerEntry, 1);
}

void
md_ledger_entry_free (MdLedgerEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->intake);
  g_free (entry->digest);
  g_free (entry->received);
  g_free (entry->office);
  g_free (entry->terminal);
  g_free (entry->receipt_number);
  g_free (entry->procedure);
  g_free (entry->officer);
  g_free (entry->decision);
  g_free (entry->replaces);
  g_free (entry->policy_digest);
  g_free (entry->nonce);
  g_free (entry->nonce_fresh);
  g_free (entry->letter);
  g_free (entry->cites);
  g_free (entry->allows);
  g_free (entry->amends);
  g_free (entry);
}

MdLedgerEntry *
md_ledger_entry_copy (const MdLedgerEntry *entry)
{
  MdLedgerEntry *copy = md_ledger_entry_new ();

  copy->sequence = entry->sequence;
  copy->intake = g_strdup (entry->intake);
  copy->n = entry->n;
  copy->digest = g_strdup (entry->digest);
  copy->received = g_strdup (entry->received);
  copy->office = g_strdup (entry->office);
  copy->terminal = g_strdup (entry->terminal);
  copy->receipt_number = g_strdup (entry->receipt_number);
  copy->procedure = g_strdup (entry->procedure);
  copy->officer = g_strdup (entry->officer);
  copy->decision = g_strdup (entry->decision);
  copy->policy_version = entry->policy_version;
  copy->replaces = g_strdup (entry->replaces);
  copy->policy_digest = g_strdup (entry->policy_digest);
  copy->nonce = g_strdup (entry->nonce);
  copy->nonce_fresh = g_strdup (entry->nonce_fresh);
  copy->letter = g_strdup (entry->letter);
  copy->cites = g_strdup (entry->cites);
  copy->allows = g_strdup (entry->allows);
  copy->amends = g_strdup (entry->amends);
  copy->number_from = entry->number_from;
  copy->number_to = entry->number_to;
  return copy;
}

void
md_ledger_policy_free (MdLedgerPolicy *policy)
{
  if (policy == NULL)
    return;
  g_free (policy->digest);
  g_clear_pointer (&policy->bundle, g_bytes_unref);
  g_free (policy);
}

MdLedgerPut
md_ledger_put (MdLedger *self, const MdLedgerEntry *entry, GBytes *body,
               MdLedgerReceiptFunc make_receipt, gpointer user_data, GBytes **out_receipt,
               GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && entry->n > 0, MD_LEDGER_PUT_FAILED);

  return MD_LEDGER_GET_IFACE (self)->put (self, entry, body, make_receipt, user_data, out_receipt,
                                          error);
}

MdLedgerEntry *
md_ledger_look_up (MdLedger *self, const char *intake, guint n, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->look_up (self, intake, n, error);
}

gboolean
md_ledger_fetch (MdLedger *self, const char *intake, guint n, GBytes **out_body,
                 GBytes **out_receipt, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->fetch (self, intake, n, out_body, out_receipt, error);
}

GPtrArray *
md_ledger_list (MdLedger *self, guint64 after, guint limit, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list (self, after, limit, error);
}

gboolean
md_ledger_keep_policy (MdLedger *self, const MdLedgerPolicy *policy, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->keep_policy (self, policy, error);
}

GPtrArray *
md_ledger_list_policies (MdLedger *self, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return md_ledger_list_newer_policies (self, 0, error);
}

GPtrArray *
md_ledger_list_newer_policies (MdLedger *self, guint version, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_policies (self, version, error);
}

gboolean
md_ledger_add_nonce_key (MdLedger *self, const MdLedgerNonceKey *key, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->add_nonce_key (self, key, error);
}

GPtrArray *
md_ledger_list_nonce_keys (MdLedger *self, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_nonce_keys (self, error);
}

gboolean
md_ledger_complete (MdLedger *self, const MdLedgerCompletion *completion, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && completion->evidence != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->complete (self, completion, error);
}

MdLedgerCompletion *
md_ledger_look_up_completion (MdLedger *self, const char *intake, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->look_up_completion (self, intake, error);
}

gboolean
md_ledger_bind (MdLedger *self, const MdLedgerBinding *binding, const char *officer, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && binding->number != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->bind (self, binding, officer, error);
}

GPtrArray *
md_ledger_list_bound (MdLedger *self, const MdLedgerBinding *binding, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && binding->number != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->list_bound (self, binding, error);
}

gboolean
md_ledger_confirm (MdLedger *self, const MdLedgerConfirmation *confirmation, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->confirm (self, confirmation, error);
}

GPtrArray *
md_ledger_list_confirmations (MdLedger *self, const char *intake, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && intake != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->list_confirmations (self, intake, error);
}

gboolean
md_ledger_add (MdLedger *self, const MdLedgerAddition *addition, const char *note, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && addition->body != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->add (self, addition, note, error);
}

GPtrArray *
md_ledger_list_additions (MdLedger *self, const char *intake, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && intake != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->list_additions (self, intake, error);
}

gboolean
md_ledger_add_notice (MdLedger *self, const MdLedgerNotice *notice, MdLedgerNoticeFunc make,
                      gpointer user_data, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && make != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->add_notice (self, notice, make, user_data, error);
}

MdLedgerNotice *
md_ledger_look_up_notice (MdLedger *self, const char *intake, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && intake != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->look_up_notice (self, intake, error);
}

MdLedgerNotice *
md_ledger_hand_out_notice (MdLedger *self, const char *office, const char *terminal, guint number,
                           GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && number > 0, NULL);

  return MD_LEDGER_GET_IFACE (self)->hand_out_notice (self, office, terminal, number, error);
}

void
md_ledger_letter_clear (MdLedgerLetter *letter)
{
  g_clear_pointer (&letter->intake, g_free);
  g_clear_pointer (&letter->next, g_free);
  g_clear_pointer (&letter->given_back, g_free);
}

gboolean
md_ledger_look_up_letter (MdLedger *self, const char *decision, MdLedgerLetter *out_letter,
                          GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && decision != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->look_up_letter (self, decision, out_letter, error);
}

MdLedgerEntry *
md_ledger_find_letter (MdLedger *self, const char *office, const char *receipt_number,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && office != NULL && receipt_number != NULL, NULL);

  return MD_LEDGER_GET_IFACE (self)->find_letter (self, office, receipt_number, error);
}

gboolean
md_ledger_tell_numbers (MdLedger *self, const MdLedgerStanding *told, MdLedgerNumbers *out,
                        GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && told->size > 0, FALSE);

  return MD_LEDGER_GET_IFACE (self)->tell_numbers (self, told, out, error);
}

MdLedgerChunk
md_ledger_add_chunk (MdLedger *self, const MdLedgerUpload *upload, guint64 offset, GBytes *body,
                     guint64 *out_stands, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && body != NULL, MD_LEDGER_CHUNK_FAILED);

  return MD_LEDGER_GET_IFACE (self)->add_chunk (self, upload, offset, body, out_stands, error);
}

gboolean
md_ledger_look_up_upload (MdLedger *self, const MdLedgerUpload *upload, guint64 *out_size,
                          guint64 *out_stands, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->look_up_upload (self, upload, out_size, out_stands, error);
}

MdLedgerWhole
md_ledger_join_chunks (MdLedger *self, const MdLedgerUpload *upload, GBytes **out_body,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), MD_LEDGER_WHOLE_FAILED);

  return MD_LEDGER_GET_IFACE (self)->join_chunks (self, upload, out_body, error);
}

gboolean
md_ledger_drop_upload (MdLedger *self, const MdLedgerUpload *upload, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->drop_upload (self, upload, error);
}

gboolean
md_ledger_sweep_uploads (MdLedger *self, gint64 before, guint *out_erased, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->sweep_uploads (self, before, out_erased, error);
}

void
md_ledger_set_office (MdLedger *self, const char *office)
{
  g_return_if_fail (MD_IS_LEDGER (self) && office != NULL);

  MD_LEDGER_GET_IFACE (self)->set_office (self, office);
}

gboolean
md_ledger_note (MdLedger *self, const MdAuditEntry *entry, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->note (self, entry, error);
}

gboolean
md_ledger_note_refusal (MdLedger *self, const MdLedgerRefusal *refusal, const MdAuditEntry *entry,
                        gboolean *out_recorded, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self) && refusal->code != NULL, FALSE);

  return MD_LEDGER_GET_IFACE (self)->note_refusal (self, refusal, entry, out_recorded, error);
}

GPtrArray *
md_ledger_list_refusals (MdLedger *self, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_refusals (self, error);
}

void
md_ledger_set_room (MdLedger *self, gboolean room)
{
  g_return_if_fail (MD_IS_LEDGER (self));

  MD_LEDGER_GET_IFACE (self)->set_room (self, room);
}

gboolean
md_ledger_settle_refusals (MdLedger *self, gboolean all, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->settle_refusals (self, all, error);
}

gboolean
md_ledger_verify_audit (MdLedger *self, MdAuditReport *out_report, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->verify_audit (self, out_report, error);
}

gboolean
md_ledger_count (MdLedger *self, guint64 *out_intakes, guint64 *out_decisions, guint64 *out_notes,
                 GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->count (self, out_intakes, out_decisions, out_notes, error);
}

gboolean
md_ledger_count_looks (MdLedger *self, const char *officer, const char *since, guint *out_n,
                       GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->count_looks (self, officer, since, out_n, error);
}

GPtrArray *
md_ledger_list_done (MdLedger *self, const char *event, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), NULL);

  return MD_LEDGER_GET_IFACE (self)->list_done (self, event, error);
}
