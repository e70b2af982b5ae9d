// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

/* Definitions as one text that goes from office to office: "madoguchi-form-export/1", JSON with
 * every file as it is and its SHA-256, what a single procedure needs of dictionary and sets by the
 * same, and one SHA-256 over all of these. It says whether the text arrived whole, not who made it.
 * Blocking; any thread. */

/* The definitions of DIRECTORY, which has to be in order. PROCEDURE: NULL for all files, "ID" for
 * all versions of one, "ID@2" for that version. NULL with an MD_FORMS_ERROR where there is none, or
 * where the folder is wrong. Caller owns. */
char *md_form_bundle_export (const char *directory, const char *procedure,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts what TEXT holds into DIRECTORY: all files where there is no such folder (its parent must be
 * there), one procedure where there is. Nothing is replaced. Refused, and nothing of it is there,
 * where a digest is another, where dictionary or sets say something else of what the procedure
 * needs, and where the folder would be wrong with it: MD_FORMS_ERROR with remedy. */
gboolean md_form_bundle_import (const char *text, gsize length, const char *directory,
                                GError **error);

/* A new procedure COPY, version 1, from the newest version of ID in the same folder; refused where
 * the name is none or is taken. */
gboolean md_form_bundle_copy (const char *directory, const char *id, const char *copy,
                              GError **error);

G_END_DECLS
