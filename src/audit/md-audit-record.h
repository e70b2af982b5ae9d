// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_AUDIT_INSIDE) && !defined(MD_AUDIT_COMPILATION)
#error "Include <md-audit.h>."
#endif

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  MD_AUDIT_DONE,
  MD_AUDIT_REFUSED,
  MD_AUDIT_FAILED,
} MdAuditOutcome;

/* "done", "refused", "failed". */
const char *md_audit_outcome_to_string (MdAuditOutcome outcome);
gboolean md_audit_outcome_from_string (const char *text, MdAuditOutcome *out_outcome);

/* The words of the log. An event, and what its detail says ("key=value" words):
 *
 * - login, logout, lock, password: an officer comes and goes; cause, kind, try, by.
 * - staff-card: the officer's card failed or is not theirs; cause, and action (seal, open, decide,
 *   withdraw), or call, uid and peer before the login.
 * - identification: the resident's card; verdict and revocation, or cause.
 * - reserve, abandon, submit, replace: an intake; held: so many holds were open when it ended.
 * - suspend, resume, erase-draft: what was typed into an intake waits, sealed to its clerk; cause,
 *   by; of=visit: what was kept of a visit between two of its intakes goes, suspended by nobody.
 * - delegation: an intake is filed by a letter of delegation; letter, cause.
 * - hold, release: something stopped an intake, and an officer let it go on; hold, cause. What it
 * was is nowhere in the log.
 * - reference, reveal, print: somebody looks; action, field, cause.
 * - guide: what was explained and handed out in the guide, and what became of it; the object is the
 *   visit, the reason what it is about; event, told, given, receipt.
 * - decide: approved, returned, refused, withdrawn, restored; cause.
 * - refusal: refused by the window before it came to the service; action, cause.
 * - deliver, erase, line: on the way to the back office; cause.
 * - policy, forms, settings, crl: what the terminal works by is not as it should be; cause, file.
 * - erase: kind (of the table of periods; without, an application), count, by, version.
 * - clock: this terminal's clock was set ahead, and by it nothing is over until that is cleared up;
 * cause.
 * - backup, restore, salvage: the database was copied, put back, or saved from a damaged file;
 * taken (which moment's copy), kept, removed, cause.
 * - call: a call that nobody stands for; cause, call, uid, peer.
 * - audit-list, audit-verify: the log is looked at; by, cause.
 * - error: anything else that failed at the window; cause.
 *
 * "more=N from=TIME to=TIME" beside a cause: so many of this kind that have no record of their own
 * (md_audit_gate_admit()). */

/* What the caller says of an act; everything may be NULL but the event. Strings are borrowed for
 * the call. None holds personal information of a resident; md_audit_append() refuses a detail that
 * looks like it. */
typedef struct
{
  const char *event; /* what was done: a word of the list above */
  MdAuditOutcome outcome;
  const char *staff;       /* staff id; NULL for the service itself */
  const char *staff_name;  /* as the policy has it */
  const char *department;  /* section */
  const char *reason;      /* 処理事由, a code */
  const char *reason_text; /* 処理事由, chosen text of the code list */
  const char *subject;     /* 宛名番号, or the pseudonym of md_audit_subject_tag() */
  const char *object;      /* intake id or another identifier */
  const char *digest;      /* SHA-256 (hex) of what was acted on */
  const char *detail;      /* ASCII, "key=value" words */
  const char *peer_time;   /* the other system's time, RFC 3339 */
} MdAuditEntry;

/* A record as it stands in the log; all strings are owned and never NULL ("" where there was
 * nothing). */
typedef struct
{
  guint64 sequence;
  char *time; /* RFC 3339, UTC, milliseconds */
  char *staff;
  char *staff_name;
  char *department;
  char *office;
  char *terminal;
  char *event;
  MdAuditOutcome outcome;
  char *reason;
  char *reason_text;
  char *subject;
  char *object;
  char *digest;
  char *detail;
  char *peer_time;
  guint8 previous[32];
  guint8 hash[32];
} MdAuditRecord;

MdAuditRecord *md_audit_record_new (void) G_GNUC_WARN_UNUSED_RESULT;
void md_audit_record_free (MdAuditRecord *record);

/* The canonical bytes: "madoguchi audit record v1" and a zero byte, the sequence (u64be), then each
 * column above in this order as u32be length and bytes (the outcome as its word), and the 32 bytes
 * of the hash before. */
GBytes *md_audit_record_encode (const MdAuditRecord *record) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 of the canonical bytes. */
void md_audit_record_hash (const MdAuditRecord *record, guint8 out_hash[32]);

/* What stands in a record's digest column for BYTES: SHA-256, hex. */
char *md_audit_digest (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdAuditRecord, md_audit_record_free)

G_END_DECLS
