// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* Every policy that was ever in force at one place, so that what was made under one is judged by
 * that one: a staff card renewed since, an officer who has left, change nothing about it.
 *
 * An item names the version and the digest of its policy. It counts when it was made while that
 * version was in force: not before it was issued, not after its own end, and not later than
 * MD_POLICY_GRACE_S after its successor came into force here. The grace is for terminals without a
 * line; one that has shown that it had a line (a gateway's nonce in the item) gets
 * MD_POLICY_TAKE_UP_S only.
 *
 * What follows upon another item names no older policy than that one, and was not made before it:
 * a rule that is over cannot be chosen by naming it and a time of its own. */
#define MD_POLICY_GRACE_S G_GINT64_CONSTANT (604800) /* seven days */
#define MD_POLICY_TAKE_UP_S G_GINT64_CONSTANT (3600)
/* How far a terminal's clock may lie behind the clock that issued the policy, or behind itself. */
#define MD_POLICY_CLOCK_S G_GINT64_CONSTANT (3600)

typedef struct _MdPolicyHistory MdPolicyHistory;

MdPolicyHistory *md_policy_history_new (void) G_GNUC_WARN_UNUSED_RESULT;
void md_policy_history_free (MdPolicyHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdPolicyHistory, md_policy_history_free)

/* Whether @policy may come into force here next. A version below the newest is
 * MD_POLICY_ERROR_OLDER; one that is here with other content MD_POLICY_ERROR_CHANGED; the very same
 * as the newest may. A new one is held to md_policy_judge_new(). */
gboolean md_policy_history_may_add (const MdPolicyHistory *self, MdPolicy *policy,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a policy that came into force here at @taken (microseconds), if its version fits; the newest
 * once more changes nothing. Of one that was in force nothing else is asked. */
gboolean md_policy_history_add (MdPolicyHistory *self, MdPolicy *policy, gint64 taken,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one in force now, each in its turn, and the one that was at @moment (the first, when @moment
 * lies before it). Borrowed; NULL when there is none. */
MdPolicy *md_policy_history_get_newest (const MdPolicyHistory *self);
MdPolicy *md_policy_history_get (const MdPolicyHistory *self, guint index); /* from 0 */
MdPolicy *md_policy_history_get_at (const MdPolicyHistory *self, gint64 moment);

typedef enum
{
  MD_POLICY_THEN_GOOD,
  MD_POLICY_THEN_UNKNOWN, /* no policy of that version was ever in force here */
  MD_POLICY_THEN_OTHER,   /* one was, with other content */
  MD_POLICY_THEN_EARLY,   /* the item is older than the policy it names */
  MD_POLICY_THEN_LATE,    /* the policy was over, or replaced long enough before */
  MD_POLICY_THEN_BEHIND,  /* what the item follows upon names a newer one */
  MD_POLICY_THEN_BEFORE,  /* the item is older than what it follows upon */
} MdPolicyThen;

/* What an item names. */
typedef struct
{
  guint version;
  const char *digest; /* of md_policy_get_digest() */
  gint64 made;        /* by the terminal's clock, microseconds */
  gint64 line_at;     /* when the terminal is proven to have had a line at the earliest; 0: not */
  guint least;        /* the newest version that what it follows upon names; 0: upon nothing */
  gint64 after;       /* when the latest of that was made, microseconds; 0: upon nothing */
} MdPolicyNamed;

/* Whether the policy that @named names was in force then; *@out_policy (borrowed) for GOOD alone.
 */
MdPolicyThen md_policy_history_judge (const MdPolicyHistory *self, const MdPolicyNamed *named,
                                      MdPolicy **out_policy) G_GNUC_WARN_UNUSED_RESULT;

/* What a verdict means, in English, for logs and problem documents. Static. */
const char *md_policy_then_get_text (MdPolicyThen then);

G_END_DECLS
