// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <errno.h>
#include <string.h>
#include <glib/gstdio.h>
#include <md-base.h>
#include "md-certificate.h"
#include "md-crl-private.h"
#include "md-crl-store.h"

#define CLOCK_SKEW 300
#define FIRST_RETRY_S 60
#define LAST_RETRY_S 3600

struct _MdCrlStore
{
  char *path;
  GPtrArray *issuers;
  GHashTable *entries; /* key to MdCrlEntry */
};

static const char *const offers[] = {
  [MD_CRL_OFFER_TAKEN] = "taken",
  [MD_CRL_OFFER_SAME] = "same",
  [MD_CRL_OFFER_NUMBER_BACK] = "number-back",
  [MD_CRL_OFFER_FOREIGN] = "foreign-signer",
  [MD_CRL_OFFER_STALE] = "stale",
  [MD_CRL_OFFER_EARLY] = "early",
  [MD_CRL_OFFER_UNFIT] = "unfit",
  [MD_CRL_OFFER_UNREADABLE] = "unreadable",
};

G_STATIC_ASSERT (G_N_ELEMENTS (offers) == MD_N_CRL_OFFERS);

const char *
md_crl_offer_to_string (MdCrlOffer offer)
{
  return offers[offer];
}

/* --- When --- */

gint64
md_crl_entry_get_limit (const MdCrlEntry *self, gint64 max_age)
{
  return max_age > 0 ? MIN (self->next_update, self->this_update + max_age) : self->next_update;
}

/* Between seven and nine tenths of the way. */
gint64
md_crl_entry_get_renewal (const MdCrlEntry *self, gint64 max_age, guint32 random)
{
  const gint64 span = MAX (md_crl_entry_get_limit (self, max_age) - self->this_update, 0);

  return self->this_update + span / 10 * 7 + span / 5 / 1024 * (random % 1024);
}

gint64
md_crl_retry_delay (guint tries, guint32 random)
{
  const gint64 delay = MIN ((gint64)FIRST_RETRY_S << MIN (MAX (tries, 1u) - 1, 10), LAST_RETRY_S);

  return delay - random % (delay / 10);
}

/* --- Entries --- */

static void
entry_free (gpointer data)
{
  MdCrlEntry *entry = data;

  g_free (entry->key);
  g_free (entry->issuer);
  g_free (entry->number);
  g_free (entry->sha256);
  g_free (entry);
}

static MdCrlEntry *
entry_new (const MdCrl *crl, const char *key)
{
  const MdCrlFacts *facts = md_crl_get_facts (crl);
  MdCrlEntry *entry = g_new0 (MdCrlEntry, 1);

  entry->key = g_strdup (key);
  entry->issuer = g_strdup (facts->issuer);
  entry->number = g_strdup (facts->number);
  entry->sha256 = g_strdup (facts->sha256);
  entry->this_update = facts->this_update;
  entry->next_update = facts->next_update;
  return entry;
}

/* Two generations of an authority have one name, and may have one distribution point. NULL when
 * none of the issuers has signed the list. */
static char *
find_key (const MdCrlStore *self, MdCrl *crl)
{
  for (guint i = 0; i < self->issuers->len; i++)
    {
      const MdCertificate *issuer = g_ptr_array_index (self->issuers, i);
      g_autoptr (GChecksum) sum = NULL;
      unsigned char *key = NULL;
      int size;

      if (!md_crl_is_signed_by (crl, issuer))
        continue;
      sum = g_checksum_new (G_CHECKSUM_SHA256);
      size = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (md_certificate_get_x509 (issuer)), &key);
      g_checksum_update (sum, key, MAX (size, 0));
      g_checksum_update (sum, (const guchar *)md_crl_get_facts (crl)->scope, -1);
      OPENSSL_free (key);
      return g_strdup (g_checksum_get_string (sum));
    }
  return NULL;
}

/* Whether the list is one to have at all, whatever lies there. */
static MdCrlOffer
judge_alone (const MdCrlStore *self, MdCrl *crl, gint64 now, char **out_key)
{
  const MdCrlFacts *facts = md_crl_get_facts (crl);

  *out_key = find_key (self, crl);
  if (*out_key == NULL)
    return MD_CRL_OFFER_FOREIGN;
  if (!md_crl_is_whole (crl))
    return MD_CRL_OFFER_UNFIT;
  if (facts->next_update < now || facts->next_update < facts->this_update)
    return MD_CRL_OFFER_STALE;
  return facts->this_update > now + CLOCK_SKEW ? MD_CRL_OFFER_EARLY : MD_CRL_OFFER_TAKEN;
}

/* And beside the one that lies there: number and time grow together, or the list is not of the same
 * row of lists. */
static MdCrlOffer
judge_beside (const MdCrlFacts *facts, const MdCrlEntry *there)
{
  const int number = md_crl_compare_numbers (facts->number, there->number);

  if (g_str_equal (facts->sha256, there->sha256))
    return MD_CRL_OFFER_SAME;
  if (number < 0 || (number == 0 && facts->number != NULL)
      || facts->this_update < there->this_update
      || (number == 0 && facts->this_update == there->this_update))
    return MD_CRL_OFFER_NUMBER_BACK;
  return MD_CRL_OFFER_TAKEN;
}

