// SPDX-License-Identifier: Apache-2.0
// Papers in place of a card: what they reach, and what is missing.
#include "md-papers-text.h"
#include "md-papers.h"

#include <glib/gi18n.h>
#include <string.h>

static const struct
{
  const char *id, *label;
} reasons[] = {
  [MD_NO_CARD_UNSAID] = { "", N_ ("Not said") },
  [MD_NO_CARD_NOT_BROUGHT] = { "not-brought", N_ ("Not brought today") },
  [MD_NO_CARD_NEVER_HAD] = { "never-had", N_ ("Has no card") },
  [MD_NO_CARD_LOST] = { "lost", N_ ("Has lost the card") },
  [MD_NO_CARD_UNREADABLE] = { "unreadable", N_ ("Card or reader cannot be used") },
  [MD_NO_CARD_PROXY] = { "proxy", N_ ("Somebody else files") },
  [MD_NO_CARD_POST] = { "by-post", N_ ("Sent by post") },
};

static const char *const compared[MD_N_COMPARED] = { "name", "birth", "address", "sex" };

const char *
md_no_card_to_id (MdNoCard reason)
{
  g_return_val_if_fail (reason < MD_N_NO_CARDS, NULL);
  return reasons[reason].id;
}

gboolean
md_no_card_from_id (const char *id, MdNoCard *out_reason)
{
  const int row = MD_TABLE_ROW (reasons, id);

  if (row >= 0)
    *out_reason = (MdNoCard)row;
  return row >= 0;
}

const char *
md_no_card_get_label (MdNoCard reason)
{
  g_return_val_if_fail (reason < MD_N_NO_CARDS, NULL);
  return _ (reasons[reason].label);
}

static const char *const channels[MD_N_CHANNELS] = { "counter", "post" };

const char *
md_channel_to_id (MdChannel channel)
{
  g_return_val_if_fail (channel < MD_N_CHANNELS, NULL);
  return channels[channel];
}

gboolean
md_channel_from_id (const char *id, MdChannel *out_channel)
{
  const int row = MD_TABLE_ROW (channels, id);

  if (row >= 0)
    *out_channel = (MdChannel)row;
  return row >= 0;
}

const char *
md_compared_to_id (guint index)
{
  g_return_val_if_fail (index < MD_N_COMPARED, NULL);
  return compared[index];
}

gboolean
md_paper_take_last (MdPaper *paper, const char *text)
{
  md_autowipe char *narrow = md_text_nfkc (text);
  gsize size = 0;
  memset (paper->last, 0, sizeof paper->last);
  if (narrow == NULL)
    return FALSE;
  g_strstrip (narrow);
  for (; narrow[size] != '\0' && size < MD_PAPER_LAST && g_ascii_isalnum (narrow[size]); size++)
    paper->last[size] = g_ascii_toupper (narrow[size]);
  if (narrow[size] == '\0')
    return TRUE;
  memset (paper->last, 0, sizeof paper->last);
  return FALSE;
}

gboolean
md_paper_take_expiry (MdPaper *paper, const char *text)
{
  g_autofree char *iso = NULL;
  MdDate day;
  *paper->expiry = '\0';
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!md_date_parse (text, &day, NULL))
    return FALSE;
  iso = md_date_format_iso (&day);
  g_strlcpy (paper->expiry, iso, sizeof paper->expiry);
  return TRUE;
}

// --- Judged ---

// The day by which it is judged: what came by post lay in the office since, whenever it is opened.
static MdDate
day_of (const MdPapers *papers, const MdDate *today)
{
  MdDate received;
  return papers->channel == MD_CHANNEL_POST && md_date_parse (papers->received, &received, NULL)
             ? received
             : *today;
}

static gboolean
is_shown (const MdPaper *paper)
{
  return *paper->kind != '\0';
}

MdPapersFinding
_md_papers_judge_one (const MdPapers *papers, guint index, MdPolicy *policy, const MdDate *today)
{
  const MdPaper *paper = &papers->shown[index];
  const MdPolicyDocument *kind = md_policy_get_document (policy, paper->kind);
  const MdDate day = day_of (papers, today);
  MdDate last;
  if (kind == NULL || kind->counts == MD_DOCUMENT_COUNTS_NOT)
    return MD_PAPERS_NOT_LISTED;
  if (kind->counts == MD_DOCUMENT_COUNTS_ALONE && strlen (paper->last) != MD_PAPER_LAST)
    return MD_PAPERS_NO_LAST;
  if (*paper->expiry == '\0')
    return kind->expires ? MD_PAPERS_NO_EXPIRY : MD_PAPERS_PASS;
  if (!md_date_parse (paper->expiry, &last, NULL))
    return MD_PAPERS_NO_EXPIRY;
  return md_date_compare (&last, &day) < 0 ? MD_PAPERS_EXPIRED : MD_PAPERS_PASS;
}

