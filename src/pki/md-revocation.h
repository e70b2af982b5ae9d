// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-ocsp-transport.h"
#include "md-pki-types.h"

G_BEGIN_DECLS

#define MD_TYPE_REVOCATION (md_revocation_get_type ())

GType md_revocation_get_type (void);

/** No OCSP responder but those named in certificates, no CRL, defaults below. (transfer full) */
MdRevocation *md_revocation_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdRevocation *md_revocation_ref (MdRevocation *self) G_GNUC_WARN_UNUSED_RESULT;
void md_revocation_unref (MdRevocation *self);

/** Asks this http:// URL instead of the one in the certificate; NULL for the certificate's own. */
void md_revocation_set_ocsp_url (MdRevocation *self, const char *url);

/** FALSE: never asks over the network (a known dead line). Default TRUE. */
void md_revocation_set_ocsp_enabled (MdRevocation *self, gboolean enabled);

/** Seconds for the whole exchange, default 5. */
void md_revocation_set_ocsp_timeout (MdRevocation *self, guint seconds);

/** Who brings the requests to the responder: NULL for md_ocsp_ask_http(). @destroy is called on
 * @user_data when another one takes over or the last reference goes. */
void md_revocation_set_transport (MdRevocation *self, MdOcspTransport transport, gpointer user_data,
                                  GDestroyNotify destroy);

/** Largest age of a response without nextUpdate or without our nonce, and of a CRL whatever its
 * nextUpdate says (0: no such limit). Defaults: 24 hours and 48 hours. */
void md_revocation_set_ocsp_max_age (MdRevocation *self, gint64 seconds);
void md_revocation_set_crl_max_age (MdRevocation *self, gint64 seconds);

/** FALSE: accepts an answer without our nonce (pre-signed responses), kept fresh by its times.
 * Default TRUE. */
void md_revocation_set_require_nonce (MdRevocation *self, gboolean require);

/** Takes in one CRL (DER or PEM). Of those with one issuer and one distribution point the one with
 * the highest number counts, and of one number the latest; an earlier one never stands in for it.
 * Nothing is trusted yet: the signature is checked against the issuer of each certificate asked
 * about. MALFORMED, TOO_LARGE. */
gboolean md_revocation_add_crl (MdRevocation *self, GBytes *crl, GError **error);

/** Takes in every *.crl of a folder; unreadable ones are skipped and counted. Returns how many were
 * taken. */
guint md_revocation_load_crl_dir (MdRevocation *self, const char *path, guint *out_skipped);
void md_revocation_clear_crls (MdRevocation *self);

/**
 * Completes a VALID path verdict: OCSP first; the CRLs when OCSP gives no answer, or none that can
 * be believed. What the responder itself says under its signature is final: "revoked", and
 * REVOCATION_UNKNOWN for a certificate that it does not know. Otherwise DEFERRED, and the cause
 * says what became of the question. Whoever answers must sign with what the trust of @path permits.
 * @nonce (at most 32 bytes) goes with the question and must come back: bound to what it is asked
 * for, it shows later that the answer was made for that; NULL for a random one. Any other verdict,
 * and one without an issuer, comes back as it is. Blocks up to the timeout: call it on a worker
 * thread. Always answers. (transfer full)
 */
MdVerdict *md_revocation_check (MdRevocation *self, const MdVerdict *path, GBytes *nonce,
                                gint64 time) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Judges a stored OCSP response again (evidence, years later): signer, status, and that it was
 * fresh at @time. @nonce: the one that the question had; NULL when it is not known, and then it is
 * not compared and the answer must have been of the last 24 hours. (transfer full)
 */
MdVerdict *md_revocation_check_evidence (const MdVerdict *path, GBytes *ocsp_response,
                                         GBytes *nonce, gint64 time) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The same for a stored CRL in DER: its issuer's signature, that it held at @time, and that the
 * certificate is not on it. (transfer full)
 */
MdVerdict *md_revocation_check_crl_evidence (const MdVerdict *path, GBytes *crl,
                                             gint64 time) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRevocation, md_revocation_unref)

G_END_DECLS
