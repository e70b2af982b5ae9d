// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** Whether two addresses say the same municipality (市町村, 特別区, and of a designated city the
 * ward, as 住民基本台帳法 counts): the same words as far as its name goes, blanks and a missing
 * prefecture aside. FALSE also where nobody can tell. Nothing is copied. */
gboolean md_address_same_municipality (const char *one,
                                       const char *other) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
