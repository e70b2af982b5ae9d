// SPDX-License-Identifier: Apache-2.0
/*
 * madoguchi: the clerk's window.
 *
 * madoguchi [--config=FILE] [--session]; FILE is the terminal's settings
 * (/etc/madoguchi/terminal.ini, or MADOGUCHI_CONFIG). --session: a service on the session bus
 * (tests, demonstration) instead of the system bus.
 */
#include "config.h"

#include "bind.h"
#include "notify.h"
#include "settings.h"

#include <glib/gi18n.h>
#include <md-bus.h>
#include <md-process.h>

#define CONFIG_FILE "/etc/madoguchi/terminal.ini"

typedef struct
{
  AdwApplication *application;
  char *config;
  gboolean session_bus;
  CounterWindow *window;
  MdDesk *desk;
  MdPcsc *pcsc;
  int status;
} Program;

/* There is no counter to show: what is wrong, and whom to call. Closing it ends the program. */
static void
explain (Program *self, const char *what, const GError *error)
{
  /* A file may be called anything: its name is no markup. */
  g_autofree char *cause = g_markup_escape_text (error->message, -1);
  g_autofree char *words = g_strconcat (
      cause, "\n\n",
      _ ("Call the administrator. What was taken in before is kept, and is sent all the same."),
      NULL);
  GtkWidget *page = adw_status_page_new ();
  GtkWidget *button = gtk_button_new_with_label (_ ("Close"));
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (self->application));

  g_printerr ("madoguchi: %s: %s\n", what, error->message);
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (gtk_window_close), window);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-warning-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), what);
  adw_status_page_set_description (ADW_STATUS_PAGE (page), words);
  adw_status_page_set_child (ADW_STATUS_PAGE (page), button);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), page);
  gtk_window_set_title (GTK_WINDOW (window), what);
  gtk_window_set_default_size (GTK_WINDOW (window), 800, 600);
  self->status = 1;
  gtk_window_present (GTK_WINDOW (window));
}

/* The service writes it down, if it is there; nobody waits for it. */
static void
record (GDBusConnection *connection, const char *event, const char *cause)
{
  g_dbus_connection_call (connection, MD_BUS_NAME, MD_BUS_PATH, "org.madoguchi.Terminal1",
                          "RecordMishap", g_variant_new ("(ss)", event, cause), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

static GKeyFile *
read_config (Program *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, self->config, G_KEY_FILE_NONE, error))
    return NULL;
  return g_steal_pointer (&file);
}

static void
set_reader (Program *self, GKeyFile *file, const char *key, MdCardRole role)
{
  g_autofree char *name = g_key_file_get_string (file, "card", key, NULL);

  if (name != NULL && *name != '\0')
    md_pcsc_set_role (self->pcsc, role, name);
}

static GDBusConnection *
get_bus (gboolean session, GError **error)
{
  return g_bus_get_sync (session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, error);
}

static gboolean
start_desk (Program *self, GKeyFile *file, GDBusConnection *connection, GError **error)
{
  g_autofree char *forms = g_key_file_get_string (file, "terminal", "forms_dir", NULL);
  g_autofree char *crls = g_key_file_get_string (file, "revocation", "crl_dir", NULL);
  g_autofree char *anchor = g_key_file_get_string (file, "policy", "anchor", NULL);
  g_autoptr (MdCatalogue) catalogue
      = md_catalogue_load (forms != NULL ? forms : MD_FORMSDIR, error);
  g_autoptr (GVariant) choices = counter_settings_get_readers (counter_settings_get ());
  g_autoptr (MdScanSettings) scanning
      = catalogue != NULL ? md_scan_settings_read (file, error) : NULL;
  MdDeskParts parts = { .connection = connection, .policy_anchor = anchor };

  if (catalogue == NULL || scanning == NULL)
    return FALSE;
  self->pcsc = md_pcsc_new ();
  md_pcsc_set_choices (self->pcsc, choices);
  set_reader (self, file, "resident_reader", MD_CARD_ROLE_RESIDENT);
  set_reader (self, file, "staff_reader", MD_CARD_ROLE_STAFF);
  parts.scanning = scanning;
  parts.pcsc = self->pcsc;
  parts.catalogue = catalogue;
  parts.crl_dir = crls != NULL ? crls : MD_CRLDIR;
  self->desk = md_desk_new (&parts);
  return TRUE;
}

/* What is printed is personal, and a file of it would lie open on the disk: only a test terminal
 * prints to files. */
