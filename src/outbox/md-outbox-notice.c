// SPDX-License-Identifier: Apache-2.0
/* What the back office told this terminal in writing. */
#include <glib/gi18n.h>

#include "md-outbox-notice.h"
#include "md-outbox-private.h"

gboolean
md_outbox_last_notice (MdOutbox *self, guint *out_number, char **out_digest, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db, "SELECT number, digest FROM notice ORDER BY number DESC LIMIT 1", error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return FALSE;
  *out_number = step == MD_DB_STEP_ROW ? (guint)md_db_column_int (statement, 0) : 0;
  *out_digest = g_strdup (step == MD_DB_STEP_ROW ? md_db_column_text (statement, 1) : "");
  return TRUE;
}

static gboolean
is_next (MdOutbox *self, const MdOutboxNotice *notice, GError **error)
{
  g_autofree char *digest = NULL;
  guint last = 0;

  if (!md_outbox_last_notice (self, &last, &digest, error))
    return FALSE;
  if (notice->number == last + 1)
    return TRUE;
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT,
                       _ ("The notice of the back office is not the next one. Tell the "
                          "administrator."));
  return FALSE;
}

static gboolean
may_be_given_back (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self, id, error);

  if (intake == NULL)
    return FALSE;
  return (intake->state == MD_INTAKE_APPROVED && intake->notice == 0)
         || _md_outbox_refuse_state (intake, error);
}

gboolean
md_outbox_keep_notice (MdOutbox *self, const MdOutboxNotice *notice, const MdAuditEntry *entry,
                       GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL || !is_next (self, notice, error)
      || (notice->intake != NULL && !may_be_given_back (self, notice->intake, error)))
    return FALSE;
  statement = md_db_prepare (
      self->db, "INSERT INTO notice (number, digest, body, intake) VALUES (?1, ?2, ?3, ?4)", error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, notice->number);
  md_db_bind_text (statement, 2, notice->digest);
  md_db_bind_bytes (statement, 3, notice->body);
  md_db_bind_text (statement, 4, notice->intake);
  return md_db_run (statement, error)
         && _md_outbox_append_audit (self, entry, notice->intake, notice->digest, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static gboolean
refuse_unknown (GError **error)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN,
                       _ ("The back office has sent no notice about this application."));
  return FALSE;
}

GBytes *
md_outbox_get_notice (MdOutbox *self, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT body FROM notice WHERE intake = ?1 AND length (body) > 0", intake, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_DONE)
    (void)refuse_unknown (error);
  return step == MD_DB_STEP_ROW ? md_db_column_bytes (statement, 0) : NULL;
}

/* Whether the notice is there, and nobody has read it. */
static gboolean
is_unread (MdOutbox *self, const char *intake, gboolean *out_unread, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT read_ms IS NULL FROM notice WHERE intake = ?1", intake, error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_DONE)
    return refuse_unknown (error);
  *out_unread = step == MD_DB_STEP_ROW && md_db_column_int (statement, 0) != 0;
  return step == MD_DB_STEP_ROW;
}

gboolean
md_outbox_read_notice (MdOutbox *self, const char *intake, const MdAuditEntry *entry,
                       GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;
  gboolean unread = FALSE;

  if (transaction == NULL || !is_unread (self, intake, &unread, error))
    return FALSE;
  if (!unread)
    return TRUE;
  statement = md_db_prepare (
      self->db, "UPDATE notice SET read_ms = ?2, read_by = ?3 WHERE intake = ?1", error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, intake);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  md_db_bind_text (statement, 3, entry->staff);
  return md_db_run (statement, error) && _md_outbox_append_audit (self, entry, intake, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
