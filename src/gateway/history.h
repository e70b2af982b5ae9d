// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "office.h"

#include <md-seal.h>

G_BEGIN_DECLS

/* The container of @intake as stored, with every decision stored before number @n appended: nothing
 * of it is verified again. Returns: (transfer full) it, or NULL with @error of the ledger or of
 * seal. */
MdContainer *history_rebuild (const Office *office, const char *intake, guint n,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
