// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

#include "models.h"

/*
 * The base of every part of the window that shows a model: a template, a "model" property that the
 * template's bindings look up, and the few closures that all templates share.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_PAGE (counter_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (CounterPage, counter_page, COUNTER, PAGE, GtkWidget)

struct _CounterPageClass
{
  GtkWidgetClass parent_class;

  /* The model was set; connect to what bindings cannot say. */
  void (*model_set) (CounterPage *self);
  /* The page came on screen: put the focus where the work starts. NULL: the first place that takes
   * it. */
  void (*focus_start) (CounterPage *self);
};

/* For class_init: template ui/STEM.ui and the shared closures. */
void counter_page_class_use (GtkWidgetClass *klass, const char *stem);

CounterModel *counter_page_get_model (CounterPage *self);
void counter_page_set_model (CounterPage *self, CounterModel *model);

/* Puts the focus where the work of this page starts. */
void counter_page_focus_start (CounterPage *self);

/* Enables @action, installed by the outermost page around @part ("page.pin-done": the primary act
 * below). */
void counter_page_enable (GtkWidget *part, const char *action, gboolean enabled);

/* Registers the types that templates name; once, before the first window. */
void counter_types_ensure (void);

G_END_DECLS
