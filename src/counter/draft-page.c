// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "draft-page.h"

#include "staff-pin.h"
#include "state-chip.h"

struct _CounterDraftPage
{
  CounterPage parent_instance;

  GtkWidget *picture;
  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (CounterDraftPage, counter_draft_page, COUNTER_TYPE_PAGE)

static void
pin_cb (CounterDraftPage *self)
{
  g_autoptr (MdSecret) pin = counter_staff_pin_take (COUNTER_STAFF_PIN (self->pad));

  counter_model_give_secret (counter_page_get_model (COUNTER_PAGE (self)), "staff-pin", pin);
}

static void
pin_done_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  counter_staff_pin_finish (COUNTER_STAFF_PIN (COUNTER_DRAFT_PAGE (widget)->pad));
}

static void
ready_cb (CounterDraftPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done",
                                 counter_staff_pin_is_ready (COUNTER_STAFF_PIN (self->pad)));
}

static void
asked_cb (CounterDraftPage *self)
{
  if (gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
}

static void
show (CounterDraftPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));

  counter_state_style (self->picture, counter_model_text (model, "state"));
  ready_cb (self);
  asked_cb (self);
}

static void
counter_draft_page_focus_start (CounterPage *page)
{
  CounterDraftPage *self = COUNTER_DRAFT_PAGE (page);

  if (gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
counter_draft_page_model_set (CounterPage *page)
{
  static const char *const watched[] = { "notify::state", "notify::wants-pin" };

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (counter_page_get_model (page), watched[i], G_CALLBACK (show), page,
                             G_CONNECT_SWAPPED);
  show (COUNTER_DRAFT_PAGE (page));
}

static void
counter_draft_page_class_init (CounterDraftPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_draft_page_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_draft_page_focus_start;
  counter_page_class_use (widget_class, "draft-page");
  gtk_widget_class_bind_template_child (widget_class, CounterDraftPage, picture);
  gtk_widget_class_bind_template_child (widget_class, CounterDraftPage, pad);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
  gtk_widget_class_install_action (widget_class, "page.pin-done", NULL, pin_done_action);
}

static void
counter_draft_page_init (CounterDraftPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", FALSE);
}
