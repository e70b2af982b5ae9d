// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_CARD_INSIDE) && !defined(MD_CARD_COMPILATION)
#error "include <md-card.h>, not this file"
#endif

#include "md-mynumber-jpki.h"
#include "md-mynumber-text.h"
#include "md-mynumber-visual.h"

G_BEGIN_DECLS

// Whole conversations with the resident's card, from recognising it to the last byte, as one call
// each. Blocking; on the worker thread.
typedef enum
{
  MD_CARD_FLOW_ATTRIBUTES,   // the four attributes; opened by PIN_TEXT or PIN_TEXT_B
  MD_CARD_FLOW_NUMBER,       // the individual number; PIN_TEXT or PIN_TEXT_A
  MD_CARD_FLOW_FACE,         // the card's face with its photograph; PIN_FACE_A or PIN_FACE_B
  MD_CARD_FLOW_AUTHENTICATE, // user-authentication certificate and a signature by it; PIN_AUTH
  MD_CARD_FLOW_SIGN,         // signature certificate and a signature by it; PIN_SIGN
  MD_CARD_N_FLOWS,
} MdCardFlow;

// Everything is borrowed for the time of the call.
typedef struct
{
  MdCardPin pin; // which of the flow's PINs SECRET is
  const MdSecret *secret;
  MdCardVerifyFlags flags;
  gboolean with_issuer;         // read what is needed to check the issuer's signature, too
  const MdCardProfile *profile; // AUTHENTICATE and SIGN: how, and
  const guint8 *digest;         // what to sign
  // For md_card_flow_run_on(), which makes the connection: as md_card_connection_set_memory() and
  // _set_clock() have it. Without a memory, nobody knows afterwards that a PIN was refused.
  MdCardMemory *memory;
  MdClock *clock;
} MdCardFlowRequest;

// What came; members that the flow does not read stay empty.
typedef struct
{
  MdCardAttributes *attributes;
  MdSecret *number;
  MdCardFace *face;
  GBytes *certificate;
  GBytes *signature;
  gboolean has_integrity; // attributes and number: the card let its record be read
  MdCardIntegrity integrity;
  MdCardIntegrityCheck integrity_check;
  gboolean has_issuer;
  MdCardIssuer issuer;
} MdCardFlowResult;

void md_card_flow_result_free (MdCardFlowResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdCardFlowResult, md_card_flow_result_free)

// On a connection that the caller has and ends; the PIN stands verified until then. MD_CARD_ERROR,
// of which UNKNOWN_CARD is also for 住基カード, whose JPKI application answers, but has not what is
// wanted; G_IO_ERROR_CANCELLED. (transfer full)
MdCardFlowResult *md_card_flow_run (MdCardFlow flow, MdCardConnection *connection,
                                    const MdCardFlowRequest *request, GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

// The same from connecting to powering the card down, whatever happens between. (transfer full)
MdCardFlowResult *md_card_flow_run_on (MdCardFlow flow, MdCardBackend *backend, const char *reader,
                                       const MdCardFlowRequest *request, GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
