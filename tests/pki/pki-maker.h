// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-pki.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* pki-maker: certificates, revocation lists and OCSP answers for tests, right or wrong as wished,
 * made on the spot. */

typedef struct
{
  MdCertificate *certificate;
  EVP_PKEY *key;
  X509 *x509;
} MakerIdentity;

/** What to make; zero is a sensible end-entity certificate on P-256, valid from a day ago for a
 * year. */
typedef struct
{
  const char *organization;
  const char *unit;
  const char *cn;
  const char *serial_number;
  const char *key_usage; /* "critical,digitalSignature"; NULL: none */
  const char *eku;
  const char *policy; /* dotted OID */
  const char *san;
  GENERAL_NAMES *names; /* in place of san */
  const char *ocsp_url;
  gboolean ca;
  int rsa_bits;          /* 0: EC */
  const char *curve;     /* NULL: P-256 */
  gint64 not_before;     /* 0: a day before @maker_now */
  gint64 not_after;      /* 0: a year after @maker_now */
  const EVP_MD *digest;  /* NULL: SHA-256 */
  MakerIdentity *issuer; /* NULL: itself */
  EVP_PKEY *key;         /* NULL: a fresh one */
} MakerSpec;

/** The time at which the tests play; the real clock, for `openssl` looks at that. */
gint64 maker_now (void);

MakerIdentity *maker_issue (const MakerSpec *spec);
void maker_identity_free (MakerIdentity *identity);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MakerIdentity, maker_identity_free)

/** An authority of this common name on P-256, and an end entity of it with this key usage. */
MakerIdentity *maker_authority (const char *cn);
MakerIdentity *maker_end (MakerIdentity *issuer, const char *cn, const char *key_usage);

/** A key of ours around the identity's private key, by way of a PEM file in a scratch folder. */
MdKey *maker_key (const MakerIdentity *identity);

/** An external key that answers with the identity's private key, as a card would; @fail (may be
 * NULL) makes it fail. */
MdKey *maker_external_key (const MakerIdentity *identity, const gboolean *fail, guint *calls);

/** Array of certificates, ended by NULL. */
GPtrArray *maker_list (const MakerIdentity *first, ...) G_GNUC_NULL_TERMINATED;

/** A CRL in DER by @issuer with these times; @revoked may be NULL. */
GBytes *maker_crl (const MakerIdentity *issuer, gint64 this_update, gint64 next_update,
                   const MakerIdentity *revoked, long number);

/** The same, and the entry gives this CRLReason instead of keyCompromise. */
GBytes *maker_crl_for (const MakerIdentity *issuer, gint64 this_update, gint64 next_update,
                       const MakerIdentity *revoked, long number, int reason);

/** @list of @issuer as a delta of its list number 1. */
GBytes *maker_delta (const MakerIdentity *issuer, GBytes *list);

typedef struct
{
  MakerIdentity *signer;
  MakerIdentity *issuer;
  MakerIdentity *subject;
  int status; /* V_OCSP_CERTSTATUS_... */
  int reason; /* CRLReason when revoked; 0: keyCompromise */
  gint64 this_update;
  gint64 next_update; /* 0: none */
  const EVP_MD *digest;
} MakerOcsp;

/** An OCSP answer without a nonce. */
GBytes *maker_ocsp (const MakerOcsp *spec);

/** Writes @size bytes to a new file in a scratch folder, which ends with this process, and gives
 * its path. */
char *maker_write (const char *name, const void *data, gsize size);
/** Ends the folder earlier, with all that was written. */
void maker_clean_up (void);
