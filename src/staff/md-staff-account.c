// SPDX-License-Identifier: Apache-2.0
#include "md-staff-account-private.h"
#include "md-staff-desk.h"

static const MdDbMigration migrations[] = {
  { "accounts",
    "CREATE TABLE staff_account ("
    " id TEXT PRIMARY KEY, verifier TEXT NOT NULL, failed INTEGER NOT NULL DEFAULT 0,"
    " locked_until_ms INTEGER NOT NULL DEFAULT 0, last_login TEXT) STRICT, WITHOUT ROWID" },
};

gboolean
md_staff_migrate (MdDb *db, GError **error)
{
  return md_db_migrate (db, "staff", migrations, G_N_ELEMENTS (migrations), error);
}

void
_md_staff_account_free (MdStaffAccount *account)
{
  if (account == NULL)
    return;
  md_password_verifier_unref (account->verifier);
  g_free (account->last_login);
  g_free (account);
}

MdStaffAccount *
_md_staff_account_read (MdDb *db, const char *staff, GError **error)
{
  g_autoptr (MdStaffAccount) account = g_new0 (MdStaffAccount, 1);
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      db, "SELECT verifier, failed, locked_until_ms, last_login FROM staff_account WHERE id = ?1",
      staff, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return NULL;
  if (step == MD_DB_STEP_ROW)
    {
      account->verifier = md_password_verifier_parse (md_db_column_text (statement, 0), error);
      if (account->verifier == NULL)
        return NULL;
      account->failed = (guint)md_db_column_int (statement, 1);
      account->locked_until_ms = md_db_column_int (statement, 2);
      account->last_login = md_db_column_dup (statement, 3);
    }
  return g_steal_pointer (&account);
}

gboolean
_md_staff_account_write_password (MdDb *db, const char *staff, const MdPasswordVerifier *verifier,
                                  GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      db,
      "INSERT INTO staff_account (id, verifier) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET"
      " verifier = excluded.verifier, failed = 0, locked_until_ms = 0",
      error);
  g_autofree char *text = md_password_verifier_to_string (verifier);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, staff);
  md_db_bind_text (statement, 2, text);
  return md_db_run (statement, error);
}

gboolean
_md_staff_account_write_failure (MdDb *db, const char *staff, guint failed, gint64 locked_until_ms,
                                 GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      db, "UPDATE staff_account SET failed = ?2, locked_until_ms = ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, staff);
  md_db_bind_int (statement, 2, failed);
  md_db_bind_int (statement, 3, locked_until_ms);
  return md_db_run (statement, error);
}

gboolean
_md_staff_account_write_login (MdDb *db, const char *staff, const char *time, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      db, "UPDATE staff_account SET failed = 0, locked_until_ms = 0, last_login = ?2 WHERE id = ?1",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, staff);
  md_db_bind_text (statement, 2, time);
  return md_db_run (statement, error);
}
