// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <glib/gi18n.h>
#include "md-seal.h"

#include "call.h"
#include "policy.h"
#include "rights.h"

typedef struct
{
  gint code;
  MdBusError bus;
} Row;

static const Row staff_rows[] = {
  { MD_STAFF_ERROR_CARD_UNKNOWN, MD_BUS_ERROR_CARD_UNKNOWN },
  { MD_STAFF_ERROR_CARD_MISMATCH, MD_BUS_ERROR_CARD_MISMATCH },
  { MD_STAFF_ERROR_LOGIN_UNKNOWN, MD_BUS_ERROR_LOGIN_UNKNOWN },
  { MD_STAFF_ERROR_PASSWORD_WRONG, MD_BUS_ERROR_PASSWORD_WRONG },
  { MD_STAFF_ERROR_PASSWORD_UNSET, MD_BUS_ERROR_PASSWORD_UNSET },
  { MD_STAFF_ERROR_LOCKED_OUT, MD_BUS_ERROR_LOCKED_OUT },
  { MD_STAFF_ERROR_BUSY, MD_BUS_ERROR_BUSY },
  { MD_STAFF_ERROR_NO_SESSION, MD_BUS_ERROR_NOT_LOGGED_IN },
  { MD_STAFF_ERROR_SESSION_LOCKED, MD_BUS_ERROR_SESSION_LOCKED },
  { MD_STAFF_ERROR_WEAK, MD_BUS_ERROR_PASSWORD_WEAK },
  { MD_STAFF_ERROR_NO_POLICY, MD_BUS_ERROR_NO_POLICY },
};

static const Row outbox_rows[] = {
  { MD_OUTBOX_ERROR_UNKNOWN, MD_BUS_ERROR_UNKNOWN_INTAKE },
  { MD_OUTBOX_ERROR_CONFLICT, MD_BUS_ERROR_CONFLICT },
  { MD_OUTBOX_ERROR_STATE, MD_BUS_ERROR_WRONG_STATE },
  { MD_OUTBOX_ERROR_NO_NUMBERS, MD_BUS_ERROR_NO_NUMBERS },
  { MD_OUTBOX_ERROR_ERASED, MD_BUS_ERROR_ERASED },
  { MD_OUTBOX_ERROR_HELD, MD_BUS_ERROR_HELD },
};

static const Row db_rows[] = {
  { MD_DB_ERROR_FULL, MD_BUS_ERROR_DISK_FULL },   { MD_DB_ERROR_BUSY, MD_BUS_ERROR_DATABASE },
  { MD_DB_ERROR_CORRUPT, MD_BUS_ERROR_DATABASE }, { MD_DB_ERROR_READ_ONLY, MD_BUS_ERROR_DATABASE },
  { MD_DB_ERROR_IO, MD_BUS_ERROR_DATABASE },      { MD_DB_ERROR_CANT_OPEN, MD_BUS_ERROR_DATABASE },
  { MD_DB_ERROR_NEWER, MD_BUS_ERROR_DATABASE },
};

static const Row audit_rows[] = {
  { MD_AUDIT_ERROR_DETAIL, MD_BUS_ERROR_INVALID },
  { MD_AUDIT_ERROR_DAMAGED, MD_BUS_ERROR_DATABASE },
};

