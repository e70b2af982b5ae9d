// SPDX-License-Identifier: Apache-2.0
#include "backup-store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "md-audit.h"
#include "md-outbox.h"

#include "terminal.h"

#define DEFAULT_SETTINGS "/etc/madoguchi/terminal.ini"
#define MAX_PASSPHRASE 1024u
#define UNSENT "SELECT count (*) FROM outbox WHERE state <> 'delivered'"

static gboolean
fail_file (const char *path, GError **error)
{
  const int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _ ("The file %s cannot be read or written (%s). The administrator has to check disk "
                  "and owner."),
               path, g_strerror (code));
  return FALSE;
}

/* --- Which terminal --- */

static char *
read_setting (GKeyFile *file, const char *path, const char *group, const char *key, GError **error)
{
  char *value = g_key_file_get_string (file, group, key, NULL);

  if (value == NULL || *value == '\0')
    {
      g_clear_pointer (&value, g_free);
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                   _ ("In %s the line \"%s=\" under [%s] is missing. Add it and start again."),
                   path, key, group);
    }
  return value;
}

Store *
store_new (Context *context, GError **error)
{
  const char *path = context->config != NULL ? context->config : DEFAULT_SETTINGS;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Store) self = g_new0 (Store, 1);

  self->lock_fd = -1;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  self->office = read_setting (file, path, "terminal", "office", error);
  self->terminal = self->office != NULL ? read_setting (file, path, "terminal", "id", error) : NULL;
  self->state_dir
      = self->terminal != NULL ? read_setting (file, path, "terminal", "state_dir", error) : NULL;
  if (self->state_dir == NULL)
    return NULL;
  self->certificate = g_key_file_get_string (file, "backup", "certificate", NULL);
  self->database = g_build_filename (self->state_dir, "terminal.db", NULL);
  self->opened = g_build_filename (self->state_dir, MD_BACKUP_OPENED, NULL);
  return g_steal_pointer (&self);
}

void
store_free (Store *self)
{
  if (self == NULL)
    return;
  if (self->opened != NULL)
    md_backup_erase_clear (self->opened);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->office);
  g_free (self->terminal);
  g_free (self->state_dir);
  g_free (self->certificate);
  g_free (self->database);
  g_free (self->opened);
  g_free (self);
}

/* Whoever runs this: the service must be able to work with it. */
static gboolean
give_to_service (const Store *self, const char *path, GError **error)
{
  struct stat folder;

  if (stat (self->state_dir, &folder) == 0 && lchown (path, folder.st_uid, folder.st_gid) == 0)
    return TRUE;
  return fail_file (path, error);
}

gboolean
store_lock (Store *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->state_dir, "lock", NULL);
  char holder[16] = "?";

  self->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd < 0)
    return fail_file (path, error);
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return give_to_service (self, path, error);
  if (errno != EWOULDBLOCK)
    return fail_file (path, error);
  if (pread (self->lock_fd, holder, sizeof holder - 1, 0) > 0)
    g_strdelimit (holder, "\n", '\0');
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY,
               _ ("madoguchid (process %s) works with %s. Nothing was changed. Stop it first: "
                  "systemctl stop madoguchid"),
               holder, self->state_dir);
  return FALSE;
}

/* --- Opening --- */

static MdSecret *
ask_passphrase (const Context *context)
{
  if (context->passphrase_fd >= 0)
    return terminal_read (context->passphrase_fd, MAX_PASSPHRASE);
  return terminal_ask (_ ("Passphrase of the recovery key: "), MAX_PASSPHRASE);
}

static MdKey *
load_key (const Context *context, GError **error)
{
  g_autoptr (MdSecret) passphrase = NULL;
  g_autoptr (GError) local = NULL;
  MdKey *key = md_key_new_from_file (context->key, NULL, &local);

  if (key == NULL && g_error_matches (local, MD_PKI_ERROR, MD_PKI_ERROR_PASSPHRASE))
    {
      g_clear_error (&local);
      passphrase = ask_passphrase (context);
      key = md_key_new_from_file (
          context->key, passphrase != NULL ? md_secret_get_text (passphrase) : "", &local);
    }
  if (key != NULL)
    return key;
  g_set_error (error, local->domain, local->code,
               g_error_matches (local, MD_PKI_ERROR, MD_PKI_ERROR_PASSPHRASE)
                   ? _ ("The passphrase does not open the recovery key %s (%s).")
                   : _ ("The recovery key %s cannot be read (%s)."),
               context->key, local->message);
  return NULL;
}

