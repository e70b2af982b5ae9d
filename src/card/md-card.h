// SPDX-License-Identifier: Apache-2.0
// The card as the counter sees it: the My Number card and the staff card, over any transport.
//
// Everything here is synchronous and is meant to run on a worker thread, each conversation on one
// (see md-pcsc.h, which has one for each reader). Nothing here draws, logs or keeps global state.
// Every failure is in the MD_CARD_ERROR domain. Words for a person are of the text domain
// "madoguchi", whatever the program's own is; where its catalogues lie, the program says once
// (bindtextdomain()).
//
//   md-card-backend.h     the seam: list, connect, transmit, disconnect, watch
//   md-card-memory.h      what outlives one conversation: refused PINs, keypads that do not work
//   md-pin-pad.h          a reader's own keypad (PC/SC part 10)
//   md-card-connection.h  one exclusive conversation with one card, with a count of its commands
//   md-card-error.h       what can go wrong, as decisions, with the tries left
//   md-card-text.h        the same in words for a person: what happened, what it means, what to do
//   md-card-files.h       pure parsers of the card's files
//   md-card-face.h        the same for what is printed on the card, photograph included
//   md-card-pin.h         the rules of each PIN, known before anything is sent
//   md-card-reference.h   照合番号B put together from what is printed on the card
//   md-card-profile.h     how each generation of cards signs, as a table
//   md-mynumber-card.h    the resident's card: recognised, its PINs asked for and presented, and
//                         then what each of its applications gives:
//   md-mynumber-jpki.h      公的個人認証: certificates, keys, token
//   md-mynumber-pad.h       PINs typed at the reader's own keypad
//   md-mynumber-text.h      券面事項入力補助: number, four attributes, integrity record
//   md-mynumber-visual.h    券面事項確認: photograph and pictures, without a PIN
//   md-mynumber-common.h    card serial, municipality, expiry
//   md-card-flow.h        whole conversations in one call each
//   md-staff-card.h       the officer's card (PIV)
//
// tests/card/example.c reads the four attributes with it, in about thirty lines.
#pragma once

#define MD_CARD_INSIDE
#include "md-card-types.h"
#include "md-card-error.h"
#include "md-card-text.h"
#include "md-card-backend.h"
#include "md-card-memory.h"
#include "md-pin-pad.h"
#include "md-card-connection.h"
#include "md-card-files.h"
#include "md-card-face.h"
#include "md-card-pin.h"
#include "md-card-reference.h"
#include "md-card-profile.h"
#include "md-mynumber-card.h"
#include "md-mynumber-jpki.h"
#include "md-mynumber-pad.h"
#include "md-mynumber-text.h"
#include "md-mynumber-visual.h"
#include "md-mynumber-common.h"
#include "md-card-flow.h"
#include "md-staff-card.h"
#undef MD_CARD_INSIDE
