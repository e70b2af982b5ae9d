// SPDX-License-Identifier: Apache-2.0
/* A counter's outbox on a power disk: how it is opened, and what it holds after each commit. */
#include "power-branch.h"

#define LIST_TABLES                                                                                \
  "SELECT 'SELECT * FROM ' || name, (SELECT count (*) FROM pragma_table_info (s.name))"            \
  " FROM sqlite_schema s WHERE type = 'table' ORDER BY name"

/* --- States --- */

static void
feed (GChecksum *sum, GBytes *value)
{
  gsize size = 0;
  const guint8 *data = value != NULL ? g_bytes_get_data (value, &size) : NULL;
  const guint32 head = value != NULL ? (guint32)size : G_MAXUINT32;

  g_checksum_update (sum, (const guchar *)&head, sizeof head);
  if (size > 0)
    g_checksum_update (sum, data, (gssize)size);
}

static gboolean
feed_table (MdDb *db, const char *sql, int columns, GChecksum *sum, GError **error)
{
  g_autoptr (MdDbStatement) rows = md_db_prepare (db, sql, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  g_checksum_update (sum, (const guchar *)sql, -1);
  while (rows != NULL && (step = md_db_step (rows, error)) == MD_DB_STEP_ROW)
    for (int i = 0; i < columns; i++)
      {
        g_autoptr (GBytes) value = md_db_column_bytes (rows, i);

        feed (sum, value);
      }
  return step == MD_DB_STEP_DONE;
}

char *
branch_state (MdDb *db, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autoptr (MdDbStatement) tables = md_db_prepare (db, LIST_TABLES, error);
  MdDbStep step = MD_DB_STEP_ERROR;

  while (tables != NULL && (step = md_db_step (tables, error)) == MD_DB_STEP_ROW)
    {
      /* A connection knows its statements by their address. */
      const char *sql = g_intern_string (md_db_column_text (tables, 0));

      if (!feed_table (db, sql, (int)md_db_column_int (tables, 1), sum, error))
        return NULL;
    }
  return step == MD_DB_STEP_DONE ? g_strdup (g_checksum_get_string (sum)) : NULL;
}

/* --- Commits --- */

static void
commit_clear (gpointer data)
{
  g_free (((BranchCommit *)data)->state);
}

void
branch_see (Branch *self)
{
  BranchCommit *last = &g_array_index (self->commits, BranchCommit, self->commits->len - 1);
  g_autoptr (GError) error = NULL;

  if (!self->open_commit)
    return;
  last->ended = power_disk_now (self->disk);
  last->state = branch_state (self->reader, &error);
  g_assert_no_error (error);
  self->open_commit = FALSE;
}

static void
enter_commit (Branch *self)
{
  const BranchCommit commit = { .begun = power_disk_now (self->disk), .durable = !self->light };

  branch_see (self);
  g_array_append_val (self->commits, commit);
  self->open_commit = TRUE;
}

/* The seam for faults tells what goes on as well. */
static int
watch (const char *sql, gpointer user_data)
{
  Branch *self = user_data;

  if (g_str_equal (sql, "PRAGMA synchronous=NORMAL"))
    self->light = TRUE;
  else if (g_str_equal (sql, "COMMIT"))
    {
      enter_commit (self);
      self->light = FALSE;
    }
  else if (g_str_equal (sql, "BEGIN IMMEDIATE"))
    branch_see (self);
  return 0;
}

typedef struct
{
  Branch *branch;
  MdDb *db;
  gboolean busy;
} Sabotage;

/* The same, of a connection that is never to wait for the disk. */
static int
watch_normal (const char *sql, gpointer user_data)
{
  Sabotage *self = user_data;

  if (self->busy)
    return 0;
  if (g_str_equal (sql, "BEGIN IMMEDIATE"))
    {
      self->busy = TRUE;
      g_assert_true (md_db_exec (self->db, "PRAGMA synchronous=NORMAL", NULL));
      self->busy = FALSE;
    }
  return watch (sql, self->branch);
}

static MdDb *
open_watched (Branch *self, GError **error)
{
  MdDb *db = md_db_open (self->path, MD_DB_READ_WRITE, error);
  Sabotage *sabotage;

  if (db == NULL || !self->normal)
    {
      if (db != NULL)
        md_db_set_fault (db, watch, self);
      return db;
    }
  sabotage = g_new0 (Sabotage, 1);
  sabotage->branch = self;
  sabotage->db = db;
  g_ptr_array_add (self->sabotages, sabotage);
  md_db_set_fault (db, watch_normal, sabotage);
  return db;
}

/* --- Opening --- */

static gboolean
open_first (Branch *self, GError **error)
{
  const BranchCommit before = { .durable = TRUE };
  BranchCommit *first;

  self->reader = md_db_open (self->path, MD_DB_READ_WRITE, error);
  if (self->reader == NULL)
    return FALSE;
  g_array_append_val (self->commits, before);
  first = &g_array_index (self->commits, BranchCommit, 0);
  first->state = branch_state (self->reader, error);
  self->db = first->state != NULL ? open_watched (self, error) : NULL;
  return self->db != NULL;
}

static gboolean
start (Branch *self, GError **error)
{
  guint left = 0;

  if (!md_db_check_integrity (self->db, error) || !md_db_checkpoint (self->db, TRUE, error)
      || !md_audit_migrate (self->db, error) || !md_outbox_migrate (self->db, error))
    return FALSE;
  self->audit = md_audit_new (self->db, "139998", "T001", MD_CLOCK (self->clock));
  self->outbox = md_outbox_new (self->db, self->audit, MD_CLOCK (self->clock));
  if (!md_outbox_numbers_left (self->outbox, &left, error)
      || (left == 0 && !md_outbox_set_pool (self->outbox, 1, 1, 999999, error)))
    return FALSE;
  branch_see (self);
  self->migrated = self->commits->len - 1;
  if (!md_outbox_release_leases (self->outbox, error))
    return FALSE;
  branch_see (self);
  self->source_db = open_watched (self, error);
  self->log_db = self->source_db != NULL ? open_watched (self, error) : NULL;
  if (self->log_db == NULL)
    return FALSE;
  self->source_audit = md_audit_new (self->source_db, "139998", "T001", MD_CLOCK (self->clock));
  self->source = md_outbox_new (self->source_db, self->source_audit, MD_CLOCK (self->clock));
  return TRUE;
}

static Branch *
branch_new (PowerDisk *disk, MdTestClock *clock, guint64 seed)
{
  Branch *self = g_new0 (Branch, 1);

  self->disk = disk;
  self->path = power_disk_dup_path (disk, "terminal.db");
  self->clock = g_object_ref (clock);
  self->random.state = seed;
  self->sabotages = g_ptr_array_new_with_free_func (g_free);
  self->gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->commits = g_array_new (FALSE, FALSE, sizeof (BranchCommit));
  g_array_set_clear_func (self->commits, commit_clear);
  return self;
}

Branch *
branch_open (PowerDisk *disk, MdTestClock *clock, guint64 seed, gboolean normal, GError **error)
{
  g_autoptr (Branch) self = branch_new (disk, clock, seed);

  self->normal = normal;
  return open_first (self, error) && start (self, error) ? g_steal_pointer (&self) : NULL;
}

Branch *
branch_open_single (PowerDisk *disk, MdTestClock *clock, guint64 seed, GError **error)
{
  g_autoptr (Branch) self = branch_new (disk, clock, seed);

  self->db = md_db_open (self->path, MD_DB_READ_WRITE, error);
  if (self->db == NULL)
    return NULL;
  self->single = TRUE;
  self->source_db = self->log_db = self->reader = self->db;
  self->audit = md_audit_new (self->db, "139998", "T001", MD_CLOCK (clock));
  self->outbox = md_outbox_new (self->db, self->audit, MD_CLOCK (clock));
  self->source_audit = md_audit_new (self->db, "139998", "T001", MD_CLOCK (clock));
  self->source = md_outbox_new (self->db, self->source_audit, MD_CLOCK (clock));
  return g_steal_pointer (&self);
}

static void
close_db (MdDb **db)
{
  md_db_close (*db);
  *db = NULL;
}

void
branch_stop (Branch *self)
{
  g_clear_pointer (&self->source, md_outbox_free);
  g_clear_pointer (&self->source_audit, md_audit_free);
  g_clear_pointer (&self->outbox, md_outbox_free);
  g_clear_pointer (&self->audit, md_audit_free);
  if (self->single)
    self->reader = self->source_db = self->log_db = NULL;
  close_db (&self->reader);
  close_db (&self->source_db);
  close_db (&self->db);
  close_db (&self->log_db);
}

void
branch_free (Branch *self)
{
  if (self == NULL)
    return;
  branch_stop (self);
  g_ptr_array_unref (self->sabotages);
  g_array_unref (self->commits);
  g_hash_table_unref (self->gone);
  g_hash_table_unref (self->drafts);
  g_object_unref (self->clock);
  g_free (self->path);
  g_free (self);
}
