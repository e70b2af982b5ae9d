// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

/*
 * Where a Japanese line may end. Unicode lets it end after almost every character, so that
 * "ください" comes apart; people expect it to end with a phrase: after a particle, a comma, a
 * closing bracket.
 */

G_BEGIN_DECLS

/* Whether a new phrase begins at byte @position of @text. Ends and spaces count; other scripts are
 * left to Unicode. */
gboolean counter_phrases_may_break (const char *text, gsize position);

/* One attribute per phrase, which keeps it on one line where it fits; NULL when there is nothing to
 * keep together. Transfer full. */
PangoAttrList *counter_phrases_attributes (const char *text);

/* From now on every label that wraps, in any window, breaks between phrases. Once, before the first
 * window. */
void counter_phrases_watch (void);

G_END_DECLS
