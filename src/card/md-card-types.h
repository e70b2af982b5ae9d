// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _MdCardBackend MdCardBackend;
typedef struct _MdCardConnection MdCardConnection;
typedef struct _MdCardReaderState MdCardReaderState;
typedef struct _MdCardSnapshot MdCardSnapshot;
typedef struct _MdCardFace MdCardFace;
typedef struct _MdCardProfile MdCardProfile;
typedef struct _MdMyNumberCard MdMyNumberCard;
typedef struct _MdStaffCard MdStaffCard;

// Tries left: a count, 0 for a locked PIN, or one of these. The card does not tell how many (it may
// be the last one), or nobody asked; and: it has no such PIN.
#define MD_CARD_TRIES_UNKNOWN (-1)
#define MD_CARD_TRIES_NONE (-2)

// The largest file we read from a card (offsets of READ BINARY have 15 bits).
#define MD_CARD_FILE_MAX 32767

G_END_DECLS
