// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-seal-types.h"

/** MdZipEntry: a name and its bytes. */
typedef struct
{
  char *name;
  GBytes *bytes;
} MdZipEntry;

/** Entries in order, owned. (transfer full) */
GPtrArray *md_zip_entries_new (void);
void md_zip_entries_add (GPtrArray *entries, const char *name, GBytes *bytes);
GBytes *md_zip_entries_find (const GPtrArray *entries, const char *name);

/** Writes stored entries, without dates, attributes or extra fields: the same entries give the same
 * bytes. LIMIT. (transfer full) */
GBytes *md_zip_write (const GPtrArray *entries, GError **error);

/**
 * Reads a ZIP of exactly that shape: stored, one after the other from the first byte to the last,
 * the directory saying the same as the entries. libarchive reads it beside us and must find the
 * same. MALFORMED, LIMIT. (transfer full)
 */
GPtrArray *md_zip_read (GBytes *zip, GError **error);
