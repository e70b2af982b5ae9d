// SPDX-License-Identifier: Apache-2.0
// What a file of the card says when a part of it came spoiled. Written from what is known of the
// card's files, and from the files themselves; src/card is not asked.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

typedef enum
{
  SENSE_NONE,    // it cannot be read
  SENSE_EMPTY,   // there is no certificate in it
  SENSE_SAME,    // what it says when nothing happens, in everything that counts
  SENSE_OTHER,   // it has its form, and says something else
  SENSE_GARBLED, // the same of a certificate that only looks like one
  SENSE_UNKNOWN, // where that alone is asked: it does not tell which card this is
} Sense;

// What comes of the file when MISHAP befalls the answer to command INDEX of ROW, a READ.
Sense mishap_sense (const Row *row, guint index, const Mishap *mishap);

// The same when that command is answered with the first SIZE bytes from its place on, or with all
// there are.
Sense mishap_sense_of_piece (const Row *row, guint index, gsize size);

// The same when another person's card, MISHAP_NEXT's, gives all that comes from that command on.
Sense mishap_sense_of_splice (const Row *row, guint index);

G_END_DECLS
