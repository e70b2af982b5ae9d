// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_COMPILATION)
#error "Private to base."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** @size bytes, all zero, in locked pages that no core dump holds. Never NULL. */
guint8 *md_secret_arena_alloc (gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** Wipes and gives back what md_secret_arena_alloc() gave for @size. */
void md_secret_arena_free (guint8 *place, gsize size);

/** Whether every mapping could be locked. */
gboolean md_secret_arena_is_locked (void);

G_END_DECLS
