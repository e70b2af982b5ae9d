// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "cells.h"

typedef struct
{
  guint sum, smallest, largest; /* of those that are withheld */
  guint told, next;             /* next: the smallest of those that are told */
} Sight;

static Sight
look_at (const guint *counts, guint n, const gboolean *withheld)
{
  Sight sight = { .smallest = G_MAXUINT, .next = G_MAXUINT };

  for (guint i = 0; i < n; i++)
    if (withheld[i])
      {
        sight.sum += counts[i];
        sight.smallest = MIN (sight.smallest, counts[i]);
        sight.largest = MAX (sight.largest, counts[i]);
      }
    else
      {
        sight.told++;
        sight.next = MIN (sight.next, counts[i]);
      }
  return sight;
}

static gboolean
is_enough (const Sight *sight, guint least)
{
  return sight->sum >= least && sight->smallest != sight->largest;
}

gboolean
cells_withhold (const guint *counts, guint n, guint least, gboolean *out_withheld)
{
  gboolean small = FALSE;
  Sight sight;

  for (guint i = 0; i < n; i++)
    small = small || (counts[i] > 0 && counts[i] < least);
  for (guint i = 0; i < n; i++)
    out_withheld[i] = small && counts[i] < least;
  if (!small)
    return FALSE;
  for (sight = look_at (counts, n, out_withheld); sight.told > 0 && !is_enough (&sight, least);
       sight = look_at (counts, n, out_withheld))
    for (guint i = 0; i < n; i++)
      out_withheld[i] = out_withheld[i] || counts[i] == sight.next;
  return TRUE;
}
