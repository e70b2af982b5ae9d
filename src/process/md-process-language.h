// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROCESS_INSIDE) && !defined(MD_PROCESS_COMPILATION)
#error "Include <md-process.h> only."
#endif

#include <glib.h>

G_BEGIN_DECLS

/**
 * Makes ready for gettext, before the first word is looked up.
 * @language: "ja", "en", or NULL for what LANGUAGE and the locale say. The translations are those
 * that were installed, or those under MADOGUCHI_LOCALEDIR.
 */
void md_process_speak (const char *language);

G_END_DECLS
