// SPDX-License-Identifier: Apache-2.0
#include "reservations.h"

#include "call.h"

static void
end (Service *self, const MdOutboxIntake *intake, const char *cause)
{
  const MdPolicyStaff *clerk
      = self->policy != NULL ? md_policy_get_staff (self->policy, intake->clerk) : NULL;
  MdAuditEntry entry = call_entry (clerk, "abandon");
  g_autofree char *detail = g_strdup_printf ("cause=%s", cause);
  g_autoptr (GError) error = NULL;

  entry.staff = intake->clerk;
  entry.detail = detail;
  if (md_outbox_lose (self->outbox, intake->id, &entry, &error))
    md_bus_terminal1_emit_intake_changed (self->skeleton, intake->id,
                                          md_intake_state_to_string (MD_INTAKE_ABANDONED));
  else
    g_message ("%s", error->message);
}

static GPtrArray *
list_open (Service *self)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = md_outbox_list (self->outbox, MD_OUTBOX_LIST_RESERVED, G_MAXINT, &error);

  if (list != NULL)
    return list;
  g_message ("%s", error->message);
  return g_ptr_array_new ();
}

void
reservations_end_of (Service *self, const char *clerk)
{
  g_autoptr (GPtrArray) list = list_open (self);

  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (g_strcmp0 (intake->clerk, clerk) == 0)
        end (self, intake, "vanished");
    }
}

void
reservations_end_of_others (Service *self, const char *clerk)
{
  g_autoptr (GPtrArray) list = list_open (self);

  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (g_strcmp0 (intake->clerk, clerk) != 0)
        end (self, intake, "other-officer");
    }
}

void
reservations_end_of_last_boot (Service *self)
{
  g_autoptr (GPtrArray) list = list_open (self);
  const char *boot_id = md_clock_get_boot_id (self->clock);

  for (guint i = 0; i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (g_strcmp0 (intake->boot_id, boot_id) != 0)
        end (self, intake, "restart");
    }
}

/* --- whose window --- */

static char *
owner_of (Service *self, const char *name)
{
  return self->bus != NULL && name != NULL ? g_strdup_printf ("%s %s", self->bus, name) : NULL;
}

char *
reservations_dup_owner (Service *self, GDBusMethodInvocation *invocation)
{
  return owner_of (self, g_dbus_method_invocation_get_sender (invocation));
}

void
reservations_end_of_window (Service *self, const char *name)
{
  g_autoptr (GPtrArray) list = list_open (self);
  g_autofree char *owner = owner_of (self, name);

  for (guint i = 0; owner != NULL && i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (g_strcmp0 (intake->owner, owner) == 0)
        end (self, intake, "vanished");
    }
}

/* The owners that are on the bus now; NULL where it does not say. */
static GHashTable *
list_owners (Service *self)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "ListNames", NULL, G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  GHashTable *owners;
  GVariantIter *names = NULL;
  const char *name;

  if (answer == NULL)
    return NULL;
  owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_variant_get (answer, "(as)", &names);
  while (g_variant_iter_next (names, "&s", &name))
    (void)g_hash_table_add (owners, owner_of (self, name));
  g_variant_iter_free (names);
  return owners;
}

void
reservations_end_of_gone (Service *self)
{
  g_autoptr (GPtrArray) list = list_open (self);
  g_autoptr (GHashTable) owners = list->len > 0 && self->bus != NULL ? list_owners (self) : NULL;

  for (guint i = 0; owners != NULL && i < list->len; i++)
    {
      const MdOutboxIntake *intake = g_ptr_array_index (list, i);

      if (intake->owner != NULL && !g_hash_table_contains (owners, intake->owner))
        end (self, intake, "vanished");
    }
}
