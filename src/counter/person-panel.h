// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* Whose papers am I holding: beside every step of an intake. Model: CounterIntakeModel. */

G_BEGIN_DECLS

#define COUNTER_TYPE_PERSON_PANEL (counter_person_panel_get_type ())
G_DECLARE_FINAL_TYPE (CounterPersonPanel, counter_person_panel, COUNTER, PERSON_PANEL, CounterPage)

G_END_DECLS
