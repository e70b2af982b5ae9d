// SPDX-License-Identifier: Apache-2.0
#include "md-card-roles.h"

#include "md-card-register.h"
#include <string.h>

#define ROLES (MD_CARD_ROLE_STAFF + 1)

struct _MdCardRoles
{
  char *fixed[ROLES];
  GHashTable *choices; // what the reader is called -> its role, as a word
};

static const char *const words[ROLES] = { "none", "resident", "staff" };

MdCardRoles *
_md_card_roles_new (void)
{
  MdCardRoles *self = g_new0 (MdCardRoles, 1);
  self->choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
_md_card_roles_free (MdCardRoles *self)
{
  for (guint i = 0; i < ROLES; i++)
    g_free (self->fixed[i]);
  g_hash_table_unref (self->choices);
  g_free (self);
}

void
_md_card_roles_fix (MdCardRoles *self, MdCardRole role, const char *name)
{
  g_free (self->fixed[role]);
  self->fixed[role] = g_strdup (name);
}

const char *
_md_card_roles_get_fixed (MdCardRoles *self, MdCardRole role)
{
  return self->fixed[role];
}

// The word itself, which lives for ever; NULL for what is none.
static const char *
find_word (const char *text)
{
  for (guint i = 0; i < ROLES; i++)
    if (g_str_equal (text, words[i]))
      return words[i];
  return NULL;
}

static MdCardRole
role_of_word (const char *word)
{
  for (guint i = 0; i < ROLES; i++)
    if (words[i] == word)
      return (MdCardRole)i;
  return MD_CARD_ROLE_NONE;
}

void
_md_card_roles_set_choices (MdCardRoles *self, GVariant *choices)
{
  GVariantIter iter;
  const char *reader;
  const char *text;
  g_hash_table_remove_all (self->choices);
  g_variant_iter_init (&iter, choices);
  while (g_variant_iter_next (&iter, "{&s&s}", &reader, &text))
    {
      const char *word = find_word (text);
      if (word != NULL)
        g_hash_table_insert (self->choices, g_strdup (reader), (gpointer)(guintptr)word);
    }
}

GVariant *
_md_card_roles_get_choices (MdCardRoles *self)
{
  g_autoptr (GList) readers
      = g_list_sort (g_hash_table_get_keys (self->choices), (GCompareFunc)strcmp);
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  for (GList *l = readers; l != NULL; l = l->next)
    g_variant_builder_add (&builder, "{ss}", l->data, g_hash_table_lookup (self->choices, l->data));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

// The name without the count, which is the order of plugging in; the slot stays.
static char *
name_itself (const char *reader)
{
  gsize length = _md_card_name_length (reader);
  const char *count = reader + length;
  return g_strdup_printf ("%.*s%s", (int)length, reader, *count != '\0' ? count + 3 : "");
}

// What the reader at AT is remembered by. (transfer full)
static char *
key_of (const char *const *readers, guint at)
{
  char *own = name_itself (readers[at]);
  for (guint i = 0; readers[i] != NULL; i++)
    {
      g_autofree char *other = name_itself (readers[i]);
      if (i == at || !g_str_equal (own, other))
        continue;
      g_free (own);
      return g_strdup (readers[at]);
    }
  return own;
}

static gboolean
is_fixed (MdCardRoles *self, const char *reader)
{
  for (guint role = MD_CARD_ROLE_RESIDENT; role < ROLES; role++)
    if (g_strcmp0 (self->fixed[role], reader) == 0)
      return TRUE;
  return FALSE;
}

// The word that was chosen for it, or NULL. Of two that were called the same, the one that is left
// is still known by its whole name.
static const char *
choice_of (MdCardRoles *self, const char *const *readers, guint at)
{
  g_autofree char *key = key_of (readers, at);
  const char *word = g_hash_table_lookup (self->choices, readers[at]);
  return word != NULL ? word : g_hash_table_lookup (self->choices, key);
}

gboolean
_md_card_roles_is_chosen (MdCardRoles *self, MdCardRole role)
{
  GHashTableIter iter;
  gpointer word = NULL;
  g_hash_table_iter_init (&iter, self->choices);
  while (g_hash_table_iter_next (&iter, NULL, &word))
    if (word == words[role])
      return TRUE;
  return FALSE;
}

void
_md_card_roles_assign (MdCardRoles *self, const char *const *readers, MdCardRole *out_roles,
                       gboolean *out_free)
{
  gboolean taken[ROLES] = { FALSE };
  for (guint role = MD_CARD_ROLE_RESIDENT; role < ROLES; role++)
    taken[role] = self->fixed[role] != NULL;
  for (guint i = 0; readers[i] != NULL; i++)
    {
      const char *word = choice_of (self, readers, i);
      MdCardRole chosen = word != NULL ? role_of_word (word) : MD_CARD_ROLE_NONE;
      gboolean fixed = is_fixed (self, readers[i]);
      out_roles[i] = MD_CARD_ROLE_NONE;
      for (guint role = MD_CARD_ROLE_RESIDENT; role < ROLES; role++)
        if (g_strcmp0 (self->fixed[role], readers[i]) == 0)
          out_roles[i] = (MdCardRole)role;
      if (!fixed && chosen != MD_CARD_ROLE_NONE && !taken[chosen])
        {
          out_roles[i] = chosen;
          taken[chosen] = TRUE;
        }
      out_free[i] = !fixed && word == NULL;
    }
}

static void
keep (MdCardRoles *self, const char *const *readers, guint at, const char *word)
{
  char *key = key_of (readers, at);
  g_hash_table_remove (self->choices, readers[at]); // from the time when it had a twin
  if (word != NULL)
    g_hash_table_insert (self->choices, key, (gpointer)(guintptr)word);
  else
    {
      g_hash_table_remove (self->choices, key);
      g_free (key);
    }
}

gboolean
_md_card_roles_choose (MdCardRoles *self, const char *const *readers, guint at, MdCardRole role)
{
  guint count = g_strv_length ((char **)(guintptr)readers);
  g_autofree MdCardRole *roles = g_new0 (MdCardRole, count + 1);
  g_autofree gboolean *unsaid = g_new0 (gboolean, count + 1);
  if (is_fixed (self, readers[at]) || (role != MD_CARD_ROLE_NONE && self->fixed[role] != NULL))
    return FALSE;
  _md_card_roles_assign (self, readers, roles, unsaid);
  for (guint i = 0; i < count && role != MD_CARD_ROLE_NONE; i++)
    if (i != at && roles[i] == role)
      keep (self, readers, i, roles[at] != MD_CARD_ROLE_NONE ? words[roles[at]] : NULL);
  keep (self, readers, at, words[role]);
  return TRUE;
}
