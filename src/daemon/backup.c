// SPDX-License-Identifier: Apache-2.0
#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "call.h"
#include "md-seal.h"

#define RETRY_US (600 * G_TIME_SPAN_SECOND)
#define HOUR_US G_TIME_SPAN_HOUR

/* One that is being made, in a thread of its own. */
typedef struct
{
  Backup *owner;
  GThread *thread;
  GCancellable *cancellable;
  GPtrArray *waiting; /* GDBusMethodInvocation: whoever asked for it */
  char *database;
  char *certificate;
  char *folder;
  char *copy; /* in clear, in the state folder; never stays */
  char *name;
  guint64 reserve; /* of the disk that COPY lies on; not a backup's */
  MdBackupHead *head;
  char *digest;
  guint64 size;
  GError *error;
} Job;

struct _Backup
{
  Service *service;
  Job *job;
  gint64 last_us;     /* of the newest one there is; 0: none */
  gint64 next_try_us; /* after a failure */
  char *trouble;
};

static void
job_free (Job *job)
{
  g_object_unref (job->cancellable);
  g_ptr_array_unref (job->waiting);
  g_free (job->database);
  g_free (job->certificate);
  g_free (job->folder);
  g_free (job->copy);
  g_free (job->name);
  md_backup_head_free (job->head);
  g_free (job->digest);
  g_clear_error (&job->error);
  g_free (job);
}

/* --- Making one (the job's thread) --- */

static gboolean
sync_folder (const char *folder)
{
  const int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

static gboolean
fail_at (const char *path, GError **error)
{
  const int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _ ("No backup can be written to %s (%s). The administrator has to check folder, "
                  "disk and owner."),
               path, g_strerror (code));
  return FALSE;
}

static gboolean
read_back (Job *job, const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) bytes = file != NULL ? g_mapped_file_get_bytes (file) : NULL;

  if (bytes == NULL)
    return FALSE;
  job->size = g_bytes_get_size (bytes);
  job->digest = md_audit_digest (bytes);
  return TRUE;
}

/* Under its name only when all of it is on the disk. */
static gboolean
seal_copy (Job *job, MdCertificate *recovery, GError **error)
{
  g_autofree char *path = g_build_filename (job->folder, job->name, NULL);
  g_autofree char *part = g_strconcat (path, MD_BACKUP_PART, NULL);

  g_unlink (part);
  if (!md_backup_seal (job->copy, part, job->head, recovery, job->cancellable, error)
      || !read_back (job, part, error))
    return FALSE;
  if (g_rename (part, path) == 0 && sync_folder (job->folder))
    return TRUE;
  return fail_at (path, error);
}

static guint64
size_of (const char *path, const char *suffix)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  GStatBuf st = { 0 };

  return g_stat (name, &st) == 0 ? (guint64)st.st_size : 0;
}

static gboolean
has_room (const char *folder, guint64 wanted, GError **error)
{
  g_autofree char *needed = g_format_size (wanted);
  struct statvfs st;

  if (statvfs (folder, &st) != 0)
    return fail_at (folder, error);
  if ((guint64)st.f_bavail * st.f_frsize >= wanted)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
               _ ("There is no room for a backup: it needs %s on the disk of %s, and takes nothing "
                  "of what is kept there for applications. Make room."),
               needed, folder);
  return FALSE;
}

/* The copy in clear and what is sealed of it are there at the same time, mostly on one disk. What
 * is kept for what was taken in stays free: room.h. */
static gboolean
check_room (const Job *job, GError **error)
{
  const guint64 size = size_of (job->database, "") + size_of (job->database, "-wal");
  g_autofree char *folder = g_path_get_dirname (job->copy);
  GStatBuf one = { 0 }, other = { 0 };

  if (g_stat (folder, &one) != 0)
    return fail_at (folder, error);
  if (g_stat (job->folder, &other) != 0)
    return fail_at (job->folder, error);
  if (one.st_dev == other.st_dev)
    return has_room (folder, 2 * size + job->reserve, error);
  return has_room (folder, size + job->reserve, error) && has_room (job->folder, size, error);
}

static gboolean
make (Job *job, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (MdCertificate) recovery = md_certificate_new_from_file (job->certificate, &local);
  gboolean made;

  if (recovery == NULL)
    {
      g_set_error (error, MD_PKI_ERROR, local->code,
                   _ ("The recovery certificate %s cannot be used (%s), so there is no backup. "
                      "Install it again."),
                   job->certificate, local->message);
      return FALSE;
    }
  if (g_mkdir_with_parents (job->folder, 0700) != 0)
    return fail_at (job->folder, error);
  md_backup_erase_clear (job->copy);
  if (!check_room (job, error))
    return FALSE;
  made = md_db_copy (job->database, job->copy, job->cancellable, error)
         && seal_copy (job, recovery, error);
  md_backup_erase_clear (job->copy);
  return made;
}

