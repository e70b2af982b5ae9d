// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gio/gio.h>
#include <md-base.h>

G_BEGIN_DECLS

/* A small card for fuzz-card: whole, with files, PINs and counters, and then changed by the input.
 * A fuzzer does not guess a certificate behind a SELECT and a PIN; here it starts with all of them,
 * and the input says only what is different.
 *
 * The input is a list of changes, each one byte of kind (modulo MODEL_N_CHANGES) and what follows:
 *   FILE      file, length (2), bytes     other contents
 *   CUT       file, length (2)            no longer than that; 0: not there at all
 *   PATCH     file, offset (2), byte      one byte differs
 *   TRIES     pin, tries                  a counter stands elsewhere
 *   PIN       pin                         the PIN is another than the one that is typed: its last
 *                                         character is the next one
 *   QUIRKS    bits (2)                    of ModelQuirk
 *   MISHAP    exchange, kind, value (2)   of ModelMishapKind, when that many commands have come
 *   PAD       word (2), bits              what the keypad answers; which of its lists differ: then
 *                                         features: length, bytes; properties: length, bytes
 */
typedef struct _FuzzModel FuzzModel;

typedef enum
{
  MODEL_QUIRK_LOCK_6983 = 1 << 0,     /* a locked PIN answers 6983 instead of 6984 */
  MODEL_QUIRK_LOCK_63C0 = 1 << 1,     /* ... and 63C0 when it is asked how many are left */
  MODEL_QUIRK_EOF_6282 = 1 << 2,      /* the end of a file is told by 6282 */
  MODEL_QUIRK_FIRST_6F00 = 1 << 3,    /* the first command after power-on fails */
  MODEL_QUIRK_VERIFIED_9000 = 1 << 4, /* an empty VERIFY answers 9000 once after a right one */
  MODEL_QUIRK_PIECES = 1 << 5,        /* every answer is fetched by GET RESPONSE, in pieces */
  MODEL_QUIRK_EXACT = 1 << 6,         /* 6Cxx unless exactly what there is is asked for */
  MODEL_QUIRK_SHORT_ONLY = 1 << 7,    /* extended commands answer 6700 */
  MODEL_QUIRK_NO_COUNT = 1 << 8,      /* 6300 instead of 63Cx */
  MODEL_QUIRK_DER = 1 << 9,           /* an ECDSA signature as DER instead of r and s */
  MODEL_QUIRK_OTHER_CARD = 1 << 10,   /* the other kind of card lies there */
  MODEL_QUIRK_PAD_WRONG = 1 << 11,    /* at the keypad, another PIN is typed */
} ModelQuirk;

/* TYPED: the PINs that the conversation presents, indexed by MdCardPin. STAFF: an officer's card,
 * else a resident's. Reads all of INPUT. */
FuzzModel *fuzz_model_new (const char *const *typed, gboolean staff, MdReader *input);
void fuzz_model_free (FuzzModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FuzzModel, fuzz_model_free)

/* Power is taken and given. */
void fuzz_model_power (FuzzModel *self);

/* One command. FALSE with ERROR: the transport failed. */
gboolean fuzz_model_transmit (FuzzModel *self, const guint8 *command, gsize length,
                              GByteArray *answer, GCancellable *cancellable, GError **error);

/* One request to the reader. */
gboolean fuzz_model_control (FuzzModel *self, guint32 code, GBytes *request, GByteArray *answer,
                             GCancellable *cancellable, GError **error);

/* One of the errors that a transport has. */
void fuzz_model_set_transport_error (guint which, GError **error);

/* What a card itself would know. HONEST: it has said nothing but the truth so far, though answers
 * may have been lost; without that, the program cannot know better. */
gboolean fuzz_model_is_honest (const FuzzModel *self);
/* Nothing at all is wrong with it, though it may have its ways. */
gboolean fuzz_model_is_sound (const FuzzModel *self);
gboolean fuzz_model_has_quirk (const FuzzModel *self, ModelQuirk quirk);
guint fuzz_model_get_tries (const FuzzModel *self, guint pin);
/* How often a wrong PIN of this kind has cost a try. */
guint fuzz_model_get_mistakes (const FuzzModel *self, guint pin);

G_END_DECLS