static gboolean
counts_alone (const MdPaper *paper, MdPolicy *policy)
{
  const MdPolicyDocument *kind
      = is_shown (paper) ? md_policy_get_document (policy, paper->kind) : NULL;
  return kind != NULL && kind->counts == MD_DOCUMENT_COUNTS_ALONE;
}

gboolean
md_papers_have_photo (const MdPapers *papers, MdPolicy *policy)
{
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    if (counts_alone (&papers->shown[i], policy))
      return TRUE;
  return FALSE;
}

// What they reach together, each of them being good.
static const char *
reach (const MdPapers *papers, MdPolicy *policy, const char *procedure)
{
  guint n = 0;
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    n += is_shown (&papers->shown[i]) ? 1 : 0;
  if (papers->channel == MD_CHANNEL_POST)
    return n >= 2 || md_papers_have_photo (papers, policy) ? MD_IDENTITY_METHOD_POST : NULL;
  if (!md_papers_have_photo (papers, policy))
    return n >= 2 ? MD_IDENTITY_METHOD_TWO : NULL;
  return g_str_equal (papers->number, "notice-card")
                 && md_policy_may_identify (policy, procedure, MD_IDENTITY_METHOD_NOTICE)
             ? MD_IDENTITY_METHOD_NOTICE
             : MD_IDENTITY_METHOD_PHOTO;
}

// That the card is another person's is no reason where it would be the person's own, and at the
// counter nothing came by post.
static gboolean
lacks_reason (const MdPapers *papers)
{
  return papers->channel == MD_CHANNEL_COUNTER && papers->filer == MD_FILER_SELF
         && (papers->no_card == MD_NO_CARD_UNSAID || papers->no_card == MD_NO_CARD_PROXY
             || papers->no_card == MD_NO_CARD_POST);
}

// How it came, and since when.
static MdPapersFinding
judge_channel (const MdPapers *papers, MdPolicy *policy, const MdDate *today)
{
  static const MdPapersFinding findings[] = {
    [MD_RECEIVED_LATER] = MD_PAPERS_RECEIVED_LATER,
    [MD_RECEIVED_LONG_AGO] = MD_PAPERS_RECEIVED_OLD,
  };
  MdDate received;
  MdReceived finding;
  if (papers->channel == MD_CHANNEL_COUNTER)
    return MD_PAPERS_PASS;
  if (!md_date_parse (papers->received, &received, NULL))
    return MD_PAPERS_NOT_RECEIVED;
  finding = md_policy_judge_received (policy, &received, today);
  if (finding != MD_RECEIVED_GOOD)
    return findings[finding];
  return papers->informed ? MD_PAPERS_PASS : MD_PAPERS_NOT_INFORMED;
}

static MdPapersFinding
judge_filer (const MdPapers *papers, MdPolicy *policy, const MdDate *today)
{
  static const MdPapersFinding findings[] = {
    [MD_AUTHORITY_GOOD] = MD_PAPERS_PASS,
    [MD_AUTHORITY_UNDATED] = MD_PAPERS_AUTHORITY_UNDATED,
    [MD_AUTHORITY_FUTURE] = MD_PAPERS_AUTHORITY_FUTURE,
    [MD_AUTHORITY_OLD] = MD_PAPERS_AUTHORITY_OLD,
  };
  const MdPapersFinding came = judge_channel (papers, policy, today);
  const MdDate day = day_of (papers, today);
  if (came != MD_PAPERS_PASS)
    return came;
  if (lacks_reason (papers))
    return MD_PAPERS_NO_CARD_UNSAID;
  return findings[md_filer_judge_authority (papers->filer, papers->issued, &day,
                                            md_policy_get_limits (policy)->register_months)];
}

// Who files by profession shows it.
static gboolean
lacks_badge (const MdPapers *papers, MdPolicy *policy)
{
  const char *badge = md_filer_get_badge (papers->filer);
  if (badge == NULL || md_policy_get_document (policy, badge) == NULL)
    return FALSE;
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    if (g_str_equal (papers->shown[i].kind, badge))
      return FALSE;
  return TRUE;
}

