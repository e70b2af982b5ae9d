// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <glib/gi18n.h>

#include "md-audit-log.h"
#include "md-audit-private.h"

#define HASH_SIZE 32
#define TAG_SIZE 16
#define PAGE 1000 /* records that are read at once */

struct _MdAudit
{
  MdDb *db;
  MdClock *clock;
  char *office;
  char *terminal;
};

GQuark
md_audit_error_quark (void)
{
  return g_quark_from_static_string ("md-audit-error-quark");
}

/* The highest number ever given is kept (in SQLite by AUTOINCREMENT), so that records cut off at
 * the end are missed.
 * The triggers stop what is not deliberate; the chain shows what is. */
static const MdDbMigration migrations[] = {
  { "the log",
    "CREATE TABLE audit ("
    " seq INTEGER PRIMARY KEY AUTOINCREMENT, processed_at TEXT NOT NULL,"
    " staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, section_code TEXT NOT NULL,"
    " office_code TEXT NOT NULL, terminal_id TEXT NOT NULL, event TEXT NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),"
    " reason_code TEXT NOT NULL, reason_text TEXT NOT NULL, subject_no TEXT NOT NULL,"
    " object_id TEXT NOT NULL, object_digest TEXT NOT NULL, detail TEXT NOT NULL,"
    " peer_time TEXT NOT NULL,"
    " prev_hash BLOB NOT NULL CHECK (length (prev_hash) = 32),"
    " hash BLOB NOT NULL CHECK (length (hash) = 32)) STRICT;"
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE (ABORT, 'audit records are never changed'); END;"
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE (ABORT, 'audit records are never deleted'); END",
    "CREATE TABLE audit ("
    " seq BIGINT PRIMARY KEY, processed_at TEXT NOT NULL,"
    " staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, section_code TEXT NOT NULL,"
    " office_code TEXT NOT NULL, terminal_id TEXT NOT NULL, event TEXT NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),"
    " reason_code TEXT NOT NULL, reason_text TEXT NOT NULL, subject_no TEXT NOT NULL,"
    " object_id TEXT NOT NULL, object_digest TEXT NOT NULL, detail TEXT NOT NULL,"
    " peer_time TEXT NOT NULL,"
    " prev_hash BYTEA NOT NULL CHECK (length (prev_hash) = 32),"
    " hash BYTEA NOT NULL CHECK (length (hash) = 32));"
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit"
    " FOR EACH ROW EXECUTE FUNCTION append_only ();"
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION append_only ();"
    "INSERT INTO numbers_given (name, seq) VALUES ('audit', 0);"
    "CREATE FUNCTION audit_given () RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN UPDATE numbers_given SET seq = new.seq WHERE name = ''audit'' AND seq < new.seq;"
    " RETURN NULL; END';"
    "CREATE TRIGGER audit_given AFTER INSERT ON audit"
    " FOR EACH ROW EXECUTE FUNCTION audit_given ()" },
};

#define COLUMNS                                                                                    \
  "seq, processed_at, staff_id, staff_name, section_code, office_code, terminal_id, event,"        \
  " outcome, reason_code, reason_text, subject_no, object_id, object_digest, detail, peer_time,"   \
  " prev_hash, hash"

gboolean
md_audit_migrate (MdDb *db, GError **error)
{
  return md_db_migrate (db, "audit", migrations, G_N_ELEMENTS (migrations), error);
}

MdAudit *
md_audit_new (MdDb *db, const char *office, const char *terminal, MdClock *clock)
{
  MdAudit *self = g_new0 (MdAudit, 1);

  self->db = db;
  self->clock = g_object_ref (clock);
  self->office = g_strdup (office);
  self->terminal = g_strdup (terminal);
  return self;
}

void
md_audit_free (MdAudit *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->clock);
  g_free (self->office);
  g_free (self->terminal);
  g_free (self);
}

