// SPDX-License-Identifier: Apache-2.0
/* What a program does to itself: nobody reads along, and freed memory holds nothing. */
#include <memory-scan.h>
#include <md-process.h>

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define TEXT "解放された文字列 0123456789"

/* Sizes of the thread's cache, of the bins, and of mappings of their own. */
static const gsize sizes[] = { 40, 64, 1000, 3000, 100000, 1000000 };

static gboolean
freed_is_wiped (void)
{
  if (g_strcmp0 (g_getenv ("MADOGUCHI_SANITIZERS"), "none") == 0)
    return TRUE;
  g_test_skip ("the sanitizer has an allocator of its own");
  return FALSE;
}

static char *
filled (gsize size)
{
  char *block = g_malloc (size);

  for (gsize at = 0; at + sizeof TEXT <= size; at += sizeof TEXT)
    memcpy (block + at, TEXT, sizeof TEXT);
  return block;
}

/* Blocks on both sides keep the freed one from going back to the kernel with the end of the heap.
 */
static void
test_free (void)
{
  if (!freed_is_wiped ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *before = g_malloc (16);
      char *block = filled (sizes[i]);
      g_autofree char *after = g_malloc (16);

      g_assert_cmpuint (memory_scan (TEXT), >=, 1);
      g_free (block);
      memory_assert_without (TEXT);
    }
}

static void
test_realloc (void)
{
  if (!freed_is_wiped ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      char *block = filled (sizes[i]);
      g_autofree char *after = g_malloc (16);

      block = g_realloc (block, sizes[i] * 4);
      g_assert_cmpstr (block, ==, TEXT);
      memset (block, 0, sizes[i]);
      memory_assert_without (TEXT);
      g_free (block);
    }
}

static void
test_realloc_shrinks (void)
{
  if (!freed_is_wiped ())
    return;
  for (gsize left = 100; left < 3000; left += 900)
    {
      char *block = g_realloc (filled (3000), left);

      g_assert_cmpstr (block, ==, TEXT);
      memset (block, 0, left);
      memory_assert_without (TEXT);
      g_free (block);
    }
  g_assert_null (g_realloc (filled (3000), 0));
  memory_assert_without (TEXT);
}

static void
test_slices (void)
{
  char *block = g_slice_alloc (sizeof TEXT);

  memcpy (block, TEXT, sizeof TEXT);
  g_slice_free1 (sizeof TEXT, block);
  if (freed_is_wiped ())
    memory_assert_without (TEXT);
}

static void
test_closed (void)
{
  struct rlimit core = { 1, 1 };

  g_assert_cmpint (prctl (PR_GET_DUMPABLE, 0, 0, 0, 0), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &core), ==, 0);
  g_assert_cmpuint (core.rlim_cur, ==, 0);
  g_assert_cmpuint (core.rlim_max, ==, 0);
}

int
main (int argc, char **argv)
{
  md_process_guard ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process/guard/closed", test_closed);
  g_test_add_func ("/process/guard/free", test_free);
  g_test_add_func ("/process/guard/realloc", test_realloc);
  g_test_add_func ("/process/guard/realloc-shrinks", test_realloc_shrinks);
  g_test_add_func ("/process/guard/slices", test_slices);
  return g_test_run ();
}
