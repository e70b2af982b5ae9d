// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_DB_COMPILATION
#error "Private to this module."
#endif

#include "md-db-connection.h"

G_BEGIN_DECLS

/* No table has ever numbered so many rows: a number that says so is damaged. */
#define _MD_DB_HIGHEST_GIVEN (G_GINT64_CONSTANT (1) << 40)

/* Adds to the strict tables of TO, inside a transaction and with triggers off, each row that lies
 * in any page of FROM, fits but one of them, and is not there. */
void _md_db_gather (const char *from, MdDb *to);

G_END_DECLS
