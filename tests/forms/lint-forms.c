// SPDX-License-Identifier: Apache-2.0
/* Loads every definition as the programs do; the last line counts them. */
#include <md-forms.h>

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_build_filename (g_getenv ("MADOGUCHI_SOURCE"), "data", "forms", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCatalogue) catalogue = md_catalogue_load (folder, &error);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  guint n = catalogue ? g_list_model_get_n_items (G_LIST_MODEL (catalogue)) : 0;

  if (!catalogue)
    g_printerr ("%s\n", error->message);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (G_LIST_MODEL (catalogue), i);
      g_autofree const char **ids = md_form_list_fields (form);

      for (guint k = 0; ids[k]; k++)
        g_hash_table_add (seen, md_catalogue_get_field (catalogue, ids[k]));
      g_print ("%s: %u fields\n", md_form_get_id (form), g_strv_length ((char **)(gpointer)ids));
    }
  g_print ("forms: %u procedures, %u fields, %u errors\n", n, g_hash_table_size (seen),
           catalogue ? 0u : 1u);
  return catalogue ? 0 : 1;
}
