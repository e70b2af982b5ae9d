// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-intake-items-private.h"
#include "md-letter-lines-private.h"

#include <glib/gi18n.h>

MdDelegation *
_md_letter_read (GVariant *said)
{
  g_autoptr (MdDelegation) letter = md_delegation_new ();
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (said);

  return said && g_variant_dict_lookup (&dict, "procedures", "^as", &letter->procedures)
                 && g_variant_dict_lookup (&dict, "from", "s", &letter->from)
                 && g_variant_dict_lookup (&dict, "to", "s", &letter->to)
                 && g_variant_dict_lookup (&dict, "principal", "s", &letter->principal)
                 && g_variant_dict_lookup (&dict, "delegate", "s", &letter->delegate)
                 && g_variant_dict_lookup (&dict, "ended", "b", &letter->ended)
             ? g_steal_pointer (&letter)
             : NULL;
}

char *
_md_letter_dup_day (const char *day)
{
  MdDate date;

  if (!md_date_parse (day, &date, NULL))
    return g_strdup (day);
  return md_forms_in_japanese () ? md_era_format (&date) : md_date_format_iso (&date);
}

void
_md_letter_add_line (GListStore *lines, const char *id, const char *title, MdCheckState state,
                     const char *text)
{
  g_autoptr (MdCheck) line = _md_check_new (id, title);

  _md_check_set (line, state, NULL, text); /* too long for a chip */
  g_list_store_append (lines, line);
}

/* "国民年金保険料免除・納付猶予申請・..." */
static char *
list_titles (MdCatalogue *catalogue, const MdDelegation *letter)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; letter->procedures[i]; i++)
    {
      MdForm *form = md_catalogue_get_form (catalogue, letter->procedures[i]);

      g_string_append_printf (text, "%s%s",
                              text->len ? (md_forms_in_japanese () ? "、" : ", ") : "",
                              form ? md_form_get_title (form) : letter->procedures[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_change (GListStore *lines, const char *id, const char *title, const char *before,
            const char *after)
{
  g_autofree char *word = g_strdup_printf (_ ("%s → %s"), before, after);

  if (!g_str_equal (before, after))
    _md_letter_add_line (lines, id, title, MD_CHECK_PASSED, word);
}

void
_md_letter_add_changes (GListStore *lines, MdCatalogue *catalogue, const MdDelegation *before,
                        const MdDelegation *after)
{
  g_autofree char *titles = list_titles (catalogue, before);
  g_autofree char *titles_after = list_titles (catalogue, after);
  g_autofree char *day = _md_letter_dup_day (before->to);
  g_autofree char *day_after = _md_letter_dup_day (after->to);

  if (after->ended)
    _md_letter_add_line (lines, "delegation-end", _ ("Is ended"), MD_CHECK_PASSED, titles);
  add_change (lines, "delegation-procedures", _ ("Procedures of the letter"), titles, titles_after);
  add_change (lines, "delegation-to", _ ("Last day of the letter"), day, day_after);
}

/* What was ended, given back or is over is cited by nobody: that much the service has said. */
static void
add_days (GListStore *lines, const MdDelegation *now, const char *today)
{
  g_autofree char *from = _md_letter_dup_day (now->from);
  g_autofree char *to = _md_letter_dup_day (now->to);
  g_autofree char *days = g_strdup_printf (_ ("%s to %s"), from, to);
  g_autoptr (MdCheck) line = _md_check_new ("delegation-days", _ ("Days of the letter"));
  const gboolean early = g_strcmp0 (today, now->from) < 0;

  _md_check_set (line, early ? MD_CHECK_DEFERRED : MD_CHECK_PASSED,
                 early ? _ ("Before its first day") : _ ("Within its days"), days);
  g_list_store_append (lines, line);
}

void
_md_letter_add_state (GListStore *lines, MdCatalogue *catalogue, const MdDelegation *now,
                      const MdDelegation *after, const char *today)
{
  g_autofree char *titles = list_titles (catalogue, now);
  g_autofree char *titles_after = after ? list_titles (catalogue, after) : NULL;

  add_days (lines, now, today);
  if (!after || (!after->ended && g_str_equal (titles, titles_after)))
    _md_letter_add_line (lines, "delegation-procedures", _ ("Procedures of the letter"),
                         MD_CHECK_PASSED, titles);
  if (after)
    _md_letter_add_changes (lines, catalogue, now, after);
}
