// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "window.h"

#include <md-intake.h>

G_BEGIN_DECLS

/* Shows in a window of its own the field of FORM with this id, which the role sees hidden and may
 * see whole: for as long as a button is held down (reveal.h). Nothing where there is no such field.
 */
void counter_field_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *id);

G_END_DECLS
