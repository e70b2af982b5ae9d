// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "tls.h"

#include <gio/gio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

static gboolean
fail (GError **error, const char *what, const char *path)
{
  unsigned long code = ERR_peek_last_error ();
  char reason[256] = "";

  ERR_error_string_n (code, reason, sizeof reason);
  ERR_clear_error ();
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s cannot be used: %s", what, path,
               reason);
  return FALSE;
}

static gboolean
load_files (SSL_CTX *context, const GatewaySettings *settings, GError **error)
{
  STACK_OF (X509_NAME) *names = NULL;

  if (SSL_CTX_use_certificate_chain_file (context, settings->certificate) != 1)
    return fail (error, "[gateway] certificate", settings->certificate);
  if (SSL_CTX_use_PrivateKey_file (context, settings->key, SSL_FILETYPE_PEM) != 1
      || SSL_CTX_check_private_key (context) != 1)
    return fail (error, "[gateway] key", settings->key);
  if (SSL_CTX_load_verify_file (context, settings->ca) != 1
      || (names = SSL_load_client_CA_file (settings->ca)) == NULL)
    return fail (error, "[gateway] ca", settings->ca);
  SSL_CTX_set_client_CA_list (context, names);
  return TRUE;
}

SSL_CTX *
tls_context_new (const GatewaySettings *settings, GError **error)
{
  g_autoptr (SSL_CTX) context = SSL_CTX_new (TLS_server_method ());

  g_assert (context != NULL);
  if (SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION) != 1
      || SSL_CTX_set_max_proto_version (context, TLS1_3_VERSION) != 1)
    {
      (void)fail (error, "TLS", "1.3");
      return NULL;
    }
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_verify_depth (context, 4);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options (context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets (context, 0);
  SSL_CTX_set_max_early_data (context, 0);
  SSL_CTX_set_mode (context, SSL_MODE_RELEASE_BUFFERS);
  if (!load_files (context, settings, error))
    return NULL;
  return g_steal_pointer (&context);
}

gboolean
tls_is_for_clients (const MdCertificate *certificate)
{
  gsize size = 0;
  const unsigned char *der = g_bytes_get_data (md_certificate_get_der (certificate), &size);
  g_autoptr (X509) x509 = d2i_X509 (NULL, &der, (long)size);

  return x509 != NULL && X509_check_purpose (x509, X509_PURPOSE_SSL_CLIENT, 0) == 1;
}

MdCertificate *
tls_dup_peer_certificate (const SSL *ssl)
{
  g_autoptr (X509) peer = SSL_get1_peer_certificate (ssl);
  g_autoptr (GBytes) der = NULL;
  unsigned char *data = NULL;
  int size = 0;

  if (peer == NULL || SSL_get_verify_result (ssl) != X509_V_OK)
    return NULL;
  size = i2d_X509 (peer, &data);
  if (size <= 0)
    return NULL;
  der = g_bytes_new (data, (gsize)size);
  OPENSSL_free (data);
  return md_certificate_new_from_der (der, NULL);
}
