// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "face-view.h"

struct _CounterFaceView
{
  CounterPage parent_instance;

  GtkToggleButton *same, *other, *unsure;
  GtkToggleButton *none; /* never shown: chosen while nothing is */
};

G_DEFINE_FINAL_TYPE (CounterFaceView, counter_face_view, COUNTER_TYPE_PAGE)

static void
answered_cb (CounterFaceView *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *answer = gtk_toggle_button_get_active (self->same)     ? "same"
                       : gtk_toggle_button_get_active (self->other)  ? "other"
                       : gtk_toggle_button_get_active (self->unsure) ? "unsure"
                                                                     : "";

  if (model != NULL && g_strcmp0 (counter_model_text (model, "face-answer"), answer) != 0)
    g_object_set (model, "face-answer", answer, NULL);
}

/* A new face begins without an answer. */
static void
stage_cb (CounterFaceView *self)
{
  gtk_toggle_button_set_active (self->none, TRUE);
  answered_cb (self);
}

static void
counter_face_view_focus_start (CounterPage *page)
{
  gtk_widget_grab_focus (GTK_WIDGET (COUNTER_FACE_VIEW (page)->same));
}

static void
map_cb (CounterFaceView *self)
{
  counter_page_focus_start (COUNTER_PAGE (self));
}

static void
counter_face_view_model_set (CounterPage *page)
{
  g_signal_connect_object (counter_page_get_model (page), "notify::face-stage",
                           G_CALLBACK (stage_cb), page, G_CONNECT_SWAPPED);
}

static void
counter_face_view_class_init (CounterFaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_face_view_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_face_view_focus_start;
  counter_page_class_use (widget_class, "face-view");
  gtk_widget_class_bind_template_child (widget_class, CounterFaceView, same);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceView, other);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceView, unsure);
  gtk_widget_class_bind_template_child (widget_class, CounterFaceView, none);
  gtk_widget_class_bind_template_callback (widget_class, answered_cb);
}

static void
counter_face_view_init (CounterFaceView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}
