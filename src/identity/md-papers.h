// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-filer.h"
#include "md-identity-face.h"
#include "md-signer.h"
#include <md-policy.h>

G_BEGIN_DECLS

// Identification without a card: the papers that whoever stands at the counter showed, and what the
// clerk compared. Nothing is copied: of a paper its kind, the last characters of its number and its
// last day are kept.
#define MD_PAPERS_MAX 2
#define MD_PAPER_LAST 4
#define MD_PAPER_KIND_MAX 32

typedef struct
{
  char kind[MD_PAPER_KIND_MAX]; // of the policy's "documents"; "": none
  char last[MD_PAPER_LAST + 1]; // of its number: digits and capital letters; "" where it has none
  char expiry[11];              // YYYY-MM-DD, or ""
} MdPaper;

// Why there is no card: the card comes first, and the clerk says so where there is none.
typedef enum
{
  MD_NO_CARD_UNSAID, // nothing goes on by papers
  MD_NO_CARD_NOT_BROUGHT,
  MD_NO_CARD_NEVER_HAD,
  MD_NO_CARD_LOST,
  MD_NO_CARD_UNREADABLE, // the card's chip, or the reader
  MD_NO_CARD_PROXY,      // the card is another person's: somebody files for its holder
  MD_NO_CARD_POST,       // the application came by post, and nobody with it
  MD_N_NO_CARDS
} MdNoCard;

// "not-brought", "never-had", "lost", "unreadable", "proxy", "by-post"; "" while nobody has said
// it.
const char *md_no_card_to_id (MdNoCard reason);
gboolean md_no_card_from_id (const char *id, MdNoCard *out_reason) G_GNUC_WARN_UNUSED_RESULT;
// For the clerk, translated, static.
const char *md_no_card_get_label (MdNoCard reason);

// What the clerk ticked as compared: paper against what the person says. Ids: name birth address
// sex.
typedef enum
{
  MD_COMPARED_NAME = 1 << 0,
  MD_COMPARED_BIRTH = 1 << 1,
  MD_COMPARED_ADDRESS = 1 << 2,
  MD_COMPARED_SEX = 1 << 3,
} MdCompared;
#define MD_N_COMPARED 4

// The id of bit 1 << INDEX, static.
const char *md_compared_to_id (guint index);

// How the application came. Ids as the form has them ("m.channel"): counter post.
typedef enum
{
  MD_CHANNEL_COUNTER, // handed over
  MD_CHANNEL_POST,    // copies of the papers lie in the envelope, and no photograph can be compared
  MD_N_CHANNELS
} MdChannel;

const char *md_channel_to_id (MdChannel channel);
gboolean md_channel_from_id (const char *id, MdChannel *out_channel) G_GNUC_WARN_UNUSED_RESULT;

// A plain record. Wipe it (md_wipe) when it is done with.
typedef struct
{
  MdNoCard no_card;
  MdFilerKind filer;
  char issued[11];                // of the proof of authority, YYYY-MM-DD, or ""
  MdPaper shown[MD_PAPERS_MAX];   // of the filer
  char number[MD_PAPER_KIND_MAX]; // the paper that shows the individual number, or ""
  guint compared;                 // MdCompared
  MdFaceAnswer photo;             // NONE where no photograph is relied upon
  MdChannel channel;
  char received[11]; // by post: the day on which it came, YYYY-MM-DD
  gboolean informed; // by post: what the data are used for stands on what the person signed
} MdPapers;

