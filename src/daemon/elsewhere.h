// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Letters of delegation that were accepted at other terminals: the gateway is asked, each time. */

/* What came of it; borrowed. */
typedef struct
{
  const MdOutboxLetter *letter; /* what it told; "elsewhere" and "given_back" are not filled in */
  const GError *error;          /* else: for the window */
  const char *cause;            /* and for the log */
} ElsewhereAnswer;

typedef void (*ElsewhereFunc) (Service *self, GDBusMethodInvocation *invocation,
                               const ElsewhereAnswer *answer, gpointer data);

/* Whether the gateway may know a letter of this receipt number: it is one, and not of an intake of
 * this terminal. */
gboolean elsewhere_may_have (Service *self, const char *number);

/* Asks, on a connection of its own, and calls FUNC in the main loop, once. */
void elsewhere_ask (Service *self, GDBusMethodInvocation *invocation, const char *number,
                    ElsewhereFunc func, gpointer data);
