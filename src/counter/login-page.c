// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "login-page.h"

#include "act-bar.h"

#include <glib/gi18n.h>

struct _CounterLoginPage
{
  CounterPage parent_instance;

  GtkEntry *password;
  GtkLabel *staff;
};

G_DEFINE_FINAL_TYPE (CounterLoginPage, counter_login_page, COUNTER_TYPE_PAGE)

/* The text lies in GTK's wiped, locked password buffer; from there it goes into a secret and is
 * gone. */
static void
submit_cb (CounterLoginPage *self)
{
  GtkEntryBuffer *buffer = gtk_entry_get_buffer (self->password);
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  if (gtk_entry_buffer_get_length (buffer) == 0 || !counter_model_flag (model, "can-type"))
    return;
  g_autoptr (MdSecret) secret = md_secret_new_from_data (gtk_entry_buffer_get_text (buffer),
                                                         gtk_entry_buffer_get_bytes (buffer));
  gtk_entry_buffer_set_text (buffer, "", 0);
  counter_model_give_secret (model, "password", secret);
}

static void
submit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  submit_cb (COUNTER_LOGIN_PAGE (widget));
}

static void
changed_cb (CounterLoginPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  gboolean typed = gtk_entry_buffer_get_length (gtk_entry_get_buffer (self->password)) > 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "login.submit",
                                 typed && model != NULL && counter_model_flag (model, "can-type"));
  if (typed && model != NULL)
    g_object_set (model, "error", "", NULL);
}

static void
can_type_cb (CounterLoginPage *self)
{
  gboolean can = counter_model_flag (counter_page_get_model (COUNTER_PAGE (self)), "can-type");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  /* A text that becomes insensitive with the focus in it would go on blinking. */
  if (!can && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->password)))
    gtk_root_set_focus (root, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password), can);
  if (!can)
    gtk_entry_buffer_set_text (gtk_entry_get_buffer (self->password), "", 0);
  else if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
  changed_cb (self);
}

static void
staff_cb (CounterLoginPage *self)
{
  const char *staff = counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "staff");

  gtk_label_set_text (self->staff, *staff != '\0' ? staff : _ ("No staff card yet"));
}

static void
counter_login_page_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);

  g_signal_connect_object (model, "notify::can-type", G_CALLBACK (can_type_cb), page,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (model, "notify::staff", G_CALLBACK (staff_cb), page, G_CONNECT_SWAPPED);
  staff_cb (COUNTER_LOGIN_PAGE (page));
  can_type_cb (COUNTER_LOGIN_PAGE (page));
}

static void
counter_login_page_focus_start (CounterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (COUNTER_LOGIN_PAGE (page)->password));
}

static void
counter_login_page_class_init (CounterLoginPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_login_page_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_login_page_focus_start;
  counter_page_class_use (widget_class, "login-page");
  gtk_widget_class_bind_template_child (widget_class, CounterLoginPage, password);
  gtk_widget_class_bind_template_child (widget_class, CounterLoginPage, staff);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_install_action (widget_class, "login.submit", NULL, submit_action);
}

static void
counter_login_page_init (CounterLoginPage *self)
{
  g_autoptr (GtkEntryBuffer) wiped = gtk_password_entry_buffer_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_buffer (self->password, wiped);
  g_signal_connect_object (wiped, "notify::length", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
}
