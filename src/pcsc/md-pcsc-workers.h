// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: a worker for each reader, so that a card that does not answer keeps nobody
// but those who want its own reader.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-pcsc-workers.h is private to src/pcsc"
#endif

#include "md-pcsc-worker.h"

G_BEGIN_DECLS

// Main context only.
typedef struct _MdPcscWorkers MdPcscWorkers;

MdPcscWorkers *_md_pcsc_workers_new (MdCardBackend *backend) G_GNUC_WARN_UNUSED_RESULT;

// Made for its first job. (transfer none)
MdPcscWorker *_md_pcsc_workers_get (MdPcscWorkers *self, const char *reader);

// What is remembered of cards and readers, by all of them. (transfer none)
MdCardMemory *_md_pcsc_workers_get_memory (MdPcscWorkers *self);

// How long card and reader have for each answer.
void _md_pcsc_workers_set_patience (MdPcscWorkers *self, guint seconds);

// What is left behind of a job that was given up: on READER, or (NULL) on any of them.
MdPcscHeld _md_pcsc_workers_get_held (MdPcscWorkers *self, const char *reader);

// Cancels what runs and what waits, and waits for the threads for at most half a second in all.
// Nothing is taken from then on.
void _md_pcsc_workers_stop (MdPcscWorkers *self);

void _md_pcsc_workers_free (MdPcscWorkers *self);

G_END_DECLS
