// SPDX-License-Identifier: Apache-2.0
// What stands in the way of an identification by papers, in words for the clerk: what happened,
// what it means, what to do and who can help.
#include "md-papers-text.h"

#include <glib/gi18n.h>

// In the order of the enum.
static const struct
{
  const char *title, *meaning, *action;
  gboolean of_one;   // it is about one of the papers: it is named
  gboolean of_other; // only whoever files can help: by post, by a letter
} rows[] = {
  [MD_PAPERS_PASS]
  = { N_ ("The documents suffice."), NULL, N_ ("Compare them with the person."), FALSE },
  [MD_PAPERS_NO_CARD_UNSAID]
  = { N_ ("Choose why there is no card."),
      N_ ("The My Number card comes first. Documents take its place only where there is none, or "
          "where it cannot be read."),
      NULL, FALSE },
  [MD_PAPERS_AUTHORITY_UNDATED]
  = { N_ ("The date of the proof of authority is missing."),
      N_ ("Without that paper nobody can file for the person."),
      N_ ("Write down the date on it. If it was not brought, tell what to bring; a form for the "
          "letter of delegation lies at the counter."),
      FALSE, TRUE },
  [MD_PAPERS_AUTHORITY_FUTURE]
  = { N_ ("The proof of authority is dated after today."),
      N_ ("It is not in force yet, or the date was mistyped."),
      N_ ("Look at the date on it once more. If it is so, ask the supervisor."), FALSE, FALSE },
  [MD_PAPERS_AUTHORITY_OLD]
  = { N_ ("The proof of authority is too old."),
      NULL, /* for how long it is taken, the office says */
      N_ ("Ask for a new one. For guardianship it is issued by the Legal Affairs Bureau, for the "
          "family register by the residents' counter."),
      FALSE, TRUE },
  [MD_PAPERS_NONE]
  = { N_ ("Ask for an identity document, and choose which one was shown."), NULL, NULL, FALSE },
  [MD_PAPERS_NOT_LISTED] = { N_ ("This paper does not prove who somebody is."),
                             N_ ("It is not on this office's list of identity documents."),
                             N_ ("Ask for another one."), TRUE, TRUE },
  [MD_PAPERS_NO_EXPIRY] = { N_ ("Write down its last day."),
                            N_ ("It stands on the document; R10.5.1 and 2028-05-01 are both "
                                "understood."),
                            NULL, TRUE },
  [MD_PAPERS_EXPIRED]
  = { N_ ("This document is past its last day."), N_ ("It proves nothing any more."),
      N_ ("Ask for another one. If there is none, tell the person what to bring; the supervisor "
          "can "
          "help."),
      TRUE, TRUE },
  [MD_PAPERS_NO_LAST] = { N_ ("Write down the last four characters of its number."),
                          N_ ("Only these four are kept; no copy is made."), NULL, TRUE },
  [MD_PAPERS_SAME_TWICE] = { N_ ("Two of the same kind count as one."), NULL,
                             N_ ("Choose another kind for the second document."), FALSE },
  [MD_PAPERS_NO_BADGE]
  = { N_ ("This was not shown yet."),
      N_ ("Who files by profession shows for whom, beside who it is."),
      N_ ("Ask for it, and choose it as one of the two documents."), FALSE, TRUE },
  [MD_PAPERS_SECOND_MISSING] = { N_ ("One more document is needed."),
                                 N_ ("Without a photograph two different documents are asked for."),
                                 N_ ("Ask for a second one. If there is none, tell the person what "
                                     "to bring; the supervisor can "
                                     "help."),
                                 FALSE, TRUE },
  [MD_PAPERS_TOO_WEAK]
  = { N_ ("This is not enough for this procedure."),
      N_ ("The procedure asks for a document with a photograph."),
      N_ ("Ask for one, or for the card. If there is none, tell the person what to bring; the "
          "supervisor can help."),
      FALSE, TRUE },
  [MD_PAPERS_NOT_COMPARED]
  = { N_ ("Tick what you compared: the name, and the birth date or the address."), NULL, NULL,
      FALSE },
  [MD_PAPERS_PHOTO_OPEN]
  = { N_ ("Say whether the photograph is of the person."), NULL, NULL, FALSE },
  [MD_PAPERS_PHOTO_OTHER]
  = { N_ ("The photograph could not be matched with the person."),
      N_ ("The intake cannot go on with this document. The answer is recorded."),
      N_ ("Ask calmly whose it is; call the supervisor and look again together."), FALSE },
  [MD_PAPERS_NOT_RECEIVED]
  = { N_ ("Write down the day on which it came."),
      N_ ("It is on the stamp of receipt. From that day the office counts."), NULL, FALSE, FALSE },
  [MD_PAPERS_RECEIVED_LATER] = { N_ ("This day lies after today."), NULL,
                                 N_ ("Look at the stamp of receipt once more."), FALSE, FALSE },
  [MD_PAPERS_NOT_INFORMED]
  = { N_ ("Look whether the purpose of use stands on what the person signed, and tick it."),
      N_ ("Without that the individual number is not taken."), NULL, FALSE, TRUE },
  [MD_PAPERS_RECEIVED_OLD]
  = { N_ ("This day is too long ago."),
      N_ ("What came by post is taken in within the time that the office has set, and is judged by "
          "the day on which it came."),
      N_ ("Look at the stamp of receipt once more, year and month too. If it is so, ask the "
          "supervisor."),
      FALSE, FALSE },
};

