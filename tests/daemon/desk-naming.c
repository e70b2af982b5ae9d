// SPDX-License-Identifier: Apache-2.0
#include "desk-private.h"

#define SALT "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"

/* What the service was told last of whom an intake is, whichever Desk told it: DeskPerson in
 * digests, "" where it was not known. */
static GHashTable *named;

typedef char *Digests[MD_N_NAMED];

static void
find_digests (const DeskPerson *person, Digests out)
{
  const char *words[] = { [MD_NAMED_WHO] = person->who,
                          [MD_NAMED_NUMBER] = person->number,
                          [MD_NAMED_SHOWN] = person->shown,
                          [MD_NAMED_ADDRESS] = person->address };

  for (guint i = 0; i < MD_N_NAMED; i++)
    out[i] = words[i] != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, words[i], -1)
                              : g_strdup ("");
}

static void
keep_digests (const char *intake, const Digests digests)
{
  char **kept = g_new0 (char *, MD_N_NAMED + 1);

  for (guint i = 0; i < MD_N_NAMED; i++)
    kept[i] = g_strdup (digests[i]);
  if (named == NULL)
    named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
  g_hash_table_insert (named, g_strdup (intake), kept);
}

static void
add_bytes (GVariantBuilder *person, const char *part, const char *hex)
{
  g_autoptr (GBytes) bytes = *hex != '\0' ? md_hex_decode (hex, NULL) : NULL;

  if (bytes != NULL)
    g_variant_builder_add (person, "{sv}", part,
                           g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
}

GVariant *
desk_name_full (Desk *self, const char *intake, const DeskPerson *person, GError **error)
{
  GVariantBuilder builder;
  GVariant *holds = NULL;
  Digests digests;

  find_digests (person, digests);
  keep_digests (intake, digests);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_bytes (&builder, "salt", SALT);
  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      add_bytes (&builder, md_named_part_to_id (i), digests[i]);
      g_free (digests[i]);
    }
  return md_bus_terminal1_call_name_person_sync (self->proxy, self->session, intake,
                                                 g_variant_builder_end (&builder), &holds, NULL,
                                                 error)
             ? holds
             : NULL;
}

char *
desk_name (Desk *self, const char *intake, const DeskPerson *person, GError **error)
{
  g_autoptr (GVariant) holds = desk_name_full (self, intake, person, error);
  g_autoptr (GString) kinds = g_string_new (NULL);
  GVariantIter iter;
  const char *kind;

  if (holds == NULL)
    return NULL;
  g_variant_iter_init (&iter, holds);
  while (g_variant_iter_next (&iter, "(u&s&s)", NULL, &kind, NULL))
    g_string_append_printf (kinds, "%s%s", kinds->len > 0 ? " " : "", kind);
  return g_string_free (g_steal_pointer (&kinds), FALSE);
}

void
desk_say_named (MdManifest *manifest, const DeskFlaws *flaws)
{
  const char *salt = flaws->named_salt != NULL ? flaws->named_salt : SALT;
  char **told = named != NULL ? g_hash_table_lookup (named, manifest->intake) : NULL;
  Digests digests = { NULL };

  if (told == NULL || flaws->unnamed)
    return;
  if (flaws->named != NULL)
    find_digests (flaws->named, digests);
  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      manifest->named[i]
          = md_named_bind (i, manifest->intake, digests[i] != NULL ? digests[i] : told[i], salt);
      g_free (digests[i]);
    }
}
