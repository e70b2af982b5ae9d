// SPDX-License-Identifier: Apache-2.0
/* Reservations, lists, and the sealed container for the second officer. */
#include <glib/gi18n.h>

#include "call.h"
#include "drafts.h"
#include "forms.h"
#include "history.h"
#include "letters.h"
#include "md-protocol.h"
#include "reservations.h"
#include "room.h"
#include "waiver.h"

#define LIST_LIMIT 500

static const char *const filters[] = {
  [MD_OUTBOX_LIST_ALL] = "all",
  [MD_OUTBOX_LIST_TODAY] = "today",
  [MD_OUTBOX_LIST_APPROVALS] = "approvals",
  [MD_OUTBOX_LIST_RETURNED] = "returned",
  [MD_OUTBOX_LIST_UNSENT] = "unsent",
};

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value != NULL ? value : ""));
}

static void
add_uint (GVariantBuilder *builder, const char *key, guint value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint32 (value));
}

/* --- Reserve and abandon --- */

static GVariant *
describe_reservation (Service *self, const MdOutboxIntake *intake)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "intake", intake->id);
  add_text (&builder, "receipt_number", intake->receipt_number);
  add_text (&builder, "procedure", intake->procedure);
  add_text (&builder, "office", self->settings->office);
  add_text (&builder, "terminal", self->settings->terminal);
  add_text (&builder, "clerk", intake->clerk);
  add_uint (&builder, "policy_version", intake->policy_version);
  add_text (&builder, "time", intake->time);
  g_variant_builder_add (&builder, "{sv}", "monotonic_ns",
                         g_variant_new_uint64 ((guint64)intake->monotonic_ns));
  add_text (&builder, "boot_id", intake->boot_id);
  g_variant_builder_add (&builder, "{sv}", "nonce",
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                   intake->nonce != NULL ? intake->nonce : nothing,
                                                   TRUE));
  add_text (&builder, "nonce_state", intake->nonce_state);
  add_text (&builder, "replaces", intake->replaces);
  return g_variant_builder_end (&builder);
}

/* The word for the nonce that an intake gets: fresh once, while it is young by this machine's
 * monotonic clock and by what the gateway wrote into it. A terminal whose clock is wrong says
 * "stale", and the gateway does not have to refuse what it sends. */
static const char *
state_of_nonce (Service *self, GBytes *nonce, gint64 age_ms, gboolean unused)
{
  gint64 made = 0;

  if (nonce == NULL)
    return "absent";
  if (unused && age_ms <= MD_NONCE_LIFETIME_S * G_GINT64_CONSTANT (1000)
      && md_nonce_get_time (nonce, &made)
      && md_nonce_may_be_fresh (made, md_clock_get_wall_us (self->clock), MD_NONCE_CLOCK_S / 2))
    return "fresh";
  return "stale";
}

/* What form and policy say differently of this procedure, as a word for the log, and what to tell
 * the clerk; NULL where nothing that keeps it from being taken in. */
static const char *
find_difference (Service *self, const char *procedure, const char **out_message)
{
  if (waiver_is_doubtful (self, procedure))
    {
      *out_message = _ ("The office's policy takes this procedure in without identification, and "
                        "its form asks for one. Tell the administrator.");
      return "identification-assurance";
    }
  if (!forms_are_taken (self, procedure))
    {
      *out_message = _ ("The office's policy does not take the version of this form that is in use "
                        "here, so that the application would not arrive. Tell the administrator.");
      return "procedure-version";
    }
  return NULL;
}

/* Who may take this procedure in, and that policy and form are of one mind about it, and that there
 * is room to keep it; else it is recorded and answered. */
