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

/* One of them in a sentence: who asks for how many, what holds, and what is to be done. Caller
 * owns. */
char *md_catalogue_dup_disagreement (MdCatalogue *self, MdPolicy *policy,
                                     const char *procedure) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
