// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-form.h"

G_BEGIN_DECLS

#define MD_TYPE_CATALOGUE (md_catalogue_get_type ())
/* All procedures of a directory; a GListModel of MdForm in the order of domain, id and version.
 * Immutable after loading. */
G_DECLARE_FINAL_TYPE (MdCatalogue, md_catalogue, MD, CATALOGUE, GObject)

/* Loads DIR/fields.json, DIR/sets.json (if there is one) and every DIR/procedures/ *.json. The
 * first wrong definition refuses the whole directory, with file, path in the file and remedy
 * (MD_FORMS_ERROR). A paper whose class a form of before does not say counts as one that may bear
 * an individual number (profile V4, which has none: basic-4). Blocking (some milliseconds), any
 * thread. */
MdCatalogue *md_catalogue_load (const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for whoever writes definitions: a class that is not said is wrong, too; goes on after a
 * file that is wrong and puts what is wrong with it (its first fault) into out_errors, an array of
 * GError. What could be read is in the catalogue; never NULL. */
MdCatalogue *md_catalogue_lint (const char *directory,
                                GPtrArray *out_errors) G_GNUC_WARN_UNUSED_RESULT;

/* The newest version; NULL when there is none. Borrowed. */
MdForm *md_catalogue_get_form (MdCatalogue *self, const char *id);
/* The version that an application names ("3"), and the one in force on a day (YYYY-MM-DD). */
MdForm *md_catalogue_get_form_version (MdCatalogue *self, const char *id, const char *version);
MdForm *md_catalogue_get_form_on (MdCatalogue *self, const char *id, const char *day);
MdField *md_catalogue_get_field (MdCatalogue *self, const char *id);

/* Search by kanji, kana (either), romaji, English words, id; best match first; empty text gives
 * all. day: only what is in force then; NULL: every version. Caller owns the model (GListModel of
 * MdForm). */
GListModel *md_catalogue_search (MdCatalogue *self, const char *text,
                                 const char *day) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
