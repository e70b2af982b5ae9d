// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/*
 * What the window itself still has of a person who is gone: the widgets are asked, and the
 * clipboard, not the models that they show.
 */

G_BEGIN_DECLS

typedef enum
{
  COUNTER_LEFT_NOTHING = 0,
  COUNTER_LEFT_TEXT = 1 << 0,      /* a line that is not empty */
  COUNTER_LEFT_HISTORY = 1 << 1,   /* one from which what was typed could be taken back */
  COUNTER_LEFT_CLIPBOARD = 1 << 2, /* what was copied here */
  COUNTER_LEFT_PIN = 1 << 3,
  COUNTER_LEFT_INTAKE = 1 << 4, /* what the work knows of; nothing here sets it */
} CounterLeft;

/* In TOP and every window of ours before it. COVERED: the person may come back, and what the form
 * lets stand while it is covered, and what is about the work alone, may stay; else nothing may.
 * What the staff type to log in is nobody's. */
guint counter_left_find (GtkWindow *top, gboolean covered) G_GNUC_WARN_UNUSED_RESULT;

/* The word for the audit log of each kind of it in turn, from I = 0 on; NULL: no more. */
const char *counter_left_get_cause (guint left, guint i) G_GNUC_WARN_UNUSED_RESULT;

/* It in words, with what to do; NULL: nothing. Caller owns. */
char *counter_left_dup_words (guint left) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
