// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#include <md-forms.h>

#include "../forms/fixture.h"

/* A form definition that somebody else wrote: it is loaded whole or refused with its place; what
 * was loaded can be filled in and checked. The catalogue reads files, so one folder stands for the
 * whole run and goes with it. */
#define FORM "pension.exemption"

static char *folder;
static char *procedures;
static char *fields;
static char *sets;
static char *form;

static void
remove_folder (void)
{
  (void)g_unlink (form);
  (void)g_unlink (fields);
  (void)g_unlink (sets);
  (void)g_rmdir (procedures);
  (void)g_rmdir (folder);
}

/* One of the office's own files, under its name. */
static char *
copy_file (const char *name)
{
  g_autofree char *source
      = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data/forms", name, NULL);
  g_autofree char *contents = NULL;
  char *copy = g_build_filename (folder, name, NULL);
  gsize size = 0;

  g_assert_true (g_file_get_contents (source, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (copy, contents, (gssize)size, NULL));
  return copy;
}

static void
make_folder (void)
{
  folder = g_dir_make_tmp ("madoguchi-fuzz-XXXXXX", NULL);
  g_assert_nonnull (folder);
  procedures = g_build_filename (folder, "procedures", NULL);
  fields = copy_file ("fields.json");
  sets = copy_file ("sets.json");
  form = g_build_filename (procedures, FORM ".json", NULL);
  g_assert_cmpint (g_mkdir (procedures, 0700), ==, 0);
  g_assert_cmpint (atexit (remove_folder), ==, 0);
}

static void
use_form (MdForm *definition)
{
  const MdViewer nobody = { fixture_visibility (), 0, MD_SITUATION_NONE };
  g_autoptr (MdFormData) data = md_form_data_new (definition, &nobody, MD_STEP_ENTRY, "2026-11-21");

  g_assert_cmpstr (md_form_get_id (definition), ==, FORM);
  g_assert_nonnull (md_form_get_title (definition));
  g_assert_cmpuint (g_list_model_get_n_items (md_form_data_get_sections (data)), ==, 0);
  (void)md_form_data_validate (data);
  md_form_data_wipe (data);
  g_assert_true (md_form_data_is_empty (data));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (MdCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    make_folder ();
  g_assert_true (g_file_set_contents_full (form, (const char *)data, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  catalogue = md_catalogue_load (folder, &error);
  if (catalogue != NULL)
    use_form (md_catalogue_get_form (catalogue, FORM));
  else
    {
      g_assert_true (error->domain == MD_FORMS_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  return 0;
}
