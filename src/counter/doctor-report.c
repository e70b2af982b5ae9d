// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "doctor-report.h"

#include <glib/gi18n.h>
#include <md-base.h>
#include <string.h>

typedef struct
{
  GtkFileChooserNative *chooser;
  GBytes *text;
  GCancellable *cancellable;
  CounterReportFunc func;
  gpointer data;
} Saving;

static void
saving_free (Saving *self)
{
  g_clear_object (&self->chooser);
  g_bytes_unref (self->text);
  g_object_unref (self->cancellable);
  g_free (self);
}

static void
say (Saving *self, const char *said)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    self->func (said, self->data);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *self = data;
  g_autoptr (GError) error = NULL;
  gboolean written = g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  g_autofree char *path = g_file_get_parse_name (G_FILE (source));
  g_autofree char *said
      = written ? g_strdup_printf (_ ("The report was saved: %s"), path)
                : g_strdup_printf (_ ("The report could not be saved: %s\nSave it again and choose "
                                      "another folder, your own for example. If that fails, too, "
                                      "tell the help desk what stands above."),
                                   error->message);

  say (self, said);
  saving_free (self);
}

static void
response_cb (GtkNativeDialog *dialog, int response, Saving *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  gtk_native_dialog_hide (dialog);
  if (file != NULL)
    g_file_replace_contents_bytes_async (file, self->text, NULL, FALSE,
                                         G_FILE_CREATE_REPLACE_DESTINATION, self->cancellable,
                                         written_cb, self);
  else
    {
      say (self, "");
      saving_free (self);
    }
}

/* What the help desk has to know first. */
static GBytes *
add_heading (const char *report)
{
  gint64 now = md_clock_get_wall_us (md_clock_get_system ());
  g_autofree char *time = md_time_format_tokyo (now, MD_TIME_STYLE_ISO);
  char *text = g_strdup_printf ("Madoguchi %s\n%s\n\n%s", MD_VERSION, time, report);

  return g_bytes_new_take (text, strlen (text));
}

static char *
propose_name (void)
{
  MdDate today;
  g_autofree char *day = NULL;

  md_date_from_wall_us (md_clock_get_wall_us (md_clock_get_system ()), &today);
  day = md_date_format_iso (&today);
  return g_strdup_printf ("madoguchi-readers-%s.txt", day);
}

void
counter_doctor_report_save (GtkWindow *parent, const char *report, GCancellable *cancellable,
                            CounterReportFunc func, gpointer data)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile) folder
      = g_file_new_for_path (documents != NULL ? documents : g_get_home_dir ());
  g_autofree char *name = propose_name ();
  Saving *self = g_new0 (Saving, 1);
  GtkFileChooser *chooser;

  self->chooser = gtk_file_chooser_native_new (
      _ ("Save the report"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save it"), _ ("Cancel"));
  self->text = add_heading (report);
  self->cancellable = g_object_ref (cancellable);
  self->func = func;
  self->data = data;
  chooser = GTK_FILE_CHOOSER (self->chooser);
  gtk_file_chooser_set_current_name (chooser, name);
  (void)gtk_file_chooser_set_current_folder (chooser, folder, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
