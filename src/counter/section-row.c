// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "section-row.h"

#include <glib/gi18n.h>

typedef struct
{
  guint open;  /* required and empty */
  guint wrong; /* with an error */
  guint filled;
  guint typed; /* may be typed here, or is there already */
} Count;

static Count
count_section (GListModel *section)
{
  Count count = { 0 };

  for (guint i = 0; i < g_list_model_get_n_items (section); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (section, i);
      gboolean filled = md_entry_get_filled (entry);

      if (!md_entry_get_visible (entry))
        continue;
      count.filled += filled ? 1 : 0;
      count.typed += filled || md_entry_get_view (entry) == MD_VIEW_EDITABLE ? 1 : 0;
      if (md_entry_get_error (entry) != NULL)
        count.wrong++;
      else if (md_entry_get_required (entry) && !filled)
        count.open++;
    }
  return count;
}

void
counter_section_row_show (CounterModel *row, GListModel *section)
{
  Count count = count_section (section);
  g_autofree char *word = NULL;
  const char *state = "none";

  if (count.wrong > 0)
    {
      word = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Fix %u", "Fix %u", count.wrong),
                              count.wrong);
      state = "stop";
    }
  else if (count.open > 0)
    word = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u open", "%u open", count.open),
                            count.open);
  else if (count.filled > 0)
    {
      word = g_strdup (_ ("complete"));
      state = "ok";
    }
  else
    word = g_strdup (_ ("optional"));
  /* Nothing to type and nothing to see (a proxy's particulars when there is none): no line for it.
   */
  g_object_set (row, "state", state, "word", word, "hidden", count.typed == 0, NULL);
}
