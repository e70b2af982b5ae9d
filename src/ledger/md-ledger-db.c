// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <md-db.h>

/* The ledger on md-db: a commit that returned is on the disk, whoever keeps it (md_db_open() sees
 * to that); the bodies lie in a table of their own so that lists never touch them. Several
 * processes may hold the store: whatever decides is read inside the transaction, and no other
 * writes while one is open. */

#define MD_TYPE_LEDGER_DB (md_ledger_db_get_type ())
G_DECLARE_FINAL_TYPE (MdLedgerDb, md_ledger_db, MD, LEDGER_DB, GObject)

struct _MdLedgerDb
{
  GObject parent;

  MdDb *db;
  MdAudit *audit; /* NULL when opened for reading */
  char *place;    /* stands in its records */
  MdLedgerRefusals *refusals;
  MdDbCheckpointer *checkpointer;
};

static void md_ledger_db_ledger_init (MdLedgerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdLedgerDb, md_ledger_db, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_LEDGER, md_ledger_db_ledger_init))

#define ONE_INTAKE_MORE "UPDATE ledger_totals SET intakes = intakes + 1"
#define ONE_DECISION_MORE "UPDATE ledger_totals SET decisions = decisions + 1"

/* As _md_ledger_db_read_entry() takes them. */
#define COLUMNS                                                                                    \
  "sequence, intake, n, digest, received, office, terminal, receipt_number, procedure, officer, "  \
  "decision, policy_version, replaces, policy_digest, nonce, nonce_fresh"

static MdLedgerEntry *
md_ledger_db_look_up (MdLedger *ledger, const char *intake, guint n, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (MD_LEDGER_DB (ledger)->db,
                       "SELECT " COLUMNS " FROM ledger_items WHERE intake = ?1 AND n = ?2", error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return NULL;
  md_db_bind_text (query, 1, intake);
  md_db_bind_int (query, 2, n);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_DONE)
    g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
                 "There is no item %u of the intake %s in the store", n, intake);
  return step == MD_DB_STEP_ROW ? _md_ledger_db_read_entry (query) : NULL;
}

static gboolean
md_ledger_db_fetch (MdLedger *ledger, const char *intake, guint n, GBytes **out_body,
                    GBytes **out_receipt, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);
  g_autoptr (MdDbStatement) query
      = md_db_prepare (self->db,
                       "SELECT b.body, i.receipt FROM ledger_items i"
                       " JOIN ledger_bodies b USING (sequence) WHERE i.intake = ?1 AND i.n = ?2",
                       error);
  MdDbStep step = MD_DB_STEP_ERROR;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, intake);
  md_db_bind_int (query, 2, n);
  step = md_db_step (query, error);
  if (step == MD_DB_STEP_ERROR)
    return FALSE;
  if (step == MD_DB_STEP_DONE)
    {
      g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_MISSING,
                   "There is no item %u of the intake %s in the store", n, intake);
      return FALSE;
    }
  if (out_body != NULL)
    *out_body = md_db_column_bytes (query, 0);
  if (out_receipt != NULL)
    *out_receipt = md_db_column_bytes (query, 1);
  return TRUE;
}

static GPtrArray *
md_ledger_db_list (MdLedger *ledger, guint64 after, guint limit, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);
  g_autoptr (MdDbStatement) query = md_db_prepare (
      self->db,
      "SELECT " COLUMNS " FROM ledger_items WHERE sequence > ?1 ORDER BY sequence LIMIT ?2", error);

  if (query == NULL)
    return NULL;
  md_db_bind_int (query, 1, (gint64)MIN (after, (guint64)G_MAXINT64));
  md_db_bind_int (query, 2, limit);
  return md_db_collect (query, _md_ledger_db_read_entry, (GDestroyNotify)md_ledger_entry_free,
                        error);
}

/* --- Storing --- */

static gboolean
may_write (MdLedgerDb *self, GError **error)
{
  if (self->audit != NULL)
    return TRUE;
  g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED,
                       "The store was opened for reading only");
  return FALSE;
}

