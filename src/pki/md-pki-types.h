// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _MdCertificate MdCertificate;
typedef struct _MdHolder MdHolder;
typedef struct _MdKey MdKey;
typedef struct _MdTrust MdTrust;
typedef struct _MdVerdict MdVerdict;
typedef struct _MdRevocation MdRevocation;
typedef struct _MdCmsSigner MdCmsSigner;

#define MD_PKI_ERROR (md_pki_error_quark ())

GQuark md_pki_error_quark (void);

/**
 * MdPkiError:
 * @MD_PKI_ERROR_FAILED: libcrypto failed in a way that says nothing about the input
 * @MD_PKI_ERROR_IO: a file could not be read
 * @MD_PKI_ERROR_MALFORMED: the bytes are not what they should be (not DER, truncated, trailing
 * bytes)
 * @MD_PKI_ERROR_TOO_LARGE: more bytes, recipients or certificates than the limit allows
 * @MD_PKI_ERROR_UNSUPPORTED: well-formed, but an algorithm or type that we do not accept
 * @MD_PKI_ERROR_PASSPHRASE: the key file needs a passphrase, or another one
 * @MD_PKI_ERROR_BAD_SIGNATURE: a signature does not fit its content or its certificate
 * @MD_PKI_ERROR_NOT_RECIPIENT: the sealed part is not addressed to this certificate
 * @MD_PKI_ERROR_DAMAGED: addressed to us, but key or tag does not fit: altered on the way
 * @MD_PKI_ERROR_KEY_MISMATCH: private key and certificate do not belong together
 */
typedef enum
{
  MD_PKI_ERROR_FAILED,
  MD_PKI_ERROR_IO,
  MD_PKI_ERROR_MALFORMED,
  MD_PKI_ERROR_TOO_LARGE,
  MD_PKI_ERROR_UNSUPPORTED,
  MD_PKI_ERROR_PASSPHRASE,
  MD_PKI_ERROR_BAD_SIGNATURE,
  MD_PKI_ERROR_NOT_RECIPIENT,
  MD_PKI_ERROR_DAMAGED,
  MD_PKI_ERROR_KEY_MISMATCH,
} MdPkiError;

/* Limits beyond those of md-limits.h. */
#define MD_PKI_MAX_KEY_FILE (64u * 1024u)
#define MD_PKI_MAX_RECIPIENTS 64u
#define MD_PKI_MAX_SIGNED (8u * 1024u * 1024u)

#define MD_PKI_DIGEST_SIZE 32u

G_END_DECLS
