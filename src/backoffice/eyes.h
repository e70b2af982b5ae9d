// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* What of an opened case may appear where. The desk has keys and no role: the policy in force says
 * with the eyes of which roles it looks (md_policy_get_desk_roles()), and the one privacy filter
 * (md_filter()) what these see. The situation is what the desk's own is: the office's own intake,
 * the vault's key, not decided yet. Whatever shows or hands over a value asks here. */
typedef struct
{
  const Desk *desk;
  const Case *subject;
  MdFilterStep step; /* DESK: on the screen; EXPORT: for the business system; LIST; PRINT */
  gboolean reveal;   /* the individual number was asked for, with a reason */
  MdView most;       /* nothing is shown beyond this */
} Eyes;

/* Eyes with nothing but the policy as their limit. All borrowed. */
Eyes eyes_new (const Desk *desk, const Case *subject, MdFilterStep step, gboolean reveal);

/* How a field of the form may be shown; HIDDEN for what is none. */
MdView eyes_look (const Eyes *self, const char *field) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a class, for what is no field. */
MdView eyes_look_at_class (const Eyes *self, MdSensitivity class) G_GNUC_WARN_UNUSED_RESULT;

/* The same of words that somebody wrote freely about the person: they may tell anything that
 * anybody may know in this profile at all, so they are shown as that of it which these eyes see
 * least. */
MdView eyes_look_at_words (const Eyes *self) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a field of the form may be named where something is said of it. That it is the individual
 * number tells no number. */
gboolean eyes_may_name (const Eyes *self, const char *field) G_GNUC_WARN_UNUSED_RESULT;
/* What the form calls the field; where it may not be named, words for any. Of what is none of the
 * form's its id. Borrowed. */
const char *eyes_get_name (const Eyes *self, const char *field) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the name of a paper of the form may stand there: not where what is of its class is
 * hidden, for it tells something of the person. It tells no number, so where one may stand on it
 * that is no reason. */
gboolean eyes_may_name_paper (const Eyes *self, const char *paper) G_GNUC_WARN_UNUSED_RESULT;
/* What the form calls the paper, or its id; where it may not be named, words for any. (transfer
 * full) */
char *eyes_dup_paper_name (const Eyes *self, const char *paper) G_GNUC_WARN_UNUSED_RESULT;

/* Words that somebody wrote freely may have an individual number in them, which has a place of its
 * own: such a text may be read where that number may. Whether these eyes may not read @text for
 * that alone. */
gboolean eyes_keep_words (const Eyes *self, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a text, or one in a list or an object, has one in it. */
gboolean eyes_has_number (const MdRecord *value) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is an individual number in what was written of the case in words, at the counter or
 * later. */
gboolean eyes_find_number (const Eyes *self) G_GNUC_WARN_UNUSED_RESULT;

/* Words as @view lets them be shown; the digits of a number that has to be asked for are covered.
 * (transfer full, nullable; md_wipe_free_text()) */
char *eyes_render_words (const Eyes *self, MdView view, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* A text of that field as it may be shown. NULL: not at all. (transfer full;
 * md_wipe_free_text()) */
char *eyes_render (const Eyes *self, const char *field, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The member @field of @values (or of a row of it), where it may be read as it is. NULL: it is not
 * there, or may not be. Borrowed. */
MdRecord *eyes_get (const Eyes *self, const MdRecord *values, const char *field);
/* The same as a text that may be shown; of what is a list or an object its JSON. (transfer full;
 * md_wipe_free_text()) */
char *eyes_dup (const Eyes *self, const MdRecord *values,
                const char *field) G_GNUC_WARN_UNUSED_RESULT;

/* All of @values that may be read as it is, in the order of the form; the ids of what is there and
 * may not be go into @withheld, a list, but for what these eyes do not know of. (transfer full) */
MdRecord *eyes_take_values (const Eyes *self, const MdRecord *values,
                            MdRecord *withheld) G_GNUC_WARN_UNUSED_RESULT;

/* Sets @member of @to, which a program reads, to @text of the field where it may be read as it is.
 * Else it is null, and where these eyes may know that there is one its name goes into @withheld:
 * nothing stands in its place that could be taken for it. */
void eyes_put_value (const Eyes *self, const char *field, const char *text, MdRecord *to,
                     const char *member, MdRecord *withheld);
/* The same of what is of no field of the form, and may be seen as @view says. */
void eyes_put_text (MdView view, const char *text, MdRecord *to, const char *member,
                    MdRecord *withheld);

/* Whether the policy keeps a field of the form from these eyes altogether. How many of them are
 * filled in would tell something of the person, so it is the same for each application of the form.
 * The individual number does not count: what is said of it is said apart. */
gboolean eyes_miss_some (const Eyes *self) G_GNUC_WARN_UNUSED_RESULT;

/* Those texts of declarations whose answers may be read. (transfer full) */
MdRecord *eyes_take_declarations (const Eyes *self,
                                  const MdRecord *declarations) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
