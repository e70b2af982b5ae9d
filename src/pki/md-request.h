// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-pki-types.h"

G_BEGIN_DECLS

/** MdRequest: what a request for a certificate (PKCS #10) asks for. Immutable. */
typedef struct
{
  GBytes *der;
  GBytes *spki; /* SubjectPublicKeyInfo in DER */
  char *uri;    /* the only subject alternative name */
} MdRequest;

/** The largest request that is read. */
#define MD_PKI_MAX_REQUEST (8u * 1024u)

/**
 * Reads a request: signed with its own key, a key and a hash of md-algorithms.h, and one URI as its
 * only subject alternative name. What else it asks for, the authority decides.
 * MD_PKI_ERROR_MALFORMED, _TOO_LARGE; _UNSUPPORTED for key or hash, _BAD_SIGNATURE. (transfer full)
 */
MdRequest *md_request_read (GBytes *der, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_request_free (MdRequest *self);

/**
 * A request signed with @key for a certificate of this common name and URI, in DER.
 * MD_PKI_ERROR_FAILED. (transfer full)
 */
GBytes *md_request_make (const MdKey *key, const char *name, const char *uri,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRequest, md_request_free)

G_END_DECLS
