// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"
#include "md-secret-arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Hand-written although OpenSSL has a secure heap: that one belongs to pki, and base may not stand
 * on it. Small secrets share chunks of one mapping, cut into granules (first fit over a bitmap:
 * there are dozens of them, not thousands); what is larger than a quarter of a chunk gets a mapping
 * of its own. */

#define CHUNK_SIZE 65536u
#define GRANULE 64u
#define GRANULES (CHUNK_SIZE / GRANULE)
#define OWN_MAPPING (CHUNK_SIZE / 4)

typedef struct _Chunk Chunk;
struct _Chunk
{
  Chunk *next;
  guint8 *base;
  guint used;
  gboolean taken[GRANULES];
};

static GMutex lock;
static Chunk *chunks;
static gboolean lock_refused;

static gsize
round_up (gsize size, gsize unit)
{
  return (size + unit - 1) / unit * unit;
}

static guint8 *
map_pages (gsize size)
{
  void *pages = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED)
    g_error ("No memory for a secret of %" G_GSIZE_FORMAT " bytes: %s", size, g_strerror (errno));
  if (mlock (pages, size) != 0)
    lock_refused = TRUE;
  (void)madvise (pages, size, MADV_DONTDUMP);
  (void)madvise (pages, size, MADV_WIPEONFORK);
  return pages;
}

static void
unmap_pages (guint8 *pages, gsize size)
{
  (void)munlock (pages, size);
  (void)munmap (pages, size);
}

static gsize
find_room (const Chunk *chunk, gsize count)
{
  gsize run = 0;

  for (gsize i = 0; i < GRANULES; i++)
    {
      run = chunk->taken[i] ? 0 : run + 1;
      if (run == count)
        return i + 1 - count;
    }
  return GRANULES;
}

static void
mark (Chunk *chunk, gsize first, gsize count, gboolean taken)
{
  for (gsize i = first; i < first + count; i++)
    chunk->taken[i] = taken;
  if (taken)
    chunk->used += (guint)count;
  else
    chunk->used -= (guint)count;
}

static guint8 *
take_granules (gsize count)
{
  Chunk *chunk;

  for (chunk = chunks; chunk != NULL; chunk = chunk->next)
    {
      const gsize first = find_room (chunk, count);

      if (first < GRANULES)
        {
          mark (chunk, first, count, TRUE);
          return chunk->base + first * GRANULE;
        }
    }
  chunk = g_new0 (Chunk, 1);
  chunk->base = map_pages (CHUNK_SIZE);
  chunk->next = chunks;
  chunks = chunk;
  mark (chunk, 0, count, TRUE);
  return chunk->base;
}

/* Keeps one empty chunk, so that a PIN a minute does not map and unmap. */
static void
give_granules (guint8 *place, gsize count)
{
  for (Chunk **link = &chunks; *link != NULL; link = &(*link)->next)
    {
      Chunk *chunk = *link;

      if (place < chunk->base || place >= chunk->base + CHUNK_SIZE)
        continue;
      mark (chunk, (gsize)(place - chunk->base) / GRANULE, count, FALSE);
      if (chunk->used == 0 && (chunk != chunks || chunk->next != NULL))
        {
          *link = chunk->next;
          unmap_pages (chunk->base, CHUNK_SIZE);
          g_free (chunk);
        }
      return;
    }
  g_assert_not_reached ();
}

guint8 *
md_secret_arena_alloc (gsize size)
{
  guint8 *place;

  g_mutex_lock (&lock);
  if (size > OWN_MAPPING)
    place = map_pages (round_up (size, (gsize)sysconf (_SC_PAGESIZE)));
  else
    place = take_granules (round_up (MAX (size, 1), GRANULE) / GRANULE);
  g_mutex_unlock (&lock);
  return place;
}

void
md_secret_arena_free (guint8 *place, gsize size)
{
  md_wipe (place, size);
  g_mutex_lock (&lock);
  if (size > OWN_MAPPING)
    unmap_pages (place, round_up (size, (gsize)sysconf (_SC_PAGESIZE)));
  else
    give_granules (place, round_up (MAX (size, 1), GRANULE) / GRANULE);
  g_mutex_unlock (&lock);
}

gboolean
md_secret_arena_is_locked (void)
{
  gboolean locked;

  g_mutex_lock (&lock);
  locked = !lock_refused;
  g_mutex_unlock (&lock);
  return locked;
}
