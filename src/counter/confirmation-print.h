// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>

#include "models.h"

/* The confirmation list on paper. */

G_BEGIN_DECLS

/* One line; borrowed until the operation is made. */
typedef struct
{
  const char *number;    /* of the receipt */
  const char *time;      /* when it was taken in */
  const char *procedure; /* its title */
  const char *clerk;
  const char *rules;     /* what is to be confirmed, one rule a line */
  const char *confirmed; /* by whom; "" leaves room for a seal */
} CounterConfirmationLine;

/* A page (A4, lying) that lists @lines (element-type CounterConfirmationLine) under @heading, again
 * at the head of each page with its number, and leaves a place for day and seal beside each line
 * that nobody has confirmed. Copies what it needs. Transfer full. */
GtkPrintOperation *counter_confirmation_print_new (const char *heading, const GArray *lines);

G_END_DECLS
