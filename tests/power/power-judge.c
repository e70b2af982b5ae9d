// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "power-acts.h"
#include "power-judge.h"

typedef struct
{
  const Branch *branch;
  PowerDisk *left;
  const GPtrArray *promises;
  guint at;
  char **out_why;
} Case;

static Found
tell (const Case *c, Found found, const char *what, const char *which)
{
  *c->out_why = g_strdup_printf ("%s (%s)", what, which);
  return found;
}

static const char *
read_promise (const char *promise, const char *what)
{
  return g_str_has_prefix (promise, what) ? promise + strlen (what) : NULL;
}

/* --- As the disk lies there --- */

static Found
search_erased (const Case *c)
{
  for (guint i = 0; i < c->promises->len; i++)
    {
      const char *id = read_promise (c->promises->pdata[i], "gone ");
      g_autofree char *marker = id != NULL ? acts_marker (id) : NULL;

      if (id != NULL && power_disk_holds (c->left, marker, strlen (marker)))
        return tell (c, FOUND_LEFT, "erased bytes are on the disk", id);
    }
  return FOUND_WELL;
}

/* --- After the start --- */

/* The state must be one that was: not before the last durable commit that had ended, not after one
 * that had not begun. */
static Found
compare_state (const Case *c, const char *state)
{
  const GArray *commits = c->branch->commits;
  guint low = 0, high = 0;
  Found found = FOUND_HALF;

  for (guint i = 0; i < commits->len; i++)
    {
      const BranchCommit *commit = &g_array_index (commits, BranchCommit, i);

      if (commit->durable && commit->ended <= c->at)
        low = i;
      if (commit->begun < c->at || i == 0)
        high = i;
    }
  /* The service has migrated since; and a commit that wrote nothing begins where it has ended. */
  low = MAX (low, c->branch->migrated);
  high = MAX (high, low);
  for (guint i = c->branch->migrated; i < commits->len && found != FOUND_WELL; i++)
    if (g_strcmp0 (g_array_index (commits, BranchCommit, i).state, state) == 0)
      found = i >= low && i <= high ? FOUND_WELL : i < low ? FOUND_LOST : FOUND_HALF;
  if (found == FOUND_LOST)
    return tell (c, found, "a durable commit is not there", "the state of an earlier one");
  return found == FOUND_WELL ? found : tell (c, found, "a state that never was", state);
}

static gboolean
has_number (MdOutbox *outbox, const char *slip)
{
  g_auto (GStrv) words = g_strsplit (slip, " ", 2);
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (outbox, words[0], NULL);

  return intake != NULL && g_str_equal (intake->receipt_number, words[1]);
}

static gboolean
has_item (MdOutbox *outbox, const char *item)
{
  g_auto (GStrv) words = g_strsplit (item, " ", 2);
  const guint n = (guint)g_ascii_strtoull (words[1], NULL, 10);
  g_autoptr (MdOutboxIntake) intake = md_outbox_get (outbox, words[0], NULL);
  g_autoptr (GBytes) expected = acts_body (words[0], n);
  g_autoptr (GBytes) body = NULL;
  gboolean knows = FALSE;

  if (intake == NULL || intake->state == MD_INTAKE_RESERVED
      || !md_outbox_knows (outbox, words[0], n, expected, &knows, NULL) || !knows)
    return FALSE;
  if (intake->delivery == MD_DELIVERY_ERASED)
    return TRUE;
  body = md_outbox_get_body (outbox, words[0], n, NULL);
  return body != NULL && g_bytes_equal (body, expected);
}

static Found
check_promises (const Case *c, MdOutbox *outbox)
{
  for (guint i = 0; i < c->promises->len; i++)
    {
      const char *slip = read_promise (c->promises->pdata[i], "slip ");
      const char *item = read_promise (c->promises->pdata[i], "here ");

      if ((slip != NULL && !has_number (outbox, slip))
          || (item != NULL && !has_item (outbox, item)))
        return tell (c, FOUND_LOST, "not there", c->promises->pdata[i]);
    }
  return FOUND_WELL;
}

static gboolean
was_promised (const Case *c, const char *what)
{
  for (guint i = 0; i < c->promises->len; i++)
    if (g_str_equal (c->promises->pdata[i], what))
      return TRUE;
  return FALSE;
}

