// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-pki-types.h"

/** Checks that @sealed is AuthEnvelopedData in definite lengths with AES-256-GCM, a 12-byte nonce
 * and a 16-byte tag. libcrypto would take shorter tags. MALFORMED, UNSUPPORTED, TOO_LARGE. */
gboolean md_sealed_check (GBytes *sealed, guint *out_recipients, GError **error);
