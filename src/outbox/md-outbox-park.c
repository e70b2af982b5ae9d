// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <glib/gi18n.h>

#include "md-outbox-park.h"
#include "md-outbox-private.h"

#define LONGEST_NAME 32

static const char *const reasons[]
    = { "person-asks", "back-office-asks", "in-doubt", "harms-others", NULL };

const char *const *
md_outbox_park_reasons (void)
{
  return reasons;
}

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_STATE, message);
  return FALSE;
}

static gboolean
check_name (const char *text, GError **error)
{
  const gsize length = strlen (text);
  gboolean fits = length > 0 && length <= LONGEST_NAME && md_audit_detail_is_clean (text);

  for (const char *p = text; fits && *p != '\0'; p++)
    fits = g_ascii_isalnum (*p) || strchr ("._-", *p) != NULL;
  return fits
         || refuse (_ ("The name of who does it has 1 to 32 letters (A-Z, a-z, digits, \".\", "
                       "\"_\", \"-\")."),
                    error);
}

/* The intake with this receipt number; NULL with an error where there is none. */
static char *
find_intake (MdOutbox *self, const char *receipt_number, GError **error)
{
  g_autofree char *intake = _md_outbox_dup_text (
      self, "SELECT id FROM intake WHERE receipt_number = ?1", receipt_number, error);

  if (intake != NULL && *intake == '\0')
    {
      g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_UNKNOWN,
                           _ ("This terminal has no application with that receipt number. See "
                              "\"madoguchictl queue list\" for those that it has."));
      return NULL;
    }
  return g_steal_pointer (&intake);
}

/* Runs the bound STATEMENT, which changes items of INTAKE, and records how many. */
static gboolean
change (MdOutbox *self, MdDbStatement *statement, const MdAuditEntry *entry, const char *intake,
        MdOutboxParked *out, GError **error)
{
  g_autofree char *detail = NULL;
  MdAuditEntry told = *entry;

  if (!md_db_run (statement, error))
    return FALSE;
  out->items = (guint)md_db_changes (self->db);
  told.detail = detail = g_strdup_printf ("%s count=%u", entry->detail, out->items);
  g_strlcpy (out->intake, intake, sizeof out->intake);
  return out->items == 0 || _md_outbox_append_audit (self, &told, intake, NULL, error);
}

gboolean
md_outbox_park (MdOutbox *self, const MdOutboxParking *parking, const MdAuditEntry *entry,
                MdOutboxParked *out, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autofree char *intake = NULL;
  g_autofree char *now = _md_outbox_now_text (self);
  g_autofree char *detail
      = g_strdup_printf ("what=park reason=%s by=%s", parking->reason, parking->by);
  MdAuditEntry told = *entry;
  g_autoptr (MdDbStatement) statement = NULL;

  if (!check_name (parking->by, error))
    return FALSE;
  if (!g_strv_contains (reasons, parking->reason))
    return refuse (_ ("An application is parked for one of these reasons: person-asks, "
                      "back-office-asks, in-doubt, harms-others."),
                   error);
  intake = transaction != NULL ? find_intake (self, parking->receipt_number, error) : NULL;
  if (intake == NULL)
    return FALSE;
  statement = md_db_prepare_for (self->db,
                                 "UPDATE outbox SET parked_by = ?2, parked_reason = ?3, parked = ?4"
                                 " WHERE intake = ?1 AND state <> 'delivered'"
                                 " AND parked_by IS NULL",
                                 intake, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 2, parking->by);
  md_db_bind_text (statement, 3, parking->reason);
  md_db_bind_text (statement, 4, now);
  told.detail = detail;
  if (!change (self, statement, &told, intake, out, error))
    return FALSE;
  if (out->items == 0)
    return refuse (_ ("Nothing of this application waits to be sent that is not parked already."),
                   error);
  return md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
md_outbox_let_go (MdOutbox *self, const MdOutboxParking *parking, const MdAuditEntry *entry,
                  MdOutboxParked *out, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autofree char *intake = NULL;
  g_autofree char *detail = g_strdup_printf ("what=let-go by=%s", parking->by);
  MdAuditEntry told = *entry;
  g_autoptr (MdDbStatement) statement = NULL;

  if (!check_name (parking->by, error))
    return FALSE;
  intake = transaction != NULL ? find_intake (self, parking->receipt_number, error) : NULL;
  if (intake == NULL)
    return FALSE;
  statement
      = md_db_prepare_for (self->db,
                           "UPDATE outbox SET parked_by = NULL, parked_reason = NULL,"
                           " parked = NULL, due_ms = ?2, fresh = iif (state = 'waiting', fresh, 0),"
                           " state = iif (state = 'quarantined', 'waiting', state)"
                           " WHERE intake = ?1 AND state <> 'delivered'"
                           " AND (parked_by IS NOT NULL OR state = 'quarantined')",
                           intake, error);
  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 2, _md_outbox_now_ms (self));
  told.detail = detail;
  if (!change (self, statement, &told, intake, out, error))
    return FALSE;
  if (out->items == 0)
    return refuse (_ ("Nothing of this application is parked or set aside."), error);
  return md_db_commit (g_steal_pointer (&transaction), error);
}
