// SPDX-License-Identifier: Apache-2.0
#include "forms.h"

#include <md-seal.h>

/* The log names the file, as far as its name may stand there. */
static void
record (Service *self, const GError *failure)
{
  const char *file = md_forms_error_get_file (failure);
  g_autofree char *detail = g_strconcat (
      "cause=",
      g_error_matches (failure, MD_FORMS_ERROR, MD_FORMS_ERROR_DEFINITION) ? "definition"
                                                                           : "unreadable",
      file != NULL && md_audit_detail_is_clean (file) ? " file=" : NULL, file, NULL);
  MdAuditEntry entry = { .event = "forms", .outcome = MD_AUDIT_FAILED, .detail = detail };
  g_autoptr (GError) error = NULL;

  if (self->database_trouble == NULL && !md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
}

void
forms_load (Service *self)
{
  g_autofree char *before = g_steal_pointer (&self->forms_trouble);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCatalogue) catalogue = md_catalogue_load (self->settings->forms_dir, &error);

  if (catalogue != NULL)
    {
      g_set_object (&self->catalogue, catalogue);
      return;
    }
  g_message ("%s", error->message);
  self->forms_trouble = g_strdup (error->message);
  if (g_strcmp0 (before, self->forms_trouble) != 0)
    record (self, error);
}

MdForm *
forms_find (Service *self, const char *procedure, const char *version)
{
  if (self->catalogue == NULL)
    return NULL;
  return version != NULL ? md_catalogue_get_form_version (self->catalogue, procedure, version)
                         : md_catalogue_get_form (self->catalogue, procedure);
}

guint
forms_count_officers (Service *self, const char *procedure, const char *version)
{
  MdForm *form = forms_find (self, procedure, version);

  return form != NULL ? md_form_get_officers (form) : 0;
}

/* As many as each version of it that is here asks for; 0: they differ, or there is none. */
static guint
count_in_each (MdCatalogue *catalogue, const char *procedure)
{
  guint officers = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);

      if (!g_str_equal (md_form_get_id (form), procedure))
        continue;
      if (officers != 0 && officers != md_form_get_officers (form))
        return 0;
      officers = md_form_get_officers (form);
    }
  return officers;
}

guint
forms_count_sealed_officers (Service *self, const MdOutboxIntake *intake)
{
  const guint each
      = self->catalogue != NULL ? count_in_each (self->catalogue, intake->procedure) : 0;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;

  if (each != 0 || self->catalogue == NULL || intake->state != MD_INTAKE_RECEIVED)
    return each;
  bytes = md_outbox_get_container (self->outbox, intake->id, NULL);
  container = bytes != NULL ? md_container_parse (bytes, NULL) : NULL;
  return container != NULL ? forms_count_officers (
             self, intake->procedure, md_container_get_manifest (container)->procedure_version)
                           : 0;
}

gboolean
forms_are_taken (Service *self, const char *procedure)
{
  return self->catalogue == NULL
         || !md_catalogue_is_untaken (self->catalogue, self->policy, procedure,
                                      md_clock_get_wall_us (self->clock));
}
