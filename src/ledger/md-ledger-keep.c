// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

/* What a ledger keeps beside its items: the policies that were in force, and the keys of
 * the nonces. */

/* --- Policies --- */

/* The digest of the policy kept under this number, or NULL. */
static gboolean
find_policy (MdDb *db, guint version, char **out_digest, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db, "SELECT digest FROM ledger_policies WHERE version = ?1", error);
  MdDbStep step = MD_DB_STEP_ERROR;

  *out_digest = NULL;
  if (query == NULL)
    return FALSE;
  md_db_bind_int (query, 1, version);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ROW)
    *out_digest = md_db_column_dup (query, 0);
  return step != MD_DB_STEP_ERROR;
}

static gboolean
insert_policy (MdDb *db, MdAudit *audit, const MdLedgerPolicy *policy, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("version=%u", policy->version);
  MdAuditEntry record
      = { .event = "policy", .outcome = MD_AUDIT_DONE, .digest = policy->digest, .detail = detail };
  g_autoptr (MdDbStatement) insert
      = md_db_prepare (db,
                       "INSERT INTO ledger_policies (version, digest, bundle, taken)"
                       " VALUES (?1, ?2, ?3, ?4)",
                       error);

  if (insert == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, policy->version);
  md_db_bind_text (insert, 2, policy->digest);
  md_db_bind_bytes (insert, 3, policy->bundle);
  md_db_bind_int (insert, 4, policy->taken);
  return md_db_run (insert, error) && md_audit_append (audit, &record, error);
}

gboolean
_md_ledger_db_keep_policy (MdDb *db, MdAudit *audit, const MdLedgerPolicy *policy, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);
  g_autofree char *known = NULL;

  if (transaction == NULL || !find_policy (db, policy->version, &known, error))
    return FALSE;
  if (known != NULL && g_strcmp0 (known, policy->digest) != 0)
    {
      g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED,
                   "The store has another policy of version %u", policy->version);
      return FALSE;
    }
  return known != NULL
         || (insert_policy (db, audit, policy, error)
             && md_db_commit (g_steal_pointer (&transaction), error));
}

static gpointer
read_policy (MdDbStatement *row)
{
  MdLedgerPolicy *policy = g_new0 (MdLedgerPolicy, 1);

  policy->version = (guint)md_db_column_int (row, 0);
  policy->digest = md_db_column_dup (row, 1);
  policy->bundle = md_db_column_bytes (row, 2);
  policy->taken = md_db_column_int (row, 3);
  return policy;
}

GPtrArray *
_md_ledger_db_list_policies (MdDb *db, guint after, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT version, digest, bundle, taken FROM ledger_policies"
                       " WHERE version > ?1 ORDER BY version",
                       error);

  if (query == NULL)
    return NULL;
  md_db_bind_int (query, 1, after);
  return md_db_collect (query, read_policy, (GDestroyNotify)md_ledger_policy_free, error);
}

/* --- The keys of nonces --- */

static void
nonce_key_free (gpointer data)
{
  MdLedgerNonceKey *key = data;

  md_secret_unref (key->key);
  g_free (key);
}

gboolean
_md_ledger_db_add_nonce_key (MdDb *db, const MdLedgerNonceKey *key, GError **error)
{
  g_autoptr (MdDbStatement) insert
      = md_db_prepare (db,
                       "INSERT INTO ledger_nonce_keys (number, made, key)"
                       " VALUES (?1, ?2, ?3) ON CONFLICT (number) DO NOTHING",
                       error);
  g_autoptr (GBytes) bytes
      = md_bytes_new_wiped (md_secret_get_data (key->key), md_secret_get_size (key->key));

  if (insert == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, key->number);
  md_db_bind_int (insert, 2, key->made);
  md_db_bind_bytes (insert, 3, bytes);
  return md_db_run (insert, error);
}

static gpointer
read_nonce_key (MdDbStatement *row)
{
  MdLedgerNonceKey *key = g_new0 (MdLedgerNonceKey, 1);
  gsize size = 0;
  gpointer clear = g_bytes_unref_to_data (md_db_column_bytes (row, 2), &size);

  key->number = (guint)md_db_column_int (row, 0);
  key->made = md_db_column_int (row, 1);
  key->key = md_secret_new_from_data (clear, size);
  md_wipe (clear, size);
  g_free (clear);
  return key;
}

GPtrArray *
_md_ledger_db_list_nonce_keys (MdDb *db, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare (
      db, "SELECT number, made, key FROM ledger_nonce_keys ORDER BY number", error);

  return query != NULL ? md_db_collect (query, read_nonce_key, nonce_key_free, error) : NULL;
}
