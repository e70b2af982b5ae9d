// SPDX-License-Identifier: Apache-2.0
/* What may never be: something that a person was told is stored and the back office has not, or has
 * twice, or has otherwise; a number for two; an item set aside although nothing is wrong with it.
 */
#include "office.h"
#include "sim.h"

#define MOST_ITEMS 1000

static void G_GNUC_PRINTF (2, 3) blame (Sim *sim, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (sim->trouble, format, arguments);
  g_string_append_c (sim->trouble, '\n');
  va_end (arguments);
}

static SimMade *
find_made (Sim *sim, const char *intake, guint n, const char *digest)
{
  for (guint i = 0; i < sim->made->len; i++)
    {
      SimMade *made = sim->made->pdata[i];

      if (made->n == n && g_str_equal (made->intake, intake) && g_str_equal (made->digest, digest))
        return made;
    }
  return NULL;
}

/* What the gateway has: all of it made by somebody, each once, a decision after its intake. */
static void
judge_ledger (Sim *sim, GHashTable *arrived)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = md_ledger_list (sim->gateway.office->ledger, 0, MOST_ITEMS, &error);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (items == NULL)
    {
      blame (sim, "the ledger cannot be read: %s", error->message);
      return;
    }
  for (guint i = 0; i < items->len; i++)
    {
      const MdLedgerEntry *entry = items->pdata[i];
      char *key = g_strdup_printf ("%s %u", entry->intake, entry->n);
      g_autofree char *intake = g_strdup_printf ("%s 1", entry->intake);

      if (find_made (sim, entry->intake, entry->n, entry->digest) == NULL)
        blame (sim, "the ledger has what nobody made: %s", key);
      if (entry->n > 1 && !g_hash_table_contains (arrived, intake))
        blame (sim, "a decision lies before its intake: %s", key);
      if (!g_hash_table_add (arrived, key))
        blame (sim, "twice in the ledger: %s %u", entry->intake, entry->n);
      if (entry->n == 1 && !g_hash_table_add (numbers, g_strdup (entry->receipt_number)))
        blame (sim, "a receipt number of two intakes arrived: %s", entry->receipt_number);
    }
}

static void
judge_made (Sim *sim, GHashTable *arrived)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < sim->made->len; i++)
    {
      const SimMade *made = sim->made->pdata[i];
      g_autofree char *key = g_strdup_printf ("%s %u", made->intake, made->n);
      const gboolean has_arrived = g_hash_table_contains (arrived, key);

      if (made->sure && !made->gone && !has_arrived)
        blame (sim, "lost: %s %s", key, made->number);
      if (made->told && made->n == 1 && (has_arrived || !made->forgotten)
          && !g_hash_table_add (numbers, made->number))
        blame (sim, "a receipt number was given twice: %s", made->number);
    }
}

static void
judge_chain (Sim *sim, MdDb *db, const char *whose)
{
  g_autoptr (GError) error = NULL;
  MdAuditReport report;

  if (!md_audit_verify (db, &report, &error))
    blame (sim, "the records of %s cannot be read: %s", whose, error->message);
  else if (*report.what != '\0')
    blame (sim, "a record of %s is %s", whose, report.what);
}

static void
judge_terminal (Sim *sim, SimTerminal *terminal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) queue = NULL;

  if (terminal->delivery == NULL)
    {
      blame (sim, "%s does not start", terminal->peer.terminal);
      return;
    }
  queue = md_outbox_list_queue (terminal->outbox, MOST_ITEMS, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < queue->len; i++)
    {
      const MdOutboxItem *item = queue->pdata[i];

      blame (sim, "%s is left with %s %u, %s: %s", terminal->peer.terminal, item->intake, item->n,
             item->state, item->last_error != NULL ? item->last_error : "");
    }
  judge_chain (sim, terminal->db, terminal->peer.terminal);
}

static void
judge_gateway_chain (Sim *sim)
{
  g_autofree char *path = power_disk_dup_path (sim->gateway.disk, "ledger.db");
  g_autoptr (GError) error = NULL;
  MdDb *db = md_db_open (path, MD_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  judge_chain (sim, db, "the gateway");
  md_db_close (db);
}

void
sim_judge (Sim *sim)
{
  g_autoptr (GHashTable) arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (sim->gateway.office == NULL)
    {
      blame (sim, "the gateway does not start");
      return;
    }
  judge_ledger (sim, arrived);
  judge_made (sim, arrived);
  for (guint i = 0; i < sim->n_terminals; i++)
    judge_terminal (sim, &sim->terminals[i]);
  judge_gateway_chain (sim);
}
