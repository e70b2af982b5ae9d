// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* The confirmation list (確認リスト) of one intake: the application against the card, against what
 * the office holds, and its number against the numbers that came before. */

/* Makes the list of the opened and approved @self, with what was said of each line until now, and
 * takes down whom its number is linked to, in the name of @officer. Returns: (transfer full)
 * (element-type MdConfirmation); NULL with CASE_ERROR_STORE or CASE_ERROR_SETTINGS. */
GPtrArray *confirmation_list (const Case *self, const Desk *desk, const char *officer,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Settles @line as it was said of it, where it was: @said has MdLedgerConfirmation. */
void confirmation_settle_said (MdConfirmation *line, const GPtrArray *said);

/* How many lines wait for a second person (those that another command settles do not count). */
guint confirmation_count_open (const GPtrArray *list);

/* Whether a second person did not let it stand. A correction that was refused is only not made. */
gboolean confirmation_is_denied (const MdConfirmation *line);

/* Whether the intake may be worked on: CASE_ERROR_UNCONFIRMED while a line is open, CASE_ERROR_
 * DENIED when a second person did not let one stand. */
gboolean confirmation_is_settled (const Case *self, const GPtrArray *list,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @officer is a second person: nobody who signed anything of the intake.
 * CASE_ERROR_SAME_PERSON. */
gboolean confirmation_is_second (const Case *self, const char *officer,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The papers of the opened @self that were left out for an inquiry alone, each settled or open as
 * the ledger says; all open where the desk has no key for its list. (transfer full; element-type
 * MdConfirmation) */
GPtrArray *confirmation_list_waived (const Case *self, const Desk *desk,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
