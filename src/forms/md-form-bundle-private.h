// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_COMPILATION)
#error "This header is private to src/forms."
#endif

/* What export and import share: the files of a folder of definitions, and their digests. */

#include <json-glib/json-glib.h>

#include "md-form-bundle.h"
#include "md-forms-types.h"

#define MD_BUNDLE_SCHEMA "madoguchi-form-export/1"
#define MD_BUNDLE_PROCEDURES "procedures"
#define MD_BUNDLE_SHARED 3
#define MD_BUNDLE_NEEDED 2

/* fields.json, sets.json, guide.json; the guide need not be there. */
extern const char *const _md_bundle_shared[MD_BUNDLE_SHARED];
/* Of the first two: their members by name, with the digest of each. */
extern const char *const _md_bundle_needed[MD_BUNDLE_NEEDED];

/* An MD_FORMS_ERROR_DEFINITION; always FALSE. */
gboolean _md_bundle_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *_md_bundle_read_text (const char *directory, const char *name, GError **error);
char *_md_bundle_digest (const char *text);
/* The definitions of DIRECTORY/MEMBER.json by their names, borrowed from out_root (transfer full);
 * NULL where the file is none. */
JsonObject *_md_bundle_open (const char *directory, const char *member, JsonNode **out_root);
/* NULL: there is no such definition. */
char *_md_bundle_digest_definition (JsonObject *definitions, const char *name);
/* Over the names and digests of a whole export. */
char *_md_bundle_digest_all (JsonObject *bundle);
gboolean _md_bundle_add_file (JsonArray *files, const char *directory, const char *name,
                              GError **error);
gboolean _md_bundle_add_shared (JsonArray *files, const char *directory, GError **error);
/* In the folder, "procedures/ID.json" or "procedures/ID@2.json". */
char *_md_bundle_name_file (const char *directory, MdForm *form);
