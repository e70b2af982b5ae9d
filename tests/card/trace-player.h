// SPDX-License-Identifier: Apache-2.0
// Holds the conversations of a trace with its card.
#pragma once

#include "trace-file.h"

G_BEGIN_DECLS

// What the conversation with a card that answers ATR did otherwise than the trace has it: another
// command, one that was left out, another outcome. NULL: nothing. (transfer full)
char *trace_play (const Trace *trace, const TraceTalk *talk, const char *atr);

G_END_DECLS
