// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <string.h>

#include <md-base.h>
#include <md-forms.h>

#include "../forms/fixture.h"

/* The clear text of a sealed part, as an approver's window gets it: a whole application of that
 * very intake, or refused. What was taken is the same when written and read again, and a clerk
 * without number permission never sees a number in it. */
#define INTAKE "0198c0de-0000-7000-8000-000000000001"
#define NUMBER "123456789018"

static MdFormData *
new_data (MdForm *form, MdRole role)
{
  const MdViewer viewer = { fixture_visibility (), MD_ROLES (role), MD_SITUATION_OFFICE };

  return md_form_data_new (form, &viewer, MD_STEP_APPROVAL, "2026-11-21");
}

/* What one pair of eyes gets to see, in one text. */
static char *
everything_shown (MdFormData *data)
{
  GListModel *sections = md_form_data_get_sections (data);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (GListModel) section = g_list_model_get_item (sections, i);

      for (guint k = 0; k < g_list_model_get_n_items (section); k++)
        {
          g_autoptr (MdEntry) entry = g_list_model_get_item (section, k);
          const char *text = md_entry_get_text (entry);
          const char *display = md_entry_get_display (entry);

          g_string_append_printf (all, "%s %s\n", text != NULL ? text : "",
                                  display != NULL ? display : "");
        }
    }
  return g_string_free (all, FALSE);
}

static void
check_form (MdForm *form, MdSecret *application, MdSecret *number)
{
  g_autoptr (MdFormData) data = new_data (form, MD_ROLE_SUPERVISOR);
  g_autoptr (MdFormData) blind = new_data (form, MD_ROLE_CLERK);
  g_autoptr (MdFormData) twice = new_data (form, MD_ROLE_SUPERVISOR);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) written = NULL;
  g_autofree char *shown = NULL;

  if (!md_form_data_load (data, application, number, INTAKE, &error))
    {
      g_assert_true (error->domain == MD_FORMS_ERROR);
      g_assert_null (strstr (error->message, NUMBER));
      return;
    }
  g_assert_true (md_form_data_load (blind, application, number, INTAKE, NULL));
  shown = everything_shown (blind);
  g_assert_null (strstr (shown, NUMBER));
  if (!md_form_data_validate (data))
    return;
  written = md_form_data_to_application (data, INTAKE, NULL);
  g_assert_nonnull (written);
  g_assert_true (md_form_data_load (twice, written, NULL, INTAKE, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  GListModel *forms = G_LIST_MODEL (fixture_catalogue ());
  g_autoptr (MdSecret) application = md_secret_new_from_data (data, size);
  g_autoptr (MdSecret) number
      = md_secret_new_from_text ("{\"schema\":\"madoguchi-number/1\",\"intake\":\"" INTAKE
                                 "\",\"values\":{\"p.mynum\":\"" NUMBER "\"}}");

  if (strstr (md_secret_get_text (application), NUMBER) != NULL)
    return 0; /* then a trace of it would prove nothing */
  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (forms, i);

      /* The others refuse it by its procedure, as the first one does. */
      if (i == 0 || strstr (md_secret_get_text (application), md_form_get_id (form)) != NULL)
        check_form (form, application, number);
    }
  return 0;
}
