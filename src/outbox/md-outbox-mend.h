// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-intake.h"

G_BEGIN_DECLS

/* An intake of which something cannot be had from the file any more. */
typedef struct
{
  char *intake;
  char *receipt_number; /* NULL where it was in what is gone */
  gboolean lost; /* nothing of it can be sent from here; else its sealed bytes are damaged, and
                  * the delivery will set them aside */
} MdOutboxMissing;

/* What was saved of an outbox whose file was damaged. */
typedef struct
{
  guint sound;    /* items without a receipt that are whole */
  guint rebuilt;  /* items whose rows were made anew by what they say of themselves */
  guint damaged;  /* of MISSING, those that are not lost */
  guint lost;     /* of MISSING, those that are */
  guint nameless; /* sealed items that nobody can tell whose they are: of those that are missing */
  GPtrArray *missing; /* (element-type MdOutboxMissing); NULL before md_outbox_mend() */
} MdOutboxMended;

void md_outbox_mended_clear (MdOutboxMended *mended);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdOutboxMended, md_outbox_mended_clear)

/* What the sealed BODY says of the intake that it is of, and which item of it it is (*OUT_N): of
 * item 1, all that was known when it was submitted; of a later one, id, state, next_n, and who
 * decided what. NULL where it is not whole. (transfer full) */
typedef MdOutboxIntake *(*MdOutboxReader) (GBytes *body, guint *out_n);

/* Which rows md_db_salvage() has to look for one by one. */
extern const MdDbLookup md_outbox_lookups[];

/* Brings in order what was saved: every payload that READ can read has its row in the queue and its
 * intake again, as it says itself; what is not there is looked for in the log, too, and named. Lost
 * items leave the queue, the counts are made anew. Inside a transaction. DB has today's schema. */
gboolean md_outbox_mend (MdDb *db, MdOutboxReader read, MdOutboxMended *out_mended,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
