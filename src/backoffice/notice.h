// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* The written notice by which an intake goes back to the terminal that took it in, to be made
 * again. */

/* Who returns it, and why: a code of md_return_reason_get_label(). */
typedef struct
{
  const char *officer, *reason;
} NoticeBy;

/* Makes the notice of the opened and approved @self, with those of @lines (element-type
 * MdConfirmation) that were refused, and that one officer approved it alone, signs and stores it;
 * where there is one already, finds that. *@out_new: whether it was made now. CASE_ERROR_MISSING
 * when there is neither. Returns: (transfer full). */
MdLedgerNotice *notice_make (const Case *self, const Desk *desk, const GPtrArray *lines,
                             const NoticeBy *by, gboolean *out_new,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes it as a page to be printed (書面): whom it is for, which intake, what of it was not let
 * stand, and what is to be done. No value of the application is on it. */
gboolean notice_print (const MdLedgerNotice *notice, const Case *self, const Desk *desk,
                       const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether it was never given back: CASE_ERROR_DENIED. */
gboolean notice_is_none (const Case *self, const Desk *desk,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
