// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: the thread that waits for readers and cards to change.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-pcsc-watcher.h is private to src/pcsc"
#endif

#include "md-pcsc-manager.h"

G_BEGIN_DECLS

typedef struct _MdPcscWatcher MdPcscWatcher;

// Starts to watch, and tells PCSC (which is not kept) in CONTEXT. (transfer full)
MdPcscWatcher *_md_pcsc_watcher_new (MdCardBackend *backend, MdPcsc *pcsc,
                                     GMainContext *context) G_GNUC_WARN_UNUSED_RESULT;

// Told in the main context of each new state of the world.
void _md_pcsc_apply (MdPcsc *pcsc, const MdCardSnapshot *snapshot);

// Tells the thread to end. Does not block, whatever the card service does.
void _md_pcsc_watcher_cancel (MdPcscWatcher *self);

// Waits for its end, for a moment: a thread that hangs in the service is left behind, and ends when
// the service does. (transfer full)
void _md_pcsc_watcher_end (MdPcscWatcher *self);

G_END_DECLS
