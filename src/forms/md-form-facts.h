// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-catalogue.h"

G_BEGIN_DECLS

/* One statement about a procedure, in the user's language: what it is about ("Field p.tel
 * (Telephone)") and what is said of it ("required; Telephone; class contact"). The key is the same
 * in every version and language. */
typedef struct
{
  char *key;
  char *subject;
  char *text;
  char *set; /* of a field that came from one of sets.json: which; else NULL */
} MdFormFact;

/* All there is to say about a procedure, in the order of its file: an array of MdFormFact. Nothing
 * personal is in a definition. */
GPtrArray *md_form_list_facts (MdForm *self) G_GNUC_WARN_UNUSED_RESULT;

/* What changes from one version to the other, a sentence each, NULL-terminated; either may be NULL:
 * the procedure is new, or gone. Empty where nothing does. Caller owns. */
char **md_form_list_changes (MdForm *before, MdForm *after) G_GNUC_WARN_UNUSED_RESULT;

/* Which of a procedure's fields say something of one another, by a condition, a derivation or a
 * check, directly or through others; the columns of rows belong to their group. For each of
 * md_form_list_fields(), in its order, the name of its group (one of the ids in it),
 * NULL-terminated. Caller owns. */
char **md_form_list_link_groups (MdForm *self) G_GNUC_WARN_UNUSED_RESULT;

/* How many procedures there are, whatever their versions; one that amends another is part of it. */
guint md_catalogue_count_procedures (MdCatalogue *self);
/* The id of the procedure whose registrations it changes or ends, NULL where it does not. */
const char *md_form_get_amends (MdForm *self);
/* How many different officers beside the clerk it asks to agree: 1 or 2. */
guint md_form_get_officers (MdForm *self);
/* Whether what is issued upon it is handed out at once (即時交付), so that it is sent before all
 * that waits. */
gboolean md_form_is_immediate (MdForm *self);
/* How many fields are used by some procedure. */
guint md_catalogue_count_fields (MdCatalogue *self);
/* Which office works on it: pension care lem health juki common. */
const char *md_form_get_domain (MdForm *self);
/* From which day, and to which (NULL: without end), it is in force. */
const char *md_form_get_from (MdForm *self);
const char *md_form_get_to (MdForm *self);

G_END_DECLS
