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

G_END_DECLS