MdDb *
_md_ledger_db_get (MdLedger *ledger)
{
  return MD_LEDGER_DB (ledger)->db;
}

MdDb *
_md_ledger_db_get_writable (MdLedger *ledger, MdAudit **out_audit, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  if (!may_write (self, error))
    return NULL;
  if (out_audit != NULL)
    *out_audit = self->audit;
  return self->db;
}

static gboolean
insert_item (MdLedgerDb *self, const MdLedgerEntry *entry, GBytes *receipt, GError **error)
{
  g_autoptr (MdDbStatement) insert
      = md_db_prepare (self->db,
                       "INSERT INTO ledger_items (" COLUMNS ", receipt)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
                       " ?14, ?15, ?16, ?17)",
                       error);

  if (insert == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, (gint64)entry->sequence);
  md_db_bind_text (insert, 2, entry->intake);
  md_db_bind_int (insert, 3, entry->n);
  md_db_bind_text (insert, 4, entry->digest);
  md_db_bind_text (insert, 5, entry->received);
  md_db_bind_text (insert, 6, entry->office);
  md_db_bind_text (insert, 7, entry->terminal);
  md_db_bind_text (insert, 8, entry->receipt_number);
  md_db_bind_text (insert, 9, entry->procedure);
  md_db_bind_text (insert, 10, entry->officer);
  md_db_bind_text (insert, 11, entry->decision);
  md_db_bind_int (insert, 12, entry->policy_version);
  md_db_bind_text (insert, 13, entry->replaces);
  md_db_bind_text (insert, 14, entry->policy_digest);
  md_db_bind_text (insert, 15, entry->nonce);
  md_db_bind_text (insert, 16, entry->nonce_fresh);
  md_db_bind_bytes (insert, 17, receipt);
  return md_db_run (insert, error);
}

static gboolean
insert_body (MdLedgerDb *self, guint64 sequence, GBytes *body, GError **error)
{
  g_autoptr (MdDbStatement) insert = md_db_prepare (
      self->db, "INSERT INTO ledger_bodies (sequence, body) VALUES (?1, ?2)", error);

  if (insert == NULL)
    return FALSE;
  md_db_bind_int (insert, 1, (gint64)sequence);
  md_db_bind_bytes (insert, 2, body);
  return md_db_run (insert, error);
}

static gboolean
record_accepted (MdLedgerDb *self, const MdLedgerEntry *entry, GError **error)
{
  g_autofree char *detail
      = g_strdup_printf ("terminal=%s item=%u sequence=%" G_GUINT64_FORMAT "%s%s", entry->terminal,
                         entry->n, entry->sequence, entry->decision != NULL ? " decision=" : "",
                         entry->decision != NULL ? entry->decision : "");
  MdAuditEntry record = {
    .event = "accept",
    .outcome = MD_AUDIT_DONE,
    .staff = entry->officer,
    .object = entry->intake,
    .digest = entry->digest,
    .detail = detail,
  };

  return md_audit_append (self->audit, &record, error);
}

/* Inside the transaction: gives the sequence, has the receipt made, writes everything. */
static GBytes *
store (MdLedgerDb *self, const MdLedgerEntry *given, GBytes *body, MdLedgerReceiptFunc make_receipt,
       gpointer user_data, GError **error)
{
  MdLedgerEntry entry = *given; /* borrows its strings */
  g_autoptr (GBytes) receipt = NULL;
  gint64 last = 0;

  if (!md_db_get_int (self->db, "SELECT coalesce (max (sequence), 0) FROM ledger_items", &last,
                      error))
    return NULL;
  entry.sequence = (guint64)last + 1;
  receipt = make_receipt (&entry, user_data, error);
  if (receipt == NULL || !insert_item (self, &entry, receipt, error)
      || !insert_body (self, entry.sequence, body, error)
      || !md_db_exec (self->db, entry.n == 1 ? ONE_INTAKE_MORE : ONE_DECISION_MORE, error)
      || !_md_ledger_db_keep_letter (self->db, &entry, error)
      || !_md_ledger_db_keep_number (self->db, &entry, error)
      || !_md_ledger_db_end_uploads (self->db, &entry, error)
      || !record_accepted (self, &entry, error))
    return NULL;
  return g_steal_pointer (&receipt);
}

