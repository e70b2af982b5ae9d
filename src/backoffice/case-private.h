// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the files of a case share. */

#include "case.h"

G_BEGIN_DECLS

/* Sets CASE_ERROR_FORGED; FALSE. */
gboolean _case_forged (GError **error, const char *intake, const char *what);

/* What the ledger said, as CASE_ERROR_MISSING or CASE_ERROR_STORE; FALSE. */
gboolean _case_store_failed (GError **error, const GError *cause);

/* Holds the proof of the opened evidence against manifest and ledger, and judges it anew. */
gboolean _case_check_presence (Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
