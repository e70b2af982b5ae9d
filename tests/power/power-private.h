// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include "power-disk.h"

typedef enum
{
  CHANGE_CREATE,
  CHANGE_WRITE,
  CHANGE_TRUNCATE,
  CHANGE_DELETE,
  CHANGE_SYNC,
  CHANGE_SYNC_FAILED,
} ChangeKind;

typedef struct
{
  ChangeKind kind;
  guint file;
  gint64 offset; /* of a truncation: the new size */
  gsize size;
  const guint8 *data;
  guint8 *owned; /* the same, in the journal */
} Change;

typedef struct
{
  gboolean exists;
  GByteArray *bytes;
} Contents;

#define LOCK_SLOTS SQLITE_SHM_NLOCK

typedef struct
{
  char *path;
  Contents live;
  Contents base; /* before the first change */
  /* For cuts: what the drive surely has after the first `cursor` changes, and what it may have. */
  Contents sure;
  GArray *pending; /* of guint: places in the journal */
  guint readers;   /* connections with SQLITE_LOCK_SHARED and above */
  int writer;      /* the highest lock above that */
  GPtrArray *shared_memory;
  guint shm_users;
  guint shm_readers[LOCK_SLOTS];
  gboolean shm_writer[LOCK_SLOTS];
} PowerFile;

struct _PowerDisk
{
  char *name;
  PowerModel model;
  gboolean records;
  GPtrArray *files; /* PowerFile */
  GArray *journal;  /* Change */
  guint cursor;
  GPtrArray *promises;
  GArray *promised_at; /* guint */
  guint calls;
  PowerFault fault;
  guint fault_at;
  gboolean fault_stays;
  gboolean failed;
};

/* The disk of a path, and the file on it; NULL where there is none. */
PowerDisk *power_disk_find (const char *path);
PowerFile *power_disk_file (PowerDisk *disk, const char *path);
PowerFile *power_disk_make_file (PowerDisk *disk, const char *path);

/* What becomes of the next call. */
PowerFault power_disk_call (PowerDisk *disk);

/* Changes the live file and enters the change in the journal. */
void power_disk_change (PowerDisk *disk, PowerFile *file, const Change *change);