static const Row seal_rows[] = {
  { MD_SEAL_ERROR_MALFORMED, MD_BUS_ERROR_CONTAINER_INVALID },
  { MD_SEAL_ERROR_LIMIT, MD_BUS_ERROR_TOO_LARGE },
  { MD_SEAL_ERROR_DIGEST, MD_BUS_ERROR_CONTAINER_INVALID },
  { MD_SEAL_ERROR_SIGNATURE, MD_BUS_ERROR_SIGNATURE_INVALID },
  { MD_SEAL_ERROR_UNTRUSTED, MD_BUS_ERROR_SIGNATURE_INVALID },
  { MD_SEAL_ERROR_MISMATCH, MD_BUS_ERROR_CONTAINER_INVALID },
  { MD_SEAL_ERROR_SAME_PERSON, MD_BUS_ERROR_SAME_OFFICER },
  { MD_SEAL_ERROR_NO_PART, MD_BUS_ERROR_CONTAINER_INVALID },
  { MD_SEAL_ERROR_ORDER, MD_BUS_ERROR_WRONG_STATE },
  { MD_SEAL_ERROR_NEWER, MD_BUS_ERROR_CONTAINER_INVALID },
  { MD_SEAL_ERROR_UNSUPPORTED, MD_BUS_ERROR_CONTAINER_INVALID },
};

static MdBusError
find_row (const Row *rows, gsize n_rows, gint code)
{
  for (gsize i = 0; i < n_rows; i++)
    if (rows[i].code == code)
      return rows[i].bus;
  return MD_BUS_ERROR_FAILED;
}

#define FIND(rows, code) find_row (rows, G_N_ELEMENTS (rows), code)

void
call_translate (GError **error)
{
  GError *from = *error;
  MdBusError code = MD_BUS_ERROR_FAILED;

  if (from->domain == MD_BUS_ERROR)
    return;
  if (from->domain == MD_STAFF_ERROR)
    code = FIND (staff_rows, from->code);
  else if (from->domain == MD_OUTBOX_ERROR)
    code = FIND (outbox_rows, from->code);
  else if (from->domain == MD_DB_ERROR)
    code = FIND (db_rows, from->code);
  else if (from->domain == MD_AUDIT_ERROR)
    code = FIND (audit_rows, from->code);
  else if (from->domain == MD_SEAL_ERROR)
    code = FIND (seal_rows, from->code);
  *error = g_error_new_literal (MD_BUS_ERROR, (gint)code, from->message);
  g_error_free (from);
}

void
call_fail (GDBusMethodInvocation *invocation, GError *error)
{
  call_translate (&error);
  g_dbus_method_invocation_take_error (invocation, error);
}

void
call_fail_literal (GDBusMethodInvocation *invocation, MdBusError code, const char *message)
{
  g_dbus_method_invocation_return_error_literal (invocation, MD_BUS_ERROR, (gint)code, message);
}

gboolean
call_has_database (Service *self, GDBusMethodInvocation *invocation)
{
  if (self->database_trouble == NULL)
    return TRUE;
  call_fail_literal (invocation, MD_BUS_ERROR_DATABASE, self->database_trouble);
  return FALSE;
}

MdAuditEntry
call_entry (const MdPolicyStaff *officer, const char *event)
{
  MdAuditEntry entry = { .event = event, .outcome = MD_AUDIT_DONE };

  if (officer != NULL)
    {
      entry.staff = officer->id;
      entry.staff_name = officer->name_ja;
      entry.department = officer->department_ja;
    }
  return entry;
}

/* --- Refusals --- */

static gboolean
get_user (Service *self, const char *peer, guint32 *out_uid)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "GetConnectionUnixUser", g_variant_new ("(s)", peer), G_VARIANT_TYPE ("(u)"),
      G_DBUS_CALL_FLAGS_NONE, 1000, NULL, NULL);

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(u)", out_uid);
  return TRUE;
}

char *
call_describe_peer (Service *self, const char *peer)
{
  guint32 uid;
  g_autofree char *user
      = get_user (self, peer, &uid) ? md_audit_detail_number (uid) : g_strdup ("gone");

  return g_strdup_printf ("uid=%s peer=%s", user, peer);
}

/* What is known of a caller whom no officer stands for: the method, the user, the connection. */
static char *
describe_caller (Service *self, const char *peer, const char *cause, const char *method)
{
  g_autofree char *who = call_describe_peer (self, peer);

  return g_strdup_printf ("cause=%s%s%s %s", cause, method != NULL ? " call=" : "",
                          method != NULL ? method : "", who);
}

