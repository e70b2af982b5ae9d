// SPDX-License-Identifier: Apache-2.0
/* The readers as the card service has them, for the verbs that look for themselves. */
#include "readers.h"

#include "md-card.h"

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

GStrv
readers_await (MdPcsc *pcsc, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

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
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pcsc)); i++)
    {
      g_autoptr (MdCardReader) reader = g_list_model_get_item (G_LIST_MODEL (pcsc), i);

      g_strv_builder_add (names, md_card_reader_get_name (reader));
    }
  for (const char *const *away = md_pcsc_get_away (pcsc); *away != NULL; away++)
    g_strv_builder_add (names, *away);
  return g_strv_builder_end (names);
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
