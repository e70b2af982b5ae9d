// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PCSC_INSIDE) && !defined(MD_PCSC_COMPILATION)
#error "include <md-pcsc.h>, not this file"
#endif

#include <md-card.h>

G_BEGIN_DECLS

typedef enum
{
  MD_CARD_ROLE_NONE,
  MD_CARD_ROLE_RESIDENT,
  MD_CARD_ROLE_STAFF,
} MdCardRole;

#define MD_TYPE_CARD_ROLE (md_card_role_get_type ())
GType md_card_role_get_type (void);

// One reader in the list of MdPcsc, with read-only properties "name", "has-card", "role",
// "registered". Main thread only.
#define MD_TYPE_CARD_READER (md_card_reader_get_type ())
G_DECLARE_FINAL_TYPE (MdCardReader, md_card_reader, MD, CARD_READER, GObject)

const char *md_card_reader_get_name (MdCardReader *self);

MdCardSlot md_card_reader_get_slot (MdCardReader *self);

MdCardRole md_card_reader_get_role (MdCardReader *self);

// Nobody has said anything of it: neither the administrator nor who chooses at the terminal.
gboolean md_card_reader_is_free (MdCardReader *self);

// Whether it may be used here: see md_pcsc_set_registered().
gboolean md_card_reader_is_registered (MdCardReader *self);

// Changes with each insertion and removal: while it stays the same, the same card lies there. For
// MdCardJob.
guint32 md_card_reader_get_events (MdCardReader *self);

G_END_DECLS
