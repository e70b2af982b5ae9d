// SPDX-License-Identifier: Apache-2.0
/* The readers as the card service has them, for the verbs that look for themselves. */
#include "readers.h"

#include "md-card.h"
#include "md-policy.h"

/* How long the card service has to say what there is. */
#define SERVICE_PATIENCE_S 20

static gboolean
overdue_cb (gpointer overdue)
{
  *(gboolean *)overdue = TRUE;
  return G_SOURCE_REMOVE;
}

/* FALSE: it says nothing. */
static gboolean
await_service (MdPcsc *pcsc)
{
  gboolean overdue = FALSE;
  guint timer = g_timeout_add_seconds (SERVICE_PATIENCE_S, overdue_cb, &overdue);

  md_pcsc_start (pcsc);
  while (md_pcsc_get_state (pcsc) == MD_PCSC_STATE_STARTING && !overdue)
    g_main_context_iteration (NULL, TRUE);
  if (!overdue)
    g_source_remove (timer);
  return md_pcsc_get_state (pcsc) != MD_PCSC_STATE_STARTING;
}

/* Until the process ends. Whoever stops it has threads in the card service's library for a moment
 * longer, and the end of the process takes that from under them. */
static MdPcsc *kept;

GStrv
readers_await (MdPcsc *pcsc, GError **error)
{
  g_set_object (&kept, pcsc);
  if (!await_service (pcsc))
    {
      md_card_error_set (error, MD_CARD_ERROR_SERVICE_LOST);
      return NULL;
    }
  if (md_pcsc_get_state (pcsc) != MD_PCSC_STATE_READY
      && md_pcsc_get_state (pcsc) != MD_PCSC_STATE_NO_READER)
    {
      md_pcsc_explain (pcsc, error);
      return NULL;
    }
  return md_pcsc_list_names (pcsc);
}

typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Answer;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->result = md_pcsc_run_finish (MD_PCSC (source), result, &answer->error);
  answer->done = TRUE;
}

gpointer
readers_run (MdPcsc *pcsc, const MdCardJob *job, GError **error)
{
  Answer answer = { 0 };

  md_pcsc_run_async (pcsc, job, NULL, answered_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  if (answer.error != NULL)
    g_propagate_error (error, answer.error);
  return answer.result;
}

void
readers_register (Context *context, MdPcsc *pcsc)
{
  const GDBusProxyFlags flags
      = G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS | G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START;
  g_autoptr (MdBusTerminal1) service = md_bus_terminal1_proxy_new_for_bus_sync (
      context->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, flags, MD_BUS_NAME, MD_BUS_PATH,
      NULL, NULL);
  const char *id = service != NULL ? md_bus_terminal1_get_terminal (service) : NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (MdPolicy) policy = NULL;
  const MdPolicyTerminal *terminal;
  guint version = 0;

  if (id == NULL
      || !md_bus_terminal1_call_get_policy_sync (service, NULL, &handle, &version, &fds, NULL,
                                                 NULL))
    return;
  json = md_bus_payload_get (fds, handle, MD_LIMIT_POLICY, NULL);
  policy = json != NULL ? md_policy_new_from_json (json, NULL, NULL) : NULL;
  terminal = policy != NULL ? md_policy_get_terminal (policy, id) : NULL;
  md_pcsc_set_registered (pcsc, terminal != NULL ? terminal->readers : NULL);
}