static MdLedgerPut
md_ledger_db_put (MdLedger *ledger, const MdLedgerEntry *entry, GBytes *body,
                  MdLedgerReceiptFunc make_receipt, gpointer user_data, GBytes **out_receipt,
                  GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);
  g_autoptr (MdDbTransaction) transaction = NULL;
  g_autoptr (GBytes) receipt = NULL;
  MdLedgerPut put = MD_LEDGER_PUT_FAILED;

  if (!may_write (self, error))
    return MD_LEDGER_PUT_FAILED;
  transaction = md_db_begin (self->db, error);
  if (transaction == NULL)
    return MD_LEDGER_PUT_FAILED;
  put = _md_ledger_db_judge (self->db, entry, error);
  if (put == MD_LEDGER_PUT_SAME
      && !md_ledger_db_fetch (ledger, entry->intake, entry->n, NULL, out_receipt, error))
    return MD_LEDGER_PUT_FAILED;
  if (put != MD_LEDGER_PUT_CREATED)
    return put;
  receipt = store (self, entry, body, make_receipt, user_data, error);
  if (receipt == NULL || !md_db_commit (g_steal_pointer (&transaction), error))
    return MD_LEDGER_PUT_FAILED;
  *out_receipt = g_steal_pointer (&receipt);
  return MD_LEDGER_PUT_CREATED;
}

/* --- The rest --- */

static void
open_audit (MdLedgerDb *self, const char *office)
{
  self->audit = md_audit_new (self->db, office, self->place, md_clock_get_system ());
  self->refusals = _md_ledger_refusals_new (self->db, self->audit);
}

static void
close_audit (MdLedgerDb *self)
{
  g_autoptr (GError) error = NULL;

  if (self->refusals != NULL && !_md_ledger_refusals_settle (self->refusals, TRUE, &error))
    g_message ("refusals that were counted could not be recorded: %s", error->message);
  g_clear_pointer (&self->refusals, _md_ledger_refusals_free);
  g_clear_pointer (&self->audit, md_audit_free);
}

static void
md_ledger_db_set_office (MdLedger *ledger, const char *office)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  if (self->audit == NULL)
    return;
  close_audit (self);
  open_audit (self, office);
}

static gboolean
md_ledger_db_note (MdLedger *ledger, const MdAuditEntry *entry, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error) && md_audit_record_now (self->audit, entry, error);
}

static gboolean
md_ledger_db_note_refusal (MdLedger *ledger, const MdLedgerRefusal *refusal,
                           const MdAuditEntry *entry, gboolean *out_recorded, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_refusals_note (self->refusals, refusal, entry, out_recorded, error);
}

static GPtrArray *
md_ledger_db_list_refusals (MdLedger *ledger, GError **error)
{
  return _md_ledger_db_list_refusals (MD_LEDGER_DB (ledger)->db, error);
}

static gboolean
md_ledger_db_settle_refusals (MdLedger *ledger, gboolean all, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error) && _md_ledger_refusals_settle (self->refusals, all, error);
}

static void
md_ledger_db_set_room (MdLedger *ledger, gboolean room)
{
  _md_ledger_refusals_set_room (MD_LEDGER_DB (ledger)->refusals, room);
}

static gboolean
md_ledger_db_verify_audit (MdLedger *ledger, MdAuditReport *out_report, GError **error)
{
  return md_audit_verify (MD_LEDGER_DB (ledger)->db, out_report, error);
}

static GPtrArray *
md_ledger_db_list_done (MdLedger *ledger, const char *event, GError **error)
{
  return _md_ledger_db_list_done (MD_LEDGER_DB (ledger)->db, event, error);
}

static gboolean
md_ledger_db_count_looks (MdLedger *ledger, const char *officer, const char *since, guint *out_n,
                          GError **error)
{
  return _md_ledger_db_count_looks (MD_LEDGER_DB (ledger)->db, officer, since, out_n, error);
}

