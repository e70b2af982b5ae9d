// SPDX-License-Identifier: Apache-2.0
// Runs one cell and finds what is wrong with what came of it.
#pragma once

#include "mishap-rows.h"

G_BEGIN_DECLS

// Lets MISHAP happen at command INDEX of ROW, then looks at the card, at the reader, at a second
// attempt with the same wrong PIN, and at the next person's card. What is wrong, in words; NULL:
// nothing. VERBOSE tells what comes. (transfer full)
char *mishap_judge (MishapRig *rig, const Row *row, guint index, const Mishap *mishap,
                    gboolean verbose);

G_END_DECLS
