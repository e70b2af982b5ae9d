// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-seal-types.h"

/* ASiCManifest (EN 319 162-1, 4.4.2): which entries a signature covers, by name and SHA-256. */

/** Writes the manifest of signature @number over @entries (element-type MdZipEntry), in their
 * order. (transfer full) */
GBytes *md_asic_write (guint number, const GPtrArray *entries, GError **error);

/**
 * Checks that @xml is the manifest of signature @number, and covers exactly @entries: each named
 * once, with its digest, and nothing else. MALFORMED, LIMIT, MISMATCH, DIGEST.
 */
gboolean md_asic_check (GBytes *xml, guint number, const GPtrArray *entries, GError **error);
