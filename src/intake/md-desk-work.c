// SPDX-License-Identifier: Apache-2.0
// What a desk offers to its work: lists, the intake and the approval in hand.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-desk-private.h"

MdDeskState
md_desk_get_state (MdDesk *self)
{
  return self->state;
}

MdTrouble *
md_desk_get_trouble (MdDesk *self)
{
  return self->trouble;
}

MdCatalogue *
md_desk_get_catalogue (MdDesk *self)
{
  return self->catalogue;
}

MdPcsc *
md_desk_get_pcsc (MdDesk *self)
{
  return self->pcsc;
}

MdPolicy *
md_desk_get_policy (MdDesk *self)
{
  return self->policy;
}

MdLogin *
md_desk_get_login (MdDesk *self)
{
  return self->login;
}

MdStaffPin *
md_desk_get_staff_pin (MdDesk *self)
{
  return self->staff_pin;
}

const char *
md_desk_get_staff_id (MdDesk *self)
{
  return self->staff_id;
}

const char *
md_desk_get_staff_name (MdDesk *self)
{
  return _md_words_staff (_md_desk_staff (self));
}

const char *
_md_desk_get_session (MdDesk *self)
{
  return self->session;
}

MdBusTerminal1 *
_md_desk_get_proxy (MdDesk *self)
{
  return self->proxy;
}

MdIdentifier *
_md_desk_get_identifier (MdDesk *self)
{
  return self->identifier;
}

MdClock *
_md_desk_get_clock (MdDesk *self)
{
  return self->clock;
}

GCancellable *
_md_desk_get_cancellable (MdDesk *self)
{
  return self->cancellable;
}

gint64
_md_desk_now (MdDesk *self)
{
  return md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
}

char *
_md_desk_today (MdDesk *self)
{
  MdDate date;

  md_date_from_wall_us (md_clock_get_wall_us (self->clock), &date);
  return md_date_format_iso (&date);
}

MdViewer
_md_desk_viewer (MdDesk *self, gboolean own, gboolean open)
{
  const MdPolicyStaff *staff = _md_desk_staff (self);
  guint situation = MD_SITUATION_OFFICE;

  if (staff && staff->number)
    situation |= MD_SITUATION_NUMBER;
  if (own)
    situation |= MD_SITUATION_OWN;
  if (open)
    situation |= MD_SITUATION_OPEN;
  return (MdViewer){ .table = md_policy_get_visibility (self->policy),
                     .roles = self->roles,
                     .situation = (MdSituation)situation };
}

/* --- intake and approval in hand --- */

gboolean
md_desk_may_take_in (MdDesk *self, MdForm *form)
{
  MdViewer viewer = _md_desk_viewer (self, TRUE, TRUE);

  return md_policy_may_take_in (self->policy, self->staff_id, md_form_get_id (form)) == MD_MAY_YES
         && md_form_can_take_in (form, &viewer, NULL);
}

GListModel *
md_desk_search_forms (MdDesk *self, const char *text)
{
  g_autofree char *today = _md_desk_today (self);
  g_autoptr (GListModel) found = md_catalogue_search (self->catalogue, text, today);
  GListStore *store = g_list_store_new (MD_TYPE_FORM);

  for (guint i = 0; self->session && i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (MdForm) form = g_list_model_get_item (found, i);

      if (md_desk_may_take_in (self, form))
        g_list_store_append (store, form);
    }
  return G_LIST_MODEL (store);
}

MdForm *
md_desk_find_form (MdDesk *self, const char *procedure)
{
  g_autofree char *today = _md_desk_today (self);

  return md_catalogue_get_form_on (self->catalogue, procedure, today);
}

GListModel *
md_desk_get_events (MdDesk *self)
{
  return md_catalogue_get_events (self->catalogue);
}

GListModel *
md_desk_list_due (MdDesk *self, MdLifeEvent *event, GHashTable *answers)
{
  g_autofree char *today = _md_desk_today (self);

  return md_life_event_list_due (event, answers, today);
}

MdIntake *
md_desk_get_intake (MdDesk *self)
{
  return self->intake;
}

