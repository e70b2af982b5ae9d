// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-card.h>

G_BEGIN_DECLS

/* The real readers, with news that can be held back: what comes and goes meanwhile is told of in
 * one piece at the end, as by a machine that was too busy to look. */
#define LATE_TYPE_BACKEND (late_backend_get_type ())
G_DECLARE_FINAL_TYPE (LateBackend, late_backend, LATE, BACKEND, GObject)

LateBackend *late_backend_new (void);
void late_backend_hold_news (LateBackend *self, gboolean hold);
/* The card service refuses us from the next news on, until it does no more. */
void late_backend_forbid (LateBackend *self, gboolean forbid);

G_END_DECLS
