// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-policy.h>
#include <md-protocol.h>
#include <md-seal.h>

G_BEGIN_DECLS

/* That the form's version was in force by @policy, the one the intake names, on the day on which it
 * was begun. Returns: (transfer full) what is wrong, or NULL. */
MdProblem *forms_check_intake (MdPolicy *policy,
                               const MdManifest *manifest) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
