// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include <openssl/evp.h>
#include "md-key.h"

/** The key as libcrypto takes it; an external key calls back through it. (transfer none) */
EVP_PKEY *md_key_get_pkey (const MdKey *self);

/** Whether its kind and size are among those that we take. */
gboolean md_key_is_accepted (const EVP_PKEY *pkey);

/** Forgets what an earlier callback may have left. */
void md_key_begin (MdKey *self);

/** TRUE when a callback has failed since md_key_begin(): its error moves to @error, libcrypto's are
 * dropped. */
gboolean md_key_take_error (MdKey *self, GError **error);
