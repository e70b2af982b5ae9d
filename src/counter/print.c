// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "print.h"

/* --- the pages --- */

typedef struct
{
  CounterCompose compose;
  gpointer what;
  GDestroyNotify free_what;
  CounterPaper *paper;
} Job;

static void
empty (Job *self)
{
  g_clear_pointer (&self->paper, counter_paper_free);
  g_clear_pointer (&self->what, self->free_what);
}

static void
job_free (gpointer data, GClosure *closure)
{
  empty (data);
  g_free (data);
}

static void
begin_cb (GtkPrintOperation *operation, GtkPrintContext *context, Job *self)
{
  g_clear_pointer (&self->paper, counter_paper_free);
  self->paper = self->compose (self->what, gtk_print_context_get_width (context),
                               gtk_print_context_get_height (context));
  gtk_print_operation_set_n_pages (operation, (int)counter_paper_get_n_pages (self->paper));
}

static void
draw_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, Job *self)
{
  counter_paper_draw (self->paper, (guint)page, gtk_print_context_get_cairo_context (context));
}

/* All pages are drawn: a printer that takes its time holds nothing of a person here. */
static void
end_cb (GtkPrintOperation *operation, GtkPrintContext *context, Job *self)
{
  empty (self);
}

static GtkPageSetup *
make_setup (const CounterPrint *print)
{
  GtkPageSetup *setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) size = gtk_paper_size_new (print->size);

  gtk_page_setup_set_paper_size (setup, size);
  gtk_page_setup_set_top_margin (setup, print->margin_mm, GTK_UNIT_MM);
  gtk_page_setup_set_bottom_margin (setup, print->margin_mm, GTK_UNIT_MM);
  gtk_page_setup_set_left_margin (setup, print->margin_mm, GTK_UNIT_MM);
  gtk_page_setup_set_right_margin (setup, print->margin_mm, GTK_UNIT_MM);
  return setup;
}

GtkPrintOperation *
counter_print_new (const CounterPrint *print)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = make_setup (print);
  Job *self = g_new0 (Job, 1);

  self->compose = print->compose;
  self->what = print->what;
  self->free_what = print->free_what;
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, print->name);
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_cb), self, job_free, 0);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), self);
  g_signal_connect (operation, "end-print", G_CALLBACK (end_cb), self);
  return operation;
}

/* --- what becomes of it --- */

typedef struct
{
  GtkPrintOperation *operation; /* held until it has ended */
  CounterPrintEnded ended;
  gpointer data;
  GDestroyNotify free_data;
  gboolean handed_over; /* "done": all pages are with the print system */
} Watch;

static guint
count_sheets (GtkPrintOperation *operation)
{
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);
  const int pages = gtk_print_operation_get_n_pages_to_print (operation);
  const gboolean both
      = settings != NULL && gtk_print_settings_get_duplex (settings) != GTK_PRINT_DUPLEX_SIMPLEX;
  const int copies = settings != NULL ? MAX (gtk_print_settings_get_n_copies (settings), 1) : 1;

  return (guint)(MAX (both ? (pages + 1) / 2 : pages, 1) * copies);
}

static void
end (Watch *self, CounterPrintEnd how)
{
  const guint sheets = how == COUNTER_PRINT_DONE ? count_sheets (self->operation) : 0;

  g_signal_handlers_disconnect_by_data (self->operation, self);
  self->ended (self->operation, how, sheets, self->data);
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_object_unref (self->operation);
  g_free (self);
}

/* Before the pages are handed over, an abort may be the person's own: "done" tells. */
static void
status_cb (GtkPrintOperation *operation, Watch *self)
{
  const GtkPrintStatus status = gtk_print_operation_get_status (operation);

  if (self->handed_over && status == GTK_PRINT_STATUS_FINISHED)
    end (self, COUNTER_PRINT_DONE);
  else if (self->handed_over && status == GTK_PRINT_STATUS_FINISHED_ABORTED)
    end (self, COUNTER_PRINT_FAILED);
}

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, Watch *self)
{
  self->handed_over = result == GTK_PRINT_OPERATION_RESULT_APPLY;
  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    end (self, COUNTER_PRINT_FAILED);
  else if (result == GTK_PRINT_OPERATION_RESULT_CANCEL)
    end (self, COUNTER_PRINT_CANCELLED);
  else
    status_cb (operation, self); /* the printer may have been quicker */
}

/* GTK's dialog of PARENT, or NULL. */
static GtkDialog *
find_dialog (GtkWindow *parent)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (g_str_equal (G_OBJECT_TYPE_NAME (window), "GtkPrintUnixDialog")
          && gtk_window_get_transient_for (window) == parent)
        return GTK_DIALOG (window);
    }
  return NULL;
}

/* The preview would be a file with all of it, left to another program. */
static void
drop_preview (GtkWindow *parent)
{
  GtkDialog *dialog = find_dialog (parent);
  GtkWidget *button
      = dialog != NULL ? gtk_dialog_get_widget_for_response (dialog, GTK_RESPONSE_APPLY) : NULL;

  if (button != NULL)
    gtk_widget_set_visible (button, FALSE);
}

void
counter_print_call_off (GtkWindow *parent)
{
  GtkDialog *dialog = find_dialog (parent);

  if (dialog != NULL)
    gtk_dialog_response (dialog, GTK_RESPONSE_CANCEL);
}

void
counter_print_run (GtkPrintOperation *operation, GtkWindow *parent, GtkPrintSettings *settings,
                   CounterPrintEnded ended, gpointer data, GDestroyNotify free_data)
{
  Watch *self = g_new0 (Watch, 1);

  self->operation = g_object_ref (operation);
  self->ended = ended;
  self->data = data;
  self->free_data = free_data;
  if (settings != NULL)
    gtk_print_operation_set_print_settings (operation, settings);
  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_set_track_print_status (operation, TRUE);
  g_signal_connect (operation, "done", G_CALLBACK (done_cb), self);
  g_signal_connect (operation, "status-changed", G_CALLBACK (status_cb), self);
  /* Whatever it returns has been, or will be, told by "done". */
  (void)gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
  drop_preview (parent);
}
