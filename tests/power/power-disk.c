// SPDX-License-Identifier: Apache-2.0
/* The disk itself: what was written, and what is left of it after a cut. */
#include <string.h>
#include <sys/random.h>

#include "power-private.h"

static GHashTable *disks; /* name -> PowerDisk, not owned */

#define ROOT "/power/"

/* splitmix64 */
guint32
power_random (PowerRandom *random)
{
  guint64 z = random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint32)((z ^ (z >> 31)) >> 32);
}

guint
power_below (PowerRandom *random, guint n)
{
  return (guint)(((guint64)power_random (random) * n) >> 32);
}

/* In place of the system's: the ids of a run are the same at each. */
static PowerRandom system_random;

void
power_random_seed (guint64 seed)
{
  system_random.state = seed;
}

void
power_random_fill (void *data, gsize size)
{
  guint8 *bytes = data;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)power_random (&system_random);
}

ssize_t
getrandom (void *data, size_t size, unsigned flags)
{
  power_random_fill (data, size);
  return (ssize_t)size;
}

static void
contents_copy (Contents *to, const Contents *from)
{
  to->exists = from->exists;
  g_byte_array_set_size (to->bytes, 0);
  if (from->exists)
    g_byte_array_append (to->bytes, from->bytes->data, from->bytes->len);
}

static void
contents_init (Contents *contents)
{
  contents->exists = FALSE;
  contents->bytes = g_byte_array_new ();
}

static void
grow (GByteArray *bytes, gsize size)
{
  const gsize before = bytes->len;

  if (size <= before)
    return;
  g_byte_array_set_size (bytes, (guint)size);
  memset (bytes->data + before, 0, size - before);
}

static void
put (GByteArray *bytes, gint64 offset, const guint8 *data, gsize size)
{
  if (size == 0)
    return;
  grow (bytes, (gsize)offset + size);
  memcpy (bytes->data + offset, data, size);
}

static void
file_free (gpointer data)
{
  PowerFile *file = data;

  g_free (file->path);
  g_byte_array_unref (file->live.bytes);
  g_byte_array_unref (file->base.bytes);
  g_byte_array_unref (file->sure.bytes);
  g_array_unref (file->pending);
  g_ptr_array_unref (file->shared_memory);
  g_free (file);
}

static void
change_clear (gpointer data)
{
  g_free (((Change *)data)->owned);
}

PowerDisk *
power_disk_new (const char *name, const PowerModel *model, gboolean records)
{
  PowerDisk *disk = g_new0 (PowerDisk, 1);

  if (disks == NULL)
    disks = g_hash_table_new (g_str_hash, g_str_equal);
  g_assert_false (g_hash_table_contains (disks, name));
  disk->name = g_strdup (name);
  disk->model = *model;
  disk->records = records;
  disk->files = g_ptr_array_new_with_free_func (file_free);
  disk->journal = g_array_new (FALSE, FALSE, sizeof (Change));
  g_array_set_clear_func (disk->journal, change_clear);
  disk->promises = g_ptr_array_new_with_free_func (g_free);
  disk->promised_at = g_array_new (FALSE, FALSE, sizeof (guint));
  g_hash_table_insert (disks, disk->name, disk);
  return disk;
}

void
power_disk_free (PowerDisk *disk)
{
  if (disk == NULL)
    return;
  g_hash_table_remove (disks, disk->name);
  g_ptr_array_unref (disk->files);
  g_array_unref (disk->journal);
  g_ptr_array_unref (disk->promises);
  g_array_unref (disk->promised_at);
  g_free (disk->name);
  g_free (disk);
}

PowerDisk *
power_disk_find (const char *path)
{
  const char *name, *end;
  g_autofree char *key = NULL;

  if (path == NULL || disks == NULL || !g_str_has_prefix (path, ROOT))
    return NULL;
  name = path + strlen (ROOT);
  end = strchr (name, '/');
  if (end == NULL)
    return NULL;
  key = g_strndup (name, (gsize)(end - name));
  return g_hash_table_lookup (disks, key);
}

char *
power_disk_dup_path (PowerDisk *disk, const char *name)
{
  return g_strconcat (ROOT, disk->name, "/", name, NULL);
}

static const char *
inside (const char *path)
{
  return strchr (path + strlen (ROOT), '/') + 1;
}

PowerFile *
power_disk_file (PowerDisk *disk, const char *path)
{
  for (guint i = 0; i < disk->files->len; i++)
    {
      PowerFile *file = disk->files->pdata[i];

      if (g_str_equal (file->path, inside (path)))
        return file;
    }
  return NULL;
}

static PowerFile *
add_file (PowerDisk *disk, const char *name)
{
  PowerFile *file = g_new0 (PowerFile, 1);

  file->path = g_strdup (name);
  contents_init (&file->live);
  contents_init (&file->base);
  contents_init (&file->sure);
  file->pending = g_array_new (FALSE, FALSE, sizeof (guint));
  file->shared_memory = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (disk->files, file);
  return file;
}