/* --- What there is --- */

static void
find_last (Backup *self)
{
  const Settings *settings = self->service->settings;

  self->last_us = md_backup_find_last (settings->backup_folder, settings->terminal,
                                       md_clock_get_wall_us (self->service->clock));
}

static guint
remove_oldest (Backup *self, const Job *job, guint *out_kept)
{
  const Settings *settings = self->service->settings;

  return md_backup_remove_old (settings->backup_folder, settings->terminal, settings->backup_keep,
                               job->name, md_clock_get_wall_us (self->service->clock), out_kept);
}

/* --- When it is made --- */

static const char *
cause_of (const GError *error)
{
  if (g_error_matches (error, MD_DB_ERROR, MD_DB_ERROR_FULL)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return "disk-full";
  if (g_error_matches (error, MD_DB_ERROR, MD_DB_ERROR_CORRUPT))
    return "damaged";
  return error->domain == MD_PKI_ERROR ? "certificate" : "unwritten";
}

static void
record (Backup *self, const Job *job)
{
  MdAuditEntry entry = { .event = "backup",
                         .outcome = job->error == NULL ? MD_AUDIT_DONE : MD_AUDIT_FAILED,
                         .digest = job->digest };
  g_autofree char *detail = NULL;
  g_autoptr (GError) error = NULL;
  guint kept = 0, removed;

  if (job->error != NULL)
    detail = g_strdup_printf ("cause=%s", cause_of (job->error));
  else
    {
      removed = remove_oldest (self, job, &kept);
      detail = g_strdup_printf ("taken=%s kept=%u removed=%u", job->head->time, kept, removed);
    }
  entry.detail = detail;
  if (!md_audit_record_now (self->service->audit, &entry, &error))
    g_message ("%s", error->message);
}

static void
describe (GVariantBuilder *builder, const char *folder, const char *name, const char *time,
          guint64 size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_variant_builder_add (builder, "{sv}", "path", g_variant_new_string (path));
  g_variant_builder_add (builder, "{sv}", "time", g_variant_new_string (time));
  g_variant_builder_add (builder, "{sv}", "size", g_variant_new_uint64 (size));
}

static void
answer (Backup *self, const Job *job)
{
  for (guint i = 0; i < job->waiting->len; i++)
    {
      /* Answering takes one. */
      GDBusMethodInvocation *invocation = g_object_ref (job->waiting->pdata[i]);
      GVariantBuilder builder;

      if (job->error != NULL)
        {
          call_fail (invocation, g_error_copy (job->error));
          continue;
        }
      g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
      describe (&builder, job->folder, job->name, job->head->time, job->size);
      md_bus_terminal1_complete_create_backup (self->service->skeleton, invocation,
                                               g_variant_builder_end (&builder));
    }
}

static gboolean
made_cb (gpointer user_data)
{
  Job *job = user_data;
  Backup *self = job->owner;

  g_thread_join (job->thread);
  self->job = NULL;
  g_clear_pointer (&self->trouble, g_free);
  if (job->error != NULL)
    {
      g_message ("%s", job->error->message);
      self->trouble = g_strdup (job->error->message);
      self->next_try_us = md_clock_get_wall_us (self->service->clock) + RETRY_US;
    }
  record (self, job);
  find_last (self);
  answer (self, job);
  job_free (job);
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer user_data)
{
  Job *job = user_data;

  if (!make (job, &job->error))
    g_assert (job->error != NULL);
  g_idle_add (made_cb, job);
  return NULL;
}

static void
begin (Backup *self)
{
  const Settings *settings = self->service->settings;
  Job *job = g_new0 (Job, 1);

  job->owner = self;
  job->cancellable = g_cancellable_new ();
  job->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  job->database = g_strdup (self->service->database_path);
  job->certificate = g_strdup (settings->backup_certificate);
  job->folder = g_strdup (settings->backup_folder);
  job->copy = g_build_filename (settings->state_dir, MD_BACKUP_COPY, NULL);
  job->head = g_new0 (MdBackupHead, 1);
  job->head->office = g_strdup (settings->office);
  job->head->terminal = g_strdup (settings->terminal);
  job->head->time = md_time_format_rfc3339 (md_clock_get_wall_us (self->service->clock));
  job->name = md_backup_dup_name (job->head);
  job->reserve = settings->reserve_bytes;
  self->job = job;
  job->thread = g_thread_new ("md-backup", run, job);
}

static gboolean
is_on (const Backup *self)
{
  return self->service->settings->backup_certificate != NULL;
}

/* A clock that was set back since must not keep the next one away. */
static gboolean
is_older (const Backup *self, gint64 age_us)
{
  const gint64 age = md_clock_get_wall_us (self->service->clock) - self->last_us;

  return self->last_us == 0 || age >= age_us || age < -HOUR_US;
}

void
backup_tick (Backup *self)
{
  const gint64 now = md_clock_get_wall_us (self->service->clock);

  if (is_on (self) && self->job == NULL && self->service->database_trouble == NULL
      && is_older (self, (gint64)self->service->settings->backup_hours * HOUR_US)
      && (now >= self->next_try_us || self->next_try_us - now > RETRY_US))
    begin (self);
}

/* --- Asked over the bus --- */

static gboolean
may (Backup *self, GDBusMethodInvocation *invocation)
{
  if (!call_is_administrator (self->service, invocation, "backup"))
    return FALSE;
  if (is_on (self))
    return TRUE;
  call_fail_literal (invocation, MD_BUS_ERROR_FAILED,
                     _ ("Backups are switched off. Name the office's recovery certificate in the "
                        "settings (certificate= under [backup]), and start the service again."));
  return FALSE;
}

static gboolean
create_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Backup *self = user_data;

  if (!may (self, invocation))
    return TRUE;
  if (self->job == NULL)
    begin (self);
  g_ptr_array_add (self->job->waiting, invocation);
  return TRUE;
}