gboolean
md_audit_detail_is_clean (const char *text)
{
  guint digits = 0;

  if (text == NULL)
    return TRUE;
  if (strlen (text) > MD_LIMIT_AUDIT_DETAIL)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    {
      /* Plain ASCII holds no name and no address as they are written here; a row of eight digits
       * may be a birth date or worse. */
      if (!g_ascii_isalnum (*p) && strchr (" =:,;./+_-", *p) == NULL)
        return FALSE;
      digits = g_ascii_isdigit (*p) ? digits + 1 : 0;
      if (digits >= 8)
        return FALSE;
    }
  return !md_text_contains_individual_number (text);
}

char *
md_audit_detail_number (guint32 number)
{
  if (number < 10000000u)
    return g_strdup_printf ("%u", number);
  return g_strdup_printf ("%u.%06u", number / 1000000u, number % 1000000u);
}

/* The hash of the last record there is, and the number after the last one that ever was: where
 * records are gone from the end, the gap stays for good. */
static gboolean
read_head (MdAudit *self, MdAuditRecord *record, GError **error)
{
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", error);
  g_autoptr (GBytes) hash = NULL;
  guint64 given = 0, last;
  MdDbStep step;

  if (statement == NULL || !md_db_get_highest_given (self->db, "audit", &given, error))
    return FALSE;
  step = md_db_step (statement, error);
  record->sequence = given + 1;
  if (step != MD_DB_STEP_ROW)
    return step == MD_DB_STEP_DONE;
  last = (guint64)md_db_column_int (statement, 0);
  record->sequence = MAX (last, given) + 1;
  hash = md_db_column_bytes (statement, 1);
  if (hash == NULL || g_bytes_get_size (hash) != HASH_SIZE)
    {
      g_set_error (error, MD_AUDIT_ERROR, MD_AUDIT_ERROR_DAMAGED,
                   _ ("The audit log is damaged at record %llu. Call the administrator; nothing is "
                      "done without a record."),
                   (unsigned long long)last);
      return FALSE;
    }
  memcpy (record->previous, g_bytes_get_data (hash, NULL), HASH_SIZE);
  return TRUE;
}

static char *
text_or_empty (const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

static void
fill_in (MdAudit *self, const MdAuditEntry *entry, MdAuditRecord *record)
{
  record->time = md_time_format_rfc3339 (md_clock_get_wall_us (self->clock));
  record->staff = text_or_empty (entry->staff);
  record->staff_name = text_or_empty (entry->staff_name);
  record->department = text_or_empty (entry->department);
  record->office = g_strdup (self->office);
  record->terminal = g_strdup (self->terminal);
  record->event = g_strdup (entry->event);
  record->outcome = entry->outcome;
  record->reason = text_or_empty (entry->reason);
  record->reason_text = text_or_empty (entry->reason_text);
  record->subject = text_or_empty (entry->subject);
  record->object = text_or_empty (entry->object);
  record->digest = text_or_empty (entry->digest);
  record->detail = text_or_empty (entry->detail);
  record->peer_time = text_or_empty (entry->peer_time);
  md_audit_record_hash (record, record->hash);
}

static gboolean
insert (MdAudit *self, const MdAuditRecord *record, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db,
      "INSERT INTO audit (" COLUMNS ") VALUES"
      " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
      error);
  const char *texts[] = {
    record->time,       record->staff,
    record->staff_name, record->department,
    record->office,     record->terminal,
    record->event,      md_audit_outcome_to_string (record->outcome),
    record->reason,     record->reason_text,
    record->subject,    record->object,
    record->digest,     record->detail,
    record->peer_time,
  };
  int index = 1;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, index++, (gint64)record->sequence);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    md_db_bind_text (statement, index++, texts[i]);
  md_db_bind_data (statement, index++, record->previous, HASH_SIZE);
  md_db_bind_data (statement, index, record->hash, HASH_SIZE);
  return md_db_run (statement, error);
}

gboolean
md_audit_append (MdAudit *self, const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdAuditRecord) record = md_audit_record_new ();

  g_assert (md_db_in_transaction (self->db));
  g_assert (entry->event != NULL);
  if (!md_audit_detail_is_clean (entry->detail))
    {
      g_set_error_literal (
          error, MD_AUDIT_ERROR, MD_AUDIT_ERROR_DETAIL,
          _ ("The detail of the audit record is not plain words and may hold personal "
             "information, so the act was not done."));
      return FALSE;
    }
  if (!read_head (self, record, error))
    return FALSE;
  fill_in (self, entry, record);
  return insert (self, record, error);
}

