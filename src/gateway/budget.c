// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "budget.h"

#define ORDINARY_OF_ONE (4 * (gsize)BUDGET_ORDINARY)

typedef struct
{
  gsize large, ordinary;
  guint connections;
} Holder;

struct _Budget
{
  gsize total, share;
  guint connections;
  gsize large, ordinary; /* taken by all */
  GHashTable *holders;   /* who -> Holder; while they have something */
};

Budget *
budget_new (gsize total, gsize largest, guint connections)
{
  Budget *budget = g_new0 (Budget, 1);

  budget->total = total;
  budget->share = MAX (total / 4, largest);
  budget->connections = connections;
  budget->holders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return budget;
}

void
budget_free (Budget *budget)
{
  if (budget == NULL)
    return;
  g_hash_table_unref (budget->holders);
  g_free (budget);
}

static Holder *
hold (Budget *budget, const char *who)
{
  Holder *holder = g_hash_table_lookup (budget->holders, who);

  if (holder != NULL)
    return holder;
  holder = g_new0 (Holder, 1);
  g_hash_table_insert (budget->holders, g_strdup (who), holder);
  return holder;
}

static void
forget (Budget *budget, const char *who, const Holder *holder)
{
  if (holder->connections == 0 && holder->large == 0 && holder->ordinary == 0)
    g_hash_table_remove (budget->holders, who);
}

gboolean
budget_enter (Budget *budget, const char *who)
{
  Holder *holder = hold (budget, who);

  holder->connections++;
  return holder->connections <= budget->connections;
}

void
budget_leave (Budget *budget, const char *who)
{
  Holder *holder = hold (budget, who);

  g_assert (holder->connections > 0);
  holder->connections--;
  forget (budget, who, holder);
}

BudgetWord
budget_take (Budget *budget, const char *who, gsize size)
{
  const gboolean large = size > BUDGET_ORDINARY;
  Holder *holder = hold (budget, who);
  gsize *own = large ? &holder->large : &holder->ordinary;
  gsize *all = large ? &budget->large : &budget->ordinary;
  const gsize own_most = large ? budget->share : ORDINARY_OF_ONE;
  const gsize all_most = large ? budget->total - budget->total / 4 : budget->total - budget->large;

  if (*own + size > own_most)
    {
      forget (budget, who, holder);
      return BUDGET_TOO_MUCH;
    }
  if (*all + size > all_most || budget_taken (budget) + size > budget->total)
    {
      forget (budget, who, holder);
      return BUDGET_BUSY;
    }
  *own += size;
  *all += size;
  return BUDGET_TAKEN;
}

void
budget_give_back (Budget *budget, const char *who, gsize size)
{
  const gboolean large = size > BUDGET_ORDINARY;
  Holder *holder = hold (budget, who);
  gsize *own = large ? &holder->large : &holder->ordinary;
  gsize *all = large ? &budget->large : &budget->ordinary;

  g_assert (*own >= size && *all >= size);
  *own -= size;
  *all -= size;
  forget (budget, who, holder);
}

gsize
budget_taken (const Budget *budget)
{
  return budget->large + budget->ordinary;
}
