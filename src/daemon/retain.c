// SPDX-License-Identifier: Apache-2.0
#include "retain.h"

#include <string.h>
#include <glib/gi18n.h>

#include "aside.h"
#include "call.h"
#include "drafts.h"
#include "letters.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))
#define LIST_LIMIT 1000u

/* How often it is looked for, of the service's ticks: once a minute. */
#define EVERY_TICKS 12u

/* --- Erasing --- */

/* The gateway's clock was compared with this one in the last answer, and that was just now: an idle
 * line is probed all the time, and any other answer would have changed its state. */
static gboolean
is_confirmed (Service *self)
{
  return self->delivery != NULL && md_delivery_get_state (self->delivery) == MD_LINE_STATE_ONLINE;
}

/* What is kept for long is over when it is by both clocks, this one and the gateway's. */
static gint64
over_us (Service *self, MdRetentionKind kind, gint64 now)
{
  const MdRetention retention = md_policy_get_retention (self->policy, kind);
  gint64 since = 0;

  return now > 0 && md_retention_get_over (&retention, now, &since) ? since : 0;
}

static void
sweep (Service *self)
{
  const gint64 own = md_clock_get_wall_us (self->clock);
  gint64 gateway = 0;
  guint erased = 0;
  g_autoptr (GError) error = NULL;
  MdOutboxOver over = { 0 };

  if (!md_outbox_get_gateway_time (self->outbox, &gateway, &error))
    {
      g_message ("%s", error->message);
      return;
    }
  over.policy = md_policy_get_version (self->policy);
  over.notice_us = over_us (self, MD_RETENTION_NOTICE, MIN (own, gateway));
  over.work_record_us = over_us (self, MD_RETENTION_WORK_RECORD, MIN (own, gateway));
  if (!md_outbox_sweep_over (self->outbox, &over, &erased, &error))
    g_message ("%s", error->message);
  drafts_settle (self);
}

void
retain_tick (Service *self)
{
  g_autoptr (GError) error = NULL;

  if (self->outbox == NULL || self->database_trouble != NULL)
    return;
  if (!md_outbox_judge_clock (self->outbox, is_confirmed (self), &self->clock_believed, &error))
    g_message ("%s", error->message);
  if (!self->clock_believed)
    return;
  drafts_sweep (self);
  aside_tick (self);
  if (self->policy == NULL || self->retain_ticks++ % EVERY_TICKS != 0)
    return;
  letters_forget (self);
  sweep (self);
}

gboolean
retain_adopt (Service *self, MdPolicy *policy, GError **error)
{
  const MdRetention queue = md_policy_get_retention (policy, MD_RETENTION_QUEUE);

  self->retain_ticks = 0;
  return md_outbox_set_queue_period (self->outbox, queue.number * HOUR_MS,
                                     md_policy_get_version (policy), error);
}

/* --- Telling --- */

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value));
}

/* What stands behind KEY= in DETAIL; NULL where it does not. (transfer full) */
static char *
dup_word (const char *detail, const char *key)
{
  g_auto (GStrv) words = g_strsplit (detail, " ", -1);
  const gsize size = strlen (key);

  for (guint i = 0; words[i] != NULL; i++)
    if (strncmp (words[i], key, size) == 0 && words[i][size] == '=')
      return g_strdup (words[i] + size + 1);
  return NULL;
}

/* Who answers for it: an officer, the superuser, or the policy. */
static char *
dup_person (const MdAuditRecord *record)
{
  g_autofree char *by = dup_word (record->detail, "by");
  g_autofree char *version = dup_word (record->detail, "version");

  if (*record->staff != '\0')
    return g_strdup (record->staff);
  if (g_str_equal (record->event, "medium"))
    return g_strdup ("superuser");
  return g_strcmp0 (by, "policy") == 0 && version != NULL
             ? g_strdup_printf ("automatic, policy %s", version)
             : g_strdup ("automatic");
}

/* What the record itself does not say, its event does. */
static char *
dup_kind (const MdAuditRecord *record)
{
  static const char *const kinds[][2] = {
    { "erase-draft", "draft" },
    { "backup", "backup" },
    { "medium", "medium" },
    { "erase", "queue" },
  };
  char *kind = dup_word (record->detail, "kind");

  for (guint i = 0; kind == NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (record->event, kinds[i][0]))
      kind = g_strdup (kinds[i][1]);
  return kind;
}

static guint
read_count (const MdAuditRecord *record)
{
  g_autofree char *count = dup_word (record->detail, "count");
  g_autofree char *removed = dup_word (record->detail, "removed");
  const char *text = count != NULL ? count : removed;

  return text != NULL ? (guint)g_ascii_strtoull (text, NULL, 10) : 1;
}

static void
describe_erasure (GVariantBuilder *rows, const MdAuditRecord *record)
{
  g_autofree char *person = dup_person (record);
  g_autofree char *kind = dup_kind (record);
  g_autofree char *contents
      = g_strjoin (*record->object != '\0' && *record->detail != '\0' ? " " : "", record->object,
                   record->detail, NULL);

  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (rows, "{sv}", "seq", g_variant_new_uint64 (record->sequence));
  add_text (rows, "time", record->time);
  add_text (rows, "by", person);
  add_text (rows, "kind", kind != NULL ? kind : "");
  g_variant_builder_add (rows, "{sv}", "count", g_variant_new_uint32 (read_count (record)));
  add_text (rows, "contents", contents);
  g_variant_builder_close (rows);
}

static gboolean
erasures_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, guint64 after, guint limit,
             gpointer user_data)
{
  Service *self = user_data;
  MdAuditEntry entry;
  g_autoptr (GPtrArray) list = NULL;
  GVariantBuilder rows;
  GError *error = NULL;

  if (!call_may_audit (self, invocation, "audit-list", &entry))
    return TRUE;
  /* Whoever looks is in the log before seeing anything of it. */
  if (md_audit_record_now (self->audit, &entry, &error))
    list = md_audit_list_erasures (self->db, after, MIN (limit, LIST_LIMIT), &error);
  if (list == NULL)
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    describe_erasure (&rows, g_ptr_array_index (list, i));
  md_bus_terminal1_complete_erasure_list (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

static gboolean
retention_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  static const char *const units[] = { "hours", "days", "years" };
  Service *self = user_data;
  GVariantBuilder rows;

  if (self->policy == NULL)
    {
      call_fail_literal (invocation, MD_BUS_ERROR_NO_POLICY,
                         _ ("There is no policy, which says how long anything is kept."));
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < MD_N_RETENTIONS; i++)
    {
      const MdRetention retention = md_policy_get_retention (self->policy, (MdRetentionKind)i);

      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      add_text (&rows, "kind", md_retention_kind_to_id ((MdRetentionKind)i));
      add_text (&rows, "unit", retention.always ? "always" : units[retention.unit]);
      g_variant_builder_add (&rows, "{sv}", "number", g_variant_new_uint32 (retention.number));
      add_text (&rows, "source", retention.source != NULL ? retention.source : "");
      g_variant_builder_close (&rows);
    }
  md_bus_terminal1_complete_retention_list (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

void
retain_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-erasure-list", G_CALLBACK (erasures_cb), self);
  g_signal_connect (self->skeleton, "handle-retention-list", G_CALLBACK (retention_cb), self);
}