static gboolean
md_ledger_db_count (MdLedger *ledger, guint64 *out_intakes, guint64 *out_decisions,
                    guint64 *out_notes, GError **error)
{
  return _md_ledger_db_count (MD_LEDGER_DB (ledger)->db, out_intakes, out_decisions, out_notes,
                              error);
}

/* --- Policies and the keys of nonces --- */

static gboolean
md_ledger_db_keep_policy (MdLedger *ledger, const MdLedgerPolicy *policy, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_keep_policy (self->db, self->audit, policy, error);
}

static gboolean
md_ledger_db_add_nonce_key (MdLedger *ledger, const MdLedgerNonceKey *key, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error) && _md_ledger_db_add_nonce_key (self->db, key, error);
}

static gboolean
md_ledger_db_look_up_letter (MdLedger *ledger, const char *decision, MdLedgerLetter *out_letter,
                             GError **error)
{
  return _md_ledger_db_look_up_letter (MD_LEDGER_DB (ledger)->db, decision, out_letter, error);
}

static MdLedgerEntry *
md_ledger_db_find_letter (MdLedger *ledger, const char *office, const char *receipt_number,
                          GError **error)
{
  g_autofree char *intake = NULL;

  if (!_md_ledger_db_find_letter (MD_LEDGER_DB (ledger)->db, office, receipt_number, &intake,
                                  error))
    return NULL;
  return md_ledger_db_look_up (ledger, intake, 1, error);
}

static GPtrArray *
md_ledger_db_list_nonce_keys (MdLedger *ledger, GError **error)
{
  return _md_ledger_db_list_nonce_keys (MD_LEDGER_DB (ledger)->db, error);
}

/* --- What the back office found out --- */

static gboolean
md_ledger_db_complete (MdLedger *ledger, const MdLedgerCompletion *completion, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_complete (self->db, self->audit, completion, error);
}

static MdLedgerCompletion *
md_ledger_db_look_up_completion (MdLedger *ledger, const char *intake, GError **error)
{
  return _md_ledger_db_look_up_completion (MD_LEDGER_DB (ledger)->db, intake, error);
}

static gboolean
md_ledger_db_bind (MdLedger *ledger, const MdLedgerBinding *binding, const char *officer,
                   GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_bind (self->db, self->audit, binding, officer, error);
}

static GPtrArray *
md_ledger_db_list_bound (MdLedger *ledger, const MdLedgerBinding *binding, GError **error)
{
  return _md_ledger_db_list_bound (MD_LEDGER_DB (ledger)->db, binding, error);
}

static gboolean
md_ledger_db_confirm (MdLedger *ledger, const MdLedgerConfirmation *confirmation, GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_confirm (self->db, self->audit, confirmation, error);
}

static GPtrArray *
md_ledger_db_list_confirmations (MdLedger *ledger, const char *intake, GError **error)
{
  return _md_ledger_db_list_confirmations (MD_LEDGER_DB (ledger)->db, intake, error);
}

static gboolean
md_ledger_db_add (MdLedger *ledger, const MdLedgerAddition *addition, const char *note,
                  GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_add (self->db, self->audit, addition, note, error);
}

static GPtrArray *
md_ledger_db_list_additions (MdLedger *ledger, const char *intake, GError **error)
{
  return _md_ledger_db_list_additions (MD_LEDGER_DB (ledger)->db, intake, error);
}

/* --- Receipt numbers --- */

static gboolean
md_ledger_db_tell_numbers (MdLedger *ledger, const MdLedgerStanding *told, MdLedgerNumbers *out,
                           GError **error)
{
  MdLedgerDb *self = MD_LEDGER_DB (ledger);

  return may_write (self, error)
         && _md_ledger_db_tell_numbers (self->db, self->audit, told, out, error);
}