gboolean
md_audit_record_now (MdAudit *self, const MdAuditEntry *entry, GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);

  return transaction != NULL && md_audit_append (self, entry, error)
         && md_db_commit (g_steal_pointer (&transaction), error);
}

char *
md_audit_subject_tag (const MdSecret *key, GBytes *identifier)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (identifier, &size);
  guint8 mac[EVP_MAX_MD_SIZE];

  if (HMAC (EVP_sha256 (), md_secret_get_data (key), (int)md_secret_get_size (key), data, size, mac,
            NULL)
      == NULL)
    return NULL;
  return md_hex_encode (mac, TAG_SIZE);
}

/* NULL when a column is not what it should be. */
static MdAuditRecord *
read_record (MdDbStatement *statement)
{
  g_autoptr (MdAuditRecord) record = md_audit_record_new ();
  char **texts[] = {
    &record->time,   &record->staff,       &record->staff_name, &record->department,
    &record->office, &record->terminal,    &record->event,      NULL,
    &record->reason, &record->reason_text, &record->subject,    &record->object,
    &record->digest, &record->detail,      &record->peer_time,
  };
  g_autoptr (GBytes) previous = md_db_column_bytes (statement, 16);
  g_autoptr (GBytes) hash = md_db_column_bytes (statement, 17);

  record->sequence = (guint64)md_db_column_int (statement, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL)
      *texts[i] = text_or_empty (md_db_column_text (statement, (int)i + 1));
  if (!md_audit_outcome_from_string (md_db_column_text (statement, 8), &record->outcome)
      || previous == NULL || g_bytes_get_size (previous) != HASH_SIZE || hash == NULL
      || g_bytes_get_size (hash) != HASH_SIZE)
    return NULL;
  memcpy (record->previous, g_bytes_get_data (previous, NULL), HASH_SIZE);
  memcpy (record->hash, g_bytes_get_data (hash, NULL), HASH_SIZE);
  return g_steal_pointer (&record);
}

/* All rows of SQL, whose first value is AFTER and its second LIMIT. */
static GPtrArray *
list_records (MdDb *db, const char *sql, guint64 after, guint limit, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (db, sql, error);
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_audit_record_free);
  MdDbStep step;

  if (statement == NULL)
    return NULL;
  md_db_bind_int (statement, 1, (gint64)after);
  md_db_bind_int (statement, 2, limit);
  while ((step = md_db_step (statement, error)) == MD_DB_STEP_ROW)
    {
      MdAuditRecord *record = read_record (statement);

      if (record == NULL)
        {
          g_set_error (error, MD_AUDIT_ERROR, MD_AUDIT_ERROR_DAMAGED,
                       _ ("The audit log is damaged at record %lld. Verify the log and call the "
                          "administrator."),
                       (long long)md_db_column_int (statement, 0));
          return NULL;
        }
      g_ptr_array_add (list, record);
    }
  return step == MD_DB_STEP_DONE ? g_steal_pointer (&list) : NULL;
}