MdIntake *
md_desk_begin_intake (MdDesk *self)
{
  _md_desk_expect_guest (self, FALSE);
  if (self->intake)
    _md_intake_abandon (self->intake, "replaced");
  g_clear_object (&self->intake);
  self->intake = _md_intake_new (self);
  return self->intake;
}

MdIntake *
md_desk_take_up (MdDesk *self, MdIntakeRow *row)
{
  MdIntake *intake = md_desk_begin_intake (self);

  _md_intake_set_replaces (intake, row);
  return intake;
}

MdReturned *
md_desk_begin_returned (MdDesk *self, MdIntakeRow *row)
{
  _md_desk_expect_guest (self, FALSE);
  md_desk_end_returned (self);
  self->returned_open = _md_returned_new (self, row);
  return self->returned_open;
}

MdReturned *
md_desk_get_returned_open (MdDesk *self)
{
  return self->returned_open;
}

void
md_desk_end_returned (MdDesk *self)
{
  if (self->returned_open)
    _md_returned_end (self->returned_open);
  g_clear_object (&self->returned_open);
}

MdDraft *
md_desk_begin_draft (MdDesk *self, MdDraftRow *row)
{
  _md_desk_expect_guest (self, FALSE);
  md_desk_end_draft (self);
  self->draft_open = _md_draft_new (self, row);
  return self->draft_open;
}

MdDraft *
md_desk_get_draft_open (MdDesk *self)
{
  return self->draft_open;
}

void
md_desk_end_draft (MdDesk *self)
{
  if (self->draft_open)
    _md_draft_end (self->draft_open);
  g_clear_object (&self->draft_open);
}

MdApproval *
md_desk_begin_approval (MdDesk *self, MdIntakeRow *row)
{
  _md_desk_expect_guest (self, FALSE);
  md_desk_end_approval (self);
  self->approval = _md_approval_new (self, row);
  return self->approval;
}

MdApproval *
md_desk_get_approval (MdDesk *self)
{
  return self->approval;
}

void
md_desk_end_approval (MdDesk *self)
{
  if (self->approval)
    md_approval_wipe (self->approval);
  g_clear_object (&self->approval);
}

gboolean
_md_desk_run_staff_job (MdDesk *self, MdCardJob *job, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data, GError **error)
{
  MdCardReader *reader = md_pcsc_get_reader (self->pcsc, MD_CARD_ROLE_STAFF);

  if (!reader)
    {
      md_card_error_set (error, MD_CARD_ERROR_NO_READER);
      return FALSE;
    }
  job->reader = md_card_reader_get_name (reader);
  job->events = md_card_reader_get_events (reader);
  md_pcsc_run_async (self->pcsc, job, cancellable, callback, user_data);
  return TRUE;
}

/* --- lists --- */

GListModel *
md_desk_get_today (MdDesk *self)
{
  return G_LIST_MODEL (self->today);
}

GListModel *
md_desk_get_approvals (MdDesk *self)
{
  return G_LIST_MODEL (self->approvals);
}

GListModel *
md_desk_get_returned (MdDesk *self)
{
  return G_LIST_MODEL (self->returned);
}

GListModel *
md_desk_get_queue (MdDesk *self)
{
  return G_LIST_MODEL (self->queue);
}

GListModel *
md_desk_get_drafts (MdDesk *self)
{
  return G_LIST_MODEL (self->drafts);
}

void
_md_desk_clear_lists (MdDesk *self)
{
  g_list_store_remove_all (self->today);
  g_list_store_remove_all (self->approvals);
  g_list_store_remove_all (self->returned);
  g_list_store_remove_all (self->queue);
  g_list_store_remove_all (self->drafts);
}

static void
round_done (MdDesk *self)
{
  if (--self->refreshing > 0 || !self->refresh_again)
    return;
  self->refresh_again = FALSE;
  _md_desk_refresh_lists (self);
}

typedef struct
{
  MdDesk *desk;
  GListStore *store;
} ListCall;

