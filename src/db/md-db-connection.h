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
  MD_DB_ERROR_LOST,       /* the connection broke; a commit it broke in may have come about */
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
 * MD_DB_ERROR.
 *
 * After md_db_offer_postgresql(), a PATH that begins with "postgresql:" is the address of a
 * database on a PostgreSQL server, as libpq reads it, without a password: a server that has fsync
 * off is refused for READ_WRITE, one that is not on this machine must show a certificate for its
 * name (sslmode=verify-full) unless the address says otherwise, and what it does not answer within
 * seconds has failed. A connection that breaks is made again by the next call outside of a
 * transaction. */
MdDb *md_db_open (const char *path, MdDbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_db_close (MdDb *db);

/* Lets md_db_open() take addresses of PostgreSQL. In a library of its own (md_db_postgresql_dep in
 * meson): a program that does not call it is not linked with libpq. To be
 * called before there are other threads. */
void md_db_offer_postgresql (void);

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

/* Rows changed by the last statement; row id of the last insert (SQLite alone). */
gint64 md_db_changes (MdDb *db);
gint64 md_db_last_id (MdDb *db);

/* The highest number that the column seq of TABLE (a constant) ever had, though its row be gone; 0
 * without. In SQLite of a table with AUTOINCREMENT, in PostgreSQL of one whose trigger keeps
 * numbers_given. */
gboolean md_db_get_highest_given (MdDb *db, const char *table, guint64 *out_highest,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads every page and index (SQLite alone; a server looks after its own). Returns FALSE with
 * MD_DB_ERROR_CORRUPT, naming the first finding. */
gboolean md_db_check_integrity (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends whatever statement is running on DB with an error. From any thread, while DB is open. */
void md_db_interrupt (MdDb *db);

/* Called before each step of a statement (commit included) with its SQL; returns 0 or the SQLite
 * result code that the step then fails with (in PostgreSQL: any other number). For the fault tests:
 * "the n-th step fails". NULL takes it away. */
typedef int (*MdDbFault) (const char *sql, gpointer user_data);
void md_db_set_fault (MdDb *db, MdDbFault fault, gpointer user_data);

/* Limits the file's growth, so that a test can fill the disk. */
gboolean md_db_limit_growth (MdDb *db, guint extra_pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDb, md_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDbTransaction, md_db_transaction_free)

G_END_DECLS
