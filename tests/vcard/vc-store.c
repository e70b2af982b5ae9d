// SPDX-License-Identifier: Apache-2.0
#include "vc-store.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <string.h>

struct _VcStore
{
  char *dir;
  GHashTable *config;  /* "group/name" -> value, as the card was made */
  GHashTable *state;   /* the same as the card wrote it */
  GHashTable *found;   /* the state as it was loaded */
  gboolean in_memory;  /* nothing is written any more */
  GHashTable *files;   /* name -> GBytes */
  GHashTable *keys;    /* name -> EVP_PKEY */
  GHashTable *answers; /* kept in memory: what was asked -> what was worked out */
};

G_DEFINE_QUARK (vc - error - quark, vc_error)

#define STATE_FILE "state.ini"

static void
free_key (gpointer key)
{
  EVP_PKEY_free (key);
}

static void
free_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

void
vc_store_free (VcStore *store)
{
  if (!store)
    return;
  g_free (store->dir);
  g_clear_pointer (&store->config, g_hash_table_unref);
  g_clear_pointer (&store->state, g_hash_table_unref);
  g_clear_pointer (&store->found, g_hash_table_unref);
  g_clear_pointer (&store->files, g_hash_table_unref);
  g_clear_pointer (&store->keys, g_hash_table_unref);
  g_clear_pointer (&store->answers, g_hash_table_unref);
  g_free (store);
}

static gboolean
load_key (VcStore *store, const char *name, const char *text, gsize size, GError **error)
{
  BIO *bio = BIO_new_mem_buf (text, (int)size);
  EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL) : NULL;

  BIO_free (bio);
  if (!key)
    {
      g_set_error (error, VC_ERROR, VC_ERROR_DIRECTORY, "%s: %s is not a private key in PEM",
                   store->dir, name);
      return FALSE;
    }
  g_hash_table_insert (store->keys, g_strndup (name, strlen (name) - strlen (".key")), key);
  return TRUE;
}

static gboolean
load_file (VcStore *store, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (store->dir, name, NULL);
  g_autofree char *contents = NULL;
  gsize size = 0;
  gboolean good = TRUE;

  if (!g_file_get_contents (path, &contents, &size, error))
    return FALSE;
  if (g_str_has_suffix (name, ".key"))
    {
      good = load_key (store, name, contents, size, error);
      OPENSSL_cleanse (contents, size);
    }
  else
    g_hash_table_insert (store->files, g_strdup (name),
                         g_bytes_new_take (g_steal_pointer (&contents), size));
  return good;
}

static gboolean
load_files (VcStore *store, GError **error)
{
  g_autoptr (GDir) directory = g_dir_open (store->dir, 0, error);
  const char *name;

  if (!directory)
    return FALSE;
  while ((name = g_dir_read_name (directory)))
    {
      if (g_str_has_suffix (name, ".ini"))
        continue;
      if (!load_file (store, name, error))
        return FALSE;
    }
  return TRUE;
}

static void
keep (GHashTable *values, const char *group, const char *name, const char *value)
{
  g_hash_table_insert (values, g_strconcat (group, "/", name, NULL), g_strdup (value));
}

/* All that the file at PATH says. */
static gboolean
load_values (GHashTable *values, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    return FALSE;
  groups = g_key_file_get_groups (file, NULL);
  for (gsize g = 0; groups[g]; g++)
    {
      g_auto (GStrv) names = g_key_file_get_keys (file, groups[g], NULL, NULL);

      for (gsize n = 0; names && names[n]; n++)
        {
          g_autofree char *value = g_key_file_get_string (file, groups[g], names[n], NULL);

          keep (values, groups[g], names[n], value ? value : "");
        }
    }
  return TRUE;
}

static gboolean
load_state (VcStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->dir, STATE_FILE, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return load_values (store->found, path, error);
}

static GHashTable *
new_values (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

VcStore *
vc_store_new (const char *dir, GError **error)
{
  g_autoptr (VcStore) store = g_new0 (VcStore, 1);
  g_autofree char *path = g_build_filename (dir, "card.ini", NULL);

  store->dir = g_strdup (dir);
  store->config = new_values ();
  store->state = new_values ();
  store->found = new_values ();
  store->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_bytes);
  store->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_key);
  if (!load_values (store->config, path, error))
    {
      g_prefix_error (error, "%s is not a card: ", dir);
      return NULL;
    }
  if (!load_state (store, error) || !load_files (store, error))
    return NULL;
  vc_store_restore (store);
  return g_steal_pointer (&store);
}

