// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which counts of a table are not told, so that nobody can work out one of the small ones: those
 * from 1 to @least - 1 (3 or more). After the usual two steps of statistical offices (threshold
 * rule, then complementary suppression), and made sound for whoever knows this rule and how many
 * people there are in all.
 *
 * @counts are @n cells that do not overlap and hold everybody, those without an answer among them.
 * Where none is small, all are told, zeros too. Otherwise are withheld
 * - every cell below @least, the empty ones as well;
 * - then the smallest told ones, equal ones together, until those withheld are not all the same
 *   (and so at least two) and hold at least @least people together.
 *
 * Why that is enough: the rule looks at the sizes alone, so that those withheld could as well stand
 * in any other order, and two of them differ. Where everything is withheld and all are the same,
 * one of each cell but one, and the rest in that one, is printed alike.
 *
 * Fills @out_withheld, of @n. Returns: whether anything is withheld. */
gboolean cells_withhold (const guint *counts, guint n, guint least, gboolean *out_withheld);

G_END_DECLS
