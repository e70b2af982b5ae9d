// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-backend.h"
#include "md-card-memory.h"
#include "md-pin-pad.h"
#include <md-apdu.h>

G_BEGIN_DECLS

// One exclusive conversation with one card. Unreferencing (or closing) powers the card down. Worker
// thread only.
#define MD_TYPE_CARD_CONNECTION (md_card_connection_get_type ())
G_DECLARE_FINAL_TYPE (MdCardConnection, md_card_connection, MD, CARD_CONNECTION, GObject)

// Powers the card up and keeps everybody else out of it. READER: one of md_card_backend_list().
// (transfer full)
MdCardConnection *md_card_connection_open (MdCardBackend *backend, const char *reader,
                                           GCancellable *cancellable,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Ends the conversation and unpowers the card; later exchanges fail with REMOVED. May be called
// twice.
void md_card_connection_close (MdCardConnection *self);

// What a connection waits for at one moment.
typedef enum
{
  MD_CARD_WAIT_NOTHING,
  MD_CARD_WAIT_ANSWER, // the card's, or the reader's
  MD_CARD_WAIT_KEYS,   // the reader waits for a person at its keypad
} MdCardWait;

// How long card and reader have for each answer; MD_CARD_PATIENCE_S otherwise. Nothing here ends an
// exchange that is overdue (no library can): it is for whoever waits for this connection.
#define MD_CARD_PATIENCE_S 20
void md_card_connection_set_patience (MdCardConnection *self, guint seconds);

// How long all answers of the card together may take in one conversation, each within that
// patience; then every further command fails with TIMEOUT. Whoever types at a keypad has time of
// their own.
#define MD_CARD_CONVERSATION_S 60

// The clock that the card's answers are measured by; NULL (the default): the machine's. References
// it.
void md_card_connection_set_clock (MdCardConnection *self, MdClock *clock);

// What it waits for now. Any thread. OUT_OVERDUE: when that is overdue (g_get_monotonic_time());
// not written for NOTHING.
MdCardWait md_card_connection_get_wait (MdCardConnection *self, gint64 *out_overdue);

// PIN goes out next; NONE: the card has answered, or it did not go out after all.
void md_card_connection_set_unanswered (MdCardConnection *self, MdCardPin pin);

// The PIN that went out and of which no answer tells what became of it; NONE. Any thread.
MdCardPin md_card_connection_get_unanswered (MdCardConnection *self);

// As it was opened with. (transfer none)
const char *md_card_connection_get_reader (MdCardConnection *self);

// Which insertion this card came with, as in MdCardReaderState.
guint32 md_card_connection_get_events (MdCardConnection *self);

// How many bytes one answer may be asked for: 256, or more where the card announces extended length
// in its answer to reset and the reader's driver says that it passes it (it is asked at most once,
// and only about such a card).
gsize md_card_connection_get_longest (MdCardConnection *self, GCancellable *cancellable);

// The card or the reader did not keep that promise: 256 from here on.
void md_card_connection_keep_short (MdCardConnection *self);

// Sends COMMAND, in extended form only where the short one cannot say it, and hands back the data
// of the answer, following 61xx and one 6Cxx. It is sent once, and again only where the card itself
// asked for another Le by 6Cxx (never for VERIFY). OUT_SW gets the final status word, whose meaning
// is the caller's. Fails at once when the cancellable is cancelled or an earlier exchange of this
// connection failed: then the card is gone. (transfer full, wiped when freed)
GBytes *md_card_connection_send (MdCardConnection *self, const MdCommand *command, guint16 *out_sw,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

// What the program remembers of cards and readers; NULL (the default): nothing beyond this
// conversation. References it.
void md_card_connection_set_memory (MdCardConnection *self, MdCardMemory *memory);
MdCardMemory *md_card_connection_get_memory (MdCardConnection *self);

// The reader's keypad, or NULL: none, or one that did not do what it said. Asks the driver, once in
// a conversation; never the card. (transfer none)
const MdPinPad *md_card_connection_get_pin_pad (MdCardConnection *self, GCancellable *cancellable);

// After the keypad has said that it sent a PIN: where the card has heard of none (ERROR is
// PIN_NEEDED), the keypad did not do what it said. It is not trusted any more, and ERROR becomes
// PAD_FAILED. Any other ERROR stays.
void md_card_connection_blame_pad (MdCardConnection *self, GError **error);

// One request to the reader itself, sent once. A failure does not end the conversation: the next
// command to the card tells whether it is still there. (transfer full, wiped when freed)
GBytes *md_card_connection_control (MdCardConnection *self, guint32 code, GBytes *request,
                                    GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same for a request with which the reader waits for a person at its keypad, SECONDS at most.
// It cannot be called back: part 10 has a feature ABORT, but pcscd takes one request for a reader
// at a time, and lets nobody else at a reader that is connected exclusively.
GBytes *md_card_connection_await_keys (MdCardConnection *self, guint32 code, GBytes *request,
                                       guint seconds, GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// How many commands went over the wire, and how long the card side took for them, in microseconds.
guint md_card_connection_get_exchanges (MdCardConnection *self);
gint64 md_card_connection_get_card_usec (MdCardConnection *self);

G_END_DECLS
