// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: how MdPcsc keeps its list items up to date.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-card-reader-private.h is private to src/pcsc"
#endif

#include "md-card-reader.h"

G_BEGIN_DECLS

MdCardReader *_md_card_reader_new (const char *name);

// TRUE when the slot or the events changed; notifies.
gboolean _md_card_reader_update (MdCardReader *self, MdCardSlot slot, guint32 events);

// TRUE when it changed; notifies.
gboolean _md_card_reader_set_registered (MdCardReader *self, gboolean registered);

// IS_FREE: nobody has said anything of it, so it may stand in where a role has no reader. TRUE when
// one of the two changed; notifies.
gboolean _md_card_reader_set_role (MdCardReader *self, MdCardRole role, gboolean is_free);

G_END_DECLS
