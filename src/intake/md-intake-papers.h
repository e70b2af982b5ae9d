// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* Identification without a card, or of somebody who files for another person: three parts, each
 * with its own decision (MD_WAIT_FILER, _DOCUMENTS, _COMPARE), where the procedure accepts
 * documents. md_intake_go_back() goes back part by part; nothing that was said is lost on the way.
 */

/* Whether it is offered now: while a card is waited for or has failed, and after it was done, to
 * correct it, also by a card: it may have been that of who files. Not where the person was stopped:
 * a photograph of somebody else, a revoked card. */
gboolean md_intake_get_can_use_papers (MdIntake *self);
/* Whether it was done by documents, and may still be corrected. */
gboolean md_intake_get_is_by_papers (MdIntake *self);
/* To the first part; from finished documents to the second, and they have to be compared anew. What
 * a card said is forgotten. */
void md_intake_use_papers (MdIntake *self);

/* By post: nobody stands at the counter, and copies of the documents lie in the envelope. Offered
 * in MD_WAIT_NOTICE, where the procedure may be filed so; the first part then asks for the day on
 * which it came, and whether the person was told in writing what the data are used for. Going back
 * from there leaves it. */
gboolean md_intake_get_can_use_post (MdIntake *self);
void md_intake_use_post (MdIntake *self);

/* Whether this procedure may be filed by them, and there is a way to identify them: where only the
 * card will do, somebody else with a card of their own. */
gboolean md_intake_offers_filer (MdIntake *self, MdFilerKind filer);

/* In place of the filer's documents, MD_WAIT_DOCUMENTS: the filer's own card, by any way by which
 * the procedure takes a card. What is read of it goes into the filer's fields, and no individual
 * number is read. Not for who files by profession: the card does not show that. */
gboolean md_intake_get_can_use_filers_card (MdIntake *self);
void md_intake_use_filers_card (MdIntake *self);

/* What was said so far (borrowed). */
const MdPapers *md_intake_get_papers (MdIntake *self);

/* What stands in the way of the part that is waited for, with these; nothing is taken. */
MdPapersFinding md_intake_judge_papers (MdIntake *self, const MdPapers *papers);
/* The same in words; the caller owns them. */
MdCardText *md_intake_dup_papers_text (MdIntake *self,
                                       const MdPapers *papers) G_GNUC_WARN_UNUSED_RESULT;
/* What the documents reach, and what this procedure asks for at least: "Photo document compared",
 * NULL where that is nothing. Static. */
const char *md_intake_get_papers_reach (MdIntake *self, const MdPapers *papers);
const char *md_intake_get_papers_minimum (MdIntake *self);

/* Takes the part that is waited for and goes on to the next; after the last the person is
 * identified (MD_WAIT_NOTHING), or stopped for the photograph ("trouble"). It is recorded. FALSE:
 * md_intake_judge_papers() says what is missing, or "trouble". */
gboolean md_intake_take_papers (MdIntake *self, const MdPapers *papers);

G_END_DECLS
