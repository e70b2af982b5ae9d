// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk.h"

/* What the files of the Desk share. */

GVariant *desk_bytes_variant (GBytes *bytes);

/* Writes into the manifest of whom it is: what the service was told last of its intake, or the
 * flaw. */
void desk_say_named (MdManifest *manifest, const DeskFlaws *flaws);

/* Whose decision it is, and what it says of a letter. */
typedef struct
{
  MdDecisionKind kind;
  const char *officer, *signer;
  MdDelegation *delegation;
  const char *reason; /* NULL: "incomplete", or none where none is due */
} DeskDeciding;

MdDecisionFiles *desk_sign_decision (Desk *self, const char *intake, const DeskDeciding *deciding,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
