// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-catalogue.h"

G_BEGIN_DECLS

/* The procedures of which form and policy say differently how many officers have to agree, by their
 * ids, NULL-terminated; of those that the policy has. Caller owns. */
char **md_catalogue_list_disagreements (MdCatalogue *self, MdPolicy *policy);

/* One of these in a sentence: who asks for how many, what holds, and what is to be done. Caller
 * owns. */
char *md_catalogue_dup_disagreement (MdCatalogue *self, MdPolicy *policy,
                                     const char *procedure) G_GNUC_WARN_UNUSED_RESULT;

/* The procedures whose form in force on the day of NOW (microseconds since 1970) is of a version
 * that the policy does not take on that day, by their ids, NULL-terminated: the gateway would
 * refuse what is filled in by it. Caller owns. */
char **md_catalogue_list_untaken (MdCatalogue *self, MdPolicy *policy,
                                  gint64 now) G_GNUC_WARN_UNUSED_RESULT;

/* The same in sentences, also of what begins or ends within 30 days. Caller owns. */
char **md_catalogue_tell_untaken (MdCatalogue *self, MdPolicy *policy,
                                  gint64 now) G_GNUC_WARN_UNUSED_RESULT;

/* Whether PROCEDURE is one of them; FALSE also where it has no form in force. */
gboolean md_catalogue_is_untaken (MdCatalogue *self, MdPolicy *policy, const char *procedure,
                                  gint64 now);

/* A sentence for each procedure of which the roles that the policy gives the opening desk may not
 * hand over a field that somebody at the counter may read: its exports lack what was filled in
 * there. NULL-terminated. Caller owns. */
char **md_catalogue_list_kept (MdCatalogue *self, MdPolicy *policy);

G_END_DECLS
