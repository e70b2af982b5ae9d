// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: what the backend needs of the system around PC/SC.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-pcsc-private.h is private to src/pcsc"
#endif

#include <gio/gio.h>
#include <md-card.h>
#include <winscard.h>

G_BEGIN_DECLS

// What a return code of PC/SC means to us.
MdCardError md_pcsc_code_for_rv (LONG rv);

// Contexts, each for one use at a time: the library lets only one call pass through each, so that a
// card that does not answer keeps its own and no other. As many are kept as were ever in use at
// once. Any thread.
typedef struct _MdPcscContexts MdPcscContexts;

MdPcscContexts *md_pcsc_contexts_new (void) G_GNUC_WARN_UNUSED_RESULT;
// One that is not in use, or a new one; what the library says where it makes none.
LONG md_pcsc_contexts_take (MdPcscContexts *self, SCARDCONTEXT *out_context);
// LOST: it is of a service that is gone, and so are all that are not in use.
void md_pcsc_contexts_give_back (MdPcscContexts *self, SCARDCONTEXT context, gboolean lost);
void md_pcsc_contexts_free (MdPcscContexts *self);

// A wait in SCardGetStatusChange that a GCancellable ends. SCardCancel is lost when no call waits
// yet, so it is repeated until the call has come back.
typedef struct _MdPcscWait MdPcscWait;

MdPcscWait *md_pcsc_wait_new (SCARDCONTEXT context, GCancellable *cancellable);
// FALSE: already cancelled, do not wait.
gboolean md_pcsc_wait_begin (MdPcscWait *self);
void md_pcsc_wait_end (MdPcscWait *self);
gboolean md_pcsc_wait_is_cancelled (MdPcscWait *self);
// Forgets the context, before it is released. May be called twice.
void md_pcsc_wait_detach (MdPcscWait *self);
void md_pcsc_wait_free (MdPcscWait *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPcscWait, md_pcsc_wait_free)

// Whether a card service is on this machine at all, running or not.
gboolean md_pcsc_is_installed (void);

// md_card_backend_answers(): by a context of its own.
gboolean md_pcsc_service_answers (MdCardBackend *backend);

// The path of the service's socket, and whether it is there but closed to this user.
const char *md_pcsc_get_socket (void);
gboolean md_pcsc_socket_is_forbidden (void);
// Whether somebody takes calls there.
gboolean md_pcsc_socket_is_open (void);

// The place where the service's socket appears. Make one before looking whether the service is
// there, and no change after that is missed.
typedef struct _MdPcscDoor MdPcscDoor;

MdPcscDoor *md_pcsc_door_new (void) G_GNUC_WARN_UNUSED_RESULT;
// Sleeps, without waking up in between, until looking again may help: something changed there (and
// a few short moments after that, since a socket is there before anybody listens); where this user
// is FORBIDDEN to use the service, half a minute went by; or CANCELLABLE is cancelled.
void md_pcsc_door_wait (MdPcscDoor *self, gboolean forbidden, GCancellable *cancellable);
// Whether some of these short moments are still to come.
gboolean md_pcsc_door_is_settling (const MdPcscDoor *self);
void md_pcsc_door_free (MdPcscDoor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPcscDoor, md_pcsc_door_free)

G_END_DECLS
