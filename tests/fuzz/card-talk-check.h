// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What must hold of every result of a talk with a card (card-talk.c). */

#include "card-talk.h"

G_BEGIN_DECLS

typedef struct
{
  const TalkPlan *plan;
  FuzzBackend *backend;
  const FuzzModel *model;
  MdCardMemory *memory; /* may be NULL */
  GCancellable *cancellable;
  gboolean corrected; /* another PIN is typed: the one of a card that has another */
} TalkContext;

#define TRIES_MAX 15

gboolean talk_has_option (const TalkContext *context, TalkOption option);
/* A result, or an error: never both, never neither. Frees the error. */
gboolean talk_check_outcome (gboolean good, GError **error);
/* The same of what presents no PIN, which is never the place to hear that one is wrong. */
gboolean talk_check_reading (gboolean good, GError **error);
/* ... of at most so many bytes. */
gboolean talk_check_bytes (GBytes *bytes, gsize most, GError **error);

/* What was read has the form that it is promised in. */
void talk_check_attributes (const MdCardAttributes *attributes);
void talk_check_face (const MdCardFace *face);
void talk_check_common (const MdCardCommon *common);
/* What a card says of the tries is what it has, as far as it is honest. */
void talk_check_refusal (const TalkContext *context, MdCardPin pin, const GError *error);
/* How many tries a card has that says what it has; else 1. */
guint talk_count_tries (const TalkContext *context, MdCardPin pin);
/* The last try is nobody's accident. An officer who was told, and types again, has confirmed. */
void talk_check_last_try (const TalkContext *context, MdCardPin pin, guint before);
void talk_check_flow (MdCardFlow flow, const MdCardFlowRequest *request,
                      const MdCardFlowResult *result);

G_END_DECLS
