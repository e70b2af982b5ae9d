// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "office.h"

G_BEGIN_DECLS

/* The HTTPS server: one event loop, one request at a time, everything stored before it is answered.
 */
typedef struct _Server Server;

/* Binds the address; @office must outlive it. Returns: (transfer full). */
Server *server_new (Office *office, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void server_free (Server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

/* Serves until SIGTERM or SIGINT; what was begun is finished first, within the settings' time. */
void server_run (Server *server);

G_END_DECLS
