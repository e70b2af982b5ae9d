// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_INSIDE) && !defined(MD_LINE_COMPILATION)
#error "Only <md-line.h> can be included directly."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* For decisions; the message says what happened and what to do, for people. */
typedef enum
{
  MD_LINE_ERROR_CONFIG,   /* an own file is missing or wrong: certificate, key, CA, address */
  MD_LINE_ERROR_NO_LINK,  /* this machine has no network, or no way from it leads there */
  MD_LINE_ERROR_NO_NAME,  /* there is a network, and it does not know the gateway's name */
  MD_LINE_ERROR_PROXY,    /* the proxy on the way does not answer, or lets nothing through */
  MD_LINE_ERROR_OFFLINE,  /* nobody there: refused, no answer in time, cut */
  MD_LINE_ERROR_PEER,     /* somebody is there, but it is not our gateway: its certificate or TLS
                             version is wrong */
  MD_LINE_ERROR_CLOCK,    /* its certificate begins later by our clock */
  MD_LINE_ERROR_ENDED,    /* its certificate has ended by our clock */
  MD_LINE_ERROR_REFUSED,  /* the gateway refuses our certificate */
  MD_LINE_ERROR_PROTOCOL, /* an answer outside the wire's rules: too large, not HTTP, redirect */
} MdLineError;

#define MD_LINE_ERROR (md_line_error_quark ())
GQuark md_line_error_quark (void);

/* How to reach the gateway. Only the CA in @ca is trusted: the system's store is never asked. */
typedef struct
{
  char *url;         /* https://HOST:PORT, nothing behind */
  char *proxy;       /* http://HOST:PORT, by CONNECT; NULL: none, whatever the environment says */
  char *ca;          /* PEM file */
  char *certificate; /* PEM file: this terminal's */
  char *key;         /* PEM file */
  char *pairs;       /* folder of the pairs that come over the line (md-line-pair.h); NULL: none */
  guint connect_timeout_ms; /* 0: 5 000 */
  guint stall_timeout_s;    /* less than 1 KiB/s for so long ends a transfer; 0: 20 */
} MdLineConfig;

MdLineConfig *md_line_config_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdLineConfig *md_line_config_copy (const MdLineConfig *config) G_GNUC_WARN_UNUSED_RESULT;
void md_line_config_free (MdLineConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLineConfig, md_line_config_free)

typedef struct
{
  guint status;
  char *content_type;  /* nullable; without parameters */
  char *etag;          /* nullable */
  GBytes *nonce;       /* nullable: the Madoguchi-Nonce of this answer */
  guint retry_after_s; /* its Retry-After, an hour at most; 0 without one */
  gint64 ahead_s;      /* of its Date our clock is so far; 0 without one */
  gint64 peer_until;   /* the last second of the certificate that it showed; 0: not known */
  GBytes *body;        /* never NULL, may be empty */
} MdLineAnswer;

void md_line_answer_free (MdLineAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLineAnswer, md_line_answer_free)

/* One kept-alive connection to the gateway: TLS 1.3 only, client certificate, no
 * redirect, no proxy but the one that is named. All calls of one client come from one thread (any);
 * they block. */
typedef struct _MdLineClient MdLineClient;

/* Reads and checks the files named in @config. Errors: MD_LINE_ERROR_CONFIG. Returns: (transfer
 * full). */
MdLineClient *md_line_client_new (const MdLineConfig *config,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void md_line_client_free (MdLineClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLineClient, md_line_client_free)

/* PUTs @body, with its Content-Digest. An answer of any status is an answer; an error means that
 * none came, so that nothing is known of what the gateway did. Errors: MD_LINE_ERROR,
 * G_IO_ERROR_CANCELLED. Returns: (transfer full). */
MdLineAnswer *md_line_client_put (MdLineClient *client, const char *path, const char *content_type,
                                  GBytes *body, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* PUTs one chunk of a container of @whole bytes. The same as md_line_client_put(). */
MdLineAnswer *md_line_client_put_chunk (MdLineClient *client, const char *path, gsize whole,
                                        GBytes *chunk, GCancellable *cancellable,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* POSTs a question that changes nothing there; the answer takes at most @timeout_s seconds and @max
 * bytes. */
typedef struct
{
  const char *path, *content_type;
  GBytes *body;
  gsize max;
  guint timeout_s;
} MdLineQuestion;

MdLineAnswer *md_line_client_ask (MdLineClient *client, const MdLineQuestion *question,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* GETs @path; @etag (nullable) goes as If-None-Match; a body beyond @max is MD_LINE_ERROR_PROTOCOL.
 */
MdLineAnswer *md_line_client_get (MdLineClient *client, const char *path, const char *etag,
                                  gsize max, GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the policy, where one that came was refused: @refused is what the header
 * MD_WIRE_HEADER_POLICY_REFUSED says. */
MdLineAnswer *md_line_client_get_policy (MdLineClient *client, const char *etag,
                                         const char *refused, GCancellable *cancellable,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Connections opened so far (a test holds it against the requests sent). */
guint md_line_client_connections (MdLineClient *client);

G_END_DECLS
