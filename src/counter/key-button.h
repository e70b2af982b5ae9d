// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/* A button that wears its key: icon, word, key cap. Its accessible name is the word alone. */

G_BEGIN_DECLS

#define COUNTER_TYPE_KEY_BUTTON (counter_key_button_get_type ())
G_DECLARE_FINAL_TYPE (CounterKeyButton, counter_key_button, COUNTER, KEY_BUTTON, GtkButton)

G_END_DECLS
