// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-pki.h>
#include <openssl/ssl.h>
#include "settings.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SSL_CTX, SSL_CTX_free)

/* The server's side of the line: TLS 1.3 only, a client certificate of the line's CA or no
 * connection, no resumption (so that every connection shows its certificate), no early data.
 * Returns: (transfer full). */
SSL_CTX *tls_context_new (const GatewaySettings *settings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the server's side takes @certificate for a client's, by its usages alone. */
gboolean tls_is_for_clients (const MdCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;

/* The certificate the other side showed, or NULL. Returns: (transfer full). */
MdCertificate *tls_dup_peer_certificate (const SSL *ssl) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
