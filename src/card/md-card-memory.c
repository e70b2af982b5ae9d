// SPDX-License-Identifier: Apache-2.0
#include "md-card-memory.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

// A day at a counter has fewer wrong PINs than half of this (each is noted of the card and of its
// place); the oldest go first.
#define MAX_REFUSALS 128

// A refusal that no counter can end, or that no card can be told by.
#define UNCOUNTED_AGE_NS (12 * 3600 * G_GINT64_CONSTANT (1000000000))

#define TAG_SIZE 32

typedef struct
{
  guint8 tag[TAG_SIZE]; // of card and PIN
  char *card;
  gboolean nameless; // another card may be this one
  gboolean gone;     // CARD is a place, which means another insertion by now
  MdCardPin pin;
  int tries;         // that the card has left at most, if it refused; may be unknown
  char *accepted_at; // where it lay when a PIN was accepted after this one; NULL: none was
  gint64 since_ns;
} Refusal;

struct _MdCardMemory
{
  gatomicrefcount count;
  GMutex mutex;
  MdClock *clock;
  MdSecret *key;
  GPtrArray *refusals;    // of Refusal, the oldest first
  GHashTable *distrusted; // of reader names
};

static void
refusal_free (gpointer data)
{
  Refusal *self = data;
  g_free (self->card);
  g_free (self->accepted_at);
  md_wipe (self, sizeof *self);
  g_free (self);
}

