// SPDX-License-Identifier: Apache-2.0
// Reads the traces of tests/card/traces, whose README says what stands in them.
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

// One call of the library, what must come of it, and what card and reader are asked and answer.
typedef struct
{
  char *words;
  guint number;        // of its line in the file
  GPtrArray *expected; // of char*
  GPtrArray *lines;    // of char*, for script_backend_add()
} TraceStep;

// One conversation, from power to power.
typedef struct
{
  char *title;
  GPtrArray *steps; // of TraceStep
} TraceTalk;

typedef struct
{
  char *name;
  GPtrArray *atrs; // of char*: each conversation is held after each of them
  gsize apdu_max;  // what the reader is known to pass; 0: its driver is asked
  GPtrArray *talks;
} Trace;

// Files and signatures that traces share, by name. (transfer full)
GHashTable *trace_read_parts (const char *path);

// Ends the test where the file is not in its form. PARTS: of trace_read_parts(). (transfer full)
Trace *trace_read (const char *path, GHashTable *parts);
void trace_free (Trace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trace, trace_free)

G_END_DECLS