const char *
vc_store_get_directory (VcStore *store)
{
  return store->dir;
}

/* A value by group and name, or NULL. Borrowed. */
static const char *
find (GHashTable *values, const char *group, const char *name)
{
  char key[128];

  g_strlcpy (key, group, sizeof key);
  g_strlcat (key, "/", sizeof key);
  g_strlcat (key, name, sizeof key);
  return g_hash_table_lookup (values, key);
}

const char *
vc_store_get_setting (VcStore *store, const char *name)
{
  return find (store->config, "card", name);
}

gboolean
vc_store_has_quirk (VcStore *store, const char *name)
{
  return g_strcmp0 (find (store->config, "quirks", name), "true") == 0;
}

guint
vc_store_get_quirk_number (VcStore *store, const char *name)
{
  const char *text = find (store->config, "quirks", name);

  return text ? (guint)g_ascii_strtoull (text, NULL, 10) : 0;
}

guint16
vc_store_get_quirk_sw (VcStore *store, const char *name, guint16 fallback)
{
  const char *text = find (store->config, "quirks", name);
  guint64 value = 0;

  if (!text || !g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT16, &value, NULL))
    return fallback;
  return (guint16)value;
}

GBytes *
vc_store_get_file (VcStore *store, const char *name)
{
  return g_hash_table_lookup (store->files, name);
}

EVP_PKEY *
vc_store_get_key (VcStore *store, const char *name)
{
  return g_hash_table_lookup (store->keys, name);
}

/* PINs and tries as they stand now: what the card wrote itself goes before what it was made with.
 * Borrowed. */
static const char *
look_up (VcStore *store, const char *group, const char *object)
{
  const char *value = find (store->state, group, object);

  return value ? value : find (store->config, group, object);
}

guint
vc_store_get_tries (VcStore *store, const char *object, guint max)
{
  const char *text = look_up (store, "tries", object);
  guint64 tries = max;

  if (text && !g_ascii_string_to_unsigned (text, 10, 0, max, &tries, NULL))
    return 0;
  return (guint)tries;
}

static gboolean
save_state (VcStore *store)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GKeyFile) file = NULL;
  GHashTableIter iter;
  gpointer key, value;
  gsize size = 0;

  if (store->in_memory)
    return TRUE;
  file = g_key_file_new ();
  g_hash_table_iter_init (&iter, store->state);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_auto (GStrv) words = g_strsplit (key, "/", 2);

      g_key_file_set_string (file, words[0], words[1], value);
    }
  path = g_build_filename (store->dir, STATE_FILE, NULL);
  text = g_key_file_to_data (file, &size, NULL);
  return g_file_set_contents_full (path, text, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   NULL);
}

void
vc_store_keep_in_memory (VcStore *store)
{
  store->in_memory = TRUE;
  if (!store->answers)
    store->answers = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, free_bytes, free_bytes);
}

GBytes *
vc_store_recall (VcStore *store, GBytes *asked)
{
  GBytes *known = store->answers ? g_hash_table_lookup (store->answers, asked) : NULL;

  return known ? g_bytes_ref (known) : NULL;
}

void
vc_store_remember (VcStore *store, GBytes *asked, GBytes *answer)
{
  if (store->answers)
    g_hash_table_insert (store->answers, g_bytes_ref (asked), g_bytes_ref (answer));
}

void
vc_store_restore (VcStore *store)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_remove_all (store->state);
  g_hash_table_iter_init (&iter, store->found);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (store->state, g_strdup (key), g_strdup (value));
}

void
vc_store_set_tries (VcStore *store, const char *object, guint tries)
{
  char text[16];

  g_snprintf (text, sizeof text, "%u", tries);
  keep (store->state, "tries", object, text);
}

static gboolean
save_tries (VcStore *store, const char *object, guint tries)
{
  vc_store_set_tries (store, object, tries);
  return save_state (store);
}

gboolean
vc_store_check_pin (VcStore *store, const char *object, guint max, const guint8 *pin, gsize size)
{
  const char *right = look_up (store, "pins", object);
  guint tries = vc_store_get_tries (store, object, max);

  if (tries == 0 || !save_tries (store, object, tries - 1))
    return FALSE;
  if (!right || strlen (right) != size || CRYPTO_memcmp (right, pin, size) != 0)
    return FALSE;
  return save_tries (store, object, max);
}

gboolean
vc_store_set_pin (VcStore *store, const char *object, const guint8 *pin, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)pin, size);

  keep (store->state, "pins", object, text);
  return save_state (store);
}
