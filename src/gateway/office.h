// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-pki.h>
#include <md-policy.h>
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
  MdPolicy *policy;         /* the one in force, of the history */
  GBytes *policy_bundle;
  char *policy_etag;  /* with its quotes */
  char *policy_stamp; /* of the file, to see a new one */
  Nonces *nonces;
} Office;

/* Opens everything @settings names (borrowed, must outlive it). Returns: (transfer full). */
Office *office_open (const GatewaySettings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void office_free (Office *office);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Office, office_free)

/* Takes a new policy file into force if there is one; what is not valid, a version below the newest
 * and a version that was there with other content change nothing and are logged. */
void office_refresh_policy (Office *office);

/* Makes the receipt for @entry: an MdLedgerReceiptFunc whose user data is the Office. */
GBytes *office_make_receipt (const MdLedgerEntry *entry, gpointer user_data, GError **error);

G_END_DECLS
