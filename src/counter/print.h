// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "paper.h"

/*
 * A paper on its way to the printer, as a GtkPrintOperation: the pages are laid out when the print
 * system says how large they are. Nothing is written to a file by this program; what is printed
 * lies in the memory of the operation and in the print system's spool.
 */

G_BEGIN_DECLS

typedef CounterPaper *(*CounterCompose) (gconstpointer what, double width, double height);

/* What is to be printed. Takes WHAT over, and frees it once all pages are drawn, or with the
 * operation. */
typedef struct
{
  const char *name; /* of the job, seen by everybody at the print server: nothing personal */
  const char *size; /* GTK's name of the paper */
  double margin_mm;
  CounterCompose compose;
  gpointer what;
  GDestroyNotify free_what;
} CounterPrint;

GtkPrintOperation *counter_print_new (const CounterPrint *print) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  COUNTER_PRINT_DONE,      /* the print system says that it is printed */
  COUNTER_PRINT_CANCELLED, /* the person did not want it after all */
  COUNTER_PRINT_FAILED,
} CounterPrintEnd;

/* SHEETS of paper, both sides counted as one; 0 unless it was printed. */
typedef void (*CounterPrintEnded) (GtkPrintOperation *operation, CounterPrintEnd end, guint sheets,
                                   gpointer data);

/* Asks for the printer, and prints. SETTINGS of an earlier print, or NULL: that printer is chosen
 * already, and Enter is enough. (Without the dialog GTK would wait for ever, and say nothing, where
 * the printer's server does not answer.) ENDED is called once, from the main loop or before this
 * returns; DATA is freed after it. */
void counter_print_run (GtkPrintOperation *operation, GtkWindow *parent, GtkPrintSettings *settings,
                        CounterPrintEnded ended, gpointer data, GDestroyNotify free_data);

/* Closes the dialog in which PARENT's person chooses a printer, as if they had left it: what it
 * would print may not be seen any more. Nothing where there is none. */
void counter_print_call_off (GtkWindow *parent);

G_END_DECLS
