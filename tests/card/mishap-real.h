// SPDX-License-Identifier: Apache-2.0
// The hand that holds the card before a real reader: orders for the program vcard, and what the
// card itself says of its state, past reader and card service.
#pragma once

#include <md-pcsc.h>

G_BEGIN_DECLS

#define REAL_READER "Virtual PCD 00 00"

// One order, in the words of vc-control.h; anything but "ok" ends the program. (transfer full)
char *real_order (const char *format, ...) G_GNUC_PRINTF (1, 2);

// Puts the persona's card in, in place of another one, and waits until the reader has taken it.
void real_insert (MdCardBackend *backend, const char *persona);

// Waits until the reader has noticed that a card is there.
void real_await_card (MdCardBackend *backend);

// Someone takes the card away as soon as the fault that was ordered has happened.
GThread *real_remove_after_fault (void);

// As if the card, which lies there, had so many of MAX tries left for OBJECT, also when it comes
// again.
void real_set_tries (const char *persona, const char *object, guint max, guint tries);

// What the card says: tries left, PINs that stand verified.
guint real_get_tries (const char *object, guint max);
guint real_count_verified (void);

// How many PINs it was given since "clear-log"; what it said to the last one, 0 when nobody heard.
guint real_count_presented (guint *out_word);

G_END_DECLS
