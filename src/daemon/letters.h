// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-seal.h"

#include "service.h"

/* Letters of delegation (委任状) that were accepted at this terminal. */

/* Whether MANIFEST names the letter that was cited for its intake here, and the letter covers it.
 * FALSE with ERROR, for the window. */
gboolean letters_check (Service *self, const MdManifest *manifest, GError **error);
