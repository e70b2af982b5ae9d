// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include <md-pki.h>
#include "md-policy-types.h"
#include "md-visibility.h"

G_BEGIN_DECLS

#define MD_TYPE_POLICY (md_policy_get_type ())
G_DECLARE_FINAL_TYPE (MdPolicy, md_policy, MD, POLICY, GObject)

/* Who may vouch for what municipalities write into My Number cards (card-verifiable certificates).
 */
typedef struct
{
  const char *id; /* seven digits of the key identifier */
  GBytes *key;    /* SubjectPublicKeyInfo in DER */
} MdPolicyCardAuthority;

/* What the loader insists on. NULL members are not checked. */
typedef struct
{
  const char *environment; /* "test" or "production" */
  const char *office;      /* office code */
  guint floor;             /* the highest version accepted so far; a lower one is refused */
  gint64 now; /* microseconds since 1970 (g_get_real_time()); 0: do not check not_after */
} MdPolicyExpect;

typedef struct
{
  const char *id;
  guint serial;
  const char *counter_ja, *counter_en;
  guint pool_from, pool_to;
  const char *const *keys;    /* one, or two during a renewal: SHA-256 of the certificate's
                                 SubjectPublicKeyInfo, lower-case hexadecimal; NULL-terminated */
  const char *const *readers; /* the card readers that may be used there: names and patterns as
                                 md_pcsc_set_registered() takes them; NULL: any */
} MdPolicyTerminal;

typedef struct
{
  const char *id;
  const char *name_ja, *name_en;
  const char *department_ja, *department_en;
  MdRoles roles;
  gboolean number;                     /* extra number right (branch clerk) */
  const char *const *sections;         /* whose procedures: what stands before the dot in their ids;
                                          NULL: of every section */
  GBytes *auth, *sign, *key_agreement; /* DER; owned by the policy */
} MdPolicyStaff;

typedef struct
{
  const char *id;
  MdRoles clerks, approvers;
  guint officers;                    /* how many different ones must agree: 1 or 2 */
  const char *const *identification; /* NULL-terminated; see md_method_get_assurance() */
  MdAssurance assurance;             /* at least this */
  gboolean allow_deferred;
} MdPolicyProcedure;

/* In place of an address: by way of the gateway. Any other address begins with http://. */
#define MD_POLICY_LINE_OCSP "/v1/ocsp"
#define MD_POLICY_LINE_CRLS "/v1/crls/"

typedef struct
{
  const char *const *issuer_organizations;
  const char *const *auth_policy_oids, *const *sign_policy_oids;
  const char *const *keys, *const *hashes; /* permitted, ids of md-algorithms.h; both or NULL */
  const char *ocsp_url;                    /* or NULL */
  const char *const *ocsp_allowed;         /* never NULL */
  const char *const *crl_urls;
  guint ocsp_timeout_s, ocsp_max_age_hours, crl_max_age_hours;
} MdPolicyJpki;

typedef struct
{
  guint64 container_bytes;
  guint unsent, receipts_low;
  guint renewal_months;  /* before its end a card or certificate is spoken of; 0: never */
  guint register_months; /* for how long a certificate of a register is taken; 0: without limit */
  guint post_days;       /* how long before today what came by post may have been received */
  guint letter_months;   /* how long a letter of delegation may hold; 0: without limit */
  guint letter_days;     /* for how long a terminal knows it after its last day */
  guint draft_hours;     /* how long a suspended intake waits for its clerk; 0: none is kept */
  guint attachments;     /* documents of one intake; 0: none are taken */
  guint64 attachment_bytes;  /* one of them, as it was scanned, */
  guint64 attachments_bytes; /* and all of one intake together */
  guint idle_lock_s, max_hours, reveal_s;
  guint card_away_s; /* how long what a resident's card said waits for the lifted card; 0: not */
} MdPolicyLimits;

typedef enum
{
  MD_ANCHORS_JPKI_AUTH,
  MD_ANCHORS_JPKI_SIGN,
  MD_ANCHORS_STAFF,
  MD_ANCHORS_RECEIPT,
  MD_ANCHORS_NOTICE, /* of the back office; may be none */
  MD_N_ANCHORS
} MdAnchors;

typedef enum
{
  MD_RECIPIENTS_APPLICATION, /* business system + every approver of the procedure */
  MD_RECIPIENTS_NUMBER,      /* number vault + the approvers who may see numbers there */
} MdRecipients;

typedef enum
{
  MD_MAY_YES,
  MD_MAY_NOT_STAFF,     /* the policy does not know this person */
  MD_MAY_NOT_PROCEDURE, /* the policy does not know this procedure */
  MD_MAY_NOT_ROLE,      /* no role that may do this */
  MD_MAY_NOT_SECTION,   /* the role, but for the procedures of other sections */
  MD_MAY_NOT_SAME,      /* the officer is the clerk of the intake: two-person rule */
  MD_MAY_NOT_CHECKED,   /* two officers must agree, and nobody has checked it */
  MD_MAY_NOT_CHECKER,   /* the officer has checked it: the second must be another */
  MD_MAY_NOT_STEP,      /* a role that may do the other half of it only */
  MD_MAY_NOT_ASKED,     /* one officer suffices: there is no check before the approval */
} MdMay;

/* Verifies policy.cms, signed by two people at least, against the anchor certificate (PEM file),
 * then reads and checks the JSON.
 * Errors: MD_POLICY_ERROR, message for people: what is wrong with which file, and what to do.
 * Blocking, any thread. */
