// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Reads the window's procedures: who may open a part depends on the profile of its procedure. What
 * is wrong with them is kept in forms_trouble, and recorded once; those read before stay. */
void forms_load (Service *self);

/* How many officers the form of that version asks for (NULL: the one in force); 0 where it is not
 * here. */
guint forms_count_officers (Service *self, const char *procedure, const char *version);

/* The same of the version in which what waits was filled in: where the versions that are here
 * differ, its container is read. 0: not known, or it does not wait. */
guint forms_count_sealed_officers (Service *self, const MdOutboxIntake *intake);

/* The form of the version that an intake was taken in with (NULL: in force), NULL where it is not
 * here. Borrowed. */
MdForm *forms_find (Service *self, const char *procedure, const char *version);

/* Whether the policy takes the version of the procedure's form with which an intake would begin
 * now; TRUE where no form of it is here. */
gboolean forms_are_taken (Service *self, const char *procedure);
