// SPDX-License-Identifier: Apache-2.0
/* Receipt numbers: issued to the terminal in advance, so that a slip printed offline is valid for
 * ever. */
#include <glib/gi18n.h>

#include "md-outbox-intake.h"
#include "md-outbox-private.h"

gboolean
md_outbox_set_pool (MdOutbox *self, guint terminal_number, guint from, guint to, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdDbStatement) statement = NULL;

  if (transaction == NULL)
    return FALSE;
  /* Another terminal number starts afresh: its numbers differ from all that were given before. */
  statement = md_db_prepare (
      self->db,
      "INSERT INTO receipt_pool (id, terminal_number, last, next) VALUES (1, ?1, ?3, ?2)"
      " ON CONFLICT (id) DO UPDATE SET last = excluded.last, next ="
      "  iif (terminal_number = excluded.terminal_number, max (next, excluded.next), "
      "excluded.next),"
      "  terminal_number = excluded.terminal_number",
      error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, terminal_number);
  md_db_bind_int (statement, 2, from);
  md_db_bind_int (statement, 3, to);
  return md_db_run (statement, error) && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_numbers_left (MdOutbox *self, guint *out_left, GError **error)
{
  gint64 left;

  if (!md_db_get_int (self->db,
                      "SELECT coalesce ((SELECT max (last - next + 1, 0) FROM receipt_pool), 0)",
                      &left, error))
    return FALSE;
  *out_left = (guint)left;
  return TRUE;
}

char *
_md_outbox_take_number (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "UPDATE receipt_pool SET next = next + 1 WHERE next <= last"
                       " RETURNING terminal_number, next - 1",
                       error);
  g_autofree char *number = NULL;
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  step = md_db_step (statement, error);
  if (step == MD_DB_STEP_ERROR)
    return NULL;
  if (step == MD_DB_STEP_ROW)
    number = md_receipt_number_format ((guint)md_db_column_int (statement, 0),
                                       (guint)md_db_column_int (statement, 1));
  if (number == NULL)
    {
      g_set_error_literal (
          error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_NO_NUMBERS,
          _ ("This terminal has no receipt numbers left. Call the administrator, who "
             "issues new ones with the policy; take this person in at another "
             "counter."));
      return NULL;
    }
  return step == MD_DB_STEP_ROW && md_db_run (statement, error) ? g_steal_pointer (&number) : NULL;
}

/* --- A file that was put back --- */

gboolean
md_outbox_mark_restored (MdDb *db, gint64 time_ms, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (db,
                       "INSERT INTO meta (name, number) VALUES ('restored', ?1)"
                       " ON CONFLICT (name) DO UPDATE SET number = excluded.number",
                       error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, time_ms);
  return md_db_run (statement, error);
}

gboolean
md_outbox_when_restored (MdOutbox *self, gint64 *out_time_ms, GError **error)
{
  return md_db_get_int (self->db,
                        "SELECT coalesce ((SELECT number FROM meta WHERE name = 'restored'), 0)",
                        out_time_ms, error);
}
