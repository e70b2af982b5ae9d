// SPDX-License-Identifier: Apache-2.0
// How long each kind of data is kept, and the bounds that no policy leaves.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <md-base.h>
#include <string.h>

#include "md-policy-private.h"
#include "md-policy-retention.h"

#define SOURCE_MAX 300u
#define MANY 1000u

/* The bounds of the kinds that a policy says something of. LEAST and MOST are in its unit; what is
 * said where they are left names the reason. */
static const struct
{
  const char *id, *label;
  MdRetentionUnit unit;
  guint usual, least, most;
  gboolean always;   /* where the policy says nothing */
  gboolean may_stay; /* a policy may say that it is always kept */
  const char *bound;
} kinds[MD_N_RETENTIONS] = {
  [MD_RETENTION_DOCUMENT_RULE]
  = { "document-rule", N_ ("Period of the document rule"), MD_RETENTION_YEARS, 5, 1, MANY, FALSE,
      FALSE, N_ ("The document rule's period is 1 to 1000 years.") },
  [MD_RETENTION_QUEUE]
  = { "queue", N_ ("Delivered applications on the terminal"), MD_RETENTION_HOURS, 0, 0, 24, FALSE,
      FALSE,
      N_ ("A delivered application stays on the terminal for 24 hours at most: a terminal only "
          "keeps it until the back office has it.") },
  [MD_RETENTION_DRAFT] = { "draft", N_ ("Suspended intakes"), MD_RETENTION_HOURS, 0, 0, 0, FALSE,
                           FALSE, N_ ("This is said by limits.draft_hours.") },
  [MD_RETENTION_LETTER]
  = { "letter", N_ ("What letters of delegation allow, after their last day"), MD_RETENTION_DAYS, 0,
      0, 0, FALSE, FALSE, N_ ("This is said by limits.letter_days.") },
  [MD_RETENTION_NOTICE]
  = { "notice", N_ ("Notices of the back office that were dealt with"), MD_RETENTION_DAYS, 90, 1,
      3660, FALSE, FALSE, N_ ("A notice is kept for 1 to 3660 days after it was dealt with.") },
  [MD_RETENTION_WORK_RECORD]
  = { "work-record", N_ ("Records of work on the terminal"), MD_RETENTION_YEARS, 0, 0, MANY, FALSE,
      TRUE,
      N_ ("Records of work stay for as long as the document rule asks (document-rule), or "
          "longer.") },
  [MD_RETENTION_LOG] = { "log", N_ ("Audit log"), MD_RETENTION_YEARS, 0, 1, 0, TRUE, TRUE,
                         N_ ("The audit log is never erased while the system runs: this can only "
                             "be \"always\".") },
  [MD_RETENTION_IDENTITY]
  = { "identity", N_ ("What only confirms an identity"), MD_RETENTION_DAYS, 365, 1, 365, FALSE,
      FALSE, N_ ("What only confirms an identity is kept for 1 to 365 days, never longer.") },
  [MD_RETENTION_FILE_PENSION]
  = { "file-pension", N_ ("Files of the pension section"), MD_RETENTION_YEARS, 0, 1, MANY, TRUE,
      TRUE, N_ ("A file's period is 1 to 1000 years.") },
  [MD_RETENTION_FILE_CARE]
  = { "file-care", N_ ("Files of the care insurance section"), MD_RETENTION_YEARS, 0, 1, MANY, TRUE,
      TRUE, N_ ("A file's period is 1 to 1000 years.") },
  [MD_RETENTION_FILE_LATE_ELDERLY]
  = { "file-late-elderly", N_ ("Files of the late-stage elderly section"), MD_RETENTION_YEARS, 0,
      20, MANY, TRUE, TRUE,
      N_ ("Files of the late-stage elderly section are kept for 20 years or longer: premiums are "
          "put right that far back.") },
  [MD_RETENTION_FILE_HEALTH]
  = { "file-health", N_ ("Files of the health section"), MD_RETENTION_YEARS, 0, 1, MANY, TRUE, TRUE,
      N_ ("A file's period is 1 to 1000 years.") },
  [MD_RETENTION_FILE_REGISTER]
  = { "file-register", N_ ("Files of the resident register"), MD_RETENTION_YEARS, 150, 150, MANY,
      FALSE, TRUE, N_ ("Files of the resident register are kept for 150 years or longer.") },
  [MD_RETENTION_FILE_DATA_USE]
  = { "file-data-use", N_ ("Requests for the use of data"), MD_RETENTION_YEARS, 5, 5, MANY, FALSE,
      TRUE, N_ ("Requests for the use of data are kept for 5 years or longer.") },
  [MD_RETENTION_FILE_OTHER]
  = { "file-other", N_ ("Other applications"), MD_RETENTION_YEARS, 0, 0, MANY, TRUE, TRUE,
      N_ ("Other applications stay for as long as the document rule asks (document-rule), or "
          "longer.") },
};

