// SPDX-License-Identifier: Apache-2.0
#include "bench-form.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>

static char *
source_path (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", folder, name, NULL);
}

char *
bench_forms_folder (void)
{
  return source_path ("forms", NULL);
}

MdCatalogue *
bench_load (const char *folder)
{
  g_autoptr (GError) error = NULL;
  MdCatalogue *catalogue = md_catalogue_load (folder, &error);

  if (!catalogue)
    g_error ("%s: %s", folder, error->message);
  return catalogue;
}

MdForm *
bench_largest (MdCatalogue *catalogue, guint *out_n)
{
  MdForm *found = NULL;

  *out_n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (catalogue)); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      g_autofree const char **ids = md_form_list_fields (form);
      guint n = 0;

      while (ids[n])
        n++;
      if (n > *out_n)
        {
          found = form; // the catalogue keeps it
          *out_n = n;
        }
    }
  return found;
}

MdViewer
bench_viewer (void)
{
  static MdVisibility *tables;
  g_autofree char *path = source_path ("policy", "visibility.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!tables && json_parser_load_from_file (parser, path, &error))
    tables = md_visibility_new_from_json (json_node_get_object (json_parser_get_root (parser)),
                                          &error);
  if (!tables)
    g_error ("%s: %s", path, error->message);
  return (MdViewer){ .table = tables,
                     .roles = MD_ROLES (MD_ROLE_CLERK_NUMBER),
                     .situation
                     = (MdSituation)(MD_SITUATION_OFFICE | MD_SITUATION_OWN | MD_SITUATION_OPEN) };
}

static int
compare (const void *a, const void *b)
{
  const double *left = a, *right = b;

  return (*left > *right) - (*left < *right);
}

double
bench_median (double *samples, guint n)
{
  qsort (samples, n, sizeof *samples, compare);
  return samples[n / 2];
}
