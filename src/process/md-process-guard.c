// SPDX-License-Identifier: Apache-2.0
#include "md-process.h"

#include <md-base.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef MD_PROCESS_WIPES_FREED

#include <malloc.h>
#include <string.h>

/* glibc's own, under the names that its manual leaves to those who replace the public ones. Its
 * M_PERTURB would be one line instead of these two functions, but it passes over small blocks (they
 * go to the thread's cache first) and the last eight bytes of each: measured with glibc 2.36. */
extern void __libc_free (void *block);

static void
wipe_and_free (void *block)
{
  md_wipe (block, malloc_usable_size (block));
  __libc_free (block);
}

void
free (void *block)
{
  if (block != NULL)
    wipe_and_free (block);
}

/* glibc's would leave the old place as it is when it moves, and the rest when it shrinks. */
void *
realloc (void *block, size_t size)
{
  const gsize had = block != NULL ? malloc_usable_size (block) : 0;
  void *moved;

  if (block != NULL && size == 0)
    {
      wipe_and_free (block);
      return NULL;
    }
  if (size <= had && size >= had / 2)
    {
      md_wipe ((guint8 *)block + size, had - size);
      return block;
    }
  moved = malloc (size);
  if (moved == NULL || block == NULL)
    return moved;
  memcpy (moved, block, MIN (had, size));
  wipe_and_free (block);
  return moved;
}

#endif

void
md_process_guard (void)
{
  const struct rlimit none = { 0, 0 };

  (void)setrlimit (RLIMIT_CORE, &none);
  (void)prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
  g_mem_gc_friendly = TRUE; /* GLib's slices do not come back to free() */
}
