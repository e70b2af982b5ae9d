// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * apdu: the language of ISO 7816 cards, without a card: commands are built and parsed, responses
 * split, status words put into classes, BER-TLV read and written. Pure functions over bytes, no
 * I/O, no state, any thread.
 */

#define MD_APDU_INSIDE
#include "md-apdu-error.h"
#include "md-status-word.h"
#include "md-command.h"
#include "md-response.h"
#include "md-tlv.h"
#undef MD_APDU_INSIDE
