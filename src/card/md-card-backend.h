// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-types.h"
#include <gio/gio.h>

G_BEGIN_DECLS

// What one reader looks like at one moment.
typedef enum
{
  MD_CARD_SLOT_EMPTY,
  MD_CARD_SLOT_PRESENT,
  MD_CARD_SLOT_MUTE, // something lies there and does not answer
  MD_CARD_SLOT_AWAY, // the service still lists the reader, but it is not connected
} MdCardSlot;

struct _MdCardReaderState
{
  char *name;
  MdCardSlot slot;
  guint32 events; // never 0; changes with each insertion or removal: another number, another card
  guint32 raw;    // the backend's own word, to wait for a change of it
};

struct _MdCardSnapshot
{
  gboolean service;   // FALSE: no card service at all, or
  gboolean forbidden; // one that does not let this user in
  GPtrArray *readers; // of MdCardReaderState, in the service's order
};

// One that the caller's list of readers takes. (transfer full)
MdCardReaderState *md_card_reader_state_new (const char *name, MdCardSlot slot, guint32 events);
void md_card_reader_state_free (MdCardReaderState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardReaderState, md_card_reader_state_free)

// With no reader in it yet; and one that is the caller's own. (transfer full)
MdCardSnapshot *md_card_snapshot_new (gboolean service) G_GNUC_WARN_UNUSED_RESULT;
MdCardSnapshot *md_card_snapshot_copy (const MdCardSnapshot *self) G_GNUC_WARN_UNUSED_RESULT;

// Whether both tell the same: service and who may use it, readers in order, slots, events.
gboolean md_card_snapshot_equal (const MdCardSnapshot *a,
                                 const MdCardSnapshot *b) G_GNUC_WARN_UNUSED_RESULT;

// NULL: it has no such reader. (transfer none)
const MdCardReaderState *md_card_snapshot_find (const MdCardSnapshot *self, const char *reader);

void md_card_snapshot_free (MdCardSnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardSnapshot, md_card_snapshot_free)

// The longest answer to reset that ISO 7816-3 knows.
#define MD_CARD_ATR_MAX 33

// A connected card. A backend fills in what it knows; the rest is zero.
typedef struct
{
  guintptr handle; // the backend's own
  guint32 events;  // as in MdCardReaderState, at the moment of connecting
  // As the reader tells it; says what the card can do, never which card it is.
  guint8 atr[MD_CARD_ATR_MAX];
  gsize atr_length;
  gsize reader_apdu_max; // bytes of an extended APDU that reader and driver pass (PC/SC part 10,
                         // dwMaxAPDUDataSize); 0: not known here, the driver is asked
} MdCardLink;

// One command and its answer. RESPONSE holds the data and the status word.
typedef struct
{
  const guint8 *command;
  gsize command_length;
  guint8 *response;
  gsize response_size;
  gsize response_length; // out
} MdCardExchange;

// The transport. PC/SC, a recorded replay, a script and a fuzzer implement it. Each reader has one
// conversation at a time, from connect to disconnect, on one thread; those on different readers go
// on side by side where the caller has threads for them. watch is called on another thread. All
// block, and return soon after CANCELLABLE is cancelled where the foreign library allows it.
// Errors: MD_CARD_ERROR, G_IO_ERROR_CANCELLED.
#define MD_TYPE_CARD_BACKEND (md_card_backend_get_type ())
G_DECLARE_INTERFACE (MdCardBackend, md_card_backend, MD, CARD_BACKEND, GObject)

struct _MdCardBackendInterface
{
  GTypeInterface parent;

  GStrv (*list) (MdCardBackend *self, GCancellable *cancellable, GError **error);
  gboolean (*connect) (MdCardBackend *self, const char *reader, MdCardLink *out_link,
                       GCancellable *cancellable, GError **error);
  gboolean (*transmit) (MdCardBackend *self, const MdCardLink *link, MdCardExchange *exchange,
                        GCancellable *cancellable, GError **error);
  void (*disconnect) (MdCardBackend *self, const MdCardLink *link);
  MdCardSnapshot *(*watch) (MdCardBackend *self, const MdCardSnapshot *known,
                            GCancellable *cancellable, GError **error);
  // May be NULL: a transport without a driver behind it.
  gboolean (*control) (MdCardBackend *self, const MdCardLink *link, guint32 code,
                       MdCardExchange *exchange, GCancellable *cancellable, GError **error);
  // May be NULL: a transport without a service behind it.
  gboolean (*answers) (MdCardBackend *self);
};

// The names of the readers; empty when there is none. NO_SERVICE when there is no service.
// (transfer full)
GStrv md_card_backend_list (MdCardBackend *self, GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Powers the card up and keeps every other program out of it.
gboolean md_card_backend_connect (MdCardBackend *self, const char *reader, MdCardLink *out_link,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// One command, one answer, sent exactly once whatever happens.
gboolean md_card_backend_transmit (MdCardBackend *self, const MdCardLink *link,
                                   MdCardExchange *exchange, GCancellable *cancellable,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The control code that asks a reader's driver for its features (PC/SC part 10), as pcsc-lite
// counts.
#define MD_CARD_CONTROL_FEATURES 0x42000d48u

// One request to the reader itself (SCardControl), sent once; EXCHANGE holds its data and the
// answer, which may be empty. UNSUPPORTED where the driver does not know CODE.
gboolean md_card_backend_control (MdCardBackend *self, const MdCardLink *link, guint32 code,
                                  MdCardExchange *exchange, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Lets the card go and takes its power, so that no PIN stays verified. Never fails as far as the
// caller can act.
void md_card_backend_disconnect (MdCardBackend *self, const MdCardLink *link);

// Whether the service behind the transport answers, asked apart from all that goes on. Any thread;
// blocks for as long as it says nothing.
gboolean md_card_backend_answers (MdCardBackend *self) G_GNUC_WARN_UNUSED_RESULT;

// Blocks until the world differs from KNOWN (NULL: answers at once with what there is). (transfer
// full)
MdCardSnapshot *md_card_backend_watch (MdCardBackend *self, const MdCardSnapshot *known,
                                       GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
