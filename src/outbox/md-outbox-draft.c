// SPDX-License-Identifier: Apache-2.0
/* Applications that wait for their clerk to go on. */
#include <glib/gi18n.h>

#include "md-outbox-draft.h"
#include "md-outbox-private.h"

void
md_outbox_draft_free (MdOutboxDraft *draft)
{
  if (draft == NULL)
    return;
  g_free (draft->id);
  g_free (draft->procedure);
  g_free (draft->clerk);
  g_free (draft->begun);
  g_free (draft->replaces);
  g_free (draft->intake);
  g_free (draft);
}

#define DRAFT_COLUMNS "id, procedure, clerk, begun, until_ms, replaces, intake"

static gpointer
read_draft (MdDbStatement *statement)
{
  MdOutboxDraft *draft = g_new0 (MdOutboxDraft, 1);

  draft->id = g_strdup (md_db_column_text (statement, 0));
  draft->procedure = g_strdup (md_db_column_text (statement, 1));
  draft->clerk = g_strdup (md_db_column_text (statement, 2));
  draft->begun = g_strdup (md_db_column_text (statement, 3));
  draft->until_ms = md_db_column_int (statement, 4);
  draft->replaces = g_strdup (md_db_column_text (statement, 5));
  draft->intake = g_strdup (md_db_column_text (statement, 6));
  return draft;
}

static void
refuse_unknown (GError **error)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN,
                       _ ("This suspended intake is not here any more: somebody erased it, or its "
                          "time was over. Take the application in anew."));
}

static gboolean
refuse_worked_on (GError **error)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE,
                       _ ("This suspended intake is being worked on. Load the list again."));
  return FALSE;
}

static gboolean
run_with (MdOutbox *self, const char *sql, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (self->db, sql, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  return md_db_run (statement, error);
}

/* Of one draft: what was not worked on in its time is gone, whether it was erased already or not.
 */
#define OF_ONE " FROM draft WHERE id = ?1 AND (intake IS NOT NULL OR until_ms > ?2)"

/* The row of the draft ID; NULL also where there is none. */
static MdDbStatement *
find_row (MdOutbox *self, const char *sql, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, sql, id, error);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_DONE)
    refuse_unknown (error);
  return step == MD_DB_STEP_ROW ? g_steal_pointer (&statement) : NULL;
}

MdOutboxDraft *
md_outbox_get_draft (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) row = find_row (self, "SELECT " DRAFT_COLUMNS OF_ONE, id, error);

  return row != NULL ? read_draft (row) : NULL;
}

GBytes *
md_outbox_get_draft_body (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) row = find_row (self, "SELECT body" OF_ONE, id, error);

  return row != NULL ? md_db_column_bytes (row, 0) : NULL;
}

/* What was kept of INTAKE; NULL where nothing was. FALSE with ERROR. */
static gboolean
find_of_intake (MdOutbox *self, const char *intake, MdOutboxDraft **out_draft, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db, "SELECT " DRAFT_COLUMNS " FROM draft WHERE intake = ?1", intake, error);
  MdDbStep step = statement != NULL ? md_db_step (statement, error) : MD_DB_STEP_ERROR;

  *out_draft = step == MD_DB_STEP_ROW ? read_draft (statement) : NULL;
  return step != MD_DB_STEP_ERROR;
}

GPtrArray *
md_outbox_list_drafts (MdOutbox *self, const char *clerk, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "SELECT " DRAFT_COLUMNS " FROM draft WHERE intake IS NULL"
                       " AND (?1 IS NULL OR clerk = ?1) AND until_ms > ?2 ORDER BY id",
                       error);

  if (statement == NULL)
    return NULL;
  md_db_bind_text (statement, 1, clerk);
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  return md_db_collect (statement, read_draft, (GDestroyNotify)md_outbox_draft_free, error);
}

/* --- keeping --- */

static gboolean
check_room (MdOutbox *self, const char *clerk, GError **error)
{
  g_autoptr (GPtrArray) drafts = md_outbox_list_drafts (self, clerk, error);

  if (drafts == NULL)
    return FALSE;
  if (drafts->len < MD_OUTBOX_MAX_DRAFTS)
    return TRUE;
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT,
                       _ ("Too many intakes of yours are suspended here. Continue or erase some of "
                          "them first."));
  return FALSE;
}

