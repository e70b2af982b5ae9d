// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-letter.h"

G_BEGIN_DECLS

/* What a second person has to look at (確認リスト), as far as it shows without opening anything. */
typedef struct
{
  guint differences;     /* items that are not as they were read, by the clerk's word */
  gboolean number_blank; /* the form asks for the individual number, and there is none; likewise */
  guint released;        /* what stopped it and was released */
} MdOutboxConfirm;

/* An intake as the outbox knows it: nothing personal. Strings are owned; NULL where unknown. */
typedef struct
{
  char *id; /* UUIDv7 */
  char *receipt_number;
  char *procedure;
  char *clerk;
  guint policy_version;
  char *time; /* of the reservation, RFC 3339 */
  gint64 monotonic_ns;
  char *boot_id;
  char *owner;       /* whose window it was begun at, as it was reserved; or NULL */
  GBytes *nonce;     /* the gateway's, NULL when absent */
  char *nonce_state; /* "fresh", "stale", "absent" */
  MdIntakeState state;
  MdDeliveryState delivery;
  char *container_sha256;
  char *manifest_sha256;
  char *signature_sha256; /* of the last signature: the next decision names it */
  guint next_n;           /* number of the next decision, 2 after submission */
  char *decided_by;       /* who signed the last decision */
  char *checked_by; /* the first of two officers who must agree, and when (RFC 3339), since it was
                       last submitted or restored; NULL: nobody yet, or one suffices */
  char *checked;
  char *reason_code;
  char *replaces;    /* the returned intake that this one takes up again */
  char *replaced_by; /* the submitted intake that took this returned one up again */
  gboolean deferred; /* the back office has still to ask whether the certificate was revoked */
  MdOutboxConfirm confirm;
  guint notice; /* the number of the notice by which the back office gave it back, 0 without one */
  gsize size;
} MdOutboxIntake;

void md_outbox_intake_free (MdOutboxIntake *intake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxIntake, md_outbox_intake_free)

/* The receipt numbers this terminal may ever give: NNN of "NNN-NNNNNN-C" and the counters FROM..TO.
 * They are given from the beginning, until the gateway issues a block of them
 * (md-outbox-numbers.h); from then on none but those of blocks. A number once given never comes
 * again, whatever pool is set later. */
