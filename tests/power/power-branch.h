// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-outbox.h>

#include "power-disk.h"

G_BEGIN_DECLS

/* One commit, for whoever asks after a cut. */
typedef struct
{
  guint begun, ended; /* places of the disk: not before, and there at the latest */
  gboolean durable;
  char *state; /* digest of all that the tables held after it */
} BranchCommit;

/* The outbox of one counter as the service runs it, on a power disk: its own connection, the
 * delivery's, and the checkpointer's, whose turns are called instead of a thread's. */
typedef struct
{
  PowerDisk *disk;
  char *path;
  MdTestClock *clock;
  PowerRandom random;
  MdDb *db, *source_db, *log_db;
  MdDb *reader; /* the test's own */
  MdAudit *audit, *source_audit;
  MdOutbox *outbox, *source;
  GArray *commits; /* BranchCommit; the first is what was there before */
  guint migrated;  /* the first of them with today's tables and numbers */
  gboolean light, open_commit;
  gboolean normal; /* a sabotage: synchronous=NORMAL in every transaction */
  gboolean single; /* connection for all */
  GPtrArray *sabotages;
  GHashTable *gone;   /* ids of what is erased */
  GHashTable *drafts; /* id of a waiting draft -> the intake that its body is named after */
} Branch;

/* As the service starts: opens, migrates, fills the pool of numbers, frees what was leased, opens
 * the other connections. NULL with ERROR: it does not start. */
Branch *branch_open (PowerDisk *disk, MdTestClock *clock, guint64 seed, gboolean normal,
                     GError **error);
/* All of it by one connection, and nothing looked at by the test in between: for faults. The disk
 * has today's tables. */
Branch *branch_open_single (PowerDisk *disk, MdTestClock *clock, guint64 seed, GError **error);
/* As the service stops: SQLite writes the log back. What the commits were is still known. */
void branch_stop (Branch *self);
void branch_free (Branch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Branch, branch_free)

/* Digest of all that the tables of DB hold. (transfer full) */
char *branch_state (MdDb *db, GError **error);

/* After an act: what the tables hold now belongs to the last commit. */
void branch_see (Branch *self);

G_END_DECLS
