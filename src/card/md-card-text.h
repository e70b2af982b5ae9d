// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-error.h"

G_BEGIN_DECLS

// What a person reads, in the order of the screen: what happened, what it means, what to do (and
// who can help).
typedef struct
{
  char *title;
  char *meaning;
  char *action;
  gboolean other_way; // it names "another way": which ones there are, the caller knows
} MdCardText;

// The words for an error of our domain or of G_IO_ERROR (cancelled), in the current language; tries
// and holder are filled in. Never NULL. (transfer full)
MdCardText *md_card_text_for_error (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

// "3 tries left", "last try", "locked" for a PIN; NULL-safe for MD_CARD_TRIES_UNKNOWN. (transfer
// full)
char *md_card_text_for_tries (int tries) G_GNUC_WARN_UNUSED_RESULT;

// The PIN's official name, without what it is made of. (transfer full)
char *md_card_text_name_pin (MdCardPin pin) G_GNUC_WARN_UNUSED_RESULT;

// From three message ids, translated here. (transfer full)
MdCardText *md_card_text_new (const char *title, const char *meaning,
                              const char *action) G_GNUC_WARN_UNUSED_RESULT;

void md_card_text_free (MdCardText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardText, md_card_text_free)

G_END_DECLS
