// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Shows the page @name of @stack and takes all others off: not only out of sight, but out of the
 * accessibility tree, where GTK leaves the pages behind. What is locked away must not be read
 * there.
 */
void counter_stack_show (GtkStack *stack, const char *name);

G_END_DECLS
