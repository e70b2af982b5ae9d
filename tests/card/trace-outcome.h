// SPDX-License-Identifier: Apache-2.0
// The lines that tell what a conversation came to, and the proof of what can be proved.
#pragma once

#include <md-card.h>

G_BEGIN_DECLS

// What the conversations of all traces sign: the digest of one text, by the profile's hash.
typedef struct
{
  guint8 bytes[64];
} TraceDigest;
void trace_digest_make (const MdCardProfile *profile, TraceDigest *out_digest);

// "auth", "text-b"; NULL for no PIN (transfer none).
const char *trace_pin_get_name (MdCardPin pin);

// Each appends its lines to OUTCOME.
void trace_tell_error (const GError *error, GString *outcome);
void trace_tell_token (MdTokenKind kind, const char *label, GString *outcome);
void trace_tell_certificate (GBytes *certificate, GString *outcome);
void trace_tell_flow (MdCardFlow flow, const MdCardFlowRequest *request,
                      const MdCardFlowResult *result, GString *outcome);

G_END_DECLS
