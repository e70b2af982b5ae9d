// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"
#include "md-secret-arena.h"

#include <malloc.h>
#include <string.h>

struct _MdSecret
{
  gatomicrefcount references;
  guint8 *data; /* capacity + 1 bytes: a zero byte follows the contents */
  gsize size;
  gsize capacity;
};

G_DEFINE_BOXED_TYPE (MdSecret, md_secret, md_secret_ref, md_secret_unref)

MdSecret *
md_secret_new (gsize capacity)
{
  MdSecret *secret;

  g_return_val_if_fail (capacity <= MD_LIMIT_SECRET, NULL);
  secret = g_new0 (MdSecret, 1);
  g_atomic_ref_count_init (&secret->references);
  secret->capacity = capacity;
  secret->data = md_secret_arena_alloc (capacity + 1);
  return secret;
}

MdSecret *
md_secret_new_from_data (const void *data, gsize size)
{
  MdSecret *secret = md_secret_new (size);

  if (size > 0)
    memcpy (secret->data, data, size);
  secret->size = size;
  return secret;
}

MdSecret *
md_secret_new_from_text (const char *text)
{
  return md_secret_new_from_data (text, strlen (text));
}

MdSecret *
md_secret_new_take_text (char *text)
{
  MdSecret *secret;

  if (text == NULL)
    return NULL;
  secret = md_secret_new_from_text (text);
  md_wipe_free_text (text);
  return secret;
}

MdSecret *
md_secret_ref (MdSecret *secret)
{
  g_atomic_ref_count_inc (&secret->references);
  return secret;
}

void
md_secret_unref (MdSecret *secret)
{
  if (secret == NULL || !g_atomic_ref_count_dec (&secret->references))
    return;
  md_secret_arena_free (secret->data, secret->capacity + 1);
  md_wipe (secret, sizeof *secret);
  g_free (secret);
}

gsize
md_secret_get_size (const MdSecret *secret)
{
  return secret->size;
}

const guint8 *
md_secret_get_data (const MdSecret *secret)
{
  return secret->data;
}

const char *
md_secret_get_text (const MdSecret *secret)
{
  return (const char *)secret->data;
}

gboolean
md_secret_append (MdSecret *secret, const void *data, gsize size)
{
  if (size > secret->capacity - secret->size)
    return FALSE;
  if (size > 0)
    memcpy (secret->data + secret->size, data, size);
  secret->size += size;
  return TRUE;
}

guint8 *
md_secret_resize (MdSecret *secret, gsize size)
{
  g_return_val_if_fail (size <= secret->capacity, NULL);
  if (size < secret->size)
    md_wipe (secret->data + size, secret->size - size);
  secret->size = size;
  return secret->data;
}

void
md_secret_clear (MdSecret *secret)
{
  md_wipe (secret->data, secret->capacity + 1);
  secret->size = 0;
}

gboolean
md_secret_equal (const MdSecret *a, const MdSecret *b)
{
  volatile guint8 difference = 0;

  if (a == NULL || b == NULL)
    return a == b;
  if (a->size != b->size)
    return FALSE;
  for (gsize i = 0; i < a->size; i++)
    difference |= a->data[i] ^ b->data[i];
  return difference == 0;
}

gboolean
md_secret_pages_are_locked (void)
{
  return md_secret_arena_is_locked ();
}

void
md_wipe (void *data, gsize size)
{
  if (data != NULL && size > 0)
    explicit_bzero (data, size);
}

void
md_wipe_free_text (char *text)
{
  if (text == NULL)
    return;
  md_wipe (text, malloc_usable_size (text));
  g_free (text);
}

void
md_wipe_free_texts (char **texts)
{
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    md_wipe_free_text (texts[i]);
  g_free (texts);
}

typedef struct
{
  gsize size;
  guint8 data[];
} WipedBlock;

static void
wiped_block_free (gpointer data)
{
  WipedBlock *block = data;

  md_wipe (block->data, block->size);
  g_free (block);
}

GBytes *
md_bytes_new_wiped (const void *data, gsize size)
{
  WipedBlock *block = g_malloc (sizeof (WipedBlock) + size);

  block->size = size;
  if (size > 0)
    memcpy (block->data, data, size);
  return g_bytes_new_with_free_func (block->data, size, wiped_block_free, block);
}

static void
unref_secret (gpointer secret)
{
  md_secret_unref (secret);
}

GBytes *
md_bytes_new_secret (const void *data, gsize size)
{
  MdSecret *secret = md_secret_new_from_data (data, size);

  return g_bytes_new_with_free_func (secret->data, size, unref_secret, secret);
}
