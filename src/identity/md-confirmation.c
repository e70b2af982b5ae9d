// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-confirmation.h"

#include <glib/gi18n.h>

#define MARK_BYTES 4u

static const struct
{
  const char *word;
  const char *label;
} rules[] = {
  [MD_CONFIRMATION_NUMBER_CHANGED]
  = { "number-changed", N_ ("Another number was linked to this addressee until now") },
  [MD_CONFIRMATION_NUMBER_BLANK] = { "number-blank", N_ ("The individual number is blank") },
  [MD_CONFIRMATION_NUMBER_BOUND_ELSEWHERE]
  = { "number-bound-elsewhere", N_ ("The number was linked to another person until now") },
  [MD_CONFIRMATION_ITEM_DIFFERS] = { "item-differs", N_ ("The application says otherwise") },
  [MD_CONFIRMATION_REPLY_DIFFERS]
  = { "reply-differs", N_ ("The reply says otherwise: confirm with the responder") },
  [MD_CONFIRMATION_CORRECTION] = { "correction", N_ ("Corrected ex officio") },
  [MD_CONFIRMATION_NOT_HELD]
  = { "not-held", N_ ("The held data have nobody like that, or more than one") },
  [MD_CONFIRMATION_LETTER_RETURNED]
  = { "letter-returned", N_ ("The letter of delegation by which it was filed was given back") },
  [MD_CONFIRMATION_PAPER_WAIVED]
  = { "paper-waived", N_ ("Left out for an inquiry: confirm that its answer says the same") },
  [MD_CONFIRMATION_DEFERRED] = { "deferred", N_ ("Revocation was not checked at the counter") },
  [MD_CONFIRMATION_HOLD] = { "hold", N_ ("The application was stopped") },
  [MD_CONFIRMATION_ONE_OFFICER]
  = { "one-officer", N_ ("One officer approved it, and its form asks for two") },
  [MD_CONFIRMATION_LETTER_ONE_OFFICER]
  = { "letter-one-officer",
      N_ ("One officer accepted the letter of delegation, and its form asks for two") },
};

static const char *const states[] = { "open", "confirmed", "refused" };

const char *
md_confirmation_rule_to_string (MdConfirmationRule rule)
{
  return (guint)rule < G_N_ELEMENTS (rules) ? rules[rule].word : "";
}

gboolean
md_confirmation_rule_from_string (const char *word, MdConfirmationRule *out_rule)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_strcmp0 (rules[i].word, word) == 0)
      {
        *out_rule = (MdConfirmationRule)i;
        return TRUE;
      }
  return FALSE;
}

const char *
md_confirmation_rule_get_label (MdConfirmationRule rule)
{
  return (guint)rule < G_N_ELEMENTS (rules) ? _ (rules[rule].label) : "";
}

const char *
md_confirmation_state_to_string (MdConfirmationState state)
{
  return (guint)state < G_N_ELEMENTS (states) ? states[state] : "";
}

MdConfirmation *
md_confirmation_new (MdConfirmationRule rule, const char *field)
{
  MdConfirmation *self = g_new0 (MdConfirmation, 1);

  self->rule = rule;
  self->field = g_strdup (field);
  self->reasons = g_strdup ("");
  return self;
}

void
md_confirmation_free (MdConfirmation *self)
{
  if (self == NULL)
    return;
  g_free (self->field);
  md_wipe_free_text (self->ours);
  md_wipe_free_text (self->theirs);
  md_wipe_free_text (self->why);
  g_free (self->reasons);
  g_free (self->other);
  g_free (self->author);
  g_free (self->mark);
  g_free (self->officer);
  g_free (self->reason);
  g_free (self->time);
  g_free (self);
}

MdConfirmation *
md_confirmation_compare (const char *field, MdMatchItem item, const MdMatchSide *read,
                         const char *on_form)
{
  g_autoptr (MdMatchVerdict) verdict = md_match_on_form (item, read, on_form);
  MdConfirmation *self = NULL;

  if (md_match_verdict_get_match (verdict) != MD_MATCH_DIFFERENT)
    return NULL;
  self = md_confirmation_new (MD_CONFIRMATION_ITEM_DIFFERS, field);
  self->with = read->source;
  self->ours = g_strdup (on_form);
  self->theirs = g_strdup (read->text);
  self->why = md_match_verdict_dup_words (verdict, FALSE);
  g_free (self->reasons);
  self->reasons = md_match_verdict_dup_reasons (verdict);
  return self;
}

void
md_confirmation_set_keys (MdConfirmation *self, const MdSecret *key, const char *intake,
                          const char *a, const char *b)
{
  static const char *const sources[] = { "card", "certificate", "typed", "held", "reply" };
  const char *rule = md_confirmation_rule_to_string (self->rule);
  const char *one = a != NULL ? a : "", *other = b != NULL ? b : "";
  const char *first[] = { "confirmation a", rule, self->field, one, NULL };
  const char *second[] = { "confirmation b", rule, self->field, sources[self->with], other, NULL };
  const char *both[]
      = { "confirmation mark", intake, rule, self->field, sources[self->with], one, other, NULL };
  guint8 mark[MD_KEYED_DIGEST_SIZE];

  md_keyed_digest (key, first, self->key_a);
  md_keyed_digest (key, second, self->key_b);
  md_keyed_digest (key, both, mark);
  g_free (self->mark);
  self->mark = md_hex_encode (mark, MARK_BYTES);
}

void
md_confirmation_settle (MdConfirmation *self, MdConfirmationState state, const char *officer,
                        const char *reason, const char *time)
{
  self->state = state;
  g_free (self->officer);
  self->officer = g_strdup (officer);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  g_free (self->time);
  self->time = g_strdup (time);
}

static gboolean
is_known (const MdNumberLink *mine, const MdNumberLink *earlier)
{
  return mine->addressee != NULL && earlier->addressee != NULL;
}

gboolean
md_number_link_differs (const MdNumberLink *mine, const MdNumberLink *earlier,
                        MdConfirmationRule *out_rule)
{
  const gboolean same_number = g_bytes_equal (mine->number, earlier->number);
  const gboolean same_person = is_known (mine, earlier)
                                   ? g_bytes_equal (mine->addressee, earlier->addressee)
                                   : g_bytes_equal (mine->person, earlier->person);

  if (same_number && !same_person)
    *out_rule = MD_CONFIRMATION_NUMBER_BOUND_ELSEWHERE;
  else if (!same_number && same_person && is_known (mine, earlier))
    *out_rule = MD_CONFIRMATION_NUMBER_CHANGED;
  else
    return FALSE;
  return TRUE;
}
