// SPDX-License-Identifier: Apache-2.0
/* Login, lock and logout. The password is read and checked in a thread: it comes through a pipe
 * whose other end may be slow, and scrypt is meant to take its time. */
#include <unistd.h>
#include <glib/gi18n.h>

#include "call.h"
#include "policy.h"
#include "reservations.h"

typedef struct
{
  Service *service;
  GDBusMethodInvocation *invocation;
  int fd;
  MdStaffCheck *whose;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_object_unref (check->invocation);
  close (check->fd);
  md_staff_check_free (check->whose);
  g_free (check);
}

static gboolean
begin_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GVariant *certificate,
          gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GBytes) der = g_variant_get_data_as_bytes (certificate);
  g_autoptr (GBytes) challenge = NULL;
  g_autofree char *login = NULL;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  policy_watch (self);
  if (!md_staff_desk_begin (self->desk, g_dbus_method_invocation_get_sender (invocation), der,
                            &login, &challenge, &error))
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_begin_login (
        object, invocation, login,
        g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, challenge, TRUE));
  return TRUE;
}

static GVariant *
describe (Service *self, const MdPolicyStaff *officer)
{
  const char *last = md_staff_desk_get_last_login (self->desk);
  GVariantBuilder builder, roles;

  g_variant_builder_init (&roles, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint role = 0; role < MD_N_ROLES; role++)
    if ((officer->roles & MD_ROLES (role)) != 0)
      g_variant_builder_add (&roles, "s", md_role_to_id ((MdRole)role));
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "id", g_variant_new_string (officer->id));
  g_variant_builder_add (&builder, "{sv}", "name_ja", g_variant_new_string (officer->name_ja));
  g_variant_builder_add (&builder, "{sv}", "name_en", g_variant_new_string (officer->name_en));
  g_variant_builder_add (&builder, "{sv}", "department_ja",
                         g_variant_new_string (officer->department_ja));
  g_variant_builder_add (&builder, "{sv}", "department_en",
                         g_variant_new_string (officer->department_en));
  g_variant_builder_add (&builder, "{sv}", "roles", g_variant_builder_end (&roles));
  g_variant_builder_add (&builder, "{sv}", "last_login",
                         g_variant_new_string (last != NULL ? last : ""));
  g_variant_builder_add (&builder, "{sv}", "failed_since",
                         g_variant_new_uint32 (md_staff_desk_get_failed_since (self->desk)));
  return g_variant_builder_end (&builder);
}

static void
check_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Check *check = data;
  GError *error = NULL;
  g_autoptr (MdSecret) password = md_bus_secret_from_fd (check->fd, &error);

  if (password == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, md_password_verifier_matches (check->whose->verifier, password));
}

/* The officer by the rules of this moment: they may have ended since the card was shown. */
static const MdPolicyStaff *
find_officer (Service *self, const char *staff)
{
  policy_watch (self);
  return policy_in_force (self) != NULL ? md_policy_get_staff (self->policy, staff) : NULL;
}

static void
refuse_ended (Service *self, GDBusMethodInvocation *invocation, const char *staff)
{
  MdAuditEntry entry = { .event = "login", .staff = staff };

  if (policy_in_force (self) != NULL)
    call_refuse (self, invocation, &entry, "unknown-card",
                 g_error_new_literal (
                     MD_BUS_ERROR, MD_BUS_ERROR_CARD_UNKNOWN,
                     _ ("This staff card is not registered for this office. Use your own staff "
                        "card, or ask the administrator to register it.")));
  else
    call_refuse (self, invocation, &entry, "no-policy",
                 g_error_new_literal (
                     MD_BUS_ERROR, MD_BUS_ERROR_NO_POLICY,
                     _ ("This terminal has no valid policy any more. Call the administrator.")));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Check *check = g_task_get_task_data (G_TASK (result));
  Service *self = check->service;
  GDBusMethodInvocation *invocation = g_object_ref (check->invocation);
  GError *error = NULL;
  gboolean matches = g_task_propagate_boolean (G_TASK (result), &error);
  gboolean unread = error != NULL;
  const MdPolicyStaff *officer = find_officer (self, check->whose->staff);
  const MdStaffSession *session = NULL;

  if (!unread && officer != NULL)
    session = md_staff_desk_conclude (self->desk, g_dbus_method_invocation_get_sender (invocation),
                                      officer->id, matches, &error);
  if (unread)
    call_reject (self, invocation, "unreadable-password", error);
  else if (officer == NULL)
    refuse_ended (self, invocation, check->whose->staff);
  else if (session == NULL)
    call_fail (invocation, error);
  else
    {
      reservations_end_of_others (self, officer->id);
      md_bus_terminal1_complete_finish_login (self->skeleton, invocation, NULL, session->id,
                                              describe (self, officer));
    }
  g_object_unref (invocation);
}

static gboolean
finish_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
           const char *login, GVariant *signature, GVariant *password, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GBytes) answer = g_variant_get_data_as_bytes (signature);
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Check *check;
  int fd;

  if (!call_has_database (self, invocation))
    return TRUE;
  fd = md_bus_handle_dup (fds, password, &error);
  if (fd < 0)
    {
      call_reject (self, invocation, "no-pipe", error);
      return TRUE;
    }
  check = g_new0 (Check, 1);
  check->service = self;
  check->invocation = g_object_ref (invocation);
  check->fd = fd;
  check->whose = md_staff_desk_check_card (
      self->desk, g_dbus_method_invocation_get_sender (invocation), login, answer, &error);
  if (check->whose == NULL)
    {
      check_free (check);
      call_fail (invocation, error);
      return TRUE;
    }
  task = g_task_new (object, NULL, checked_cb, NULL);
  g_task_set_source_tag (task, finish_cb);
  g_task_set_task_data (task, check, check_free);
  g_task_run_in_thread (task, check_thread);
  return TRUE;
}

static gboolean
logout_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
           gpointer user_data)
{
  Service *self = user_data;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  if (!md_staff_desk_logout (self->desk, g_dbus_method_invocation_get_sender (invocation), session,
                             &error))
    call_reject_session (self, invocation, session, error);
  else
    md_bus_terminal1_complete_logout (object, invocation);
  return TRUE;
}

static gboolean
lock_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         const char *reason, gpointer user_data)
{
  Service *self = user_data;
  GError *error = NULL;

  if (!call_has_database (self, invocation))
    return TRUE;
  if (!md_staff_desk_lock (self->desk, g_dbus_method_invocation_get_sender (invocation), session,
                           reason, &error))
    call_reject_session (self, invocation, session, error);
  else
    md_bus_terminal1_complete_lock (object, invocation);
  return TRUE;
}

static gboolean
touch_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
          gpointer user_data)
{
  if (call_officer (user_data, invocation, session) != NULL)
    md_bus_terminal1_complete_touch (object, invocation);
  return TRUE;
}

void
login_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-begin-login", G_CALLBACK (begin_cb), self);
  g_signal_connect (self->skeleton, "handle-finish-login", G_CALLBACK (finish_cb), self);
  g_signal_connect (self->skeleton, "handle-logout", G_CALLBACK (logout_cb), self);
  g_signal_connect (self->skeleton, "handle-lock", G_CALLBACK (lock_cb), self);
  g_signal_connect (self->skeleton, "handle-touch", G_CALLBACK (touch_cb), self);
}
