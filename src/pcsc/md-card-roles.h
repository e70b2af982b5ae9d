// SPDX-License-Identifier: Apache-2.0
// Private to src/pcsc: which reader is for whom. No readers here, only their names.
#pragma once

#ifndef MD_PCSC_COMPILATION
#error "md-card-roles.h is private to src/pcsc"
#endif

#include "md-card-reader.h"

G_BEGIN_DECLS

// What the administrator has fixed, and what the people at the terminal have chosen. A choice is
// kept for the reader, not for the socket or the order it was plugged in: by its name, in which the
// driver has its maker, model and serial number, without the count that changes. Two readers that
// are called the same are told apart by their whole names.
typedef struct _MdCardRoles MdCardRoles;

MdCardRoles *_md_card_roles_new (void) G_GNUC_WARN_UNUSED_RESULT;
void _md_card_roles_free (MdCardRoles *self);

// NULL: nobody fixes it any more.
void _md_card_roles_fix (MdCardRoles *self, MdCardRole role, const char *name);
const char *_md_card_roles_get_fixed (MdCardRoles *self, MdCardRole role);

// a{ss}: "resident", "staff" or "none" for each reader; what is anything else is left out.
void _md_card_roles_set_choices (MdCardRoles *self, GVariant *choices);
GVariant *_md_card_roles_get_choices (MdCardRoles *self) G_GNUC_WARN_UNUSED_RESULT;

// Whether any reader, connected or not, was chosen for it.
gboolean _md_card_roles_is_chosen (MdCardRoles *self, MdCardRole role);

// READERS: the names of all that are connected. For each its role; OUT_FREE: nobody has said
// anything of it, so it may stand in where nobody has said anything of a role.
void _md_card_roles_assign (MdCardRoles *self, const char *const *readers, MdCardRole *out_roles,
                            gboolean *out_free);

// Gives the reader at AT a role (NONE: it is not to be used). Another connected one that has it
// takes over what the reader was before. FALSE: the role or the reader is fixed.
gboolean _md_card_roles_choose (MdCardRoles *self, const char *const *readers, guint at,
                                MdCardRole role);

G_END_DECLS
