// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: the work with the cards on one reader, one job after the other, on a thread
// that is there while there is any.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-pcsc-worker.h is private to src/pcsc"
#endif

#include "md-pcsc-manager.h"

G_BEGIN_DECLS

typedef struct _MdPcscWorker MdPcscWorker;

// Has FUNC run by whoever runs CONTEXT, never by the calling thread (g_main_context_invoke() may do
// that).
void _md_pcsc_hand_over (GMainContext *context, GSourceFunc func, gpointer data,
                         GDestroyNotify destroy);

MdPcscWorker *_md_pcsc_worker_new (MdCardBackend *backend, MdCardMemory *memory,
                                   guint patience_s) G_GNUC_WARN_UNUSED_RESULT;

// How long card and reader have for each answer.
void _md_pcsc_worker_set_patience (MdPcscWorker *self, guint seconds);

// What is left behind of a job that was given up. Main context; the second is told there of each
// change.
MdPcscHeld _md_pcsc_worker_get_held (MdPcscWorker *self);
void _md_pcsc_held_changed (MdPcsc *pcsc);

// Queues JOB of the MdPcsc that is TASK's source object; TASK returns its result in its own main
// context. After _cancel, fails with G_IO_ERROR_CANCELLED.
void _md_pcsc_worker_push (MdPcscWorker *self, const MdCardJob *job, GTask *task);

// Cancels what runs and what waits; nothing is taken from then on. Does not block.
void _md_pcsc_worker_cancel (MdPcscWorker *self);
// Waits for the thread, until END (monotonic).
void _md_pcsc_worker_await_end (MdPcscWorker *self, gint64 end);

void _md_pcsc_worker_unref (MdPcscWorker *self);

G_END_DECLS
