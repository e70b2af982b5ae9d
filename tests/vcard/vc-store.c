// SPDX-License-Identifier: Apache-2.0
#include "vc-store.h"

#include <openssl/crypto.h>
#include <openssl/pem.h>

#include <string.h>

struct _VcStore
{
  char *dir;
  GKeyFile *config;
  GKeyFile *state;
  char *found;          /* the state as it was loaded */
  gboolean in_memory;   /* nothing is written any more */
  GHashTable *settings; /* name -> value of [card] */
  GHashTable *files;    /* name -> GBytes */
  GHashTable *keys;     /* name -> EVP_PKEY */
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
  g_free (store->found);
  g_clear_pointer (&store->config, g_key_file_unref);
  g_clear_pointer (&store->state, g_key_file_unref);
  g_clear_pointer (&store->settings, g_hash_table_unref);
  g_clear_pointer (&store->files, g_hash_table_unref);
  g_clear_pointer (&store->keys, g_hash_table_unref);
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

static gboolean
load_state (VcStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->dir, STATE_FILE, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return g_key_file_load_from_file (store->state, path, G_KEY_FILE_NONE, error);
}

VcStore *
vc_store_new (const char *dir, GError **error)
{
  g_autoptr (VcStore) store = g_new0 (VcStore, 1);
  g_autofree char *path = g_build_filename (dir, "card.ini", NULL);

  store->dir = g_strdup (dir);
  store->config = g_key_file_new ();
  store->state = g_key_file_new ();
  store->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  store->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_bytes);
  store->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_key);
  if (!g_key_file_load_from_file (store->config, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s is not a card: ", dir);
      return NULL;
    }
  if (!load_state (store, error) || !load_files (store, error))
    return NULL;
  store->found = g_key_file_to_data (store->state, NULL, NULL);
  return g_steal_pointer (&store);
}

const char *
vc_store_get_directory (VcStore *store)
{
  return store->dir;
}

const char *
vc_store_get_setting (VcStore *store, const char *name)
{
  char *value = g_hash_table_lookup (store->settings, name);

  if (value)
    return value;
  value = g_key_file_get_string (store->config, "card", name, NULL);
  if (value)
    g_hash_table_insert (store->settings, g_strdup (name), value);
  return value;
}

gboolean
vc_store_has_quirk (VcStore *store, const char *name)
{
  return g_key_file_get_boolean (store->config, "quirks", name, NULL);
}

guint
vc_store_get_quirk_number (VcStore *store, const char *name)
{
  return (guint)g_key_file_get_uint64 (store->config, "quirks", name, NULL);
}

guint16
vc_store_get_quirk_sw (VcStore *store, const char *name, guint16 fallback)
{
  g_autofree char *text = g_key_file_get_string (store->config, "quirks", name, NULL);
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
 */
static char *
look_up (VcStore *store, const char *group, const char *object)
{
  char *value = g_key_file_get_string (store->state, group, object, NULL);

  return value ? value : g_key_file_get_string (store->config, group, object, NULL);
}

guint
vc_store_get_tries (VcStore *store, const char *object, guint max)
{
  g_autofree char *text = look_up (store, "tries", object);
  guint64 tries = max;

  if (text && !g_ascii_string_to_unsigned (text, 10, 0, max, &tries, NULL))
    return 0;
  return (guint)tries;
}

static gboolean
save_state (VcStore *store)
{
  g_autofree char *path = g_build_filename (store->dir, STATE_FILE, NULL);
  gsize size = 0;
  g_autofree char *text = NULL;

  if (store->in_memory)
    return TRUE;
  text = g_key_file_to_data (store->state, &size, NULL);
  return g_file_set_contents_full (path, text, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   NULL);
}

void
vc_store_keep_in_memory (VcStore *store)
{
  store->in_memory = TRUE;
}

void
vc_store_restore (VcStore *store)
{
  g_key_file_unref (store->state);
  store->state = g_key_file_new ();
  if (store->found[0] != '\0')
    g_key_file_load_from_data (store->state, store->found, (gsize)-1, G_KEY_FILE_NONE, NULL);
}

void
vc_store_set_tries (VcStore *store, const char *object, guint tries)
{
  g_key_file_set_uint64 (store->state, "tries", object, tries);
}

static gboolean
save_tries (VcStore *store, const char *object, guint tries)
{
  g_key_file_set_uint64 (store->state, "tries", object, tries);
  return save_state (store);
}

gboolean
vc_store_check_pin (VcStore *store, const char *object, guint max, const guint8 *pin, gsize size)
{
  g_autofree char *right = look_up (store, "pins", object);
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

  g_key_file_set_string (store->state, "pins", object, text);
  return save_state (store);
}
