// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include "md-crl-index-private.h"

#define MAX_LISTS 4096 /* of a partitioned set */

struct _MdCrlIndex
{
  GPtrArray *lists;   /* all */
  GHashTable *places; /* word to GPtrArray of those that have it */
};

MdCrlIndex *
md_crl_index_new (void)
{
  MdCrlIndex *self = g_new0 (MdCrlIndex, 1);

  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify)md_crl_free);
  self->places
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  return self;
}

void
md_crl_index_free (MdCrlIndex *self)
{
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->lists);
  g_free (self);
}

void
md_crl_index_clear (MdCrlIndex *self)
{
  g_hash_table_remove_all (self->places);
  g_ptr_array_set_size (self->lists, 0);
}

gboolean
md_crl_index_take (MdCrlIndex *self, MdCrl *crl, GError **error)
{
  g_autoptr (GPtrArray) places = NULL;

  if (self->lists->len >= MAX_LISTS)
    {
      g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_TOO_LARGE,
                           "too many revocation lists");
      md_crl_free (crl);
      return FALSE;
    }
  places = md_crl_dup_places (crl);
  g_ptr_array_add (self->lists, crl);
  for (guint i = 0; i < places->len; i++)
    {
      const char *word = g_ptr_array_index (places, i);
      GPtrArray *there = g_hash_table_lookup (self->places, word);

      if (there == NULL)
        {
          there = g_ptr_array_new ();
          g_hash_table_insert (self->places, g_strdup (word), there);
        }
      g_ptr_array_add (there, crl);
    }
  return TRUE;
}

static int
latest_first (gconstpointer a, gconstpointer b)
{
  const MdCrl *const *left = a;
  const MdCrl *const *right = b;

  return md_crl_compare (*right, *left);
}

/* Those that may cover the certificate, each once. */
static GPtrArray *
find_lists (MdCrlIndex *self, const MdCertificate *certificate)
{
  g_autoptr (GPtrArray) places = md_crl_dup_places_of_certificate (certificate);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < places->len; i++)
    {
      const GPtrArray *there = g_hash_table_lookup (self->places, g_ptr_array_index (places, i));

      for (guint j = 0; there != NULL && j < there->len; j++)
        if (!g_ptr_array_find (found, g_ptr_array_index (there, j), NULL))
          g_ptr_array_add (found, g_ptr_array_index (there, j));
    }
  g_ptr_array_sort (found, latest_first);
  return found;
}

/* What stood in the way with the list that counts is told rather than what strangers brought. */
static void
keep_problem (char **problem, char *words, gboolean better)
{
  if (*problem == NULL || better)
    {
      g_free (*problem);
      *problem = words;
    }
  else
    g_free (words);
}

MdVerdict *
md_crl_index_ask (MdCrlIndex *self, const MdVerdict *path, gint64 time, gint64 max_age,
                  char **out_problem)
{
  g_autoptr (GPtrArray) found = find_lists (self, path->certificate);
  g_autoptr (GHashTable) settled = g_hash_table_new (g_str_hash, g_str_equal);
  char *problem = NULL;

  for (guint i = 0; i < found->len; i++)
    {
      MdCrl *crl = g_ptr_array_index (found, i);
      const MdCrlFacts *facts = md_crl_get_facts (crl);
      char *words = NULL;
      MdVerdict *verdict;

      if (g_hash_table_contains (settled, facts->scope))
        continue;
      if (!md_crl_is_signed_by (crl, path->issuer))
        {
          keep_problem (&problem, g_strdup ("revocation list: the signature is not the issuer's"),
                        FALSE);
          continue;
        }
      verdict = md_crl_judge (crl, path, time, max_age, &words);
      if (verdict != NULL)
        {
          g_free (problem);
          return verdict;
        }
      /* one that is yet to begin leaves the one before it in force */
      if (facts->this_update <= time)
        g_hash_table_add (settled, facts->scope);
      keep_problem (&problem, words, g_hash_table_size (settled) == 1);
    }
  *out_problem = problem != NULL ? problem : g_strdup ("no revocation list");
  return NULL;
}
