// SPDX-License-Identifier: Apache-2.0
// 手続きナビ of a visit, and what of it becomes a record.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-intake-guide.h"

/* --- what was said --- */

const char *
md_intake_get_event (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return self->guide.event ? self->guide.event : "";
}

/* What is to be taken in belongs to its event. */
void
md_intake_set_event (MdIntake *self, const char *event)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  g_free (self->guide.event);
  self->guide.event = g_strdup (event);
  g_hash_table_remove_all (self->guide.wanted);
  _md_intake_keep_visit (self);
}

GHashTable *
md_intake_get_answers (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  return self->guide.answers;
}

void
md_intake_answer (MdIntake *self, const char *question, const char *choice)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (choice && *choice)
    g_hash_table_replace (self->guide.answers, g_strdup (question), g_strdup (choice));
  else
    g_hash_table_remove (self->guide.answers, question);
  _md_intake_keep_visit (self);
}

gboolean
md_intake_get_wanted (MdIntake *self, const char *procedure, gboolean *out_wanted)
{
  gpointer said = NULL;

  g_return_val_if_fail (MD_IS_INTAKE (self), FALSE);

  if (!g_hash_table_lookup_extended (self->guide.wanted, procedure, NULL, &said))
    return FALSE;
  *out_wanted = GPOINTER_TO_INT (said);
  return TRUE;
}

void
md_intake_set_wanted (MdIntake *self, const char *procedure, gboolean wanted)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  g_hash_table_replace (self->guide.wanted, g_strdup (procedure), GINT_TO_POINTER (wanted));
  _md_intake_keep_visit (self);
}

/* --- what was explained and handed out --- */

static MdVisitTick *
find_tick (MdIntake *self, const char *about)
{
  const GPtrArray *ticks = self->guide.record ? self->guide.record->ticks : NULL;

  for (guint i = 0; ticks && i < ticks->len; i++)
    if (g_str_equal (((MdVisitTick *)g_ptr_array_index (ticks, i))->about, about))
      return g_ptr_array_index (ticks, i);
  return NULL;
}

guint
md_intake_get_ticks (MdIntake *self, const char *about)
{
  const MdVisitTick *tick;

  g_return_val_if_fail (MD_IS_INTAKE (self), 0);

  tick = find_tick (self, about);
  return tick ? tick->ticks : 0;
}

static const char *
yes_no (guint ticks, MdTicks tick)
{
  return ticks & tick ? "yes" : "no";
}

void
_md_intake_begin_record (MdIntake *self)
{
  g_autofree char *id = NULL;

  if (self->guide.record)
    return;
  id = md_uuid7_new (_md_desk_get_clock (self->desk));
  self->guide.record = md_visit_record_new (id);
}

typedef struct
{
  MdDue *due;
  guint ticks;
  char *visit, *event, *at;
} Ticked;

static void
ticked_free (gpointer data)
{
  Ticked *ticked = data;

  g_object_unref (ticked->due);
  g_free (ticked->visit);
  g_free (ticked->event);
  g_free (ticked->at);
  g_free (ticked);
}

static void
take_tick (MdIntake *self, const Ticked *ticked)
{
  MdVisitTick *tick = find_tick (self, md_due_get_id (ticked->due));

  if (tick)
    g_ptr_array_remove (self->guide.record->ticks, tick);
  if (self->guide.record->ticks->len < MD_VISIT_TICKS_MAX)
    md_visit_record_add (self->guide.record, md_due_get_id (ticked->due),
                         md_due_get_title (ticked->due), ticked->event, ticked->at, ticked->ticks);
  _md_intake_keep_visit (self);
}

static void
ticked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdIntake *self = g_task_get_source_object (task);
  const Ticked *ticked = g_task_get_task_data (task);
  GError *error = NULL;

  if (!_md_desk_record_finish (MD_DESK (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* The next person's visit is another one. */
  if (self->guide.record && g_str_equal (self->guide.record->id, ticked->visit))
    take_tick (self, ticked);
  g_task_return_boolean (task, TRUE);
}

void
md_intake_tick_async (MdIntake *self, MdDue *due, guint ticks, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Ticked *ticked = g_new0 (Ticked, 1);
  MdClock *clock = self->desk ? _md_desk_get_clock (self->desk) : NULL;
  g_autofree char *detail = NULL;
  MdScreenEvent event = { .event = "guide", .outcome = "done", .reason = md_due_get_id (due) };

  g_task_set_source_tag (task, md_intake_tick_async);
  ticked->due = g_object_ref (due);
  ticked->ticks = ticks & MD_TICKS_ALL;
  g_task_set_task_data (task, ticked, ticked_free);
  if (!self->desk)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s",
                               _ ("The intake was given up."));
      g_object_unref (task);
      return;
    }
  _md_intake_begin_record (self);
  ticked->visit = g_strdup (self->guide.record->id);
  ticked->event = g_strdup (md_intake_get_event (self));
  ticked->at = md_time_format_rfc3339 (md_clock_get_wall_us (clock));
  detail = g_strdup_printf ("event=%s told=%s given=%s", ticked->event,
                            yes_no (ticks, MD_TICK_TOLD), yes_no (ticks, MD_TICK_GIVEN));
  event.object = ticked->visit;
  event.detail = detail;
  _md_desk_record_async (self->desk, &event, ticked_cb, task);
}

