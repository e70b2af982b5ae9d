// SPDX-License-Identifier: Apache-2.0
/* backup salvage: what can be read of a damaged database becomes a new one, so that what waits
 * sealed is still sent. */
#include <glib/gi18n.h>

#include "backup-store.h"
#include "md-audit.h"
#include "md-outbox.h"
#include "output.h"

static gboolean
mark (Store *store, MdDb *db, gboolean whole, MdOutboxMended *mended, GError **error)
{
  MdClock *clock = md_clock_get_system ();
  MdAudit *audit = md_audit_new (db, store->office, store->terminal, clock);
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "salvage", .outcome = MD_AUDIT_DONE };
  gboolean doubts = TRUE;
  gboolean marked = transaction != NULL && md_outbox_mend (db, mended, error)
                    && md_outbox_doubts_numbers (db, &doubts, error)
                    && md_outbox_mark_restored (db, md_clock_get_wall_us (clock) / 1000,
                                                whole && mended->lost == 0 && !doubts, error);

  detail = g_strdup_printf ("kept=%u removed=%u", mended->sound, mended->damaged + mended->lost);
  entry.detail = detail;
  marked = marked && md_audit_append (audit, &entry, error)
           && md_db_commit (g_steal_pointer (&transaction), error);
  md_audit_free (audit);
  return marked;
}

static gboolean
salvage (Store *store, MdOutboxMended *mended, gboolean *out_whole, GError **error)
{
  g_autofree char *damaged = store_dup_replaced (store, error);
  g_autoptr (MdDb) db = NULL;

  if (damaged == NULL)
    return FALSE;
  md_backup_erase_clear (store->opened);
  if (!md_db_salvage (damaged, store->opened, md_outbox_lookups, out_whole, error))
    return FALSE;
  db = md_db_open (store->opened, MD_DB_READ_WRITE, error);
  return db != NULL && md_audit_migrate (db, error) && md_outbox_migrate (db, error)
         && mark (store, db, *out_whole, mended, error) && md_db_check_integrity (db, error)
         && md_db_checkpoint (db, TRUE, error);
}

static Status
print (Context *context, const MdOutboxMended *mended, gboolean whole, const char *aside)
{
  static const Column columns[] = {
    { "saved", N_ ("Items saved") },
    { "damaged", N_ ("Items damaged") },
    { "lost", N_ ("Items lost") },
    { "replaced", N_ ("Replaced database") },
    { NULL, NULL },
  };
  const gboolean sound = whole && mended->damaged == 0 && mended->lost == 0;
  g_autoptr (GVariant) result = g_variant_ref_sink (g_variant_new_parsed (
      "{'saved': <%u>, 'damaged': <%u>, 'lost': <%u>, 'whole': <%b>,"
      " 'replaced': <%s>}",
      mended->sound, mended->damaged, mended->lost, whole, aside != NULL ? aside : ""));

  if (context->json)
    output_json (result);
  else
    {
      output_fields (result, columns);
      if (!sound)
        g_print ("%s\n", _ ("Not everything could be saved. Keep the replaced database, and have "
                            "the damaged and lost applications taken in again."));
      g_print ("%s\n", _ ("Start the service: systemctl start madoguchid"));
    }
  return sound ? STATUS_OK : STATUS_FINDING;
}

Status
verb_backup_salvage (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autoptr (Store) store = store_new (context, &error);
  g_autofree char *aside = NULL;
  MdOutboxMended mended = { 0 };
  gboolean whole = FALSE;

  if (store == NULL || !store_lock (store, &error) || !salvage (store, &mended, &whole, &error)
      || !store_swap (store, &aside, &error))
    return context_fail (error);
  return print (context, &mended, whole, aside);
}
