// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* F1: what this very screen is for and what to do on it. @step: of an intake, "two" for an
 * application on which two officers have to agree, or NULL. */
void counter_help_show (GtkWindow *parent, const char *page, const char *step);

G_END_DECLS
