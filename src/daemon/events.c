// SPDX-License-Identifier: Apache-2.0
/* What the window tells the log. A window has a fault too: what it refuses or fails at passes the
 * gate, so that a card that fails again and again does not fill the log. */
#include <string.h>
#include <glib/gi18n.h>

#include "call.h"
#include "rights.h"

static gboolean
is_one_of (const char *const *words, const char *text)
{
  return text != NULL && g_strv_contains (words, text);
}

static void
reject_strange (Service *self, GDBusMethodInvocation *invocation)
{
  call_reject_literal (self, invocation, "strange-event", MD_BUS_ERROR_INVALID,
                       _ ("The event could not be recorded, because it is not of a known form."));
}

/* --- Of an officer --- */

static const char *const events[] = { "identification", "reference",  "reveal", "print", "guide",
                                      "refusal",        "staff-card", "error",  NULL };

/* The pseudonym, NULL when nobody was named. */
static char *
read_subject (Service *self, GVariantDict *dict)
{
  g_autoptr (GVariant) value
      = g_variant_dict_lookup_value (dict, "subject", G_VARIANT_TYPE_BYTESTRING);
  g_autoptr (GBytes) bytes = value != NULL ? g_variant_get_data_as_bytes (value) : NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;
  return md_audit_subject_tag (self->pseudonym_key, bytes);
}

/* The word by which events of one kind are counted: that of "cause=" or "verdict=". */
static char *
read_cause (const char *detail)
{
  static const char *const keys[] = { "cause=", "verdict=" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *found = strstr (detail, keys[i]);

      if (found != NULL)
        return g_strndup (found + strlen (keys[i]), strcspn (found + strlen (keys[i]), " "));
    }
  return g_strdup ("various");
}

/* What was done has its record every time. */
static gboolean
record (Service *self, GDBusMethodInvocation *invocation, const MdAuditEntry *entry, GError **error)
{
  g_autofree char *cause = read_cause (entry->detail);

  if (entry->outcome != MD_AUDIT_DONE && md_audit_detail_is_clean (entry->detail)
      && !md_audit_gate_admit (self->gate, g_dbus_method_invocation_get_sender (invocation), entry,
                               cause))
    return TRUE;
  return md_audit_record_now (self->audit, entry, error);
}

static gboolean
event_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
          GVariant *event, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (event);
  const char *name = NULL, *outcome = "done", *object_id = "", *reason = "", *detail = "";
  g_autofree char *subject = NULL;
  MdAuditEntry entry;
  GError *error = NULL;

  if (officer == NULL)
    return TRUE;
  g_variant_dict_lookup (&dict, "event", "&s", &name);
  g_variant_dict_lookup (&dict, "outcome", "&s", &outcome);
  g_variant_dict_lookup (&dict, "object", "&s", &object_id);
  g_variant_dict_lookup (&dict, "reason", "&s", &reason);
  g_variant_dict_lookup (&dict, "detail", "&s", &detail);
  subject = read_subject (self, &dict);
  entry = call_entry (officer, name);
  entry.reason = reason;
  entry.subject = subject;
  entry.object = object_id;
  entry.detail = detail;
  if (!is_one_of (events, name) || !md_audit_outcome_from_string (outcome, &entry.outcome)
      || (*object_id != '\0' && !md_uuid7_is_valid (object_id))
      || !md_audit_detail_is_clean (reason))
    reject_strange (self, invocation);
  else if (!rights_admit_event (self->policy, officer, name))
    call_reject_literal (self, invocation, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED,
                         md_may_get_message (MD_MAY_NOT_ROLE));
  else if (record (self, invocation, &entry, &error))
    md_bus_terminal1_complete_record_event (object, invocation);
  else if (g_error_matches (error, MD_AUDIT_ERROR, MD_AUDIT_ERROR_DETAIL))
    call_reject (self, invocation, "unclean-detail", error);
  else
    call_fail (invocation, error);
  return TRUE;
}

/* --- Before anybody is logged in --- */

/* All that can be said: nobody stands for it, so it takes no words of its own. */
static const struct
{
  const char *event;
  const char *causes[20];
} mishaps[] = {
  { "staff-card",
    { "unknown-card", "wrong-card", "mute", "no-data", "protocol", "unsupported", "timeout", "busy",
      "removed", "failed", "no-service", "not-installed", "service-lost", "no-permission",
      "no-reader", "no-card", "not-registered", NULL } },
  { "forms", { "unreadable", "definition", NULL } },
  { "settings", { "unreadable", NULL } },
  { "policy", { "invalid", NULL } },
  { "crl", { "unreadable", "missing", NULL } },
  { "left", { "left-text", "left-history", "left-copy", "left-pin", "left-intake", NULL } },
};

static gboolean
is_mishap (const char *event, const char *cause)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mishaps); i++)
    if (g_str_equal (mishaps[i].event, event))
      return is_one_of (mishaps[i].causes, cause);
  return FALSE;
}

static gboolean
mishap_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *event,
           const char *cause, gpointer user_data)
{
  Service *self = user_data;
  MdAuditEntry entry = { .event = event, .outcome = MD_AUDIT_FAILED };
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  if (!is_mishap (event, cause))
    reject_strange (self, invocation);
  else if (call_record_stranger (self, g_dbus_method_invocation_get_sender (invocation), &entry,
                                 cause, NULL, &error))
    md_bus_terminal1_complete_record_mishap (object, invocation);
  else
    call_fail (invocation, error);
  return TRUE;
}

void
events_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-record-event", G_CALLBACK (event_cb), self);
  g_signal_connect (self->skeleton, "handle-record-mishap", G_CALLBACK (mishap_cb), self);
}
