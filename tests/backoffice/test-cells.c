// SPDX-License-Identifier: Apache-2.0
/* Which counts of a table are not told: from what is printed nobody works out a small one, whoever
 * knows the rule and how many there are in all. Tried by drawing up every table there is. */
#include <string.h>

#include "cells.h"

#define CELLS 5u

typedef struct
{
  guint n, least, most;
  gboolean silent; /* the last cell is those without an answer: not printed, left out when empty */
} Kind;

/* What is known of a table: what is printed, how many there are in all, and of the silent cell
 * whether the question had to be answered. Caller owns. */
static char *
print_table (const Kind *kind, const guint *counts, const gboolean *withheld, guint sum)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint last = kind->n - 1;

  g_string_printf (text, "%u%s:", sum, kind->silent && counts[last] == 0 ? "!" : "");
  for (guint i = 0; i < (kind->silent ? last : kind->n); i++)
    if (withheld[i])
      g_string_append (text, " few");
    else
      g_string_append_printf (text, " %u", counts[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The least and the largest that each cell may be. */
typedef struct
{
  guint low[CELLS], high[CELLS];
} Range;

static gboolean
next_table (guint *counts, const Kind *kind)
{
  for (guint i = 0; i < kind->n; i++)
    {
      if (counts[i] < kind->most)
        {
          counts[i]++;
          return TRUE;
        }
      counts[i] = 0;
    }
  return FALSE;
}

static void
widen (GHashTable *prints, char *print, const guint *counts, guint n)
{
  Range *range = g_hash_table_lookup (prints, print);

  if (range == NULL)
    {
      range = g_new0 (Range, 1);
      memcpy (range->low, counts, sizeof range->low);
      memcpy (range->high, counts, sizeof range->high);
      g_hash_table_insert (prints, g_strdup (print), range);
    }
  for (guint i = 0; i < n; i++)
    {
      range->low[i] = MIN (range->low[i], counts[i]);
      range->high[i] = MAX (range->high[i], counts[i]);
    }
  g_free (print);
}

/* Every table there is of so many people or fewer, by what is printed of it. */
static GHashTable *
gather (const Kind *kind)
{
  GHashTable *prints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  guint counts[CELLS] = { 0 };

  do
    {
      const guint n = kind->silent && counts[kind->n - 1] == 0 ? kind->n - 1 : kind->n;
      gboolean withheld[CELLS];
      guint sum = 0;

      for (guint i = 0; i < kind->n; i++)
        sum += counts[i];
      if (sum < kind->least || sum > kind->most)
        continue;
      (void)cells_withhold (counts, n, kind->least, withheld);
      widen (prints, print_table (kind, counts, withheld, sum), counts, kind->n);
    }
  while (next_table (counts, kind));
  return prints;
}

static void
test_nobody_works_it_out (void)
{
  static const Kind kinds[] = {
    { 2, 3, 60, FALSE },  { 3, 3, 40, FALSE }, { 4, 3, 24, FALSE }, { 5, 3, 15, FALSE },
    { 3, 4, 40, FALSE },  { 4, 4, 24, FALSE }, { 5, 4, 16, FALSE }, { 4, 5, 24, FALSE },
    { 3, 10, 60, FALSE }, { 3, 3, 40, TRUE },  { 4, 3, 24, TRUE },  { 5, 3, 15, TRUE },
    { 4, 4, 24, TRUE },   { 5, 4, 16, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GHashTable) prints = gather (&kinds[i]);
      GHashTableIter iter;
      gpointer print, value;

      g_hash_table_iter_init (&iter, prints);
      while (g_hash_table_iter_next (&iter, &print, &value))
        for (guint j = 0; j < kinds[i].n; j++)
          {
            const Range *range = value;

            if (range->low[j] == range->high[j] && range->low[j] > 0
                && range->low[j] < kinds[i].least)
              g_error ("%u cells, least %u: of \"%s\" cell %u is %u", kinds[i].n, kinds[i].least,
                       (const char *)print, j, range->low[j]);
          }
    }
}

static void
test_told_where_nothing_is_small (void)
{
  const guint counts[] = { 12, 0, 10, 0 };
  gboolean withheld[G_N_ELEMENTS (counts)];

  g_assert_false (cells_withhold (counts, G_N_ELEMENTS (counts), 10, withheld));
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_false (withheld[i]);
}

static void
check (const char *line, guint least)
{
  g_auto (GStrv) halves = g_strsplit (line, " -> ", 2);
  g_auto (GStrv) from = g_strsplit (halves[0], " ", -1), to = g_strsplit (halves[1], " ", -1);
  const guint n = g_strv_length (from);
  guint counts[CELLS];
  gboolean withheld[CELLS];

  g_assert_cmpuint (n, <=, CELLS);
  for (guint i = 0; i < n; i++)
    counts[i] = (guint)g_ascii_strtoull (from[i], NULL, 10);
  (void)cells_withhold (counts, n, least, withheld);
  for (guint i = 0; i < n; i++)
    g_assert_cmpstr (withheld[i] ? "-" : from[i], ==, to[i]);
}

/* The usual cases, as a table. */
static void
test_rule (void)
{
  static const char *const lines[] = {
    "20 8 5 -> 20 8 5",         /* nothing is small */
    "20 8 2 -> 20 - -",         /* the next smallest as well, or the sum tells */
    "20 9 1 1 -> 20 - - -",     /* two cells, but of two people together */
    "20 9 2 2 -> 20 - - -",     /* all the same, as large as they can be */
    "20 9 2 1 -> 20 9 - -",     /* enough */
    "20 9 2 0 -> 20 - - -",     /* one of two, but of two people together */
    "20 9 2 1 0 -> 20 9 - - -", /* empty ones are not told from small ones */
    "20 8 8 2 -> 20 - - -",     /* of equal ones all */
    "5 2 1 -> 5 - -",
    "2 2 2 -> - - -", /* everything is small */
    "40 1 -> - -",    /* nothing else to withhold */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    check (lines[i], 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/backoffice/cells/rule", test_rule);
  g_test_add_func ("/backoffice/cells/told-where-nothing-is-small",
                   test_told_where_nothing_is_small);
  g_test_add_func ("/backoffice/cells/nobody-works-it-out", test_nobody_works_it_out);
  return g_test_run ();
}
