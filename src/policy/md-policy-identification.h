// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* What a verdict of an identification means for the intake. */
typedef enum
{
  MD_VERDICT_WORD_UNKNOWN, /* no verdict that there is */
  MD_VERDICT_WORD_STOPS,
  MD_VERDICT_WORD_DEFERS,  /* goes on where the procedure lets it; revocation is asked later */
  MD_VERDICT_WORD_GOES_ON, /* goes on */
} MdVerdictWord;

/* The meaning of @word ("valid", "deferred", "revoked"...), as manifest and evidence have it. The
 * one table of these words: who judges an identification asks here. */
MdVerdictWord md_policy_look_up_verdict (const char *word);

/* An identification in the words of the manifest. */
typedef struct
{
  const char *method;     /* see md_method_get_assurance() */
  const char *verdict;    /* a word of md_policy_look_up_verdict() */
  const char *revocation; /* who answered about it: "ocsp", "crl", "none" */
  const char *assurance;  /* what the manifest says that the method reaches, or NULL: it does not */
  gboolean released;      /* a supervisor let it go on: by the manifest, or by what is sealed, for
                             MD_HOLD_REVOCATION, where that can be seen */
} MdPolicyIdentified;

/* Whether an intake may be taken in with it. */
typedef enum
{
  MD_IDENTIFICATION_ACCEPTED,
  MD_IDENTIFICATION_ACCEPTED_DEFERRED, /* and the back office has to complete it */
  MD_IDENTIFICATION_METHOD,            /* not a way that the procedure accepts */
  MD_IDENTIFICATION_UNKNOWN,           /* no verdict that there is */
  MD_IDENTIFICATION_STOPPED,           /* a verdict with which no intake goes on */
  MD_IDENTIFICATION_DEFERRED,          /* the procedure does not let it be deferred */
  MD_IDENTIFICATION_CONTRADICTION,     /* its words do not fit each other */
  MD_IDENTIFICATION_ASSURANCE,         /* not what the procedure asks for at least */
} MdIdentificationJudgement;

/* Judges @identified for @procedure under @policy. Window, service, gateway and back office all ask
 * this, so that what one of them refuses gets past none of the others. It judges words: that they
 * are true is for those who hold the evidence. With "revocation-unknown", which stops, an intake is
 * ACCEPTED_DEFERRED when it was released, the policy has a reason for such a release, and the
 * procedure lets the check wait: the back office asks the authority again. */
MdIdentificationJudgement
md_policy_judge_identification (MdPolicy *policy, const char *procedure,
                                const MdPolicyIdentified *identified) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the intake may be taken in at all. */
gboolean md_identification_is_accepted (MdIdentificationJudgement judgement);

/* One word for logs ("identification" for a method, "identification-stopped"...), and a sentence in
 * English. Static. */
const char *md_identification_get_word (MdIdentificationJudgement judgement);
const char *md_identification_get_text (MdIdentificationJudgement judgement);

G_END_DECLS
