// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-medium-list.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define MD_MEDIUM_MAX_BUNDLES 256u
#define MD_MEDIUM_PART ".part" /* behind the name of a file that is being written */

/* A medium comes from outside: what is on it may be anything, and it may go at any moment. Nothing
 * that is no plain file is opened, no link is followed, and what is written stands under its name
 * only when it is on the medium whole. Errors: G_IO_ERROR, by errno (NO_SPACE, READ_ONLY,
 * NOT_FOUND, ...). */

/** The folder PATH; the caller closes it. -1 with @error. */
int md_medium_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The folder @name in @folder; likewise. */
int md_medium_open_in (int folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The file @name of @folder, at most @max bytes (else G_IO_ERROR_MESSAGE_TOO_LARGE). (transfer
 * full) */
GBytes *md_medium_read (int folder, const char *name, gsize max,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Puts @bytes into the file @name of @folder: under another name first, synced, renamed. What
 * stood there is replaced, or stays when this fails. */
gboolean md_medium_write (int folder, const char *name, GBytes *bytes,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** A new folder for the bundle @bundle under a name that nobody reads; its descriptor is the
 * caller's. -1 with @error. */
int md_medium_begin (int medium, const char *bundle, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** All of it is there: gives it its name ("madoguchi-BUNDLE"), and waits until the medium has it.
 */
gboolean md_medium_finish (int medium, const char *bundle,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Removes what md_medium_begin() began, be it whole by now. FALSE: nobody knows what of it is on
 * the medium still. */
gboolean md_medium_give_up (int medium, const char *bundle) G_GNUC_WARN_UNUSED_RESULT;

/** Removes the folder "madoguchi-BUNDLE" with its files, which are overwritten before. */
gboolean md_medium_remove (int medium, const char *bundle,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The names of all that lies in @folder; more than @most are G_IO_ERROR_MESSAGE_TOO_LARGE.
 * (transfer full) (element-type utf8) */
GPtrArray *md_medium_list_files (int folder, guint most, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The ids of the bundles on the medium, oldest first; more than MD_MEDIUM_MAX_BUNDLES are
 * G_IO_ERROR_MESSAGE_TOO_LARGE. (transfer full) (element-type utf8) */
GPtrArray *md_medium_list_bundles (int medium, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Likewise of those of which a part was left when somebody was killed over it. */
GPtrArray *md_medium_list_parts (int medium, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
