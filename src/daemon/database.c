// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "database.h"
#include "md-seal.h"
#include "naming.h"
#include "policy.h"

#define KEY_SIZE 32

/* All pages of the database, read in a thread of its own. What is sent meanwhile was compared with
 * its digest before, and what is written goes on top of what is there. */
typedef struct DatabaseCheck
{
  Service *service;
  MdDb *db;
  GThread *thread;
  char *trouble;
} DatabaseCheck;

/* Who holds the lock, for whoever does not get it. */
static void
leave_name (int fd)
{
  g_autofree char *name = g_strdup_printf ("%d\n", (int)getpid ());

  if (ftruncate (fd, 0) != 0 || pwrite (fd, name, strlen (name), 0) < 0)
    g_debug ("lock: %s", g_strerror (errno));
}

static char *
read_name (int fd)
{
  char name[16] = "";
  const ssize_t size = pread (fd, name, sizeof name - 1, 0);

  g_strdelimit (name, "\n", '\0');
  return g_strdup (size > 0 && g_ascii_isdigit (name[0]) ? name : "?");
}

/* Two services on one database would each believe to be the only one. */
static gboolean
take_lock (Service *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->settings->state_dir, "lock", NULL);

  if (g_mkdir_with_parents (self->settings->state_dir, 0700) != 0)
    {
      g_set_error (
          error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
          _ ("The folder %s cannot be made (%s). The administrator has to check its owner."),
          self->settings->state_dir, g_strerror (errno));
      return FALSE;
    }
  self->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    {
      leave_name (self->lock_fd);
      return TRUE;
    }
  if (self->lock_fd >= 0 && errno == EWOULDBLOCK)
    {
      g_autofree char *holder = read_name (self->lock_fd);

      g_set_error (error, MD_DB_ERROR, MD_DB_ERROR_BUSY,
                   _ ("Another madoguchid (process %s) works with %s already. End it first."),
                   holder, self->settings->state_dir);
    }
  else
    g_set_error (
        error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
        _ ("The file %s cannot be read or written (%s). The administrator has to check disk and "
           "owner."),
        path, g_strerror (errno));
  return FALSE;
}

/* The key of the pseudonyms in the log; made at the first start. */
static gboolean
load_pseudonym_key (Service *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->settings->state_dir, "pseudonym.key", NULL);
  guint8 key[KEY_SIZE];
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  ssize_t n;

  if (fd < 0 && errno == ENOENT)
    {
      md_random_fill (key, sizeof key);
      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
      n = fd < 0 ? -1 : write (fd, key, sizeof key);
      if (n == (ssize_t)sizeof key && fsync (fd) != 0)
        n = -1;
    }
  else
    n = fd < 0 ? -1 : read (fd, key, sizeof key);
  if (fd >= 0)
    close (fd);
  if (n == (ssize_t)sizeof key)
    self->pseudonym_key = md_secret_new_from_data (key, sizeof key);
  else
    g_set_error (
        error, MD_DB_ERROR, MD_DB_ERROR_IO,
        _ ("The file %s cannot be read or written (%s). The administrator has to check disk and "
           "owner."),
        path, g_strerror (errno));
  md_wipe (key, sizeof key);
  return self->pseudonym_key != NULL;
}

/* --- Whether it is sound --- */

static char *
mark_path (const Service *self)
{
  return g_build_filename (self->settings->state_dir, "closed", NULL);
}

/* What tells the file as it was closed from any other; NULL where there is none, or where something
 * is still to be taken over into it. */
static char *
dup_stamp (const Service *self)
{
  g_autofree char *log = g_strconcat (self->database_path, "-wal", NULL);
  struct stat info;

  if (stat (log, &info) == 0 && info.st_size > 0)
    return NULL;
  if (stat (self->database_path, &info) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %ld.%09ld\n",
                          (guint64)info.st_ino, (gint64)info.st_size, info.st_mtim.tv_sec,
                          info.st_mtim.tv_nsec);
}

/* Taken away as it is read: it holds for one start. */
static gboolean
was_closed_well (const Service *self)
{
  g_autofree char *path = mark_path (self);
  g_autofree char *stamp = dup_stamp (self);
  g_autofree char *mark = NULL;

  return g_file_get_contents (path, &mark, NULL, NULL) && g_unlink (path) == 0
         && g_strcmp0 (mark, stamp) == 0;
}

