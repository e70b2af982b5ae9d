// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-algorithms.h"
#include "md-certificate.h"

/** A permitted list: a bit per row of the tables in md-algorithms.c. */
typedef struct
{
  guint keys;
  guint hashes;
} MdAlgorithms;

/** All that may be permitted. */
MdAlgorithms md_algorithms_all (void);

/** Those named and no others; FALSE for an unknown id. */
gboolean md_algorithms_read (const char *const *keys, const char *const *hashes,
                             MdAlgorithms *out_algorithms);

/** Whether the certificate's own key is permitted, and the hash of the signature on it. */
gboolean md_algorithms_permit_key (const MdAlgorithms *self, const MdCertificate *certificate);
gboolean md_algorithms_permit_signature (const MdAlgorithms *self,
                                         const MdCertificate *certificate);

/** Whether the hash of a signature algorithm (its NID in libcrypto) is permitted. */
gboolean md_algorithms_permit_hash_of (const MdAlgorithms *self, int signature);
