// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n-lib.h>
#include "md-verdict-cause.h"

static const struct
{
  const char *word;
  const char *message; /* NULL: nothing to add to the status */
} causes[] = {
  [MD_VERDICT_CAUSE_NONE] = { "none", NULL },
  [MD_VERDICT_CAUSE_AUTHORITY]
  = { "authority-certificate", N_ ("This is the certificate of an authority, not of a person.") },
  [MD_VERDICT_CAUSE_SERVER]
  = { "server-certificate", N_ ("This is the certificate of a server, not of a person.") },
  [MD_VERDICT_CAUSE_RESPONDER]
  = { "responder-certificate",
      N_ ("This is the certificate of a revocation service, not of a person.") },
  [MD_VERDICT_CAUSE_REGISTRATION]
  = { "registration-certificate", N_ ("This is the certificate of a company by the commercial "
                                      "register, not that of a My Number "
                                      "card.") },
  [MD_VERDICT_CAUSE_SIGNATURE_KIND]
  = { "signature-certificate",
      N_ ("This is a certificate for signatures. The one for user authentication is needed.") },
  [MD_VERDICT_CAUSE_AUTHENTICATION_KIND]
  = { "authentication-certificate",
      N_ ("This is a certificate for user authentication. The one for signatures is needed.") },
  [MD_VERDICT_CAUSE_ISSUER]
  = { "issuer", N_ ("Its issuer is not the public certification service for this use.") },
  [MD_VERDICT_CAUSE_ORGANIZATION]
  = { "organization", N_ ("Its issuer is not one that this office's policy names.") },
  [MD_VERDICT_CAUSE_POLICY]
  = { "certificate-policy",
      N_ ("It was issued under rules that this office's policy does not accept.") },
  [MD_VERDICT_CAUSE_KEY_USAGE] = { "key-usage", N_ ("Its key is not meant for this use.") },
  [MD_VERDICT_CAUSE_ALGORITHM]
  = { "algorithm", N_ ("Its key or its signature is of a kind that is no longer permitted.") },
  [MD_VERDICT_CAUSE_EXTENSION]
  = { "extension", N_ ("It makes a condition that this terminal does not know.") },
  [MD_VERDICT_CAUSE_NAMES] = { "names", N_ ("The names in it are not as they should be.") },
  [MD_VERDICT_CAUSE_NO_ANCHOR] = { "no-anchor", NULL },
  [MD_VERDICT_CAUSE_NOT_AUTHORITY]
  = { "not-an-authority", N_ ("Whoever issued it had no right to issue certificates.") },
  [MD_VERDICT_CAUSE_BETWEEN]
  = { "authority-between", N_ ("It was not issued by the public certification service itself.") },
  [MD_VERDICT_CAUSE_NO_LIST] = { "no-list", NULL },
  [MD_VERDICT_CAUSE_BAD_LIST] = { "bad-list", NULL },
  [MD_VERDICT_CAUSE_NO_ANSWER] = { "no-answer", NULL },
  [MD_VERDICT_CAUSE_RESPONDER_BUSY]
  = { "responder-busy", N_ ("The revocation service asks to be asked again later.") },
  [MD_VERDICT_CAUSE_RESPONDER_REFUSES]
  = { "responder-refuses",
      N_ ("The revocation service does not answer questions of this terminal.") },
  [MD_VERDICT_CAUSE_BAD_ANSWER]
  = { "bad-answer", N_ ("Something answered, but not so that it can be believed.") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (causes) == MD_N_VERDICT_CAUSES);

const char *
md_verdict_cause_to_string (MdVerdictCause cause)
{
  return (gsize)cause < G_N_ELEMENTS (causes) ? causes[cause].word : causes[0].word;
}

gboolean
md_verdict_cause_from_string (const char *text, MdVerdictCause *out_cause)
{
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_strcmp0 (text, causes[i].word) == 0)
      {
        *out_cause = (MdVerdictCause)i;
        return TRUE;
      }
  return FALSE;
}

const char *
md_verdict_cause_get_message (MdVerdictCause cause)
{
  const char *message = (gsize)cause < G_N_ELEMENTS (causes) ? causes[cause].message : NULL;

  return message != NULL ? g_dgettext (GETTEXT_PACKAGE, message) : NULL;
}

/* CRLReason; 7 is not used. */
static const struct
{
  const char *word;
  const char *label;
} reasons[] = {
  [0] = { "unspecified", NC_ ("revocation", "no reason given") },
  [1] = { "keyCompromise", NC_ ("revocation", "the key may be known to others") },
  [2] = { "cACompromise", NC_ ("revocation", "the authority's key may be known to others") },
  [3] = { "affiliationChanged", NC_ ("revocation", "the person's data changed") },
  [4] = { "superseded", NC_ ("revocation", "replaced by a newer certificate") },
  [5] = { "cessationOfOperation", NC_ ("revocation", "no longer used") },
  [6] = { "certificateHold", NC_ ("revocation", "suspended") },
  [7] = { "unspecified", NC_ ("revocation", "no reason given") },
  [8] = { "removeFromCRL", NC_ ("revocation", "no longer suspended") },
  [9] = { "privilegeWithdrawn", NC_ ("revocation", "the right to it was withdrawn") },
  [10] = { "aACompromise", NC_ ("revocation", "the authority's key may be known to others") },
};

static gsize
row_of_reason (int reason)
{
  return reason > 0 && (gsize)reason < G_N_ELEMENTS (reasons) ? (gsize)reason : 0;
}

const char *
md_revocation_reason_to_string (int reason)
{
  return reasons[row_of_reason (reason)].word;
}

const char *
md_revocation_reason_get_label (int reason)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "revocation", reasons[row_of_reason (reason)].label);
}
