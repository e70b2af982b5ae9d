// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "history.h"

#include <md-ledger.h>
#include <md-protocol.h>

MdContainer *
history_rebuild (const Office *office, const char *intake, guint n, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;

  if (!md_ledger_fetch (office->ledger, intake, 1, &bytes, NULL, error))
    return NULL;
  container = md_container_parse (bytes, error);
  for (guint i = MD_WIRE_FIRST_DECISION; container != NULL && i < n; i++)
    {
      g_autoptr (GBytes) body = NULL;
      g_autoptr (MdDecisionMessage) message = NULL;
      g_autoptr (MdDecisionFiles) files = NULL;
      g_autoptr (GBytes) longer = NULL;

      if (!md_ledger_fetch (office->ledger, intake, i, &body, NULL, error)
          || (message = md_decision_message_decode (body, error)) == NULL)
        return NULL;
      files = md_decision_files_new (i, message->decision, message->manifest, message->signature);
      longer = md_container_append_decision (container, files, error);
      g_clear_pointer (&container, md_container_unref);
      if (longer != NULL)
        container = md_container_parse (longer, error);
    }
  return g_steal_pointer (&container);
}
