// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-policy.h>

/* The signed bundle of the invented ward (with-world). */

/* A file of the world: $MADOGUCHI_WORLD/FOLDER/NAME. */
char *fixture_path (const char *folder, const char *name);
GBytes *fixture_read (const char *folder, const char *name);

/* Loads a bundle by its name under "policy". */
MdPolicy *fixture_load (const char *bundle, const MdPolicyExpect *expect, GError **error);

/* What a terminal of the ward expects of it today. */
MdPolicyExpect fixture_here_and_now (void);

/* The one in force. */
MdPolicy *fixture_policy (void);
