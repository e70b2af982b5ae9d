// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the files of a case share. */

#include "case.h"

G_BEGIN_DECLS

/* Sets CASE_ERROR_FORGED; FALSE. */
gboolean _case_forged (GError **error, const char *intake, const char *what);

/* What the ledger said, as CASE_ERROR_MISSING or CASE_ERROR_STORE; FALSE. */
gboolean _case_store_failed (GError **error, const GError *cause);

/* For the trail, where there is one: what is checked from here on, and that it was found good. */
void _case_begin (Case *self, const char *stage);
void _case_passed (Case *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* With the application opened: of a form that is registered here, and with its items alone. Where
 * the desk has no forms it cannot be said. */
gboolean _case_check_form (Case *self, const Desk *desk, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For an intake whose evidence is deferred: what the ledger has of its completion, judged anew. */
gboolean _case_read_completion (Case *self, const Desk *desk,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Each release of the manifest: signed by somebody who may release. Fills "releases". */
gboolean _case_check_releases (Case *self, const MdTrust *trust, gint64 made_s,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What stopped the intake, by its opened evidence: each released, and nothing else. */
gboolean _case_check_holds (Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whom the window had named to the terminal's service is whom the opened intake is of; of the
 * number it is asked when that is opened, too. */
gboolean _case_check_named (Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean _case_check_named_number (Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The letter of delegation that the manifest names, where it does: accepted, and it covers the
 * intake. Fills "letter". */
gboolean _case_check_letter (Case *self, const Desk *desk,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* With the application opened: the letter is of these people; of a letter, that what was accepted
 * is what it says. */
gboolean _case_check_delegation (Case *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Holds the opened intake against the office's own list (nullable). Fills "unreleased". */
void _case_hold_against (Case *self, const HoldList *list);

/* Holds the proof of the opened evidence against manifest and ledger, and judges it anew. */
gboolean _case_check_presence (Case *self, const Desk *desk,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
