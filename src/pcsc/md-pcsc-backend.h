// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PCSC_INSIDE) && !defined(MD_PCSC_COMPILATION)
#error "include <md-pcsc.h>, not this file"
#endif

#include <md-card.h>

G_BEGIN_DECLS

// MdCardBackend on PC/SC Lite. Each conversation has a context of its own, from connect to
// disconnect, so that those on different readers go on side by side, each on a thread of its own;
// watch has another one. They are kept for the next conversation, and made again when pcscd was
// restarted. A missing pcscd is a snapshot, not an error, for watch.
#define MD_TYPE_PCSC_BACKEND (md_pcsc_backend_get_type ())
G_DECLARE_FINAL_TYPE (MdPcscBackend, md_pcsc_backend, MD, PCSC_BACKEND, GObject)

// (transfer full)
MdPcscBackend *md_pcsc_backend_new (void) G_GNUC_WARN_UNUSED_RESULT;

// Programs other than this one that are connected to the card service now, as far as this user may
// see: "firefox, a program of another user"; NULL: none, or it cannot be told. (transfer full)
char *md_pcsc_name_other_programs (void);

G_END_DECLS
