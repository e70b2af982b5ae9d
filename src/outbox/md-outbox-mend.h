// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* Of the items without a receipt in an outbox that was saved from a damaged file. */
typedef struct
{
  guint sound;
  guint damaged; /* their sealed bytes are not those that were stored, or are missing: the delivery
                  * will set them aside */
  guint lost;    /* what is known of their intakes is gone: they cannot be sent from here */
} MdOutboxMended;

/* Which rows md_db_salvage() has to look for one by one. */
extern const MdDbLookup md_outbox_lookups[];

/* Looks at each item that waits, compares its bytes with their digest, and brings in order what no
 * longer goes together: lost items leave the queue, the counts are made anew. Inside a transaction.
 * DB has today's schema. */
gboolean md_outbox_mend (MdDb *db, MdOutboxMended *out_mended,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
