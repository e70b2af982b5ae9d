// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* What the delivery engine works with. The order per intake is kept: a decision is only claimed
 * after its intake's receipt. */

/* One item of the queue. Strings are owned. */
typedef struct
{
  gint64 sequence; /* queue row */
  char *intake;
  guint n;      /* 1: the container; 2, 3, ...: decision n */
  char *item;   /* "intake" or "decision/N", as in the receipt */
  GBytes *body; /* what is PUT; NULL in lists */
  char *digest; /* SHA-256 (hex) of the body */
  gsize size;
  guint attempts; /* before this one */
  char *receipt_number;
  char *state; /* "waiting", "sending", "quarantined", "parked"; lists only */
  char *created;
  char *next_try;
  char *last_error;
  char *parked_by;     /* NULL: it is not; these three in lists */
  char *parked_reason; /* of md_outbox_park_reasons() */
  char *parked;        /* when */
  char *medium;        /* by which it went, too, and no receipt has come; NULL: none. Lists only */
  gboolean behind;   /* what comes before it is "quarantined", and it waits for that. Lists only */
  gboolean deferred; /* of its intake, as in MdOutboxIntake */
  gboolean urgent;   /* goes before all that is not */
} MdOutboxItem;

void md_outbox_item_free (MdOutboxItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxItem, md_outbox_item_free)

/* Which end of the queue is asked for, so that a backlog of retries starves no fresh item. What is
 * urgent is given out first, whichever end it is at; after four of them, where something else is
 * due at the end that is asked for, that one, so that nothing waits for ever. */
typedef enum
{
  MD_OUTBOX_FRESH, /* oldest never tried */
  MD_OUTBOX_RETRY, /* tried before and due now, longest due first; expired leases too */
} MdOutboxPick;

/* The next item of that kind, leased to the caller for LEASE_MS. *out_item is NULL when there is
 * none. What the disk has lost or altered goes to quarantine ("payload-damaged"), and the one
 * behind it is given out. */
gboolean md_outbox_claim (MdOutbox *self, MdOutboxPick pick, gint64 lease_ms,
                          MdOutboxItem **out_item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  MdOutboxPick pick;
  gsize largest;      /* bytes, at most */
  gboolean decisions; /* no containers */
} MdOutboxWant;

/* The same of what is wanted alone. */
gboolean md_outbox_claim_wanted (MdOutbox *self, const MdOutboxWant *want, gint64 lease_ms,
                                 MdOutboxItem **out_item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ITEM is under way still: it stays leased for LEASE_MS from now on. */
gboolean md_outbox_renew_lease (MdOutbox *self, const MdOutboxItem *item, gint64 lease_ms,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Milliseconds until an item falls due: 0 now, -1 when nothing waits. */
gboolean md_outbox_next_due (MdOutbox *self, gint64 *out_wait_ms,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A person asked: makes everything that waits due now, leaving the counts of attempts. What was set
 * aside gets another try too, after all that is new: what was wrong with it may have been put right
 * at the other end, and there is no other way out of there. */
gboolean md_outbox_hurry (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At the service's start, before the engine's: leases of a process that is gone are void. */
gboolean md_outbox_release_leases (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A receipt that the caller has verified against the item's id, digest and the gateway's key. */
typedef struct
{
  GBytes *receipt;  /* as received, CMS */
  guint64 sequence; /* the gateway's */
  const char *time; /* the gateway's, RFC 3339 */
} MdOutboxReceipt;

/* Stores the receipt, ends the item, and erases the intake's payloads once the container's and a
 * decision's receipts are both there; one commit with its audit records. *out_erased may be NULL.
 */
gboolean md_outbox_acknowledge (MdOutbox *self, const MdOutboxItem *item,
                                const MdOutboxReceipt *receipt, gboolean *out_erased,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Not this time: back to waiting, due in DELAY_MS. COUNTS is FALSE when the line was down, so that
 * the try does not count against the item (the delivery engine keeps the schedule: 5 s, doubled up
 * to 15 min). WHY is for people. */
gboolean md_outbox_put_back (MdOutbox *self, const MdOutboxItem *item, gint64 delay_ms,
                             gboolean counts, const char *why,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Not ever by itself: the gateway refused the item for good, or it cannot be read. It stays, with
 * an audit record, until a person acts; other intakes go on. CODE is a word for the record's
 * detail, WHY is for people. */
gboolean md_outbox_quarantine (MdOutbox *self, const MdOutboxItem *item, const char *code,
                               const char *why, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Items without a receipt, oldest first, without bodies. (transfer full; elements MdOutboxItem) */
GPtrArray *md_outbox_list_queue (MdOutbox *self, guint limit,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
