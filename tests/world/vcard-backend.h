// SPDX-License-Identifier: Apache-2.0
#pragma once

/* A reader without pcscd: the card model's transport straight onto a virtual card, for tests of
 * what lies above. One thing may go wrong. */

#include <md-card.h>
#include <vc-fault.h>

G_BEGIN_DECLS

#define VCARD_READER "Virtual"

#define VCARD_TYPE_BACKEND (vcard_backend_get_type ())
G_DECLARE_FINAL_TYPE (VcardBackend, vcard_backend, VCARD, BACKEND, GObject)

/* With the card of DIR in it; fails the test when that is none. */
VcardBackend *vcard_backend_new (const char *dir);

/* Lets FAULT happen at the AT-th command of the next conversation (1: the first); NULL: nothing
 * more goes wrong. */
void vcard_backend_set_fault (VcardBackend *self, const VcFault *fault, guint at);

/* Commands of the last conversation. */
guint vcard_backend_get_commands (VcardBackend *self);

/* A conversation with the card, freshly powered; it must succeed. (transfer full) */
MdCardConnection *vcard_backend_open (VcardBackend *self);

G_END_DECLS
