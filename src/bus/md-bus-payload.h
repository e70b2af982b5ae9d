// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BUS_INSIDE) && !defined(MD_BUS_COMPILATION)
#error "Include <md-bus.h>."
#endif

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include "md-base.h"

G_BEGIN_DECLS

/* A sealed memory file with a copy of BYTES; -1 on failure. The caller closes it. Error domain:
 * MD_BUS_ERROR. */
int md_bus_payload_to_fd (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of a sealed memory file; refuses other files and more than LIMIT. FD stays the
 * caller's. */
GBytes *md_bus_payload_from_fd (int fd, gsize limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Index of a new sealed memory file in FDS (the GVariant for a type "h" argument), and the way
 * back. */
GVariant *md_bus_payload_append (GUnixFDList *fds, GBytes *bytes,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *md_bus_payload_get (GUnixFDList *fds, GVariant *handle, gsize limit,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The read end of a pipe that holds SECRET (at most MD_LIMIT_PASSWORD bytes), as a type "h"
 * argument. */
GVariant *md_bus_secret_append (GUnixFDList *fds, const MdSecret *secret,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A secret from a pipe, to its end, within five seconds. Blocks: not on a main loop. */
MdSecret *md_bus_secret_from_fd (int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new descriptor for a type "h" argument; -1 with an error when there is none. The caller closes
 * it. */
int md_bus_handle_dup (GUnixFDList *fds, GVariant *handle,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
