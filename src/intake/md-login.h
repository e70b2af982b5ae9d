// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_INTAKE_INSIDE) && !defined(MD_INTAKE_COMPILATION)
#error "Include <md-intake.h>."
#endif

#include <md-base.h>
#include "md-desk.h"

G_BEGIN_DECLS

#define MD_TYPE_LOGIN (md_login_get_type ())
/* Staff card + password. Properties (read-only, notified): "wait" i (MdLoginWait), "sentence" s,
 * "staff-name" s (of the card that lies there; NULL), "trouble" MdTrouble. After WAIT_DONE the desk
 * is WORKING. */
G_DECLARE_FINAL_TYPE (MdLogin, md_login, MD, LOGIN, GObject)

MdLoginWait md_login_get_wait (MdLogin *self);
const char *md_login_get_sentence (MdLogin *self);
const char *md_login_get_staff_name (MdLogin *self);
MdTrouble *md_login_get_trouble (MdLogin *self);

/* Only in WAIT_PASSWORD. A reference to the password is kept until it has been handed to the
 * service. A failure is also the login's "trouble", and it waits for the password (or the card)
 * again. Error: MD_INTAKE_ERROR. */
void md_login_submit_async (MdLogin *self, MdSecret *password, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean md_login_submit_finish (MdLogin *self, GAsyncResult *result, GError **error);

G_END_DECLS
