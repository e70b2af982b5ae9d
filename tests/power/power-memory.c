// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <string.h>

#include "power-memory.h"

/* Sizes are powers of two from 32 bytes; what is given back is given out again. */
#define SMALLEST_BITS 5u
#define N_SIZES 27u

typedef union
{
  struct
  {
    gsize size; /* without this head */
    guint class;
  } in_use;
  gpointer next;
  long double alignment;
} Head;

static Head *idle[N_SIZES];
static guint count, fail_at;
static gboolean stays, failed;

static gboolean
ends_here (void)
{
  count++;
  if (fail_at == 0 || (fail_at > 1 && --fail_at > 0))
    return FALSE;
  if (!stays)
    fail_at = 0;
  failed = TRUE;
  return TRUE;
}

static void *
give (int size)
{
  guint class = 0;
  Head *head;

  while (((gsize)1 << (class + SMALLEST_BITS)) < (gsize)size + sizeof (Head))
    class ++;
  g_assert_cmpuint (class, <, N_SIZES);
  head = idle[class];
  if (head != NULL)
    idle[class] = head->next;
  else
    head = g_malloc ((gsize)1 << (class + SMALLEST_BITS));
  head->in_use.size = ((gsize)1 << (class + SMALLEST_BITS)) - sizeof (Head);
  head->in_use.class = class;
  return head + 1;
}

static void *
memory_give (int size)
{
  return ends_here () ? NULL : give (size);
}

static void
memory_take_back (void *memory)
{
  Head *head = (Head *)memory - 1;
  const guint class = head->in_use.class;

  head->next = idle[class];
  idle[class] = head;
}

static int
memory_size (void *memory)
{
  return (int)((Head *)memory - 1)->in_use.size;
}

static void *
memory_resize (void *memory, int size)
{
  void *other;

  if (ends_here ())
    return NULL;
  if (size <= memory_size (memory))
    return memory;
  other = give (size);
  memcpy (other, memory, (gsize)memory_size (memory));
  memory_take_back (memory);
  return other;
}

static int
memory_round (int size)
{
  return (size + 7) & ~7;
}

static int
memory_start (void *data)
{
  return SQLITE_OK;
}

static void
memory_stop (void *data)
{
}

void
power_memory_install (void)
{
  static const sqlite3_mem_methods methods
      = { memory_give,  memory_take_back, memory_resize, memory_size,
          memory_round, memory_start,     memory_stop,   NULL };

  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &methods), ==, SQLITE_OK);
  /* Each allocation is one of ours, also the small ones. */
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0), ==, SQLITE_OK);
}

guint
power_memory_count (void)
{
  return count;
}

void
power_memory_fail (guint n, gboolean for_ever)
{
  fail_at = n;
  stays = for_ever;
  failed = FALSE;
}

gboolean
power_memory_failed (void)
{
  return failed;
}
