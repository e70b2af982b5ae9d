// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "reply.h"

static const char *const number_names[N_PERSON_NUMBERS] = {
  [PERSON_ADDRESSEE] = "addressee", [PERSON_INSURED] = "insured", [PERSON_BRANCH] = "branch"
};

const char *
reply_number_to_string (PersonNumber number)
{
  return number_names[number];
}

static const char *
text_of (const MdRecord *object, const char *name)
{
  const char *text = md_record_get_text (object, name);

  return text != NULL ? text : "";
}

const char *
reply_get_item (const MdRecord *content, PersonItemId item)
{
  return text_of (md_record_get (content, "person"), person_items[item].name);
}

const char *
reply_get_number (const MdRecord *content, PersonNumber number)
{
  return text_of (content, number_names[number]);
}

void
reply_match (const Case *subject, const Desk *desk, const MdRecord *content, ReplyMatch *out_match)
{
  for (guint i = 0; i < N_PERSON_ITEMS; i++)
    {
      const MdMatchSide side
          = { .source = MD_MATCH_FROM_REPLY, .text = reply_get_item (content, (PersonItemId)i) };

      out_match->items[i] = person_match (subject, (PersonItemId)i, &side);
    }
  for (guint i = 0; i < N_PERSON_NUMBERS; i++)
    {
      const char *text = reply_get_number (content, (PersonNumber)i);

      out_match->given[i] = *text != '\0';
      out_match->numbers[i] = *text != '\0'
                                  ? person_judge_number (subject, desk, (PersonNumber)i, text)
                                  : PERSON_UNKNOWN;
    }
}

static gboolean
has (const ReplyMatch *match, PersonVerdict verdict)
{
  for (guint i = 0; i < N_PERSON_NUMBERS; i++)
    if (match->given[i] && match->numbers[i] == verdict)
      return TRUE;
  return FALSE;
}

gboolean
reply_is_of_other (const ReplyMatch *match)
{
  return has (match, PERSON_OTHER);
}

gboolean
reply_has_number (const ReplyMatch *match)
{
  return has (match, PERSON_SAME);
}

static gboolean
is_same (MdMatch match)
{
  return match == MD_MATCH_SAME || match == MD_MATCH_SAME_FORM;
}

gboolean
reply_names_person (const ReplyMatch *match)
{
  return is_same (match->items[PERSON_NAME]) && is_same (match->items[PERSON_BIRTH]);
}

guint
reply_count_different (const ReplyMatch *match)
{
  guint n = 0;

  for (guint i = 0; i < N_PERSON_ITEMS; i++)
    n += match->items[i] == MD_MATCH_DIFFERENT ? 1 : 0;
  return n;
}
