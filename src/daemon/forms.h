// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Reads the window's procedures: who may open a part depends on the profile of its procedure. What
 * is wrong with them is kept in forms_trouble, and recorded once; those read before stay. */
void forms_load (Service *self);

/* How many officers the form of that version asks for (NULL: the one in force); 0 where it is not
 * here. */
guint forms_count_officers (Service *self, const char *procedure, const char *version);
