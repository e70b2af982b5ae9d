// SPDX-License-Identifier: Apache-2.0
/* Whoever holds a card has given a PIN of it another value at this terminal, or has tried to
 * (madoguchictl card change-pin). No officer need be logged in, so the log has the user; of the
 * card it has nothing. */
#include <glib/gi18n.h>

#include "call.h"

/* Why it is not changed ("" where it is), in the words for errors of a card; "old-or-new": nobody
 * knows whether it is. */
static const struct
{
  const char *cause;
  MdAuditOutcome outcome;
} causes[] = {
  { "pin-wrong", MD_AUDIT_REFUSED },     { "pin-same", MD_AUDIT_REFUSED },
  { "pin-blocked", MD_AUDIT_REFUSED },   { "pin-last-try", MD_AUDIT_REFUSED },
  { "pin-uncounted", MD_AUDIT_REFUSED }, { "pin-format", MD_AUDIT_REFUSED },
  { "protocol", MD_AUDIT_REFUSED },      { "pad-cancelled", MD_AUDIT_REFUSED },
  { "pad-timeout", MD_AUDIT_REFUSED },   { "unsupported", MD_AUDIT_REFUSED },
  { "removed", MD_AUDIT_FAILED },        { "mute", MD_AUDIT_FAILED },
  { "timeout", MD_AUDIT_FAILED },        { "stopped", MD_AUDIT_FAILED },
  { "failed", MD_AUDIT_FAILED },         { "pad-failed", MD_AUDIT_FAILED },
  { "no-reader", MD_AUDIT_FAILED },      { "service-lost", MD_AUDIT_FAILED },
  { "old-or-new", MD_AUDIT_FAILED },     { "various", MD_AUDIT_FAILED },
};

static gboolean
read_outcome (const char *cause, MdAuditOutcome *out_outcome)
{
  *out_outcome = MD_AUDIT_DONE;
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_str_equal (causes[i].cause, cause))
      {
        *out_outcome = causes[i].outcome;
        return TRUE;
      }
  return *cause == '\0';
}

static gboolean
is_pin (const char *pin)
{
  static const char *const pins[] = { "auth", "text", "sign", NULL };

  return g_strv_contains (pins, pin);
}

static gboolean
pin_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *pin,
        const char *cause, gpointer user_data)
{
  Service *self = user_data;
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  MdAuditEntry entry = { .event = "card-pin" };
  g_autofree char *who = NULL;
  g_autofree char *detail = NULL;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  if (!is_pin (pin) || !read_outcome (cause, &entry.outcome))
    {
      call_reject_literal (
          self, invocation, "strange-event", MD_BUS_ERROR_INVALID,
          _ ("The event could not be recorded, because it is not of a known form."));
      return TRUE;
    }
  who = call_describe_peer (self, sender);
  detail = g_strdup_printf ("%s%s%spin=%s %s", *cause != '\0' ? "cause=" : "", cause,
                            *cause != '\0' ? " " : "", pin, who);
  entry.detail = detail;
  if (!md_audit_gate_admit (self->gate, sender, &entry, *cause != '\0' ? cause : "various")
      || md_audit_record_now (self->audit, &entry, &error))
    md_bus_terminal1_complete_record_card_pin (object, invocation);
  else
    call_fail (invocation, error);
  return TRUE;
}

void
card_pin_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-record-card-pin", G_CALLBACK (pin_cb), self);
}
