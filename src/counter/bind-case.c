// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind-case.h"

#include "rows.h"

#include <glib/gi18n.h>

static void
count_cb (GListModel *rows, guint position, guint removed, guint added, CounterCase *self)
{
  g_object_set (self->model, "count", g_list_model_get_n_items (rows), NULL);
}

void
counter_case_init (CounterCase *self, CounterWindow *window, CounterModel *model, MdDesk *desk,
                   GListModel *rows)
{
  self->window = window;
  self->model = g_object_ref (model);
  self->desk = g_object_ref (desk);
  self->rows = rows;
}

void
counter_case_show_list (CounterCase *self)
{
  g_signal_connect (self->rows, "items-changed", G_CALLBACK (count_cb), self);
  g_object_set (self->model, "list", self->rows, "stage", "list", "count",
                g_list_model_get_n_items (self->rows), NULL);
}

void
counter_case_clear (CounterCase *self)
{
  counter_case_stop_job (self);
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_signal_handlers_disconnect_by_data (md_desk_get_staff_pin (self->desk), self);
  g_signal_handlers_disconnect_by_data (self->rows, self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->rows);
  g_clear_object (&self->model);
  g_clear_object (&self->desk);
}

GCancellable *
counter_case_begin_job (CounterCase *self)
{
  counter_case_stop_job (self);
  self->job = g_cancellable_new ();
  return self->job;
}

void
counter_case_stop_job (CounterCase *self)
{
  if (self->job != NULL)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
}

void
counter_case_tell_unsure (CounterCase *self)
{
  counter_window_tell (self->window,
                       _ ("It may be filed already. The list shows what became of it."));
}

void
counter_case_show_row (CounterCase *self, gpointer opened)
{
  g_autoptr (MdIntakeRow) row = NULL;

  g_object_get (opened, "row", &row, NULL);
  if (row == NULL)
    return;
  g_autofree char *title = counter_text_of (row, "procedure-title");
  g_autofree char *clerk = counter_text_of (row, "clerk-name");
  g_autofree char *time = counter_text_of (row, "time");
  g_autofree char *taken = g_strdup_printf (_ ("Taken in by %s at %s"), clerk, time);

  g_object_set (self->model, "procedure-title", title, "taken-by", taken, "receipt-number",
                md_intake_row_get_receipt_number (row), NULL);
}

MdIntakeRow *
counter_case_find_row (GListModel *list, const char *intake)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (MdIntakeRow) row = g_list_model_get_item (list, i);

      if (g_strcmp0 (md_intake_row_get_intake (row), intake) == 0)
        return g_steal_pointer (&row);
    }
  return NULL;
}

char *
counter_case_join (const char *first, const char *second)
{
  return g_strdup_printf ("%s%s%s", first != NULL ? first : "",
                          first != NULL && *first != '\0' && second != NULL ? "\n" : "",
                          second != NULL ? second : "");
}
