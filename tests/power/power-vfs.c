// SPDX-License-Identifier: Apache-2.0
/* The same as SQLite sees it: its file system "power", which leaves all other paths to the one that
 * was there before. It answers what Debian's answers: sectors of 4096 bytes, and "powersafe
 * overwrite" unless the address says psow=0. */
#include <string.h>

#include "power-private.h"

#define SECTOR_SIZE 4096

typedef struct
{
  sqlite3_file base;
  PowerDisk *disk;
  PowerFile *file;
  int lock;
  gboolean psow;
  gboolean has_shm;
  guint shm_shared, shm_exclusive; /* bits of slots that are ours */
} Handle;

static sqlite3_vfs *below;

/* --- Reading and writing --- */

static int
fail (PowerDisk *disk, int code)
{
  disk->failed = TRUE;
  return code;
}

/* The code a call that neither reads nor writes contents fails with, or SQLITE_OK. */
static int
call (PowerDisk *disk, int code)
{
  return power_disk_call (disk) == POWER_FAULT_IO ? fail (disk, code) : SQLITE_OK;
}

static int
power_read (sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
{
  Handle *h = (Handle *)base;
  const PowerFault fault = power_disk_call (h->disk);
  const gint64 size = h->file->live.bytes->len;
  gint64 n = CLAMP (size - offset, 0, amount);

  if (fault == POWER_FAULT_IO)
    return fail (h->disk, SQLITE_IOERR_READ);
  if (fault == POWER_FAULT_SHORT && strchr (h->file->path, '-') != NULL)
    {
      fail (h->disk, 0);
      n /= 2;
    }
  if (n > 0)
    memcpy (buffer, h->file->live.bytes->data + offset, (gsize)n);
  if (n == amount)
    return SQLITE_OK;
  memset ((guint8 *)buffer + n, 0, (gsize)(amount - n));
  return SQLITE_IOERR_SHORT_READ;
}

static int
power_write (sqlite3_file *base, const void *data, int amount, sqlite3_int64 offset)
{
  Handle *h = (Handle *)base;
  const PowerFault fault = power_disk_call (h->disk);
  const gboolean whole = fault == POWER_FAULT_NONE || fault == POWER_FAULT_SHORT;
  Change change = { .kind = CHANGE_WRITE, .offset = offset, .data = data };

  change.size = (gsize)(whole ? amount : amount / 2);
  if (h->file->live.exists)
    power_disk_change (h->disk, h->file, &change);
  if (whole)
    return SQLITE_OK;
  return fail (h->disk, fault == POWER_FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE);
}

static int
power_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  Handle *h = (Handle *)base;
  const Change change = { .kind = CHANGE_TRUNCATE, .offset = size };

  if (call (h->disk, SQLITE_IOERR_TRUNCATE) != SQLITE_OK)
    return SQLITE_IOERR_TRUNCATE;
  power_disk_change (h->disk, h->file, &change);
  return SQLITE_OK;
}

static int
power_sync (sqlite3_file *base, int flags)
{
  Handle *h = (Handle *)base;
  const int code = call (h->disk, SQLITE_IOERR_FSYNC);
  const Change change = { .kind = code == SQLITE_OK ? CHANGE_SYNC : CHANGE_SYNC_FAILED };

  power_disk_change (h->disk, h->file, &change);
  return code;
}

static int
power_size (sqlite3_file *base, sqlite3_int64 *out_size)
{
  Handle *h = (Handle *)base;

  *out_size = h->file->live.bytes->len;
  return call (h->disk, SQLITE_IOERR_FSTAT);
}

/* --- Locks --- */

static int
power_lock (sqlite3_file *base, int level)
{
  Handle *h = (Handle *)base;
  PowerFile *file = h->file;

  if (h->lock >= level)
    return SQLITE_OK;
  if (call (h->disk, SQLITE_IOERR_LOCK) != SQLITE_OK)
    return SQLITE_IOERR_LOCK;
  if (level == SQLITE_LOCK_SHARED)
    {
      if (file->writer >= SQLITE_LOCK_PENDING)
        return SQLITE_BUSY;
      file->readers++;
      h->lock = SQLITE_LOCK_SHARED;
      return SQLITE_OK;
    }
  if (file->writer > SQLITE_LOCK_SHARED && h->lock <= SQLITE_LOCK_SHARED)
    return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && file->readers > 1)
    {
      file->writer = h->lock = SQLITE_LOCK_PENDING;
      return SQLITE_BUSY;
    }
  file->writer = h->lock = level;
  return SQLITE_OK;
}

