// SPDX-License-Identifier: Apache-2.0
// A reader for tests, loaded by the real pcscd: one with a keypad (PC/SC part 10), that can be
// unplugged, put to sleep, made slow, given a card the wrong way round, and made to lie about its
// keypad.
//
// It stands where a USB reader stands. Towards the card it speaks as vpcd does, so that the program
// vcard comes to it as to vpcd; towards the test it listens on a UNIX socket for orders, one to a
// line, each answered by "ok ..." or "error ...". In pcscd's reader file:
//
//   DEVICENAME /dev/null:PORT:SOCKET      port for vcard, path for orders
//
// Orders:
//   features [verify] [modify] [tlv] [abort] | garbage | short | none    what the feature list says
//   lie none | unsupported | fault-before | fault-after | empty | status XXXX | deaf
//                  what the keypad does instead: the call is not known; fails before or after the
//                  PIN went to the card; is answered by nothing; by a status word; says 9000 and
//                  sends nothing
//   type DIGITS    the person types this and presses OK ("type 1234"; a new PIN twice:
//                  "type 5678 5678"); waits until the keypad asks, if it does not yet
//   press cancel   the person presses cancel
//   walk-away      the person types nothing: the keypad's time runs out at once
//   slow MS        every answer of the card comes this much later
//   sleep          the machine slept: the card has lost its power, and the reader fails until it
//                  is powered up again
//   reset          the bus was reset: what goes on fails, the card has lost its power, and the
//                  reader is not there for the next two looks at it
//   mute [off]     the card lies the wrong way round: it is there, and when it gets power it says
//                  nothing at all
//   apdu N         dwMaxAPDUDataSize: what it says of long commands; 0: short ones only
//   unplug, plug   the cable. (A reader of a file stays in pcscd's list, in a state that says that
//   it
//                  is not there; one on USB leaves the list.)
//   status         "plugged=yes powered=yes asked=N sent=N waiting=no": entries asked for, PINs
//   that
//                  went to the card, whether the keypad waits for somebody now
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IFD_READERS 4

typedef enum
{
  IFD_FEATURE_VERIFY = 1 << 0,
  IFD_FEATURE_MODIFY = 1 << 1,
  IFD_FEATURE_TLV = 1 << 2,
  IFD_FEATURE_ABORT = 1 << 3,
  IFD_FEATURE_GARBAGE = 1 << 4, // lengths that do not fit
  IFD_FEATURE_SHORT = 1 << 5,   // ends in the middle of an entry
} IfdFeatures;

typedef enum
{
  IFD_LIE_NONE,
  IFD_LIE_UNSUPPORTED,
  IFD_LIE_FAULT_BEFORE,
  IFD_LIE_FAULT_AFTER,
  IFD_LIE_EMPTY,
  IFD_LIE_STATUS,
  IFD_LIE_DEAF,
} IfdLie;

// One reader. What stands behind the mutex is shared with the thread that takes orders; the card's
// socket belongs to pcscd's threads, which take turns.
typedef struct
{
  gboolean used;
  gulong lun;
  int listener; // for vcard
  int card;     // -1: nobody there
  guint8 atr[33];
  gsize atr_length;

  GMutex mutex;
  GCond typed;
  gboolean plugged;
  gboolean powered;
  gboolean asleep;
  gboolean mute;
  guint resetting; // looks at it that still find nothing
  guint32 max_apdu;
  IfdFeatures features;
  IfdLie lie;
  guint16 lie_status;
  GQueue keys; // of char*: "1234", "5678 5678", "cancel", "away"
  guint slow_ms;
  guint asked;
  guint sent;
  gboolean waiting;
} IfdReader;

// ifd-card.c: the wire to vcard. Lengths are those of vpcd's protocol, at most 65535.

// Opens the port for vcard.
gboolean ifd_card_listen (IfdReader *reader, guint16 port);
// Asks for the ATR; FALSE: no card.
gboolean ifd_card_ask_atr (IfdReader *reader);
// One of vpcd's control bytes, that has no answer.
void ifd_card_control (IfdReader *reader, guint8 control);
// One command. Length of the answer, or -1: no card, no power, or the reader was unplugged
// meanwhile.
gssize ifd_card_exchange (IfdReader *reader, const guint8 *command, gsize length, guint8 *answer,
                          gsize size);

// ifd-pad.c: the keypad.

// The answer to the feature request; its length.
gsize ifd_pad_features (IfdReader *reader, guint8 *answer, gsize size);
// The answer to the request for properties; its length.
gsize ifd_pad_properties (IfdReader *reader, guint8 *answer, gsize size);
typedef enum
{
  IFD_PAD_DONE,
  IFD_PAD_UNSUPPORTED,
  IFD_PAD_FAULT,
} IfdPadResult;
// VERIFY_PIN_DIRECT or MODIFY_PIN_DIRECT: waits for the person, sends the PIN, gives the answer.
IfdPadResult ifd_pad_enter (IfdReader *reader, gboolean modify, const guint8 *request, gsize length,
                            guint8 *answer, gsize *inout_length);

// ifd-orders.c: the test's hand.

// Begins to take orders at PATH.
gboolean ifd_orders_listen (IfdReader *reader, const char *path);

G_END_DECLS
