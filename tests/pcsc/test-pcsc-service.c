// SPDX-License-Identifier: Apache-2.0
// The card service as the system has it: missing, stale, refusing, late, hanging, gone and back.
// The real library; the service is a socket of ours, or the real pcscd. Runs inside tests/isolated.
// Debian 12 builds pcscd without polkit, so no rule of it can refuse anybody here: what its refusal
// looks like from outside is played by the socket.
#include <glib/gstdio.h>
#include <md-pcsc.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FOLDER "/run/pcscd"
#define SOCKET FOLDER "/pcscd.comm"
#define PATIENCE (60 * G_USEC_PER_SEC)
#define QUIET_S 5 // of it, a look every two seconds would be found twice

typedef struct
{
  MdPcsc *pcsc;
  GSubprocess *pcscd;
} Fixture;

static void
await_state (Fixture *f, MdPcscState state)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  while (md_pcsc_get_state (f->pcsc) != state && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  g_assert_cmpint (md_pcsc_get_state (f->pcsc), ==, state);
}

// --- Services ---

static int
bind_socket (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SOCKET };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  g_unlink (SOCKET);
  g_assert_cmpint (bind (fd, (const struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

// What a pcscd that was built with polkit does where its rules say no: takes the call, and hangs
// up.
static gpointer
refuse_main (gpointer data)
{
  int listener = GPOINTER_TO_INT (data);
  for (int fd = accept (listener, NULL, NULL); fd >= 0; fd = accept (listener, NULL, NULL))
    close (fd);
  return NULL;
}

// LISTENER: of its socket, which somebody else has made, as with socket activation; or -1.
static void
start_pcscd_at (Fixture *f, int listener)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *empty = g_dir_make_tmp ("readers-XXXXXX", &error);
  g_assert_no_error (error);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  if (listener >= 0)
    g_subprocess_launcher_take_fd (launcher, listener, 3);
  f->pcscd = g_subprocess_launcher_spawn (
      launcher, &error, "sh", "-c",
      listener >= 0 ? "LISTEN_FDS=1 LISTEN_PID=$$ exec pcscd --foreground --config \"$0\""
                    : "exec pcscd --foreground --config \"$0\"",
      empty, NULL);
  g_assert_no_error (error);
}

static void
start_pcscd (Fixture *f)
{
  start_pcscd_at (f, -1);
}

static void
stop_pcscd (Fixture *f, int signal_number)
{
  g_subprocess_send_signal (f->pcscd, signal_number);
  g_assert_true (g_subprocess_wait (f->pcscd, NULL, NULL));
  g_clear_object (&f->pcscd);
}

// --- Counting what wakes up ---

// Context switches of all threads of this process but the calling one, which does the counting.
static guint64
switches (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  g_autofree char *self = g_strdup_printf ("%d", (int)gettid ());
  guint64 sum = 0;
  for (const char *name = g_dir_read_name (tasks); name != NULL; name = g_dir_read_name (tasks))
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "status", NULL);
      g_autofree char *text = NULL;
      if (g_str_equal (name, self) || !g_file_get_contents (path, &text, NULL, NULL))
        continue;
      const char *line = strstr (text, "\nvoluntary_ctxt_switches:");
      g_assert_nonnull (line);
      sum += g_ascii_strtoull (strchr (line, ':') + 1, NULL, 10);
    }
  return sum;
}

// Nothing wakes up any more. What the last change still stirs may take a moment, so the quietest of
// some windows counts.
static void
assert_asleep (Fixture *f)
{
  guint64 least = G_MAXUINT64;
  for (int window = 0; window < 5 && least > 0; window++)
    {
      guint64 before = switches ();
      g_usleep (QUIET_S * G_USEC_PER_SEC);
      guint64 woken = switches () - before;
      g_test_message ("%" G_GUINT64_FORMAT " wake-ups in %d s", woken, QUIET_S);
      least = MIN (least, woken);
    }
  g_assert_cmpuint (least, ==, 0);
}

// --- The tests ---

static void
setup (Fixture *f, gconstpointer data)
{
  g_unlink (SOCKET);
  f->pcscd = NULL;
  f->pcsc = md_pcsc_new ();
}

static void
teardown (Fixture *f, gconstpointer data)
{
  md_pcsc_stop (f->pcsc);
  g_assert_finalize_object (f->pcsc);
  if (f->pcscd != NULL)
    stop_pcscd (f, SIGTERM);
  g_unlink (SOCKET);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_SERVICE);
  assert_asleep (f);
  start_pcscd (f);
  await_state (f, MD_PCSC_STATE_NO_READER);
  stop_pcscd (f, SIGTERM);
  await_state (f, MD_PCSC_STATE_NO_SERVICE);
  start_pcscd (f); // and again
  await_state (f, MD_PCSC_STATE_NO_READER);
}

