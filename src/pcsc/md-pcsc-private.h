// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: what the backend needs of the system around PC/SC.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-pcsc-private.h is private to src/pcsc"
#endif

#include <gio/gio.h>
#include <winscard.h>

G_BEGIN_DECLS

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

// Sleeps until pcscd's socket may have come (inotify; looks again every two seconds) or CANCELLABLE
// is cancelled.
void md_pcsc_wait_for_service (GCancellable *cancellable);

G_END_DECLS