/* What is said of a backup that does not open. */
static const struct
{
  const char *text;
  MdSealError seal;
  MdPkiError pki;
} refusals[] = {
  { N_ ("%s is no backup of Madoguchi, or not all of it is there. Take another one."),
    MD_SEAL_ERROR_MALFORMED, MD_PKI_ERROR_MALFORMED },
  { N_ ("%s is not as it was made: somebody or something changed it. Take another one."),
    MD_SEAL_ERROR_DIGEST, MD_PKI_ERROR_DAMAGED },
  { N_ ("%s was not sealed to this recovery certificate. Take the key and the certificate that "
        "were "
        "the office's when it was made."),
    MD_SEAL_ERROR_UNTRUSTED, MD_PKI_ERROR_NOT_RECIPIENT },
};

static gboolean
refuse (const char *path, GError *why, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_error_matches (why, MD_SEAL_ERROR, (gint)refusals[i].seal)
        || g_error_matches (why, MD_PKI_ERROR, (gint)refusals[i].pki))
      {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        /* The formats are the constants of the table above, each with one %s. */
        g_set_error (error, why->domain, why->code, gettext (refusals[i].text), path);
#pragma GCC diagnostic pop
        g_error_free (why);
        return FALSE;
      }
  g_propagate_error (error, why);
  return FALSE;
}

static gboolean
open_file (Store *self, Context *context, const char *path, GError **error)
{
  const char *file = context->certificate != NULL ? context->certificate : self->certificate;
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;
  GError *local = NULL;

  if (context->key == NULL || file == NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("Name the recovery key with --key FILE, and its certificate with "
                              "--certificate FILE where the settings do not."));
      return FALSE;
    }
  certificate = md_certificate_new_from_file (file, &local);
  if (certificate == NULL)
    {
      g_set_error (error, local->domain, local->code,
                   _ ("The recovery certificate %s cannot be read (%s)."), file, local->message);
      g_error_free (local);
      return FALSE;
    }
  key = load_key (context, error);
  if (key == NULL)
    return FALSE;
  md_backup_erase_clear (self->opened);
  return md_backup_open (path, key, certificate, self->opened, &local)
         || refuse (path, local, error);
}

/* --- Looking through it --- */

void
contents_clear (Contents *contents)
{
  g_clear_pointer (&contents->head, md_backup_head_free);
}

static gboolean
check_head (const Store *self, const char *path, const MdBackupHead *head, GError **error)
{
  if (g_str_equal (head->office, self->office) && g_str_equal (head->terminal, self->terminal))
    return TRUE;
  g_set_error (
      error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
      _ ("%s is of the terminal %s of the office %s. This is the terminal %s of the office "
         "%s."),
      path, head->terminal, head->office, self->terminal, self->office);
  return FALSE;
}

/* What was lost with a damaged file is missing for good, and its record says so. */
static gboolean
check_log (MdDb *db, const char *path, GError **error)
{
  MdAuditReport report = { 0 };
  gint64 salvaged = 0;

  if (!md_audit_verify (db, &report, error)
      || !md_db_get_int (db, "SELECT coalesce (max (seq), 0) FROM audit WHERE event = 'salvage'",
                         &salvaged, error))
    return FALSE;
  if (report.verdict == MD_AUDIT_INTACT || salvaged >= (gint64)report.first_bad)
    return TRUE;
  g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT,
               _ ("The log in %s is broken at its record %lld. Take another backup, and tell the "
                  "auditor."),
               path, (long long)report.first_bad);
  return FALSE;
}

static gboolean
check_database (Store *self, const char *path, Contents *contents, GError **error)
{
  g_autoptr (MdDb) db = md_db_open (self->opened, MD_DB_READ_WRITE, error);
  gint64 intakes = 0, unsent = 0;

  if (db == NULL || !md_db_check_integrity (db, error) || !md_audit_migrate (db, error)
      || !md_outbox_migrate (db, error) || !check_log (db, path, error)
      || !md_db_get_int (db, "SELECT count (*) FROM intake", &intakes, error)
      || !md_db_get_int (db, UNSENT, &unsent, error))
    return FALSE;
  contents->intakes = (guint64)intakes;
  contents->unsent = (guint64)unsent;
  return TRUE;
}

gboolean
store_open_backup (Store *self, Context *context, const char *path, Contents *out_contents,
                   GError **error)
{
  GError *local = NULL;

  out_contents->head = md_backup_read_head (path, &local);
  if (out_contents->head == NULL)
    return refuse (path, local, error);
  return check_head (self, path, out_contents->head, error)
         && open_file (self, context, path, error)
         && check_database (self, path, out_contents, error);
}

