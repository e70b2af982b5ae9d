// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* The five steps of an intake on one line: passed, current, ahead. A passed step is a button that
 * goes there. */

G_BEGIN_DECLS

#define COUNTER_TYPE_STEP_LINE (counter_step_line_get_type ())
G_DECLARE_FINAL_TYPE (CounterStepLine, counter_step_line, COUNTER, STEP_LINE, GtkWidget)

G_END_DECLS
