// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <glib/gi18n.h>

#include "md-db-postgresql-private.h"

/* The engine on PostgreSQL: a connection to a server, made again by itself when it breaks between
 * two transactions. Writers go one after another, as in SQLite: each transaction takes one lock
 * first, so that what is numbered has no gap and a chain has no fork. */

/* How long after a connection that could not be made the next is tried; who asks in between is told
 * the same at once. */
#define PAUSE_US (1 * G_USEC_PER_SEC)

/* How long a server may give no sign while a program that writes waits for it: longer than it lets
 * anybody wait for a lock, shorter than whoever watches the program does. */
#define SILENCE_US (20 * G_USEC_PER_SEC)
#define LOOK_MS 50

/* --- Errors --- */

#define READ_ONLY                                                                                  \
  N_ ("The database may not be written (%s). The administrator has to check the rights of this "   \
      "program's database user, and whether the server is a standby.")
#define HELD N_ ("Another program is holding the database (%s). End it and try again.")

/* By the class (two characters) or the whole of SQLSTATE; the first that fits. What the server says
 * besides may hold values, and is not shown. */
static const struct
{
  const char *state;
  MdDbError error;
  const char *sentence;
} causes[] = {
  { "23", MD_DB_ERROR_CONSTRAINT,
    N_ ("The database refused a change that breaks its rules (%s).") },
  { "53100", MD_DB_ERROR_FULL,
    N_ ("The disk is full, so nothing was stored (%s). Free some space and try again.") },
  { "53", MD_DB_ERROR_BUSY,
    N_ ("The database server has no room for one more (%s). Raise its limits and try again.") },
  { "55P03", MD_DB_ERROR_BUSY, HELD },
  { "40", MD_DB_ERROR_BUSY, HELD },
  { "25006", MD_DB_ERROR_READ_ONLY, READ_ONLY },
  { "42501", MD_DB_ERROR_READ_ONLY, READ_ONLY },
  { "58", MD_DB_ERROR_IO,
    N_ ("The disk reports an error (%s). Call the administrator: the disk may be failing.") },
  { "XX001", MD_DB_ERROR_CORRUPT,
    N_ ("The database is damaged (%s). Call the administrator, who restores it from the last "
        "copy.") },
  { "XX002", MD_DB_ERROR_CORRUPT,
    N_ ("The database is damaged (%s). Call the administrator, who restores it from the last "
        "copy.") },
};

static void
set_lost (MdDb *db, GError **error)
{
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_LOST,
               _ ("The connection to the database was lost (%s). What was just asked may or may "
                  "not have been stored; ask again."),
               db->path);
}

void
_md_db_pg_set_error (MdDb *db, const PGresult *result, GError **error)
{
  const MdDbPgConnection *self = db->handle;
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  g_autofree char *where
      = g_strdup_printf ("%s: SQLSTATE %s", db->path, state != NULL ? state : "unknown");

  if (PQstatus (self->server) == CONNECTION_BAD)
    {
      set_lost (db, error);
      return;
    }
  for (gsize i = 0; state != NULL && i < G_N_ELEMENTS (causes); i++)
    if (g_str_has_prefix (state, causes[i].state))
      {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        /* The formats are the constants of the table above, each with one %s. */
        g_set_error (error, MD_DB_ERROR, (gint)causes[i].error, gettext (causes[i].sentence),
                     where);
#pragma GCC diagnostic pop
        return;
      }
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, _ ("The database failed (%s: %s)."),
               db->path, state != NULL ? state : "?");
}

gboolean
_md_db_pg_is_injected (MdDb *db, const char *sql, GError **error)
{
  const int code = db->fault != NULL ? db->fault (sql, db->fault_data) : 0;

  if (code != 0)
    g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, _ ("The database failed (%s: %s)."),
                 db->path, "?");
  return code != 0;
}

static void
be_silent (void *data, const char *message)
{
}

/* --- Asking --- */

/* Sends what is to be sent and takes what comes, until the answer is there. FALSE: the connection
 * is lost, or the server silent. What TLS has taken in already does not show on the socket: it is
 * asked for now and then. */
static gboolean
exchange (PGconn *server, gint64 silence_us)
{
  gint64 heard = g_get_monotonic_time ();
  int left = PQflush (server);

  while (left > 0 || (left == 0 && PQisBusy (server)))
    {
      struct pollfd line
          = { .fd = PQsocket (server), .events = (short)(left > 0 ? POLLIN | POLLOUT : POLLIN) };
      const int n = poll (&line, 1, LOOK_MS);

      if ((n < 0 && errno != EINTR) || !PQconsumeInput (server))
        return FALSE;
      if (n > 0)
        heard = g_get_monotonic_time ();
      else if (g_get_monotonic_time () - heard > silence_us)
        return FALSE;
      left = PQflush (server);
    }
  return left == 0;
}

