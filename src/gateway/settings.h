// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-pki.h>
#include <md-scan.h>

G_BEGIN_DECLS

/* A section [responder NAME]. */
typedef struct
{
  char *url;
  GPtrArray *issuers; /* MdCertificate: about whose certificates it is asked */
} GatewayResponder;

/* gateway.ini, sections [gateway], [revocation], [responder NAME], [crls], [media] and
 * [scanning]. */
typedef struct
{
  char *listen; /* an address; default 127.0.0.1 */
  guint16 port; /* default 8443 */
  char *ca;
  char *certificate;
  char *key;
  char *receipt_certificate;
  char *receipt_key;
  char *ledger;
  char *policy;
  char *anchor;
  guint16 metrics_port;      /* on the loopback, without TLS; default 0: none */
  guint drain_timeout_s;     /* for what was begun when the end is asked for; default 30 */
  gboolean log_json;         /* one object a line */
  guint max_connections;     /* default 256 */
  guint own_connections;     /* of these, of one terminal; default 16 */
  guint address_connections; /* of one address, before the handshake is done; default: half */
  guint body_memory;         /* MiB for all bodies under way; default 256 */
  guint reserve;             /* MiB of the store's disk that are kept free; default 64 */
  guint request_timeout_s;   /* for a request to arrive; default 60 */
  guint request_pace;        /* bytes a second that let a larger one go on; default 4096 */
  guint handshake_timeout_s; /* default 10 */
  guint uploads;             /* unfinished ones of one terminal; default 8 */
  guint upload_space;        /* MiB that these are together when they are whole; default 64 */
  guint upload_days;         /* without a chunk, after which they are erased; default 7 */
  GPtrArray *responders;     /* GatewayResponder: who is asked about whose certificates */
  char *ocsp_url;            /* nullable: who is asked about all others */
  GHashTable *crl_urls;      /* where lists are fetched from, by their names; may be empty */
  guint relay_timeout_s;     /* that those have for an answer; default 10 */
  GHashTable *media;         /* registered ones: SHA-256 (hex) of the key file, to the name */
  MdScanSettings *scanning;  /* who looks through media for viruses */
} GatewaySettings;

/* Reads @path; @store (nullable) takes the place of its ledger. The message of an error names what
 * is missing. Returns: (transfer full). */
GatewaySettings *gateway_settings_load (const char *path, const char *store,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gateway_settings_free (GatewaySettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GatewaySettings, gateway_settings_free)

G_END_DECLS
