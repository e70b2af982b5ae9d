// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "identify-step.h"

#include "brought-step.h"
#include "face-entry.h"
#include "face-view.h"
#include "papers-step.h"
#include "pin-pad.h"
#include "state-chip.h"

struct _CounterIdentifyStep
{
  CounterPage parent_instance;

  GtkWidget *picture;
  GtkWidget *headline;
  GtkWidget *pad;
  GtkWidget *entry;
  GtkWidget *view;
  GtkWidget *papers;
  GtkWidget *brought;
};

G_DEFINE_FINAL_TYPE (CounterIdentifyStep, counter_identify_step, COUNTER_TYPE_PAGE)

void
counter_identify_step_finish_pin (CounterIdentifyStep *self)
{
  if (gtk_widget_get_mapped (self->entry))
    counter_face_entry_finish (COUNTER_FACE_ENTRY (self->entry));
  else
    counter_pin_pad_finish (COUNTER_PIN_PAD (self->pad));
}

static void
pin_cb (CounterIdentifyStep *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  g_autofree char *purpose = g_strdup (counter_model_text (model, "pin-purpose"));
  g_autoptr (MdSecret) pin = counter_pin_pad_take (COUNTER_PIN_PAD (self->pad));

  counter_model_give_secret (model, purpose, pin);
}

static void
ready_cb (CounterIdentifyStep *self)
{
  gboolean ready = FALSE;

  g_object_get (self->pad, "ready", &ready, NULL);
  counter_page_enable (GTK_WIDGET (self), "page.pin-done", ready);
}

static void
wants_pin_cb (CounterIdentifyStep *self)
{
  counter_pin_pad_clear (COUNTER_PIN_PAD (self->pad));
  if (counter_model_flag (counter_page_get_model (COUNTER_PAGE (self)), "wants-pin")
      && gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
}

static void
state_cb (CounterIdentifyStep *self)
{
  const char *state
      = counter_model_text (counter_page_get_model (COUNTER_PAGE (self)), "identify-state");

  counter_state_style (self->picture, state);
  counter_state_style (self->headline, state);
}

static void
counter_identify_step_model_set (CounterPage *page)
{
  CounterModel *model = counter_page_get_model (page);
  GObject *self = G_OBJECT (page);

  g_signal_connect_object (model, "notify::wants-pin", G_CALLBACK (wants_pin_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (model, "notify::pin-purpose", G_CALLBACK (wants_pin_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (model, "notify::identify-state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  state_cb (COUNTER_IDENTIFY_STEP (page));
}

static void
counter_identify_step_focus_start (CounterPage *page)
{
  CounterIdentifyStep *self = COUNTER_IDENTIFY_STEP (page);

  if (gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
  else if (gtk_widget_get_mapped (self->entry))
    counter_page_focus_start (COUNTER_PAGE (self->entry));
  else if (gtk_widget_get_mapped (self->view))
    counter_page_focus_start (COUNTER_PAGE (self->view));
  else if (gtk_widget_get_mapped (self->papers))
    counter_page_focus_start (COUNTER_PAGE (self->papers));
  else if (gtk_widget_get_mapped (self->brought))
    counter_page_focus_start (COUNTER_PAGE (self->brought));
}

static void
counter_identify_step_class_init (CounterIdentifyStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_identify_step_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_identify_step_focus_start;
  counter_page_class_use (widget_class, "identify-step");
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, picture);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, headline);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, pad);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, entry);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, view);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, papers);
  gtk_widget_class_bind_template_child (widget_class, CounterIdentifyStep, brought);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
}

static void
pad_mapped_cb (GtkWidget *pad)
{
  gtk_widget_grab_focus (pad);
}

static void
counter_identify_step_init (CounterIdentifyStep *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->pad, "map", G_CALLBACK (pad_mapped_cb), NULL);
}
