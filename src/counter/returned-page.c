// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "returned-page.h"

#include "stack.h"
#include "staff-pin.h"
#include "state-chip.h"

struct _CounterReturnedPage
{
  CounterPage parent_instance;

  GtkStack *stages;
  GtkWidget *picture;
  GtkWidget *reasons;
  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (CounterReturnedPage, counter_returned_page, COUNTER_TYPE_PAGE)

static void
pin_cb (CounterReturnedPage *self)
{
  g_autoptr (MdSecret) pin = counter_staff_pin_take (COUNTER_STAFF_PIN (self->pad));

  counter_model_give_secret (counter_page_get_model (COUNTER_PAGE (self)), "staff-pin", pin);
}

static void
pin_done_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  counter_staff_pin_finish (COUNTER_STAFF_PIN (COUNTER_RETURNED_PAGE (widget)->pad));
}

/* Withdrawing and restoring need their reason before the PIN counts. */
static void
ready_cb (CounterReturnedPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  gboolean ready = counter_staff_pin_is_ready (COUNTER_STAFF_PIN (self->pad));

  ready = ready && model != NULL && *counter_model_text (model, "chosen-reason") != '\0';
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", ready);
}

/* First the reason, then the PIN. */
static void
asked_cb (CounterReturnedPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  if (!counter_model_flag (model, "settling") || !gtk_widget_get_mapped (self->pad))
    return;
  if (*counter_model_text (model, "chosen-reason") != '\0')
    gtk_widget_grab_focus (self->pad);
  else
    gtk_widget_child_focus (self->reasons, GTK_DIR_TAB_FORWARD);
}

static void
show (CounterReturnedPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  gboolean one = g_strcmp0 (counter_model_text (model, "stage"), "one") == 0;

  counter_stack_show (self->stages, one ? "one" : "list");
  counter_state_style (self->picture, counter_model_text (model, "state"));
  ready_cb (self);
  asked_cb (self);
}

static void
counter_returned_page_model_set (CounterPage *page)
{
  static const char *const watched[]
      = { "notify::stage", "notify::chosen-reason", "notify::state" };

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (counter_page_get_model (page), watched[i], G_CALLBACK (show), page,
                             G_CONNECT_SWAPPED);
  show (COUNTER_RETURNED_PAGE (page));
}

static void
counter_returned_page_class_init (CounterReturnedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_returned_page_model_set;
  counter_page_class_use (widget_class, "returned-page");
  gtk_widget_class_bind_template_child (widget_class, CounterReturnedPage, stages);
  gtk_widget_class_bind_template_child (widget_class, CounterReturnedPage, picture);
  gtk_widget_class_bind_template_child (widget_class, CounterReturnedPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, CounterReturnedPage, pad);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
  gtk_widget_class_install_action (widget_class, "page.pin-done", NULL, pin_done_action);
}

static void
counter_returned_page_init (CounterReturnedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", FALSE);
}
