// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-problem.h"
#include "md-wire-json.h"
#include "md-wire.h"

#include <string.h>

#define TYPE_PREFIX "urn:madoguchi:problem:"
#define MAX_DETAIL 2048u

static const struct
{
  guint status;
  MdBlame blame;
  const char *name;
  const char *title;
} problems[] = {
  [MD_PROBLEM_UNKNOWN] = { 0, MD_BLAME_PASSING, "unknown", "An answer that is not understood" },
  [MD_PROBLEM_MALFORMED_REQUEST]
  = { 400, MD_BLAME_ITEM, "malformed-request", "The request is malformed" },
  [MD_PROBLEM_DIGEST_MISSING]
  = { 400, MD_BLAME_ITEM, "digest-missing", "Content-Digest with sha-256 is required" },
  [MD_PROBLEM_DIGEST_MISMATCH]
  = { 400, MD_BLAME_ITEM, "digest-mismatch", "The body is not what Content-Digest says" },
  [MD_PROBLEM_MALFORMED_CONTAINER]
  = { 400, MD_BLAME_ITEM, "malformed-container", "The body is not an intake container" },
  [MD_PROBLEM_MALFORMED_DECISION]
  = { 400, MD_BLAME_ITEM, "malformed-decision", "The body is not a decision" },
  [MD_PROBLEM_TERMINAL_UNREGISTERED]
  = { 403, MD_BLAME_LINE, "terminal-unregistered", "This terminal is not registered" },
  [MD_PROBLEM_TERMINAL_KEY]
  = { 403, MD_BLAME_LINE, "terminal-key", "The key of this terminal is not accepted" },
  [MD_PROBLEM_TERMINAL_MISMATCH]
  = { 403, MD_BLAME_ITEM, "terminal-mismatch", "The item names another terminal" },
  [MD_PROBLEM_OFFICE_MISMATCH]
  = { 403, MD_BLAME_ITEM, "office-mismatch", "The item names another office" },
  [MD_PROBLEM_ROLE_MISSING]
  = { 403, MD_BLAME_ITEM, "role-missing", "The signer does not hold the role this needs" },
  [MD_PROBLEM_SAME_OFFICER]
  = { 403, MD_BLAME_ITEM, "same-officer", "Nobody decides upon an intake of their own" },
  [MD_PROBLEM_IDENTIFICATION]
  = { 403, MD_BLAME_ITEM, "identification", "The procedure does not accept this identification" },
  [MD_PROBLEM_NOT_FOUND] = { 404, MD_BLAME_LINE, "not-found", "The wire has no such place" },
  [MD_PROBLEM_INTAKE_UNKNOWN]
  = { 404, MD_BLAME_PASSING, "intake-unknown", "The intake of this decision is not here" },
  [MD_PROBLEM_METHOD_NOT_ALLOWED]
  = { 405, MD_BLAME_LINE, "method-not-allowed", "This place has another method" },
  [MD_PROBLEM_TIMEOUT] = { 408, MD_BLAME_PASSING, "timeout", "The request took too long" },
  [MD_PROBLEM_ID_CONFLICT]
  = { 409, MD_BLAME_ITEM, "id-conflict", "This name is taken by other bytes" },
  [MD_PROBLEM_OUT_OF_ORDER]
  = { 409, MD_BLAME_ITEM, "out-of-order", "This decision does not follow the one before" },
  [MD_PROBLEM_ALREADY_REPLACED]
  = { 409, MD_BLAME_ITEM, "already-replaced", "What it takes up again was taken up already" },
  [MD_PROBLEM_LENGTH_REQUIRED]
  = { 411, MD_BLAME_LINE, "length-required", "Content-Length is required" },
  [MD_PROBLEM_TOO_LARGE] = { 413, MD_BLAME_ITEM, "too-large", "The body is too large" },
  [MD_PROBLEM_MEDIA_TYPE]
  = { 415, MD_BLAME_ITEM, "media-type", "This place takes another media type" },
  [MD_PROBLEM_ID_MISMATCH]
  = { 422, MD_BLAME_ITEM, "id-mismatch", "The item names another intake than the request" },
  [MD_PROBLEM_SIGNATURE_INVALID]
  = { 422, MD_BLAME_ITEM, "signature-invalid", "A signature or a digest does not verify" },
  [MD_PROBLEM_STAFF_UNKNOWN]
  = { 422, MD_BLAME_ITEM, "staff-unknown", "The signer is not in the staff list" },
  [MD_PROBLEM_POLICY_UNKNOWN]
  = { 422, MD_BLAME_PASSING, "policy-unknown", "The policy version is not known here" },
  [MD_PROBLEM_POLICY_MISMATCH]
  = { 422, MD_BLAME_ITEM, "policy-mismatch", "The policy of that version is another one" },
  [MD_PROBLEM_POLICY_NOT_IN_FORCE]
  = { 422, MD_BLAME_ITEM, "policy-not-in-force", "The policy was not in force at that time" },
  [MD_PROBLEM_NONCE_FORGED]
  = { 422, MD_BLAME_ITEM, "nonce-forged", "The nonce called fresh was not made here" },
  [MD_PROBLEM_NONCE_FOREIGN]
  = { 422, MD_BLAME_ITEM, "nonce-foreign", "The nonce called fresh is another terminal's" },
  [MD_PROBLEM_NONCE_EXPIRED]
  = { 422, MD_BLAME_ITEM, "nonce-expired", "The nonce called fresh is not of that time" },
  [MD_PROBLEM_NONCE_USED]
  = { 422, MD_BLAME_ITEM, "nonce-used", "The nonce called fresh began another intake" },
  [MD_PROBLEM_BINDING]
  = { 422, MD_BLAME_ITEM, "binding", "The decision is not bound to this intake" },
  [MD_PROBLEM_INTERNAL] = { 500, MD_BLAME_PASSING, "internal", "Something failed here" },
  [MD_PROBLEM_STORE_FAILED] = { 503, MD_BLAME_PASSING, "store-failed", "The store failed" },
  [MD_PROBLEM_POLICY_MISSING]
  = { 503, MD_BLAME_PASSING, "policy-missing", "No policy is in force here" },
  [MD_PROBLEM_RELAY_UNSET]
  = { 404, MD_BLAME_PASSING, "relay-unset", "Such questions are brought nowhere from here" },
  [MD_PROBLEM_RELAY_BUSY]
  = { 503, MD_BLAME_PASSING, "relay-busy", "Too many questions are under way" },
  [MD_PROBLEM_RESPONDER_AWAY]
  = { 502, MD_BLAME_PASSING, "responder-away", "Whoever was asked did not answer" },
  [MD_PROBLEM_RESPONDER_STRANGE]
  = { 502, MD_BLAME_PASSING, "responder-strange", "Whoever was asked gave no answer of its kind" },
  [MD_PROBLEM_DELEGATION]
  = { 403, MD_BLAME_ITEM, "delegation", "No accepted letter of delegation allows it" },
  [MD_PROBLEM_DELEGATION_UNKNOWN] = { 404, MD_BLAME_PASSING, "delegation-unknown",
                                      "The letter of delegation is not accepted here" },
  [MD_PROBLEM_TOO_OFTEN] = { 429, MD_BLAME_PASSING, "too-often", "This terminal asks too often" },
  [MD_PROBLEM_OFFICERS]
  = { 403, MD_BLAME_ITEM, "officers", "Not as many officers agree as the policy asks for" },
  [MD_PROBLEM_BUSY] = { 503, MD_BLAME_PASSING, "busy", "Too much is under way here" },
  [MD_PROBLEM_TOO_MUCH]
  = { 429, MD_BLAME_PASSING, "too-much", "This terminal has too much under way" },
  [MD_PROBLEM_NUMBER_FOREIGN]
  = { 422, MD_BLAME_ITEM, "number-foreign", "This receipt number was not issued to this terminal" },
  [MD_PROBLEM_NUMBER_USED]
  = { 409, MD_BLAME_ITEM, "number-used", "Another intake has this receipt number" },
  [MD_PROBLEM_UPLOAD_OFFSET]
  = { 409, MD_BLAME_PASSING, "upload-offset", "The upload stands elsewhere: ask where" },
  [MD_PROBLEM_UPLOAD_SIZE]
  = { 422, MD_BLAME_ITEM, "upload-size", "This chunk is not of the container that was begun" },
  [MD_PROBLEM_UPLOADS_FULL]
  = { 429, MD_BLAME_PASSING, "uploads-full", "This terminal has too many unfinished uploads" },
  [MD_PROBLEM_UPLOAD_DAMAGED]
  = { 422, MD_BLAME_PASSING, "upload-damaged", "What was uploaded is not what was named" },
  [MD_PROBLEM_STORE_FULL]
  = { 503, MD_BLAME_PASSING, "store-full", "There is no room for anything new here" },
  [MD_PROBLEM_PROCEDURE_VERSION]
  = { 422, MD_BLAME_ITEM, "procedure-version", "The form is of a version not in force that day" },
  [MD_PROBLEM_NEWER_RELEASE]
  = { 422, MD_BLAME_PASSING, "newer-release", "A newer release made it: this gateway is behind" },
  [MD_PROBLEM_RENEWAL_FOREIGN]
  = { 403, MD_BLAME_ITEM, "renewal-foreign", "The certificate asked for is another terminal's" },
  [MD_PROBLEM_RENEWAL_KEY]
  = { 422, MD_BLAME_ITEM, "renewal-key", "Such a key is certified to no terminal" },
  [MD_PROBLEM_RENEWAL_DECLINED]
  = { 409, MD_BLAME_ITEM, "renewal-declined", "The certificate was declined" },
  [MD_PROBLEM_RENEWALS_FULL]
  = { 429, MD_BLAME_PASSING, "renewals-full", "This terminal has too many open requests" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (problems) == MD_PROBLEM_LAST + 1);

guint
md_problem_code_status (MdProblemCode code)
{
  g_return_val_if_fail ((gsize)code < G_N_ELEMENTS (problems), 500);

  return problems[code].status;
}

const char *
md_problem_code_name (MdProblemCode code)
{
  g_return_val_if_fail ((gsize)code < G_N_ELEMENTS (problems), "internal");

  return problems[code].name;
}

const char *
md_problem_code_title (MdProblemCode code)
{
  g_return_val_if_fail ((gsize)code < G_N_ELEMENTS (problems), "");

  return problems[code].title;
}

MdBlame
md_problem_code_blame (MdProblemCode code)
{
  g_return_val_if_fail ((gsize)code < G_N_ELEMENTS (problems), MD_BLAME_PASSING);

  return problems[code].blame;
}

static MdProblemCode
code_from_name (const char *name)
{
  for (guint i = MD_PROBLEM_UNKNOWN + 1; i < G_N_ELEMENTS (problems); i++)
    if (strcmp (problems[i].name, name) == 0)
      return (MdProblemCode)i;
  return MD_PROBLEM_UNKNOWN;
}

MdProblem *
md_problem_new (MdProblemCode code, const char *detail)
{
  MdProblem *problem = g_new0 (MdProblem, 1);

  problem->code = code;
  problem->status = md_problem_code_status (code);
  problem->title = g_strdup (md_problem_code_title (code));
  problem->detail = g_strdup (detail);
  return problem;
}

void
md_problem_free (MdProblem *problem)
{
  if (problem == NULL)
    return;
  g_free (problem->title);
  g_free (problem->detail);
  g_free (problem);
}

GBytes *
md_problem_encode (const MdProblem *problem)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *type = NULL;
  char *text = NULL;

  type = g_strconcat (TYPE_PREFIX, md_problem_code_name (problem->code), NULL);
  json_object_set_string_member (object, "type", type);
  json_object_set_string_member (object, "title", problem->title);
  json_object_set_int_member (object, "status", problem->status);
  if (problem->detail != NULL)
    json_object_set_string_member (object, "detail", problem->detail);
  json_object_set_string_member (object, "code", md_problem_code_name (problem->code));
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

MdProblem *
md_problem_decode (guint status, GBytes *body)
{
  g_autoptr (JsonObject) object = NULL;
  MdProblem *problem = md_problem_new (MD_PROBLEM_UNKNOWN, NULL);
  const char *name = NULL;

  problem->status = status;
  if (g_bytes_get_size (body) > MD_WIRE_MAX_PROBLEM)
    return problem;
  object = md_wire_json_parse (body, NULL);
  name = object != NULL ? md_wire_json_string (object, "code", 64, NULL) : NULL;
  if (name == NULL)
    return problem;
  problem->code = code_from_name (name);
  /* A code of ours under another status is no answer of our gateway. */
  if (problem->code != MD_PROBLEM_UNKNOWN && md_problem_code_status (problem->code) != status)
    problem->code = MD_PROBLEM_UNKNOWN;
  g_free (problem->title);
  problem->title = g_strdup (md_problem_code_title (problem->code));
  problem->detail = g_strdup (md_wire_json_string (object, "detail", MAX_DETAIL, NULL));
  return problem;
}

MdBlame
md_problem_blame (const MdProblem *problem)
{
  return md_problem_code_blame (problem->code);
}
