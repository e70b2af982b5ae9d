// SPDX-License-Identifier: Apache-2.0
#pragma once

/* protocol: the messages of the wire between terminal and gateway, encoded and decoded. Pure: no
 * I/O, no clock. The receipt that answers an accepted PUT is MdReceipt of <md-seal.h>.
 * data/protocol/openapi.yaml describes the same wire; tests/protocol/test-openapi.py
 * holds the two together. */

#define MD_PROTOCOL_INSIDE
#include <md-wire.h>
#include <md-wire-json.h>
#include <md-problem.h>
#include <md-decision-message.h>
#include <md-letter-message.h>
#include <md-nonce.h>
#include <md-numbers-message.h>
#include <md-inbox-message.h>
#include <md-upload-message.h>
#undef MD_PROTOCOL_INSIDE