static void
list_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree ListCall *call = data;
  g_autoptr (MdDesk) self = call->desk;
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  gsize n = 0;

  if (md_bus_terminal1_call_list_intakes_finish (MD_BUS_TERMINAL1 (source), &list, result, NULL))
    n = g_variant_n_children (list);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (list, i);

      g_ptr_array_add (rows,
                       _md_intake_row_new (dict, self->catalogue, self->policy, self->staff_id));
    }
  if (list && self->session)
    _md_rows_update (call->store, rows, &_md_intake_row_kind);
  round_done (self);
}

static void
queue_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdDesk) self = data;
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  gsize n = 0;

  if (md_bus_terminal1_call_queue_list_finish (MD_BUS_TERMINAL1 (source), &list, result, NULL))
    n = g_variant_n_children (list);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (list, i);

      g_ptr_array_add (rows, _md_queue_row_new (dict));
    }
  if (list && self->session)
    _md_rows_update (self->queue, rows, &_md_queue_row_kind);
  round_done (self);
}

/* What is kept of the visit that goes on here is not suspended, nor is what is over. */
static gboolean
is_in_work (MdDesk *self, GVariant *draft)
{
  const char *own = self->intake ? _md_intake_get_between (self->intake) : NULL;
  const char *id = _md_words_lookup (draft, "draft");

  return (own && g_strcmp0 (own, id) == 0) || _md_desk_is_being_erased (self, id);
}

static void
drafts_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdDesk) self = data;
  g_autoptr (GVariant) list = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  gsize n = 0;

  if (md_bus_terminal1_call_list_drafts_finish (MD_BUS_TERMINAL1 (source), &list, result, NULL))
    n = g_variant_n_children (list);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) dict = g_variant_get_child_value (list, i);

      if (!is_in_work (self, dict))
        g_ptr_array_add (rows, _md_draft_row_new (dict, self->catalogue, self->policy));
    }
  if (list && self->session)
    _md_rows_update (self->drafts, rows, &_md_draft_row_kind);
  round_done (self);
}

static void
ask_list (MdDesk *self, const char *filter, GListStore *store)
{
  ListCall *call = g_new0 (ListCall, 1);

  call->desk = g_object_ref (self);
  call->store = store;
  self->refreshing++;
  md_bus_terminal1_call_list_intakes (self->proxy, self->session, filter, self->cancellable,
                                      list_cb, call);
}

void
_md_desk_refresh_lists (MdDesk *self)
{
  const guint rights = md_desk_get_rights (self);

  if (!self->session || !self->proxy)
    return;
  if (self->refreshing > 0)
    {
      self->refresh_again = TRUE;
      return;
    }
  if ((rights & MD_RIGHT_DECIDE) != 0)
    ask_list (self, "approvals", self->approvals);
  if ((rights & MD_RIGHTS_CASES) != 0)
    {
      ask_list (self, "today", self->today);
      ask_list (self, "returned", self->returned);
      self->refreshing++;
      md_bus_terminal1_call_list_drafts (self->proxy, self->session, self->cancellable, drafts_cb,
                                         g_object_ref (self));
    }
  if ((rights & MD_RIGHT_QUEUE) != 0)
    {
      self->refreshing++;
      md_bus_terminal1_call_queue_list (self->proxy, self->cancellable, queue_cb,
                                        g_object_ref (self));
    }
}

void
md_desk_refresh (MdDesk *self)
{
  _md_desk_refresh_lists (self);
}

void
md_desk_retry_line (MdDesk *self)
{
  if (self->proxy && self->session && (md_desk_get_rights (self) & (guint)MD_RIGHT_QUEUE) != 0)
    md_bus_terminal1_call_retry_now (self->proxy, NULL, NULL, NULL);
}

MdContainer *
_md_desk_get_intake_finish (MdBusTerminal1 *proxy, GAsyncResult *result, GVariant **out_info,
                            GError **error)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!md_bus_terminal1_call_get_intake_finish (proxy, &handle, out_info, &fds, result, error))
    return NULL;
  bytes = md_bus_payload_get (fds, handle, MD_LIMIT_CONTAINER, error);
  return bytes ? md_container_parse (bytes, error) : NULL;
}
