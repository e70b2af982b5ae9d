// SPDX-License-Identifier: Apache-2.0
/* first-frame: starts a program and prints the milliseconds until its own first frame is on the
 * screen.
 *
 * Usage: first-frame COMMAND [ARGUMENT...]
 *
 * The X server is the clock: once a top-level window is mapped, the server clears it (first large
 * damage), then the program draws (second large damage). Needs a screen of its own, since any
 * program's damage would count. */

#include <X11/Xlib.h>
#include <X11/extensions/Xdamage.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIME_LIMIT_US (20 * G_USEC_PER_SEC)
#define LARGE_AREA 40000

typedef struct
{
  gint64 mapped;
  gint64 cleared;
  gint64 drawn;
} Moments;

static void
note_event (XEvent *event, int damage_base, Moments *moments)
{
  gint64 now = g_get_monotonic_time ();

  if (event->type == MapNotify && moments->mapped == 0)
    {
      moments->mapped = now;
      return;
    }
  if (event->type != damage_base + XDamageNotify || moments->mapped == 0)
    return;

  const XDamageNotifyEvent *damage = (const XDamageNotifyEvent *)(const void *)event;
  glong area = (glong)damage->area.width * (glong)damage->area.height;
  if (area < LARGE_AREA)
    return;
  if (moments->cleared == 0)
    moments->cleared = now;
  else if (moments->drawn == 0 && now - moments->cleared > 1000)
    moments->drawn = now;
}

static pid_t
start (char **argv)
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      execvp (argv[0], argv);
      _exit (127);
    }
  return pid;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  int damage_base = 0;
  int damage_error = 0;

  if (argc < 2 || display == NULL || !XDamageQueryExtension (display, &damage_base, &damage_error))
    {
      g_printerr (
          "usage: first-frame COMMAND [ARGUMENT...], on an X screen with the DAMAGE extension\n");
      return 2;
    }
  Window root = DefaultRootWindow (display);
  XSelectInput (display, root, SubstructureNotifyMask);
  XDamageCreate (display, root, XDamageReportRawRectangles);
  XSync (display, False);

  Moments moments = { 0, 0, 0 };
  gint64 begin = g_get_monotonic_time ();
  pid_t pid = start (argv + 1);
  while (moments.drawn == 0 && g_get_monotonic_time () - begin < TIME_LIMIT_US)
    {
      while (XPending (display) > 0)
        {
          XEvent event;
          XNextEvent (display, &event);
          note_event (&event, damage_base, &moments);
        }
      struct pollfd wait = { ConnectionNumber (display), POLLIN, 0 };
      poll (&wait, 1, 5);
    }
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  XCloseDisplay (display);
  if (moments.drawn == 0)
    {
      g_printerr ("first-frame: %s drew nothing within 20 s\n", argv[1]);
      return 1;
    }
  printf ("%.1f\n", (double)(moments.drawn - begin) / 1000.0);
  return 0;
}
