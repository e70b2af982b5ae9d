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
