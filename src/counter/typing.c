// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "typing.h"

/* A method that learns keeps what was typed in a dictionary of its own; a list of emoji, the ones
 * picked last. */
#define HINTS (GTK_INPUT_HINT_PRIVATE | GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI)

GtkWidget *
counter_typing_new_line (void)
{
  GtkWidget *line = gtk_entry_new ();

  gtk_entry_set_input_hints (GTK_ENTRY (line), HINTS);
  gtk_editable_set_enable_undo (GTK_EDITABLE (line), FALSE);
  return line;
}

GtkWidget *
counter_typing_new_lines (void)
{
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_view_set_input_hints (GTK_TEXT_VIEW (view), HINTS);
  gtk_text_buffer_set_enable_undo (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), FALSE);
  return view;
}
