// SPDX-License-Identifier: Apache-2.0
/* backup salvage: what can be read of a damaged database becomes a new one, so that what waits
 * sealed is still sent. */
#include <glib/gi18n.h>

#include "backup-read.h"
#include "backup-store.h"
#include "md-audit.h"
#include "md-outbox.h"
#include "md-staff.h"
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
  gboolean marked = transaction != NULL && md_outbox_mend (db, backup_read_item, mended, error)
                    && md_outbox_doubts_numbers (db, &doubts, error)
                    && md_outbox_mark_restored (
                        db, md_clock_get_wall_us (clock) / 1000,
                        whole && mended->lost == 0 && mended->nameless == 0 && !doubts, error);

  detail = g_strdup_printf ("kept=%u removed=%u", mended->sound,
                            mended->damaged + mended->lost + mended->nameless);
  entry.detail = detail;
  marked = marked && md_audit_append (audit, &entry, error)
           && md_db_commit (g_steal_pointer (&transaction), error);
  md_audit_free (audit);
  return marked;
}

/* All tables of a terminal. */
static gboolean
make_tables (MdDb *db, GError **error)
{
  return md_audit_migrate (db, error) && md_outbox_migrate (db, error)
         && md_staff_migrate (db, error) && md_outbox_migrate_settings (db, error);
}

static gboolean
salvage (Store *store, MdOutboxMended *mended, gboolean *out_whole, GError **error)
{
  const MdDbSalvage how
      = { .make = make_tables, .renumbered = "payload", .lookups = md_outbox_lookups };
  g_autofree char *damaged = store_dup_replaced (store, error);
  g_autoptr (MdDb) db = NULL;

  if (damaged == NULL)
    return FALSE;
  md_backup_erase_clear (store->opened);
  if (!md_db_salvage (damaged, store->opened, &how, out_whole, error))
    return FALSE;
  db = md_db_open (store->opened, MD_DB_READ_WRITE, error);
  return db != NULL && mark (store, db, *out_whole, mended, error)
         && md_db_check_integrity (db, error) && md_db_checkpoint (db, TRUE, error);
}

/* Which intakes: array of {intake, number, state}. */
static GVariant *
list_missing (const MdOutboxMended *mended)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < mended->missing->len; i++)
    {
      const MdOutboxMissing *missing = mended->missing->pdata[i];
      const char *number = missing->receipt_number != NULL ? missing->receipt_number : "";

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&rows, "{sv}", "intake", g_variant_new_string (missing->intake));
      g_variant_builder_add (&rows, "{sv}", "number", g_variant_new_string (number));
      g_variant_builder_add (&rows, "{sv}", "state",
                             g_variant_new_string (missing->lost ? "lost" : "damaged"));
      g_variant_builder_close (&rows);
    }
  return g_variant_builder_end (&rows);
}

static void
print_text (GVariant *result, GVariant *missing, gboolean sound)
{
  static const Column columns[] = {
    { "saved", N_ ("Items saved") },
    { "rebuilt", N_ ("Items whose records were made anew") },
    { "damaged", N_ ("Items damaged") },
    { "lost", N_ ("Items lost") },
    { "nameless", N_ ("Items that cannot be told whose they are") },
    { "replaced", N_ ("Replaced database") },
    { NULL, NULL },
  };
  static const Column which[] = {
    { "number", N_ ("Receipt number") },
    { "intake", N_ ("Intake") },
    { "state", N_ ("State") },
    { NULL, NULL },
  };

  output_fields (result, columns);
  if (g_variant_n_children (missing) > 0)
    output_table (missing, which);
  if (!sound)
    g_print ("%s\n", _ ("Not everything could be saved. Keep the replaced database, and have "
                        "the damaged and lost applications taken in again."));
  g_print ("%s\n", _ ("Start the service: systemctl start madoguchid"));
}

static gboolean
is_sound (const MdOutboxMended *mended, gboolean whole)
{
  return whole && mended->missing->len == 0 && mended->nameless == 0;
}

static Status
print (Context *context, const MdOutboxMended *mended, gboolean whole, const char *aside)
{
  const gboolean sound = is_sound (mended, whole);
  g_autoptr (GVariant) missing = g_variant_ref_sink (list_missing (mended));
  g_autoptr (GVariant) result = g_variant_ref_sink (g_variant_new_parsed (
      "{'saved': <%u>, 'rebuilt': <%u>, 'damaged': <%u>, 'lost': <%u>, 'nameless': <%u>,"
      " 'whole': <%b>, 'replaced': <%s>, 'missing': <%@aa{sv}>}",
      mended->sound, mended->rebuilt, mended->damaged, mended->lost, mended->nameless, whole,
      aside != NULL ? aside : "", missing));

  if (context->json)
    output_json (result);
  else
    print_text (result, missing, sound);
  return sound ? STATUS_OK : STATUS_FINDING;
}

Status
verb_backup_salvage (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autoptr (Store) store = store_new (context, &error);
  g_autofree char *aside = NULL;
  g_auto (MdOutboxMended) mended = { 0 };
  gboolean whole = FALSE;

  if (store == NULL || !store_lock (store, &error) || !salvage (store, &mended, &whole, &error)
      || !store_swap (store, &aside, &error)
      || (is_sound (&mended, whole) && !store_mark_taken_over (store, aside, &error)))
    return context_fail (error);
  return print (context, &mended, whole, aside);
}
