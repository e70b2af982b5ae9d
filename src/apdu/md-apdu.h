// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * apdu: the language of ISO 7816 cards, without a card. Pure functions over bytes, no I/O, no
 * state, any thread; each is fuzzed (tests/fuzz). Needs GLib and src/base, nothing else.
 *
 *   md-command.h      command APDUs, short and extended: built and parsed
 *   md-response.h     response APDUs: data and status word
 *   md-status-word.h  status words put into classes that a program can decide by
 *   md-tlv.h          BER-TLV as cards write it: read, searched, written
 *   md-atr.h          the answer to reset: what the card says it can do
 *   md-apdu-error.h   the GError domain of all of them
 */

#define MD_APDU_INSIDE
#include "md-apdu-error.h"
#include "md-status-word.h"
#include "md-command.h"
#include "md-response.h"
#include "md-tlv.h"
#include "md-atr.h"
#undef MD_APDU_INSIDE
