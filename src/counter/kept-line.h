// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-base.h>

/*
 * A line whose text belongs to no form, as a reason that is being typed: in locked pages that are
 * wiped, without a history, and out of the widget while nobody may see it.
 */

G_BEGIN_DECLS

/* From now on LINE, a template's entry, keeps its text so. Its greatest length stays. */
void counter_kept_line_init (GtkEntry *line);

/* The text goes into *KEPT and leaves the line; nothing happens where it is there already. */
void counter_kept_line_put_away (GtkEntry *line, MdSecret **kept);

/* And comes back, where it was put away. */
void counter_kept_line_put_back (GtkEntry *line, MdSecret **kept);

/* Nothing of it is left, here or there. */
void counter_kept_line_empty (GtkEntry *line, MdSecret **kept);

G_END_DECLS