static int
power_unlock (sqlite3_file *base, int level)
{
  Handle *h = (Handle *)base;

  if (h->lock <= level)
    return SQLITE_OK;
  if (h->lock > SQLITE_LOCK_SHARED)
    h->file->writer = 0;
  if (level == SQLITE_LOCK_NONE)
    h->file->readers--;
  h->lock = level;
  return SQLITE_OK;
}

static int
power_check_reserved (sqlite3_file *base, int *out_reserved)
{
  Handle *h = (Handle *)base;

  *out_reserved = h->file->writer >= SQLITE_LOCK_RESERVED;
  return call (h->disk, SQLITE_IOERR_CHECKRESERVEDLOCK);
}

/* --- Shared memory --- */

static int
power_shm_map (sqlite3_file *base, int region, int size, int extend, void volatile **out_memory)
{
  Handle *h = (Handle *)base;
  GPtrArray *regions = h->file->shared_memory;

  *out_memory = NULL;
  if (call (h->disk, SQLITE_IOERR_SHMMAP) != SQLITE_OK)
    return SQLITE_IOERR_SHMMAP;
  if (!h->has_shm)
    h->file->shm_users++;
  h->has_shm = TRUE;
  if ((guint)region >= regions->len && !extend)
    return SQLITE_OK;
  while ((guint)region >= regions->len)
    g_ptr_array_add (regions, g_malloc0 ((gsize)size));
  *out_memory = regions->pdata[region];
  return SQLITE_OK;
}

static int
shm_unlock (Handle *h, int first, int n)
{
  for (int i = first; i < first + n; i++)
    {
      if (h->shm_shared & (1u << i))
        h->file->shm_readers[i]--;
      if (h->shm_exclusive & (1u << i))
        h->file->shm_writer[i] = FALSE;
      h->shm_shared &= ~(1u << i);
      h->shm_exclusive &= ~(1u << i);
    }
  return SQLITE_OK;
}

static int
power_shm_lock (sqlite3_file *base, int first, int n, int flags)
{
  Handle *h = (Handle *)base;
  const gboolean shared = (flags & SQLITE_SHM_SHARED) != 0;

  if (flags & SQLITE_SHM_UNLOCK)
    return shm_unlock (h, first, n);
  if (call (h->disk, SQLITE_IOERR_SHMLOCK) != SQLITE_OK)
    return SQLITE_IOERR_SHMLOCK;
  for (int i = first; i < first + n; i++)
    if (((h->shm_shared | h->shm_exclusive) & (1u << i)) == 0
        && (h->file->shm_writer[i] || (!shared && h->file->shm_readers[i] > 0)))
      return SQLITE_BUSY;
  for (int i = first; i < first + n; i++)
    {
      if (((h->shm_shared | h->shm_exclusive) & (1u << i)) != 0)
        continue;
      if (shared)
        h->file->shm_readers[i]++;
      else
        h->file->shm_writer[i] = TRUE;
      *(shared ? &h->shm_shared : &h->shm_exclusive) |= 1u << i;
    }
  return SQLITE_OK;
}

static void
power_shm_barrier (sqlite3_file *base)
{
}

static int
power_shm_unmap (sqlite3_file *base, int delete)
{
  Handle *h = (Handle *)base;

  shm_unlock (h, 0, LOCK_SLOTS);
  if (!h->has_shm)
    return SQLITE_OK;
  h->has_shm = FALSE;
  if (--h->file->shm_users == 0)
    g_ptr_array_set_size (h->file->shared_memory, 0);
  return SQLITE_OK;
}

/* --- The rest of a file --- */

static int
power_close (sqlite3_file *base)
{
  power_shm_unmap (base, 0);
  return power_unlock (base, SQLITE_LOCK_NONE);
}

static int
power_control (sqlite3_file *base, int operation, void *argument)
{
  return SQLITE_NOTFOUND;
}

static int
power_sector_size (sqlite3_file *base)
{
  return SECTOR_SIZE;
}

