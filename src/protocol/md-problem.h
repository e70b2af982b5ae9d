// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* Why the gateway did not take something. Each code has one HTTP status, one name on the wire, one
 * title; see the table in md-problem.c, which openapi.yaml repeats and a test compares. */
typedef enum
{
  MD_PROBLEM_UNKNOWN, /* an answer that is no problem document of ours */
  MD_PROBLEM_MALFORMED_REQUEST,
  MD_PROBLEM_DIGEST_MISSING,
  MD_PROBLEM_DIGEST_MISMATCH,
  MD_PROBLEM_MALFORMED_CONTAINER,
  MD_PROBLEM_MALFORMED_DECISION,
  MD_PROBLEM_TERMINAL_UNREGISTERED,
  MD_PROBLEM_TERMINAL_KEY,
  MD_PROBLEM_TERMINAL_MISMATCH,
  MD_PROBLEM_OFFICE_MISMATCH,
  MD_PROBLEM_ROLE_MISSING,
  MD_PROBLEM_SAME_OFFICER,
  MD_PROBLEM_IDENTIFICATION,
  MD_PROBLEM_NOT_FOUND,
  MD_PROBLEM_INTAKE_UNKNOWN,
  MD_PROBLEM_METHOD_NOT_ALLOWED,
  MD_PROBLEM_TIMEOUT,
  MD_PROBLEM_ID_CONFLICT,
  MD_PROBLEM_OUT_OF_ORDER,
  MD_PROBLEM_ALREADY_REPLACED,
  MD_PROBLEM_LENGTH_REQUIRED,
  MD_PROBLEM_TOO_LARGE,
  MD_PROBLEM_MEDIA_TYPE,
  MD_PROBLEM_ID_MISMATCH,
  MD_PROBLEM_SIGNATURE_INVALID,
  MD_PROBLEM_STAFF_UNKNOWN,
  MD_PROBLEM_POLICY_UNKNOWN,
  MD_PROBLEM_POLICY_MISMATCH,
  MD_PROBLEM_POLICY_NOT_IN_FORCE,
  MD_PROBLEM_NONCE_FORGED,
  MD_PROBLEM_NONCE_FOREIGN,
  MD_PROBLEM_NONCE_EXPIRED,
  MD_PROBLEM_NONCE_USED,
  MD_PROBLEM_BINDING,
  MD_PROBLEM_INTERNAL,
  MD_PROBLEM_STORE_FAILED,
  MD_PROBLEM_POLICY_MISSING,
  MD_PROBLEM_RELAY_UNSET,
  MD_PROBLEM_RELAY_BUSY,
  MD_PROBLEM_RESPONDER_AWAY,
  MD_PROBLEM_RESPONDER_STRANGE,
  MD_PROBLEM_DELEGATION,
  MD_PROBLEM_DELEGATION_UNKNOWN,
  MD_PROBLEM_TOO_OFTEN,
  MD_PROBLEM_OFFICERS,
  MD_PROBLEM_BUSY,
  MD_PROBLEM_TOO_MUCH,
  MD_PROBLEM_NUMBER_FOREIGN,
  MD_PROBLEM_NUMBER_USED,
  MD_PROBLEM_UPLOAD_OFFSET,
  MD_PROBLEM_UPLOAD_SIZE,
  MD_PROBLEM_UPLOADS_FULL,
  MD_PROBLEM_UPLOAD_DAMAGED,
  MD_PROBLEM_STORE_FULL,
  MD_PROBLEM_PROCEDURE_VERSION,
  MD_PROBLEM_NEWER_RELEASE,
  MD_PROBLEM_RENEWAL_FOREIGN,
  MD_PROBLEM_RENEWAL_KEY,
  MD_PROBLEM_RENEWAL_DECLINED,
  MD_PROBLEM_RENEWALS_FULL,
  MD_PROBLEM_LAST = MD_PROBLEM_RENEWALS_FULL,
} MdProblemCode;

/* Whose matter a problem is: what the delivery does next follows from this alone. */
typedef enum
{
  MD_BLAME_PASSING, /* try the item again later */
  MD_BLAME_ITEM, /* the item will never be taken as it is: quarantine it, go on with the others */
  MD_BLAME_LINE, /* this terminal as a whole is not served: keep everything, call for attention */
} MdBlame;

typedef struct
{
  MdProblemCode code;
  guint status;
  char *title;
  char *detail; /* nullable; says what to do, never personal information */
} MdProblem;

guint md_problem_code_status (MdProblemCode code);
const char *md_problem_code_name (MdProblemCode code);
const char *md_problem_code_title (MdProblemCode code);
MdBlame md_problem_code_blame (MdProblemCode code);

/* A new problem with the title of @code. Returns: (transfer full). */
MdProblem *md_problem_new (MdProblemCode code, const char *detail) G_GNUC_WARN_UNUSED_RESULT;
void md_problem_free (MdProblem *problem);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdProblem, md_problem_free)

/* application/problem+json (RFC 9457). Returns: (transfer full). */
GBytes *md_problem_encode (const MdProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

/* Reads an error answer. Never fails: what is no problem document of ours becomes
 * MD_PROBLEM_UNKNOWN with @status. Returns: (transfer full). */
MdProblem *md_problem_decode (guint status, GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

/* Whose matter an error answer is, from its code, or from its status where it has none of ours. */
MdBlame md_problem_blame (const MdProblem *problem);

G_END_DECLS
