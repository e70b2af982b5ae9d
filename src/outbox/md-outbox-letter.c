// SPDX-License-Identifier: Apache-2.0
/* Accepted letters of delegation, and the intakes that are filed by them. */
#include <glib/gi18n.h>

#include "md-outbox-letter.h"
#include "md-outbox-private.h"

/* Between the procedures of a letter: in no id. */
#define BETWEEN " "

void
md_outbox_letter_free (MdOutboxLetter *letter)
{
  if (letter == NULL)
    return;
  g_free (letter->intake);
  g_free (letter->receipt_number);
  g_free (letter->decision_sha256);
  g_strfreev (letter->procedures);
  g_free (letter->from);
  g_free (letter->to);
  g_free (letter->principal);
  g_free (letter->delegate);
  g_free (letter->given_back);
  g_free (letter->given_back_at);
  g_free (letter);
}

gboolean
_md_outbox_keep_letter (MdOutbox *self, const char *id, const MdOutboxLetter *letter,
                        GError **error)
{
  g_autofree char *procedures = g_strjoinv (BETWEEN, letter->procedures);
  const char *values[] = { id,         letter->decision_sha256, procedures,      letter->from,
                           letter->to, letter->principal,       letter->delegate };
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "INSERT INTO letter (intake, decision_sha256, procedures, valid_from,"
                       " valid_to, principal, delegate) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       error);

  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    md_db_bind_text (statement, (int)i + 1, values[i]);
  return md_db_run (statement, error);
}

gboolean
_md_outbox_change_letter (MdOutbox *self, const MdOutboxLetter *letter, const char *amends,
                          GError **error)
{
  g_autofree char *procedures = g_strjoinv (BETWEEN, letter->procedures);
  const char *values[]
      = { letter->intake, amends, letter->decision_sha256, procedures, letter->to };
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "UPDATE letter SET decision_sha256 = ?3, procedures = ?4, valid_to = ?5,"
                       " ended = ?6 WHERE intake = ?1 AND decision_sha256 = ?2 AND ended = 0"
                       " RETURNING 1",
                       error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    md_db_bind_text (statement, (int)i + 1, values[i]);
  md_db_bind_int (statement, G_N_ELEMENTS (values) + 1, letter->ended ? 1 : 0);
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_DONE)
    g_set_error_literal (
        error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
        _ ("The letter of delegation was changed or ended since this was taken in. Return it, and "
           "take it in anew from what the letter says now."));
  return step == MD_DB_STEP_ROW;
}

static MdOutboxLetter *
read_letter (MdDbStatement *statement)
{
  MdOutboxLetter *letter = g_new0 (MdOutboxLetter, 1);

  letter->intake = md_db_column_dup (statement, 0);
  letter->receipt_number = md_db_column_dup (statement, 1);
  letter->decision_sha256 = md_db_column_dup (statement, 2);
  letter->procedures = g_strsplit (md_db_column_text (statement, 3), BETWEEN, -1);
  letter->from = md_db_column_dup (statement, 4);
  letter->to = md_db_column_dup (statement, 5);
  letter->principal = md_db_column_dup (statement, 6);
  letter->delegate = md_db_column_dup (statement, 7);
  letter->ended = md_db_column_int (statement, 8) != 0;
  letter->given_back = md_db_column_dup (statement, 9);
  letter->given_back_at = md_db_column_dup (statement, 10);
  return letter;
}

static MdOutboxLetter *
find (MdOutbox *self, const char *sql, const char *name, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, sql, name, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ROW)
    return read_letter (statement);
  if (step == MD_DB_STEP_DONE)
    g_set_error_literal (
        error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN,
        _ ("No accepted letter of delegation with this number is known. Check the number, or go on "
           "with the letter on paper."));
  return NULL;
}

#define COLUMNS                                                                                    \
  "l.intake, i.receipt_number, l.decision_sha256, l.procedures, l.valid_from, l.valid_to,"         \
  " l.principal, l.delegate, l.ended,"                                                             \
  " (SELECT n.intake FROM notice n JOIN intake b ON b.id = n.intake WHERE b.id = l.intake"         \
  "  OR (b.cites = l.intake AND b.changes = 1) ORDER BY n.number LIMIT 1), NULL"                   \
  " FROM letter l JOIN intake i ON i.id = l.intake"

MdOutboxLetter *
md_outbox_find_letter (MdOutbox *self, const char *receipt_number, GError **error)
{
  return find (self, "SELECT " COLUMNS " WHERE i.receipt_number = ?1", receipt_number, error);
}

#define ELSEWHERE                                                                                  \
  "SELECT intake, receipt_number, decision_sha256, procedures, valid_from, valid_to, principal,"   \
  " delegate, ended, iif (given_back IS NULL, NULL, intake), given_back"                           \
  " FROM letter_elsewhere WHERE intake = ?1"

