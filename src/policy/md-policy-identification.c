// SPDX-License-Identifier: Apache-2.0
#include "md-policy-identification.h"

#include "md-policy-documents.h"
#include "md-policy-holds.h"

/* What the methods of one kind have in common is how they end. */
typedef enum
{
  BY_ANY,
  BY_KEY,    /* the card's key signed: for authentication, or a signature */
  BY_FACE,   /* the clerk compared the card's face */
  BY_PAPERS, /* without a card; they end in no other word */
  BY_NOBODY, /* nobody was identified; nor does this */
} Kind;

/* What a word may stand beside. */
typedef struct
{
  const char *word;
  MdVerdictWord meaning;
  Kind kind;           /* the only one that ends so */
  gboolean asked;      /* somebody answered about revocation */
  gboolean releasable; /* stops only until a supervisor has let it go on */
} Word;

static const Word words[] = {
  { "valid", MD_VERDICT_WORD_GOES_ON, BY_KEY, TRUE },
  { "listed", MD_VERDICT_WORD_GOES_ON, BY_ANY, TRUE },
  { "face", MD_VERDICT_WORD_GOES_ON, BY_FACE, FALSE },
  { "documents", MD_VERDICT_WORD_GOES_ON, BY_PAPERS, FALSE },
  { "not-required", MD_VERDICT_WORD_GOES_ON, BY_NOBODY, FALSE },
  { "documents-short", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "documents-other", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "deferred", MD_VERDICT_WORD_DEFERS, BY_ANY, FALSE },
  { "revocation-unknown", MD_VERDICT_WORD_STOPS, BY_ANY, TRUE, TRUE },
  { "expired", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "not-yet-valid", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "revoked", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "suspended", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "untrusted-issuer", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "wrong-profile", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "test-certificate", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "bad-certificate", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "bad-proof", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "bad-data", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "face-unsure", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "face-other", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
  { "past-last-day", MD_VERDICT_WORD_STOPS, BY_ANY, FALSE },
};

/* In the order of MdIdentificationJudgement. */
static const struct
{
  const char *word;
  const char *text;
} judgements[] = {
  [MD_IDENTIFICATION_ACCEPTED] = { "accepted", "The identification is accepted." },
  [MD_IDENTIFICATION_ACCEPTED_DEFERRED]
  = { "accepted-deferred", "The identification is accepted, and has to be completed." },
  [MD_IDENTIFICATION_METHOD]
  = { "identification", "The procedure does not accept this way of identification." },
  [MD_IDENTIFICATION_UNKNOWN]
  = { "identification-unknown", "There is no such verdict of an identification." },
  [MD_IDENTIFICATION_STOPPED]
  = { "identification-stopped", "No intake goes on with this verdict." },
  [MD_IDENTIFICATION_DEFERRED]
  = { "identification-deferred", "The procedure does not let the check of revocation wait." },
  [MD_IDENTIFICATION_CONTRADICTION]
  = { "identification-contradiction",
      "Method, verdict and revocation of the identification contradict each other." },
  [MD_IDENTIFICATION_ASSURANCE]
  = { "identification-assurance", "The procedure asks for a surer identification." },
};

static const Word *
find_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (word, words[i].word) == 0)
      return &words[i];
  return NULL;
}

MdVerdictWord
md_policy_look_up_verdict (const char *word)
{
  const Word *found = find_word (word);

  return found != NULL ? found->meaning : MD_VERDICT_WORD_UNKNOWN;
}

static Kind
kind_of (const char *method)
{
  static const Kind kinds[MD_N_ASSURANCES] = {
    [MD_ASSURANCE_NONE] = BY_NOBODY,          [MD_ASSURANCE_POSTED_COPIES] = BY_PAPERS,
    [MD_ASSURANCE_TWO_DOCUMENTS] = BY_PAPERS, [MD_ASSURANCE_PHOTO_DOCUMENT] = BY_PAPERS,
    [MD_ASSURANCE_CARD_FACE] = BY_FACE,       [MD_ASSURANCE_CARD_KEY] = BY_KEY,
  };
  MdAssurance assurance;

  return md_method_get_assurance (method, &assurance) ? kinds[assurance] : BY_ANY;
}

/* A method without a card has no certificate that anybody could be asked about. */
static gboolean
fits_method (const Word *word, const MdPolicyIdentified *identified)
{
  const Kind kind = kind_of (identified->method);

  if (kind == BY_PAPERS || kind == BY_NOBODY)
    return word->kind == kind && g_strcmp0 (identified->revocation, "none") == 0;
  return word->kind == BY_ANY || word->kind == kind;
}

static gboolean
fits (const Word *word, const MdPolicyIdentified *identified)
{
  static const char *const sources[] = { "ocsp", "crl", "none", NULL };
  const gboolean asked = g_strcmp0 (identified->revocation, "none") != 0;

  return identified->revocation != NULL && g_strv_contains (sources, identified->revocation)
         && fits_method (word, identified) && (asked || !word->asked);
}

static gboolean
is_let_go_on (MdPolicy *policy, const Word *word, const MdPolicyIdentified *identified)
{
  return word->releasable && identified->released
         && md_policy_is_releasable (policy, MD_HOLD_REVOCATION);
}

MdIdentificationJudgement
md_policy_judge_identification (MdPolicy *policy, const char *procedure,
                                const MdPolicyIdentified *identified)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (policy, procedure);
  const Word *word = find_word (identified->verdict);

  if (rules == NULL || identified->method == NULL
      || !g_strv_contains (rules->identification, identified->method))
    return MD_IDENTIFICATION_METHOD;
  if (!md_policy_method_suffices (policy, procedure, identified->method, identified->assurance))
    return MD_IDENTIFICATION_ASSURANCE;
  if (word == NULL)
    return MD_IDENTIFICATION_UNKNOWN;
  if (word->meaning == MD_VERDICT_WORD_STOPS && !is_let_go_on (policy, word, identified))
    return MD_IDENTIFICATION_STOPPED;
  if (!fits (word, identified))
    return MD_IDENTIFICATION_CONTRADICTION;
  if (word->meaning == MD_VERDICT_WORD_GOES_ON)
    return MD_IDENTIFICATION_ACCEPTED;
  return rules->allow_deferred ? MD_IDENTIFICATION_ACCEPTED_DEFERRED : MD_IDENTIFICATION_DEFERRED;
}

gboolean
md_identification_is_accepted (MdIdentificationJudgement judgement)
{
  return judgement == MD_IDENTIFICATION_ACCEPTED
         || judgement == MD_IDENTIFICATION_ACCEPTED_DEFERRED;
}

const char *
md_identification_get_word (MdIdentificationJudgement judgement)
{
  g_return_val_if_fail ((gsize)judgement < G_N_ELEMENTS (judgements), "identification");
  return judgements[judgement].word;
}

const char *
md_identification_get_text (MdIdentificationJudgement judgement)
{
  g_return_val_if_fail ((gsize)judgement < G_N_ELEMENTS (judgements), "");
  return judgements[judgement].text;
}
