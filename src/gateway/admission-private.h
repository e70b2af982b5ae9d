// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-seal.h>
#include "admission.h"

G_BEGIN_DECLS

/* What an item is judged by: the policy it names, at the moment it was made. */
typedef struct
{
  MdPolicy *policy; /* borrowed from the history */
  MdTrust *staff_trust;
  gint64 made_s;
} Rules;

static inline void
rules_clear (Rules *rules)
{
  g_clear_pointer (&rules->staff_trust, md_trust_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rules, rules_clear)

/* The rules that @named asks for, with the time still missing: @made is it as text, held to RFC
 * 3339 by seal already. */
MdProblem *_admission_find_rules (const Office *office, MdPolicyNamed *named, const char *made,
                                  Rules *out) G_GNUC_WARN_UNUSED_RESULT;

/* The wire's word for what seal found wrong. @malformed is the code for bytes that are not of the
 * shape at all. */
MdProblem *_admission_problem_from_seal (const GError *error,
                                         MdProblemCode malformed) G_GNUC_WARN_UNUSED_RESULT;

/* The same where it is known who signed it (NULL: nobody whose signature fits): another release
 * made it only when somebody of the staff list signed it. */
MdProblem *_admission_problem_from_signed (const Rules *rules, const MdCmsSigner *signer,
                                           const GError *error,
                                           MdProblemCode malformed) G_GNUC_WARN_UNUSED_RESULT;

/* NULL for MD_MAY_YES. */
MdProblem *_admission_problem_from_may (MdMay may) G_GNUC_WARN_UNUSED_RESULT;

/* @missing is the code where the ledger does not have it. */
MdProblem *_admission_problem_from_ledger (const GError *error,
                                           MdProblemCode missing) G_GNUC_WARN_UNUSED_RESULT;

/* Office and terminal as an item names them, against who speaks. */
MdProblem *_admission_check_origin (const Peer *peer, const char *item_office,
                                    const char *item_terminal) G_GNUC_WARN_UNUSED_RESULT;

/* The certificate that signed must be the one that the policy lists for the person named. */
MdProblem *_admission_check_signer (const Rules *rules, const char *staff_id,
                                    const MdCmsSigner *signer) G_GNUC_WARN_UNUSED_RESULT;

/* What the ledger is told of either. (transfer full) */
MdLedgerEntry *_admission_entry_for (const MdTarget *target, const Peer *peer,
                                     const MdManifest *manifest,
                                     GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