MdCardMemory *
md_card_memory_new (void)
{
  MdCardMemory *self = g_new0 (MdCardMemory, 1);
  g_atomic_ref_count_init (&self->count);
  g_mutex_init (&self->mutex);
  self->clock = g_object_ref (md_clock_get_system ());
  self->key = md_secret_new (TAG_SIZE);
  if (RAND_priv_bytes (md_secret_resize (self->key, TAG_SIZE), TAG_SIZE) != 1)
    g_error ("the system gives no random numbers");
  self->refusals = g_ptr_array_new_with_free_func (refusal_free);
  self->distrusted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

MdCardMemory *
md_card_memory_ref (MdCardMemory *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
md_card_memory_unref (MdCardMemory *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  g_ptr_array_unref (self->refusals);
  g_hash_table_unref (self->distrusted);
  md_secret_unref (self->key);
  g_object_unref (self->clock);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
md_card_memory_set_clock (MdCardMemory *self, MdClock *clock)
{
  g_mutex_lock (&self->mutex);
  g_set_object (&self->clock, clock);
  g_mutex_unlock (&self->mutex);
}

// HMAC-SHA-256 of KIND, NAME and what follows it.
static void
compute_digest (const MdCardMemory *self, guint8 kind, const char *name, const guint8 *data,
                gsize size, guint8 *out_digest)
{
  const gsize name_size = strlen (name) + 1;
  unsigned int length = TAG_SIZE;
  g_autoptr (MdSecret) text = md_secret_new (sizeof kind + name_size + size);
  gboolean ok = md_secret_append (text, &kind, sizeof kind)
                && md_secret_append (text, name, name_size) && md_secret_append (text, data, size)
                && HMAC (EVP_sha256 (), md_secret_get_data (self->key), TAG_SIZE,
                         md_secret_get_data (text), md_secret_get_size (text), out_digest, &length)
                       != NULL;
  if (!ok)
    g_error ("HMAC-SHA-256 does not work");
}

// Of SECRET for the kind of PIN, as it was noted of CARD.
static void
compute_tag (const MdCardMemory *self, const MdPinUse *use, const char *card, guint8 *out_tag)
{
  compute_digest (self, (guint8)use->pin, card, md_secret_get_data (use->secret),
                  md_secret_get_size (use->secret), out_tag);
}

char *
md_card_memory_name (MdCardMemory *self, const char *kind, const guint8 *data, gsize length)
{
  guint8 digest[TAG_SIZE];
  compute_digest (self, MD_CARD_PIN_NONE, kind, data, length, digest);
  return md_hex_encode (digest, sizeof digest);
}

static gboolean
is_about (const Refusal *refusal, const MdPinUse *use)
{
  return !refusal->gone && refusal->pin == use->pin && g_str_equal (refusal->card, use->card);
}

// Where the PIN stands, or refusals->len.
static guint
find (MdCardMemory *self, const MdPinUse *use)
{
  guint8 tag[TAG_SIZE];
  guint i = 0;
  compute_tag (self, use, use->card, tag);
  for (; i < self->refusals->len; i++)
    {
      const Refusal *refusal = g_ptr_array_index (self->refusals, i);
      if (is_about (refusal, use) && CRYPTO_memcmp (refusal->tag, tag, TAG_SIZE) == 0)
        break;
    }
  md_wipe (tag, sizeof tag);
  return i;
}

static void
forget (MdCardMemory *self, const MdPinUse *use)
{
  guint place = find (self, use);
  if (place < self->refusals->len)
    g_ptr_array_remove_index (self->refusals, place);
}

// TRIES: left at most, once it is refused.
static void
remember (MdCardMemory *self, const MdPinUse *use, int tries)
{
  Refusal *refusal = g_new0 (Refusal, 1);
  refusal->card = g_strdup (use->card);
  refusal->nameless = use->nameless;
  refusal->pin = use->pin;
  refusal->tries = tries;
  g_mutex_lock (&self->mutex);
  compute_tag (self, use, use->card, refusal->tag);
  refusal->since_ns = md_clock_get_monotonic_ns (self->clock);
  forget (self, use);
  if (self->refusals->len >= MAX_REFUSALS)
    g_ptr_array_remove_index (self->refusals, 0);
  g_ptr_array_add (self->refusals, refusal);
  g_mutex_unlock (&self->mutex);
}

void
md_card_memory_note_sent (MdCardMemory *self, const MdPinUse *use, int tries)
{
  remember (self, use, tries > 0 ? tries - 1 : MD_CARD_TRIES_UNKNOWN);
}

void
md_card_memory_note_refused (MdCardMemory *self, const MdPinUse *use, int tries)
{
  int noted = MD_CARD_TRIES_UNKNOWN;
  if (md_card_memory_knows (self, use, &noted))
    tries = MAX (noted, tries);
  remember (self, use, tries);
}

void
md_card_memory_note_accepted (MdCardMemory *self, const MdPinUse *use)
{
  g_mutex_lock (&self->mutex);
  forget (self, use);
  // The counter goes up by our own doing: what was wrong is wrong, as long as the card lies here.
  for (guint i = 0; i < self->refusals->len; i++)
    {
      Refusal *refusal = g_ptr_array_index (self->refusals, i);
      if (!is_about (refusal, use))
        continue;
      g_free (refusal->accepted_at);
      refusal->accepted_at = g_strdup (use->place);
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
is_old (MdCardMemory *self, const Refusal *refusal)
{
  return md_clock_get_monotonic_ns (self->clock) - refusal->since_ns > UNCOUNTED_AGE_NS;
}

// Whether the PIN may be another one by now.
static gboolean
is_over (MdCardMemory *self, const Refusal *refusal, const MdPinUse *use, int tries)
{
  if (refusal->accepted_at != NULL)
    return !g_str_equal (refusal->accepted_at, use->place);
  if (tries < 0 || refusal->tries < 0)
    return is_old (self, refusal);
  return tries > refusal->tries;
}

// What the counter and the time tell about what was sent before.
static void
settle (MdCardMemory *self, const MdPinUse *use, int tries)
{
  for (guint i = self->refusals->len; i > 0; i--)
    {
      Refusal *refusal = g_ptr_array_index (self->refusals, i - 1);
      if (!is_about (refusal, use))
        continue;
      if (is_over (self, refusal, use, tries))
        g_ptr_array_remove_index (self->refusals, i - 1);
      else if (tries >= 0)
        refusal->tries = tries;
    }
}

gboolean
md_card_memory_was_refused (MdCardMemory *self, const MdPinUse *use, int tries)
{
  g_mutex_lock (&self->mutex);
  settle (self, use, tries);
  gboolean refused = find (self, use) < self->refusals->len;
  g_mutex_unlock (&self->mutex);
  return refused;
}

// Whether the card of USE, with so many TRIES, may be the one that REFUSAL was noted of, though
// they have not the same name; and its PIN still the one that it had then.
static gboolean
may_be_about (MdCardMemory *self, const Refusal *refusal, const MdPinUse *use, int tries)
{
  const gboolean itself
      = !refusal->gone
        && (g_str_equal (refusal->card, use->card) || g_str_equal (refusal->card, use->place));
  if (itself || refusal->pin != use->pin || !(refusal->nameless || use->nameless))
    return FALSE;
  if (refusal->accepted_at != NULL || is_old (self, refusal))
    return FALSE;
  return tries < 0 || refusal->tries < 0 || tries <= refusal->tries;
}

gboolean
md_card_memory_may_have_refused (MdCardMemory *self, const MdPinUse *use, int tries)
{
  gboolean may = FALSE;
  guint8 tag[TAG_SIZE];
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->refusals->len && !may; i++)
    {
      const Refusal *refusal = g_ptr_array_index (self->refusals, i);
      if (!may_be_about (self, refusal, use, tries))
        continue;
      compute_tag (self, use, refusal->card, tag);
      may = CRYPTO_memcmp (refusal->tag, tag, TAG_SIZE) == 0;
    }
  g_mutex_unlock (&self->mutex);
  md_wipe (tag, sizeof tag);
  return may;
}

gboolean
md_card_memory_knows (MdCardMemory *self, const MdPinUse *use, int *out_tries)
{
  g_mutex_lock (&self->mutex);
  guint place = find (self, use);
  gboolean known = place < self->refusals->len;
  if (known)
    *out_tries = ((const Refusal *)g_ptr_array_index (self->refusals, place))->tries;
  g_mutex_unlock (&self->mutex);
  return known;
}

void
md_card_memory_distrust_pad (MdCardMemory *self, const char *reader)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_add (self->distrusted, g_strdup (reader));
  g_mutex_unlock (&self->mutex);
}

gboolean
md_card_memory_trusts_pad (MdCardMemory *self, const char *reader)
{
  g_mutex_lock (&self->mutex);
  gboolean trusted = !g_hash_table_contains (self->distrusted, reader);
  g_mutex_unlock (&self->mutex);
  return trusted;
}

// Places are named by md_card_name_by_place().
static gboolean
is_place_on (const char *name, const char *reader)
{
  if (!g_str_has_prefix (name, reader) || name[strlen (reader)] != '#')
    return FALSE;
  const char *count = name + strlen (reader) + 1;
  return strspn (count, "0123456789") == strlen (count);
}

void
md_card_memory_forget_reader (MdCardMemory *self, const char *reader)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->distrusted, reader);
  for (guint i = self->refusals->len; i > 0; i--)
    {
      Refusal *refusal = g_ptr_array_index (self->refusals, i - 1);
      if (refusal->accepted_at != NULL && is_place_on (refusal->accepted_at, reader))
        *refusal->accepted_at = '\0'; // the card lies there no more
      if (!is_place_on (refusal->card, reader))
        continue;
      if (refusal->nameless) // the place is all that was known of the card
        refusal->gone = TRUE;
      else
        g_ptr_array_remove_index (self->refusals, i - 1);
    }
  g_mutex_unlock (&self->mutex);
}
