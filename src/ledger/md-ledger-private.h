// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LEDGER_COMPILATION)
#error "Private to ledger."
#endif

/* What lies behind md-ledger-open.c. */

#include "md-ledger-in-force.h"
#include "md-ledger-renewals.h"
#include "md-ledger-store.h"

#include <md-db.h>

G_BEGIN_DECLS

/* A ledger on md-db; @place is what md_db_open() takes. */
MdLedger *_md_ledger_sqlite_open (const char *place, const MdLedgerUse *use, GError **error);
MdLedger *_md_ledger_postgresql_open (const char *place, const MdLedgerUse *use, GError **error);

/* All tables as they are on PostgreSQL, where none of before them ever lay; and those of numbers,
 * uploads, refusals and renewals. */
extern const char _md_ledger_postgresql_tables[];
extern const char _md_ledger_postgresql_numbers[];
extern const char _md_ledger_postgresql_uploads[];
extern const char _md_ledger_postgresql_refusals[];
extern const char _md_ledger_postgresql_renewals[];

/* What an engine on md-db keeps beside its items; see md_ledger_keep_policy() and the others. */
gboolean _md_ledger_db_keep_policy (MdDb *db, MdAudit *audit, const MdLedgerPolicy *policy,
                                    GError **error);
GPtrArray *_md_ledger_db_list_policies (MdDb *db, guint after, GError **error);
gboolean _md_ledger_db_add_nonce_key (MdDb *db, const MdLedgerNonceKey *key, GError **error);
GPtrArray *_md_ledger_db_list_nonce_keys (MdDb *db, GError **error);

/* See md_ledger_complete() and md_ledger_look_up_completion(). */
gboolean _md_ledger_db_complete (MdDb *db, MdAudit *audit, const MdLedgerCompletion *completion,
                                 GError **error);
MdLedgerCompletion *_md_ledger_db_look_up_completion (MdDb *db, const char *intake, GError **error);

/* See md_ledger_bind() and the three after it. */
gboolean _md_ledger_db_bind (MdDb *db, MdAudit *audit, const MdLedgerBinding *binding,
                             const char *officer, GError **error);
GPtrArray *_md_ledger_db_list_bound (MdDb *db, const MdLedgerBinding *binding, GError **error);
gboolean _md_ledger_db_confirm (MdDb *db, MdAudit *audit, const MdLedgerConfirmation *confirmation,
                                GError **error);
GPtrArray *_md_ledger_db_list_confirmations (MdDb *db, const char *intake, GError **error);

/* See md_ledger_add() and the one after it. */
gboolean _md_ledger_db_add (MdDb *db, MdAudit *audit, const MdLedgerAddition *addition,
                            const char *note, GError **error);
GPtrArray *_md_ledger_db_list_additions (MdDb *db, const char *intake, GError **error);

/* An MdLedgerEntry of a row of items. (transfer full) */
gpointer _md_ledger_db_read_entry (MdDbStatement *row);

/* See md_ledger_list_done(), md_ledger_count_looks() and md_ledger_count(). */
GPtrArray *_md_ledger_db_list_done (MdDb *db, const char *event, GError **error);
gboolean _md_ledger_db_count_looks (MdDb *db, const char *officer, const char *since, guint *out_n,
                                    GError **error);
gboolean _md_ledger_db_count (MdDb *db, guint64 *out_intakes, guint64 *out_decisions,
                              guint64 *out_notes, GError **error);

/* See md_ledger_look_up_letter(). */
gboolean _md_ledger_db_look_up_letter (MdDb *db, const char *decision, MdLedgerLetter *out_letter,
                                       GError **error);

/* See md_ledger_find_letter(). */
gboolean _md_ledger_db_find_letter (MdDb *db, const char *office, const char *receipt_number,
                                    char **out_intake, GError **error);

/* Takes down a decision upon a letter, where @entry is one: inside the transaction that stores it.
 */
gboolean _md_ledger_db_keep_letter (MdDb *db, const MdLedgerEntry *entry, GError **error);

/* Whether another decision took the place of what @entry cites or amends. The same. */
gboolean _md_ledger_db_is_letter_changed (MdDb *db, const MdLedgerEntry *entry,
                                          gboolean *out_changed, GError **error);

/* Whether a notice gave back the letter that @entry cites or changes, or something that it rests
 * on; and whether one gave back the intake @intake. The same. */
gboolean _md_ledger_db_is_letter_given_back (MdDb *db, const MdLedgerEntry *entry,
                                             gboolean *out_given_back, GError **error);
gboolean _md_ledger_db_is_given_back (MdDb *db, const char *intake, gboolean *out_given_back,
                                      GError **error);

/* The receipt number of the intake @entry, and that the terminal was seen: inside the transaction
 * that stores it. */
gboolean _md_ledger_db_keep_number (MdDb *db, const MdLedgerEntry *entry, GError **error);

/* Whether the receipt number of the intake @entry is its terminal's, and no other's; CREATED where
 * it is. The same. */
MdLedgerPut _md_ledger_db_judge_number (MdDb *db, const MdLedgerEntry *entry, GError **error);

/* See md_ledger_tell_numbers(). */
gboolean _md_ledger_db_tell_numbers (MdDb *db, MdAudit *audit, const MdLedgerStanding *told,
                                     MdLedgerNumbers *out, GError **error);

/* What a put of @entry leaves of uploads of the same intake by the same terminal: nothing. Inside
 * the transaction that stores it. */
gboolean _md_ledger_db_end_uploads (MdDb *db, const MdLedgerEntry *entry, GError **error);

/* Each sets what its file does of the interface. */
void _md_ledger_db_offer_notices (MdLedgerInterface *iface);
void _md_ledger_db_offer_uploads (MdLedgerInterface *iface);
void _md_ledger_db_offer_renewals (MdLedgerInterface *iface);
void _md_ledger_db_offer_in_force (MdLedgerInterface *iface);

/* The database of @ledger, one of this engine, for reading. */
MdDb *_md_ledger_db_get (MdLedger *ledger);

/* The same for writing, and its chain (@out_audit: nullable); NULL with
 * @error set where it was opened for reading. */
MdDb *_md_ledger_db_get_writable (MdLedger *ledger, MdAudit **out_audit, GError **error);

/* Keeps refusals, and a flood of them out of the chain; see md_ledger_note_refusal(). @db and
 * @audit must outlive it. */
typedef struct _MdLedgerRefusals MdLedgerRefusals;

MdLedgerRefusals *_md_ledger_refusals_new (MdDb *db, MdAudit *audit);
void _md_ledger_refusals_free (MdLedgerRefusals *self);
gboolean _md_ledger_refusals_note (MdLedgerRefusals *self, const MdLedgerRefusal *refusal,
                                   const MdAuditEntry *entry, gboolean *out_recorded,
                                   GError **error);
GPtrArray *_md_ledger_db_list_refusals (MdDb *db, GError **error);
void _md_ledger_refusals_set_room (MdLedgerRefusals *self, gboolean room);
gboolean _md_ledger_refusals_settle (MdLedgerRefusals *self, gboolean all, GError **error);

/* Makes the tables or brings those of an earlier version to what they are now. */
gboolean _md_ledger_db_migrate (MdDb *db, GError **error);

/* For a store that is only read: its tables must be as they are now. */
gboolean _md_ledger_db_check_version (MdDb *db, GError **error);

/* What a put of @entry comes to, as things stand; CREATED means that it may be stored. To be asked
 * inside the transaction that stores it. */
MdLedgerPut _md_ledger_db_judge (MdDb *db, const MdLedgerEntry *entry, GError **error);

G_END_DECLS