/* --- Putting it back --- */

/* Of the same digits, and it does not doubt itself which it has given. */
static gboolean
knows_given (MdDb *db, MdDb *old, gint64 terminal)
{
  gint64 here = 0;
  gboolean doubts = TRUE;

  return terminal > 0
         && md_db_get_int (db, "SELECT coalesce (max (terminal_number), 0) FROM receipt_pool",
                           &here, NULL)
         && here == terminal && md_outbox_doubts_numbers (old, &doubts, NULL) && !doubts;
}

/* The numbers that were given since are not given again, as far as the old database tells: one of
 * an earlier release does not tell what the gateway has told of others. */
static gboolean
take_over_numbers (MdDb *db, MdDb *old, gboolean *out_known, GError **error)
{
  g_autoptr (MdDbStatement) update = NULL;
  gint64 terminal = 0, next = 0, highest = 0;

  *out_known = FALSE;
  if (old == NULL
      || !md_db_get_int (old, "SELECT coalesce (max (terminal_number), 0) FROM receipt_pool",
                         &terminal, NULL)
      || !md_db_get_int (old, "SELECT coalesce (max (next), 0) FROM receipt_pool", &next, NULL))
    return TRUE;
  if (!md_db_get_int (old, "SELECT coalesce (max (highest), 0) FROM receipt_pool", &highest, NULL))
    highest = next - 1;
  *out_known = knows_given (db, old, terminal);
  update = md_db_prepare (db,
                          "UPDATE receipt_pool SET next = max (next, ?1, ?3 + 1),"
                          " highest = max (highest, ?1 - 1, ?3) WHERE terminal_number = ?2",
                          error);
  if (update == NULL)
    return FALSE;
  md_db_bind_int (update, 1, next);
  md_db_bind_int (update, 2, terminal);
  md_db_bind_int (update, 3, highest);
  return md_db_run (update, error);
}

static gboolean
is_known (MdDb *db, const char *intake)
{
  g_autoptr (MdDbStatement) row
      = md_db_prepare_for (db, "SELECT 1 FROM intake WHERE id = ?1", intake, NULL);

  return row != NULL && md_db_step (row, NULL) == MD_DB_STEP_ROW;
}

#define SENT_NOWHERE "SELECT intake FROM outbox WHERE state <> 'delivered'"
#define HELD SENT_NOWHERE " OR seq IN (SELECT item FROM payload)"

/* How many items that SQL finds in OLD are of intakes that DB does not know; -1 where that cannot
 * be read. */
static gint64
count_missed (MdDb *db, MdDb *old, const char *sql)
{
  g_autoptr (MdDbStatement) rows = old != NULL ? md_db_prepare (old, sql, NULL) : NULL;
  MdDbStep step = MD_DB_STEP_ERROR;
  gint64 missed = 0;

  while (rows != NULL && (step = md_db_step (rows, NULL)) == MD_DB_STEP_ROW)
    missed += is_known (db, md_db_column_text (rows, 0)) ? 0 : 1;
  return step == MD_DB_STEP_DONE ? missed : -1;
}

static gboolean
mark (Store *self, MdDb *db, MdDb *old, const Contents *contents, GError **error)
{
  MdClock *clock = md_clock_get_system ();
  MdAudit *audit = md_audit_new (db, self->office, self->terminal, clock);
  g_autofree char *detail = g_strdup_printf ("taken=%s", contents->head->time);
  const MdAuditEntry entry = { .event = "restore", .outcome = MD_AUDIT_DONE, .detail = detail };
  g_autoptr (MdDbTransaction) transaction = md_db_begin (db, error);
  gboolean known = FALSE;
  const gboolean marked
      = transaction != NULL && take_over_numbers (db, old, &known, error)
        && md_outbox_mark_restored (db, md_clock_get_wall_us (clock) / 1000, known, error)
        && md_audit_append (audit, &entry, error)
        && md_db_commit (g_steal_pointer (&transaction), error);

  md_audit_free (audit);
  return marked;
}

static gboolean
sync_path (const char *path, GError **error)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC);
  const gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (!synced)
    fail_file (path, error);
  if (fd >= 0)
    close (fd);
  return synced;
}

static gboolean
move (const char *from, const char *to, GError **error)
{
  return g_rename (from, to) == 0 || errno == ENOENT || fail_file (from, error);
}

