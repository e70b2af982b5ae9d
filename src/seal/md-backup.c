// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <glib/gstdio.h>
#include <md-base.h>

#include "md-backup.h"
#include "md-seal-types.h"

#define FIRST_LINE "madoguchi-backup/1"
#define PIECE (4u * 1024 * 1024)
#define MAX_LINE 1024u
#define SHA256_SIZE 32u

enum
{
  KIND_DATA = 'd',
  KIND_END = 'e',
};

static const struct
{
  const char *name;
  gsize offset;
} words[] = {
  { "office", G_STRUCT_OFFSET (MdBackupHead, office) },
  { "terminal", G_STRUCT_OFFSET (MdBackupHead, terminal) },
  { "time", G_STRUCT_OFFSET (MdBackupHead, time) },
  { "recipient", G_STRUCT_OFFSET (MdBackupHead, recipient) },
};

void
md_backup_head_free (MdBackupHead *head)
{
  if (head == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_free (G_STRUCT_MEMBER (char *, head, words[i].offset));
  g_free (head);
}

/* --- Files --- */

static gboolean
fail_file (const char *path, GError **error)
{
  const int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", path,
               g_strerror (code));
  return FALSE;
}

static int
open_new (const char *path, GError **error)
{
  const int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    fail_file (path, error);
  return fd;
}

