// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* What a paper that is shown at the counter counts for. Ids: alone with-another not. */
typedef enum
{
  MD_DOCUMENT_COUNTS_ALONE,   /* issued by a public office, with the holder's photograph */
  MD_DOCUMENT_COUNTS_ANOTHER, /* one of the two that are needed without a photograph */
  MD_DOCUMENT_COUNTS_NOT,     /* proves nobody's identity: it only bears the individual number */
} MdDocumentCounts;

/* A kind of document by which this office identifies people who have no card. */
typedef struct
{
  const char *id;
  const char *name_ja, *name_en;
  MdDocumentCounts counts;
  gboolean expires; /* bears a last day: it has to be told, and must not be over */
  gboolean number;  /* bears the individual number */
} MdPolicyDocument;

/* In file order, none where the policy names none: array of const MdPolicyDocument *. Borrowed. */
const GPtrArray *md_policy_get_documents (MdPolicy *self);

/* NULL when the office does not accept such a document. */
const MdPolicyDocument *md_policy_get_document (MdPolicy *self, const char *id);

const char *md_assurance_to_id (MdAssurance assurance);
gboolean md_assurance_from_id (const char *id,
                               MdAssurance *out_assurance) G_GNUC_WARN_UNUSED_RESULT;
/* For people, translated, static. */
const char *md_assurance_get_label (MdAssurance assurance);

/* The ways to identify a person that there are, as a procedure's "identification" lists them, and
 * as a manifest names them: "jpki-auth", "jpki-sign", "card-face", "photo-document",
 * "notice-card", "two-documents", "posted-copies", "none". The first two come to the same
 * assurance: where only a signature will do, only "jpki-sign" is listed. That the clerk knows the
 * person is no way. FALSE for any other word. */
gboolean md_method_get_assurance (const char *method,
                                  MdAssurance *out_assurance) G_GNUC_WARN_UNUSED_RESULT;

/* The way by which an application comes that nobody hands over: copies of the documents lie with
 * it. Where it is listed the procedure may be filed by post; the minimum is for who comes in
 * person. */
#define MD_METHOD_POSTED_COPIES "posted-copies"

/* Nobody is identified: what an institution or another section hands in, what the office does of
 * itself, what anybody asks. It is listed alone, beside the assurance "none", and never reaches
 * anything else. */
#define MD_METHOD_NONE "none"

/* Whether the procedure is content with what METHOD reaches: listed there, and not below its
 * minimum. ASSURANCE: what the terminal says that it reached, which must be just that; NULL: it
 * does not say. */
gboolean md_policy_method_suffices (MdPolicy *self, const char *procedure, const char *method,
                                    const char *assurance) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the procedure asks for nobody's identification (MD_METHOD_NONE). FALSE also for a
 * procedure that the policy does not have. */
gboolean md_policy_waives_identification (MdPolicy *self,
                                          const char *procedure) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
