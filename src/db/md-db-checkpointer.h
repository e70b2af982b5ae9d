// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include "md-db-connection.h"

G_BEGIN_DECLS

/* Moves the write-ahead log into the database. EMPTY: nothing of it stays in the log's file, also
 * when the power goes right after; MD_DB_ERROR_BUSY when somebody reads from it for too long. */
gboolean md_db_checkpoint (MdDb *db, gboolean empty, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To be called before anything is written through a file that was just opened: what a power cut has
 * left of the log ends wherever it does, maybe beside something in the same sector, and nothing may
 * be written behind it. Empties the log, but where somebody reads from it for too long; nothing on
 * a server. */
gboolean md_db_recover (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A helper thread with a connection of its own that moves the write-ahead log into the database, so
 * that no commit waits for it: every two seconds when there is something to move, and at once when
 * asked. Empties the log once when it starts. It waits for nobody, so that nobody waits for it: a
 * log that somebody reads is emptied in a later turn. */
typedef struct _MdDbCheckpointer MdDbCheckpointer;

MdDbCheckpointer *md_db_checkpointer_start (const char *path,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks for a checkpoint that also empties the log, so that erased payloads do not stay in it. Any
 * thread; does not wait. */
void md_db_checkpointer_empty_log (MdDbCheckpointer *self);

/* Ends the thread, with a last checkpoint. */
void md_db_checkpointer_stop (MdDbCheckpointer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDbCheckpointer, md_db_checkpointer_stop)

G_END_DECLS
