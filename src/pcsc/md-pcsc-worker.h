// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: the thread that owns the context for card work.
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

MdPcscWorker *_md_pcsc_worker_new (MdCardBackend *backend);

// How long card and reader have for each answer.
void _md_pcsc_worker_set_patience (MdPcscWorker *self, guint seconds);

// Told in the main context of what is left behind, and of its end.
void _md_pcsc_set_held (MdPcsc *pcsc, MdPcscHeld held);

// Queues JOB of the MdPcsc that is TASK's source object; TASK returns its result in its own main
// context. After _stop, fails with G_IO_ERROR_CANCELLED.
void _md_pcsc_worker_push (MdPcscWorker *self, const MdCardJob *job, GTask *task);

// What is remembered of cards and readers. (transfer none)
MdCardMemory *_md_pcsc_worker_get_memory (MdPcscWorker *self);

// Cancels what runs and what waits, and waits for the thread for at most half a second.
void _md_pcsc_worker_stop (MdPcscWorker *self);

void _md_pcsc_worker_unref (MdPcscWorker *self);

G_END_DECLS
