// SPDX-License-Identifier: Apache-2.0
/* What was saved of an outbox whose file was damaged. */
#include <string.h>

#include "md-outbox-mend.h"
#include "md-outbox-private.h"

const MdDbLookup md_outbox_lookups[]
    = { { "intake", "id", "SELECT DISTINCT intake FROM outbox" }, { NULL, NULL, NULL } };

#define LOST "(SELECT seq FROM outbox WHERE intake NOT IN (SELECT id FROM intake))"

/* What is here and nothing leads to, and what has still to go and is nowhere. */
#define COUNT_LOST                                                                                 \
  "SELECT (SELECT count (*) FROM payload WHERE item NOT IN (SELECT seq FROM outbox)"               \
  "         OR item IN " LOST ")"                                                                  \
  " + (SELECT count (*) FROM outbox WHERE state <> 'delivered' AND seq IN " LOST                   \
  "     AND seq NOT IN (SELECT item FROM payload))"

static gboolean
count_lost (MdDb *db, MdOutboxMended *mended, GError **error)
{
  gint64 lost = 0;

  if (!md_db_get_int (db, COUNT_LOST, &lost, error))
    return FALSE;
  mended->lost = (guint)lost;
  return md_db_exec (db,
                     "DELETE FROM payload WHERE item IN " LOST ";"
                     "DELETE FROM outbox WHERE seq IN " LOST ";"
                     "DELETE FROM payload WHERE item NOT IN (SELECT seq FROM outbox)",
                     error);
}

static gboolean
count_damaged (MdDb *db, MdOutboxMended *mended, GError **error)
{
  g_autoptr (MdDbStatement) rows
      = md_db_prepare (db,
                       "SELECT o.digest, p.body FROM outbox o LEFT JOIN payload p ON p.item = o.seq"
                       " WHERE o.state <> 'delivered'",
                       error);
  MdDbStep step = MD_DB_STEP_ERROR;

  while (rows != NULL && (step = md_db_step (rows, error)) == MD_DB_STEP_ROW)
    {
      g_autoptr (GBytes) body = md_db_column_bytes (rows, 1);
      g_autofree char *digest = body != NULL ? md_audit_digest (body) : NULL;

      if (g_strcmp0 (digest, md_db_column_text (rows, 0)) == 0)
        mended->sound++;
      else
        mended->damaged++;
    }
  return step == MD_DB_STEP_DONE;
}

gboolean
md_outbox_mend (MdDb *db, MdOutboxMended *out_mended, GError **error)
{
  memset (out_mended, 0, sizeof *out_mended);
  return count_lost (db, out_mended, error) && count_damaged (db, out_mended, error)
         && md_db_exec (db,
                        "DELETE FROM outbox_count;"
                        "INSERT INTO outbox_count SELECT state, iif (state = 'delivered',"
                        " (delivered_ms + 32400000) / 86400000, 0) AS day, count (*)"
                        " FROM outbox GROUP BY state, day",
                        error);
}