/* DRAFT says what it is; its time begins now. */
static gboolean
insert_row (MdOutbox *self, const MdOutboxDraft *draft, const MdOutboxKeep *keep, GError **error)
{
  g_autoptr (MdDbStatement) statement = NULL;

  if (!check_room (self, draft->clerk, error))
    return FALSE;
  statement = md_db_prepare (
      self->db,
      "INSERT INTO draft (id, procedure, clerk, begun, until_ms, replaces, intake, body)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, draft->id);
  md_db_bind_text (statement, 2, draft->procedure);
  md_db_bind_text (statement, 3, draft->clerk);
  md_db_bind_text (statement, 4, draft->begun);
  md_db_bind_int (statement, 5, _md_outbox_now_ms (self) + keep->keep_ms);
  md_db_bind_text (statement, 6, draft->replaces);
  md_db_bind_text (statement, 7, draft->intake);
  md_db_bind_bytes (statement, 8, keep->body);
  return md_db_run (statement, error);
}

static gboolean
insert (MdOutbox *self, const MdOutboxIntake *intake, const MdOutboxKeep *keep, GError **error)
{
  g_autofree char *id = md_uuid7_new (self->clock);
  const MdOutboxDraft draft = { .id = id,
                                .procedure = intake->procedure,
                                .clerk = intake->clerk,
                                .begun = intake->time,
                                .replaces = intake->replaces,
                                .intake = intake->id };

  return insert_row (self, &draft, keep, error);
}

static gboolean
update (MdOutbox *self, const MdOutboxDraft *draft, const MdOutboxKeep *keep, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "UPDATE draft SET body = ?2, until_ms = ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, draft->id);
  md_db_bind_bytes (statement, 2, keep->body);
  md_db_bind_int (statement, 3, _md_outbox_now_ms (self) + keep->keep_ms);
  return md_db_run (statement, error);
}

/* Inside a transaction. */
static gboolean
keep_draft (MdOutbox *self, const MdOutboxKeep *keep, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self, keep->intake, error);
  g_autoptr (MdOutboxDraft) before = NULL;

  if (intake == NULL)
    return FALSE;
  if (intake->state != MD_INTAKE_RESERVED)
    return _md_outbox_refuse_state (intake, error);
  if (!find_of_intake (self, keep->intake, &before, error))
    return FALSE;
  return before != NULL ? update (self, before, keep, error) : insert (self, intake, keep, error);
}

