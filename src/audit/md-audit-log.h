// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_AUDIT_INSIDE) && !defined(MD_AUDIT_COMPILATION)
#error "Include <md-audit.h>."
#endif

#include "md-audit-record.h"
#include "md-base.h"
#include "md-db.h"

G_BEGIN_DECLS

typedef enum
{
  MD_AUDIT_ERROR_DETAIL, /* the detail is not plain ASCII words, or looks like personal information
                          */
  MD_AUDIT_ERROR_DAMAGED /* a stored record cannot be read back */
} MdAuditError;

#define MD_AUDIT_ERROR (md_audit_error_quark ())
GQuark md_audit_error_quark (void);

/* The log of one terminal over one connection; belongs to the connection's thread. */
typedef struct _MdAudit MdAudit;

/* Makes or updates the tables. */
gboolean md_audit_migrate (MdDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* DB must outlive the log; OFFICE and TERMINAL stand in every record it appends. */
MdAudit *md_audit_new (MdDb *db, const char *office, const char *terminal,
                       MdClock *clock) G_GNUC_WARN_UNUSED_RESULT;
void md_audit_free (MdAudit *self);

/* Appends a record. The connection must be inside a transaction: the caller commits. Error domains:
 * MD_AUDIT_ERROR, MD_DB_ERROR. */
gboolean md_audit_append (MdAudit *self, const MdAuditEntry *entry,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends a record in a transaction of its own (refusals, logins). */
gboolean md_audit_record_now (MdAudit *self, const MdAuditEntry *entry,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether TEXT may stand in a record's detail. */
gboolean md_audit_detail_is_clean (const char *text);

/* A number for a record's detail. Eight digits in a row may not stand there, so a longer number has
 * a dot before its last six: "4294.967295". */
char *md_audit_detail_number (guint32 number) G_GNUC_WARN_UNUSED_RESULT;

/* The pseudonym of a resident in this terminal's log: HMAC-SHA-256 of IDENTIFIER under KEY, 32 hex
 * digits. */
char *md_audit_subject_tag (const MdSecret *key, GBytes *identifier) G_GNUC_WARN_UNUSED_RESULT;

/* Up to LIMIT records with a sequence number above AFTER, oldest first. (transfer full; elements
 * MdAuditRecord) */
GPtrArray *md_audit_list (MdDb *db, guint64 after, guint limit,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the records that say what was erased. */
GPtrArray *md_audit_list_erasures (MdDb *db, guint64 after, guint limit,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum
{
  MD_AUDIT_INTACT,
  MD_AUDIT_BROKEN,
} MdAuditVerdict;

typedef struct
{
  MdAuditVerdict verdict;
  guint64 count;     /* records read */
  guint64 first_bad; /* sequence number of the first record that does not fit, 0 when intact */
  guint8 head[32];   /* hash of the last good record */
  const char *
      what; /* static: "missing", "altered", "reordered", "cut off", "unreadable"; "" when intact */
} MdAuditReport;

/* Reads the whole chain from the first record. FALSE only when it cannot be read at all; a broken
 * chain is a verdict, not an error. */
gboolean md_audit_verify (MdDb *db, MdAuditReport *out_report,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdAudit, md_audit_free)

G_END_DECLS
