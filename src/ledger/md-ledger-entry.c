// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* The columns of an item, in the order of COLUMNS (md-ledger-db.c). */
gpointer
_md_ledger_db_read_entry (MdDbStatement *row)
{
  MdLedgerEntry *entry = md_ledger_entry_new ();

  entry->sequence = (guint64)md_db_column_int (row, 0);
  entry->intake = md_db_column_dup (row, 1);
  entry->n = (guint)md_db_column_int (row, 2);
  entry->digest = md_db_column_dup (row, 3);
  entry->received = md_db_column_dup (row, 4);
  entry->office = md_db_column_dup (row, 5);
  entry->terminal = md_db_column_dup (row, 6);
  entry->receipt_number = md_db_column_dup (row, 7);
  entry->procedure = md_db_column_dup (row, 8);
  entry->officer = md_db_column_dup (row, 9);
  entry->decision = md_db_column_dup (row, 10);
  entry->policy_version = (guint)md_db_column_int (row, 11);
  entry->replaces = md_db_column_dup (row, 12);
  entry->policy_digest = md_db_column_dup (row, 13);
  entry->nonce = md_db_column_dup (row, 14);
  entry->nonce_fresh = md_db_column_dup (row, 15);
  return entry;
}