gboolean
md_outbox_keep_draft (MdOutbox *self, const MdOutboxKeep *keep, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && keep_draft (self, keep, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

/* Inside a transaction. */
static gboolean
keep_visit (MdOutbox *self, const MdOutboxIntake *intake, const MdOutboxKeep *keep,
            const char *procedure, GError **error)
{
  g_autofree char *own = g_strdup (procedure);
  const MdOutboxDraft draft
      = { .id = intake->id, .procedure = own, .clerk = intake->clerk, .begun = intake->time };
  g_autoptr (MdDbStatement) worked_on = NULL;
  MdDbStep step;

  if (intake->state == MD_INTAKE_RESERVED || intake->state == MD_INTAKE_ABANDONED)
    return _md_outbox_refuse_state (intake, error);
  worked_on = md_db_prepare_for (
      self->db, "SELECT 1 FROM draft WHERE id = ?1 AND intake IS NOT NULL", intake->id, error);
  step = worked_on != NULL ? md_db_step (worked_on, error) : MD_DB_STEP_ERROR;
  if (step == MD_DB_STEP_ROW)
    return refuse_worked_on (error);
  return step == MD_DB_STEP_DONE
         && run_with (self, "DELETE FROM draft WHERE id = ?1", intake->id, error)
         && insert_row (self, &draft, keep, error);
}

gboolean
md_outbox_keep_visit (MdOutbox *self, const MdOutboxKeep *keep, const char *procedure,
                      GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake
      = transaction != NULL ? md_outbox_get (self, keep->intake, error) : NULL;

  return intake != NULL && keep_visit (self, intake, keep, procedure, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_suspend (MdOutbox *self, const MdOutboxKeep *keep, const MdAuditEntry *entry,
                   MdOutboxDraft **out_draft, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxDraft) draft = NULL;
  const MdAuditEntry end = { .event = "abandon",
                             .outcome = MD_AUDIT_DONE,
                             .staff = entry->staff,
                             .staff_name = entry->staff_name,
                             .department = entry->department,
                             .detail = "cause=suspended-intake" };

  if (transaction == NULL || !_md_outbox_check_holds (self, keep->intake, error)
      || !keep_draft (self, keep, error) || !find_of_intake (self, keep->intake, &draft, error)
      || !_md_outbox_end_reserved (self, keep->intake, &end, TRUE, error)
      || !_md_outbox_append_audit (self, entry, draft->id, NULL, error)
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  g_clear_pointer (&draft->intake, g_free);
  *out_draft = g_steal_pointer (&draft);
  return TRUE;
}

/* --- going on --- */

/* Waiting, or refused. */
static gboolean
check_waits (const MdOutboxDraft *draft, GError **error)
{
  return draft->intake == NULL || refuse_worked_on (error);
}

MdOutboxIntake *
md_outbox_resume (MdOutbox *self, const char *id, const MdOutboxReserve *reserve,
                  const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxDraft) draft
      = transaction != NULL ? md_outbox_get_draft (self, id, error) : NULL;
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (MdDbStatement) statement = NULL;
  MdOutboxReserve full = *reserve;

  if (draft == NULL || !check_waits (draft, error))
    return NULL;
  full.replaces = draft->replaces;
  intake = _md_outbox_reserve (self, &full, entry, error);
  statement = intake != NULL
                  ? md_db_prepare (self->db, "UPDATE draft SET intake = ?2 WHERE id = ?1", error)
                  : NULL;
  if (statement == NULL)
    return NULL;
  md_db_bind_text (statement, 1, id);
  md_db_bind_text (statement, 2, intake->id);
  if (!md_db_run (statement, error) || !md_db_commit (g_steal_pointer (&transaction), error))
    return NULL;
  return g_steal_pointer (&intake);
}

/* --- its end --- */

gboolean
_md_outbox_end_draft (MdOutbox *self, const char *intake, gboolean waits, GError **error)
{
  g_autoptr (MdOutboxDraft) draft = NULL;

  if (waits)
    return run_with (self, "UPDATE draft SET intake = NULL WHERE intake = ?1", intake, error);
  if (!find_of_intake (self, intake, &draft, error))
    return FALSE;
  if (draft == NULL)
    return TRUE;
  self->erased = TRUE;
  return run_with (self, "DELETE FROM draft WHERE intake = ?1", intake, error);
}

/* Inside a transaction. */
static gboolean
erase (MdOutbox *self, const MdOutboxDraft *draft, const MdAuditEntry *entry, GError **error)
{
  self->erased = TRUE;
  return run_with (self, "DELETE FROM draft WHERE id = ?1", draft->id, error)
         && _md_outbox_append_audit (self, entry, draft->id, NULL, error);
}

gboolean
md_outbox_erase_draft (MdOutbox *self, const char *id, const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxDraft) draft
      = transaction != NULL ? md_outbox_get_draft (self, id, error) : NULL;

  return draft != NULL && check_waits (draft, error) && erase (self, draft, entry, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

static GPtrArray *
list_over (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db, "SELECT " DRAFT_COLUMNS " FROM draft WHERE until_ms <= ?1 AND intake IS NULL",
      error);

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, _md_outbox_now_ms (self));
  return md_db_collect (statement, read_draft, (GDestroyNotify)md_outbox_draft_free, error);
}

gboolean
md_outbox_sweep_drafts (MdOutbox *self, const MdAuditEntry *entry, guint *out_erased,
                        GError **error)
{
  g_autoptr (GPtrArray) over = list_over (self, error);
  g_autoptr (MdDbTransaction) transaction = NULL;

  *out_erased = over != NULL ? over->len : 0;
  if (over == NULL || over->len == 0)
    return over != NULL;
  transaction = md_db_begin (self->db, error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < over->len; i++)
    if (!erase (self, g_ptr_array_index (over, i), entry, error))
      return FALSE;
  return md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_take_erased (MdOutbox *self)
{
  const gboolean erased = self->erased;

  self->erased = FALSE;
  return erased;
}