// 000:372: answers come back to the office's own address, and no number is asked for in writing.
static const char by_letter[]
    = N_ ("Ask for it by letter: enclose an envelope with this office's address, and do not ask "
          "for the individual number in the answer. End this intake, and take it in when all is "
          "there.");

// The paper that FINDING is about; NULL: none alone.
static const MdPolicyDocument *
find_named (MdPapersFinding finding, const MdPapers *papers, MdPolicy *policy, const MdDate *today)
{
  if (finding == MD_PAPERS_NO_BADGE)
    return md_policy_get_document (policy, md_filer_get_badge (papers->filer));
  for (guint i = 0; i < MD_PAPERS_MAX && rows[finding].of_one; i++)
    if (*papers->shown[i].kind != '\0'
        && _md_papers_judge_one (papers, i, policy, today) == finding)
      return md_policy_get_document (policy, papers->shown[i].kind);
  return NULL;
}

static char *
meaning_of (MdPapersFinding finding, MdPolicy *policy)
{
  const guint months = md_policy_get_limits (policy)->register_months;
  if (finding == MD_PAPERS_AUTHORITY_OLD)
    return g_strdup_printf (g_dngettext (NULL, "A certificate of a register is taken for %u month.",
                                         "A certificate of a register is taken for %u months.",
                                         months),
                            months);
  return rows[finding].meaning != NULL ? g_strdup (_ (rows[finding].meaning)) : NULL;
}

MdCardText *
md_papers_get_text (MdPapersFinding finding, const MdPapers *papers, MdPolicy *policy,
                    const MdDate *today, gboolean japanese)
{
  g_return_val_if_fail (finding < MD_N_PAPERS_FINDINGS && papers != NULL, NULL);
  MdCardText *text = g_new0 (MdCardText, 1);
  const MdPolicyDocument *named = find_named (finding, papers, policy, today);
  const char *title = _ (rows[finding].title);
  const char *action = papers->channel == MD_CHANNEL_POST && rows[finding].of_other
                           ? by_letter
                           : rows[finding].action;
  text->title = named == NULL ? g_strdup (title)
                              : g_strdup_printf (_ ("%s: %s"),
                                                 japanese ? named->name_ja : named->name_en, title);
  text->meaning = meaning_of (finding, policy);
  text->action = g_strdup (action != NULL ? _ (action) : NULL);
  return text;
}
