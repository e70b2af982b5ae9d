// SPDX-License-Identifier: Apache-2.0
/* What only the administrator may ask: the audit log and passwords. */
#include <glib/gi18n.h>

#include "call.h"

#define LIST_LIMIT 1000u

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value));
}

static void
describe_record (GVariantBuilder *rows, const MdAuditRecord *record)
{
  g_autofree char *previous = md_hex_encode (record->previous, sizeof record->previous);
  g_autofree char *hash = md_hex_encode (record->hash, sizeof record->hash);

  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (rows, "{sv}", "seq", g_variant_new_uint64 (record->sequence));
  add_text (rows, "time", record->time);
  add_text (rows, "staff", record->staff);
  add_text (rows, "staff_name", record->staff_name);
  add_text (rows, "department", record->department);
  add_text (rows, "office", record->office);
  add_text (rows, "terminal", record->terminal);
  add_text (rows, "event", record->event);
  add_text (rows, "outcome", md_audit_outcome_to_string (record->outcome));
  add_text (rows, "reason", record->reason);
  add_text (rows, "subject", record->subject);
  add_text (rows, "object", record->object);
  add_text (rows, "digest", record->digest);
  add_text (rows, "detail", record->detail);
  add_text (rows, "peer_time", record->peer_time);
  add_text (rows, "previous", previous);
  add_text (rows, "hash", hash);
  g_variant_builder_close (rows);
}

static gboolean
list_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, guint64 after, guint limit,
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
    list = md_audit_list (self->db, after, MIN (limit, LIST_LIMIT), &error);
  if (list == NULL)
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    describe_record (&rows, g_ptr_array_index (list, i));
  md_bus_terminal1_complete_audit_list (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

static gboolean
verify_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;
  MdAuditEntry entry;
  MdAuditReport report = { 0 };
  GVariantBuilder builder;
  GError *error = NULL;
  g_autofree char *head = NULL;

  if (!call_may_audit (self, invocation, "audit-verify", &entry))
    return TRUE;
  if (!md_audit_verify (self->db, &report, &error))
    {
      call_fail (invocation, error);
      return TRUE;
    }
  entry.outcome = report.verdict == MD_AUDIT_INTACT ? MD_AUDIT_DONE : MD_AUDIT_FAILED;
  if (!md_audit_record_now (self->audit, &entry, &error))
    {
      /* A log too damaged to go on is told as such, not hidden behind the failure to write. */
      g_message ("%s", error->message);
      g_clear_error (&error);
    }
  head = md_hex_encode (report.head, sizeof report.head);
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "verdict", report.verdict == MD_AUDIT_INTACT ? "intact" : "broken");
  g_variant_builder_add (&builder, "{sv}", "count", g_variant_new_uint64 (report.count));
  add_text (&builder, "head", head);
  g_variant_builder_add (&builder, "{sv}", "first_bad", g_variant_new_uint64 (report.first_bad));
  add_text (&builder, "detail", report.what);
  md_bus_terminal1_complete_audit_verify (object, invocation, g_variant_builder_end (&builder));
  return TRUE;
}

/* --- Passwords --- */

typedef struct
{
  Service *service;
  GDBusMethodInvocation *invocation;
  char *staff;
  int fd;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->invocation);
  g_free (change->staff);
  close (change->fd);
  g_free (change);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;
  MdSecret *password = md_bus_secret_from_fd (change->fd, &error);

  if (password == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, password, (GDestroyNotify)md_secret_unref);
}

/* A password that is too easy, or an officer whom nobody knows. */
static void
refuse_password (Change *change, GDBusMethodInvocation *invocation, GError *error)
{
  MdAuditEntry entry = { .event = "password" };

  if (error->domain != MD_STAFF_ERROR)
    call_fail (invocation, error);
  else
    call_refuse (change->service, invocation, &entry,
                 error->code == MD_STAFF_ERROR_WEAK ? "weak" : "unknown-officer", error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Change *change = g_task_get_task_data (G_TASK (result));
  GDBusMethodInvocation *invocation = g_object_ref (change->invocation);
  GError *error = NULL;
  g_autoptr (MdSecret) password = g_task_propagate_pointer (G_TASK (result), &error);

  if (password == NULL)
    call_reject (change->service, invocation, "unreadable-password", error);
  else if (!md_staff_desk_set_password (change->service->desk, change->staff, password,
                                        "administrator", &error))
    refuse_password (change, invocation, error);
  else
    md_bus_terminal1_complete_set_password (change->service->skeleton, invocation, NULL);
  g_object_unref (invocation);
}

static gboolean
password_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
             const char *staff, GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Change *change;
  int fd;

  if (!call_is_administrator (self, invocation, "password"))
    return TRUE;
  fd = md_bus_handle_dup (fds, handle, &error);
  if (fd < 0)
    {
      call_reject (self, invocation, "no-pipe", error);
      return TRUE;
    }
  change = g_new0 (Change, 1);
  change->service = self;
  change->invocation = g_object_ref (invocation);
  change->staff = g_strdup (staff);
  change->fd = fd;
  task = g_task_new (object, NULL, read_cb, NULL);
  g_task_set_source_tag (task, password_cb);
  g_task_set_task_data (task, change, change_free);
  g_task_run_in_thread (task, read_thread);
  return TRUE;
}

void
admin_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-audit-list", G_CALLBACK (list_cb), self);
  g_signal_connect (self->skeleton, "handle-audit-verify", G_CALLBACK (verify_cb), self);
  g_signal_connect (self->skeleton, "handle-set-password", G_CALLBACK (password_cb), self);
}