gboolean
md_intake_tick_finish (MdIntake *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- on paper --- */

static gboolean
is_planned (MdIntake *self, const char *procedure)
{
  GListModel *plan = md_intake_get_visit (self);

  for (guint i = 0; i < g_list_model_get_n_items (plan); i++)
    {
      g_autoptr (MdVisitStep) step = g_list_model_get_item (plan, i);

      if (g_strcmp0 (md_form_get_id (md_visit_step_get_form (step)), procedure) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What somebody was told says something about them. What is done elsewhere is seen by whoever works
 * on what is done here. */
static gboolean
may_be_printed (MdIntake *self, const char *about)
{
  MdForm *form = md_desk_find_form (self->desk, about);
  gboolean covered = FALSE;

  if (!form)
    form = self->form;
  g_object_get (self->desk, "covered", &covered, NULL);
  const MdFilterQuestion question = { .viewer = _md_desk_viewer (self->desk, TRUE, TRUE),
                                      .profile = form ? md_form_get_profile (form) : MD_PROFILE_V1,
                                      .step = MD_STEP_PRINT,
                                      .field_id = "guide",
                                      .sensitivity = MD_CLASS_OTHER,
                                      .in_procedure = TRUE,
                                      .filled = TRUE,
                                      .covered = covered };

  return md_filter (&question) >= MD_VIEW_READABLE;
}

char *
md_intake_dup_printed_ticks (MdIntake *self, const char *about)
{
  static const char *const words[MD_TICKS_ALL + 1] = {
    [MD_TICK_TOLD] = N_ ("explained"),
    [MD_TICK_GIVEN] = N_ ("leaflet or form handed over"),
    [MD_TICKS_ALL] = N_ ("explained, and leaflet or form handed over"),
  };
  guint ticks;

  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  ticks = md_intake_get_ticks (self, about);
  return ticks && self->desk && may_be_printed (self, about) ? g_strdup (_ (words[ticks])) : NULL;
}

char **
md_intake_list_told_alone (MdIntake *self)
{
  g_autoptr (GStrvBuilder) titles = g_strv_builder_new ();

  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);

  for (guint i = 0; self->guide.record && i < self->guide.record->ticks->len; i++)
    {
      const MdVisitTick *tick = g_ptr_array_index (self->guide.record->ticks, i);

      g_autofree char *words = md_intake_dup_printed_ticks (self, tick->about);
      g_autofree char *line = NULL;

      if (!words || is_planned (self, tick->about))
        continue;
      line = g_strdup_printf (_ ("%s (%s)"), tick->title, words);
      g_strv_builder_add (titles, line);
    }
  return g_strv_builder_end (titles);
}

/* --- what of it goes with an intake --- */

/* Of this procedure, and of others of its office: nothing that is no business of who works on it.
 */
static gboolean
belongs_to (MdIntake *self, const char *about)
{
  MdForm *form = md_desk_find_form (self->desk, about);

  return form
         && g_strcmp0 (md_form_get_domain_label (form), md_form_get_domain_label (self->form)) == 0;
}

MdVisitRecord *
_md_intake_dup_visit_record (MdIntake *self)
{
  const MdVisitRecord *whole = self->guide.record;
  g_autoptr (MdVisitRecord) own = NULL;

  if (!whole)
    return NULL;
  own = md_visit_record_new (whole->id);
  for (guint i = 0; i < whole->ticks->len; i++)
    {
      const MdVisitTick *tick = g_ptr_array_index (whole->ticks, i);

      if (tick->ticks && belongs_to (self, tick->about))
        md_visit_record_add (own, tick->about, tick->title, tick->event, tick->at, tick->ticks);
    }
  /* Without a tick it says which applications belong together. */
  return own->ticks->len > 0 || g_list_model_get_n_items (md_intake_get_visit (self)) > 1
             ? g_steal_pointer (&own)
             : NULL;
}

void
_md_intake_record_of_visit (MdIntake *self)
{
  const char *procedure = md_form_get_id (self->form);
  const guint ticks = md_intake_get_ticks (self, procedure);
  g_autofree char *detail
      = g_strdup_printf ("receipt=%s told=%s given=%s", md_intake_get_receipt_number (self),
                         yes_no (ticks, MD_TICK_TOLD), yes_no (ticks, MD_TICK_GIVEN));
  const MdScreenEvent event = { .event = "guide",
                                .outcome = "done",
                                .object = self->guide.record ? self->guide.record->id : NULL,
                                .reason = procedure,
                                .detail = detail };

  if (self->guide.record)
    _md_desk_record_async (self->desk, &event, NULL, NULL);
}

/* --- its life --- */

void
_md_intake_init_guide (MdIntake *self)
{
  self->guide.answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->guide.wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
_md_intake_forget_guide (MdIntake *self)
{
  g_clear_pointer (&self->guide.event, g_free);
  g_hash_table_remove_all (self->guide.answers);
  g_hash_table_remove_all (self->guide.wanted);
  g_clear_pointer (&self->guide.record, md_visit_record_free);
}

void
_md_intake_free_guide (MdIntake *self)
{
  _md_intake_forget_guide (self);
  g_clear_pointer (&self->guide.answers, g_hash_table_unref);
  g_clear_pointer (&self->guide.wanted, g_hash_table_unref);
}

gboolean
_md_intake_guide_is_empty (MdIntake *self)
{
  return !self->guide.event && !self->guide.record && g_hash_table_size (self->guide.answers) == 0
         && g_hash_table_size (self->guide.wanted) == 0;
}
