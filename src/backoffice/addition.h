// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"
#include "eyes.h"

G_BEGIN_DECLS

/* What the desk learnt of an intake after it had come: the reply to a written inquiry (文書照会の
 * 回答), the result of an inquiry (照会結果), a correction ex officio (職権修正). Each is a record
 * beside the intake, of which nothing is ever changed; it is sealed to the business system, and the
 * desk's key tells that a desk wrote it. */
typedef struct
{
  MdLedgerAddition *row;
  MdRecord *content;    /* as it was sealed */
  MdConfirmation *line; /* of a correction: as it stands on the confirmation list; else NULL */
} Addition;

#define ADDITION_REPLY "reply"
#define ADDITION_RESULT "result"
#define ADDITION_CORRECTION "correction"

void addition_free (Addition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Addition, addition_free)

/* Fills "additions" of the opened @self. CASE_ERROR_FORGED where the desk did not write one;
 * CASE_ERROR_SETTINGS where there are some and the desk has no key to tell. */
gboolean additions_read (Case *self, const Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be added; all borrowed. */
typedef struct
{
  const char *kind, *name, *officer, *reason; /* @reason: "" without */
  const char *note;                           /* words for the audit record */
  MdRecord *content;
} AdditionNew;

/* Stores it, with its audit record. CASE_ERROR_UNFIT where there is one of that name already. */
gboolean addition_keep (const Case *self, const Desk *desk, const AdditionNew *what,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one of that name; replies and results have their names together. Borrowed, or NULL. */
const Addition *addition_find (const Case *self, gboolean correction, const char *name);

gboolean addition_is_correction (const Addition *self);

/* How many corrections there are. */
guint additions_count_corrections (const Case *self);

/* What the last correction of a field that a second person confirmed made of it ("" for nothing),
 * or NULL: it is as it was sealed. Borrowed. */
const char *addition_find_corrected (const Case *self, const char *field);

/* Whether a correction of the field waits for a second person. */
gboolean addition_is_waiting (const Case *self, const char *field);

/* The line of a correction on the confirmation list, open. */
MdConfirmation *addition_make_line (const Addition *self, const Case *subject,
                                    const Desk *desk) G_GNUC_WARN_UNUSED_RESULT;

/* What who corrected it wrote for the second person, as it may be shown; NULL for another line.
 * (transfer full; md_wipe_free_text()) */
char *addition_find_why (const Eyes *eyes, const MdConfirmation *line) G_GNUC_WARN_UNUSED_RESULT;

/* Adds the lines of what was learnt to the confirmation list. */
void additions_add_lines (const Case *self, const Desk *desk, GPtrArray *lines);

/* What somebody wrote into one, as it may be shown (eyes_look_at_words()), or words that the policy
 * keeps it. NULL: there is nothing. (transfer full; md_wipe_free_text()) */
char *addition_dup_text (const Eyes *eyes, const Addition *self,
                         const char *member) G_GNUC_WARN_UNUSED_RESULT;
/* Why it was corrected: as the field that was. */
char *addition_dup_why (const Eyes *eyes, const Addition *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether somebody wrote an individual number into one. */
gboolean additions_have_number (const Case *self) G_GNUC_WARN_UNUSED_RESULT;

/* For the export: members "replies" and "corrections", as @eyes may see them. */
void additions_export (const Eyes *eyes, MdRecord *root);

G_END_DECLS
