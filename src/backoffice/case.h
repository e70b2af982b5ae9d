// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-base.h>
#include <md-identity.h>
#include <md-protocol.h>
#include <md-record.h>
#include <md-seal.h>
#include "desk.h"

G_BEGIN_DECLS

/* For decisions (the exit status follows from it). */
typedef enum
{
  CASE_ERROR_MISSING,     /* no such intake, or two of this receipt number */
  CASE_ERROR_STORE,       /* the ledger cannot be read */
  CASE_ERROR_FORGED,      /* something does not verify: nothing of it is shown */
  CASE_ERROR_PENDING,     /* not approved (yet) */
  CASE_ERROR_UNOPENED,    /* not sealed to our keys, damaged, or of a newer release */
  CASE_ERROR_DEFERRED,    /* its check of revocation is still to be completed */
  CASE_ERROR_REVOKED,     /* completed: the certificate had been revoked */
  CASE_ERROR_HELD,        /* the office's own list stops it, and nobody released it */
  CASE_ERROR_UNCONFIRMED, /* a line of its confirmation list waits for a second person */
  CASE_ERROR_DENIED,      /* a second person did not let one stand */
  CASE_ERROR_SAME_PERSON, /* who wants to confirm it took part in it */
  CASE_ERROR_SETTINGS,    /* what the settings name does not fit the store */
  CASE_ERROR_UNFIT,       /* what was to be added to it is of somebody else, or does not fit it */
  CASE_ERROR_SECOND,      /* one officer approved it, and its form asks for two */
  CASE_ERROR_KEPT,        /* the policy keeps from this desk what would have to be in it */
  CASE_ERROR_OFTEN,       /* the officer has looked at too many intakes in a short time */
} CaseError;

#define CASE_ERROR (case_error_quark ())
GQuark case_error_quark (void);

/* What came of the check of revocation that was not done at the counter. */
typedef enum
{
  CASE_NOT_DEFERRED, /* it was done there */
  CASE_DEFERRED,     /* still to be completed */
  CASE_COMPLETED_VALID,
  CASE_COMPLETED_REVOKED, /* before the card was at the counter */
} CaseCompletion;

/* One thing that was checked, for those who want to see each. @what is a stable word; @detail holds
 * no value of the application. */
typedef enum
{
  CASE_CHECK_PASSED,
  CASE_CHECK_OPEN, /* deferred: neither good nor bad yet */
  CASE_CHECK_FAILED,
} CaseCheckState;

typedef struct
{
  const char *what;
  CaseCheckState state;
  char *detail;
} CaseCheck;

typedef struct
{
  GPtrArray *checks; /* CaseCheck, in the order in which they were made */
  const char *stage; /* what is being checked now */
} CaseTrail;

CaseTrail *case_trail_new (void) G_GNUC_WARN_UNUSED_RESULT;
void case_trail_free (CaseTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseTrail, case_trail_free)

/* Adds what is being checked now, in @state. */
void case_trail_add (CaseTrail *trail, CaseCheckState state, const char *detail);

/* One intake as the back office sees it: everything verified anew from what the ledger holds. */
typedef struct
{
  MdLedgerEntry *entry;   /* of the intake */
  MdContainer *container; /* with all its decisions */
  MdDecision *decision;   /* the last one, or NULL */
  gboolean one_alone;     /* it approves what nobody checked, and the form asks for two */
  gboolean letter_alone;  /* the same of its letter of delegation, or of a change of that */
  GPtrArray *deciders;    /* the staff id of each decision, from the first on */
  guint n_receipts;       /* verified */
  MdPolicy *policy;       /* what the intake was made under; the history's */
  MdNonceVerdict nonce;   /* what the gateway's receipt says of the intake's nonce */
  gint64 nonce_made;      /* when the gateway made it, microseconds; 0: not proven */
  GPtrArray *releases;    /* MdRelease: who let it go on */
  MdDelegation *letter;   /* by which it is filed, or NULL */
  char *letter_returned;  /* when a notice gave that back, RFC 3339, or NULL */
  MdIdentityProof *proof; /* after case_open() */
  GPtrArray *holds;       /* MdHold, after case_open(): what had stopped it */
  char *named_salt;       /* after case_open(): what binds whom the manifest says it is of */
  MdVisitRecord *visit;   /* after case_open(): what was explained and handed out */
  guint unreleased;       /* after case_open(): kinds of hold of the office's own list, as bits */
  MdIdentityVerdict presence;
  CaseCompletion completion;
  MdLedgerCompletion *completed; /* what the ledger has of it, or NULL */
  MdSecret *application;         /* after case_open(): the text of application.cms */
  MdRecord *values;              /* after case_open(): of it */
  MdRecord *papers; /* after case_open(): how each is there; NULL: nothing more than m.attach */
  MdRecord *declarations; /* after case_open(): what was agreed to; NULL: nothing */
  MdNumber *number;       /* after case_open_number(); NULL when the intake has none */
  GPtrArray *additions;   /* Addition, after additions_read(): what was learnt later */
  CaseTrail *trail;       /* borrowed, or NULL */
} Case;

/* Whether @text can name an intake at all: an id or a receipt number. */
gboolean case_is_name (const char *text);

void case_free (Case *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Case, case_free)

/* "received", "checked" (by the first of two officers), "approved", "returned", "rejected",
 * "withdrawn". */
const char *case_state (const Case *self);

/* Whether as many officers agreed as its form asks for, and as the form of the letter by which it
 * is filed does: the policy, which may ask for fewer, is held against each decision before.
 * CASE_ERROR_SECOND. */
gboolean case_is_agreed (const Case *self, GError **error);

/* Whether officers have still to decide upon it. */
gboolean case_waits (const Case *self);

/* The day in Tokyo on which the counter took it in, YYYY-MM-DD. (transfer full) */
char *case_dup_day (const Case *self) G_GNUC_WARN_UNUSED_RESULT;

/* Finds an intake by its id or its receipt number and verifies, without any key: the receipt of
 * each item, the digests, the clerk's signature, each decision's, that two different persons of the
 * policy signed, and their roles. Each item is judged by the policy it names, as it was then: by
 * version and digest, and only if it was in force when the item was made. Returns: (transfer full).
 */
Case *case_examine (const Desk *desk, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for an entry that is at hand. @trail (nullable) takes down what is checked, here and
 * while the case is open. */
Case *case_examine_entry (const Desk *desk, const MdLedgerEntry *entry, CaseTrail *trail,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The ledger's entry of the intake @name, an id or a receipt number. */
MdLedgerEntry *case_find (const Desk *desk, const char *name,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens application.cms and evidence.cms with the business key; checks that they are of this very
 * intake, and the card's proof of presence anew; and what completed it, where it was deferred. */
gboolean case_open (Case *self, const Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it may be worked on: not while a check of revocation is to be completed
 * (CASE_ERROR_DEFERRED), nor when that found the certificate revoked (CASE_ERROR_REVOKED). */
gboolean case_is_complete (const Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing of the office's own list stops it that nobody has released (CASE_ERROR_HELD). */
gboolean case_is_released (const Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens number.cms with the vault key. */
gboolean case_open_number (Case *self, const Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
