// SPDX-License-Identifier: Apache-2.0
// The machine's own time, beside the fake clock that only slow answers move: no cell may take more
// of it than it is given. What would never end is named, and ends the program.
#pragma once

#include <glib.h>

G_BEGIN_DECLS

// Nothing that a cell does takes as long on a machine that is ten times too busy.
#define MISHAP_WATCH_MSEC 60000

typedef struct _MishapWatch MishapWatch;

MishapWatch *mishap_watch_new (void);
void mishap_watch_free (MishapWatch *self);

// So many milliseconds for each; MISHAP_WATCH_MSEC otherwise. EXITS: the program ends where one is
// not over by then.
void mishap_watch_set_limit (MishapWatch *self, guint msec, gboolean exits);

// What it is that does not end, in words (transfer full); on another thread.
typedef char *(*MishapNameFunc) (gconstpointer data);

// Something begins, and is over. Answers whether it was in time.
void mishap_watch_begin (MishapWatch *self, MishapNameFunc name, gconstpointer data);
gboolean mishap_watch_end (MishapWatch *self);

G_END_DECLS
