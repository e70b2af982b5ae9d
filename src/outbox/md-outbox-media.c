// SPDX-License-Identifier: Apache-2.0
/* The registered media themselves. */
#include <glib/gi18n.h>

#include "md-outbox-medium.h"
#include "md-outbox-private.h"

#define IS_OUT " IN ('released', 'written', 'returned', 'unclear')"

void
md_outbox_medium_free (MdOutboxMedium *medium)
{
  if (medium == NULL)
    return;
  g_free (medium->id);
  g_free (medium->registered);
  g_free (medium->retired);
  g_free (medium->bundle);
  g_free (medium->disposed);
  g_free (medium->method);
  g_free (medium);
}

gboolean
_md_outbox_refuse (GError **error, MdOutboxError code, const char *message)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, (gint)code, message);
  return FALSE;
}

gboolean
_md_outbox_finds (MdOutbox *self, const char *query, const char *text, const char *other,
                  gboolean *out_finds, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, query, text, error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  if (other != NULL)
    md_db_bind_text (statement, 2, other);
  step = md_db_step (statement, error);
  *out_finds = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

gboolean
md_outbox_register_medium (MdOutbox *self, const char *id, const char *key,
                           const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *now = _md_outbox_now_text (self);
  gboolean known = FALSE;

  if (transaction == NULL
      || !_md_outbox_finds (self, "SELECT 1 FROM medium WHERE id = ?1 OR key_sha256 = ?2", id, key,
                            &known, error))
    return FALSE;
  if (known)
    return _md_outbox_refuse (
        error, MD_OUTBOX_ERROR_CONFLICT,
        _ ("A medium of this name, or with this key, is registered already. Give every "
           "medium a name of its own."));
  statement = md_db_prepare_for (
      self->db, "INSERT INTO medium (id, key_sha256, registered) VALUES (?1, ?2, ?3)", id, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, key);
  md_db_bind_text (statement, 3, now);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, entry, id, key, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
check_not_out (MdOutbox *self, const char *id, GError **error)
{
  gboolean out = FALSE;

  if (!_md_outbox_finds (self, "SELECT 1 FROM medium_bundle WHERE medium = ?1 AND state" IS_OUT, id,
                         NULL, &out, error))
    return FALSE;
  return !out
         || _md_outbox_refuse (
             error, MD_OUTBOX_ERROR_STATE,
             _ ("By the ledger this medium is still out, or not yet erased. Enter what "
                "became of it first: bring it back and erase it, or enter it as lost."));
}

gboolean
md_outbox_retire_medium (MdOutbox *self, const char *id, const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *now = _md_outbox_now_text (self);
  gboolean used = FALSE;

  if (transaction == NULL
      || !_md_outbox_finds (self, "SELECT 1 FROM medium WHERE id = ?1 AND retired IS NULL", id,
                            NULL, &used, error))
    return FALSE;
  if (!used)
    return _md_outbox_refuse (error, MD_OUTBOX_ERROR_UNKNOWN,
                              _ ("No medium of this name is in use."));
  if (!check_not_out (self, id, error))
    return FALSE;
  statement
      = md_db_prepare_for (self->db, "UPDATE medium SET retired = ?2 WHERE id = ?1", id, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, now);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, entry, id, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_dispose_medium (MdOutbox *self, const char *id, const char *method,
                          const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  g_autofree char *now = _md_outbox_now_text (self);
  gboolean there = FALSE;

  if (transaction == NULL
      || !_md_outbox_finds (self, "SELECT 1 FROM medium WHERE id = ?1 AND disposed IS NULL", id,
                            NULL, &there, error))
    return FALSE;
  if (!there)
    return _md_outbox_refuse (error, MD_OUTBOX_ERROR_UNKNOWN,
                              _ ("No medium of this name is registered that was not disposed of."));
  if (!check_not_out (self, id, error))
    return FALSE;
  statement = md_db_prepare_for (self->db,
                                 "UPDATE medium SET disposed = ?2, method = ?3,"
                                 " retired = coalesce (retired, ?2) WHERE id = ?1",
                                 id, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, now);
  md_db_bind_text (statement, 3, method);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, entry, id, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gpointer
read_medium (MdDbStatement *statement)
{
  MdOutboxMedium *medium = g_new0 (MdOutboxMedium, 1);

  medium->id = md_db_column_dup (statement, 0);
  medium->registered = md_db_column_dup (statement, 1);
  medium->retired = md_db_column_dup (statement, 2);
  medium->bundle = md_db_column_dup (statement, 3);
  medium->disposed = md_db_column_dup (statement, 4);
  medium->method = md_db_column_dup (statement, 5);
  return medium;
}

GPtrArray *
md_outbox_list_media (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "SELECT id, registered, retired, (SELECT b.id FROM medium_bundle b"
      " WHERE b.medium = medium.id AND b.state" IS_OUT " LIMIT 1), disposed, method"
      " FROM medium ORDER BY id",
      error);

  return statement != NULL
             ? md_db_collect (statement, read_medium, (GDestroyNotify)md_outbox_medium_free, error)
             : NULL;
}

gboolean
md_outbox_check_medium (MdOutbox *self, const char *id, const char *key, GError **error)
{
  gboolean known = FALSE;

  if (!_md_outbox_finds (
          self, "SELECT 1 FROM medium WHERE id = ?1 AND key_sha256 = ?2 AND retired IS NULL", id,
          key, &known, error))
    return FALSE;
  if (!known)
    return _md_outbox_refuse (
        error, MD_OUTBOX_ERROR_STATE,
        _ ("This is not the registered medium of that name, or it was taken out of use. "
           "Nothing is written to any other."));
  return check_not_out (self, id, error);
}
