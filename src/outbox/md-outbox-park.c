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

/* The application ?1 and what came of it: what takes it up again, and what changes its letter. */
#define FAMILY                                                                                     \
  "WITH RECURSIVE family (id) AS (SELECT ?1 UNION SELECT i.id FROM family f, intake i"             \
  " WHERE i.replaces = f.id UNION SELECT i.id FROM family f, intake i"                             \
  " WHERE i.cites = f.id AND i.changes = 1) "

/* What it came of, and is parked. */
#define PARENT                                                                                     \
  " FROM intake p WHERE p.parked_by IS NOT NULL"                                                   \
  " AND (p.id = intake.replaces OR (p.id = intake.cites AND intake.changes = 1))"

#define UNPARKED "parked_by = NULL, parked_reason = NULL, parked = NULL"

/* Runs SQL about INTAKE, with up to three texts for ?2 and on. -1 with ERROR. */
static int
change (MdOutbox *self, const char *sql, const char *intake, const char *const *texts,
        GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare_for (self->db, sql, intake, error);

  if (statement == NULL)
    return -1;
  for (int i = 0; texts[i] != NULL; i++)
    md_db_bind_text (statement, i + 2, texts[i]);
  return md_db_run (statement, error) ? (int)md_db_changes (self->db) : -1;
}

/* Records how many items of INTAKE it was. */
static gboolean
record (MdOutbox *self, const MdAuditEntry *entry, const char *what, const char *intake,
        MdOutboxParked *out, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("%s count=%u", what, out->items);
  MdAuditEntry told = *entry;

  told.detail = detail;
  g_strlcpy (out->intake, intake, sizeof out->intake);
  return _md_outbox_append_audit (self, &told, intake, NULL, error);
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
  const char *const words[] = { parking->by, parking->reason, now, NULL };
  int kept, items;

  if (!check_name (parking->by, error))
    return FALSE;
  if (!g_strv_contains (reasons, parking->reason))
    return refuse (_ ("An application is parked for one of these reasons: person-asks, "
                      "back-office-asks, in-doubt, harms-others."),
                   error);
  intake = transaction != NULL ? find_intake (self, parking->receipt_number, error) : NULL;
  if (intake == NULL)
    return FALSE;
  kept = change (self,
                 FAMILY "UPDATE intake SET parked_by = ?2, parked_reason = ?3, parked = ?4"
                        " WHERE id IN (SELECT id FROM family) AND parked_by IS NULL"
                        " AND state NOT IN ('reserved', 'abandoned') AND erased_ms IS NULL",
                 intake, words, error);
  items = kept < 0 ? -1
                   : change (self,
                             FAMILY "UPDATE outbox SET parked_by = ?2, parked_reason = ?3,"
                                    " parked = ?4 WHERE intake IN (SELECT id FROM family)"
                                    " AND state <> 'delivered' AND parked_by IS NULL",
                             intake, words, error);
  if (items < 0)
    return FALSE;
  if (kept + items == 0)
    return refuse (_ ("Nothing of this application waits to be sent that is not parked already."),
                   error);
  out->items = (guint)items;
  return record (self, entry, detail, intake, out, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

gboolean
_md_outbox_inherit_parked (MdOutbox *self, const char *id, GError **error)
{
  static const char *const none[] = { NULL };

  return change (self,
                 "UPDATE intake SET (parked_by, parked_reason, parked)"
                 " = (SELECT p.parked_by, p.parked_reason, p.parked" PARENT
                 " ORDER BY p.id LIMIT 1)"
                 " WHERE id = ?1 AND parked_by IS NULL AND EXISTS (SELECT 1" PARENT ")",
                 id, none, error)
         >= 0;
}

gboolean
md_outbox_let_go (MdOutbox *self, const MdOutboxParking *parking, const MdAuditEntry *entry,
                  MdOutboxParked *out, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autofree char *intake = NULL;
  g_autofree char *detail = g_strdup_printf ("what=let-go by=%s", parking->by);
  g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, _md_outbox_now_ms (self));
  const char *const due[] = { now, NULL }, *const none[] = { NULL };
  int kept, items;

  if (!check_name (parking->by, error))
    return FALSE;
  intake = transaction != NULL ? find_intake (self, parking->receipt_number, error) : NULL;
  if (intake == NULL)
    return FALSE;
  /* What of it was parked by itself stays so: it has another time. */
  items
      = change (self,
                FAMILY "UPDATE outbox SET " UNPARKED ","
                       " due_ms = CAST (?2 AS INTEGER), fresh = iif (state = 'waiting', fresh, 0),"
                       " state = iif (state = 'quarantined', 'waiting', state)"
                       " WHERE intake IN (SELECT id FROM family) AND state <> 'delivered'"
                       " AND ((intake = ?1 AND (parked_by IS NOT NULL OR state = 'quarantined'))"
                       "  OR (parked_by, parked)"
                       "   = (SELECT parked_by, parked FROM intake WHERE id = ?1))",
                intake, due, error);
  if (items < 0
      || change (self,
                 FAMILY "UPDATE intake SET " UNPARKED " WHERE id IN (SELECT id FROM family)"
                        " AND id <> ?1 AND (parked_by, parked)"
                        "  = (SELECT parked_by, parked FROM intake WHERE id = ?1)",
                 intake, none, error)
             < 0)
    return FALSE;
  kept = change (self, "UPDATE intake SET " UNPARKED " WHERE id = ?1 AND parked_by IS NOT NULL",
                 intake, none, error);
  if (kept < 0)
    return FALSE;
  if (kept + items == 0)
    return refuse (_ ("Nothing of this application is parked or set aside."), error);
  out->items = (guint)items;
  return record (self, entry, detail, intake, out, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}