static gboolean
write_all (int fd, const void *data, gsize size)
{
  const guint8 *at = data;

  while (size > 0)
    {
      const ssize_t n = write (fd, at, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      at += MAX (n, 0);
      size -= (gsize)MAX (n, 0);
    }
  return TRUE;
}

/* As much as there is, up to SIZE; -1 on an error. */
static gssize
read_all (int fd, void *data, gsize size)
{
  gsize got = 0;

  while (got < size)
    {
      const ssize_t n = read (fd, (guint8 *)data + got, size - got);

      if (n < 0 && errno != EINTR)
        return -1;
      if (n == 0)
        break;
      got += (gsize)MAX (n, 0);
    }
  return (gssize)got;
}

/* Synced, or gone. */
static gboolean
end_new (int fd, const char *path, gboolean good, GError **error)
{
  if (good && fsync (fd) != 0)
    good = fail_file (path, error);
  if (close (fd) != 0 && good)
    good = fail_file (path, error);
  if (!good)
    g_unlink (path);
  return good;
}

/* --- Sealing --- */

typedef struct
{
  const char *path;
  int fd;
  GChecksum *sum;
  GPtrArray *recipients;
  guint8 *piece; /* its kind, and up to PIECE bytes */
} Writer;

static void
writer_clear (Writer *self)
{
  g_checksum_free (self->sum);
  g_ptr_array_unref (self->recipients);
  md_wipe (self->piece, PIECE + 1);
  g_free (self->piece);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

static gboolean
write_part (Writer *self, guint8 kind, gsize size, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  guint32 length;

  self->piece[0] = kind;
  sealed = md_cms_seal (self->piece, size + 1, self->recipients, error);
  if (sealed == NULL)
    return FALSE;
  length = GUINT32_TO_BE ((guint32)g_bytes_get_size (sealed));
  if (write_all (self->fd, &length, sizeof length)
      && write_all (self->fd, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed)))
    return TRUE;
  return fail_file (self->path, error);
}

static gboolean
write_pieces (Writer *self, int from, const char *from_path, GCancellable *cancellable,
              GError **error)
{
  gssize n = 1;

  while (n > 0)
    {
      n = read_all (from, self->piece + 1, PIECE);
      if (n < 0)
        return fail_file (from_path, error);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_checksum_update (self->sum, self->piece + 1, n);
      if (n > 0 && !write_part (self, KIND_DATA, (gsize)n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_end (Writer *self, GError **error)
{
  gsize size = SHA256_SIZE;

  g_checksum_get_digest (self->sum, self->piece + 1, &size);
  return write_part (self, KIND_END, size, error);
}

static char *
make_lines (const MdBackupHead *head, const MdCertificate *recovery)
{
  return g_strdup_printf (FIRST_LINE "\noffice=%s terminal=%s time=%s recipient=%s\n", head->office,
                          head->terminal, head->time, md_certificate_get_fingerprint (recovery));
}

gboolean
md_backup_seal (const char *from, const char *to, const MdBackupHead *head, MdCertificate *recovery,
                GCancellable *cancellable, GError **error)
{
  g_autofree char *lines = make_lines (head, recovery);
  g_auto (Writer) writer = { .path = to,
                             .sum = g_checksum_new (G_CHECKSUM_SHA256),
                             .recipients = g_ptr_array_new (),
                             .piece = g_malloc (PIECE + 1) };
  const int source = open (from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean good;

  if (source < 0)
    return fail_file (from, error);
  writer.fd = open_new (to, error);
  if (writer.fd < 0)
    {
      close (source);
      return FALSE;
    }
  g_ptr_array_add (writer.recipients, recovery);
  g_checksum_update (writer.sum, (const guchar *)lines, -1);
  good = write_all (writer.fd, lines, strlen (lines)) || fail_file (to, error);
  good = good && write_pieces (&writer, source, from, cancellable, error)
         && write_end (&writer, error);
  close (source);
  return end_new (writer.fd, to, good, error);
}

/* --- Opening --- */

static gboolean
fail (GError **error, MdSealError code, const char *what)
{
  g_set_error_literal (error, MD_SEAL_ERROR, (gint)code, what);
  return FALSE;
}

/* A line without its end, which counts in SUM with it. */
static char *
read_line (int fd, GChecksum *sum, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char c = '\0';

  while (line->len < MAX_LINE && read_all (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  if (c == '\n' && g_utf8_validate (line->str, (gssize)line->len, NULL))
    {
      g_checksum_update (sum, (const guchar *)line->str, (gssize)line->len);
      g_checksum_update (sum, (const guchar *)"\n", 1);
      return g_strdup (line->str);
    }
  fail (error, MD_SEAL_ERROR_MALFORMED, "not a backup of Madoguchi");
  return NULL;
}

static MdBackupHead *
read_head (int fd, GChecksum *sum, GError **error)
{
  g_autofree char *first = read_line (fd, sum, error);
  g_autofree char *second = first != NULL ? read_line (fd, sum, error) : NULL;
  g_auto (GStrv) given = second != NULL ? g_strsplit (second, " ", -1) : NULL;
  g_autoptr (MdBackupHead) head = g_new0 (MdBackupHead, 1);

  if (given == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (words) && i < g_strv_length (given); i++)
    {
      const gsize length = strlen (words[i].name);

      if (strncmp (given[i], words[i].name, length) == 0 && given[i][length] == '=')
        G_STRUCT_MEMBER (char *, head, words[i].offset) = g_strdup (given[i] + length + 1);
    }
  if (g_str_equal (first, FIRST_LINE) && g_strv_length (given) == G_N_ELEMENTS (words)
      && head->office != NULL && head->terminal != NULL && head->time != NULL
      && head->recipient != NULL)
    return g_steal_pointer (&head);
  fail (error, MD_SEAL_ERROR_MALFORMED, "not a backup of Madoguchi, or of a newer release");
  return NULL;
}

MdBackupHead *
md_backup_read_head (const char *path, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const int fd = open (path, O_RDONLY | O_CLOEXEC);
  MdBackupHead *head;

  if (fd < 0)
    {
      fail_file (path, error);
      return NULL;
    }
  head = read_head (fd, sum, error);
  close (fd);
  return head;
}

static GBytes *
read_part (int fd, MdKey *key, const MdCertificate *recovery, GError **error)
{
  g_autoptr (GBytes) sealed = NULL;
  guint32 size = 0;
  guint8 *data;

  if (read_all (fd, &size, sizeof size) != (gssize)sizeof size
      || GUINT32_FROM_BE (size) > MD_LIMIT_CMS)
    {
      fail (error, MD_SEAL_ERROR_MALFORMED, "the backup ends in the middle");
      return NULL;
    }
  size = GUINT32_FROM_BE (size);
  data = g_malloc (size);
  sealed = g_bytes_new_take (data, size);
  if (read_all (fd, data, size) != (gssize)size)
    {
      fail (error, MD_SEAL_ERROR_MALFORMED, "the backup ends in the middle");
      return NULL;
    }
  return md_cms_open (sealed, key, recovery, error);
}

/* What follows upon the end would not be of the backup. */
static gboolean
check_end (int fd, GChecksum *sum, const guint8 *data, gsize size, GError **error)
{
  guint8 digest[SHA256_SIZE];
  gsize digest_size = sizeof digest;
  guint8 more;

  g_checksum_get_digest (sum, digest, &digest_size);
  if (size != digest_size || memcmp (data, digest, size) != 0 || read_all (fd, &more, 1) != 0)
    return fail (error, MD_SEAL_ERROR_DIGEST, "the backup is not as it was made");
  return TRUE;
}

static gboolean
open_parts (int from, int to, MdKey *key, const MdCertificate *recovery, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (MdBackupHead) head = read_head (from, sum, error);

  while (head != NULL)
    {
      g_autoptr (GBytes) part = read_part (from, key, recovery, error);
      gsize size = 0;
      const guint8 *data = part != NULL ? g_bytes_get_data (part, &size) : NULL;

      if (part == NULL)
        return FALSE;
      if (size > 0 && data[0] == KIND_END)
        return check_end (from, sum, data + 1, size - 1, error);
      if (size == 0 || data[0] != KIND_DATA)
        return fail (error, MD_SEAL_ERROR_MALFORMED, "a part of the backup is of no known kind");
      g_checksum_update (sum, data + 1, (gssize)size - 1);
      if (!write_all (to, data + 1, size - 1))
        return fail_file ("backup", error);
    }
  return FALSE;
}

gboolean
md_backup_open (const char *path, MdKey *key, const MdCertificate *recovery, const char *to,
                GError **error)
{
  const int from = open (path, O_RDONLY | O_CLOEXEC);
  int fd;
  gboolean good;

  if (from < 0)
    return fail_file (path, error);
  fd = open_new (to, error);
  good = fd >= 0 && open_parts (from, fd, key, recovery, error);
  close (from);
  return fd >= 0 && end_new (fd, to, good, error);
}

static void
erase (const char *path)
{
  static const guint8 nothing[64 * 1024];
  const int fd = open (path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
  off_t left = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;

  if (fd >= 0 && lseek (fd, 0, SEEK_SET) == 0)
    {
      while (left > 0 && write_all (fd, nothing, MIN (sizeof nothing, (gsize)left)))
        left -= (off_t)MIN (sizeof nothing, (gsize)left);
      if (fsync (fd) != 0)
        g_debug ("%s: %s", path, g_strerror (errno));
    }
  if (fd >= 0)
    close (fd);
  g_unlink (path);
}

void
md_backup_erase_clear (const char *path)
{
  static const char *const companions[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *file = g_strconcat (path, companions[i], NULL);

      erase (file);
    }
}
