// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_DB_INSIDE) && !defined(MD_DB_COMPILATION)
#error "Include <md-db.h>."
#endif

#include "md-db-connection.h"

G_BEGIN_DECLS

/* One step of a component's schema. The array's order is the versions' order: the first entry makes
 * version 1. Entries are never changed after a release, only added. */
typedef struct
{
  const char *what;
  const char *sql;
  const char *postgresql; /* the same there; NULL for a component that never lies there */
} MdDbMigration;

/* Brings COMPONENT's tables ("audit", "outbox", "staff", ...) to version N_STEPS; all missing steps
 * in one transaction. MD_DB_ERROR_NEWER when the file is ahead of this program. */
gboolean md_db_migrate (MdDb *db, const char *component, const MdDbMigration *steps, guint n_steps,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The component's version in this file, 0 when it has no tables yet. */
gboolean md_db_schema_version (MdDb *db, const char *component, guint *out_version,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