/* What an interrupted restore calls the replaced database; NULL: none was interrupted. */
static char *
name_begun (const Store *self, const char *mark_path)
{
  g_autofree char *begun = NULL;

  if (!g_file_get_contents (mark_path, &begun, NULL, NULL)
      || !g_str_has_prefix (begun, MD_BACKUP_ASIDE) || strchr (begun, '/') != NULL)
    return NULL;
  return g_build_filename (self->state_dir, begun, NULL);
}

/* Where the replaced database goes. One that was interrupted goes on under the name it began with,
 * unless that was brought to its end but for the mark. */
static char *
name_aside (Store *self, const char *mark_path)
{
  g_autofree char *now = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  g_autofree char *name = g_strconcat (MD_BACKUP_ASIDE, now, NULL);
  g_autofree char *before = name_begun (self, mark_path);

  if (before != NULL && (g_access (before, F_OK) != 0 || g_access (self->database, F_OK) != 0))
    return g_steal_pointer (&before);
  return g_build_filename (self->state_dir, name, NULL);
}

/* The database and then its log: a log is never left beside a file that it is not of. What it
 * shares with others while it is open means nothing any more. */
static gboolean
set_aside (Store *self, const char *aside, GError **error)
{
  g_autofree char *log = g_strconcat (self->database, "-wal", NULL);
  g_autofree char *shared = g_strconcat (self->database, "-shm", NULL);
  g_autofree char *aside_log = g_strconcat (aside, "-wal", NULL);

  g_unlink (shared);
  return move (self->database, aside, error) && move (log, aside_log, error)
         && sync_path (self->state_dir, error);
}

/* Where that was interrupted its log may lie under the old name still: what is in it alone belongs
 * to it. */
char *
store_dup_replaced (Store *self, GError **error)
{
  g_autofree char *mark_path = g_build_filename (self->state_dir, MD_BACKUP_MARK, NULL);
  g_autofree char *begun = name_begun (self, mark_path);

  if (begun == NULL || g_access (begun, F_OK) != 0)
    return g_strdup (self->database);
  if (g_access (self->database, F_OK) != 0 && !set_aside (self, begun, error))
    return NULL;
  return g_steal_pointer (&begun);
}

/* NULL where it cannot be read. */
static MdDb *
open_replaced (Store *self)
{
  g_autofree char *path = store_dup_replaced (self, NULL);

  return path != NULL ? md_db_open (path, MD_DB_READ_ONLY, NULL) : NULL;
}

/* While the mark is there, there may be no database: a service that starts then says so instead of
 * beginning a new one. */
gboolean
store_swap (Store *self, char **out_aside, GError **error)
{
  g_autofree char *mark_path = g_build_filename (self->state_dir, MD_BACKUP_MARK, NULL);
  g_autofree char *aside = name_aside (self, mark_path);
  g_autofree char *name = g_path_get_basename (aside);

  if (!sync_path (self->opened, error) || !give_to_service (self, self->opened, error)
      || !g_file_set_contents_full (mark_path, name, -1,
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                    0600, error)
      || !sync_path (self->state_dir, error) || !set_aside (self, aside, error)
      || !move (self->opened, self->database, error) || !sync_path (self->state_dir, error))
    return FALSE;
  if (g_unlink (mark_path) != 0)
    return fail_file (mark_path, error);
  *out_aside = NULL;
  if (g_access (aside, F_OK) == 0)
    *out_aside = g_steal_pointer (&aside);
  return sync_path (self->state_dir, error);
}

gboolean
store_mark_taken_over (Store *self, const char *aside, GError **error)
{
  g_autofree char *mark = aside != NULL ? g_strconcat (aside, MD_BACKUP_TAKEN_OVER, NULL) : NULL;

  return mark == NULL
         || (g_file_set_contents_full (mark, "", 0, G_FILE_SET_CONTENTS_DURABLE, 0600, error)
             && give_to_service (self, mark, error) && sync_path (self->state_dir, error));
}

gboolean
store_replace (Store *self, const char *path, const Contents *contents, char **out_aside,
               gint64 *out_missed, GError **error)
{
  MdDb *db = md_db_open (self->opened, MD_DB_READ_WRITE, error);
  MdDb *old = open_replaced (self);
  gboolean taken_over;
  const gboolean marked
      = db != NULL && mark (self, db, old, contents, error) && md_db_checkpoint (db, TRUE, error);

  *out_aside = NULL;
  *out_missed = marked ? count_missed (db, old, SENT_NOWHERE) : -1;
  taken_over = marked && count_missed (db, old, HELD) == 0 && md_db_check_integrity (old, NULL);
  md_db_close (old);
  md_db_close (db);
  return marked && store_swap (self, out_aside, error)
         && (!taken_over || store_mark_taken_over (self, *out_aside, error));
}
