// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-intake.h>

#include <gtk/gtk.h>

/*
 * A window in which something hidden is seen only while a button is held down: a reason is chosen
 * first, each hold is recorded before it shows, and letting go, another window or the end of the
 * policy's seconds hides it.
 */

G_BEGIN_DECLS

typedef struct _CounterReveal CounterReveal;

typedef struct
{
  const char *question; /* why it has to be seen; N_() */
  const char *promise;  /* what is shown, and how long; N_() */
  /* Has it recorded that it is looked at, for REASON; CALLBACK's source object is the desk. */
  void (*ask) (gpointer data, const char *reason, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data);
  /* Whether it may be shown now. */
  gboolean (*answer) (gpointer data, GAsyncResult *result, GError **error);
  void (*show) (gpointer data);
  void (*cover) (gpointer data, const char *words); /* hides it; WORDS stand in its place */
} CounterRevealActs;

/* In VIEW, which owns it; DATA for the acts has to live as long as VIEW. Borrowed. */
CounterReveal *counter_reveal_new (GtkWindow *view, MdDesk *desk, const CounterRevealActs *acts,
                                   gpointer data);

/* The reasons and the button, once each, to be put into VIEW. Then counter_reveal_hide(). */
GtkWidget *counter_reveal_make_reasons (CounterReveal *self);
GtkWidget *counter_reveal_make_button (CounterReveal *self);

/* Hides it; to be seen again it has to be held down again. */
void counter_reveal_hide (CounterReveal *self);

G_END_DECLS