PowerFile *
power_disk_make_file (PowerDisk *disk, const char *path)
{
  PowerFile *file = power_disk_file (disk, path);

  return file != NULL ? file : add_file (disk, inside (path));
}

PowerDisk *
power_disk_copy (PowerDisk *disk, const char *name, const PowerModel *model, gboolean records)
{
  PowerDisk *copy = power_disk_new (name, model, records);

  for (guint i = 0; i < disk->files->len; i++)
    {
      const PowerFile *from = disk->files->pdata[i];
      PowerFile *to = add_file (copy, from->path);

      contents_copy (&to->live, &from->live);
      contents_copy (&to->base, &from->live);
      contents_copy (&to->sure, &from->live);
    }
  return copy;
}

guint
power_disk_now (PowerDisk *disk)
{
  return disk->journal->len;
}

guint
power_disk_calls (PowerDisk *disk)
{
  return disk->calls;
}

void
power_disk_promise (PowerDisk *disk, const char *promise)
{
  const guint now = disk->journal->len;

  g_ptr_array_add (disk->promises, g_strdup (promise));
  g_array_append_val (disk->promised_at, now);
}

void
power_disk_fail (PowerDisk *disk, guint at, PowerFault fault, gboolean stays)
{
  disk->fault = fault;
  disk->fault_at = at;
  disk->fault_stays = stays;
  disk->failed = FALSE;
}

gboolean
power_disk_failed (PowerDisk *disk)
{
  return disk->failed;
}

PowerFault
power_disk_call (PowerDisk *disk)
{
  const guint number = disk->calls++;

  return number == disk->fault_at || (disk->fault_stays && number > disk->fault_at)
             ? disk->fault
             : POWER_FAULT_NONE;
}

/* --- Changes --- */

static void
apply (Contents *contents, const Change *change)
{
  switch (change->kind)
    {
    case CHANGE_CREATE:
      contents->exists = TRUE;
      g_byte_array_set_size (contents->bytes, 0);
      break;
    case CHANGE_WRITE:
      put (contents->bytes, change->offset, change->data, change->size);
      break;
    case CHANGE_TRUNCATE:
      if (contents->bytes->len > change->offset)
        g_byte_array_set_size (contents->bytes, (guint)change->offset);
      break;
    case CHANGE_DELETE:
      contents->exists = FALSE;
      g_byte_array_set_size (contents->bytes, 0);
      break;
    case CHANGE_SYNC:
    case CHANGE_SYNC_FAILED:
    default:
      break;
    }
}

void
power_disk_change (PowerDisk *disk, PowerFile *file, const Change *change)
{
  Change kept = *change;

  apply (&file->live, change);
  if (!disk->records)
    return;
  for (kept.file = 0; disk->files->pdata[kept.file] != file; kept.file++)
    ;
  kept.data = kept.owned = change->size > 0 ? g_memdup2 (change->data, change->size) : NULL;
  g_array_append_val (disk->journal, kept);
}

/* --- What a cut leaves --- */

/* How one cut goes. */
typedef struct
{
  PowerRandom random;
  guint kept, garbage; /* percent */
  gboolean there;      /* false: what follows went into a file that has no name any more */
} Fate;

static void
fill_with_garbage (Fate *fate, GByteArray *bytes, gint64 from, gint64 to)
{
  grow (bytes, (gsize)to);
  for (gint64 i = from; i < to; i++)
    bytes->data[i] = (guint8)power_random (&fate->random);
}

/* One piece of a write, all within one sector. */
static void
settle_piece (const PowerModel *model, Fate *fate, Contents *contents, const Change *piece)
{
  const gint64 sector = piece->offset - piece->offset % model->sector;
  const guint dice = power_below (&fate->random, 100);
  gsize size = piece->size;

  if (dice < fate->kept)
    {
      if (fate->kept < 100 && power_below (&fate->random, 8) == 0)
        size = power_below (&fate->random, (guint)size);
      put (contents->bytes, piece->offset, piece->data, size);
    }
  else if (dice < fate->kept + fate->garbage && model->psow)
    fill_with_garbage (fate, contents->bytes, piece->offset, piece->offset + (gint64)piece->size);
  else if (dice < fate->kept + fate->garbage)
    fill_with_garbage (fate, contents->bytes, sector,
                       MIN (sector + model->sector, MAX ((gint64)contents->bytes->len,
                                                         piece->offset + (gint64)piece->size)));
}

static void
settle_write (const PowerModel *model, Fate *fate, Contents *contents, const Change *change)
{
  for (gsize done = 0; done < change->size;)
    {
      Change piece = { .offset = change->offset + (gint64)done, .data = change->data + done };

      piece.size = MIN (change->size - done, model->sector - (gsize)piece.offset % model->sector);
      settle_piece (model, fate, contents, &piece);
      done += piece.size;
    }
}