MdPolicy *md_policy_load (const char *bundle_path, const char *anchor_path,
                          const MdPolicyExpect *expect, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for bytes in memory: bundle DER, anchor PEM or DER. */
MdPolicy *md_policy_new_from_bundle (GBytes *bundle, GBytes *anchor, const MdPolicyExpect *expect,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* From JSON whose origin is already proven (the window receives it from the daemon). */
MdPolicy *md_policy_new_from_json (GBytes *json, const MdPolicyExpect *expect,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it may newly come into force. A policy that was in force is read by whatever rule held
 * then; what no new one may say is refused here: the business system's key for the vault,
 * and one serial for two terminals (MD_POLICY_ERROR_INVALID). */
gboolean md_policy_judge_new (MdPolicy *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The JSON as it was signed. Borrowed. */
GBytes *md_policy_get_json (MdPolicy *self);

/* SHA-256 of that JSON, lower-case hexadecimal: with the version, the policy's name. */
const char *md_policy_get_digest (MdPolicy *self);

guint md_policy_get_version (MdPolicy *self);
const char *md_policy_get_environment (MdPolicy *self);
const char *md_policy_get_office (MdPolicy *self);
const char *md_policy_get_office_name (MdPolicy *self, gboolean japanese);
/* Microseconds since 1970. */
gint64 md_policy_get_issued (MdPolicy *self);
gint64 md_policy_get_not_after (MdPolicy *self);

/* NULL when unknown. */
const MdPolicyTerminal *md_policy_get_terminal (MdPolicy *self, const char *id);
/* All of them, in file order: array of const MdPolicyTerminal *. Borrowed. */
const GPtrArray *md_policy_get_terminals (MdPolicy *self);
const MdPolicyProcedure *md_policy_get_procedure (MdPolicy *self, const char *id);
const MdPolicyStaff *md_policy_get_staff (MdPolicy *self, const char *id);
/* Whether this officer, as who decides upon an open application that is not their own, may see what
 * is of this class. */
gboolean md_policy_may_see (MdPolicy *self, const MdPolicyStaff *staff, MdProfile profile,
                            MdSensitivity sensitivity);
/* The staff member one of whose three certificates is exactly this DER, or NULL. */
const MdPolicyStaff *md_policy_get_staff_by_certificate (MdPolicy *self, GBytes *der);
/* In file order, none where the policy names none: array of const MdPolicyCardAuthority *.
 * Borrowed. */
const GPtrArray *md_policy_get_card_authorities (MdPolicy *self);

/* All staff in file order: array of const MdPolicyStaff *. Borrowed. */
GPtrArray *md_policy_get_all_staff (MdPolicy *self);

const MdPolicyJpki *md_policy_get_jpki (MdPolicy *self);
const MdPolicyLimits *md_policy_get_limits (MdPolicy *self);
const MdVisibility *md_policy_get_visibility (MdPolicy *self);

/* Whether one intake may have @n attachments, of which the largest has @largest and all have @total
 * sealed bytes: what is sealed is a little larger than what was scanned. */
gboolean md_policy_takes_attachments (MdPolicy *self, guint n, guint64 largest,
                                      guint64 total) G_GNUC_WARN_UNUSED_RESULT;

/* Trust anchors: array of GBytes (DER), borrowed; only those of notices may be none. */
GPtrArray *md_policy_get_anchors (MdPolicy *self, MdAnchors kind);

/* A trust ready to judge: JPKI_AUTH and JPKI_SIGN with the policy's OIDs, the anchors of the other
 * line (to name what is refused) and the policy's algorithms, SIGNER with the receipt
 * anchors, all others with the staff anchors; test certificates only in a test environment. Caller
 * owns. Error: MD_PKI_ERROR. */
MdTrust *md_policy_create_trust (MdPolicy *self, MdTrustProfile profile,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the signer of the back office's notices; one that trusts nobody where the policy
 * names none. */
MdTrust *md_policy_create_notice_trust (MdPolicy *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Certificates (GBytes, DER) a part of this procedure is sealed to; the office's own key first.
 * Caller owns the array. profile: the one of the procedure's form. The clerk who seals is left out
 * when he is an approver himself (clerk may be NULL). NULL when the procedure is unknown or nobody
 * could approve it (MD_POLICY_ERROR_INVALID). */
GPtrArray *md_policy_get_recipients (MdPolicy *self, const char *procedure, MdProfile profile,
                                     MdRecipients kind, const char *clerk,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a scanned paper of this class: the business system, or where it may bear an
 * individual number (MD_CLASS_MY_NUMBER) the number's vault, and those approvers who may see the
 * class there, be it by a reveal. */
GPtrArray *md_policy_get_class_recipients (MdPolicy *self, const char *procedure, MdProfile profile,
                                           MdSensitivity class, const char *clerk,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the procedure accepts this method of identification ("jpki-auth", "jpki-sign"). FALSE for
 * an unknown procedure, too. */
gboolean md_policy_may_identify (MdPolicy *self, const char *procedure,
                                 const char *method) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the responder at @url may be asked about a certificate: the one that the policy names
 * (ocsp_url), or, where it names none, one that it allows and that the certificate names itself. */
gboolean md_policy_may_ask_ocsp (MdPolicy *self, const char *url) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the procedure is of a section for which this person works (of any, without a list); may
 * this person take it in; may this officer decide on an intake of this clerk. */
gboolean md_policy_is_in_charge (const MdPolicyStaff *staff, const char *procedure);
MdMay md_policy_may_take_in (MdPolicy *self, const char *staff,
                             const char *procedure) G_GNUC_WARN_UNUSED_RESULT;
MdMay md_policy_may_decide (MdPolicy *self, const char *officer, const char *procedure,
                            const char *clerk) G_GNUC_WARN_UNUSED_RESULT;
/* What a refusal means and what to do, for people. Static, translated. */
const char *md_may_get_message (MdMay may);

G_END_DECLS
