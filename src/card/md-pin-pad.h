// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-card-types.h"
#include <gio/gio.h>

G_BEGIN_DECLS

// The keypad of a reader, as PC/SC part 10 describes it. Pure: from bytes to values and back, any
// input.

// What a reader says that it can do. A control code of 0: it does not offer that.
typedef struct
{
  guint32 verify;     // VERIFY_PIN_DIRECT
  guint32 modify;     // MODIFY_PIN_DIRECT
  guint32 properties; // GET_TLV_PROPERTIES
  guint8 least;       // digits that the keypad can demand at least and at most; 0: not said
  guint8 most;
  guint8 validation; // how an entry may end (bEntryValidationCondition); 0: not said
  guint32 max_apdu;  // dwMaxAPDUDataSize; 0: short commands only, or not said
} MdPinPad;

// The answer to the feature request. FALSE: no list (then OUT_PAD is empty); entries that do not
// fit are passed over.
gboolean md_pin_pad_parse_features (const guint8 *list, gsize length,
                                    MdPinPad *out_pad) G_GNUC_WARN_UNUSED_RESULT;

// The answer to GET_TLV_PROPERTIES, added to PAD; what is not understood is passed over.
void md_pin_pad_parse_properties (const guint8 *list, gsize length, MdPinPad *pad);

// One entry at the keypad: the PIN's length in digits, and how it goes to the card.
typedef struct
{
  guint8 least;
  guint8 most;
  guint8 block; // the PIN's room in the command, filled up with FF
  guint8 ins;
  guint8 p1;
  guint8 p2;
  guint seconds; // until the keypad gives up
} MdPinEntry;

// Whether PAD can take such a PIN.
gboolean md_pin_pad_fits (const MdPinPad *pad, const MdPinEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

// PIN_VERIFY_STRUCTURE. (transfer full)
GBytes *md_pin_pad_build_verify (const MdPinPad *pad,
                                 const MdPinEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

// PIN_MODIFY_STRUCTURE for a command that carries the new PIN alone (the old one was verified just
// before), to be typed twice. (transfer full)
GBytes *md_pin_pad_build_modify (const MdPinPad *pad,
                                 const MdPinEntry *entry) G_GNUC_WARN_UNUSED_RESULT;

// What a keypad itself answers in place of the card's status word.
#define MD_PIN_PAD_SW_TIMEOUT 0x6400
#define MD_PIN_PAD_SW_CANCELLED 0x6401
#define MD_PIN_PAD_SW_DIFFERENT 0x6402 // the new PIN was not typed twice the same
#define MD_PIN_PAD_SW_LENGTH 0x6403

G_END_DECLS
