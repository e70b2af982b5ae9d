// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include <md-policy.h>

G_BEGIN_DECLS

/* The fields that many procedures repeat (data/forms/sets.json). A definition names a set where it
 * would list them; behind the reader there are plain fields alone. */
typedef struct _MdFormSets MdFormSets;

/* One field of a list in which sets stood, as the reader takes it. */
typedef struct
{
  JsonObject *object; /* NULL: a text */
  char *text;         /* of a list of texts: the field's id */
  char *set;          /* where it is written; NULL: in the definition itself */
  guint at;           /* its place, or that of its set, in the definition's list */
} MdFormUse;

MdFormSets *_md_form_sets_new (void) G_GNUC_WARN_UNUSED_RESULT;
void _md_form_sets_free (MdFormSets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdFormSets, _md_form_sets_free)

/* Reads sets.json into SELF; fields: id -> MdField. Failures go to the reader. */
void _md_form_sets_read (MdFormSets *self, MdJson *json, JsonObject *root, GHashTable *fields);

/* The list MEMBER of OBJECT with its sets replaced by their fields, as an array of MdFormUse (never
 * NULL); texts: besides sets it is one of ids, not of objects. Failures go to the reader. Caller
 * owns. */
GPtrArray *_md_form_sets_expand (MdFormSets *self, MdJson *json, JsonObject *object,
                                 const char *member, gboolean texts) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
