// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gi18n.h>

#include "md-bus-error.h"
#include "md-bus-payload.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)
#define SECRET_TIMEOUT_US (5 * G_USEC_PER_SEC)

static gboolean
write_all (int fd, const guint8 *data, gsize size)
{
  gsize done = 0;

  while (done < size)
    {
      ssize_t n = write (fd, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize)n;
    }
  return TRUE;
}

int
md_bus_payload_to_fd (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  int fd = memfd_create ("madoguchi-payload", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  if (fd >= 0 && write_all (fd, data, size) && lseek (fd, 0, SEEK_SET) == 0
      && fcntl (fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0)
    return fd;

  g_set_error (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
               _ ("The data could not be handed over (%s). Close other programs and try again."),
               g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

GBytes *
md_bus_payload_from_fd (int fd, gsize limit, GError **error)
{
  struct stat st;
  int seals = fcntl (fd, F_GET_SEALS);
  g_autofree guint8 *data = NULL;
  gsize size, done = 0;

  if (seals < 0 || (seals & SEALS) != SEALS || fstat (fd, &st) != 0 || st.st_size < 0)
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                           _ ("The data was not handed over in a sealed memory file."));
      return NULL;
    }
  size = (gsize)st.st_size;
  if (size > limit)
    {
      g_set_error (error, MD_BUS_ERROR, MD_BUS_ERROR_TOO_LARGE,
                   _ ("The data is too large (%zu bytes; at most %zu). Scan attachments at a lower "
                      "resolution."),
                   size, limit);
      return NULL;
    }
  data = g_malloc (MAX (size, 1));
  while (done < size)
    {
      ssize_t n = pread (fd, data + done, size - done, (off_t)done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
                               _ ("The data could not be read. Try again."));
          return NULL;
        }
      done += (gsize)n;
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static GVariant *
append_and_close (GUnixFDList *fds, int fd, GError **error)
{
  int handle = g_unix_fd_list_append (fds, fd, error);

  close (fd);
  return handle < 0 ? NULL : g_variant_new_handle (handle);
}

GVariant *
md_bus_payload_append (GUnixFDList *fds, GBytes *bytes, GError **error)
{
  int fd = md_bus_payload_to_fd (bytes, error);

  return fd < 0 ? NULL : append_and_close (fds, fd, error);
}

int
md_bus_handle_dup (GUnixFDList *fds, GVariant *handle, GError **error)
{
  gint32 index
      = g_variant_is_of_type (handle, G_VARIANT_TYPE_HANDLE) ? g_variant_get_handle (handle) : -1;

  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                           _ ("The message promises a file descriptor that did not come with it."));
      return -1;
    }
  return g_unix_fd_list_get (fds, index, error);
}

GBytes *
md_bus_payload_get (GUnixFDList *fds, GVariant *handle, gsize limit, GError **error)
{
  int fd = md_bus_handle_dup (fds, handle, error);
  GBytes *bytes;

  if (fd < 0)
    return NULL;
  bytes = md_bus_payload_from_fd (fd, limit, error);
  close (fd);
  return bytes;
}

GVariant *
md_bus_secret_append (GUnixFDList *fds, const MdSecret *secret, GError **error)
{
  int ends[2];
  gboolean written;

  if (md_secret_get_size (secret) > MD_LIMIT_PASSWORD || pipe2 (ends, O_CLOEXEC) != 0)
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
                           _ ("The password could not be handed over. It may be too long."));
      return NULL;
    }
  /* A pipe holds far more than MD_LIMIT_PASSWORD bytes: this does not wait for a reader. */
  written = write_all (ends[1], md_secret_get_data (secret), md_secret_get_size (secret));
  close (ends[1]);
  if (!written)
    {
      close (ends[0]);
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
                           _ ("The password could not be handed over. Try again."));
      return NULL;
    }
  return append_and_close (fds, ends[0], error);
}

MdSecret *
md_bus_secret_from_fd (int fd, GError **error)
{
  g_autoptr (MdSecret) secret = md_secret_new (MD_LIMIT_PASSWORD);
  gint64 end = g_get_monotonic_time () + SECRET_TIMEOUT_US;
  guint8 chunk[256];
  gboolean fits = TRUE;

  while (fits)
    {
      struct pollfd wait = { .fd = fd, .events = POLLIN };
      gint64 left_ms = (end - g_get_monotonic_time ()) / 1000;
      ssize_t n;

      if (left_ms <= 0 || poll (&wait, 1, (int)left_ms) == 0)
        break;
      n = read (fd, chunk, sizeof chunk);
      if (n == 0)
        return g_steal_pointer (&secret);
      if (n < 0 && errno != EINTR)
        break;
      if (n > 0)
        fits = md_secret_append (secret, chunk, (gsize)n);
      md_wipe (chunk, sizeof chunk);
    }
  g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_INVALID,
                       _ ("The password did not arrive, or is too long. Type it again."));
  return NULL;
}
