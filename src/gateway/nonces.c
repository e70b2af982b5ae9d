// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "nonces.h"

#include <md-base.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define KEY_SIZE 32u
#define TAG "madoguchi nonce v1"
#define TERMINAL_TAG "madoguchi nonce terminal v1"

struct _Nonces
{
  MdLedger *ledger;
  GPtrArray *keys; /* MdLedgerNonceKey, in the order of their numbers */
};

/* --- Keys --- */

static const MdLedgerNonceKey *
newest_key (const Nonces *self)
{
  return self->keys->len > 0 ? self->keys->pdata[self->keys->len - 1] : NULL;
}

/* Keys once known stay known, whatever happened to the ledger since: nonces are out by them. */
static gboolean
read_keys (Nonces *self, GError **error)
{
  g_autoptr (GPtrArray) keys = md_ledger_list_nonce_keys (self->ledger, error);

  if (keys == NULL)
    return FALSE;
  if (keys->len == 0 && self->keys->len > 0)
    return TRUE;
  g_ptr_array_unref (self->keys);
  self->keys = g_steal_pointer (&keys);
  return TRUE;
}

/* Adds the key that follows the newest, unless another gateway was quicker; then takes that. */
static gboolean
add_key (Nonces *self, gint64 now, GError **error)
{
  const MdLedgerNonceKey *newest = newest_key (self);
  guint8 bytes[KEY_SIZE];
  MdLedgerNonceKey key = { .number = newest != NULL ? newest->number + 1 : 1, .made = now };
  gboolean added = FALSE;

  md_random_fill (bytes, sizeof bytes);
  key.key = md_secret_new_from_data (bytes, sizeof bytes);
  OPENSSL_cleanse (bytes, sizeof bytes);
  added = md_ledger_add_nonce_key (self->ledger, &key, error) && read_keys (self, error);
  md_secret_unref (key.key);
  return added;
}

Nonces *
nonces_open (MdLedger *ledger, gint64 now, GError **error)
{
  g_autoptr (Nonces) self = g_new0 (Nonces, 1);

  self->ledger = ledger;
  self->keys = g_ptr_array_new ();
  if (!read_keys (self, error) || (self->keys->len == 0 && !add_key (self, now, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
nonces_free (Nonces *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_free (self);
}

/* The key to make nonces with. A new one that cannot be stored is no reason to stop. */
static const MdLedgerNonceKey *
key_for (Nonces *self, gint64 now)
{
  const gint64 life = NONCES_KEY_DAYS * G_TIME_SPAN_DAY;
  g_autoptr (GError) error = NULL;
  const MdLedgerNonceKey *newest = newest_key (self);

  g_assert (newest != NULL);
  if (now - newest->made > life)
    {
      if (!add_key (self, now, &error))
        g_message ("no new key for nonces: %s", error->message);
      newest = newest_key (self);
    }
  return newest;
}

static const MdLedgerNonceKey *
find_key (const Nonces *self, guint32 number)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      const MdLedgerNonceKey *key = self->keys->pdata[i];
      if (key->number == number)
        return key;
    }
  return NULL;
}

/* --- Nonces --- */

static void
terminal_digest (const char *office, const char *terminal, guint8 out[static 32])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = 32;

  g_checksum_update (sum, (const guchar *)TERMINAL_TAG, sizeof TERMINAL_TAG);
  g_checksum_update (sum, (const guchar *)office, (gssize)strlen (office) + 1);
  g_checksum_update (sum, (const guchar *)terminal, (gssize)strlen (terminal));
  g_checksum_get_digest (sum, out, &size);
}

static void
compute_mac (const MdLedgerNonceKey *key, const guint8 *body, guint8 out[static MD_NONCE_MAC_SIZE])
{
  guint8 text[sizeof TAG + MD_NONCE_BODY_SIZE];
  guint size = MD_NONCE_MAC_SIZE;
  guint8 *made = NULL;

  memcpy (text, TAG, sizeof TAG);
  memcpy (text + sizeof TAG, body, MD_NONCE_BODY_SIZE);
  made = HMAC (EVP_sha256 (), md_secret_get_data (key->key), (int)md_secret_get_size (key->key),
               text, sizeof text, out, &size);
  g_assert (made != NULL && size == MD_NONCE_MAC_SIZE);
}

GBytes *
nonces_make (Nonces *self, const char *office, const char *terminal, gint64 now)
{
  const MdLedgerNonceKey *key = key_for (self, now);
  g_autoptr (MdWriter) writer = md_writer_new (MD_WIRE_NONCE_SIZE);
  guint8 digest[32];
  guint8 random[MD_NONCE_RANDOM_SIZE];
  guint8 mac[MD_NONCE_MAC_SIZE];
  g_autoptr (GBytes) body = NULL;
  guint8 nonce[MD_WIRE_NONCE_SIZE];

  terminal_digest (office, terminal, digest);
  md_random_fill (random, sizeof random);
  md_writer_u8 (writer, MD_NONCE_VERSION);
  md_writer_u32be (writer, key->number);
  md_writer_u64be (writer, (guint64)(MAX (now, 0) / 1000));
  md_writer_bytes (writer, digest, MD_NONCE_TERMINAL_SIZE);
  md_writer_bytes (writer, random, sizeof random);
  body = md_writer_finish (writer, NULL);
  g_assert (body != NULL && g_bytes_get_size (body) == MD_NONCE_BODY_SIZE);
  memcpy (nonce, g_bytes_get_data (body, NULL), MD_NONCE_BODY_SIZE);
  compute_mac (key, nonce, mac);
  memcpy (nonce + MD_NONCE_BODY_SIZE, mac, sizeof mac);
  return g_bytes_new (nonce, sizeof nonce);
}

NoncesCheck
nonces_check (Nonces *self, const char *office, const char *terminal, GBytes *nonce,
              gint64 *out_made)
{
  const guint8 *data = g_bytes_get_data (nonce, NULL);
  const MdLedgerNonceKey *key = NULL;
  MdReader reader;
  guint32 number = 0;
  gint64 made = 0;
  guint8 mac[MD_NONCE_MAC_SIZE];
  guint8 digest[32];

  if (!md_nonce_get_time (nonce, &made))
    return NONCES_FORGED;
  md_reader_init_bytes (&reader, nonce);
  (void)md_reader_u8 (&reader);
  number = md_reader_u32be (&reader);
  key = find_key (self, number);
  /* Another gateway of this ledger may have made a newer key. */
  if (key == NULL)
    {
      if (!read_keys (self, NULL))
        return NONCES_UNKNOWN;
      key = find_key (self, number);
    }
  if (key == NULL)
    return NONCES_FORGED;
  compute_mac (key, data, mac);
  if (CRYPTO_memcmp (mac, data + MD_NONCE_BODY_SIZE, sizeof mac) != 0)
    return NONCES_FORGED;
  terminal_digest (office, terminal, digest);
  if (memcmp (digest, data + 1 + 4 + 8, MD_NONCE_TERMINAL_SIZE) != 0)
    return NONCES_FOREIGN;
  *out_made = made;
  return NONCES_OURS;
}