static int
power_characteristics (sqlite3_file *base)
{
  return ((Handle *)base)->psow ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0;
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = power_close,
  .xRead = power_read,
  .xWrite = power_write,
  .xTruncate = power_truncate,
  .xSync = power_sync,
  .xFileSize = power_size,
  .xLock = power_lock,
  .xUnlock = power_unlock,
  .xCheckReservedLock = power_check_reserved,
  .xFileControl = power_control,
  .xSectorSize = power_sector_size,
  .xDeviceCharacteristics = power_characteristics,
  .xShmMap = power_shm_map,
  .xShmLock = power_shm_lock,
  .xShmBarrier = power_shm_barrier,
  .xShmUnmap = power_shm_unmap,
};

/* --- The file system --- */

static int
power_open (sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags, int *out_flags)
{
  PowerDisk *disk = power_disk_find (path);
  Handle *h = (Handle *)base;
  PowerFile *file;
  PowerFault fault;

  base->pMethods = NULL;
  if (disk == NULL)
    return below->xOpen (below, path, base, flags, out_flags);
  fault = power_disk_call (disk);
  file = power_disk_file (disk, path);
  if (fault == POWER_FAULT_IO)
    return fail (disk, SQLITE_CANTOPEN);
  if (file == NULL || !file->live.exists)
    {
      const Change change = { .kind = CHANGE_CREATE };

      if ((flags & SQLITE_OPEN_CREATE) == 0)
        return SQLITE_CANTOPEN;
      if (fault == POWER_FAULT_FULL)
        return fail (disk, SQLITE_CANTOPEN);
      file = power_disk_make_file (disk, path);
      power_disk_change (disk, file, &change);
    }
  *h = (Handle){ .disk = disk, .file = file };
  h->psow = disk->model.says_psow || (flags & SQLITE_OPEN_MAIN_DB) == 0
            || sqlite3_uri_boolean (path, "psow", 1) != 0;
  base->pMethods = &methods;
  if (out_flags != NULL)
    *out_flags = flags;
  return SQLITE_OK;
}

static int
power_delete (sqlite3_vfs *vfs, const char *path, int sync)
{
  PowerDisk *disk = power_disk_find (path);
  PowerFile *file;
  const Change change = { .kind = CHANGE_DELETE };
  const Change synced = { .kind = CHANGE_SYNC };

  if (disk == NULL)
    return below->xDelete (below, path, sync);
  if (call (disk, SQLITE_IOERR_DELETE) != SQLITE_OK)
    return SQLITE_IOERR_DELETE;
  file = power_disk_file (disk, path);
  if (file == NULL || !file->live.exists)
    return SQLITE_IOERR_DELETE_NOENT;
  power_disk_change (disk, file, &change);
  if (sync)
    power_disk_change (disk, file, &synced);
  return SQLITE_OK;
}

static int
power_access (sqlite3_vfs *vfs, const char *path, int flags, int *out_there)
{
  PowerDisk *disk = power_disk_find (path);
  const PowerFile *file;

  if (disk == NULL)
    return below->xAccess (below, path, flags, out_there);
  file = power_disk_file (disk, path);
  *out_there = file != NULL && file->live.exists
               && (flags != SQLITE_ACCESS_EXISTS || file->live.bytes->len > 0);
  return call (disk, SQLITE_IOERR_ACCESS);
}

static int
power_full_pathname (sqlite3_vfs *vfs, const char *path, int size, char *out_path)
{
  if (power_disk_find (path) == NULL)
    return below->xFullPathname (below, path, size, out_path);
  g_strlcpy (out_path, path, (gsize)size);
  return SQLITE_OK;
}

/* Who waits for a lock here waits for ever: all connections are of one thread. */
static int
power_sleep (sqlite3_vfs *vfs, int microseconds)
{
  return microseconds;
}

static int
power_randomness (sqlite3_vfs *vfs, int size, char *out_bytes)
{
  power_random_fill (out_bytes, (gsize)size);
  return size;
}

void
power_disk_install (void)
{
  static sqlite3_vfs vfs;

  if (below != NULL)
    return;
  below = sqlite3_vfs_find (NULL);
  vfs = *below;
  vfs.zName = "power";
  vfs.pNext = NULL;
  vfs.szOsFile = MAX (below->szOsFile, (int)sizeof (Handle));
  vfs.xOpen = power_open;
  vfs.xDelete = power_delete;
  vfs.xAccess = power_access;
  vfs.xFullPathname = power_full_pathname;
  vfs.xRandomness = power_randomness;
  vfs.xSleep = power_sleep;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}