gboolean md_outbox_set_pool (MdOutbox *self, guint terminal_number, guint from, guint to,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Numbers left in the pool. */
gboolean md_outbox_numbers_left (MdOutbox *self, guint *out_left,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Marks the file behind DB, whose schema is today's, as put back from a backup at TIME_MS (wall
 * clock, milliseconds). KNOWS_GIVEN: every number that was given is known in it, also what was
 * given after the backup; where that is not so, it gives none before the gateway was asked. For
 * whoever puts it back. */
gboolean md_outbox_mark_restored (MdDb *db, gint64 time_ms, gboolean knows_given,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the file behind DB gives no numbers because of that. */
gboolean md_outbox_doubts_numbers (MdDb *db, gboolean *out_doubts,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When that was last; 0: never. */
gboolean md_outbox_when_restored (MdOutbox *self, gint64 *out_time_ms,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a reservation is asked with; borrowed. */
typedef struct
{
  const char *procedure;
  const char *clerk;
  guint policy_version;
  GBytes *nonce;
  const char *nonce_state;
  const char *replaces; /* an intake that was returned, or given back by a notice, to take up again;
                           or NULL */
  const char *owner;    /* names the window for as long as it lives; or NULL */
} MdOutboxReserve;

/* A new intake with an id and a receipt number of its own; one commit with ENTRY (its object is
 * filled in). What it replaces must wait as returned: MD_OUTBOX_ERROR_STATE, _UNKNOWN. */
MdOutboxIntake *md_outbox_reserve (MdOutbox *self, const MdOutboxReserve *reserve,
                                   const MdAuditEntry *entry,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* RESERVED to ABANDONED. */
gboolean md_outbox_abandon (MdOutbox *self, const char *id, const MdAuditEntry *entry,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A verified submission; borrowed. */
typedef struct
{
  const char *id;
  GBytes *container;            /* the bytes that go to the gateway */
  const char *manifest_sha256;  /* hex */
  const char *signature_sha256; /* hex, of the clerk's signature file */
  gboolean deferred;            /* as in MdOutboxIntake */
  gboolean urgent;              /* it and what is decided on it go before all that is not */
  MdOutboxConfirm confirm;
} MdOutboxSubmission;

/* RESERVED to RECEIVED, queue row, payload and audit record in one durable commit. The same bytes
 * again: TRUE and nothing changes; other bytes: MD_OUTBOX_ERROR_CONFLICT. A returned intake that it
 * takes up again is settled in the same commit, with a record of its own ("replace"), and erased
 * once it is with the back office; MD_OUTBOX_ERROR_STATE when somebody has settled it meanwhile. */
gboolean md_outbox_submit (MdOutbox *self, const MdOutboxSubmission *submission,
                           const MdAuditEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A verified decision; borrowed. */
typedef struct
{
  const char *id;
  guint n;             /* must be the intake's next_n */
  MdIntakeState state; /* APPROVED, RETURNED, REJECTED or WITHDRAWN; after a return the last or
                          RECEIVED (restored), after a refusal RECEIVED; RECEIVED with @check */
  gboolean check;      /* the first of two officers agrees: it waits for the other */
  const char *officer;
  const char *reason_code;
  GBytes *body;                 /* what goes to the gateway */
  const char *signature_sha256; /* hex */
  const MdOutboxLetter *letter; /* what was accepted, of an approved letter; decision_sha256 on are
                                   read, where it is changed intake, too; else NULL */
  const char *amends;           /* the decision whose place it takes, where it changes a letter */
  gint64 keep_ms;               /* of a refusal: how long it may be restored, although delivered */
} MdOutboxDecision;

/* RECEIVED to the decided state, or once to RECEIVED and checked; RETURNED (and not taken up again)
 * to WITHDRAWN, or that and REJECTED back to RECEIVED while the container is here; queue row,
 * payload and audit record in one durable commit; repeated as md_outbox_submit(). */
gboolean md_outbox_decide (MdOutbox *self, const MdOutboxDecision *decision,
                           const MdAuditEntry *entry, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether item N of the intake (1: the container, from 2: a decision) is stored with exactly these
 * bytes, be they erased by now or not: somebody asks again who did not get the answer. */
gboolean md_outbox_knows (MdOutbox *self, const char *id, guint n, GBytes *body,
                          gboolean *out_knows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One intake. Error: MD_OUTBOX_ERROR_UNKNOWN. */
MdOutboxIntake *md_outbox_get (MdOutbox *self, const char *id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The sealed container. Errors: MD_OUTBOX_ERROR_UNKNOWN, _STATE (nothing submitted yet), _ERASED.
 */
GBytes *md_outbox_get_container (MdOutbox *self, const char *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What goes to the gateway as item N, while it is still here. Errors as md_outbox_get_container().
 */
GBytes *md_outbox_get_body (MdOutbox *self, const char *id, guint n,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_OUTBOX_LIST_ALL,
  MD_OUTBOX_LIST_TODAY,     /* submitted since midnight in Japan */
  MD_OUTBOX_LIST_APPROVALS, /* RECEIVED */
  MD_OUTBOX_LIST_RETURNED,  /* RETURNED and not taken up again; REJECTED and kept for a while; given
                               back by a notice that nobody has read, and not taken up again */
  MD_OUTBOX_LIST_UNSENT,    /* something without a receipt */
  MD_OUTBOX_LIST_RESERVED,
} MdOutboxFilter;

/* Newest first. (transfer full; elements MdOutboxIntake) */
GPtrArray *md_outbox_list (MdOutbox *self, MdOutboxFilter filter, guint limit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  guint unsent; /* queue items without a verified receipt, quarantined ones included */
  guint quarantined;
  guint parked; /* of both; by hand, md_outbox_park() */
  guint approvals;
  guint returned;
  guint today;
  guint delivered_today; /* queue items */
} MdOutboxCounts;

gboolean md_outbox_count (MdOutbox *self, MdOutboxCounts *out_counts,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
