// SPDX-License-Identifier: Apache-2.0
/* Preloaded into madoguchi-page: takes the place of the libraries that read documents, as a
 * document does that has taken one of them over, and tries to get out. It says of each way what
 * became of it: "WAY ERRNO", 0 for "it worked". */
#include <cairo.h>
#include <errno.h>
#include <fcntl.h>
#include <poppler.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <openjpeg.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <tiffio.h>
#include <unistd.h>

static void
say (const char *way, long result)
{
  char line[64];
  const int size = snprintf (line, sizeof line, "%s %d\n", way, result < 0 ? errno : 0);

  if (write (STDOUT_FILENO, line, (size_t)size) != size)
    _exit (3);
}

static void
try_to_read_and_talk (void)
{
  say ("open", syscall (SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0));
  say ("socket", syscall (SYS_socket, AF_INET, SOCK_STREAM, 0));
  say ("local-socket", syscall (SYS_socket, AF_UNIX, SOCK_STREAM, 0));
}

/* While the program starts, there is no fence yet: what is refused later is not refused by
 * something else. */
__attribute__ ((constructor)) static void
before (void)
{
  try_to_read_and_talk ();
  say ("begun", 0);
}

static void __attribute__ ((noreturn)) get_out (void)
{
  char *nothing[] = { NULL };
  const struct rlimit more = { 64, 64 };

  try_to_read_and_talk ();
#ifdef SYS_open
  say ("old-open", syscall (SYS_open, "/etc/passwd", O_RDONLY, 0));
#endif
  say ("create", syscall (SYS_openat, AT_FDCWD, "/tmp/got-out", O_CREAT | O_WRONLY, 0600));
  say ("remove", syscall (SYS_unlinkat, AT_FDCWD, "/tmp/got-out", 0));
  say ("run", syscall (SYS_execve, "/bin/true", nothing, nothing));
  say ("fork", syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0));
  say ("signal", syscall (SYS_kill, 1, 0));
  say ("trace", syscall (SYS_ptrace, PTRACE_TRACEME, 0, 0, 0));
  say ("limits", syscall (SYS_prlimit64, 0, RLIMIT_NOFILE, &more, NULL));
  say ("memory-file", syscall (SYS_memfd_create, "x", 0));
  _exit (0);
}

PopplerDocument *
poppler_document_new_from_bytes (GBytes *bytes, const char *password, GError **error)
{
  get_out ();
}

TIFFErrorHandler
TIFFSetErrorHandler (TIFFErrorHandler handler)
{
  get_out ();
}

int
jpeg_read_header (j_decompress_ptr info, boolean require_image)
{
  get_out ();
}

cairo_surface_t *
cairo_image_surface_create_from_png_stream (cairo_read_func_t reader, void *closure)
{
  get_out ();
}

OPJ_BOOL
opj_read_header (opj_stream_t *stream, opj_codec_t *codec, opj_image_t **image) { get_out (); }
