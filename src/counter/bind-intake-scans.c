// SPDX-License-Identifier: Apache-2.0
// Scans of the papers: chosen as a file, or taken from the folder into which the scanner writes.
#include "config.h"

#include "bind-intake.h"
#include "dialog.h"
#include "rows.h"
#include "scan-view.h"

#include <glib/gi18n.h>

#define OFFERED_MAX 6u /* the newest of the scan folder */

void
counter_intake_show_scans (IntakeBinding *self)
{
  g_autofree char *word = md_intake_describe_scans (self->intake);

  g_object_set (self->model, "scans-word", word, NULL);
}

/* --- taking one in --- */

typedef struct
{
  IntakeBinding *binding; /* lives as long as the window */
  CounterWindow *window;
  MdIntake *intake;
  MdAttachment *paper;
} Taking;

static void
taking_free (Taking *self)
{
  g_object_unref (self->window);
  g_object_unref (self->intake);
  g_object_unref (self->paper);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Taking, taking_free)

/* NULL: there is no such paper, or nobody is being taken in. */
static Taking *
taking_new (IntakeBinding *self, GVariant *parameter)
{
  MdFormData *form = self->intake != NULL ? md_intake_get_data (self->intake) : NULL;
  MdAttachment *paper = form != NULL
                            ? counter_scan_find_paper (form, g_variant_get_string (parameter, NULL))
                            : NULL;
  Taking *taking;

  if (paper == NULL)
    return NULL;
  taking = g_new0 (Taking, 1);
  taking->binding = self;
  taking->window = g_object_ref (self->window);
  taking->intake = g_object_ref (self->intake);
  taking->paper = g_object_ref (paper);
  return taking;
}

static gboolean
is_current (const Taking *self)
{
  return g_object_get_data (G_OBJECT (self->window), "bind-intake") == self->binding
         && self->binding->intake == self->intake;
}

