// SPDX-License-Identifier: Apache-2.0
// Private to src/card: the words of this module are in its own catalogue, whatever the program's
// own text domain is. (<glib/gi18n-lib.h> does the same, and casts away a const.)
#pragma once

#ifndef MD_CARD_COMPILATION
#error "md-card-words.h is private to src/card"
#endif

#include <glib.h>

#define N_(text) text
#define _(text) g_dgettext (GETTEXT_PACKAGE, text)
#define C_(context, text) g_dpgettext2 (GETTEXT_PACKAGE, context, text)
#define ngettext(one, many, count) g_dngettext (GETTEXT_PACKAGE, one, many, count)
