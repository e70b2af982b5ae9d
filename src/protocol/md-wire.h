// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* What this domain says is for decisions; the messages name the place that is wrong, never what it
 * holds. */
typedef enum
{
  MD_PROTOCOL_ERROR_MALFORMED,   /* not the shape the wire allows */
  MD_PROTOCOL_ERROR_TOO_LARGE,   /* beyond a named limit below */
  MD_PROTOCOL_ERROR_UNSUPPORTED, /* well formed, but of a schema or algorithm we do not take */
} MdProtocolError;

#define MD_PROTOCOL_ERROR (md_protocol_error_quark ())
GQuark md_protocol_error_quark (void);

/* Limits of the wire; both ends hold them. */
#define MD_WIRE_MAX_CONTAINER (32u * 1024 * 1024)
#define MD_WIRE_MAX_DECISION (256u * 1024)
#define MD_WIRE_MAX_RECEIPT (64u * 1024)
#define MD_WIRE_MAX_PROBLEM (16u * 1024)
#define MD_WIRE_MAX_POLICY (4u * 1024 * 1024)
#define MD_WIRE_MAX_HEADERS (16u * 1024)
#define MD_WIRE_MAX_OCSP_REQUEST (4u * 1024)
#define MD_WIRE_MAX_OCSP_RESPONSE (64u * 1024)
#define MD_WIRE_MAX_CRL (16u * 1024 * 1024)
#define MD_WIRE_MAX_NOTICE (64u * 1024)
#define MD_WIRE_MAX_LETTER (4u * 1024)
#define MD_WIRE_MAX_NUMBERS 512u
#define MD_WIRE_MAX_RENEWAL (8u * 1024)
#define MD_WIRE_MAX_CERTIFICATE (16u * 1024)
#define MD_WIRE_MAX_UPLOAD 256u
#define MD_WIRE_MAX_INBOX 256u
#define MD_WIRE_MAX_WAIT 50u /* seconds that a question for the inbox may be held open */
#define MD_WIRE_LAST_NOTICE 999999999u
#define MD_WIRE_MAX_CURSOR G_GUINT64_CONSTANT (999999999999999)
/* A chunk of a container; only the last one is smaller than the least. */
#define MD_WIRE_MAX_CHUNK (1024u * 1024)
#define MD_WIRE_MIN_CHUNK (16u * 1024)
#define MD_WIRE_FIRST_DECISION 2u
#define MD_WIRE_MAX_DECISIONS 99u /* the last decision number an intake can have */

#define MD_WIRE_TYPE_CONTAINER "application/vnd.etsi.asic-e+zip"
#define MD_WIRE_TYPE_DECISION "application/json"
#define MD_WIRE_TYPE_RECEIPT "application/pkcs7-mime"
#define MD_WIRE_TYPE_POLICY "application/pkcs7-mime"
#define MD_WIRE_TYPE_PROBLEM "application/problem+json"
#define MD_WIRE_TYPE_OCSP_REQUEST "application/ocsp-request"
#define MD_WIRE_TYPE_OCSP_RESPONSE "application/ocsp-response"
#define MD_WIRE_TYPE_CRL "application/pkix-crl"
#define MD_WIRE_TYPE_NOTICE "application/pkcs7-mime"
#define MD_WIRE_TYPE_LETTER "application/json"
#define MD_WIRE_TYPE_NUMBERS "application/json"
#define MD_WIRE_TYPE_RENEWAL "application/pkcs10"
#define MD_WIRE_TYPE_CERTIFICATE "application/pkix-cert"
#define MD_WIRE_TYPE_CHUNK "application/octet-stream"
#define MD_WIRE_TYPE_UPLOAD "application/json"
#define MD_WIRE_TYPE_INBOX "application/json"
#define MD_WIRE_HEADER_DIGEST "Content-Digest"
#define MD_WIRE_HEADER_NONCE "Madoguchi-Nonce"
/* Of the policy that the terminal was sent and did not take: its ETag, a space, and why, in one
 * word of md_policy_error_get_word(). */
#define MD_WIRE_HEADER_POLICY_REFUSED "Madoguchi-Policy-Refused"
#define MD_WIRE_HEADER_UPLOAD_LENGTH "Upload-Length" /* of the whole, with each chunk */

#define MD_WIRE_NONCE_SIZE 64u /* md-nonce.h */