GPtrArray *
md_audit_list (MdDb *db, guint64 after, guint limit, GError **error)
{
  return list_records (db, "SELECT " COLUMNS " FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                       after, limit, error);
}

GPtrArray *
md_audit_list_erasures (MdDb *db, guint64 after, guint limit, GError **error)
{
  return list_records (db,
                       "SELECT " COLUMNS " FROM audit WHERE seq > ?1 AND outcome = 'done'"
                       " AND (event IN ('erase', 'erase-draft')"
                       "  OR (event = 'backup' AND detail LIKE '%removed=%')"
                       "  OR (event = 'medium' AND detail LIKE '%what=medium-erased%'))"
                       " ORDER BY seq LIMIT ?2",
                       after, limit, error);
}

/* The next record as it lies in the database, borrowed until the next step. */
typedef struct
{
  MdAuditColumns columns;
  const guint8 *hash;
} Row;

static gboolean
holds (const MdAuditText *text, const char *word)
{
  return text->size == strlen (word) && memcmp (text->data, word, text->size) == 0;
}

/* FALSE when a column is not what it should be. */
static gboolean
borrow_row (MdDbStatement *statement, Row *out_row)
{
  MdAuditText *texts = out_row->columns.texts;
  MdAuditOutcome outcome;
  gsize previous = 0, hash = 0;

  out_row->columns.sequence = (guint64)md_db_column_int (statement, 0);
  for (int i = 0; i < MD_AUDIT_TEXTS; i++)
    texts[i].data = md_db_column_data (statement, i + 1, &texts[i].size);
  out_row->columns.previous = md_db_column_data (statement, 16, &previous);
  out_row->hash = md_db_column_data (statement, 17, &hash);
  if (previous != HASH_SIZE || hash != HASH_SIZE)
    return FALSE;
  for (outcome = MD_AUDIT_DONE; outcome <= MD_AUDIT_FAILED; outcome++)
    if (holds (&texts[MD_AUDIT_OUTCOME], md_audit_outcome_to_string (outcome)))
      return TRUE;
  return FALSE;
}

/* What does not fit about the next record, NULL when it fits. */
static const char *
judge (MdDbStatement *statement, EVP_MD_CTX *context, const MdAuditReport *so_far, Row *row)
{
  guint8 hash[HASH_SIZE];

  if (!borrow_row (statement, row))
    return "unreadable";
  if (row->columns.sequence != so_far->count + 1)
    return "missing";
  if (memcmp (row->columns.previous, so_far->head, HASH_SIZE) != 0)
    return "reordered";
  _md_audit_columns_hash (&row->columns, context, hash);
  return memcmp (row->hash, hash, HASH_SIZE) == 0 ? NULL : "altered";
}

/* Judges the records after *@AFTER, at most PAGE of them, and moves it on. *@OUT_MORE: whether
 * there may be others after these. */
static gboolean
verify_page (MdDb *db, EVP_MD_CTX *context, gint64 *after, MdAuditReport *report,
             gboolean *out_more, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      db, "SELECT " COLUMNS " FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2", error);
  MdDbStep step = MD_DB_STEP_DONE;
  guint read = 0;

  if (statement == NULL)
    return FALSE;
  md_db_bind_int (statement, 1, *after);
  md_db_bind_int (statement, 2, PAGE);
  while (*report->what == '\0' && (step = md_db_step (statement, error)) == MD_DB_STEP_ROW)
    {
      Row row;
      const char *what = judge (statement, context, report, &row);

      *after = md_db_column_int (statement, 0);
      read++;
      if (what != NULL)
        report->what = what;
      else
        {
          report->count++;
          memcpy (report->head, row.hash, HASH_SIZE);
        }
    }
  *out_more = *report->what == '\0' && read == PAGE;
  return step != MD_DB_STEP_ERROR;
}

static gboolean
verify_pages (MdDb *db, MdAuditReport *report, GError **error)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gint64 after = G_MININT64;
  gboolean read = TRUE;
  gboolean more = TRUE;

  while (read && more)
    read = verify_page (db, context, &after, report, &more, error);
  EVP_MD_CTX_free (context);
  return read;
}

/* Others may append while this reads: what was given before must be here when it has read, and what
 * it has read must have been given by then. */
gboolean
md_audit_verify (MdDb *db, MdAuditReport *out_report, GError **error)
{
  MdAuditReport report = { .verdict = MD_AUDIT_INTACT, .what = "" };
  guint64 before = 0;
  guint64 since = 0;

  if (!md_db_get_highest_given (db, "audit", &before, error))
    return FALSE;
  if (!verify_pages (db, &report, error) || !md_db_get_highest_given (db, "audit", &since, error))
    return FALSE;
  if (*report.what == '\0' && (report.count < before || report.count > since))
    report.what = "cut off";
  if (*report.what != '\0')
    {
      report.verdict = MD_AUDIT_BROKEN;
      report.first_bad = report.count + 1;
    }
  *out_report = report;
  return TRUE;
}
