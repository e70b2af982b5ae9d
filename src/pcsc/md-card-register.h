// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: which readers may be used at all. No readers here, only their names.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-card-register.h is private to src/pcsc"
#endif

#include <glib.h>

G_BEGIN_DECLS

#define MD_CARD_COUNT_SIZE 6 // " 00 01" behind the name: the reader's count, and the slot in it

// How much of the name stands before the count; all of it where there is none.
gsize _md_card_name_length (const char *reader);

// Whether one of the ENTRIES is for READER: its whole name, or the name without the count, which
// changes with the order of plugging in. "*" stands for any letters, "?" for one. NULL: any reader
// may be used.
gboolean _md_card_register_has (const char *const *entries, const char *reader);

G_END_DECLS
