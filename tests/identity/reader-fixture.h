// SPDX-License-Identifier: Apache-2.0
#pragma once

// Identification on real parts: pcscd, vpcd, the virtual cards, `openssl ocsp`, and the hand that
// holds the card. Runs inside `tests/isolated with-world --cards --ocsp`.

#include "hands.h"

// For g_test_add ().
void fixture_set_up (Fixture *f, gconstpointer data);
void fixture_tear_down (Fixture *f, gconstpointer data);

// An order to the virtual card of "resident" or "staff".
void order (const char *role, const char *text);

// Puts a card on the reader, or takes it out, and waits until we were told, as the counter is.
void put_in (Fixture *f, const char *role_name, const char *card);
void take_out (Fixture *f, const char *role_name, MdCardRole role);

// Another identifier in place of the first: with OCSP, for test cards.
void use_identifier (Fixture *f, WardRevocation how, gboolean allow_test);

// The two calls, waited for.
MdCardInspection *inspect (Fixture *f, GError **error);
MdIdentityProof *identify_with (Fixture *f, const MdIdentifyRequest *request, GError **error);
MdIdentityProof *identify (Fixture *f, const char *text_pin, const char *auth_pin, GError **error);

// The card on the reader is judged so; fails so; has so many tries left.
void assert_verdict (Fixture *f, MdIdentityVerdict verdict, MdRevocationSource source);
void assert_fails (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries);
void assert_tries (Fixture *f, int auth, int text, int sign);