static void
attached_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Taking) self = data;
  g_autoptr (GError) error = NULL;

  if (!md_intake_attach_finish (MD_INTAKE (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    counter_window_tell (self->window, error->message);
  if (!is_current (self))
    return;
  counter_intake_show_scans (self->binding);
  /* Until the next act, too: what was told over the page passes before it was read out. */
  if (error != NULL)
    g_object_set (self->binding->model, "scans-word", error->message, NULL);
}

static void
take (Taking *self, const char *path)
{
  g_autofree char *label = counter_text_of (self->paper, "label");
  g_autofree char *told = g_strdup_printf (_ ("%s is being read and checked."), label);

  if (!is_current (self))
    {
      taking_free (self);
      return;
    }
  g_object_set (self->binding->model, "scans-word", told, NULL);
  md_intake_attach_async (self->intake, self->paper, path, attached_cb, self);
}

/* --- a file --- */

static void
chosen_cb (GtkNativeDialog *chooser, int response, Taking *self)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
                               : NULL;
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
  if (path != NULL)
    take (self, path);
  else
    taking_free (self);
  md_wipe_free_text (path);
}

static void
attach_file_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  Taking *taking = taking_new (self, parameter);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  GtkFileChooserNative *chooser;

  if (taking == NULL)
    return;
  gtk_file_filter_set_name (filter, _ ("PDF, JPEG, PNG or TIFF"));
  for (guint i = 0; i < MD_N_SCAN_KINDS; i++)
    gtk_file_filter_add_mime_type (filter, md_scan_kind_get_media_type (i));
  chooser = gtk_file_chooser_native_new (_ ("Attach a scan"), GTK_WINDOW (self->window),
                                         GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Attach"), _ ("Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (chosen_cb), taking);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- the scan folder --- */

static void
picked_cb (AdwMessageDialog *dialog, const char *answer, gpointer data)
{
  GPtrArray *found = g_object_get_data (G_OBJECT (dialog), "found");
  Taking *self = g_object_steal_data (G_OBJECT (dialog), "taking");
  const guint n
      = g_ascii_isdigit (*answer) ? (guint)g_ascii_strtoull (answer, NULL, 10) : G_MAXUINT;

  if (self == NULL)
    return;
  if (n < found->len)
    take (self, ((const MdScanFound *)found->pdata[n])->path);
  else
    taking_free (self);
}

/* By time and size: a file's name may be a person's. */
static void
offer (AdwMessageDialog *dialog, const MdScanFound *found, guint n)
{
  g_autofree char *id = g_strdup_printf ("%u", n);
  g_autofree char *time
      = md_time_format_tokyo (found->time_s * G_USEC_PER_SEC, MD_TIME_STYLE_CLOCK_FULL);
  g_autofree char *size = md_scan_describe_size (found->size);
  g_autofree char *label = g_strdup_printf (_ ("Scanned %s, %s"), time, size);

  adw_message_dialog_add_response (dialog, id, label);
}

static void
attach_scan_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;
  Taking *taking = taking_new (self, parameter);
  g_autoptr (GPtrArray) found = md_scan_list_folder (md_desk_get_scanning (self->desk));
  g_autofree char *label = taking != NULL ? counter_text_of (taking->paper, "label") : NULL;
  g_autofree char *title = NULL;
  GtkWidget *dialog;

  if (taking == NULL || found->len == 0)
    {
      if (taking != NULL)
        counter_window_tell (self->window, _ ("There is nothing in the scan folder. Scan the "
                                              "paper, and press this button again."));
      g_clear_pointer (&taking, taking_free);
      return;
    }
  title = g_strdup_printf (_ ("Which scan is %s?"), label);
  dialog = adw_message_dialog_new (GTK_WINDOW (self->window), title, _ ("The newest comes first."));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"));
  for (guint i = MIN (found->len, OFFERED_MAX); i > 0; i--)
    offer (ADW_MESSAGE_DIALOG (dialog), found->pdata[i - 1], i - 1);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "0");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "taking", taking, (GDestroyNotify)taking_free);
  g_object_set_data_full (G_OBJECT (dialog), "found", g_steal_pointer (&found),
                          (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect (dialog, "response", G_CALLBACK (picked_cb), NULL);
  counter_dialog_show (GTK_WINDOW (self->window), dialog);
}

static void
show_scan_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  if (self->intake != NULL)
    counter_scan_show (self->window, self->desk, md_intake_get_data (self->intake),
                       g_variant_get_string (parameter, NULL));
}

/* --- a form came --- */

static void
scans_changed_cb (CounterModel *model)
{
  IntakeBinding *self = g_object_get_data (G_OBJECT (model), "scans-binding");

  if (self->intake != NULL)
    counter_intake_show_scans (self);
}

static void
form_cb (IntakeBinding *self)
{
  MdFormData *form = counter_model_object (self->model, "form");
  GListModel *papers = form != NULL ? md_form_data_get_attachments (form) : NULL;

  for (guint i = 0; papers != NULL && i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);

      g_signal_connect_object (paper, "changed", G_CALLBACK (scans_changed_cb), self->model,
                               G_CONNECT_SWAPPED);
    }
  if (form != NULL && self->intake != NULL)
    counter_intake_show_scans (self);
}

void
counter_intake_bind_scans (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "attach-file", .activate = attach_file_activated, .parameter_type = "s" },
    { .name = "attach-scan", .activate = attach_scan_activated, .parameter_type = "s" },
    { .name = "show-scan", .activate = show_scan_activated, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  g_object_set (self->model, "scan-folder", md_desk_get_scanning (self->desk)->folder != NULL,
                NULL);
  g_object_set_data (G_OBJECT (self->model), "scans-binding", self);
  g_signal_connect_data (self->model, "notify::form", G_CALLBACK (form_cb), self, NULL,
                         G_CONNECT_SWAPPED);
}
