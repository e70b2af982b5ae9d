// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include <gio/gio.h>

#include "md-db-connection.h"

G_BEGIN_DECLS

/* Copies the SQLite database FROM, as it is at one moment, into the file TO (mode 0600), while
 * others read and write it; and reads all of it through: of a damaged one there is no copy. TO is
 * not synced; what is there already is replaced, and after an error something of it may be there.
 * For a thread of its own. Errors: MD_DB_ERROR, or G_IO_ERROR_CANCELLED. */
gboolean md_db_copy (const char *from, const char *to, GCancellable *cancellable,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
