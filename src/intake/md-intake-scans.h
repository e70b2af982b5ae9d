// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include "md-intake-flow.h"

G_BEGIN_DECLS

/* How this terminal takes documents in. Borrowed, never NULL. */
const MdScanSettings *md_desk_get_scanning (MdDesk *self);

/* Takes the file at PATH as a scan of this paper of the intake's form: md_scan_take_async() within
 * what the policy still leaves for one intake. What is refused is in the audit log, without a name.
 * A file of the scan folder is removed, where the terminal is set so, once the draft or the
 * application that holds it is safely stored; that is recorded. Error: MD_SCAN_ERROR,
 * MD_INTAKE_ERROR_REFUSED (the policy's limits), MD_INTAKE_ERROR_WRONG_STEP. Where the form is made
 * anew or the next person comes meanwhile, it is stopped: G_IO_ERROR_CANCELLED. */
void md_intake_attach_async (MdIntake *self, MdAttachment *paper, const char *path,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean md_intake_attach_finish (MdIntake *self, GAsyncResult *result, GError **error);

/* How many scans there are, how large they are together, how long the line takes for them and what
 * is still allowed, for people. Caller owns. */
char *md_intake_describe_scans (MdIntake *self) G_GNUC_WARN_UNUSED_RESULT;

/* The papers, one a line, whose scans would be erased if FORM was chosen now: it does not have
 * them. NULL: none. Caller owns. */
char *md_intake_describe_lost_scans (MdIntake *self, MdForm *form) G_GNUC_WARN_UNUSED_RESULT;
/* The clerk was asked, and the next md_intake_choose_async() may do so; else it refuses. */
void md_intake_let_scans_go (MdIntake *self);

/* Whether the scans of PAPER may be looked at now by whoever is at work. Where their role may only
 * by a reveal, REASON (a code of md_desk_get_reveal_reasons()) is recorded first; else it may be
 * NULL. Error: MD_INTAKE_ERROR_REFUSED, recorded. */
void md_desk_show_scans_async (MdDesk *self, MdFormData *data, MdAttachment *paper,
                               const char *reason, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean md_desk_show_scans_finish (MdDesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