MdOutboxLetter *
md_outbox_get_letter (MdOutbox *self, const char *intake, GError **error)
{
  g_autoptr (GError) local = NULL;
  MdOutboxLetter *letter = find (self, "SELECT " COLUMNS " WHERE l.intake = ?1", intake, &local);

  if (letter == NULL && g_error_matches (local, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN))
    {
      letter = find (self, ELSEWHERE, intake, error);
      if (letter != NULL)
        letter->elsewhere = TRUE;
    }
  else if (letter == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return letter;
}

gboolean
md_outbox_gave_number (MdOutbox *self, const char *receipt_number, gboolean *out_gave,
                       GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT 1 FROM intake WHERE receipt_number = ?1", receipt_number, error);
  MdDbStep step = statement != NULL ? md_db_step (statement, error) : MD_DB_STEP_ERROR;

  *out_gave = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

gboolean
md_outbox_keep_elsewhere (MdOutbox *self, const MdOutboxLetter *letter, GError **error)
{
  g_autofree char *procedures = g_strjoinv (BETWEEN, letter->procedures);
  const char *values[]
      = { letter->intake, letter->receipt_number, letter->decision_sha256, procedures, letter->from,
          letter->to,     letter->principal,      letter->delegate };
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "INSERT OR REPLACE INTO letter_elsewhere (intake, receipt_number,"
                       " decision_sha256, procedures, valid_from, valid_to, principal, delegate,"
                       " ended, given_back) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                       error);

  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    md_db_bind_text (statement, (int)i + 1, values[i]);
  md_db_bind_int (statement, G_N_ELEMENTS (values) + 1, letter->ended ? 1 : 0);
  md_db_bind_text (statement, G_N_ELEMENTS (values) + 2, letter->given_back_at);
  return md_db_run (statement, error);
}

static gboolean
update_cited (MdOutbox *self, const char *id, const char *letter, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "UPDATE intake SET cites = ?2 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_text (statement, 2, letter);
  return md_db_run (statement, error);
}

gboolean
md_outbox_cite (MdOutbox *self, const char *id, const char *letter, const MdAuditEntry *entry,
                GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake = transaction != NULL ? md_outbox_get (self, id, error) : NULL;

  if (intake == NULL)
    return FALSE;
  if (intake->state != MD_INTAKE_RESERVED)
    return _md_outbox_refuse_state (intake, error);
  return update_cited (self, id, letter, error)
         && _md_outbox_append_audit (self, entry, id, NULL, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

char *
md_outbox_dup_cited (MdOutbox *self, const char *id, GError **error)
{
  return _md_outbox_dup_text (self, "SELECT coalesce (cites, '') FROM intake WHERE id = ?1", id,
                              error);
}

/* --- Long over --- */

static gboolean delete (MdOutbox *self, const char *sql, const char *intake, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, sql, intake, error);

  return statement != NULL && md_db_run (statement, error);
}

static gboolean
forget (MdOutbox *self, const char *intake, GError **error)
{
  MdAuditEntry entry = { .event = "erase",
                         .outcome = MD_AUDIT_DONE,
                         .object = intake,
                         .detail = "kind=letter count=1 what=letter" };

  return delete (self, "DELETE FROM letter WHERE intake = ?1", intake, error)
         && delete (self, "DELETE FROM letter_elsewhere WHERE intake = ?1", intake, error)
         && md_audit_append (self->audit, &entry, error);
}

/* Those that are over, and cited by nothing that is still being taken in. */
static GPtrArray *
list_over (MdOutbox *self, const char *day, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare_for (self->db,
                           "SELECT l.intake FROM (SELECT intake, valid_to FROM letter UNION ALL"
                           " SELECT intake, valid_to FROM letter_elsewhere) l"
                           " WHERE l.valid_to < ?1 AND NOT EXISTS"
                           " (SELECT 1 FROM intake i WHERE i.cites = l.intake"
                           "  AND i.state IN ('reserved', 'received'))",
                           day, error);

  return statement != NULL ? md_db_collect (statement, md_db_read_text, g_free, error) : NULL;
}

/* Looked for first, because mostly there is nothing to write. */
gboolean
md_outbox_forget_letters (MdOutbox *self, const char *day, GError **error)
{
  g_autoptr (GPtrArray) over = list_over (self, day, error);
  g_autoptr (MdDbTransaction) transaction = NULL;

  if (over == NULL || over->len == 0)
    return over != NULL;
  transaction = md_db_begin (self->db, error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < over->len; i++)
    if (!forget (self, over->pdata[i], error))
      return FALSE;
  return md_db_commit (g_steal_pointer (&transaction), error);
}
