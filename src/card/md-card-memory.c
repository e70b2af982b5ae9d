// SPDX-License-Identifier: Apache-2.0
#include "md-card-memory.h"

// A day at a counter has fewer wrong PINs than this; the oldest go first.
#define MAX_REFUSALS 64

typedef struct
{
  char *card;
  MdCardPin pin;
  MdSecret *secret;
  int tries; // that the card has left at most, if it refused
} Refusal;

struct _MdCardMemory
{
  gatomicrefcount count;
  GMutex mutex;
  GPtrArray *refusals;    // of Refusal, the oldest first
  GHashTable *distrusted; // of reader names
};

static void
refusal_free (gpointer data)
{
  Refusal *self = data;
  md_secret_unref (self->secret);
  g_free (self->card);
  g_free (self);
}

MdCardMemory *
md_card_memory_new (void)
{
  MdCardMemory *self = g_new0 (MdCardMemory, 1);
  g_atomic_ref_count_init (&self->count);
  g_mutex_init (&self->mutex);
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
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gboolean
is_about (const Refusal *refusal, const char *card, MdCardPin pin)
{
  return refusal->pin == pin && g_str_equal (refusal->card, card);
}

// Where SECRET stands, or refusals->len.
static guint
find (MdCardMemory *self, const char *card, MdCardPin pin, const MdSecret *secret)
{
  guint i = 0;
  for (; i < self->refusals->len; i++)
    {
      const Refusal *refusal = g_ptr_array_index (self->refusals, i);
      if (is_about (refusal, card, pin) && md_secret_equal (refusal->secret, secret))
        break;
    }
  return i;
}

static void
forget (MdCardMemory *self, const char *card, MdCardPin pin, const MdSecret *secret)
{
  guint place = find (self, card, pin, secret);
  if (place < self->refusals->len)
    g_ptr_array_remove_index (self->refusals, place);
}

void
md_card_memory_note_sent (MdCardMemory *self, const char *card, MdCardPin pin,
                          const MdSecret *secret, int tries)
{
  Refusal *refusal = g_new0 (Refusal, 1);
  refusal->card = g_strdup (card);
  refusal->pin = pin;
  refusal->secret
      = md_secret_new_from_data (md_secret_get_data (secret), md_secret_get_size (secret));
  refusal->tries = tries - 1;
  g_mutex_lock (&self->mutex);
  forget (self, card, pin, secret);
  if (self->refusals->len >= MAX_REFUSALS)
    g_ptr_array_remove_index (self->refusals, 0);
  g_ptr_array_add (self->refusals, refusal);
  g_mutex_unlock (&self->mutex);
}

void
md_card_memory_note_accepted (MdCardMemory *self, const char *card, MdCardPin pin,
                              const MdSecret *secret)
{
  g_mutex_lock (&self->mutex);
  forget (self, card, pin, secret);
  // The counter goes up by our own doing: what was wrong is wrong.
  for (guint i = 0; i < self->refusals->len; i++)
    {
      Refusal *refusal = g_ptr_array_index (self->refusals, i);
      if (is_about (refusal, card, pin))
        refusal->tries = G_MAXINT;
    }
  g_mutex_unlock (&self->mutex);
}

void
md_card_memory_note_unused (MdCardMemory *self, const char *card, MdCardPin pin,
                            const MdSecret *secret)
{
  g_mutex_lock (&self->mutex);
  forget (self, card, pin, secret);
  g_mutex_unlock (&self->mutex);
}

// What the counter tells about what was sent before.
static void
settle (MdCardMemory *self, const char *card, MdCardPin pin, int tries)
{
  for (guint i = self->refusals->len; i > 0; i--)
    {
      Refusal *refusal = g_ptr_array_index (self->refusals, i - 1);
      if (!is_about (refusal, card, pin))
        continue;
      if (tries > refusal->tries)
        g_ptr_array_remove_index (self->refusals, i - 1);
      else
        refusal->tries = tries;
    }
}

gboolean
md_card_memory_was_refused (MdCardMemory *self, const char *card, MdCardPin pin,
                            const MdSecret *secret, int tries)
{
  g_mutex_lock (&self->mutex);
  settle (self, card, pin, tries);
  gboolean refused = find (self, card, pin, secret) < self->refusals->len;
  g_mutex_unlock (&self->mutex);
  return refused;
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

void
md_card_memory_forget_reader (MdCardMemory *self, const char *reader)
{
  g_mutex_lock (&self->mutex);
  g_hash_table_remove (self->distrusted, reader);
  g_mutex_unlock (&self->mutex);
}