gboolean
call_record_stranger (Service *self, const char *peer, MdAuditEntry *entry, const char *cause,
                      const char *method, GError **error)
{
  g_autofree char *detail = NULL;

  if (!md_audit_gate_admit (self->gate, peer, entry, cause))
    return TRUE;
  detail = describe_caller (self, peer, cause, method);
  entry->detail = detail;
  return md_audit_record_now (self->audit, entry, error);
}

/* Writes the record, or lets it be counted where too many come. */
static gboolean
record_refusal (Service *self, GDBusMethodInvocation *invocation, MdAuditEntry *entry,
                const char *cause, GError **error)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  g_autofree char *detail = g_strconcat ("cause=", cause, NULL);

  entry->outcome = MD_AUDIT_REFUSED;
  if (entry->staff == NULL || g_str_equal (entry->event, "call"))
    return call_record_stranger (self, sender, entry, cause,
                                 g_dbus_method_invocation_get_method_name (invocation), error);
  if (!md_audit_gate_admit (self->gate, sender, entry, cause))
    return TRUE;
  entry->detail = detail;
  return md_audit_record_now (self->audit, entry, error);
}

void
call_refuse (Service *self, GDBusMethodInvocation *invocation, MdAuditEntry *entry,
             const char *cause, GError *error)
{
  GError *unwritten = NULL;

  if (!record_refusal (self, invocation, entry, cause, &unwritten))
    {
      g_error_free (error);
      error = unwritten;
    }
  call_fail (invocation, error);
}

void
call_reject (Service *self, GDBusMethodInvocation *invocation, const char *cause, GError *error)
{
  const MdStaffSession *session = md_staff_desk_get_session (self->desk);
  const MdPolicyStaff *officer = NULL;
  MdAuditEntry entry;

  if (session != NULL && self->policy != NULL
      && g_strcmp0 (session->owner, g_dbus_method_invocation_get_sender (invocation)) == 0)
    officer = md_policy_get_staff (self->policy, session->staff);
  entry = call_entry (officer, "call");
  call_refuse (self, invocation, &entry, cause, error);
}

void
call_reject_literal (Service *self, GDBusMethodInvocation *invocation, const char *cause,
                     MdBusError code, const char *message)
{
  call_reject (self, invocation, cause, g_error_new_literal (MD_BUS_ERROR, (gint)code, message));
}

void
call_reject_session (Service *self, GDBusMethodInvocation *invocation, const char *id,
                     GError *error)
{
  const MdStaffSession *session = md_staff_desk_get_session (self->desk);
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  const char *cause = "not-logged-in";

  if (error->domain != MD_STAFF_ERROR)
    {
      call_fail (invocation, error); /* a failure, no refusal */
      return;
    }
  if (g_error_matches (error, MD_STAFF_ERROR, MD_STAFF_ERROR_SESSION_LOCKED))
    cause = "locked";
  else if (session != NULL && g_strcmp0 (session->id, id) == 0)
    cause = "foreign-session";
  else if (session != NULL && g_strcmp0 (session->owner, sender) == 0)
    cause = "wrong-session";
  call_reject (self, invocation, cause, error);
}

/* --- Who may --- */

const MdPolicyStaff *
call_officer (Service *self, GDBusMethodInvocation *invocation, const char *session)
{
  const MdStaffSession *found;
  const MdPolicyStaff *officer;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return NULL;
  policy_watch (self);
  md_staff_desk_expire (self->desk);
  found = md_staff_desk_use (self->desk, g_dbus_method_invocation_get_sender (invocation), session,
                             &error);
  if (found == NULL)
    {
      call_reject_session (self, invocation, session, error);
      return NULL;
    }
  officer
      = policy_in_force (self) != NULL ? md_policy_get_staff (self->policy, found->staff) : NULL;
  if (officer == NULL)
    call_reject_literal (self, invocation, "no-policy", MD_BUS_ERROR_NO_POLICY,
                         _ ("This terminal has no valid policy any more. Call the administrator."));
  else if (!rights_admit (self->policy, officer,
                          g_dbus_method_invocation_get_method_name (invocation)))
    {
      call_reject_literal (self, invocation, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED,
                           md_may_get_message (MD_MAY_NOT_ROLE));
      return NULL;
    }
  return officer;
}

