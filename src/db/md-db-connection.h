// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* What a caller may decide by; the message says what happened and what to do. */
typedef enum
{
  MD_DB_ERROR_FAILED,     /* anything else: a bug, most likely */
  MD_DB_ERROR_BUSY,       /* another process held the file for longer than we wait */
  MD_DB_ERROR_FULL,       /* no space left: nothing was stored */
  MD_DB_ERROR_CORRUPT,    /* not a database, or damaged */
  MD_DB_ERROR_READ_ONLY,  /* the file or its folder may not be written */
  MD_DB_ERROR_IO,         /* the disk answered with an error */
  MD_DB_ERROR_CANT_OPEN,  /* no such file, no permission */
  MD_DB_ERROR_CONSTRAINT, /* a rule of the schema refused the change */
  MD_DB_ERROR_NEWER,      /* written by a newer release */
} MdDbError;

#define MD_DB_ERROR (md_db_error_quark ())
GQuark md_db_error_quark (void);

typedef struct _MdDb MdDb;
typedef struct _MdDbTransaction MdDbTransaction;

typedef enum
{
  MD_DB_READ_WRITE, /* creates the file (mode 0600) when there is none */
  MD_DB_READ_ONLY,
} MdDbMode;

/* Opens PATH: WAL, synchronous=FULL, secure_delete, foreign keys, busy timeout, no automatic
 * checkpoints for READ_WRITE (MdDbCheckpointer makes them). Free with md_db_close(). Error domain:
 * MD_DB_ERROR. */
MdDb *md_db_open (const char *path, MdDbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_db_close (MdDb *db);

const char *md_db_get_path (MdDb *db);

/* Runs one or more statements without parameters and without rows (schema, pragmas). */
gboolean md_db_exec (MdDb *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Begins a writing transaction (BEGIN IMMEDIATE). md_db_transaction_free() rolls back what was not
 * committed; transactions do not nest (programmer's error). */
MdDbTransaction *md_db_begin (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As md_db_begin(), but its commit does not wait for the disk: a power cut may take it back (never
 * more than it, and never a later durable commit). For leases, which mean nothing after a restart.
 */
MdDbTransaction *md_db_begin_light (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commits; durable when it returns TRUE (but see md_db_begin_light()). On failure everything is
 * rolled back. Ends the transaction in both cases. */
gboolean md_db_commit (MdDbTransaction *transaction, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_db_transaction_free (MdDbTransaction *transaction);

gboolean md_db_in_transaction (MdDb *db);

/* Rows changed by the last statement; row id of the last insert. */
gint64 md_db_changes (MdDb *db);
gint64 md_db_last_id (MdDb *db);

/* Reads every page and index. Returns FALSE with MD_DB_ERROR_CORRUPT, naming the first finding. */
gboolean md_db_check_integrity (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Called before each step of a statement (commit included) with its SQL; returns 0 or the SQLite
 * result code that the step then fails with. For the fault tests: "the n-th step fails". NULL takes
 * it away. */
typedef int (*MdDbFault) (const char *sql, gpointer user_data);
void md_db_set_fault (MdDb *db, MdDbFault fault, gpointer user_data);

/* Limits the file's growth, so that a test can fill the disk. */
gboolean md_db_limit_growth (MdDb *db, guint extra_pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDb, md_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDbTransaction, md_db_transaction_free)

G_END_DECLS