/* --- The folder --- */

MdCrlStore *
md_crl_store_new (const char *path)
{
  MdCrlStore *self = g_new0 (MdCrlStore, 1);

  self->path = g_strdup (path);
  self->issuers = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  return self;
}

void
md_crl_store_free (MdCrlStore *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_ptr_array_unref (self->issuers);
  g_free (self->path);
  g_free (self);
}

const char *
md_crl_store_get_path (const MdCrlStore *self)
{
  return self->path;
}

static MdCrl *
read_list (const char *folder, const char *name)
{
  g_autofree char *file = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;

  if (!g_file_get_contents (file, &contents, &size, NULL))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&contents), size);
  return md_crl_new (bytes, NULL);
}

/* As the window chooses among the files. */
static gboolean
is_later (const MdCrlFacts *facts, const MdCrlEntry *there)
{
  const int number = md_crl_compare_numbers (facts->number, there->number);

  return number > 0 || (number == 0 && facts->this_update > there->this_update);
}

static gboolean
note_list (MdCrlStore *self, MdCrl *crl)
{
  g_autofree char *key = crl != NULL ? find_key (self, crl) : NULL;
  const MdCrlEntry *there = key != NULL ? g_hash_table_lookup (self->entries, key) : NULL;
  MdCrlEntry *entry;

  if (key == NULL || !md_crl_is_whole (crl))
    return FALSE;
  if (there != NULL && !is_later (md_crl_get_facts (crl), there))
    return TRUE;
  entry = entry_new (crl, key);
  g_hash_table_replace (self->entries, entry->key, entry);
  return TRUE;
}

/* The window reads what this process writes, and is somebody else. */
static gboolean
make_folder (const MdCrlStore *self)
{
  if (g_file_test (self->path, G_FILE_TEST_IS_DIR))
    return TRUE;
  return g_mkdir_with_parents (self->path, 0755) == 0 && g_chmod (self->path, 0755) == 0;
}

guint
md_crl_store_set_issuers (MdCrlStore *self, const GPtrArray *issuers)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;
  guint strange = 0;

  g_ptr_array_set_size (self->issuers, 0);
  for (guint i = 0; i < issuers->len; i++)
    g_ptr_array_add (self->issuers, md_certificate_ref (g_ptr_array_index (issuers, i)));
  g_hash_table_remove_all (self->entries);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (MdCrl) crl = NULL;

      if (!g_str_has_suffix (name, ".crl"))
        continue;
      crl = read_list (self->path, name);
      strange += note_list (self, crl) ? 0 : 1;
    }
  return strange;
}

/* The file gets its name last. */
static gboolean
write_list (const MdCrlStore *self, const char *key, const MdCrl *crl, GError **error)
{
  g_autofree char *name = g_strconcat (key, ".crl", NULL);
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree char *draft = g_strconcat (path, ".new", NULL);
  g_autoptr (GBytes) der = md_crl_dup_der (crl);
  g_autoptr (GError) local = NULL;
  gsize size = 0;
  const char *data = g_bytes_get_data (der, &size);

  if (make_folder (self)
      && g_file_set_contents_full (draft, data, (gssize)size,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0644, &local)
      && g_chmod (draft, 0644) == 0 && g_rename (draft, path) == 0)
    return TRUE;
  g_set_error (error, MD_PKI_ERROR, MD_PKI_ERROR_IO, "%s: %s", path,
               local != NULL ? local->message : g_strerror (errno));
  (void)g_unlink (draft);
  return FALSE;
}

gboolean
md_crl_store_offer (MdCrlStore *self, GBytes *list, gint64 now, MdCrlOffer *out_offer,
                    char **out_key, GError **error)
{
  g_autoptr (MdCrl) crl = md_crl_new (list, NULL);
  g_autofree char *key = NULL;
  const MdCrlEntry *there;

  *out_key = NULL;
  *out_offer = crl != NULL ? judge_alone (self, crl, now, &key) : MD_CRL_OFFER_UNREADABLE;
  there = key != NULL ? g_hash_table_lookup (self->entries, key) : NULL;
  if (*out_offer == MD_CRL_OFFER_TAKEN && there != NULL)
    *out_offer = judge_beside (md_crl_get_facts (crl), there);
  if (*out_offer == MD_CRL_OFFER_TAKEN)
    {
      MdCrlEntry *entry;

      if (!write_list (self, key, crl, error))
        return FALSE;
      entry = entry_new (crl, key);
      g_hash_table_replace (self->entries, entry->key, entry);
    }
  *out_key = g_steal_pointer (&key);
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const MdCrlEntry *const *left = a;
  const MdCrlEntry *const *right = b;
  const int by_issuer = strcmp ((*left)->issuer, (*right)->issuer);

  return by_issuer != 0 ? by_issuer : strcmp ((*left)->key, (*right)->key);
}

GPtrArray *
md_crl_store_list (const MdCrlStore *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (list, entry);
  g_ptr_array_sort (list, compare_entries);
  return list;
}

const MdCrlEntry *
md_crl_store_find (const MdCrlStore *self, const char *key)
{
  return g_hash_table_lookup (self->entries, key);
}