static void
set_up_print (Program *self, GKeyFile *file)
{
  g_autofree char *environment = g_key_file_get_string (file, "terminal", "environment", NULL);
  g_autofree char *slip = g_key_file_get_string (file, "print", "slip", NULL);
  const char *backends = g_strcmp0 (environment, "test") == 0 ? "cups,file" : "cups";

  g_object_set (gtk_settings_get_default (), "gtk-print-backends", backends,
                /* The name of a file that was chosen may be a person's: no list keeps it. */
                "gtk-recent-files-enabled", FALSE, NULL);
  counter_bind_slips (self->window, slip != NULL && g_ascii_strcasecmp (slip, "A6") == 0);
}

/* As large as the screen: there is nothing else at a counter. */
static void
fill_screen (GtkWindow *window)
{
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default ());
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, 0);
  GdkRectangle area = { 0 };

  if (monitor == NULL)
    return;
  gdk_monitor_get_geometry (monitor, &area);
  gtk_window_set_default_size (window, area.width, area.height);
  gtk_window_maximize (window);
}

static void
activate_cb (Program *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GDBusConnection) connection = NULL;

  if (self->window != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->window));
      return;
    }
  connection = get_bus (self->session_bus, &error);
  if (connection == NULL)
    return explain (self, _ ("The message bus cannot be reached"), error);
  file = read_config (self, &error);
  if (file == NULL)
    {
      record (connection, "settings", "unreadable");
      return explain (self, _ ("The terminal's settings cannot be read"), error);
    }
  if (!start_desk (self, file, connection, &error))
    {
      record (connection, "forms",
              g_error_matches (error, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION) ? "definition"
                                                                                 : "unreadable");
      return explain (self, _ ("The forms cannot be used"), error);
    }
  counter_settings_apply (counter_settings_get ());
  /* It may be closed, and then it is gone. */
  g_set_weak_pointer (&self->window, counter_window_new (GTK_APPLICATION (self->application)));
  counter_bind (self->window, self->desk, connection);
  set_up_print (self, file);
  fill_screen (GTK_WINDOW (self->window));
  gtk_window_present (GTK_WINDOW (self->window));
  md_pcsc_start (self->pcsc);
  md_desk_start (self->desk);
}

static void
shutdown_cb (Program *self)
{
  counter_notify_end ();
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->desk);
  if (self->pcsc != NULL) /* what still runs keeps it */
    md_pcsc_stop (self->pcsc);
  g_clear_object (&self->pcsc);
}

static gboolean
read_options (Program *self, int *argc, char ***argv, GError **error)
{
  const char *named = g_getenv ("MADOGUCHI_CONFIG");
  gboolean version = FALSE;
  const GOptionEntry entries[] = { { "config", 0, 0, G_OPTION_ARG_FILENAME, &self->config,
                                     N_ ("The terminal's settings"), N_ ("FILE") },
                                   { "session", 0, 0, G_OPTION_ARG_NONE, &self->session_bus,
                                     N_ ("Use the session bus (demonstration, tests)"), NULL },
                                   { "version", 0, 0, G_OPTION_ARG_NONE, &version,
                                     N_ ("Print the version and leave"), NULL },
                                   { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (self->config == NULL)
    self->config = g_strdup (named != NULL ? named : CONFIG_FILE);
  if (version)
    g_print ("madoguchi %s\n", MD_VERSION);
  return !version;
}

/* GTK writes what is printed into a file without a name on its way to the printer, and that was on
 * the disk. The session's own folder is in memory. */
static void
keep_off_disk (void)
{
  const char *folder = g_getenv ("XDG_RUNTIME_DIR");

  if (folder != NULL && *folder != '\0')
    g_setenv ("TMPDIR", folder, TRUE);
}

int
main (int argc, char **argv)
{
  g_autofree char *language = NULL;
  g_autoptr (GError) error = NULL;
  Program self = { 0 };
  int status;

  md_process_guard ();
  language = counter_settings_language (counter_settings_get ());
  md_process_speak (language);
  if (!read_options (&self, &argc, &argv, &error))
    {
      if (error != NULL)
        g_printerr ("madoguchi: %s\n", error->message);
      return error != NULL ? 2 : 0;
    }
  keep_off_disk ();
  /* Counters have no graphics card worth the name: a third of the start time, half the memory. */
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_set_application_name (_ ("Madoguchi"));
  /* One on a terminal: two would want the same readers and staff card at once. The second shows the
     first, and leaves. */
  self.application = adw_application_new (MD_APP_ID, G_APPLICATION_DEFAULT_FLAGS);
  g_signal_connect_swapped (self.application, "activate", G_CALLBACK (activate_cb), &self);
  g_signal_connect_swapped (self.application, "shutdown", G_CALLBACK (shutdown_cb), &self);
  status = g_application_run (G_APPLICATION (self.application), 1, argv);
  g_object_unref (self.application);
  g_free (self.config);
  return status != 0 ? status : self.status;
}
