// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PCSC_INSIDE) && !defined(MD_PCSC_COMPILATION)
#error "include <md-pcsc.h>, not this file"
#endif

#include "md-card-reader.h"

G_BEGIN_DECLS

// What there is to work with at all.
typedef enum
{
  MD_PCSC_STATE_STARTING,      // not known yet
  MD_PCSC_STATE_NO_SERVICE,    // pcscd is missing or stopped; we wait for it
  MD_PCSC_STATE_NO_READER,     // the service is there, no reader is
  MD_PCSC_STATE_READY,         // at least one reader
  MD_PCSC_STATE_NO_PERMISSION, // the service refuses this user; we ask again from time to time
} MdPcscState;

#define MD_TYPE_PCSC_STATE (md_pcsc_state_get_type ())
GType md_pcsc_state_get_type (void);

// What a reader is still busy with after everybody has given it up.
typedef enum
{
  MD_PCSC_HELD_NOT,
  MD_PCSC_HELD_BY_KEYPAD, // it waits at its keypad for a PIN that nobody wants any more
  MD_PCSC_HELD_BY_CARD,   // a card, reader or driver that does not answer
} MdPcscHeld;

#define MD_TYPE_PCSC_HELD (md_pcsc_held_get_type ())
GType md_pcsc_held_get_type (void);

// Readers of this machine: a GListModel of MdCardReader with
//   property "state" (MdPcscState, notify)
//   property "held" (MdPcscHeld of any of them, notify, also when another one is held)
//   signal "card-inserted" (MdCardReader *reader), "card-removed" (MdCardReader *reader)
//   signal "readers-changed" (): a reader came or went, or a role changed
// A card that lies on a reader when watching starts is announced by "card-inserted" too. Main
// thread only.
#define MD_TYPE_PCSC (md_pcsc_get_type ())
G_DECLARE_FINAL_TYPE (MdPcsc, md_pcsc, MD, PCSC, GObject)

// Over PC/SC Lite. Does not watch before md_pcsc_start(). (transfer full)
MdPcsc *md_pcsc_new (void) G_GNUC_WARN_UNUSED_RESULT;

// Over another backend (tests). (transfer full)
MdPcsc *md_pcsc_new_for_backend (MdCardBackend *backend) G_GNUC_WARN_UNUSED_RESULT;

// Begins to watch. Once.
void md_pcsc_start (MdPcsc *self);

// Cancels the work and ends all threads; waits for them less than a second. One that a card or the
// service keeps is left behind, and ends when they let it. Called by dispose; may be called twice.
void md_pcsc_stop (MdPcsc *self);

MdPcscState md_pcsc_get_state (MdPcsc *self);

// The administrator's word: the reader named NAME has this role, and no other. NULL: not fixed.
// What was chosen for the role counts for nothing then.
void md_pcsc_set_role (MdPcsc *self, MdCardRole role, const char *name);
// NULL where it is not fixed (transfer none).
const char *md_pcsc_get_fixed (MdPcsc *self, MdCardRole role);

// What was chosen at this terminal, a{ss}: "resident", "staff" or "none" by reader, to be kept and
// given back at the next start. Nothing in it is personal. It holds for the reader that was meant,
// wherever it is plugged in: by its name with its serial number, where the driver tells one.
void md_pcsc_set_choices (MdPcsc *self, GVariant *choices);
GVariant *md_pcsc_get_choices (MdPcsc *self) G_GNUC_WARN_UNUSED_RESULT;

// READER has this role from now on (NONE: it is not to be used); another one that has it takes over
// what READER was before. FALSE: the role or the reader is fixed, or gone.
gboolean md_pcsc_choose_role (MdPcsc *self, MdCardReader *reader, MdCardRole role);

// What is left behind of a job that was given up, on any reader; and on READER (NULL: none), where
// jobs wait until it ends. Those on other readers do not.
MdPcscHeld md_pcsc_get_held (MdPcsc *self);
MdPcscHeld md_pcsc_get_held_on (MdPcsc *self, MdCardReader *reader);

// The readers that may be used here, by name: whole, or without the two numbers at its end, which
// change with the order of plugging in; "*" stands for any letters and "?" for one. NULL: any. One
// that is not among them has no role, whatever was fixed or chosen, and no job runs on it
// (NOT_REGISTERED). It tells apart what is called differently; a name is no proof of what a device
// is.
void md_pcsc_set_registered (MdPcsc *self, const char *const *names);

// How long card and reader have for each answer, for jobs from here on (MD_CARD_PATIENCE_S).
void md_pcsc_set_patience (MdPcsc *self, guint seconds);

// Why no card can be read now, as an error whose words are those for a person: NOT_INSTALLED,
// NO_SERVICE, NO_PERMISSION, NOT_REGISTERED where there is a reader that may not be used, or
// NO_READER where the service has nothing to do with it.
void md_pcsc_explain (MdPcsc *self, GError **error);

// The reader with a role: the one that the administrator named or that was chosen for it, and no
// other, even where that one is not there (only registered readers may be used). Where nobody has
// said anything of the role: the only one of which nobody has said anything either, which may then
// be the same for both roles. NULL: none. (transfer none)
MdCardReader *md_pcsc_get_reader (MdPcsc *self, MdCardRole role);

// The readers by name: the items of the list, and those that the service still lists although they
// are not connected. Caller owns.
GStrv md_pcsc_list_names (MdPcsc *self) G_GNUC_WARN_UNUSED_RESULT;

// What runs on the worker with the card at hand: the caller's flow. Returns its result, or NULL
// with ERROR set. The connection is closed and unpowered after it; MdMyNumberCard and friends made
// from it must not outlive it.
typedef gpointer (*MdCardJobFunc) (MdCardConnection *connection, gpointer data,
                                   GCancellable *cancellable, GError **error);

typedef struct
{
  const char *reader; // name; copied
  guint events; // from md_card_reader_get_events(): another card fails with REMOVED; 0: any card
  MdCardJobFunc func;         // on the worker
  gpointer data;              // for func
  GDestroyNotify data_free;   // for data; on any thread
  GDestroyNotify result_free; // for a result nobody waits for any more; on any thread
} MdCardJob;

// Queues JOB behind the others on its reader. CALLBACK runs in the caller's thread-default main
// context. Cancelled within 100 ms even where the card is silent: the worker then finishes or fails
// on its own and its result is thrown away; see "held". Given up in the same way with TIMEOUT where
// one answer is overdue, or the worker has not become free for three times as long. Errors:
// MD_CARD_ERROR, G_IO_ERROR_CANCELLED (in place of it PAD_WAITING where a reader waits at its
// keypad and cannot be told, and STOPPED while a PIN is on its way to the card, which may count
// it), what func set.
void md_pcsc_run_async (MdPcsc *self, const MdCardJob *job, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);

// The job's result (transfer full), or NULL with ERROR set.
gpointer md_pcsc_run_finish (MdPcsc *self, GAsyncResult *result,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