static gboolean
may_reserve (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
             const char *procedure, MdAuditEntry *entry)
{
  MdMay may = md_policy_may_take_in (self->policy, officer->id, procedure);
  const char *message = NULL;
  const char *cause = may == MD_MAY_YES ? find_difference (self, procedure, &message) : NULL;

  if (cause != NULL)
    {
      call_refuse (self, invocation, entry, cause,
                   g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED, message));
      return FALSE;
    }
  if (may == MD_MAY_YES && room_look (self) == ROOM_NONE)
    {
      call_refuse (self, invocation, entry, "disk-nearly-full", room_make_error ());
      service_refresh (self);
      return FALSE;
    }
  if (may == MD_MAY_YES)
    return TRUE;
  call_refuse (
      self, invocation, entry, "not-permitted",
      g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may)));
  return FALSE;
}

/* Takes the nonce that is here, and with it the word for it. Caller owns what RESERVE borrows. */
static GBytes *
use_nonce (Service *self, MdOutboxReserve *reserve)
{
  gint64 age_ms = 0;
  gboolean unused = FALSE;
  GBytes *nonce = md_delivery_use_nonce (self->delivery, &age_ms, &unused);

  reserve->nonce = nonce;
  reserve->nonce_state = state_of_nonce (self, nonce, age_ms, unused);
  return nonce;
}

/* A number for PROCEDURE; RETURNED is the intake that is taken up again, or NULL. NULL after
 * answering. */
static GVariant *
reserve (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
         const char *procedure, const MdOutboxIntake *returned)
{
  MdAuditEntry entry = call_entry (officer, "reserve");
  MdOutboxReserve reserve = { .procedure = procedure,
                              .clerk = officer->id,
                              .policy_version = md_policy_get_version (self->policy),
                              .replaces = returned != NULL ? returned->id : NULL };
  g_autofree char *detail
      = returned != NULL ? g_strdup_printf ("replaces=%s", returned->receipt_number) : NULL;
  g_autofree char *owner = reservations_dup_owner (self, invocation);
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (GBytes) nonce = NULL;
  GError *error = NULL;

  reserve.owner = owner;
  entry.detail = detail;
  if (!may_reserve (self, invocation, officer, procedure, &entry))
    return NULL;
  nonce = use_nonce (self, &reserve);
  entry.reason = procedure;
  letters_forget (self);
  intake = md_outbox_reserve (self->outbox, &reserve, &entry, &error);
  drafts_settle (self);
  if (intake != NULL)
    return describe_reservation (self, intake);
  call_refuse (self, invocation, &entry, "not-reserved", error);
  return NULL;
}

GVariant *
intake_resume (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
               const MdOutboxDraft *draft, MdAuditEntry *entry)
{
  MdOutboxReserve reserve = { .procedure = draft->procedure,
                              .clerk = officer->id,
                              .policy_version = md_policy_get_version (self->policy) };
  g_autofree char *owner = reservations_dup_owner (self, invocation);
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (GBytes) nonce = NULL;
  GError *error = NULL;

  reserve.owner = owner;
  if (!may_reserve (self, invocation, officer, draft->procedure, entry))
    return NULL;
  nonce = use_nonce (self, &reserve);
  letters_forget (self);
  intake = md_outbox_resume (self->outbox, draft->id, &reserve, entry, &error);
  drafts_settle (self);
  if (intake != NULL)
    return describe_reservation (self, intake);
  call_refuse (self, invocation, entry, "not-resumed", error);
  return NULL;
}

static gboolean
reserve_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
            const char *procedure, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  GVariant *reservation
      = officer != NULL ? reserve (self, invocation, officer, procedure, NULL) : NULL;

  if (reservation != NULL)
    md_bus_terminal1_complete_reserve_intake (object, invocation, reservation);
  return TRUE;
}

static gboolean
take_up_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
            const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "reserve");
  g_autoptr (MdOutboxIntake) returned = NULL;
  GVariant *reservation = NULL;
  GError *error = NULL;

  if (officer == NULL)
    return TRUE;
  returned = md_outbox_get (self->outbox, id, &error);
  if (returned == NULL)
    call_refuse (self, invocation, &entry, "unknown-intake", error);
  else
    reservation = reserve (self, invocation, officer, returned->procedure, returned);
  if (reservation != NULL)
    md_bus_terminal1_complete_take_up_intake (object, invocation, reservation);
  return TRUE;
}

