// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* A state as icon and word together. "state" is one of ok, wait, deferred, stop, none. */

G_BEGIN_DECLS

#define COUNTER_TYPE_STATE_CHIP (counter_state_chip_get_type ())
G_DECLARE_FINAL_TYPE (CounterStateChip, counter_state_chip, COUNTER, STATE_CHIP, GtkWidget)

/* The icon that stands for @state everywhere. Static. */
const char *counter_state_icon (const char *state);

/* Gives @widget the one CSS class of @state and takes the others away. */
void counter_state_style (GtkWidget *widget, const char *state);

G_END_DECLS
