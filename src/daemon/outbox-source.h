// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-base.h"
#include "md-line.h"

/* The terminal's outbox as the delivery engine sees it, over a database connection of its own that
 * only the engine's thread uses. */
#define TYPE_OUTBOX_SOURCE (outbox_source_get_type ())
G_DECLARE_FINAL_TYPE (OutboxSource, outbox_source, OUTBOX, SOURCE, GObject)

/* Called (from the engine's thread) after a payload was erased. */
typedef void (*OutboxErased) (gpointer user_data);

OutboxSource *outbox_source_new (const char *path, const char *office, const char *terminal,
                                 MdClock *clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void outbox_source_set_erased (OutboxSource *self, OutboxErased erased, gpointer user_data);