MdOutboxIntake *
call_own_intake (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
                 const char *id, MdAuditEntry *entry)
{
  GError *error = NULL;
  g_autoptr (MdOutboxIntake) intake = NULL;

  if (officer == NULL)
    return NULL;
  intake = md_outbox_get (self->outbox, id, &error);
  if (intake == NULL)
    {
      call_refuse (self, invocation, entry, "unknown-intake", error);
      return NULL;
    }
  entry->object = id;
  if (g_strcmp0 (intake->clerk, officer->id) == 0)
    return g_steal_pointer (&intake);
  call_refuse (self, invocation, entry, "other-clerk",
               g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                                    _ ("This intake is another officer's.")));
  return NULL;
}

gboolean
call_is_administrator (Service *self, GDBusMethodInvocation *invocation, const char *event)
{
  MdAuditEntry entry = call_entry (NULL, event);
  guint32 uid;

  if (!call_has_database (self, invocation))
    return FALSE;
  if (get_user (self, g_dbus_method_invocation_get_sender (invocation), &uid)
      && (uid == 0 || uid == geteuid ()))
    return TRUE;
  call_refuse (
      self, invocation, &entry, "not-administrator",
      g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                           _ ("Only the administrator may do this. Run the command as root, for "
                              "instance with sudo.")));
  return FALSE;
}

gboolean
call_is_admitted (Service *self, GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  const MdStaffSession *session = NULL;
  const MdPolicyStaff *officer;

  if (!call_has_database (self, invocation))
    return FALSE;
  policy_watch (self);
  md_staff_desk_expire (self->desk);
  session = md_staff_desk_peek (self->desk, g_dbus_method_invocation_get_sender (invocation));
  if (session == NULL)
    return call_is_administrator (self, invocation, "call");
  officer
      = policy_in_force (self) != NULL ? md_policy_get_staff (self->policy, session->staff) : NULL;
  if (officer != NULL && rights_admit (self->policy, officer, method))
    return TRUE;
  call_reject_literal (self, invocation, "not-permitted", MD_BUS_ERROR_NOT_PERMITTED,
                       md_may_get_message (MD_MAY_NOT_ROLE));
  return FALSE;
}

gboolean
call_may_audit (Service *self, GDBusMethodInvocation *invocation, const char *event,
                MdAuditEntry *out_entry)
{
  const MdStaffSession *session = NULL;
  const MdPolicyStaff *officer;

  if (!call_has_database (self, invocation))
    return FALSE;
  md_staff_desk_expire (self->desk);
  session = md_staff_desk_peek (self->desk, g_dbus_method_invocation_get_sender (invocation));
  if (session == NULL)
    {
      *out_entry = call_entry (NULL, event);
      out_entry->detail = "by=administrator";
      return call_is_administrator (self, invocation, event);
    }
  /* Who is logged in counts by that officer's roles alone, whoever owns the desktop. */
  officer
      = policy_in_force (self) != NULL ? md_policy_get_staff (self->policy, session->staff) : NULL;
  *out_entry = call_entry (officer, event);
  if (officer != NULL
      && (officer->roles & (MD_ROLES (MD_ROLE_AUDITOR) | MD_ROLES (MD_ROLE_ADMIN))) != 0)
    return TRUE;
  call_refuse (self, invocation, out_entry, "not-auditor",
               g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                                    _ ("Only an auditor or an administrator may look at the log. "
                                       "Ask one of them to log in.")));
  return FALSE;
}