PGresult *
_md_db_pg_await (MdDb *db, int sent)
{
  const MdDbPgConnection *self = db->handle;
  const gint64 silence = self->mode == MD_DB_READ_ONLY || self->patient ? G_MAXINT64 : SILENCE_US;
  PGresult *last = NULL;
  PGresult *result = NULL;
  gboolean there = sent != 0;

  do
    {
      there = there && exchange (self->server, silence);
      /* What is read of it from here on is its end. */
      if (!there && PQsocket (self->server) >= 0)
        (void)shutdown (PQsocket (self->server), SHUT_RDWR);
      result = PQgetResult (self->server);
      if (result != NULL)
        {
          PQclear (last);
          last = result;
        }
    }
  while (result != NULL);
  return last;
}

/* --- Connecting --- */

/* Runs SQL without values; the last result, which is right, or NULL. */
static PGresult *
query (MdDb *db, const char *sql, GError **error)
{
  const MdDbPgConnection *self = db->handle;
  PGresult *result = _md_db_pg_await (db, PQsendQuery (self->server, sql));
  const ExecStatusType status = PQresultStatus (result);

  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
    return result;
  _md_db_pg_set_error (db, result, error);
  PQclear (result);
  return NULL;
}

static gboolean
run (MdDb *db, const char *sql, GError **error)
{
  PGresult *result = query (db, sql, error);

  PQclear (result);
  return result != NULL;
}

/* RESULT begins with the server's fsync. */
static gboolean
demand_fsync (MdDb *db, const PGresult *result, GError **error)
{
  if (strcmp (PQgetvalue (result, 0, 0), "on") == 0)
    return TRUE;
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_IO,
               _ ("The database server may lose what it has stored (%s: fsync is off). Set fsync "
                  "to on there."),
               db->path);
  return FALSE;
}

/* A commit that returns must be on the disk: nobody writes to a server that does not promise it.
 * What the session has set itself stays when the server reads its settings again. */
static gboolean
demand_durability (MdDb *db, GError **error)
{
  PGresult *result = query (db,
                            "SELECT current_setting ('fsync'), set_config ('synchronous_commit',"
                            " CASE current_setting ('synchronous_commit') WHEN 'remote_apply' THEN"
                            " 'remote_apply' ELSE 'on' END, false)",
                            error);
  const gboolean syncs = result != NULL && demand_fsync (db, result, error);

  PQclear (result);
  return syncs;
}

/* What holds of each connection. A program that hangs inside a transaction would keep every other
 * from writing, and so would the connection of a machine that is gone. */
static gboolean
configure (MdDb *db, GError **error)
{
  const MdDbPgConnection *self = db->handle;

  if (g_strcmp0 (PQparameterStatus (self->server, "server_encoding"), "UTF8") != 0)
    {
      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
                   _ ("The database is not in UTF-8 (%s). Make one that is: createdb -E UTF8."),
                   db->path);
      return FALSE;
    }
  if (!run (db,
            "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '30s';"
            "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
            "SET tcp_keepalives_count = 3",
            error))
    return FALSE;
  return self->mode == MD_DB_READ_ONLY ? run (db, "SET default_transaction_read_only = on", error)
                                       : demand_durability (db, error);
}

static void
set_unreachable (MdDb *db, GError **error)
{
  const MdDbPgConnection *self = db->handle;
  g_autofree char *cause = g_strdup (PQerrorMessage (self->server));

  g_strdelimit (g_strchomp (cause), "\n\t", ' ');
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
               _ ("The database server cannot be reached (%s: %s). The administrator has to check "
                  "the server and the line to it."),
               db->path, cause);
}

static gboolean
begin_session (MdDb *db, GError **error)
{
  MdDbPgConnection *self = db->handle;

  self->generation++;
  (void)PQsetnonblocking (self->server, 1);
  if (PQstatus (self->server) != CONNECTION_OK)
    set_unreachable (db, error);
  else if (configure (db, error))
    {
      self->failed_at = 0;
      return TRUE;
    }
  self->failed_at = g_get_monotonic_time ();
  return FALSE;
}

