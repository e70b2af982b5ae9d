// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* The key of the pseudonyms of the day's people. It lies in the service's folder under /run
 * ($RUNTIME_DIRECTORY): a restart of the service keeps it, the end of power does not, and then
 * nobody can say any more who was here before. Without such a folder it lasts as long as the
 * process. */
MdSecret *naming_load_key (void) G_GNUC_WARN_UNUSED_RESULT;
/* Whether NAMED (md_outbox_dup_named()) is what the manifest says. */
gboolean naming_fits (const char *named, char *const said[MD_N_NAMED]);

/* What stands for the digest of PART (32 bytes) while the day lasts; NULL when
 * that fails. (transfer full) */
char *naming_dup_pseudonym (Service *self, MdNamedPart part,
                            GBytes *digest) G_GNUC_WARN_UNUSED_RESULT;
