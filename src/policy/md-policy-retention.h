// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_POLICY_INSIDE) && !defined(MD_POLICY_COMPILATION)
#error "Include <md-policy.h> only."
#endif

#include "md-policy-object.h"

G_BEGIN_DECLS

/* What is kept anywhere, by kinds: each has a period, and bounds that no policy leaves. Ids:
 * document-rule queue draft letter notice work-record log identity file-pension file-care
 * file-late-elderly file-health file-register file-data-use file-other. */
typedef enum
{
  MD_RETENTION_DOCUMENT_RULE, /* what the office's rule on documents asks for; nothing by itself */
  MD_RETENTION_QUEUE,         /* terminal: an application whose receipts are all there */
  MD_RETENTION_DRAFT,         /* terminal: a suspended intake (limits.draft_hours) */
  MD_RETENTION_LETTER,        /* terminal: what a letter allows, after its last day
                                 (limits.letter_days) */
  MD_RETENTION_NOTICE,        /* terminal: a notice of the back office that was dealt with */
  MD_RETENTION_WORK_RECORD,   /* terminal: who did what with an application that is gone */
  MD_RETENTION_LOG,           /* everywhere: never erased while the system runs */
  MD_RETENTION_IDENTITY,      /* gateway: what is there to confirm an identity and nothing else */
  MD_RETENTION_FILE_PENSION,  /* gateway: applications, by the section whose file they go into */
  MD_RETENTION_FILE_CARE,
  MD_RETENTION_FILE_LATE_ELDERLY,
  MD_RETENTION_FILE_HEALTH,
  MD_RETENTION_FILE_REGISTER,
  MD_RETENTION_FILE_DATA_USE,
  MD_RETENTION_FILE_OTHER,
  MD_N_RETENTIONS
} MdRetentionKind;

typedef enum
{
  MD_RETENTION_HOURS,
  MD_RETENTION_DAYS,
  MD_RETENTION_YEARS,
} MdRetentionUnit;

/* How long one kind is kept. */
typedef struct
{
  gboolean always; /* not erased by itself: until the office says that it needs it no more */
  MdRetentionUnit unit;
  guint number;       /* of these; 0: not at all */
  const char *source; /* on what the office bases it; NULL: the policy does not say, and this is
                         the program's own period */
} MdRetention;

const char *md_retention_kind_to_id (MdRetentionKind kind);
gboolean md_retention_kind_from_id (const char *id,
                                    MdRetentionKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;
/* For people, translated, static. */
const char *md_retention_kind_get_label (MdRetentionKind kind);

/* Into which kind of file an application of this procedure goes; FILE_OTHER where nothing else is
 * known of it. The same as the "retention" of its form says, for those who have no forms. */
MdRetentionKind md_retention_kind_of_procedure (const char *procedure);

MdRetention md_policy_get_retention (MdPolicy *self, MdRetentionKind kind);

/* What began at *OUT_SINCE_US or before is over at NOW_US: hours by the clock, days and years by
 * the calendar of Japan, back to the same time of day (29 February: 28 February). FALSE where
 * nothing is over, since it is always kept. */
gboolean md_retention_get_over (const MdRetention *retention, gint64 now_us,
                                gint64 *out_since_us) G_GNUC_WARN_UNUSED_RESULT;

/* "8 hours", for people. Caller owns. */
char *md_retention_describe (const MdRetention *retention) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
