// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/*
 * What is printed on a card, as the picture that the card gives, in letters that can be read: never
 * smaller than the text around it. What is wider than its place is moved along by the arrow keys,
 * Home and End, or the bar below it; + and - make it larger and smaller again.
 *
 * Properties: "paintable" (the picture, or NULL), "label" (what it is, for who cannot see it).
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_CARD_PRINT (counter_card_print_get_type ())
G_DECLARE_FINAL_TYPE (CounterCardPrint, counter_card_print, COUNTER, CARD_PRINT, GtkWidget)

G_END_DECLS
