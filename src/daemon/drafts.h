// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Those whose time is over go, with their records. */
void drafts_sweep (Service *self);

/* Where one went, or an intake's sealed copy, the write-ahead log is emptied of it, too. After
 * every act that may end one. */
void drafts_settle (Service *self);
