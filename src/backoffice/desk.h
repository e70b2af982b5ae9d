// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>
#include <md-pki.h>
#include <md-policy.h>
#include <md-seal.h>
#include <md-forms.h>
#include "held.h"
#include "hold-list.h"

G_BEGIN_DECLS

/* What the opening desk works with: backoffice.ini, and all that it names. */
typedef struct
{
  MdPolicy *policy;         /* the one in force */
  MdPolicyHistory *history; /* every one that was, as the ledger has kept it, verified anew */
  MdLedger *ledger;
  MdCertificate *business_certificate;
  MdKey *business_key;
  MdCertificate *vault_certificate; /* NULL where this desk may not see numbers */
  MdKey *vault_key;
  char *forms_dir;   /* nullable */
  char *crl_dir;     /* nullable: where the authorities' lists lie, for completions */
  char *crl_archive; /* nullable, "[crl] archive": lists of all times by their digests */
  char *ocsp_url;    /* nullable: whom to ask, in place of whom the policy names */
  HoldList *holds;   /* the office's own, "[holds] list"; NULL without one */
  Held *held;        /* what the office holds about its people, "[held] file"; NULL without one */
  MdSecret *confirmation_key;        /* "[confirmation] key"; NULL without one */
  MdCertificate *notice_certificate; /* signs what goes back; NULL without "[notice]" */
  MdKey *notice_key;
  MdCatalogue *catalogue; /* NULL where the forms cannot be read: nothing is opened then */
  GError *forms_trouble;  /* why not */
  guint least;            /* "[statistics] least": fewer are not told apart in a tally */
  guint most;             /* "[looks] most": intakes that an officer opens in ten minutes */
} Desk;

/* Opens everything @path names. @writable: the ledger takes audit records. Returns: (transfer
 * full). */
Desk *desk_open (const char *path, gboolean writable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every authority of residents' certificates that a policy of this desk ever named (MdCertificate):
 * whose lists may be kept. (transfer full) */
GPtrArray *desk_dup_authorities (const Desk *desk) G_GNUC_WARN_UNUSED_RESULT;

void desk_free (Desk *desk);

/* The version of a procedure's form that the application names, or NULL where it is not here.
 * Borrowed. */
MdForm *desk_find_form (const Desk *desk, const MdManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

G_END_DECLS