static MdPapersFinding
judge_shown (const MdPapers *papers, MdPolicy *policy, const char *procedure, const MdDate *today,
             const char **out_method)
{
  const MdPolicyDocument *number
      = *papers->number != '\0' ? md_policy_get_document (policy, papers->number) : NULL;
  if (!is_shown (&papers->shown[0]))
    return MD_PAPERS_NONE;
  for (guint i = 0; i < MD_PAPERS_MAX; i++)
    {
      MdPapersFinding finding = is_shown (&papers->shown[i])
                                    ? _md_papers_judge_one (papers, i, policy, today)
                                    : MD_PAPERS_PASS;
      if (finding != MD_PAPERS_PASS)
        return finding;
    }
  if (*papers->number != '\0' && (number == NULL || !number->number))
    return MD_PAPERS_NOT_LISTED;
  if (g_str_equal (papers->shown[0].kind, papers->shown[1].kind))
    return MD_PAPERS_SAME_TWICE;
  if (lacks_badge (papers, policy))
    return MD_PAPERS_NO_BADGE;
  *out_method = reach (papers, policy, procedure);
  if (*out_method == NULL)
    return MD_PAPERS_SECOND_MISSING;
  return md_policy_method_suffices (policy, procedure, *out_method, NULL) ? MD_PAPERS_PASS
                                                                          : MD_PAPERS_TOO_WEAK;
}

// The law asks for the name, and for the birth date or the address, on what is shown.
static MdPapersFinding
judge_comparison (const MdPapers *papers, MdPolicy *policy)
{
  if (papers->channel == MD_CHANNEL_COUNTER && md_papers_have_photo (papers, policy)
      && papers->photo != MD_FACE_ANSWER_SAME)
    return papers->photo == MD_FACE_ANSWER_NONE ? MD_PAPERS_PHOTO_OPEN : MD_PAPERS_PHOTO_OTHER;
  return (papers->compared & MD_COMPARED_NAME) != 0
                 && (papers->compared & (MD_COMPARED_BIRTH | MD_COMPARED_ADDRESS)) != 0
             ? MD_PAPERS_PASS
             : MD_PAPERS_NOT_COMPARED;
}

MdPapersFinding
md_papers_judge (const MdPapers *papers, MdPolicy *policy, const char *procedure,
                 const MdDate *today, MdPapersScope scope, const char **out_method)
{
  const char *method = NULL;
  g_return_val_if_fail (papers != NULL && policy != NULL && today != NULL, MD_PAPERS_NONE);
  MdPapersFinding finding = judge_filer (papers, policy, today);
  if (finding == MD_PAPERS_PASS && scope >= MD_PAPERS_SHOWN)
    finding = judge_shown (papers, policy, procedure, today, &method);
  if (finding == MD_PAPERS_PASS && scope >= MD_PAPERS_COMPARED)
    finding = judge_comparison (papers, policy);
  if (out_method != NULL)
    *out_method = method;
  return finding;
}

gboolean
md_policy_accepts_papers (MdPolicy *policy, const char *procedure)
{
  static const char *const methods[]
      = { MD_IDENTITY_METHOD_PHOTO, MD_IDENTITY_METHOD_NOTICE, MD_IDENTITY_METHOD_TWO };
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (md_policy_method_suffices (policy, procedure, methods[i], NULL))
      return TRUE;
  return FALSE;
}

gboolean
md_policy_accepts_post (MdPolicy *policy, const char *procedure)
{
  return md_policy_method_suffices (policy, procedure, MD_IDENTITY_METHOD_POST, NULL);
}

gboolean
md_papers_fit_contents (const MdPapers *papers, MdSignerLookup look_up, gpointer form)
{
  const MdChannel channel = papers != NULL ? papers->channel : MD_CHANNEL_COUNTER;
  const char *said = look_up ("m.channel", form);
  const char *day = look_up ("m.recv_date", form);
  if (said == NULL)
    return channel == MD_CHANNEL_COUNTER;
  return g_str_equal (said, md_channel_to_id (channel))
         && (channel == MD_CHANNEL_COUNTER || g_strcmp0 (day, papers->received) == 0);
}

gboolean
md_papers_fit_received (const MdPapers *papers, const char *received)
{
  return received == NULL
         || (papers != NULL && papers->channel == MD_CHANNEL_POST
             && g_str_equal (papers->received, received));
}
