// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-pki.h>
#include <md-policy.h>
#include <md-protocol.h>
#include "nonces.h"
#include "settings.h"

G_BEGIN_DECLS

/* What the gateway serves with: the policy in force, the store, the key of the receipts. */
typedef struct
{
  const GatewaySettings *settings;
  MdLedger *ledger;
  MdKey *receipt_key;
  MdCertificate *receipt_certificate;

  MdPolicyHistory *history; /* every policy that was ever in force here; the ledger keeps them */
  MdPolicy *policy;         /* the newest of the history; ask office_find_problem() before */
  GBytes *policy_bundle;
  char *policy_etag;  /* with its quotes */
  GHashTable *etags;  /* the versions of all that were ever in force, by their ETags */
  guint followed;     /* of those in the ledger none up to this version is looked at again */
  char *policy_stamp; /* of the file that was judged, to see a new one */
  char *policy_told;  /* of the file whose refusal was told last */
  gboolean full;      /* there is no room for new containers; space.c */
  gboolean full_owed; /* and the audit chain does not have it yet */
  gboolean full_told; /* the chain has it, and not yet that there is room again */
  gboolean serves;    /* as it was told last: a policy is in force */
  Nonces *nonces;
  struct _Relay *relay;      /* borrowed from the server */
  struct _Inbox *inbox;      /* the same */
  GHashTable *letters_asked; /* by terminal: how often it asked for letters lately; letters.c */
} Office;

/* Opens everything @settings names (borrowed, must outlive it) but the policy file, which may come
 * later. Returns: (transfer full). */
Office *office_open (const GatewaySettings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void office_free (Office *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Office, office_free)

/* Records that the gateway did not start for what its settings name; the words for it are the
 * caller's. */
void office_note_unusable (Office *office);

/* The newest policy that was ever taken stays in force until its end, in the running gateway and in
 * one that was started anew, whatever becomes of the file: the file is only how the next one comes
 * in. Without one in force no terminal is served. Returns: (transfer full) what is wrong
 * (MD_PROBLEM_POLICY_MISSING), or NULL while a policy is in force. */
MdProblem *office_find_problem (const Office *office) G_GNUC_WARN_UNUSED_RESULT;

/* Takes a new policy file into force if there is one, or tries the one that lies there @anew; what
 * is not valid, a version below the newest and a version that was there with other content change
 * nothing and are logged. */
void office_refresh_policy (Office *office, gboolean anew);

/* Takes into force what another gateway on the same store did: whoever was told of a version there
 * must not find an older one here. What is not valid here changes nothing and is logged. */
void office_follow (Office *office);

/* The version of the policy that was sent with this ETag, by this gateway or another on the same
 * store; 0: there was none. */
guint office_find_version (const Office *office, const char *etag);

/* Reads the pair that signs receipts again; when it cannot be used, the one before stays. */
gboolean office_reload_receipt_key (Office *office, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Trusts the certificates that a terminal may have on the line. Returns: (transfer full). */
MdTrust *office_create_line_trust (const Office *office, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the receipt for @entry: an MdLedgerReceiptFunc whose user data is the Office. */
GBytes *office_make_receipt (const MdLedgerEntry *entry, gpointer user_data, GError **error);

G_END_DECLS
