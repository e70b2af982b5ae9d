// SPDX-License-Identifier: Apache-2.0
// What form and policy both say, held against one another.
#include "config.h"

#include <glib/gi18n.h>
#include <md-base.h>

#include "md-catalogue-policy.h"
#include "md-form-eyes.h"
#include "md-form-facts.h"

/* So long before is it told. */
#define AHEAD (30 * G_TIME_SPAN_DAY)
/* So many fields are named. */
#define NAMED 3u

/* --- How many officers --- */

char **
md_catalogue_list_disagreements (MdCatalogue *self, MdPolicy *policy)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self), i);
      const guint officers = md_policy_count_officers (policy, md_form_get_id (form));

      if (officers > 0 && officers != md_form_get_officers (form))
        g_strv_builder_add (ids, md_form_get_id (form));
    }
  return g_strv_builder_end (ids);
}

char *
md_catalogue_dup_disagreement (MdCatalogue *self, MdPolicy *policy, const char *procedure)
{
  MdForm *form = md_catalogue_get_form (self, procedure);
  const guint officers = form ? md_form_get_officers (form) : 0;

  if (officers <= md_policy_count_officers (policy, procedure))
    return g_strdup_printf (_ ("%s: the policy asks for two officers to agree, the form for one. "
                               "Two have to. Write \"checks\": 2 into the form, too."),
                            procedure);
  if (!md_policy_has_officers (policy, procedure, officers, NULL))
    return g_strdup_printf (_ ("%s: the form asks for two officers to agree, the policy for one, "
                               "and it names too few for two: nothing can be approved. Name "
                               "another officer in the policy, with \"checks\": 2."),
                            procedure);
  return g_strdup_printf (_ ("%s: the form asks for two officers to agree, the policy for one. At "
                             "the terminals two have to; the gateway goes by the policy. Write "
                             "\"checks\": 2 into the policy, too."),
                          procedure);
}

/* --- Versions --- */

static char *
format_day (gint64 wall_us)
{
  MdDate day;

  md_date_from_wall_us (wall_us, &day);
  return md_date_format_iso (&day);
}

gboolean
md_catalogue_is_untaken (MdCatalogue *self, MdPolicy *policy, const char *procedure, gint64 now)
{
  g_autofree char *day = format_day (now);
  g_autofree char *wall = md_time_format_rfc3339 (now);
  MdForm *form = md_catalogue_get_form_on (self, procedure, day);
  g_autofree char *version = NULL;

  if (form == NULL)
    return FALSE;
  version = g_strdup_printf ("%u", md_form_get_version (form));
  return md_policy_judge_version (policy, procedure, version, wall) != MD_VERSION_GOOD;
}

/* Each procedure once, in whatever versions it is here. */
static GPtrArray *
list_procedures (MdCatalogue *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (self), i);
      const char *id = md_form_get_id (form);

      if (ids->len == 0 || !g_str_equal (ids->pdata[ids->len - 1], id))
        g_ptr_array_add (ids, g_strdup (id));
    }
  return g_steal_pointer (&ids);
}

char **
md_catalogue_list_untaken (MdCatalogue *self, MdPolicy *policy, gint64 now)
{
  g_autoptr (GPtrArray) all = list_procedures (self);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < all->len; i++)
    if (md_catalogue_is_untaken (self, policy, all->pdata[i], now))
      g_strv_builder_add (ids, all->pdata[i]);
  return g_strv_builder_end (ids);
}

/* Of the days from now on the first on which it is so, 0 for none. */
static gint64
find_untaken_day (MdCatalogue *self, MdPolicy *policy, const char *procedure, gint64 now)
{
  for (gint64 day = now; day <= now + AHEAD; day += G_TIME_SPAN_DAY)
    if (md_catalogue_is_untaken (self, policy, procedure, day))
      return day;
  return 0;
}

char **
md_catalogue_tell_untaken (MdCatalogue *self, MdPolicy *policy, gint64 now)
{
  g_autoptr (GPtrArray) all = list_procedures (self);
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();

  for (guint i = 0; i < all->len; i++)
    {
      const gint64 day = find_untaken_day (self, policy, all->pdata[i], now);
      g_autofree char *when = format_day (day);
      g_autofree char *sentence = NULL;

      if (day == 0)
        continue;
      sentence = g_strdup_printf (_ ("%s: from %s on the policy does not take the version of the "
                                     "form that is here, and the gateway would refuse what is "
                                     "filled in. Correct \"versions\" in the policy, or install "
                                     "the version that it names."),
                                  (char *)all->pdata[i], when);
      g_strv_builder_add (sentences, sentence);
    }
  return g_strv_builder_end (sentences);
}

/* --- What the opening desk may not hand on --- */

/* What these roles may have of a field that was asked for: their own office's, approved. */
static MdView
look (MdForm *form, MdPolicy *policy, MdRoles roles, const char *field)
{
  const MdFormEyes eyes
      = { .viewer
          = { .table = md_policy_get_visibility (policy),
              .roles = roles,
              .situation = (MdSituation)((guint)MD_SITUATION_OFFICE | (guint)MD_SITUATION_NUMBER) },
          .step = MD_STEP_EXPORT,
          .revealed = TRUE };

  return md_form_look_at (form, &eyes, field);
}

static char *
dup_kept (MdForm *form, MdPolicy *policy)
{
  const MdRoles counter = MD_ROLES (MD_ROLE_CLERK) | MD_ROLES (MD_ROLE_CLERK_NUMBER)
                          | MD_ROLES (MD_ROLE_CHECKER) | MD_ROLES (MD_ROLE_SUPERVISOR);
  g_autofree const char **names = md_form_list_fields (form);
  g_autoptr (GString) named = g_string_new (NULL);
  guint n = 0;

  for (gsize i = 0; names[i] != NULL; i++)
    if (look (form, policy, counter, names[i]) >= MD_VIEW_READABLE
        && look (form, policy, md_policy_get_desk_roles (policy), names[i]) < MD_VIEW_READABLE
        && n++ < NAMED)
      g_string_append_printf (named, "%s%s", named->len > 0 ? ", " : "", names[i]);
  if (n == 0)
    return NULL;
  return g_strdup_printf (_ ("%s: the policy keeps %u of its fields from the opening desk (%s%s). "
                             "What is filled in there is in no export."),
                          md_form_get_id (form), n, named->str, n > NAMED ? ", ..." : "");
}

char **
md_catalogue_list_kept (MdCatalogue *self, MdPolicy *policy)
{
  g_autoptr (GPtrArray) all = list_procedures (self);
  g_autoptr (GStrvBuilder) sentences = g_strv_builder_new ();

  for (guint i = 0; i < all->len; i++)
    {
      g_autofree char *sentence = dup_kept (md_catalogue_get_form (self, all->pdata[i]), policy);

      if (sentence != NULL)
        g_strv_builder_add (sentences, sentence);
    }
  return g_strv_builder_end (sentences);
}
