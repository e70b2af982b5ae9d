// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "window.h"

#include <md-intake.h>

G_BEGIN_DECLS

/* Shows the scan that WHICH names ("PAPER/N", N from 0) in a window of its own: at once where the
 * officer may see it; where their role needs a reason, for as long as a button is held down after
 * one was chosen, each time recorded first, and never longer than a number would be shown. Pixels
 * go with the page. Every page is drawn outside of this process. */
void counter_scan_show (CounterWindow *window, MdDesk *desk, MdFormData *form, const char *which);

/* The paper of FORM with this id, or NULL. Borrowed. */
MdAttachment *counter_scan_find_paper (MdFormData *form, const char *id);

G_END_DECLS
