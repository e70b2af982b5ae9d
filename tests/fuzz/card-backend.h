// SPDX-License-Identifier: Apache-2.0
#pragma once

/* The transport under fuzz-card, and what must hold of every conversation whatever the card does:
 * nothing is sent after the card has gone or the work was cancelled; a PIN is sent no more often
 * than was allowed just before; it is wiped from the command before the next one, and the answer's
 * buffer between commands; no conversation is without end; each ends by taking the power. */

#include "card-model.h"

#include <md-card.h>

G_BEGIN_DECLS

#define FUZZ_READER "Fuzz"

/* Commands in one conversation; the longest honest one has less than half of it. A script of more
 * answers is as long as it wants to be. */
#define FUZZ_CONVERSATION_MAX 512

/* Somebody who answers in place of the card: transmit, control, power. */
typedef struct
{
  gboolean (*transmit) (gpointer card, const guint8 *command, gsize length, GByteArray *answer,
                        GCancellable *cancellable, GError **error);
  gboolean (*control) (gpointer card, guint32 code, GBytes *request, GByteArray *answer,
                       GCancellable *cancellable, GError **error);
  void (*power) (gpointer card);
} FuzzCardFuncs;

#define FUZZ_TYPE_BACKEND (fuzz_backend_get_type ())
G_DECLARE_FINAL_TYPE (FuzzBackend, fuzz_backend, FUZZ, BACKEND, GObject)

/* EXTENDED: card and reader pass extended commands; ASK: the reader's limit is the driver's to
 * tell. CARD is borrowed. */
FuzzBackend *fuzz_backend_new (const FuzzCardFuncs *funcs, gpointer card, gboolean extended,
                               gboolean ask);

/* The card was taken away and laid down again. */
void fuzz_backend_reinsert (FuzzBackend *self);

/* One more command with a PIN in it may come from here on. */
void fuzz_backend_allow_pin (FuzzBackend *self);

/* How many have come. */
guint fuzz_backend_get_pins (FuzzBackend *self);

/* All conversations are over: nothing is left behind. */
void fuzz_backend_finish (FuzzBackend *self);

/* The two kinds of cards. A script (of which CARD is the MdReader) is its answers one after
 * another, whatever was asked: each one byte of length, and the bytes; SCRIPT_LONG: two bytes of
 * length; SCRIPT_ERROR: one byte, the transport's error; SCRIPT_CANCEL: cancelled meanwhile, and
 * the next is the answer. At its end the card is gone. */
#define SCRIPT_LONG 0xfe
#define SCRIPT_ERROR 0xfd
#define SCRIPT_CANCEL 0xfc
extern const FuzzCardFuncs fuzz_script_funcs;
extern const FuzzCardFuncs fuzz_model_funcs;

G_END_DECLS
