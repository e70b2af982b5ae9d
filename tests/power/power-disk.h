// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A disk in memory below SQLite, for as many disks as a test wants at once. Files whose path begins
 * with "/power/NAME/" lie on the disk NAME; all other paths go to the system. What is written to
 * such a file is kept as it was written, so that the disk can be cut off from its power at any
 * place afterwards: what was not synced by then is kept, lost, torn or garbage, as one seed has it,
 * and nothing else is touched beyond what the model allows. Locks and shared memory hold among all
 * connections of the process. */
typedef struct _PowerDisk PowerDisk;

/* What a drive promises. */
typedef struct
{
  guint sector;       /* bytes that are written at once, if not torn: 512 or 4096 */
  gboolean psow;      /* a write that fails leaves the rest of its sector as it was */
  guint garbage;      /* percent of the unsynced pieces that come back as garbage, at most */
  gboolean syncs_lie; /* "done", and nothing is */
  gboolean says_psow; /* SQLite is told so, whatever it asks for */
} PowerModel;

/* Random numbers from a seed, the same on every machine. */
typedef struct
{
  guint64 state;
} PowerRandom;

guint32 power_random (PowerRandom *random);
guint power_below (PowerRandom *random, guint n);

/* What the process gets from getrandom(), and SQLite for its logs. */
void power_random_seed (guint64 seed);
void power_random_fill (void *data, gsize size);

/* Makes SQLite's default file system ours, once in a process. */
void power_disk_install (void);

/* MODEL is copied. The disk keeps what is written to it for cuts where RECORDS. */
PowerDisk *power_disk_new (const char *name, const PowerModel *model, gboolean records);
void power_disk_free (PowerDisk *disk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PowerDisk, power_disk_free)

/* The path of a file on it. (transfer full) */
char *power_disk_dup_path (PowerDisk *disk, const char *name);

/* The same files, as after a clean stop, on a disk of another NAME. */
PowerDisk *power_disk_copy (PowerDisk *disk, const char *name, const PowerModel *model,
                            gboolean records);

/* How many changes (writes, truncations, syncs, new and deleted files) it has seen: the places to
 * cut at are 0 to this. */
guint power_disk_now (PowerDisk *disk);

/* How many calls that may fail. */
guint power_disk_calls (PowerDisk *disk);

/* From here on this was promised to somebody. */
void power_disk_promise (PowerDisk *disk, const char *promise);

/* What may be left when the power goes after the first AT changes. The same AT and VARIANT give the
 * same disk. (element-type utf8): what was promised by then. */
PowerDisk *power_disk_cut (PowerDisk *disk, const char *name, guint at, guint64 variant,
                           GPtrArray **out_promises);

typedef enum
{
  POWER_FAULT_NONE,
  POWER_FAULT_IO,    /* the call fails; of a write the first half is done; of a sync, what was to be
                        synced is on the disk or not, and is never tried again */
  POWER_FAULT_SHORT, /* a read of the log finds it shorter than it is; in the database itself SQLite
                        takes what is missing for zeroes */
  POWER_FAULT_FULL,  /* no more space */
} PowerFault;

/* The call number AT (from 0, as power_disk_calls() counts) fails, and with STAYS all after it. */
void power_disk_fail (PowerDisk *disk, guint at, PowerFault fault, gboolean stays);
/* Whether it has. */
gboolean power_disk_failed (PowerDisk *disk);

/* Whether these bytes are anywhere on it, freed pages and log included. */
gboolean power_disk_holds (PowerDisk *disk, const void *bytes, gsize size);

G_END_DECLS
