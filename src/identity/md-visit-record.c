// SPDX-License-Identifier: Apache-2.0
// What was explained and handed out during a visit, as a part of evidence.cms.
#include "config.h"

#include "md-hold-private.h"
#include "md-identity-proof-private.h"
#include "md-visit-record.h"

#include <glib/gi18n.h>

#include <md-base.h>
#include <string.h>

#define MEMBER "visit"
#define TEXT_MAX 512u

static const struct
{
  MdTicks tick;
  const char *name, *words;
} kinds[] = {
  { MD_TICK_TOLD, "told", N_ ("Explained to the resident") },
  { MD_TICK_GIVEN, "given", N_ ("Leaflet or form handed out") },
};

static void
tick_free (gpointer data)
{
  MdVisitTick *tick = data;
  g_free (tick->about);
  g_free (tick->title);
  g_free (tick->event);
  g_free (tick->at);
  g_free (tick);
}

MdVisitRecord *
md_visit_record_new (const char *id)
{
  MdVisitRecord *self = g_new0 (MdVisitRecord, 1);
  self->id = g_strdup (id);
  self->ticks = g_ptr_array_new_with_free_func (tick_free);
  return self;
}

void
md_visit_record_add (MdVisitRecord *self, const char *about, const char *title, const char *event,
                     const char *at, guint ticks)
{
  MdVisitTick *tick = g_new0 (MdVisitTick, 1);
  tick->about = g_strdup (about);
  tick->title = g_strdup (title);
  tick->event = g_strdup (event);
  tick->at = g_strdup (at);
  tick->ticks = ticks;
  g_ptr_array_add (self->ticks, tick);
}

void
md_visit_record_free (MdVisitRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_ptr_array_unref (self->ticks);
  g_free (self);
}

char *
md_ticks_dup_words (guint ticks)
{
  g_autoptr (GString) words = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (ticks & kinds[i].tick)
      g_string_append_printf (words, "%s%s", words->len > 0 ? C_ ("between names", ", ") : "",
                              _ (kinds[i].words));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static MdRecord *
tick_to_json (const MdVisitTick *tick)
{
  MdRecord *object = md_record_new_object ();
  md_record_set_text (object, "about", tick->about);
  md_record_set_text (object, "title", tick->title);
  md_record_set_text (object, "event", tick->event);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    md_record_set_bool (object, kinds[i].name, (tick->ticks & kinds[i].tick) != 0);
  md_record_set_text (object, "at", tick->at);
  return object;
}

MdRecord *
md_visit_record_to_json (const MdVisitRecord *self)
{
  MdRecord *object = md_record_new_object ();
  MdRecord *ticks = md_record_new_list ();
  for (guint i = 0; i < self->ticks->len; i++)
    md_record_append_take (ticks, tick_to_json (g_ptr_array_index (self->ticks, i)));
  md_record_set_text (object, "id", self->id);
  md_record_take (object, "ticks", ticks);
  return object;
}

// A text of a length that can be meant; NULL where it is none.
static const char *
take_text (const MdRecord *object, const char *name)
{
  const char *text = md_record_get_text (object, name);
  return text != NULL && *text != '\0' && strlen (text) <= TEXT_MAX ? text : NULL;
}

static gboolean
take_tick (MdVisitRecord *self, const MdRecord *object)
{
  static const char *const members[] = { "about", "title", "event", "told", "given", "at", NULL };
  const char *about = take_text (object, "about"), *title = take_text (object, "title");
  const char *event = take_text (object, "event"), *at = take_text (object, "at");
  guint ticks = 0;
  gint64 time = 0;
  if (!md_record_is_object (object) || !md_record_has_only (object, members) || about == NULL
      || title == NULL || event == NULL || at == NULL || !md_time_parse_rfc3339 (at, &time, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gboolean set = FALSE;
      if (!md_record_as_bool (md_record_get (object, kinds[i].name), &set))
        return FALSE;
      ticks |= set ? kinds[i].tick : 0;
    }
  md_visit_record_add (self, about, title, event, at, ticks);
  return TRUE;
}

MdVisitRecord *
md_visit_record_from_json (const MdRecord *object)
{
  static const char *const members[] = { "id", "ticks", NULL };
  const MdRecord *ticks = md_record_get (object, "ticks");
  const char *id = md_record_get_text (object, "id");
  const gsize n = md_record_get_size (ticks);
  g_autoptr (MdVisitRecord) self = md_visit_record_new (id);
  if (object == NULL)
    return g_steal_pointer (&self);
  if (!md_record_is_object (object) || !md_record_has_only (object, members) || id == NULL
      || !md_uuid7_is_valid (id) || !md_record_is_list (ticks) || n > MD_VISIT_TICKS_MAX)
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (!take_tick (self, md_record_get_entry (ticks, i)))
      return NULL;
  return g_steal_pointer (&self);
}

MdVisitRecord *
md_visit_record_decode (const guint8 *json, gsize length, GError **error)
{
  g_autoptr (MdRecord) root = md_record_parse (json, length, MD_IDENTITY_EVIDENCE_MAX, NULL);
  MdVisitRecord *self
      = root != NULL ? md_visit_record_from_json (md_record_get (root, MEMBER)) : NULL;
  if (self == NULL)
    g_set_error_literal (error, MD_IDENTITY_ERROR, MD_IDENTITY_ERROR_MALFORMED,
                         "the evidence of identification is damaged: visit");
  return self;
}