static void
leave_mark (const Service *self)
{
  g_autofree char *path = mark_path (self);
  g_autofree char *stamp = dup_stamp (self);
  g_autoptr (GError) error = NULL;

  if (stamp != NULL
      && !g_file_set_contents_full (path, stamp, -1,
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                    0600, &error))
    g_message ("%s", error->message);
}

static gboolean
checked_cb (gpointer user_data)
{
  DatabaseCheck *check = user_data;
  Service *self = check->service;

  g_thread_join (g_steal_pointer (&check->thread));
  if (check->trouble != NULL)
    {
      g_message ("%s", check->trouble);
      self->database_trouble = g_steal_pointer (&check->trouble);
      if (self->delivery != NULL)
        md_delivery_stop (self->delivery);
      service_refresh (self);
    }
  return G_SOURCE_REMOVE;
}

static gpointer
check_run (gpointer user_data)
{
  DatabaseCheck *check = user_data;
  g_autoptr (GError) error = NULL;
  gboolean sound;

  /* One that could not be made says nothing of the database: the next start makes it again. */
  sound = md_db_check_integrity (check->db, &error);
  if (!sound && g_error_matches (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT))
    check->trouble = g_strdup (error->message);
  else if (!sound)
    g_message ("%s", error->message);
  g_idle_add (checked_cb, check);
  return NULL;
}

static gboolean
start_check (Service *self, GError **error)
{
  MdDb *db = md_db_open (self->database_path, MD_DB_READ_ONLY, error);

  if (db == NULL)
    return FALSE;
  self->check = g_new0 (DatabaseCheck, 1);
  self->check->service = self;
  self->check->db = db;
  self->check->thread = g_thread_new ("md-check", check_run, self->check);
  return TRUE;
}

static void
end_check (Service *self)
{
  DatabaseCheck *check = g_steal_pointer (&self->check);

  if (check == NULL)
    return;
  md_db_interrupt (check->db);
  if (check->thread != NULL)
    g_thread_join (check->thread);
  (void)g_idle_remove_by_data (check);
  md_db_close (check->db);
  g_free (check->trouble);
  g_free (check);
}

/* --- Life --- */

/* Looked through before all else. Where a reader keeps the log from being emptied, the checkpointer
 * tries again. */
static gboolean
recover (Service *self, GError **error)
{
  return md_db_check_integrity (self->db, error) && md_db_recover (self->db, error);
}

/* Whoever puts a backup back, or saves what is damaged, may have been interrupted where there is no
 * database. */
static gboolean
check_mark (Service *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->settings->state_dir, MD_BACKUP_MARK, NULL);

  if (g_access (path, F_OK) != 0)
    return TRUE;
  g_set_error_literal (error, MD_DB_ERROR, MD_DB_ERROR_CANT_OPEN,
                       _ ("The database of this terminal was being replaced, and that was "
                          "interrupted. Nothing is lost: the administrator has to run "
                          "\"madoguchictl backup restore\" or \"madoguchictl backup salvage\", "
                          "whichever it was, again."));
  return FALSE;
}

gboolean
database_open (Service *self, GError **error)
{
  gboolean sound;

  if (!take_lock (self, error) || !check_mark (self, error) || !load_pseudonym_key (self, error))
    return FALSE;
  self->day_key = naming_load_key ();
  sound = was_closed_well (self);
  self->db = md_db_open (self->database_path, MD_DB_READ_WRITE, error);
  if (self->db == NULL || !(sound ? start_check (self, error) : recover (self, error)))
    return FALSE;
  if (!md_audit_migrate (self->db, error) || !md_outbox_migrate (self->db, error)
      || !md_staff_migrate (self->db, error) || !md_outbox_migrate_settings (self->db, error))
    return FALSE;
  self->audit
      = md_audit_new (self->db, self->settings->office, self->settings->terminal, self->clock);
  self->gate = md_audit_gate_new (self->audit, self->clock);
  self->outbox = md_outbox_new (self->db, self->audit, self->clock);
  self->desk = md_staff_desk_new (self->db, self->audit, self->clock);
  md_staff_desk_set_gate (self->desk, self->gate);
  return md_outbox_release_leases (self->outbox, error);
}

/* A database that was in trouble, or that was not looked through to its end, is looked through
 * before all else the next time. */
void
database_close (Service *self)
{
  const gboolean looked_through = self->check == NULL || self->check->thread == NULL;
  const gboolean opened = self->db != NULL;

  end_check (self);
  md_db_close (self->db);
  md_db_checkpointer_stop (self->checkpointer);
  if (opened && looked_through && self->database_trouble == NULL)
    leave_mark (self);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
}
