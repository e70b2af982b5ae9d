// SPDX-License-Identifier: Apache-2.0
// The card as the counter sees it: the My Number card and the staff card, over any transport.
//
// Everything here is synchronous and is meant to run on one worker thread (see md-pcsc.h, which
// owns that thread). Nothing here draws, logs or keeps global state. Every failure is in the
// MD_CARD_ERROR domain.
//
//   md-card-backend.h     the seam: list, connect, transmit, disconnect, watch
//   md-card-connection.h  one exclusive conversation with one card, with a count of its commands
//   md-card-error.h       what can go wrong, as decisions, with the tries left
//   md-card-text.h        the same in words for a person: what happened, what it means, what to do
//   md-card-files.h       pure parsers of the card's files
//   md-mynumber-card.h    the resident's card
//   md-staff-card.h       the officer's card (PIV)
#pragma once

#define MD_CARD_INSIDE
#include "md-card-types.h"
#include "md-card-error.h"
#include "md-card-text.h"
#include "md-card-backend.h"
#include "md-card-connection.h"
#include "md-card-files.h"
#include "md-mynumber-card.h"
#include "md-staff-card.h"
#undef MD_CARD_INSIDE
