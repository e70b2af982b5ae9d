// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "window.h"

#include <md-intake.h>

G_BEGIN_DECLS

/* Shows the scan that WHICH names ("PAPER/N", N from 0) over the window: at once where the officer
 * may see it, after a reason was chosen and recorded where their role needs that, and for as long
 * as a number would be shown then. Pixels go with the view. A PDF or a TIFF is only named. */
void counter_scan_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *which);

/* The paper of FORM with this id, or NULL. Borrowed. */
MdAttachment *counter_scan_find_paper (MdFormData *form, const char *id);

G_END_DECLS
