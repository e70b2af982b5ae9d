// SPDX-License-Identifier: Apache-2.0
/* What stops an intake, and its release. */
#include <glib/gi18n.h>

#include "md-outbox-hold.h"
#include "md-outbox-private.h"

void
md_outbox_hold_free (MdOutboxHold *hold)
{
  if (hold == NULL)
    return;
  g_free (hold->raised);
  g_clear_pointer (&hold->release, g_bytes_unref);
  g_clear_pointer (&hold->signature, g_bytes_unref);
  g_free (hold->officer);
  g_free (hold);
}

static gpointer
read_hold (MdDbStatement *statement)
{
  MdOutboxHold *hold = g_new0 (MdOutboxHold, 1);

  hold->n = (guint)md_db_column_int (statement, 0);
  hold->raised = md_db_column_dup (statement, 1);
  hold->release = md_db_column_bytes (statement, 2);
  hold->signature = md_db_column_bytes (statement, 3);
  hold->officer = md_db_column_dup (statement, 4);
  return hold;
}

GPtrArray *
md_outbox_list_holds (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (
      self->db,
      "SELECT n, raised, release, signature, officer FROM hold WHERE intake = ?1 ORDER BY n", id,
      error);

  return statement != NULL
             ? md_db_collect (statement, read_hold, (GDestroyNotify)md_outbox_hold_free, error)
             : NULL;
}

gboolean
_md_outbox_check_holds (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (self, id, error);

  for (guint i = 0; holds != NULL && i < holds->len; i++)
    {
      const MdOutboxHold *hold = g_ptr_array_index (holds, i);

      if (hold->release != NULL)
        continue;
      g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_HELD,
                           _ ("This intake is stopped. Call the supervisor, who can release it "
                              "with their own card, or end the intake."));
      return FALSE;
    }
  return holds != NULL;
}

char *
_md_outbox_describe_end (MdOutbox *self, const char *id, const char *detail, GError **error)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (self, id, error);
  guint open = 0;

  if (holds == NULL)
    return NULL;
  for (guint i = 0; i < holds->len; i++)
    open += ((const MdOutboxHold *)g_ptr_array_index (holds, i))->release == NULL ? 1 : 0;
  if (open == 0)
    return g_strdup (detail != NULL ? detail : "");
  return g_strdup_printf ("%s%sheld=%u", detail != NULL ? detail : "",
                          detail != NULL && *detail != '\0' ? " " : "", open);
}

/* The intake while it may be stopped and released: reserved, and not submitted yet. */
static gboolean
check_reserved (MdOutbox *self, const char *id, GError **error)
{
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (self, id, error);

  return intake != NULL
         && (intake->state == MD_INTAKE_RESERVED || _md_outbox_refuse_state (intake, error));
}

static gboolean
insert_hold (MdOutbox *self, const char *id, guint n, const char *raised, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "INSERT INTO hold (intake, n, raised) VALUES (?1, ?2, ?3)", error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_int (statement, 2, n);
  md_db_bind_text (statement, 3, raised);
  return md_db_run (statement, error);
}

static gboolean
append_numbered (MdOutbox *self, const MdAuditEntry *entry, const char *id, guint n, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("hold=%u", n);
  MdAuditEntry numbered = *entry;

  numbered.detail = detail;
  return _md_outbox_append_audit (self, &numbered, id, NULL, error);
}

/* The number of the hold that RAISED names; 0: none yet. */
static guint
find_raised (const GPtrArray *holds, const char *raised)
{
  for (guint i = 0; i < holds->len; i++)
    {
      const MdOutboxHold *hold = g_ptr_array_index (holds, i);

      if (g_str_equal (hold->raised, raised))
        return hold->n;
    }
  return 0;
}

gboolean
_md_outbox_stop (MdOutbox *self, const char *id, const char *raised, const MdAuditEntry *entry,
                 guint *out_n, GError **error)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (self, id, error);

  if (holds == NULL)
    return FALSE;
  *out_n = find_raised (holds, raised);
  if (*out_n != 0)
    return TRUE;
  if (holds->len >= MD_OUTBOX_MAX_HOLDS)
    {
      g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT,
                           _ ("This intake was stopped too often. End it."));
      return FALSE;
    }
  *out_n = holds->len + 1;
  return insert_hold (self, id, *out_n, raised, error)
         && append_numbered (self, entry, id, *out_n, error);
}

gboolean
md_outbox_raise_hold (MdOutbox *self, const char *id, const char *raised, const MdAuditEntry *entry,
                      guint *out_n, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  guint n = 0;

  if (transaction == NULL || !check_reserved (self, id, error)
      || !_md_outbox_stop (self, id, raised, entry, &n, error)
      || !md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  *out_n = n;
  return TRUE;
}

static gboolean
update_released (MdOutbox *self, const MdOutboxRelease *release, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "UPDATE hold SET release = ?3, signature = ?4, officer = ?5 WHERE intake = ?1 AND n = ?2",
      error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, release->id);
  md_db_bind_int (statement, 2, release->n);
  md_db_bind_bytes (statement, 3, release->release);
  md_db_bind_bytes (statement, 4, release->signature);
  md_db_bind_text (statement, 5, release->officer);
  return md_db_run (statement, error);
}

static gboolean
refuse_release (GError **error, MdOutboxError code, const char *message)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, (int)code, message);
  return FALSE;
}

gboolean
md_outbox_release_hold (MdOutbox *self, const MdOutboxRelease *release, const MdAuditEntry *entry,
                        GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (GPtrArray) holds = NULL;
  const MdOutboxHold *hold = NULL;

  if (transaction == NULL || !check_reserved (self, release->id, error))
    return FALSE;
  holds = md_outbox_list_holds (self, release->id, error);
  if (holds == NULL)
    return FALSE;
  if (release->n >= 1 && release->n <= holds->len)
    hold = g_ptr_array_index (holds, release->n - 1);
  if (hold == NULL)
    return refuse_release (error, MD_OUTBOX_ERROR_UNKNOWN,
                           _ ("Nothing of this kind stops this intake."));
  if (hold->release != NULL)
    return (g_bytes_equal (hold->release, release->release)
            && g_bytes_equal (hold->signature, release->signature))
           || refuse_release (error, MD_OUTBOX_ERROR_CONFLICT,
                              _ ("This was released already. The first release counts."));
  return update_released (self, release, error)
         && append_numbered (self, entry, release->id, release->n, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