/* The clerk ends the work, and not the application: what was kept of it waits. */
static gboolean
stays (const char *reason)
{
  static const char *const reasons[] = { "logout", "closed", NULL };

  return g_strv_contains (reasons, reason);
}

static gboolean
abandon_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
            const char *id, const char *reason, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "abandon");
  GError *error = NULL;

  if (officer == NULL)
    return TRUE;
  entry.detail = reason;
  if (!(stays (reason) ? md_outbox_lose (self->outbox, id, &entry, &error)
                       : md_outbox_abandon (self->outbox, id, &entry, &error)))
    call_refuse (self, invocation, &entry, "not-abandoned", error);
  else
    {
      drafts_settle (self);
      md_bus_terminal1_emit_intake_changed (object, id,
                                            md_intake_state_to_string (MD_INTAKE_ABANDONED));
      md_bus_terminal1_complete_abandon_intake (object, invocation);
    }
  return TRUE;
}

/* --- Lists --- */

/* How many officers must agree before it counts, and how many have. What waits is decided by the
 * policy of the day on which it is; what is approved was enough for the policy of that day,
 * whatever another has asked for since. What was checked needs two. */
static void
describe_officers (Service *self, GVariantBuilder *builder, const MdOutboxIntake *intake)
{
  const gboolean enough = intake->state == MD_INTAKE_APPROVED;
  const guint demanded
      = !enough && self->policy != NULL ? md_policy_demand_officers (
            self->policy, intake->procedure, forms_count_sealed_officers (self, intake))
                                        : 0;
  const guint checked = intake->checked_by != NULL ? 1 : 0;

  add_uint (builder, "officers", MAX (demanded, 1 + checked));
  add_uint (builder, "agreed", checked + (intake->state == MD_INTAKE_APPROVED ? 1 : 0));
  add_text (builder, "checked_by", intake->checked_by);
  add_text (builder, "checked", intake->checked);
}

static void
describe_intake (Service *self, GVariantBuilder *builder, const MdOutboxIntake *intake)
{
  add_text (builder, "intake", intake->id);
  add_text (builder, "receipt_number", intake->receipt_number);
  add_text (builder, "procedure", intake->procedure);
  add_text (builder, "clerk", intake->clerk);
  add_text (builder, "state", md_intake_state_to_string (intake->state));
  add_text (builder, "delivery", md_delivery_state_to_string (intake->delivery));
  add_text (builder, "time", intake->time);
  add_text (builder, "decided_by", intake->decided_by);
  describe_officers (self, builder, intake);
  add_text (builder, "reason_code", intake->reason_code);
  add_text (builder, "replaces", intake->replaces);
  add_text (builder, "replaced_by", intake->replaced_by);
  add_uint (builder, "policy_version", intake->policy_version);
  g_variant_builder_add (builder, "{sv}", "deferred", g_variant_new_boolean (intake->deferred));
  add_uint (builder, "differences", intake->confirm.differences);
  g_variant_builder_add (builder, "{sv}", "number_blank",
                         g_variant_new_boolean (intake->confirm.number_blank));
  add_uint (builder, "released", intake->confirm.released);
  add_uint (builder, "notice", intake->notice);
  g_variant_builder_add (builder, "{sv}", "size", g_variant_new_uint64 (intake->size));
}

static gboolean
parse_filter (const char *text, MdOutboxFilter *out_filter)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_equal (text, filters[i]))
      {
        *out_filter = (MdOutboxFilter)i;
        return TRUE;
      }
  return FALSE;
}

/* What is of another section is not on anybody's list. */
static gboolean
is_listed_for (Service *self, const MdPolicyStaff *officer, const MdOutboxIntake *intake)
{
  return md_policy_may_take_in (self->policy, officer->id, intake->procedure) == MD_MAY_YES
         || md_policy_may_decide (self->policy, officer->id, intake->procedure, NULL) == MD_MAY_YES;
}

