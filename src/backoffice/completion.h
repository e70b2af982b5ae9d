// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* The check of revocation that could not be done at the counter, done later: what the authority
 * says now about the certificate, judged for the moment at which the card was there. */

/* What it comes to. */
typedef enum
{
  COMPLETION_NONE,  /* nobody says anything that settles it: it stays deferred */
  COMPLETION_VALID, /* not revoked, or only afterwards */
  COMPLETION_REVOKED,
} Completion;

/* Asks about the certificate of @self, whose presence is deferred: the responder first, then the
 * lists in the desk's folder. For VALID and REVOKED *@out_kept is what the ledger is to keep, its
 * evidence sealed to the desk's business certificate; for NONE it is NULL and *@out_why says why.
 */
Completion completion_ask (const Case *self, const Desk *desk, const char *officer,
                           MdLedgerCompletion **out_kept, char **out_why);

G_END_DECLS