static gboolean
list_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Backup *self = user_data;
  g_autoptr (GPtrArray) names = NULL;
  GVariantBuilder rows;

  if (!may (self, invocation))
    return TRUE;
  names
      = md_backup_list (self->service->settings->backup_folder, self->service->settings->terminal);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < names->len; i++)
    {
      const char *folder = self->service->settings->backup_folder;
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      g_autoptr (MdBackupHead) head = md_backup_read_head (path, NULL);
      GStatBuf st = { 0 };

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      describe (&rows, folder, names->pdata[i], head != NULL ? head->time : "",
                g_stat (path, &st) == 0 ? (guint64)st.st_size : 0);
      g_variant_builder_close (&rows);
    }
  md_bus_terminal1_complete_list_backups (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

void
backup_describe (Backup *self, GVariantBuilder *builder)
{
  const gint64 grace = (gint64)self->service->settings->backup_hours * HOUR_US;
  g_autofree char *last = self->last_us != 0 ? md_time_format_rfc3339 (self->last_us) : NULL;
  const char *state = "ok";

  if (!is_on (self))
    state = "off";
  else if (self->trouble != NULL)
    state = "failed";
  else if (self->last_us == 0)
    state = "none";
  else if (is_older (self, 2 * grace))
    state = "old";
  g_variant_builder_add (builder, "{sv}", "backup_state", g_variant_new_string (state));
  g_variant_builder_add (builder, "{sv}", "backup_last",
                         g_variant_new_string (last != NULL ? last : ""));
  g_variant_builder_add (builder, "{sv}", "backup_trouble",
                         g_variant_new_string (self->trouble != NULL ? self->trouble : ""));
}

/* --- Life --- */

/* What was killed over a backup has left it in clear. */
static void
erase_left (const Backup *self)
{
  static const char *const names[] = { MD_BACKUP_COPY, MD_BACKUP_OPENED };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->service->settings->state_dir, names[i], NULL);

      md_backup_erase_clear (path);
    }
}

Backup *
backup_new (Service *service)
{
  Backup *self = g_new0 (Backup, 1);

  self->service = service;
  g_signal_connect (service->skeleton, "handle-create-backup", G_CALLBACK (create_cb), self);
  g_signal_connect (service->skeleton, "handle-list-backups", G_CALLBACK (list_cb), self);
  /* Without the database another service may be at work. */
  if (service->db != NULL)
    erase_left (self);
  if (is_on (self) && service->db != NULL)
    {
      md_backup_remove_parts (service->settings->backup_folder, service->settings->terminal);
      find_last (self);
    }
  return self;
}

void
backup_free (Backup *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service->skeleton, self);
  if (self->job != NULL)
    {
      g_cancellable_cancel (self->job->cancellable);
      g_thread_join (self->job->thread);
      (void)g_idle_remove_by_data (self->job);
      job_free (self->job);
    }
  g_free (self->trouble);
  g_free (self);
}
