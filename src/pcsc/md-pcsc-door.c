// SPDX-License-Identifier: Apache-2.0
// Where pcscd's socket appears, watched by inotify: nobody knocks in vain while nothing moves
// there.
#include "md-pcsc-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/run/pcscd/pcscd.comm"

// Between the socket's appearance and the service's listening to it there may be a moment of which
// nothing tells: so many looks, each after twice the pause of the one before, follow on a change.
#define SETTLING_LOOKS 6
#define FIRST_PAUSE_MS 50

// Who may use the service is decided by rules that cannot be watched from here; and a service that
// is started through its socket comes without a change there.
#define FORBIDDEN_PAUSE_MS (30 * 1000)
// Where the system gives no watch: looking is all that is left.
#define UNWATCHED_PAUSE_MS 2000

struct _MdPcscDoor
{
  int notify;  // -1: the system gives none
  char *name;  // what has to appear in the watched folder, on the way to the socket
  guint looks; // that still follow on the last change
};

const char *
md_pcsc_get_socket (void)
{
  const char *named = g_getenv ("PCSCLITE_CSOCK_NAME");
  return named != NULL ? named : DEFAULT_SOCKET;
}

gboolean
md_pcsc_is_installed (void)
{
  g_autofree char *program = g_find_program_in_path ("pcscd");
  return program != NULL || g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_IS_EXECUTABLE)
         || g_file_test (md_pcsc_get_socket (), G_FILE_TEST_EXISTS);
}

gboolean
md_pcsc_socket_is_forbidden (void)
{
  const char *socket = md_pcsc_get_socket ();
  return access (socket, F_OK) == 0 && access (socket, R_OK | W_OK) != 0;
}

gboolean
md_pcsc_socket_is_open (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return FALSE;
  gboolean fits = g_strlcpy (address.sun_path, md_pcsc_get_socket (), sizeof address.sun_path)
                  < sizeof address.sun_path;
  // EAGAIN: they stand in line there.
  gboolean open = fits
                  && (connect (fd, (const struct sockaddr *)&address, sizeof address) == 0
                      || errno == EAGAIN);
  close (fd);
  return open;
}

// Watches the nearest folder on the way to the socket that exists.
static void
watch (MdPcscDoor *self)
{
  g_autofree char *folder = g_path_get_dirname (md_pcsc_get_socket ());
  g_free (self->name);
  self->name = g_path_get_basename (md_pcsc_get_socket ());
  while (!g_file_test (folder, G_FILE_TEST_IS_DIR) && !g_str_equal (folder, "/"))
    {
      char *parent = g_path_get_dirname (folder);
      g_free (self->name);
      self->name = g_path_get_basename (folder);
      g_free (folder);
      folder = parent;
    }
  if (self->notify >= 0)
    close (self->notify);
  self->notify = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (self->notify >= 0
      && inotify_add_watch (self->notify, folder,
                            IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)
             < 0)
    {
      close (self->notify); /* the user has no watches left, or the folder is gone meanwhile */
      self->notify = -1;
    }
}

MdPcscDoor *
md_pcsc_door_new (void)
{
  MdPcscDoor *self = g_new0 (MdPcscDoor, 1);
  self->notify = -1;
  self->looks = SETTLING_LOOKS;
  watch (self);
  return self;
}

void
md_pcsc_door_free (MdPcscDoor *self)
{
  if (self == NULL)
    return;
  if (self->notify >= 0)
    close (self->notify);
  g_free (self->name);
  g_free (self);
}

// Whether one of the events that wait is about what has to appear, or about the folder itself.
static gboolean
read_events (MdPcscDoor *self)
{
  _Alignas(struct inotify_event) char buffer[2048];
  gboolean moved = FALSE;
  for (ssize_t length = read (self->notify, buffer, sizeof buffer); length > 0;
       length = read (self->notify, buffer, sizeof buffer))
    for (ssize_t at = 0; at < length;)
      {
        struct inotify_event event;
        memcpy (&event, buffer + at, sizeof event);
        const char *name = event.len > 0 ? buffer + at + sizeof event : NULL;
        moved = moved || name == NULL || g_str_equal (name, self->name);
        at += (ssize_t)(sizeof event + event.len);
      }
  return moved;
}

static int
pause_of (const MdPcscDoor *self, gboolean forbidden)
{
  if (forbidden)
    return FORBIDDEN_PAUSE_MS;
  if (self->looks > 0)
    return FIRST_PAUSE_MS << (SETTLING_LOOKS - self->looks);
  return self->notify >= 0 ? -1 : UNWATCHED_PAUSE_MS;
}

gboolean
md_pcsc_door_is_settling (const MdPcscDoor *self)
{
  return self->looks > 0;
}

void
md_pcsc_door_wait (MdPcscDoor *self, gboolean forbidden, GCancellable *cancellable)
{
  GPollFD cancel_fd = { .fd = -1 };
  gboolean has_cancel = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &cancel_fd);
  GPollFD fds[2] = { { .fd = self->notify, .events = G_IO_IN }, cancel_fd };
  for (gboolean done = FALSE; !done;)
    {
      int ready = g_poll (fds, has_cancel ? 2 : 1, pause_of (self, forbidden));
      done = ready == 0 || (ready < 0 && errno != EINTR) || fds[1].revents != 0;
      if (ready == 0 && self->looks > 0)
        self->looks--;
      if (ready > 0 && fds[0].revents != 0 && read_events (self))
        {
          self->looks = SETTLING_LOOKS;
          watch (self);
          done = TRUE;
        }
    }
  if (has_cancel)
    g_cancellable_release_fd (cancellable);
}
