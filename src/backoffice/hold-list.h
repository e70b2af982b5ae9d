// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-policy.h>

G_BEGIN_DECLS

/* The office's own list of whom an intake has to stop for (支援措置, 死亡, 同姓同名): it lies here
 * and never at a counter, where a stolen disk would tell it. One person in each line: the kind of
 * hold, name, day of birth, with tabs between them; "#" begins a remark. */
typedef struct _HoldList HoldList;

/* Fails rather than to leave anybody out: the file is not there, or a line is not of that form. The
 * message names the line, and nobody. (transfer full) */
HoldList *hold_list_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Wipes; NULL is allowed. */
void hold_list_free (HoldList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HoldList, hold_list_free)

/* The kinds, as bits (1u << MdHoldKind), for which somebody of this name, in whatever form, and
 * this day of birth is listed. */
guint hold_list_find (const HoldList *self, const char *name, const char *birth);

G_END_DECLS
