// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-match.h"

G_BEGIN_DECLS

// People to be found again by name and birth: the day list of a branch. What it finds is what
// md_match() calls the same, or the same in another form, in both items; how long it takes hardly
// depends on how many people are in it. The texts lie on the heap and are wiped; one thread at a
// time.
typedef struct _MdMatchIndex MdMatchIndex;

MdMatchIndex *md_match_index_new (void) G_GNUC_WARN_UNUSED_RESULT;
void md_match_index_free (MdMatchIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdMatchIndex, md_match_index_free)

// Takes a copy of both sides; TAG is the caller's, and may stand for several people. FALSE without
// a name that is text or a birth that is a date: such a person can be found by nobody.
gboolean md_match_index_add (MdMatchIndex *self, guint tag, const MdMatchSide *name,
                             const MdMatchSide *birth) G_GNUC_WARN_UNUSED_RESULT;

guint md_match_index_get_size (const MdMatchIndex *self);

// The tags of all who are this person by name and birth, in the order in which they were added.
// (transfer full, element-type guint)
GArray *md_match_index_find (const MdMatchIndex *self, const MdMatchSide *name,
                             const MdMatchSide *birth) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
