// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* Corrections ex officio (職権修正). data/protocol/correction-1.schema.json describes the file. */

#define CORRECTION_FILE_MAX MD_LIMIT_FORM_FILE
#define CORRECTION_MAX 64u /* in one file */

/* One of a file. */
typedef struct
{
  char *field;
  char *value; /* as one would type it; NULL: nothing. Wiped */
  char *why;   /* in words, for who confirms it. Wiped */
} Correction;

void correction_free (Correction *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Correction, correction_free)

/* Reads the text of a file strictly; see reply_parse(). (transfer full) (element-type Correction)
 */
GPtrArray *correction_parse (const void *data, gsize size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a correction comes to: the field's value before it and after it, as the form has them; ""
 * for nothing. Clear it with correction_change_clear(). */
typedef struct
{
  char *before, *after;
} CorrectionChange;

void correction_change_clear (CorrectionChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CorrectionChange, correction_change_clear)

/* Judges it by the form, with everything that a second person confirmed until now: the field has to
 * be one of the form's that is filled in at the counter, the value has to fit it, and no check of
 * the form may fail that did not fail before. CASE_ERROR_UNFIT. */
gboolean correction_judge (const Case *subject, const Desk *desk, const Correction *correction,
                           CorrectionChange *out_change, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a check of the form stops at once more becomes known than the counter knew. Clear it with
 * correction_stop_clear(). */
typedef struct
{
  char *field, *value; /* at which it stops; wiped */
  char *message;
} CorrectionStop;

void correction_stop_clear (CorrectionStop *stop);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CorrectionStop, correction_stop_clear)

/* Whether the application, as it was corrected until now, passes the checks of its form no more
 * with
 * @value in @field; FALSE where it does, or where nobody can say. */
gboolean correction_find_stop (const Case *subject, const Desk *desk, const char *field,
                               const char *value,
                               CorrectionStop *out_stop) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