gboolean
_md_db_pg_be_ready (MdDb *db, GError **error)
{
  MdDbPgConnection *self = db->handle;

  if (!db->in_transaction && PQstatus (self->server) == CONNECTION_OK)
    {
      /* The first reads the server's farewell, the second that it has hung up. */
      (void)PQconsumeInput (self->server);
      (void)PQconsumeInput (self->server);
    }
  if (PQstatus (self->server) == CONNECTION_OK && self->failed_at == 0)
    return TRUE;
  if (db->in_transaction)
    {
      set_lost (db, error);
      return FALSE;
    }
  if (self->failed_at != 0 && g_get_monotonic_time () - self->failed_at < PAUSE_US)
    {
      set_unreachable (db, error);
      return FALSE;
    }
  PQreset (self->server);
  return begin_session (db, error);
}

/* Reads the address for messages, and that it holds no secret: it stands in files and on command
 * lines. */
static gboolean
read_address (MdDb *db, const char *address, GError **error)
{
  PQconninfoOption *options = PQconninfoParse (address, NULL);
  const char *host = NULL;
  const char *name = NULL;
  gboolean secret = FALSE;

  for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++)
    {
      host = strcmp (o->keyword, "host") == 0 ? o->val : host;
      name = strcmp (o->keyword, "dbname") == 0 ? o->val : name;
      secret = secret || (o->val != NULL && strstr (o->keyword, "password") != NULL);
    }
  g_free (db->path);
  db->path
      = g_strdup_printf ("postgresql: %s %s", host != NULL ? host : "", name != NULL ? name : "");
  if (options == NULL)
    g_set_error_literal (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
                         _ ("The address of the database cannot be read. It is written "
                            "postgresql://USER@HOST/DATABASE."));
  else if (secret)
    g_set_error_literal (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
                         _ ("The address of the database holds a password. Write it into a file "
                            "that this program alone may read, and name that file by passfile= or "
                            "PGPASSFILE."));
  PQconninfoFree (options);
  return options != NULL && !secret;
}

/* Whoever may connect may take the lock of those who write, and keep it. */
static gboolean
warn_of_strangers (MdDb *db, GError **error)
{
  const MdDbPgConnection *self = db->handle;
  PGresult *result = query (
      db, "SELECT has_database_privilege ('public', current_database (), 'CONNECT')", error);
  const gboolean told = result != NULL;

  if (told && self->mode == MD_DB_READ_WRITE && strcmp (PQgetvalue (result, 0, 0), "t") == 0)
    g_message ("%s: every user of the server may connect to this database and stop all writing; "
               "REVOKE CONNECT ON DATABASE ... FROM PUBLIC",
               db->path);
  PQclear (result);
  return told;
}

static gboolean
pg_open (MdDb *db, MdDbMode mode, GError **error)
{
  /* What stands before dbname gives way to the address, what stands after it does not. */
  const char *const keys[] = { "connect_timeout",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout",
                               "sslmode",
                               "target_session_attrs",
                               "fallback_application_name",
                               "dbname",
                               "client_encoding",
                               NULL };
  g_autofree char *address = g_strdup (db->path);
  const char *const values[] = { "5",
                                 "10",
                                 "5",
                                 "3",
                                 "15000",
                                 "verify-full",
                                 mode == MD_DB_READ_WRITE ? "read-write" : "any",
                                 "madoguchi",
                                 address,
                                 "UTF8",
                                 NULL };
  MdDbPgConnection *self = NULL;

  if (!read_address (db, address, error))
    return FALSE;
  self = g_new0 (MdDbPgConnection, 1);
  self->mode = mode;
  db->handle = self;
  self->server = PQconnectdbParams (keys, values, 1);
  PQsetNoticeProcessor (self->server, be_silent, NULL);
  return begin_session (db, error) && warn_of_strangers (db, error);
}

static void
pg_close (MdDb *db)
{
  MdDbPgConnection *self = db->handle;

  if (self == NULL)
    return;
  PQfinish (self->server);
  g_free (self);
}

/* A step of a schema may have all that is stored to go through. */
static gboolean
pg_exec (MdDb *db, const char *sql, GError **error)
{
  MdDbPgConnection *self = db->handle;
  gboolean done = FALSE;

  if (!_md_db_pg_be_ready (db, error) || _md_db_pg_is_injected (db, sql, error))
    return FALSE;
  self->patient = TRUE;
  done = run (db, sql, error);
  self->patient = FALSE;
  return done;
}

/* --- Transactions --- */

static void
pg_roll_back (MdDb *db)
{
  const MdDbPgConnection *self = db->handle;
  const PGTransactionStatusType status = PQtransactionStatus (self->server);

  if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
    PQclear (_md_db_pg_await (db, PQsendQuery (self->server, "ROLLBACK")));
}