// What stands in the way, in the order in which the clerk meets it.
typedef enum
{
  MD_PAPERS_PASS,
  MD_PAPERS_NO_CARD_UNSAID, // the person files, and the clerk has not said why without the card
  MD_PAPERS_AUTHORITY_UNDATED,
  MD_PAPERS_AUTHORITY_FUTURE,
  MD_PAPERS_AUTHORITY_OLD,
  MD_PAPERS_NONE,           // nothing was shown
  MD_PAPERS_NOT_LISTED,     // the office does not accept such a paper (for that)
  MD_PAPERS_NO_EXPIRY,      // its last day is missing or no date
  MD_PAPERS_EXPIRED,        // and over
  MD_PAPERS_NO_LAST,        // the end of its number is missing
  MD_PAPERS_SAME_TWICE,     // two of one kind are one
  MD_PAPERS_NO_BADGE,       // who files by profession has not shown it (md_filer_get_badge())
  MD_PAPERS_SECOND_MISSING, // one without a photograph is not enough
  MD_PAPERS_TOO_WEAK,       // enough elsewhere, and not for this procedure
  MD_PAPERS_NOT_COMPARED,   // name, and birth date or address
  MD_PAPERS_PHOTO_OPEN,     // the clerk has not answered
  MD_PAPERS_PHOTO_OTHER,    // or has said no, or that it cannot be told
  MD_PAPERS_NOT_RECEIVED,   // by post, before all others: the day on which it came is missing,
  MD_PAPERS_RECEIVED_LATER, // or has not come yet
  MD_PAPERS_NOT_INFORMED,   // and the person was not told what the data are used for
  MD_PAPERS_RECEIVED_OLD,   // or it came longer ago than the office lets anything lie
  MD_N_PAPERS_FINDINGS
} MdPapersFinding;

// How far to judge.
typedef enum
{
  MD_PAPERS_FILER,    // who files, and by what
  MD_PAPERS_SHOWN,    // the papers too
  MD_PAPERS_COMPARED, // everything
} MdPapersScope;

// Whom POLICY lets identify how for PROCEDURE, on the day TODAY. OUT_METHOD (nullable): what the
// papers reach, "photo-document", "notice-card", "two-documents" or "posted-copies", NULL where
// that is nothing. What came by post is judged by the day on which it came.
MdPapersFinding md_papers_judge (const MdPapers *papers, MdPolicy *policy, const char *procedure,
                                 const MdDate *today, MdPapersScope scope,
                                 const char **out_method) G_GNUC_WARN_UNUSED_RESULT;

// Whether one of them has a photograph, which has to be compared with the person, if there is one.
gboolean md_papers_have_photo (const MdPapers *papers, MdPolicy *policy);

// Whether the contents of the application say the same of how and when it came ("m.channel",
// "m.recv_date"; a form without them says nothing). PAPERS NULL: by a card, so at the counter.
gboolean md_papers_fit_contents (const MdPapers *papers, MdSignerLookup look_up,
                                 gpointer form) G_GNUC_WARN_UNUSED_RESULT;

// Whether RECEIVED, as a manifest says it for those who cannot open the evidence, is what the
// evidence says. NULL: it is not said, by a terminal of before it was.
gboolean md_papers_fit_received (const MdPapers *papers, const char *received);

// Whether any way by documents is open for PROCEDURE: at the counter, and by post.
gboolean md_policy_accepts_papers (MdPolicy *policy, const char *procedure);
gboolean md_policy_accepts_post (MdPolicy *policy, const char *procedure);

// Into the form in which it is kept: what was typed as the end of a number, in any width. FALSE
// when there is something else in it. And a date in any of its forms; FALSE when it is none.
gboolean md_paper_take_last (MdPaper *paper, const char *text) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_paper_take_expiry (MdPaper *paper, const char *text) G_GNUC_WARN_UNUSED_RESULT;

// The proof by papers, judged at once: DOCUMENTS, DOCUMENTS_OTHER where the photograph is not of
// the person, else DOCUMENTS_SHORT. The clerk's signature under the application vouches for it.
// (transfer full)
MdIdentityProof *md_identity_proof_new_from_papers (MdPresenceChallenge *challenge,
                                                    const MdPapers *papers, MdPolicy *policy,
                                                    gint64 checked_at) G_GNUC_WARN_UNUSED_RESULT;

// NULL where the proof is by a card (transfer none).
const MdPapers *md_identity_proof_get_papers (const MdIdentityProof *self);

G_END_DECLS
