// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_OUTBOX_COMPILATION
#error "Private to this module."
#endif

#include "md-outbox-delivery.h"
#include "md-outbox-intake.h"

struct _MdOutbox
{
  MdDb *db;
  MdAudit *audit;
  MdClock *clock;
  gboolean erased; /* anything, since md_outbox_take_erased() */
  gint64 looked_ms, looked_monotonic_ms,
      jumped_monotonic_ms; /* at the clock: md_outbox_judge_clock() */
  guint urgent_run;        /* items given out one after the other that are urgent */
};

/* Wall time in milliseconds; the same as RFC 3339. */
gint64 _md_outbox_now_ms (MdOutbox *self);
char *_md_outbox_now_text (MdOutbox *self);

/* The one text that SQL finds for the intake ID; "" where it finds none. NULL with ERROR. (transfer
 * full) */
char *_md_outbox_dup_text (MdOutbox *self, const char *sql, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same entry, with the intake as its object and DIGEST where it is known. */
gboolean _md_outbox_append_audit (MdOutbox *self, const MdAuditEntry *entry, const char *id,
                                  const char *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* MD_OUTBOX_ERROR_STATE, for people; FALSE. */
gboolean _md_outbox_refuse_state (const MdOutboxIntake *intake, GError **error);

/* md_outbox_raise_hold() inside a transaction, for an intake that may be stopped. */
gboolean _md_outbox_stop (MdOutbox *self, const char *id, const char *raised,
                          const MdAuditEntry *entry, guint *out_n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing holds the intake up. MD_OUTBOX_ERROR_HELD. */
gboolean _md_outbox_check_holds (MdOutbox *self, const char *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DETAIL of the record of an intake's end, with how much still held it ("held=N"). (transfer full)
 */
char *_md_outbox_describe_end (MdOutbox *self, const char *id, const char *detail,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the accepted letter ID allows; inside a transaction. */
gboolean _md_outbox_keep_letter (MdOutbox *self, const char *id, const MdOutboxLetter *letter,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the letter of the intake LETTER->intake allows from now on, in place of what the decision
 * AMENDS said. MD_OUTBOX_ERROR_STATE when that is not what holds; inside a transaction. */
gboolean _md_outbox_change_letter (MdOutbox *self, const MdOutboxLetter *letter, const char *amends,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* md_outbox_reserve() inside a transaction. */
MdOutboxIntake *_md_outbox_reserve (MdOutbox *self, const MdOutboxReserve *reserve,
                                    const MdAuditEntry *entry,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* md_outbox_abandon() inside a transaction; WAITS: what was kept of it stays. */
gboolean _md_outbox_end_reserved (MdOutbox *self, const char *id, const MdAuditEntry *entry,
                                  gboolean waits, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The intake is over: its draft goes, or WAITS for another one. Inside a transaction. */
gboolean _md_outbox_end_draft (MdOutbox *self, const char *intake, gboolean waits,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts the bytes into ITEM, held to its digest. MD_DB_ERROR_CORRUPT. */
gboolean _md_outbox_read_body (MdOutbox *self, MdOutboxItem *item,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next receipt number of the pool; inside a transaction. MD_OUTBOX_ERROR_NO_NUMBERS. */
char *_md_outbox_take_number (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What came of an application that is parked is parked, too. Inside a transaction. */
gboolean _md_outbox_inherit_parked (MdOutbox *self, const char *id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was refused and kept for a while goes when that is over. Inside a transaction. */
gboolean _md_outbox_sweep_kept (MdOutbox *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nothing of the intake is needed here any more; what of it is here goes, with an audit
 * record. Inside a transaction. */
gboolean _md_outbox_is_finished (MdOutbox *self, const char *intake, gboolean *out_finished,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean _md_outbox_erase (MdOutbox *self, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE, with @error. */
gboolean _md_outbox_refuse (GError **error, MdOutboxError code, const char *message);

/* Whether QUERY, with these two texts (OTHER: NULL for none), finds anything. */
gboolean _md_outbox_finds (MdOutbox *self, const char *query, const char *text, const char *other,
                           gboolean *out_finds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