/* The calls of the wire that exist now (the others stand in openapi.yaml marked as later). */
typedef enum
{
  MD_ROUTE_INTAKE,   /* PUT /v1/intakes/{id} */
  MD_ROUTE_DECISION, /* PUT /v1/intakes/{id}/decisions/{n} */
  MD_ROUTE_POLICY,   /* GET /v1/policy */
  MD_ROUTE_HEALTH,   /* GET /healthz */
  MD_ROUTE_METRICS,  /* GET /metrics */
  MD_ROUTE_OCSP,     /* POST /v1/ocsp */
  MD_ROUTE_NUMBERS,  /* POST /v1/numbers */
  MD_ROUTE_RENEWAL,  /* POST /v1/renewal */
  MD_ROUTE_CRL,      /* GET /v1/crls/{name} */
  MD_ROUTE_NOTICE,   /* GET /v1/notices/{number} */
  MD_ROUTE_LETTER,   /* GET /v1/letters/{number} */
  MD_ROUTE_INBOX,    /* GET /v1/offices/{office}/inbox */
  MD_ROUTE_UPLOAD,   /* GET /v1/intakes/{id}/uploads/{digest} */
  MD_ROUTE_CHUNK,    /* PUT /v1/intakes/{id}/uploads/{digest}/{offset} */
  MD_ROUTE_FINISH,   /* POST /v1/intakes/{id}/uploads/{digest}/finish */
} MdRoute;

#define MD_WIRE_OCSP_PATH "/v1/ocsp"
#define MD_WIRE_NAME_SIZE 65u /* with its end */

/* One place on the gateway. @intake is a lower-case UUIDv7 (or empty); @n is 1 for an intake
 * itself, 2.. for a decision, 0 where neither is meant. */
typedef struct
{
  MdRoute route;
  char intake[37];
  guint n;
  char name[MD_WIRE_NAME_SIZE]; /* of a list, the number of a letter, or a container's SHA-256 in
                                 * lower-case hex; an inbox's office; or empty */
  guint notice;                 /* its number, from 1, or 0 */
  guint64 offset;               /* of a chunk within its container; where an inbox stood */
  guint wait;                   /* seconds that a question for the inbox may be held open */
} MdTarget;

/* Parses the path of a request target. Strict: no query, no escapes, no empty or trailing segment,
 * one spelling for each place. Returns FALSE and leaves @out alone if the wire has no such place.
 * Any thread. */
gboolean md_target_parse (const char *path, MdTarget *out) G_GNUC_WARN_UNUSED_RESULT;

/* The path of @target. Any thread. Returns: (transfer full). */
char *md_target_format (const MdTarget *target) G_GNUC_WARN_UNUSED_RESULT;

/* The only method the wire knows for @route: "PUT", "GET" or "POST". */
const char *md_route_method (MdRoute route);

/* The template of @route as openapi.yaml spells it ("/v1/intakes/{id}"). */
const char *md_route_template (MdRoute route);

/* The item's name as receipts spell it: "intake" for 1, "decision/N" above. Returns: (transfer
 * full). */
char *md_item_format (guint n) G_GNUC_WARN_UNUSED_RESULT;

/* The reverse of md_item_format(): 1 for "intake", N for "decision/N", 0 for anything else. */
guint md_item_parse (const char *item);

/* Whether a revocation list can have this name: 1 to 64 of a-z, 0-9, '-', '.', no dot in front. */
gboolean md_wire_is_list_name (const char *text);

/* Whether @path is the place of a revocation list on the gateway. */
gboolean md_wire_is_list_path (const char *path);

/* The number of a notice as the wire spells it: 1 to 9 digits, no zero in front; 0 for anything
 * else. */
guint md_wire_parse_notice (const char *text);

/* Whether @text is a receipt number in the one form in which the wire names a letter of delegation
 * by it. */
gboolean md_wire_is_letter_number (const char *text);

/* TRUE if @text is a UUID of version 7 in canonical lower-case form. */
gboolean md_wire_is_intake_id (const char *text);

/* SHA-256 of @body as lower-case hex, as receipts and the ledger hold it. Returns: (transfer full).
 */
char *md_wire_digest_hex (GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

/* The value of a Content-Digest header (RFC 9530) for @body: "sha-256=:BASE64:". Returns: (transfer
 * full). */
char *md_content_digest_format (GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_CONTENT_DIGEST_MATCH,
  MD_CONTENT_DIGEST_MISSING,     /* no header */
  MD_CONTENT_DIGEST_MALFORMED,   /* not a dictionary of byte sequences (RFC 8941) */
  MD_CONTENT_DIGEST_UNSUPPORTED, /* well formed, but no sha-256 in it */
  MD_CONTENT_DIGEST_MISMATCH,    /* the sha-256 is not that of the body */
} MdContentDigest;

/* Holds @body against the Content-Digest header @value (nullable). Any thread. */
MdContentDigest md_content_digest_check (const char *value, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
