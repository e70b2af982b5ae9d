// SPDX-License-Identifier: Apache-2.0
// Private to src/card: digests of what is personal, of which nothing stays behind.
#pragma once

#ifndef MD_CARD_COMPILATION
#error "md-card-digest.h is private to src/card"
#endif

#include <glib.h>

G_BEGIN_DECLS

#define MD_CARD_DIGEST_SIZE 32

typedef struct
{
  const guint8 *data;
  gsize size;
} MdCardPiece;

// SHA-256 of COUNT pieces, one after the other. (GChecksum keeps the last block of what it was
// given in memory that it frees as it is.)
void md_card_digest (const MdCardPiece *pieces, gsize count, guint8 *out_digest);

G_END_DECLS
