// SPDX-License-Identifier: Apache-2.0
// Where nobody is identified: what is offered, what is missing, and what was said of who brought
// it.
#include "config.h"

#include "bind.h"

#include "bind-intake.h"

#include <glib/gi18n.h>
#include <md-forms.h>

static const struct
{
  const char *says, *does;
} findings[] = {
  [MD_BROUGHT_PASS] = { "", "" },
  [MD_BROUGHT_UNSAID] = { N_ ("Please choose who brought it."), "" },
  [MD_BROUGHT_NO_NAME] = { N_ ("The name of the institution or section is missing."),
                           N_ ("Take it from what was brought. No person is named here.") },
  [MD_BROUGHT_NAME_TOO_MUCH] = { "", "" },
};

static GListModel *
rows_of_kinds (MdForm *form)
{
  GListStore *rows = g_list_store_new (COUNTER_TYPE_ROW_ITEM);
  const char *const *kinds = md_form_get_filers (form);

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const char *note = md_brought_get_note (kinds[i]);
      g_autoptr (CounterModel) row = g_object_new (COUNTER_TYPE_ROW_ITEM, "id", kinds[i], "title",
                                                   md_brought_get_label (kinds[i]), "subtitle",
                                                   note != NULL ? note : "", NULL);

      g_list_store_append (rows, row);
    }
  return G_LIST_MODEL (rows);
}

static MdBrought
take_model (IntakeBinding *self)
{
  const char *by = counter_model_text (self->model, "brought-by");
  MdBrought brought = { 0 };

  g_strlcpy (brought.by, by, sizeof brought.by);
  if (md_brought_asks_organisation (by)
      && !md_brought_take_organisation (&brought, counter_model_text (self->model, "brought-name")))
    *brought.organisation = '\0'; /* and is asked for */
  return brought;
}

static void
judge (IntakeBinding *self)
{
  MdBrought brought;
  MdBroughtFinding finding;

  if (self->intake == NULL || !counter_model_flag (self->model, "brought-asked"))
    return;
  brought = take_model (self);
  finding = md_intake_judge_brought (self->intake, &brought);
  g_object_set (self->model, "brought-asks-name", md_brought_asks_organisation (brought.by),
                "brought-says", *findings[finding].says ? _ (findings[finding].says) : "",
                "brought-does", *findings[finding].does ? _ (findings[finding].does) : "", NULL);
  self->brought_ready = finding == MD_BROUGHT_PASS;
  counter_intake_enable_next (self);
}

/* What was said before is there again; where only one may bring it, that is who did. */
static void
begin (IntakeBinding *self)
{
  const MdBrought *brought = md_intake_get_brought (self->intake);
  MdForm *form = md_intake_get_form (self->intake);
  const char *const *kinds = md_form_get_filers (form);
  g_autoptr (GListModel) rows = rows_of_kinds (form);
  g_autofree char *notice = md_intake_dup_notice (self->intake);
  g_autofree char *why
      = g_strdup_printf (_ ("The office's policy (version %u) and the form say that this procedure "
                            "needs no identification. No card is read, and no document is asked "
                            "for."),
                         md_policy_get_version (md_desk_get_policy (self->desk)));
  const gboolean alone = kinds[0] != NULL && kinds[1] == NULL;

  g_object_set (self->model, "brought-kinds", rows, "brought-by", alone ? kinds[0] : brought->by,
                "brought-name", brought->organisation, "brought-why", why, "brought-purpose",
                notice, NULL);
}

void
counter_intake_show_brought (IntakeBinding *self)
{
  const gboolean asked = md_intake_get_wait (self->intake) == MD_WAIT_BROUGHT;
  const gboolean before = counter_model_flag (self->model, "brought-asked");

  if (asked)
    g_object_set (self->model, "identify-wide", TRUE, NULL);
  if (*md_intake_get_brought (self->intake)->by != '\0')
    g_object_set (self->model, "filed-by",
                  md_brought_get_label (md_intake_get_brought (self->intake)->by), NULL);
  if (asked == before)
    return;
  if (asked)
    begin (self);
  g_object_set (self->model, "brought-asked", asked, NULL);
  judge (self);
}

void
counter_intake_take_brought (IntakeBinding *self)
{
  MdBrought brought = take_model (self);

  if (md_intake_take_brought (self->intake, &brought))
    (void)md_intake_advance (self->intake); /* nothing more is asked for in this step */
}

static void
brought_by_activated (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  IntakeBinding *self = data;

  g_object_set (self->model, "brought-by", g_variant_get_string (parameter, NULL), NULL);
}

void
counter_intake_bind_brought (IntakeBinding *self, GActionMap *actions)
{
  static const GActionEntry entries[] = {
    { .name = "brought-by", .activate = brought_by_activated, .parameter_type = "s" },
  };

  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_data (self->model, "notify::brought-by", G_CALLBACK (judge), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (self->model, "notify::brought-name", G_CALLBACK (judge), self, NULL,
                         G_CONNECT_SWAPPED);
}
