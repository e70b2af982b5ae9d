// SPDX-License-Identifier: Apache-2.0
// Opening the largest form, and one of 150 fields, in the real window: from the moment the form is
// given to it until its first frame is drawn, and the memory that it takes; beside a bare window of
// GTK with as many labels and lines as it has fields (the other: as it shows). Each by itself and
// by turns, the medians compared.
//
// usage: bench-open [FORMS], on a screen of its own; prints, and fails above the bars.
#include "config.h"

#include <malloc.h>

#include "bench-form.h"
#include "models.h"
#include "settings.h"
#include "window.h"

#define TURNS 9
#define TIME_BAR 6.0
#define MEMORY_BAR 6.0

typedef struct
{
  double ms;
  double kib;
} Cost;

typedef struct
{
  GtkApplication *application;
  MdForm *form;
  MdViewer viewer;
  guint n;     // fields, those that the program fills in and that conditions hide among them
  guint lines; // of the bare window
  Cost ours[TURNS], bare[TURNS];
} Bench;

typedef struct
{
  Bench benches[2]; // the largest form, and the one of BENCH_WIDE fields
  gboolean good;
} Benches;

static void
drawn_cb (GdkFrameClock *clock, gboolean *drawn)
{
  *drawn = TRUE;
}

// Until the frame after the next request is on its way to the screen.
static void
await_frame (GtkWindow *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gboolean drawn = FALSE;
  gulong id;

  if (clock == NULL)
    g_error ("the window has no frames");
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (drawn_cb), &drawn);
  gtk_widget_queue_draw (GTK_WIDGET (window));
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  while (!drawn)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, id);
}

static void
settle (GtkWindow *window)
{
  const gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 3;

  gtk_window_present (window);
  while (!gtk_widget_get_mapped (GTK_WIDGET (window)) || g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
}

static Cost
cost_of (GtkWindow *window, void (*fill) (Bench *, GtkWindow *), Bench *self)
{
  const gsize before = mallinfo2 ().uordblks;
  const gint64 start = g_get_monotonic_time ();
  Cost cost;

  fill (self, window);
  await_frame (window);
  cost.ms = (double)(g_get_monotonic_time () - start) / 1000;
  cost.kib = (double)(mallinfo2 ().uordblks - before) / 1024;
  return cost;
}

static void
fill_ours (Bench *self, GtkWindow *window)
{
  const CounterModels *models = counter_window_get_models (COUNTER_WINDOW (window));
  g_autoptr (MdFormData) data
      = md_form_data_new (self->form, &self->viewer, MD_STEP_ENTRY, BENCH_DAY);

  g_object_set (models->intake, "form", data, "step", "content", "furthest", "content", NULL);
}

static Cost
open_ours (Bench *self)
{
  CounterWindow *window = counter_window_new (self->application);
  const CounterModels *models = counter_window_get_models (window);
  static const char *const pages[] = { "home", "intake", NULL };
  Cost cost;

  counter_window_set_locked (window, FALSE);
  g_object_set (models->desk, "pages", pages, "can-intake", TRUE, "intake-open", TRUE, NULL);
  g_object_set (models->intake, "step", "identify", NULL);
  counter_window_show_page (window, "intake");
  settle (GTK_WINDOW (window));
  cost = cost_of (GTK_WINDOW (window), fill_ours, self);
  g_object_set (models->intake, "form", NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  return cost;
}

static void
fill_bare (Bench *self, GtkWindow *window)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; i < self->lines; i++)
    {
      g_autofree char *text = g_strdup_printf ("項目 %u", i);

      gtk_box_append (GTK_BOX (box), gtk_label_new (text));
      gtk_box_append (GTK_BOX (box), gtk_entry_new ());
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_window_set_child (window, scrolled);
}

static Cost
open_bare (Bench *self)
{
  GtkWidget *window = gtk_application_window_new (self->application);
  Cost cost;

  gtk_window_set_default_size (GTK_WINDOW (window), 1366, 768);
  settle (GTK_WINDOW (window));
  cost = cost_of (GTK_WINDOW (window), fill_bare, self);
  gtk_window_destroy (GTK_WINDOW (window));
  return cost;
}

static Cost
median (const Cost costs[static TURNS])
{
  double ms[TURNS], kib[TURNS];

  for (guint i = 0; i < TURNS; i++)
    {
      ms[i] = costs[i].ms;
      kib[i] = costs[i].kib;
    }
  return (Cost){ bench_median (ms, TURNS), bench_median (kib, TURNS) };
}

static gboolean
run (Bench *self)
{
  Cost ours, bare;
  gboolean good;

  (void)open_ours (self); // warms what both use
  (void)open_bare (self);
  for (guint i = 0; i < TURNS; i++)
    {
      self->ours[i] = open_ours (self);
      self->bare[i] = open_bare (self);
    }
  ours = median (self->ours);
  bare = median (self->bare);
  g_print ("open %s, %u fields, %u of them to be filled in, to the first frame: %.1f ms, %u "
           "bare labels and lines %.1f ms, ratio %.2f\n",
           md_form_get_id (self->form), self->n, bench_count_shown (self->form, &self->viewer),
           ours.ms, self->lines, bare.ms, ours.ms / bare.ms);
  g_print ("the same, memory: %.0f KiB, %.0f KiB, ratio %.2f\n", ours.kib, bare.kib,
           ours.kib / bare.kib);
  good = ours.ms / bare.ms <= TIME_BAR && ours.kib / bare.kib <= MEMORY_BAR;
  if (!good)
    g_print ("open: above the bars of %.1f and %.1f\n", TIME_BAR, MEMORY_BAR);
  return good;
}

static void
activate (GtkApplication *application, Benches *self)
{
  g_application_hold (G_APPLICATION (application));
  counter_settings_apply (counter_settings_get ());
  self->good = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->benches); i++)
    self->good = run (&self->benches[i]) && self->good;
  g_application_release (G_APPLICATION (application));
}

int
main (void)
{
  g_autofree char *folder = bench_forms_folder ();
  g_autoptr (MdCatalogue) catalogue = bench_load (folder);
  g_autoptr (MdCatalogue) wide = bench_load_wide ();
  g_autoptr (AdwApplication) application
      = adw_application_new ("org.madoguchi.Bench", G_APPLICATION_NON_UNIQUE);
  Benches self = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (self.benches); i++)
    {
      Bench *bench = &self.benches[i];

      bench->application = GTK_APPLICATION (application);
      bench->viewer = bench_viewer ();
      bench->form = bench_largest (i == 0 ? catalogue : wide, &bench->n);
      bench->lines = i == 0 ? bench->n : bench_count_shown (bench->form, &bench->viewer);
    }
  g_signal_connect (application, "activate", G_CALLBACK (activate), &self);
  (void)g_application_run (G_APPLICATION (application), 0, NULL);
  return self.good ? 0 : 1;
}