/* Every statement sees what was committed before it, and none is committed by others once the lock
 * is held: the lock is given up after the commit can be seen. The server's fsync may have changed
 * since the connection was made. Who comes right after one that waited in vain does not wait, too:
 * a program that serves others would do nothing else. */
static gboolean
pg_begin (MdDb *db, gboolean light, GError **error)
{
  const char *sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
                    "SELECT pg_advisory_xact_lock (5575865512270356329);"
                    "SELECT current_setting ('fsync')";
  MdDbPgConnection *self = db->handle;
  g_autoptr (GError) local = NULL;
  PGresult *result = NULL;
  gboolean begun = FALSE;

  if (self->held_at != 0 && g_get_monotonic_time () - self->held_at < PAUSE_US)
    {
      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY, _ (HELD), db->path);
      return FALSE;
    }
  if (!_md_db_pg_be_ready (db, error) || _md_db_pg_is_injected (db, sql, error))
    return FALSE;
  result = query (db, sql, &local);
  begun = result != NULL && demand_fsync (db, result, &local);
  PQclear (result);
  if (begun)
    return TRUE;
  self->held_at
      = g_error_matches (local, MD_DB_ERROR, MD_DB_ERROR_BUSY) ? g_get_monotonic_time () : 0;
  g_propagate_error (error, g_steal_pointer (&local));
  pg_roll_back (db);
  return FALSE;
}

/* Of a transaction in which something failed, the server answers COMMIT with "ROLLBACK". */
static gboolean
pg_commit (MdDb *db, GError **error)
{
  PGresult *result = NULL;
  gboolean committed = FALSE;

  if (!_md_db_pg_be_ready (db, error) || _md_db_pg_is_injected (db, "COMMIT", error))
    return FALSE;
  result = query (db, "COMMIT", error);
  if (result == NULL)
    return FALSE;
  committed = strcmp (PQcmdStatus (result), "COMMIT") == 0;
  if (!committed)
    g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_FAILED, _ ("The database failed (%s: %s)."),
                 db->path, "ROLLBACK");
  PQclear (result);
  return committed;
}

/* A light transaction is as durable as any other here. */
static void
pg_end_light (MdDb *db)
{
}

/* --- The rest --- */

static gint64
pg_changes (MdDb *db)
{
  return ((MdDbPgConnection *)db->handle)->changes;
}

/* Nobody asks for it of a table that can lie here; RETURNING would tell. */
static gint64
pg_last_id (MdDb *db)
{
  g_return_val_if_reached (0);
}

/* The server keeps sums of its pages and looks at them itself. */
static gboolean
pg_check_integrity (MdDb *db, GError **error)
{
  return TRUE;
}

static const MdDbEngine engine = {
  .dialect = MD_DB_POSTGRESQL,
  .foundation = "CREATE TABLE IF NOT EXISTS schema_version ("
                "component TEXT PRIMARY KEY, version BIGINT NOT NULL);"
                "CREATE TABLE IF NOT EXISTS numbers_given ("
                "name TEXT PRIMARY KEY, seq BIGINT NOT NULL);"
                "CREATE OR REPLACE FUNCTION append_only () RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN RAISE EXCEPTION ''% is append-only'', TG_TABLE_NAME"
                " USING ERRCODE = ''integrity_constraint_violation''; END'",
  .has_foundation = "SELECT CASE WHEN to_regclass ('schema_version') IS NULL THEN 0 ELSE 1 END",
  .highest_given = "SELECT coalesce (max (seq), 0) FROM numbers_given WHERE name = ?1",
  .open = pg_open,
  .close = pg_close,
  .exec = pg_exec,
  .begin = pg_begin,
  .commit = pg_commit,
  .roll_back = pg_roll_back,
  .end_light = pg_end_light,
  .prepare = _md_db_pg_prepare,
  .rewind = _md_db_pg_rewind,
  .finalize = _md_db_pg_finalize,
  .bind_int = _md_db_pg_bind_int,
  .bind_text = _md_db_pg_bind_text,
  .bind_data = _md_db_pg_bind_data,
  .step = _md_db_pg_step,
  .column_int = _md_db_pg_column_int,
  .column_text = _md_db_pg_column_text,
  .column_data = _md_db_pg_column_data,
  .changes = pg_changes,
  .last_id = pg_last_id,
  .check_integrity = pg_check_integrity,
};

void
md_db_offer_postgresql (void)
{
  _md_db_offer_postgresql (&engine);
}
