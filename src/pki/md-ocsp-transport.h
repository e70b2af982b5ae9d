// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PKI_INSIDE) && !defined(MD_PKI_COMPILATION)
#error "Include <md-pki.h>"
#endif

#include "md-certificate.h"

G_BEGIN_DECLS

/* How a request for revocation information travels. Whoever asks need not be who has the network:
 * the window hands its requests to the terminal's service. Nothing that a transport brings is
 * believed before it was judged. */

/**
 * Brings @request (an OCSP request in DER) to @url (NULL: wherever the transport sends all) and
 * returns what came back, or NULL with one line in @out_problem. Blocks for at most about
 * @timeout_s seconds; called on any thread, by one at a time. (transfer full)
 */
typedef GBytes *(*MdOcspTransport) (const char *url, GBytes *request, guint timeout_s,
                                    char **out_problem, gpointer user_data);

/** The usual one: a POST over http, straight to the host of @url, no proxy, no redirect. Any
 * thread. (transfer full) */
GBytes *md_ocsp_ask_http (const char *url, GBytes *request, guint timeout_s,
                          char **out_problem) G_GNUC_WARN_UNUSED_RESULT;

/** Whether the bytes are one OCSP request about one certificate, unsigned, with nothing behind, of
 * a reasonable size; and whether they are an OCSP response of whatever content. */
gboolean md_ocsp_is_request (GBytes *bytes);
gboolean md_ocsp_is_response (GBytes *bytes);

/** Whether @request (md_ocsp_is_request()) is about a certificate that @issuer's key issued: by the
 * digests of name and key that it names, whatever kind of digest they are. Nobody else's generation
 * of the same name is. */
gboolean md_ocsp_is_about (GBytes *request, const MdCertificate *issuer);

/** Whether md_ocsp_ask_http() can go there: http, a host. */
gboolean md_ocsp_is_url (const char *url);

G_END_DECLS
