// SPDX-License-Identifier: Apache-2.0
/* What became of an application, put together from what waits in the outbox. */
#include "history.h"

#include "md-protocol.h"

static MdContainer *
append (const MdContainer *container, guint n, GBytes *body, GError **error)
{
  g_autoptr (MdDecisionMessage) message = md_decision_message_decode (body, error);
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (GBytes) longer = NULL;

  if (message == NULL)
    return NULL;
  files = md_decision_files_new (n, message->decision, message->manifest, message->signature);
  longer = md_container_append_decision (container, files, error);
  return longer != NULL ? md_container_parse (longer, error) : NULL;
}

MdContainer *
history_load (Service *self, const MdOutboxIntake *intake, GError **error)
{
  g_autoptr (GBytes) bytes = md_outbox_get_container (self->outbox, intake->id, error);
  g_autoptr (MdContainer) container = bytes != NULL ? md_container_parse (bytes, error) : NULL;

  for (guint n = MD_WIRE_FIRST_DECISION; container != NULL && n < intake->next_n; n++)
    {
      g_autoptr (GBytes) body = md_outbox_get_body (self->outbox, intake->id, n, error);
      MdContainer *longer = body != NULL ? append (container, n, body, error) : NULL;

      md_container_unref (container);
      container = longer;
    }
  return g_steal_pointer (&container);
}