static void
settle (const PowerModel *model, Fate *fate, Contents *contents, const Change *change)
{
  const gboolean kept = fate->kept == 100 || power_below (&fate->random, 2) == 0;

  if (change->kind == CHANGE_CREATE)
    fate->there = kept;
  if (!fate->there)
    return;
  if (change->kind == CHANGE_WRITE)
    settle_write (model, fate, contents, change);
  else if (kept)
    apply (contents, change);
}

static Change *
change_at (PowerDisk *disk, guint at)
{
  return &g_array_index (disk->journal, Change, at);
}

static void
settle_pending (PowerDisk *disk, PowerFile *file, Contents *contents, Fate *fate)
{
  fate->there = contents->exists;
  for (guint i = 0; i < file->pending->len; i++)
    settle (&disk->model, fate, contents,
            change_at (disk, g_array_index (file->pending, guint, i)));
}

/* Names made and taken away so far stay so; what was written since the last of that still waits. */
static void
keep_names (PowerDisk *disk, PowerFile *file)
{
  guint n = 0;

  for (guint i = 0; i < file->pending->len; i++)
    {
      const Change *change = change_at (disk, g_array_index (file->pending, guint, i));

      if (change->kind == CHANGE_CREATE || change->kind == CHANGE_DELETE)
        {
          apply (&file->sure, change);
          n = i + 1;
        }
    }
  g_array_remove_range (file->pending, 0, n);
}

/* A sync that fails: the system has given the pages up for written, whatever became of them. Names
 * it writes again. */
static void
give_up (PowerDisk *disk, PowerFile *file, guint at)
{
  Fate fate = { .random = { at }, .kept = 50 };

  keep_names (disk, file);
  settle_pending (disk, file, &file->sure, &fate);
  g_array_set_size (file->pending, 0);
}

/* SQLite on Unix syncs the folder together with a new log or journal. */
static gboolean
syncs_folder (PowerDisk *disk, const PowerFile *file)
{
  for (guint i = 0; i < file->pending->len; i++)
    if (change_at (disk, g_array_index (file->pending, guint, i))->kind == CHANGE_CREATE)
      return strchr (file->path, '-') != NULL;
  return FALSE;
}

static void
sync_file (PowerDisk *disk, PowerFile *file)
{
  const gboolean folder = syncs_folder (disk, file);

  for (guint i = 0; folder && i < disk->files->len; i++)
    keep_names (disk, disk->files->pdata[i]);
  for (guint i = 0; i < file->pending->len; i++)
    apply (&file->sure, change_at (disk, g_array_index (file->pending, guint, i)));
  g_array_set_size (file->pending, 0);
}

static void
advance (PowerDisk *disk, guint at)
{
  const Change *change = change_at (disk, at);
  PowerFile *file = disk->files->pdata[change->file];

  if (change->kind == CHANGE_SYNC_FAILED)
    give_up (disk, file, at);
  else if (change->kind != CHANGE_SYNC)
    g_array_append_val (file->pending, at);
  else if (!disk->model.syncs_lie)
    sync_file (disk, file);
}

static void
go_to (PowerDisk *disk, guint at)
{
  for (guint i = 0; at < disk->cursor && i < disk->files->len; i++)
    {
      PowerFile *file = disk->files->pdata[i];

      contents_copy (&file->sure, &file->base);
      g_array_set_size (file->pending, 0);
    }
  for (disk->cursor = at < disk->cursor ? 0 : disk->cursor; disk->cursor < at; disk->cursor++)
    advance (disk, disk->cursor);
}

PowerDisk *
power_disk_cut (PowerDisk *disk, const char *name, guint at, guint64 variant,
                GPtrArray **out_promises)
{
  PowerDisk *left = power_disk_new (name, &disk->model, FALSE);
  Fate fate = { .random = { variant * 0x9e3779b9u + at } };

  /* All kept or all lost in one of three, and no garbage in one of two. */
  fate.kept = power_below (&fate.random, 3) == 0 ? 100 * power_below (&fate.random, 2)
                                                 : power_below (&fate.random, 100);
  if (power_below (&fate.random, 2) == 0)
    fate.garbage = MIN (disk->model.garbage, 100 - fate.kept);
  go_to (disk, at);
  for (guint i = 0; i < disk->files->len; i++)
    {
      PowerFile *file = disk->files->pdata[i];
      PowerFile *after = add_file (left, file->path);

      contents_copy (&after->live, &file->sure);
      settle_pending (disk, file, &after->live, &fate);
    }
  *out_promises = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < disk->promises->len; i++)
    if (g_array_index (disk->promised_at, guint, i) <= at)
      g_ptr_array_add (*out_promises, g_strdup (disk->promises->pdata[i]));
  return left;
}

gboolean
power_disk_holds (PowerDisk *disk, const void *bytes, gsize size)
{
  for (guint i = 0; i < disk->files->len; i++)
    {
      const PowerFile *file = disk->files->pdata[i];

      if (file->live.exists && file->live.bytes->len >= size
          && memmem (file->live.bytes->data, file->live.bytes->len, bytes, size) != NULL)
        return TRUE;
    }
  return FALSE;
}
