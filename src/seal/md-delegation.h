// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-base.h>

G_BEGIN_DECLS

#define MD_TYPE_DELEGATION (md_delegation_get_type ())
#define MD_DELEGATION_MAX_PROCEDURES 8u

/** The procedure by which a letter is registered, and the one by which an accepted letter is
 * amended or ended: each approval of either says what the letter allows from then on. */
#define MD_DELEGATION_PROCEDURE "common.delegation"
#define MD_DELEGATION_CHANGE "common.delegation_change"

/** Of whom something is said. */
typedef enum
{
  MD_DELEGATION_PRINCIPAL,
  MD_DELEGATION_DELEGATE,
} MdDelegationSide;

/**
 * MdDelegation: what a letter of delegation (委任状) allows from its acceptance on: a part of the
 * decision that approved it, so that the officer's signature is over it. A plain record; strings
 * are owned. Nobody is named in it: @principal and @delegate are md_delegation_bind(), and only
 * whoever knows the letter's code can tell of whom they are. The code lies in the sealed
 * application alone and with the people concerned.
 * @procedures: ids, 1 to MD_DELEGATION_MAX_PROCEDURES, none twice
 * @from, @to: the first and the last day, YYYY-MM-DD
 * @amends: the SHA-256 (lower-case hexadecimal) of the decisionNNN.json that this one takes the
 * place of; NULL in the approval of the letter itself
 * @ended: it allows nothing any more; only with @amends, and all else as before
 */
struct _MdDelegation
{
  char **procedures;
  char *from;
  char *to;
  char *principal;
  char *delegate;
  char *amends;
  gboolean ended;
};

GType md_delegation_get_type (void);
MdDelegation *md_delegation_new (void) G_GNUC_WARN_UNUSED_RESULT;
MdDelegation *md_delegation_copy (const MdDelegation *self) G_GNUC_WARN_UNUSED_RESULT;
void md_delegation_free (MdDelegation *self);
gboolean md_delegation_equal (const MdDelegation *a, const MdDelegation *b);

/** Whether a delegation covers what is filed. */
typedef enum
{
  MD_DELEGATION_COVERS,
  MD_DELEGATION_OTHER_PROCEDURE,
  MD_DELEGATION_EARLY,
  MD_DELEGATION_OVER,
  MD_DELEGATION_ENDED,
  MD_N_DELEGATION_FINDINGS,
} MdDelegationFinding;

/** Whether the procedure is one of the two whose approvals say what a letter allows. */
gboolean md_delegation_is_decided_by (const char *procedure);

/** @day: YYYY-MM-DD, on which @procedure is filed. What changes the letter needs not be named by
 * it, nor have come before its first day. */
MdDelegationFinding md_delegation_judge (const MdDelegation *self, const char *procedure,
                                         const char *day);

/** "covers", "procedure", "early", "over", "ended". */
const char *md_delegation_finding_to_string (MdDelegationFinding finding);

/** The code of a new letter, 80 bits as "K7QD-2MXA-0HZ9-RTPB": to be told to the people concerned,
 * and to be kept sealed. */
MdSecret *md_delegation_make_code (void) G_GNUC_WARN_UNUSED_RESULT;

/** The code as somebody wrote or said it (blanks, hyphens, small letters, O for 0, I or L for 1),
 * in the one form in which it is a key; NULL when it is none. (transfer full) */
MdSecret *md_delegation_read_code (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** What stands for a person in the letter of the intake @intake: HMAC-SHA-256 under @code
 * (md_delegation_read_code()) over tag, side, intake and @who, the 32 bytes that stand for name and
 * birth date; lower-case hexadecimal. (transfer full) */
char *md_delegation_bind (const char *intake, MdDelegationSide side, const MdSecret *code,
                          GBytes *who) G_GNUC_WARN_UNUSED_RESULT;

/** What stands for name and birth date of each, NULL where the form does not say it. */
typedef struct
{
  GBytes *principal;
  GBytes *delegate;
} MdDelegationPeople;

/** Whether the letter of the intake @intake is of these people, by the code as somebody wrote it.
 * FALSE where one of the three is NULL or none. */
gboolean md_delegation_is_of (const MdDelegation *self, const char *intake, const char *code,
                              const MdDelegationPeople *people);

/** The value of a form's field, NULL where it is empty. */
typedef const char *(*MdDelegationLookup) (const char *field, gpointer data);

/** What the letter of the intake @intake allows, by its opened form: "g.proc1" to "g.proc3",
 * "g.date", "g.valid_to", "g.code". NULL when something is missing or impossible. (transfer full)
 */
MdDelegation *
md_delegation_new_from_form (const char *intake, MdDelegationLookup look_up, gpointer data,
                             const MdDelegationPeople *people) G_GNUC_WARN_UNUSED_RESULT;

/** What is left of the letter that allowed @before, by the decision @decision (lower-case
 * hexadecimal), once the opened form of a change is accepted: "g.change" ("amend", "end"),
 * "g.proc1" to "g.proc3" and "g.valid_to". What the form leaves empty stays, and of whom the letter
 * is stays in any case. NULL when nothing would change, or something is impossible. (transfer full)
 */
MdDelegation *md_delegation_new_changed (const MdDelegation *before, const char *decision,
                                         MdDelegationLookup look_up,
                                         gpointer data) G_GNUC_WARN_UNUSED_RESULT;

/** Whether @after may take the place of @before, which the decision @decision says: it names that,
 * is of the same people, has the same first day, and if it ends the letter, changes nothing else.
 * What was ended stays so. */
gboolean md_delegation_may_follow (const MdDelegation *after, const MdDelegation *before,
                                   const char *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDelegation, md_delegation_free)

G_END_DECLS
