// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtk/gtk.h>
#include <md-forms.h>

G_BEGIN_DECLS

/* One paper that belongs to the application: ticked when it is there, how it is there, and its
 * scans. Gone from the screen while the paper is not due. SCANNER: there is a scan folder. Its
 * actions take the paper's id: "intake.attach-file", "intake.attach-scan"; "intake.show-scan"
 * "ID/N" with N from 0. */
GtkWidget *counter_paper_box_new (MdFormData *form, MdAttachment *paper, gboolean scanner);

/* The scans of all papers, to be looked at alone, under the label of each; a paper of which these
 * eyes may see nothing is not there. ACTION: takes "ID/N". */
GtkWidget *counter_scan_list_new (MdFormData *form, const char *action);

G_END_DECLS