/* Everything that waits is sent, each with its bytes and once. */
static Found
send_all (const Case *c, MdOutbox *outbox)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("receipt", 7);
  const MdOutboxReceipt receipt = { .receipt = bytes, .sequence = 1, .time = "" };
  g_autoptr (GHashTable) sent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2;)
    {
      g_autoptr (MdOutboxItem) item = NULL;
      g_autoptr (GBytes) body = NULL;
      g_autofree char *name = NULL;

      if (!md_outbox_claim (outbox, i == 0 ? MD_OUTBOX_FRESH : MD_OUTBOX_RETRY, 1, &item, &error))
        return tell (c, FOUND_DAMAGED, "nothing can be sent", error->message);
      if (item == NULL)
        {
          i++;
          continue;
        }
      name = g_strdup_printf ("receipt %s %u", item->intake, item->n);
      body = acts_body (item->intake, item->n);
      if (!g_bytes_equal (item->body, body))
        return tell (c, FOUND_LOST, "sent with other bytes", name);
      if (was_promised (c, name) || !g_hash_table_add (sent, g_strdup (name)))
        return tell (c, FOUND_DOUBLED, "sent again", name);
      if (!md_outbox_acknowledge (outbox, item, &receipt, NULL, &error))
        return tell (c, FOUND_DAMAGED, "no receipt can be kept", error->message);
    }
  return FOUND_WELL;
}

static Found
give_number (const Case *c, MdOutbox *outbox)
{
  const MdOutboxReserve reserve
      = { .procedure = "p", .clerk = "S0001", .policy_version = 1, .nonce_state = "absent" };
  const MdAuditEntry entry = { .event = "reserve" };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdOutboxIntake) intake = md_outbox_reserve (outbox, &reserve, &entry, &error);

  if (intake == NULL)
    return tell (c, FOUND_DAMAGED, "no number can be given", error->message);
  for (guint i = 0; i < c->promises->len; i++)
    if (g_str_has_prefix (c->promises->pdata[i], "slip ")
        && g_str_has_suffix (c->promises->pdata[i], intake->receipt_number))
      return tell (c, FOUND_DOUBLED, "a number given twice", c->promises->pdata[i]);
  return FOUND_WELL;
}

static Found
go_on (const Case *c, MdOutbox *outbox)
{
  g_autoptr (GError) error = NULL;
  Found found = FOUND_WELL;

  if (!md_outbox_release_leases (outbox, &error) || !md_outbox_hurry (outbox, &error))
    return tell (c, FOUND_DAMAGED, "leases stay", error->message);
  found = send_all (c, outbox);
  return found == FOUND_WELL ? give_number (c, outbox) : found;
}

static Found
start (const Case *c, MdDb *db)
{
  MdAuditReport report = { .verdict = MD_AUDIT_BROKEN, .what = "" };
  g_autoptr (GError) error = NULL;

  if (!md_db_check_integrity (db, &error) || !md_audit_migrate (db, &error)
      || !md_outbox_migrate (db, &error) || !md_audit_verify (db, &report, &error))
    return tell (c, FOUND_DAMAGED, "the service does not start", error->message);
  return report.verdict == MD_AUDIT_INTACT
             ? FOUND_WELL
             : tell (c, FOUND_DAMAGED, "the audit chain is broken", report.what);
}

static Found
look (const Case *c, MdDb *db, gboolean goes_on)
{
  g_autoptr (MdAudit) audit = md_audit_new (db, "139998", "T001", MD_CLOCK (c->branch->clock));
  g_autoptr (MdOutbox) outbox = md_outbox_new (db, audit, MD_CLOCK (c->branch->clock));
  g_autofree char *state = NULL;
  guint numbers = 0;
  Found found = start (c, db);

  if (found != FOUND_WELL)
    return found;
  if (!md_outbox_numbers_left (outbox, &numbers, NULL)
      || (numbers == 0 && !md_outbox_set_pool (outbox, 1, 1, 999999, NULL)))
    return tell (c, FOUND_DAMAGED, "no numbers", "pool");
  found = check_promises (c, outbox);
  state = branch_state (db, NULL);
  if (found == FOUND_WELL)
    found = compare_state (c, state);
  return found == FOUND_WELL && goes_on ? go_on (c, outbox) : found;
}

Found
judge_cut (const Branch *branch, PowerDisk *left, const GPtrArray *promises, guint at,
           Findings *findings, char **out_why)
{
  const gboolean goes_on = at % 8 == 0;
  const Case c = { branch, left, promises, at, out_why };
  g_autofree char *path = power_disk_dup_path (left, "terminal.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (MdDb) db = NULL;
  Found found = search_erased (&c);

  if (found == FOUND_WELL)
    {
      db = md_db_open (path, MD_DB_READ_WRITE, &error);
      found = db != NULL ? look (&c, db, goes_on)
                         : tell (&c, FOUND_DAMAGED, "not to be opened", error->message);
    }
  findings->cuts++;
  findings->of[found]++;
  findings->went_on += goes_on ? 1 : 0;
  return found;
}
