// SPDX-License-Identifier: Apache-2.0
#pragma once

/* The hand that holds the card: a UNIX socket that takes one command per line (see
 * vc_control_help()). Each command is answered by "ok [TEXT]" or "error TEXT"; the answer to "log"
 * is lines of text between "ok" and ".". */

#include "vc-slot.h"

G_BEGIN_DECLS

typedef struct _VcControl VcControl;

/* Listens at PATH (mode 0600; a socket left there by a dead process is replaced). QUIT is called
 * for the command "quit". Error: VC_ERROR_SOCKET. SLOT must outlive the result. */
VcControl *vc_control_new (const char *path, VcSlot *slot, GMainLoop *quit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vc_control_free (VcControl *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcControl, vc_control_free)

/* The commands, one per line. Static. */
const char *vc_control_help (void);

/* Sends one command to a running program and prints the answer; returns the exit status. */
int vc_control_send (const char *path, const char *command);

G_END_DECLS
