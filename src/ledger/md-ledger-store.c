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
  g_free (entry);
}

gboolean
_md_ledger_is_final (const char *decision)
{
  return decision != NULL && g_strcmp0 (decision, "return") != 0;
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
md_ledger_note (MdLedger *self, const MdAuditEntry *entry, GError **error)
{
  g_return_val_if_fail (MD_IS_LEDGER (self), FALSE);

  return MD_LEDGER_GET_IFACE (self)->note (self, entry, error);
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
