// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-intake.h>

#include "models.h"

/* From the workflow's items to the lines that lists show. */

G_BEGIN_DECLS

/* Maps @model (kept by reference, may be NULL) item by item; a row follows its item's
 * notifications. Transfer full. */
GListModel *counter_rows_of_intakes (GListModel *model);
/* Of the intakes: what of each a second person has to look at; hidden where there is nothing. */
GListModel *counter_rows_of_confirmations (GListModel *model);
GListModel *counter_rows_of_drafts (GListModel *model);
GListModel *counter_rows_of_queue (GListModel *model);
GListModel *counter_rows_of_checks (GListModel *model);
GListModel *counter_rows_of_troubles (GListModel *model);
GListModel *counter_rows_of_forms (GListModel *model);
GListModel *counter_rows_of_reasons (GListModel *model);
GListModel *counter_rows_of_comparison (GListModel *model);
GListModel *counter_rows_of_ticks (GListModel *model); /* of a comparison, to be ticked */
GListModel *counter_rows_of_looks (GListModel *model); /* of an approval's scanned documents */

/* The application as it is read out, as it stands now: sections, filled fields, papers handed in.
 * REVEAL: the act that shows a hidden one whole, with the field's id. Transfer full; of
 * CounterCompareItem. */
GListModel *counter_rows_readout (MdFormData *data, const char *reveal);

/* The application as the resident may see it, as the filter lets it be shown to them. Transfer
 * full; of CounterCompareItem. */
GListModel *counter_rows_for_resident (MdFormData *data);

/* A text property of any object. Transfer full, never NULL. */
char *counter_text_of (gpointer object, const char *property);

/* How many tries of a PIN are left, in words; TRIES may be unknown. Transfer full. */
char *counter_text_of_tries (int tries);

G_END_DECLS