static void
md_ledger_db_ledger_init (MdLedgerInterface *iface)
{
  iface->put = md_ledger_db_put;
  iface->look_up = md_ledger_db_look_up;
  iface->fetch = md_ledger_db_fetch;
  iface->list = md_ledger_db_list;
  iface->keep_policy = md_ledger_db_keep_policy;
  iface->add_nonce_key = md_ledger_db_add_nonce_key;
  iface->list_nonce_keys = md_ledger_db_list_nonce_keys;
  iface->complete = md_ledger_db_complete;
  iface->look_up_completion = md_ledger_db_look_up_completion;
  iface->bind = md_ledger_db_bind;
  iface->list_bound = md_ledger_db_list_bound;
  iface->confirm = md_ledger_db_confirm;
  iface->list_confirmations = md_ledger_db_list_confirmations;
  iface->add = md_ledger_db_add;
  iface->list_additions = md_ledger_db_list_additions;
  _md_ledger_db_offer_notices (iface);
  _md_ledger_db_offer_in_force (iface);
  iface->look_up_letter = md_ledger_db_look_up_letter;
  iface->find_letter = md_ledger_db_find_letter;
  iface->tell_numbers = md_ledger_db_tell_numbers;
  _md_ledger_db_offer_uploads (iface);
  _md_ledger_db_offer_renewals (iface);
  iface->set_office = md_ledger_db_set_office;
  iface->note = md_ledger_db_note;
  iface->note_refusal = md_ledger_db_note_refusal;
  iface->list_refusals = md_ledger_db_list_refusals;
  iface->settle_refusals = md_ledger_db_settle_refusals;
  iface->set_room = md_ledger_db_set_room;
  iface->verify_audit = md_ledger_db_verify_audit;
  iface->list_done = md_ledger_db_list_done;
  iface->count_looks = md_ledger_db_count_looks;
  iface->count = md_ledger_db_count;
}

static void
md_ledger_db_init (MdLedgerDb *self)
{
}

static void
md_ledger_db_finalize (GObject *object)
{
  MdLedgerDb *self = MD_LEDGER_DB (object);

  g_clear_pointer (&self->checkpointer, md_db_checkpointer_stop);
  close_audit (self);
  g_free (self->place);
  g_clear_pointer (&self->db, md_db_close);
  G_OBJECT_CLASS (md_ledger_db_parent_class)->finalize (object);
}

static void
md_ledger_db_class_init (MdLedgerDbClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_ledger_db_finalize;
}

static gboolean
set_up (MdLedgerDb *self, const char *path, const MdLedgerUse *use, GError **error)
{
  self->db = md_db_open (path, use->writable ? MD_DB_READ_WRITE : MD_DB_READ_ONLY, error);
  if (self->db == NULL)
    return FALSE;
  if (!use->writable)
    return _md_ledger_db_check_version (self->db, error);
  if (!md_db_recover (self->db, error) || !md_audit_migrate (self->db, error)
      || !_md_ledger_db_migrate (self->db, error))
    return FALSE;
  self->place = g_strdup (use->place);
  open_audit (self, use->office);
  return TRUE;
}

/* SQLite leaves it to its user when the write-ahead log is moved into the file. */
MdLedger *
_md_ledger_sqlite_open (const char *place, const MdLedgerUse *use, GError **error)
{
  g_autoptr (MdLedgerDb) self = g_object_new (MD_TYPE_LEDGER_DB, NULL);
  g_autoptr (GError) local = NULL;

  if (set_up (self, place, use, &local) && use->writable && use->service)
    self->checkpointer = md_db_checkpointer_start (place, &local);
  if (local == NULL)
    return MD_LEDGER (g_steal_pointer (&self));
  g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED, "The store %s cannot be opened: %s",
               place, local->message);
  return NULL;
}

/* The address is not shown: it may hold a password, which is why it was refused then. */
MdLedger *
_md_ledger_postgresql_open (const char *place, const MdLedgerUse *use, GError **error)
{
  g_autoptr (MdLedgerDb) self = g_object_new (MD_TYPE_LEDGER_DB, NULL);
  g_autoptr (GError) local = NULL;

  md_db_offer_postgresql ();
  if (set_up (self, place, use, &local))
    return MD_LEDGER (g_steal_pointer (&self));
  g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FAILED, "The store cannot be opened: %s",
               local->message);
  return NULL;
}
