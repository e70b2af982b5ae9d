// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "supervise.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_SOCKET 3

static guint64
read_number (const char *name)
{
  const char *text = g_getenv (name);
  guint64 value = 0;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &value, NULL) ? value
                                                                                            : 0;
}

/* Meant for this process, not for one that it was started by. */
static gboolean
is_for_us (const char *name)
{
  const guint64 pid = read_number (name);

  return pid == (guint64)getpid ();
}

int
supervise_take_socket (void)
{
  const gboolean handed_over = is_for_us ("LISTEN_PID") && read_number ("LISTEN_FDS") == 1;
  int flags = 0;

  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  if (!handed_over || (flags = fcntl (FIRST_SOCKET, F_GETFL)) < 0
      || fcntl (FIRST_SOCKET, F_SETFL, flags | O_NONBLOCK) != 0
      || fcntl (FIRST_SOCKET, F_SETFD, FD_CLOEXEC) != 0)
    return -1;
  return FIRST_SOCKET;
}

void
supervise_tell (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize size = path != NULL ? strlen (path) : 0;
  int fd = -1;

  if (size < 2 || size >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
    return;
  memcpy (address.sun_path, path, size);
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL | MSG_DONTWAIT,
              (const struct sockaddr *)&address,
              (socklen_t)(offsetof (struct sockaddr_un, sun_path) + size))
      < 0)
    g_message ("whoever started this program does not hear of %s", state);
  close (fd);
}

guint64
supervise_watchdog_us (void)
{
  if (g_getenv ("WATCHDOG_PID") != NULL && !is_for_us ("WATCHDOG_PID"))
    return 0;
  return read_number ("WATCHDOG_USEC") / 2;
}
