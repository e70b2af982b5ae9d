// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LEDGER_COMPILATION)
#error "Private to ledger."
#endif

/* The doors of the engines; md-ledger-open.c lists them. */

#include "md-ledger-store.h"

G_BEGIN_DECLS

/* The engine on SQLite; @place is the path of its file. */
MdLedger *_md_ledger_sqlite_open (const char *place, const MdLedgerUse *use, GError **error);

/* A decision after which no other may come. */
gboolean _md_ledger_is_final (const char *decision);

G_END_DECLS
