// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "external-mark.h"

#include <glib/gi18n.h>
#include <md-base.h>

/* Whether the fonts here have a picture of every character. */
static gboolean
fonts_lack (GtkWidget *widget, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);

  return pango_layout_get_unknown_glyphs_count (layout) > 0;
}

char *
counter_external_mark (GtkWidget *widget, const char *names, const char *display)
{
  const gboolean foreign = names != NULL && *names != '\0';
  const gboolean lacking = display != NULL && fonts_lack (widget, display);
  md_autowipe char *text
      = foreign ? g_strdup_printf (
            _ ("Not among the back office's characters: %s. It is kept as it is."), names)
                : g_strdup ("");

  return g_strconcat (text, foreign && lacking ? "\n" : "",
                      lacking ? _ ("The fonts here cannot show all of this. Compare it with the "
                                   "card or the paper.")
                              : "",
                      NULL);
}
