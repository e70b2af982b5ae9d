// SPDX-License-Identifier: Apache-2.0
#pragma once

/* A card directory of one's own, with contents that a test can foretell, and the talk with the card
 * as hexadecimal. */

#include "vc-card.h"

#include <openssl/evp.h>

G_BEGIN_DECLS

typedef struct
{
  char *dir;
  VcCard *card;
} Fixture;

/* A new directory with a My Number card (PINs 1234, text 2345, sign AOZORA1, 照合番号A
 * 123456789018, B 55021720352285, birthday 550217) or a PIV card (PIN 123456). QUIRKS is lines of
 * "name=value", or NULL. */
void fixture_start_mynumber (Fixture *fixture, const char *quirks);
void fixture_start_piv (Fixture *fixture);
void fixture_stop (Fixture *fixture);

/* Puts the card away and takes it out of its directory again, as another process would. */
void fixture_restart (Fixture *fixture);

/* Sends APDU (hexadecimal, spaces allowed); the answer as upper-case hexadecimal. Caller owns the
 * result. */
char *exchange (Fixture *fixture, const char *apdu);

/* Expects exactly this answer. */
#define assert_answer(fixture, apdu, expected)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *answer_ = exchange ((fixture), (apdu));                                       \
    g_assert_cmpstr (answer_, ==, (expected));                                                     \
  }                                                                                                \
  G_STMT_END

/* Expects an answer of this many bytes of data, and this status word. */
void assert_shape (Fixture *fixture, const char *apdu, gsize size, const char *sw);

/* The key pair that lies in the fixture's cards: RSA in My Number cards, P-256 in PIV cards.
 * Borrowed. */
EVP_PKEY *fixture_get_rsa_key (void);
EVP_PKEY *fixture_get_ec_key (void);

/* Bytes from hexadecimal and back. Caller owns the result. */
GBytes *from_hex (const char *text);
char *to_hex (GBytes *bytes);

G_END_DECLS
