// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-delegation.h"
#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

#define MD_TYPE_DECISION (md_decision_get_type ())
#define MD_TYPE_DECISION_FILES (md_decision_files_get_type ())
#define MD_DECISION_SCHEMA "madoguchi-decision/1"

/** MdDecisionKind: "approve", "return", "reject", "withdraw", "restore", "check" in the file.
 * Restoring (回復) undoes a return or a refusal: the intake waits for a decision again. A check
 * (点検) is the first word of two, where the policy asks for two officers: the intake still waits,
 * for the approval of another. */
typedef enum
{
  MD_DECISION_APPROVE,
  MD_DECISION_RETURN,
  MD_DECISION_REJECT,
  MD_DECISION_WITHDRAW,
  MD_DECISION_RESTORE,
  MD_DECISION_CHECK,
  MD_N_DECISIONS,
} MdDecisionKind;

/** How an officer looked at an attachment. */
typedef enum
{
  MD_LOOK_SHOWN,  /* each of its pages was on the screen */
  MD_LOOK_PAPER,  /* at the paper itself, by the officer's word */
  MD_LOOK_CLOSED, /* not at all: it is not sealed to this officer, or hidden from the role */
  MD_N_LOOKS
} MdLook;

/**
 * MdDecision: a plain record; strings are owned. @n is 2 for the first decision. @reason_code may
 * be "" for an approval or a check. @manifest_sha256 and @previous_signature_sha256 (lower-case
 * hexadecimal) are filled in by md_decision_make() from the container: a decision fits one
 * container and one place in its history. @differences: how many items of the application are not
 * as they were read, each of which the officer who approves or checks ticked as seen (which ones
 * they are is personal, and stays sealed); 0, and then not in the file, without any, and for every
 * other decision. @scans: how many of the attachments the officer who approves or checks looked at,
 * and how: together as many as the intake has; all 0, and then not in the file, where it has none,
 * for every other decision, and in what was signed before this was asked. @delegation: what the
 * approved letter of delegation allows, or NULL, and then not in the file.
 */
struct _MdDecision
{
  char *intake;
  guint n;
  MdDecisionKind kind;
  char *reason_code;
  char *officer;
  char *role;
  char *office;
  char *terminal;
  guint policy_version;
  char *policy_digest;
  char *time;
  char *manifest_sha256;
  char *previous_signature_sha256;
  guint differences;
  guint scans[MD_N_LOOKS];
  MdDelegation *delegation;
};

/** MdDecisionFiles: the three entries that carry a decision, as they go over the wire and into the
 * container. */
struct _MdDecisionFiles
{
  guint n;
  GBytes *decision;
  GBytes *manifest;
  GBytes *signature;
};

GType md_decision_get_type (void);
MdDecision *md_decision_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdDecision *md_decision_copy (const MdDecision *self) G_GNUC_WARN_UNUSED_RESULT;
void md_decision_free (MdDecision *self);

/** All @scans together. */
guint md_decision_count_scans (const MdDecision *self);

GType md_decision_files_get_type (void);

/** Takes references. (transfer full) */
MdDecisionFiles *md_decision_files_new (guint n, GBytes *decision, GBytes *manifest,
                                        GBytes *signature) G_GNUC_WARN_UNUSED_RESULT;
MdDecisionFiles *md_decision_files_copy (const MdDecisionFiles *self) G_GNUC_WARN_UNUSED_RESULT;
void md_decision_files_free (MdDecisionFiles *self);

/** "approve" and so on. */
const char *md_decision_kind_to_string (MdDecisionKind kind);
gboolean md_decision_kind_from_string (const char *text, MdDecisionKind *out_kind);

/**
 * Strict parse of decision00N.json, without any signature: to show it. NEWER, when it has a member
 * (here or inside), a kind or a number of the schema that this release does not know: before a
 * signature is checked that says nothing, for whoever changes the bytes can add one; ask
 * md_decision_verify(). MALFORMED, LIMIT. (transfer full)
 */
MdDecision *md_decision_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Of a decision that is NEWER, what tells by whose rules its signature is to be judged: @officer,
 * @terminal, @policy_version, @policy_digest and @time; nothing else is set. NULL when one of them
 * is not there. (transfer full, nullable)
 */
MdDecision *md_decision_peek (GBytes *json) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Whether @decision withdraws an application that was returned: @container ends with a return, and
 * what is not valid anyway may be withdrawn by whoever takes applications in, the clerk included.
 * Every other decision needs a second person.
 */
gboolean md_decision_withdraws_returned (const MdContainer *container, const MdDecision *decision);

/**
 * The check upon which decision number @n of @container would follow: who has checked it, when
 * another officer is about to approve it. Parsed, not verified. (transfer full, nullable)
 */
MdDecision *md_decision_find_check (const MdContainer *container,
                                    guint n) G_GNUC_WARN_UNUSED_RESULT;

/**
 * What a decision upon @container follows upon, to hold it against: the newest policy version and
 * the latest time (microseconds) that the manifest and the decisions so far name. Parsed, not
 * verified. FALSE when one of them cannot be read.
 */
gboolean md_decision_find_latest (const MdContainer *container, guint *out_version,
                                  gint64 *out_made) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Signs a decision about @container. Of @decision: kind, reason_code, officer, role, office,
 * terminal, policy_version, policy_digest and time count; intake, n and the two digests are taken
 * from the container. Refuses at once when officer and clerk are one person (SAME_PERSON), unless
 * it withdraws what was returned, when who checked it would approve it (SAME_PERSON), and what may
 * not follow upon the last decision (ORDER). @key may be a card. (transfer full)
 */
MdDecisionFiles *md_decision_make (const MdContainer *container, const MdDecision *decision,
                                   MdKey *key, const MdCertificate *certificate,
                                   gint64 signing_time, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Verifies a decision against its container: digests, signature with a path to @staff_trust at
 * @time, intake and place, that it may follow upon the decision before (md_standing_decide()),
 * signer = officer, and the two-person rule where it holds: against the clerk, and of an approval
 * that follows upon a check against who checked. How many must agree, role, policy version and
 * terminal are the caller's to judge from the result. NEWER is said of what is signed by @officer
 * and bound to this container and place, and otherwise not understood here; UNSUPPORTED of what
 * verifies, but is signed in a way that is not taken here. MALFORMED, DIGEST, SIGNATURE, UNTRUSTED,
 * MISMATCH, ORDER, SAME_PERSON, NEWER, UNSUPPORTED. (transfer full)
 */
MdDecision *md_decision_verify (const MdContainer *container, const MdDecisionFiles *files,
                                const MdTrust *staff_trust, gint64 time,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** As md_container_find_signer(), of a decision. (transfer full) */
MdCmsSigner *md_decision_find_signer (const MdDecisionFiles *files) G_GNUC_WARN_UNUSED_RESULT;

/**
 * The two-person rule between an @officer and who acted before (the clerk, or the first of two
 * officers): another staff id, another subject, another certificate and another public
 * key. Every place that counts a decision asks this one function. SAME_PERSON.
 */
gboolean md_seal_check_two_persons (const MdCertificate *before, const MdCertificate *officer,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDecision, md_decision_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDecisionFiles, md_decision_files_free)

G_END_DECLS
