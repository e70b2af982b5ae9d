// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-field.h"
#include "md-filter.h"

G_BEGIN_DECLS

#define MD_TYPE_FORM (md_form_get_type ())
/* One procedure (data/forms/procedures/<id>.json). Immutable, any thread.
 * Properties (read-only): "id", "title" (user's language), "kana", "domain-label". */
G_DECLARE_FINAL_TYPE (MdForm, md_form, MD, FORM, GObject)

const char *md_form_get_id (MdForm *self);
guint md_form_get_version (MdForm *self);
/* Whether it is this version that is taken on that day (YYYY-MM-DD). */
gboolean md_form_is_in_force (MdForm *self, const char *day);
const char *md_form_get_title (MdForm *self);
const char *md_form_get_title_in (MdForm *self, gboolean japanese);
/* A paper that belongs to it, in the user's language; NULL: it has none of this id. Caller owns. */
char *md_form_dup_paper_label (MdForm *self, const char *paper) G_GNUC_WARN_UNUSED_RESULT;
/* Of which class is what is seen on it: MY_NUMBER where it may bear an individual number. Of a
 * paper that the form does not have, too, since nobody can say what it is. */
MdSensitivity md_form_get_paper_class (MdForm *self, const char *paper) G_GNUC_WARN_UNUSED_RESULT;
/* The ids of its papers, NULL-terminated. Caller frees the vector alone. */
const char **md_form_list_paper_ids (MdForm *self) G_GNUC_WARN_UNUSED_RESULT;
/* Reading of the title in hiragana. */
const char *md_form_get_kana (MdForm *self);
/* Which office works on it: "国民年金" / "National pension". */
const char *md_form_get_domain_label (MdForm *self);
/* 利用目的: must be told before the number is asked for. In the user's language. */
const char *md_form_get_purpose (MdForm *self);
const char *md_form_get_purpose_in (MdForm *self, gboolean japanese);
/* What the individual number is used for, said only where it is taken; NULL where the form has
 * none.
 */
const char *md_form_get_number_purpose (MdForm *self);
/* What the clerk should know: whom it concerns, what to ask, what to bring. In the user's language.
 */
const char *md_form_get_guide (MdForm *self);
/* NULL-terminated; places in the source documents. */
const char *const *md_form_get_basis (MdForm *self);
/* Who may file it, in the words of "a.kind": "self", "agent"... NULL-terminated. */
const char *const *md_form_get_filers (MdForm *self);
/* Whether the form names a filer of this kind apart ("a.name"). Where it does not, the person of
 * the form is who files: the family in a claim of their own. */
gboolean md_form_names_filer (MdForm *self, const char *kind);
/* Whether somebody is to be identified for it: FALSE for assurance "none". */
gboolean md_form_needs_identification (MdForm *self);
const char *md_form_get_retention (MdForm *self);
MdProfile md_form_get_profile (MdForm *self);

/* TRUE when the form has the field (typed or system). */
gboolean md_form_has_field (MdForm *self, const char *field_id);
/* Ids of all its fields in their order, columns of rows behind their group, NULL-terminated; the
 * caller frees the array, not the strings. */
const char **md_form_list_fields (MdForm *self) G_GNUC_WARN_UNUSED_RESULT;
/* Those of the columns of a group of rows; empty for any other field. The same ownership. */
const char **md_form_list_columns (MdForm *self, const char *field_id) G_GNUC_WARN_UNUSED_RESULT;
/* Dictionary definition of a field of this form, NULL when it has none. Borrowed. */
MdField *md_form_get_field (MdForm *self, const char *field_id);

/* TRUE when these eyes can complete the form: every field that is always required and typed is
 * editable for them. When not, out_label (borrowed, may be NULL) names the first field that is not.
 */
gboolean md_form_can_take_in (MdForm *self, const MdViewer *viewer,
                              const char **out_label) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
