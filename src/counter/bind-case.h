// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"

/*
 * An application opened from a list (an approval, a returned one, a suspended one): what its
 * binders share. Each embeds a CounterCase at its head.
 */

G_BEGIN_DECLS

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  MdDesk *desk;
  GListModel *rows;  /* the list it is opened from */
  GCancellable *job; /* what the officer's card does at the moment, or NULL */
} CounterCase;

/* @rows (transfer full) are those of the list. */
void counter_case_init (CounterCase *self, CounterWindow *window, CounterModel *model, MdDesk *desk,
                        GListModel *rows);
/* Shows the rows in the model ("list", "count", "stage") for as long as the case lives. */
void counter_case_show_list (CounterCase *self);
void counter_case_clear (CounterCase *self);

/* For one piece of work with the officer's card. Borrowed; the one before is cancelled. */
GCancellable *counter_case_begin_job (CounterCase *self);
void counter_case_stop_job (CounterCase *self);

/* The officer does not wait for the service to file it: says where to see whether it did. */
void counter_case_tell_unsure (CounterCase *self);

/* Which application it is: title, receipt number, by whom and when; of @opened's "row". */
void counter_case_show_row (CounterCase *self, gpointer opened);

/* The row of @list with this intake id. Transfer full; NULL when it has gone. */
MdIntakeRow *counter_case_find_row (GListModel *list, const char *intake);

/* Two sentences on two lines; either may be NULL. Transfer full, never NULL. */
char *counter_case_join (const char *first, const char *second);

G_END_DECLS
