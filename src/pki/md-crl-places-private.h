// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_PKI_COMPILATION
#error "Private to src/pki"
#endif

#include "md-openssl-private.h"

/* A partitioned set of lists may have thousands, of which one covers a certificate. Each list has a
 * word per name of its distribution point, and a certificate looks up the words of its own. The
 * words only narrow the choice: whether a list covers the certificate is judged afterwards. */

/** The words of one distribution point of a list (NULL: it has none). (transfer full, element-type
 * utf8) */
GPtrArray *md_crl_places_new (const X509_NAME *issuer, DIST_POINT_NAME *point);
