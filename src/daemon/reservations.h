// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Reservations that nobody will come back for. Each ends as abandoned, with its record, so that
 * every receipt number ever given is accounted for; none of these can fail, what cannot be written
 * now is tried again at the next occasion. */

/* The window with which CLERK worked is gone, and what stood on its screen with it. */
void reservations_end_of (Service *self, const char *clerk);

/* By what the window that calls is known, for as long as it lives; NULL: it is not. Caller owns. */
char *reservations_dup_owner (Service *self, GDBusMethodInvocation *invocation);

/* The window of this unique name is gone, whoever worked with it. */
void reservations_end_of_window (Service *self, const char *name);

/* Those of windows that went while no service was there to see it. */
void reservations_end_of_gone (Service *self);

/* CLERK logged in: the window has given up what others had begun. */
void reservations_end_of_others (Service *self, const char *clerk);

/* Those from before the machine was last switched on. */
void reservations_end_of_last_boot (Service *self);
