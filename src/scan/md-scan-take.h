// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SCAN_INSIDE) && !defined(MD_SCAN_COMPILATION)
#error "Include <md-scan.h> only."
#endif

#include <gio/gio.h>
#include "md-scan-document.h"

G_BEGIN_DECLS

/** How this terminal takes documents in ([scanning] of terminal.ini). Strings are owned. */
typedef struct
{
  char *folder;          /* where the scanner writes; NULL: none */
  gboolean remove_kept;  /* a file of the folder goes once its document is safely kept */
  char **virus_scanner;  /* a command and its arguments, run without a shell; NULL: none */
  char **medium_scanner; /* the same for media; NULL: none */
} MdScanSettings;

/** From [scanning] folder, remove_kept, virus_scanner and medium_scanner, each optional.
 * G_KEY_FILE_ERROR and G_SHELL_ERROR, with the key in the message. (transfer full) */
MdScanSettings *md_scan_settings_read (GKeyFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
MdScanSettings *md_scan_settings_copy (const MdScanSettings *self) G_GNUC_WARN_UNUSED_RESULT;
void md_scan_settings_free (MdScanSettings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdScanSettings, md_scan_settings_free)

/**
 * Reads the file at @path (a plain file of at most @max_bytes, no link), looks at it with
 * md_scan_inspect(), and lets the virus scanner look, if there is one: the bytes go to its standard
 * input; 0 as its exit status says that it found nothing, 1 that it found something, anything else
 * and more than a minute that it failed. Its environment is empty but for PATH, its output goes
 * nowhere; all that it starts in its process group ends with it, and with @cancellable. Works on a
 * thread of its own. Error: MD_SCAN_ERROR, G_IO_ERROR_CANCELLED.
 */
void md_scan_take_async (const char *path, gsize max_bytes, const MdScanSettings *settings,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
/** (transfer full) */
MdScanDocument *md_scan_take_finish (GAsyncResult *result,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Lets the virus scanner for media, if there is one, look through the folder @path before anything
 * is read from it: the folder's absolute name stands behind the arguments of its command, and its
 * exit status says what that of md_scan_take_async() says; it has an hour. Blocks. Error:
 * MD_SCAN_ERROR_VIRUS, _CHECK.
 */
gboolean md_scan_check_medium (const MdScanSettings *settings, const char *path,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** One file of the scan folder. The path may tell something: it is for md_scan_take_async() alone,
 * and is shown nowhere. */
typedef struct
{
  char *path;
  gint64 time_s; /* last written */
  gsize size;
} MdScanFound;

/** The files of the folder that are not hidden and not empty, the newest first, at most 30. What
 * cannot be read is left out; an empty list where there is no folder. (transfer full; element-type
 * MdScanFound) */
GPtrArray *md_scan_list_folder (const MdScanSettings *settings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
