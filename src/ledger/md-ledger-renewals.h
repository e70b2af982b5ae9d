// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LEDGER_INSIDE) && !defined(MD_LEDGER_COMPILATION)
#error "Only <md-ledger.h> can be included directly."
#endif

#include <md-ledger-store.h>

G_BEGIN_DECLS

/* A terminal's request for a certificate of another key, and what became of it. */

typedef enum
{
  MD_LEDGER_RENEWAL_OPEN,      /* nobody has decided yet */
  MD_LEDGER_RENEWAL_CERTIFIED, /* its certificate is here */
  MD_LEDGER_RENEWAL_DECLINED,  /* there will be none */
} MdLedgerRenewalState;

struct _MdLedgerRenewal
{
  char *office;
  char *terminal;
  char *key;       /* SHA-256 of its SubjectPublicKeyInfo, lower-case hexadecimal */
  GBytes *request; /* PKCS #10, DER: the first one that came of that key */
  char *asked;     /* RFC 3339 */
  MdLedgerRenewalState state;
  GBytes *certificate; /* DER; NULL unless CERTIFIED */
  char *decided;       /* RFC 3339, or NULL */
  char *fetched;       /* when the terminal got it first, or NULL */
};

void md_ledger_renewal_free (MdLedgerRenewal *renewal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdLedgerRenewal, md_ledger_renewal_free)

/* "open", "certified", "declined". */
const char *md_ledger_renewal_state_name (MdLedgerRenewalState state);

/* How many undecided ones a terminal may have. */
#define MD_LEDGER_MAX_RENEWALS 3u

/* Takes down the request @asked (office, terminal, key and request are read of it) with its audit
 * record ("renew") in one durable transaction, unless that key's is there already. @hand_out: the
 * terminal gets the certificate if there is one, which is recorded the first time.
 * MD_LEDGER_ERROR_TOO_OFTEN beyond MD_LEDGER_MAX_RENEWALS. Returns: (transfer full) what is there.
 */
MdLedgerRenewal *md_ledger_ask_renewal (MdLedger *self, const MdLedgerRenewal *asked,
                                        gboolean hand_out,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All, by the time they came. Returns: (transfer full) (element-type MdLedgerRenewal). */
GPtrArray *md_ledger_list_renewals (MdLedger *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Decides upon the request of @renewal's key (office, terminal and key are read of it) with its
 * audit record in one durable transaction: @certificate, or NULL to decline. What was decided may
 * be decided otherwise until the terminal has its certificate; MD_LEDGER_ERROR_MISSING without such
 * a request. */
gboolean md_ledger_decide_renewal (MdLedger *self, const MdLedgerRenewal *renewal,
                                   GBytes *certificate, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