// Killed, it leaves its socket behind: nobody listens there.
static void
test_stale (Fixture *f, gconstpointer data)
{
  start_pcscd (f);
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_READER);
  stop_pcscd (f, SIGKILL);
  await_state (f, MD_PCSC_STATE_NO_SERVICE);
  g_assert_true (g_file_test (SOCKET, G_FILE_TEST_EXISTS));
  assert_asleep (f);
  start_pcscd (f);
  await_state (f, MD_PCSC_STATE_NO_READER);
}

// Not even its folder is there. The library looks up the name of the socket once in a process, so
// this is one of its own.
static void
test_no_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("run-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *path = g_build_filename (inner, "pcscd.comm", NULL);
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  g_setenv ("PCSCLITE_CSOCK_NAME", path, TRUE);
  start_pcscd (f);
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_SERVICE);
  assert_asleep (f);
  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  for (gint64 end = g_get_monotonic_time () + PATIENCE;
       !g_file_test (SOCKET, G_FILE_TEST_EXISTS) && g_get_monotonic_time () < end;)
    g_usleep (5000);
  g_assert_cmpint (symlink (SOCKET, path), ==, 0);
  await_state (f, MD_PCSC_STATE_NO_READER);
}

// Its rules do not let this user in: said as such, and not asked again and again.
static void
test_forbidden (Fixture *f, gconstpointer data)
{
  int listener = bind_socket ();
  g_assert_cmpint (listen (listener, 16), ==, 0);
  g_assert_cmpint (chmod (SOCKET, 0666), ==, 0);
  g_autoptr (GThread) refuser = g_thread_new ("refuser", refuse_main, GINT_TO_POINTER (listener));
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_PERMISSION);
  assert_asleep (f);
  shutdown (listener, SHUT_RDWR);
  g_thread_join (g_steal_pointer (&refuser));
  close (listener);
  start_pcscd (f); // with other rules
  await_state (f, MD_PCSC_STATE_NO_READER);
}

static gpointer
hang_up_once_main (gpointer data)
{
  int fd = accept (GPOINTER_TO_INT (data), NULL, NULL);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  return NULL;
}

static void
on_state (MdPcsc *pcsc, GParamSpec *pspec, gboolean *forbidden)
{
  *forbidden = *forbidden || md_pcsc_get_state (pcsc) == MD_PCSC_STATE_NO_PERMISSION;
}

// A service that ends hangs up, too. The next one takes over its socket, and nothing changes there
// that could be watched: it is found all the same, and nobody was called forbidden.
static void
test_hangs_up_once (Fixture *f, gconstpointer data)
{
  gboolean forbidden = FALSE;
  int listener = bind_socket ();
  g_assert_cmpint (listen (listener, 16), ==, 0);
  g_assert_cmpint (chmod (SOCKET, 0666), ==, 0);
  g_autoptr (GThread) ending
      = g_thread_new ("ending", hang_up_once_main, GINT_TO_POINTER (listener));
  g_signal_connect (f->pcsc, "notify::state", G_CALLBACK (on_state), &forbidden);
  md_pcsc_start (f->pcsc);
  g_thread_join (g_steal_pointer (&ending));
  start_pcscd_at (f, listener);
  await_state (f, MD_PCSC_STATE_NO_READER);
  g_assert_false (forbidden);
}

// The socket is there a moment before anybody listens to it, and nothing tells when.
static void
test_listens_late (Fixture *f, gconstpointer data)
{
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_SERVICE);
  g_usleep (5 * G_USEC_PER_SEC);
  int listener = bind_socket ();
  g_usleep (G_USEC_PER_SEC / 5);
  g_assert_cmpint (listen (listener, 16), ==, 0);
  g_autoptr (GThread) refuser = g_thread_new ("refuser", refuse_main, GINT_TO_POINTER (listener));
  await_state (f, MD_PCSC_STATE_NO_PERMISSION);
  shutdown (listener, SHUT_RDWR);
  g_thread_join (g_steal_pointer (&refuser));
  close (listener);
}

// It hangs: the end of the program does not.
static void
test_hangs (Fixture *f, gconstpointer data)
{
  start_pcscd (f);
  md_pcsc_start (f->pcsc);
  await_state (f, MD_PCSC_STATE_NO_READER);
  g_usleep (G_USEC_PER_SEC / 2); // the watcher waits for changes by now; if not, all the same
  g_subprocess_send_signal (f->pcscd, SIGSTOP);
  md_pcsc_stop (f->pcsc); // the service answers nothing before this has ended
  g_subprocess_send_signal (f->pcscd, SIGCONT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/pcsc/pcsc-service/" name, Fixture, NULL, setup, func, teardown)
  ADD ("missing", test_missing);
  ADD ("stale", test_stale);
  ADD ("no-folder", test_no_folder);
  ADD ("forbidden", test_forbidden);
  ADD ("hangs-up-once", test_hangs_up_once);
  ADD ("listens-late", test_listens_late);
  ADD ("hangs", test_hangs);
#undef ADD
  return g_test_run ();
}
