// SPDX-License-Identifier: Apache-2.0
// Readers with a keypad and the flow on them: the driver of tests/ifd in the real pcscd, a card in
// one hand and the reader's cable in the other. Runs inside `tests/isolated with-world --pads
// --ocsp`.
#pragma once

#include "hands.h"

G_BEGIN_DECLS

#define COUNTER_PAD "Counter Pad 00 00"
#define DESK_PAD "Desk Pad 01 00"

typedef struct
{
  guint asked; // entries that the keypad was asked for
  guint sent;  // PINs that it sent to the card
} Count;

// Orders to the virtual card of the resident, and to the reader that it lies on (tests/ifd).
void card (const char *order);
void pad (const char *order);
gboolean pad_says (const char *text);

void put_in (Fixture *f, const char *name);

void setup (Fixture *f, gconstpointer data);
void teardown (Fixture *f, gconstpointer data);

// Until the card on the reader can be read: right after a reset it may still be mute.
void await_readable (Fixture *f);
void assert_card (Fixture *f, int tries_auth, int tries_text, gboolean has_pad);
gboolean identify_with (Fixture *f, MdIdentifyRequest *request, GError **error);
// A request whose PINs are entered at the keypad.
MdIdentifyRequest request_on_pad (void);
gboolean identify_on_pad (Fixture *f, GError **error);
void assert_pad_fails (Fixture *f, int code, int tries);
void assert_keys_fail (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries);
void assert_keys_work (Fixture *f);

// The resident's keypad, or the one at SOCKET.
Count count (void);
Count count_of (const char *socket);
// What happened at the keypad since BEFORE.
void assert_counted (Count before, guint asked, guint sent);

void pull_the_cable (Fixture *f);
void plug_in_again (Fixture *f);

G_END_DECLS
