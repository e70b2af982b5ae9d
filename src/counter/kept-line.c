// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "kept-line.h"

void
counter_kept_line_init (GtkEntry *line)
{
  g_autoptr (GtkEntryBuffer) wiped = gtk_password_entry_buffer_new ();
  const int most = gtk_entry_get_max_length (line);

  gtk_entry_set_buffer (line, wiped);
  gtk_entry_set_max_length (line, most);
}

void
counter_kept_line_put_away (GtkEntry *line, MdSecret **kept)
{
  GtkEntryBuffer *buffer = gtk_entry_get_buffer (line);

  if (*kept != NULL || gtk_entry_buffer_get_length (buffer) == 0)
    return;
  *kept = md_secret_new_from_data (gtk_entry_buffer_get_text (buffer),
                                   gtk_entry_buffer_get_bytes (buffer));
  gtk_entry_buffer_set_text (buffer, "", 0);
}

void
counter_kept_line_put_back (GtkEntry *line, MdSecret **kept)
{
  if (*kept == NULL)
    return;
  gtk_entry_buffer_set_text (gtk_entry_get_buffer (line), md_secret_get_text (*kept), -1);
  g_clear_pointer (kept, md_secret_unref);
}

void
counter_kept_line_empty (GtkEntry *line, MdSecret **kept)
{
  g_clear_pointer (kept, md_secret_unref);
  gtk_entry_buffer_set_text (gtk_entry_get_buffer (line), "", 0);
}
