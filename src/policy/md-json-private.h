// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_POLICY_COMPILATION
#error "Private to src/policy."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* The line, from 1, of the deepest part of PATH ("sections[0].fields[3].visible") that is there in
 * TEXT, which must have been parsed before: of the member's name, or of where an element begins.
 * What is missing is told at what it is missing from. */
guint _md_json_find_line (const char *text, gsize size, const char *path);

G_END_DECLS
