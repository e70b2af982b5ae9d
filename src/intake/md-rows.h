// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_INTAKE_COMPILATION
#error "Private to src/intake."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* How the rows of one list are told apart, and how one that stays takes on what is new. */
typedef struct
{
  gboolean (*same) (gpointer row, gpointer fresh);
  void (*take) (gpointer row, gpointer fresh);
} MdRowKind;

/* Makes STORE hold what FRESH (of objects, in order) says, and changes no more than that: a row
 * that stays is the same object at its place, so that whoever has it under the hands keeps it; what
 * goes, goes alone, and what comes, comes alone. */
void _md_rows_update (GListStore *store, const GPtrArray *fresh, const MdRowKind *kind);

G_END_DECLS
