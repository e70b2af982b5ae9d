// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* The reader doctor's report as a file that the person at the window chooses. */

G_BEGIN_DECLS

/* One sentence on what became of it, "" when nothing was saved. */
typedef void (*CounterReportFunc) (const char *said, gpointer data);

/* Asks where to, writes @report there with a heading (version, day and time), and says what became
 * of it to @func, unless @cancellable was cancelled before. */
void counter_doctor_report_save (GtkWindow *parent, const char *report, GCancellable *cancellable,
                                 CounterReportFunc func, gpointer data);

G_END_DECLS