static gboolean
list_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         const char *filter_text, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  g_autoptr (GPtrArray) list = NULL;
  GVariantBuilder rows;
  MdOutboxFilter filter;
  GError *error = NULL;

  if (officer == NULL)
    return TRUE;
  if (!parse_filter (filter_text, &filter))
    {
      call_reject_literal (self, invocation, "no-such-list", MD_BUS_ERROR_INVALID,
                           _ ("There is no such list."));
      return TRUE;
    }
  list = md_outbox_list (self->outbox, filter, LIST_LIMIT, &error);
  if (list == NULL)
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (!is_listed_for (self, officer, intake))
        continue;
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      describe_intake (self, &rows, intake);
      g_variant_builder_close (&rows);
    }
  md_bus_terminal1_complete_list_intakes (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

/* --- The container --- */

static void
send_container (Service *self, GDBusMethodInvocation *invocation, const MdOutboxIntake *intake,
                GBytes *container)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GVariant *letter = letters_describe (self, intake);
  GVariantBuilder builder;
  GError *error = NULL;
  GVariant *handle = md_bus_payload_append (fds, container, &error);

  if (handle == NULL)
    {
      g_clear_pointer (&letter, g_variant_unref);
      call_fail (invocation, error);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  describe_intake (self, &builder, intake);
  add_text (&builder, "manifest_sha256", intake->manifest_sha256);
  add_text (&builder, "signature_sha256", intake->signature_sha256);
  add_uint (&builder, "next_n", intake->next_n);
  if (letter != NULL)
    g_variant_builder_add (&builder, "{sv}", "letter", letter);
  md_bus_terminal1_complete_get_intake (self->skeleton, invocation, fds, handle,
                                        g_variant_builder_end (&builder));
}

/* The clerk may look at the sealed form of an own intake, and at a returned one whoever may take it
 * up again; everybody else must be allowed to decide on it. */
static MdMay
may_get (Service *self, const MdPolicyStaff *officer, const MdOutboxIntake *intake)
{
  if (g_strcmp0 (intake->clerk, officer->id) == 0)
    return MD_MAY_YES;
  if (intake->state == MD_INTAKE_RETURNED
      && md_policy_may_take_in (self->policy, officer->id, intake->procedure) == MD_MAY_YES)
    return MD_MAY_YES;
  return md_policy_may_decide (self->policy, officer->id, intake->procedure, intake->clerk);
}

static gboolean
get_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
        const char *session, const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "reference");
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (MdContainer) container = NULL;
  GError *error = NULL;
  MdMay may;

  if (officer == NULL)
    return TRUE;
  intake = md_outbox_get (self->outbox, id, &error);
  if (intake != NULL)
    {
      may = may_get (self, officer, intake);
      entry.object = id;
      entry.digest = intake->container_sha256;
      if (may != MD_MAY_YES)
        {
          call_refuse (self, invocation, &entry, "not-permitted",
                       g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                                            md_may_get_message (may)));
          return TRUE;
        }
      container = history_load (self, intake, &error);
    }
  if (container == NULL)
    call_refuse (self, invocation, &entry, intake != NULL ? "not-here" : "unknown-intake", error);
  else if (!md_audit_record_now (self->audit, &entry, &error))
    call_fail (invocation, error);
  else
    send_container (self, invocation, intake, md_container_get_bytes (container));
  return TRUE;
}

void
intake_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-reserve-intake", G_CALLBACK (reserve_cb), self);
  g_signal_connect (self->skeleton, "handle-take-up-intake", G_CALLBACK (take_up_cb), self);
  g_signal_connect (self->skeleton, "handle-abandon-intake", G_CALLBACK (abandon_cb), self);
  g_signal_connect (self->skeleton, "handle-list-intakes", G_CALLBACK (list_cb), self);
  g_signal_connect (self->skeleton, "handle-get-intake", G_CALLBACK (get_cb), self);
}