static const char *const units[] = { "hours", "days", "years" };

const char *
md_retention_kind_to_id (MdRetentionKind kind)
{
  g_return_val_if_fail (kind < MD_N_RETENTIONS, NULL);
  return kinds[kind].id;
}

gboolean
md_retention_kind_from_id (const char *id, MdRetentionKind *out_kind)
{
  const int row = MD_TABLE_ROW (kinds, id);

  if (row >= 0)
    *out_kind = (MdRetentionKind)row;
  return row >= 0;
}

const char *
md_retention_kind_get_label (MdRetentionKind kind)
{
  g_return_val_if_fail (kind < MD_N_RETENTIONS, NULL);
  return _ (kinds[kind].label);
}

MdRetentionKind
md_retention_kind_of_procedure (const char *procedure)
{
  /* One alone first, then all of a section. */
  static const struct
  {
    const char *procedure;
    MdRetentionKind kind;
  } rows[] = {
    { "juki.jlis", MD_RETENTION_IDENTITY },     { "common.data_use", MD_RETENTION_FILE_DATA_USE },
    { "pension.", MD_RETENTION_FILE_PENSION },  { "care.", MD_RETENTION_FILE_CARE },
    { "lem.", MD_RETENTION_FILE_LATE_ELDERLY }, { "health.", MD_RETENTION_FILE_HEALTH },
    { "juki.", MD_RETENTION_FILE_REGISTER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_has_suffix (rows[i].procedure, ".") ? g_str_has_prefix (procedure, rows[i].procedure)
                                                  : g_str_equal (procedure, rows[i].procedure))
      return rows[i].kind;
  return MD_RETENTION_FILE_OTHER;
}

MdRetention
md_policy_get_retention (MdPolicy *self, MdRetentionKind kind)
{
  g_return_val_if_fail (kind < MD_N_RETENTIONS, (MdRetention){ .always = TRUE });
  return self->retentions[kind];
}

gboolean
md_retention_get_over (const MdRetention *retention, gint64 now_us, gint64 *out_since_us)
{
  g_autoptr (GTimeZone) japan = g_time_zone_new_offset (9 * 3600);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = utc != NULL ? g_date_time_to_timezone (utc, japan) : NULL;
  g_autoptr (GDateTime) since = NULL;
  const int back = -(int)retention->number;

  if (retention->always || now == NULL)
    return FALSE;
  if (retention->unit == MD_RETENTION_HOURS)
    since = g_date_time_add_hours (now, back);
  else if (retention->unit == MD_RETENTION_DAYS)
    since = g_date_time_add_days (now, back);
  else
    since = g_date_time_add_years (now, back);
  if (since == NULL) /* before the year 1 */
    return FALSE;
  *out_since_us = g_date_time_to_unix (since) * G_USEC_PER_SEC + now_us % G_USEC_PER_SEC;
  return TRUE;
}

char *
md_retention_describe (const MdRetention *retention)
{
  if (retention->always)
    return g_strdup (_ ("always"));
  if (retention->number == 0)
    return g_strdup (_ ("erased at once"));
  if (retention->unit == MD_RETENTION_HOURS)
    return g_strdup_printf (_ ("%u hours"), retention->number);
  if (retention->unit == MD_RETENTION_DAYS)
    return g_strdup_printf (_ ("%u days"), retention->number);
  return g_strdup_printf (_ ("%u years"), retention->number);
}

/* --- reading --- */

/* No shorter than the document rule: by what it says, once that was read. */
static gboolean
follows_document_rule (MdRetentionKind kind)
{
  return kind == MD_RETENTION_WORK_RECORD || kind == MD_RETENTION_FILE_OTHER;
}

static guint
get_least (const MdPolicy *self, MdRetentionKind kind)
{
  return follows_document_rule (kind) ? self->retentions[MD_RETENTION_DOCUMENT_RULE].number
                                      : kinds[kind].least;
}

/* { "years": 5, "source": "..." } or { "always": true, "source": "..." } */
static void
read_kind (MdPolicy *self, MdJson *json, JsonObject *table, MdRetentionKind kind)
{
  const char *const members[] = { "always", units[kinds[kind].unit], "source", NULL };
  JsonObject *object = md_json_object (json, table, kinds[kind].id);
  MdRetention *retention = &self->retentions[kind];
  const guint least = get_least (self, kind);
  gint64 number = 0;

  md_json_enter (json, "%s", kinds[kind].id);
  md_json_only (json, object, members);
  retention->source = _md_policy_keep (self, md_json_string (json, object, "source"));
  if (retention->source && (*retention->source == '\0' || strlen (retention->source) > SOURCE_MAX))
    md_json_fail (json, "source",
                  _ ("Say on which rule the period is based, in 1 to %u bytes of text."),
                  SOURCE_MAX);
  retention->always = md_json_boolean_or (json, object, "always", FALSE);
  if (!retention->always)
    number = md_json_int (json, object, members[1], 0, G_MAXINT32);
  else if (md_json_has (json, object, members[1]))
    md_json_fail (json, members[1], _ ("Say either \"always\" or a period."));
  if (!md_json_failed (json)
      && (retention->always ? !kinds[kind].may_stay : number < least || number > kinds[kind].most))
    md_json_fail (json, NULL, "%s", _ (kinds[kind].bound));
  retention->number = (guint)number;
  md_json_leave (json);
}

static void
set_usual (MdPolicy *self, MdRetentionKind kind)
{
  self->retentions[kind]
      = (MdRetention){ .always = kinds[kind].always,
                       .unit = kinds[kind].unit,
                       .number = MAX (kinds[kind].usual, get_least (self, kind)) };
  if (kinds[kind].always)
    self->retentions[kind].number = 0;
}

void
_md_policy_read_retention (MdPolicy *self, MdJson *json, JsonObject *root)
{
  const char *members[MD_N_RETENTIONS + 1] = { NULL };
  JsonObject *table = NULL;

  for (guint kind = 0; kind < MD_N_RETENTIONS; kind++)
    members[kind] = kinds[kind].id;
  if (md_json_has (json, root, "retention"))
    {
      table = md_json_object (json, root, "retention");
      md_json_enter (json, "retention");
      md_json_only (json, table, members);
    }
  for (guint kind = 0; kind < MD_N_RETENTIONS; kind++)
    {
      set_usual (self, (MdRetentionKind)kind);
      if (table == NULL || !md_json_has (json, table, kinds[kind].id))
        continue;
      if (kind == MD_RETENTION_DRAFT || kind == MD_RETENTION_LETTER)
        md_json_fail (json, kinds[kind].id, "%s", _ (kinds[kind].bound));
      else
        read_kind (self, json, table, (MdRetentionKind)kind);
    }
  self->retentions[MD_RETENTION_DRAFT].number = self->limits.draft_hours;
  self->retentions[MD_RETENTION_LETTER].number = self->limits.letter_days;
  if (table != NULL)
    md_json_leave (json);
}
