// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Chooses the language before the first word is looked up: MADOGUCHI_LANG, else the setting, else
 * Japanese, whatever locale the desktop runs in. @language: ja, en, or NULL to follow the
 * environment.
 */
void counter_language_start (const char *language);

G_END_DECLS
