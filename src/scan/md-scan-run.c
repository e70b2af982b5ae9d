// SPDX-License-Identifier: Apache-2.0
// A program that gets a document at its standard input, and is gone, with all that it started, when
// it is done or its time is over.
#include "config.h"

#include "md-scan-run.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE 65536u

typedef struct
{
  MdScanRun run;
  GPid pid;
  int in, out, gone; /* -1: closed; GONE is readable once it has ended */
  gsize given;
  gboolean failed;
} Running;

/* Between fork and exec: it gains nothing by what it starts, does not run for ever, and leads a
 * group that can be ended as a whole. */
static void
confine (gpointer data)
{
  const MdScanRun *run = data;
  const struct rlimit none = { 0, 0 }, seconds = { run->seconds, run->seconds };

  (void)setsid ();
  (void)prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  (void)prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  (void)setrlimit (RLIMIT_CORE, &none);
  (void)setrlimit (RLIMIT_CPU, &seconds);
}

static gboolean
start (Running *self)
{
  char path[] = "PATH=/usr/bin:/bin", language[] = "LC_ALL=C.UTF-8";
  char *environment[] = { path, language, NULL };
  const gboolean reads = self->run.output != NULL;
  const GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH_FROM_ENVP
                            | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_CLOEXEC_PIPES
                            | (reads ? 0 : G_SPAWN_STDOUT_TO_DEV_NULL);

  if (!g_spawn_async_with_pipes ("/", self->run.argv, environment, flags, confine, &self->run,
                                 &self->pid, &self->in, reads ? &self->out : NULL, NULL, NULL))
    return FALSE;
  self->gone = pidfd_open (self->pid, 0);
  (void)fcntl (self->gone, F_SETFD, FD_CLOEXEC);
  if (self->gone < 0 || !g_unix_set_fd_nonblocking (self->in, TRUE, NULL)
      || (reads && !g_unix_set_fd_nonblocking (self->out, TRUE, NULL)))
    self->failed = TRUE;
  return TRUE;
}

static void
close_end (int *fd)
{
  if (*fd >= 0)
    (void)close (*fd);
  *fd = -1;
}

/* Straight from the secret's pages. One that has seen enough may close its end early. */
static void
give (Running *self)
{
  const gsize size = md_secret_get_size (self->run.input);
  const ssize_t n
      = write (self->in, md_secret_get_data (self->run.input) + self->given, size - self->given);

  if (n > 0)
    self->given += (gsize)n;
  if (self->given == size || (n < 0 && errno != EAGAIN && errno != EINTR))
    close_end (&self->in);
}

/* Straight into them. */
static void
take (Running *self)
{
  MdSecret *output = self->run.output;
  const gsize before = md_secret_get_size (output);
  const gsize more = MIN (PIECE, self->run.room - before);
  guint8 one;
  ssize_t n;

  if (more == 0) /* it may have nothing more to say */
    n = read (self->out, &one, 1);
  else
    {
      n = read (self->out, md_secret_resize (output, before + more) + before, more);
      (void)md_secret_resize (output, before + (n > 0 ? (gsize)n : 0));
    }
  if (n > 0 && more == 0)
    self->failed = TRUE;
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    close_end (&self->out);
}

/* Until it has ended and said everything, its time is over, or nobody waits any more. */
static void
attend (Running *self, GCancellable *cancellable)
{
  const gint64 until = g_get_monotonic_time () + (gint64)self->run.seconds * G_USEC_PER_SEC;
  GPollFD stop = { .fd = -1 };
  gboolean ended = FALSE;

  (void)g_cancellable_make_pollfd (cancellable, &stop);
  while (!self->failed && (!ended || self->out >= 0))
    {
      struct pollfd fds[] = { { .fd = ended ? -1 : self->gone, .events = POLLIN },
                              { .fd = ended ? -1 : self->in, .events = POLLOUT },
                              { .fd = self->out, .events = POLLIN },
                              { .fd = stop.fd, .events = POLLIN } };
      const gint64 left = until - g_get_monotonic_time ();

      /* What it left behind may hold its end for ever: only what is already there is read. */
      if (left <= 0
          || (poll (fds, G_N_ELEMENTS (fds), ended ? 0 : (int)(left / 1000 + 1)) < 0
              && errno != EINTR)
          || g_cancellable_is_cancelled (cancellable))
        self->failed = TRUE;
      else if (ended && fds[2].revents == 0)
        break;
      if (fds[1].revents != 0 && self->in >= 0)
        give (self);
      if (fds[2].revents != 0)
        take (self);
      ended = ended || fds[0].revents != 0;
    }
  if (stop.fd >= 0)
    g_cancellable_release_fd (cancellable);
}

/* Its number is not given to another before it is waited for, so the group is its own. */
static int
end (Running *self)
{
  int status = 0;

  (void)kill (-self->pid, SIGKILL);
  (void)kill (self->pid, SIGKILL);
  while (waitpid (self->pid, &status, 0) < 0 && errno == EINTR)
    ;
  close_end (&self->in);
  close_end (&self->out);
  close_end (&self->gone);
  return !self->failed && WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

int
_md_scan_run (const MdScanRun *run, GCancellable *cancellable)
{
  Running self = { .run = *run, .in = -1, .out = -1, .gone = -1 };
  const struct timespec now = { 0, 0 };
  sigset_t broken_pipe, before;
  int status;

  if (!start (&self))
    return -1;
  (void)sigemptyset (&broken_pipe);
  (void)sigaddset (&broken_pipe, SIGPIPE);
  (void)pthread_sigmask (SIG_BLOCK, &broken_pipe, &before);
  attend (&self, cancellable);
  status = end (&self);
  (void)sigtimedwait (&broken_pipe, NULL, &now);
  (void)pthread_sigmask (SIG_SETMASK, &before, NULL);
  return status;
}
