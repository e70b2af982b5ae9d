// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A body up to this size is an ordinary one. */
#define BUDGET_ORDINARY (1u << 20)

typedef enum
{
  BUDGET_TAKEN,
  BUDGET_TOO_MUCH, /* this one has its share already */
  BUDGET_BUSY,     /* all together have what there is */
} BudgetWord;

/* The memory that all bodies under way may take together, and the connections of each terminal.
 *
 * One terminal may have a quarter of the memory, but always one body of the largest size and some
 * ordinary ones. A quarter of the memory is for ordinary bodies alone, so that whoever sends large
 * ones, however slowly, does not keep the others from delivering. What a body is going to take is
 * counted when its head has come. */
typedef struct _Budget Budget;

/* @total bytes in all; @largest: what one body can have; @connections of one terminal. */
Budget *budget_new (gsize total, gsize largest, guint connections) G_GNUC_WARN_UNUSED_RESULT;
void budget_free (Budget *budget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Budget, budget_free)

/* One more connection of @who; FALSE: it has as many as it may, and is counted all the same. */
gboolean budget_enter (Budget *budget, const char *who);
void budget_leave (Budget *budget, const char *who);

/* A body of @size bytes. Whatever was TAKEN is given back with the same size. */
BudgetWord budget_take (Budget *budget, const char *who, gsize size) G_GNUC_WARN_UNUSED_RESULT;
void budget_give_back (Budget *budget, const char *who, gsize size);

/* What is taken now. */
gsize budget_taken (const Budget *budget);

G_END_DECLS
