// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-scan.h>
#include "md-approval.h"

G_BEGIN_DECLS

#define MD_TYPE_SCAN_LOOK (md_scan_look_get_type ())
/* One scanned document before an approving officer, and whether they looked at it. Properties:
 * "which" s ("PAPER/N" with N from 0), "label" s (of the paper),
 * "what" s (kind, pages and size, NULL where it is closed), "word" s (what was seen of it),
 * "closed" b (not sealed to this officer, or hidden from the role: not theirs to look at), "done" b
 * (every page was on the screen, or the officer says that they looked at the paper, or it is
 * closed), "paper" b (the officer says so). */
G_DECLARE_FINAL_TYPE (MdScanLook, md_scan_look, MD, SCAN_LOOK, GObject)
const char *md_scan_look_get_which (MdScanLook *self);
/* It is not sealed to them, or not for their role: nothing of it can be shown. */
gboolean md_scan_look_get_closed (MdScanLook *self);
gboolean md_scan_look_get_done (MdScanLook *self);
gboolean md_scan_look_get_paper (MdScanLook *self);

/* All scanned documents of the application: GListModel of MdScanLook, empty until it is opened.
 * Borrowed. */
GListModel *md_approval_get_looks (MdApproval *self);

/* How many of them are not done: while there is one, nothing is approved. */
guint md_approval_get_unlooked (MdApproval *self);

/* Page @page (from 0) of @document was on this officer's screen; it has @pages. What is no document
 * of this application is ignored. */
void md_approval_note_page (MdApproval *self, MdScanDocument *document, guint page, guint pages);

/* The officer says (or takes back) that they looked at the paper itself. FALSE: there is no such
 * document that is theirs to look at, or nothing can be decided now. */
gboolean md_approval_tick_paper (MdApproval *self, const char *which, gboolean seen);

G_END_DECLS
