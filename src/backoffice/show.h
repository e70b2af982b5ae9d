// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* A verified, opened case as JSON ("madoguchi-export/2", data/protocol/export-2.schema.json), with
 * @lines (nullable; element-type MdConfirmation), its confirmation list. The number, if the case
 * has it open, is in full only with @reveal, else masked to its last four digits. The text is wiped
 * when it goes. Returns: (transfer full). */
MdSecret *show_case_json (const Case *self, const Desk *desk, const GPtrArray *lines,
                          gboolean reveal) G_GNUC_WARN_UNUSED_RESULT;

/* The same for people, with the labels of the forms in @desk's folder where they can be read.
 * Returns: (transfer full). */
MdSecret *show_case (const Case *self, const Desk *desk, gboolean reveal) G_GNUC_WARN_UNUSED_RESULT;

/* Writes @text to standard output, past stdio, whose buffer nobody wipes. FALSE when it cannot be
 * written. */
gboolean show_print (const MdSecret *text) G_GNUC_WARN_UNUSED_RESULT;

/* Prints the ledger's intakes: a line each, or one JSON array. FALSE when the ledger fails. */
gboolean show_list (const Desk *desk, gboolean json, GError **error);

G_END_DECLS
