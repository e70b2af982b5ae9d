// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SCAN_COMPILATION
#error "Private to src/scan."
#endif

#include <gio/gio.h>
#include <md-base.h>

G_BEGIN_DECLS

/* What a program of its own does with a document. */
typedef struct
{
  char **argv;           /* without a shell; found in /usr/bin and /bin */
  const MdSecret *input; /* written to its standard input */
  MdSecret *output;      /* its standard output; NULL: thrown away. More than ROOM is a failure */
  gsize room;
  guint seconds; /* it may take, of time and of processor */
} MdScanRun;

/* Runs it in a session of its own: no terminal, an environment with a path and a language alone, no
 * new privileges, no core image. However it ends, by itself, after its time or cancelled, its whole
 * process group is ended with it before this returns. Its exit status; -1: it could not be started,
 * was ended, or wrote too much. On a worker thread: it waits. */
int _md_scan_run (const MdScanRun *run, GCancellable *cancellable);

G_END_DECLS
