// SPDX-License-Identifier: Apache-2.0
// Cards that never answer, before the threads of the product: MdPcsc, whose worker owns the card
// and whose patience ends the wait. Here time is real, so many cells are run at once.
#pragma once

#include "mishap-rows.h"
#include "mishap-watch.h"

G_BEGIN_DECLS

typedef struct
{
  const Row *row; // of the product, or of a flow of the library
  guint index;
  gboolean after; // the card does what the command says, and is mute then
  char *wrong;    // out: in words; NULL: nothing (transfer full)
} MuteCell;

// Runs COUNT cells, many at the same time, with WATCH on them, and ends every thread that it began.
void mishap_mute_run (MishapRig *rig, MishapWatch *watch, MuteCell *cells, guint count);

G_END_DECLS
