// SPDX-License-Identifier: Apache-2.0
#pragma once

/* A reader without pcscd: the card model's transport straight onto a virtual card, for tests of
 * what lies above. */

#include <md-card.h>

G_BEGIN_DECLS

#define VCARD_READER "Virtual"

#define VCARD_TYPE_BACKEND (vcard_backend_get_type ())
G_DECLARE_FINAL_TYPE (VcardBackend, vcard_backend, VCARD, BACKEND, GObject)

/* With the card of DIR in it; fails the test when that is none. */
VcardBackend *vcard_backend_new (const char *dir);

G_END_DECLS
