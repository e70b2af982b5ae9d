// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include <md-base.h>

#include "md-guide-private.h"

struct _MdDue
{
  GObject parent_instance;

  char *id;
  MdForm *form;
  gboolean certain;
  char *title, *reason, *deadline, *place;
  GPtrArray *bring, *bring_if; /* of strings, NULL at the end */
};

G_DEFINE_FINAL_TYPE (MdLifeEvent, md_life_event, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (MdDue, md_due, G_TYPE_OBJECT)

/* --- What is to be done --- */

enum
{
  DUE_TITLE = 1,
  DUE_REASON,
  DUE_DEADLINE,
  DUE_PLACE,
};

static void
md_due_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdDue *self = MD_DUE (object);
  const char *const texts[] = { [DUE_TITLE] = self->title,
                                [DUE_REASON] = self->reason,
                                [DUE_DEADLINE] = self->deadline,
                                [DUE_PLACE] = self->place };

  g_value_set_string (value, texts[id]);
}

static void
md_due_finalize (GObject *object)
{
  MdDue *self = MD_DUE (object);

  g_clear_object (&self->form);
  g_free (self->id);
  g_free (self->title);
  g_free (self->reason);
  g_free (self->deadline);
  g_free (self->place);
  g_ptr_array_unref (self->bring);
  g_ptr_array_unref (self->bring_if);
  G_OBJECT_CLASS (md_due_parent_class)->finalize (object);
}

static void
md_due_class_init (MdDueClass *klass)
{
  static const char *const names[] = { [DUE_TITLE] = "title",
                                       [DUE_REASON] = "reason",
                                       [DUE_DEADLINE] = "deadline",
                                       [DUE_PLACE] = "place" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = md_due_finalize;
  object_class->get_property = md_due_get_property;
  for (guint i = DUE_TITLE; i <= DUE_PLACE; i++)
    g_object_class_install_property (
        object_class, i,
        g_param_spec_string (names[i], NULL, NULL, NULL,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
md_due_init (MdDue *self)
{
  self->bring = g_ptr_array_new_with_free_func (g_free);
  self->bring_if = g_ptr_array_new_with_free_func (g_free);
}

/* How the person shows who they are, as the procedure asks for it. */
static const char *
identity_paper (const MdForm *form)
{
  static const struct
  {
    const char *assurance, *text;
  } table[] = {
    { "card-key", N_ ("My Number card and its PIN") },
    { "card-face", N_ ("My Number card") },
    { "photo-document", N_ ("An identity document with a photograph (My Number card, licence)") },
    { "two-documents", N_ ("One identity document with a photograph, or two without") },
  };
  const int row = MD_TABLE_ROW (table, form->assurance);

  return row >= 0 ? _ (table[row].text) : NULL;
}

static void
add_papers (MdDue *self, const MdGuideStep *step)
{
  const char *identity = self->form ? identity_paper (self->form) : NULL;

  if (identity)
    g_ptr_array_add (self->bring, g_strdup (identity));
  for (guint i = 0; i < step->bring->len; i++)
    g_ptr_array_add (self->bring, g_strdup (_md_text_pick (g_ptr_array_index (step->bring, i))));
  for (guint i = 0; self->form && i < self->form->papers->len; i++)
    {
      const MdFormPaper *paper = g_ptr_array_index (self->form->papers, i);
      const gboolean always = paper->required && (!paper->when || _md_rule_is_always (paper->when));

      g_ptr_array_add (always ? self->bring : self->bring_if,
                       g_strdup (_md_text_pick (&paper->label)));
    }
  g_ptr_array_add (self->bring, NULL);
  g_ptr_array_add (self->bring_if, NULL);
}

static MdDue *
due_new (const MdGuideStep *step, MdForm *form, gboolean certain)
{
  MdDue *self = g_object_new (MD_TYPE_DUE, NULL);

  self->form = form ? g_object_ref (form) : NULL;
  self->certain = certain;
  self->title = g_strdup (form ? md_form_get_title (form) : _md_text_pick (&step->what));
  self->reason = g_strdup (_md_text_pick (&step->why));
  self->deadline = g_strdup (_md_text_pick (&step->deadline));
  self->place = g_strdup (_md_text_pick (&step->place));
  add_papers (self, step);
  return self;
}

const char *
md_due_get_id (MdDue *self)
{
  return self->id;
}

MdForm *
md_due_get_form (MdDue *self)
{
  return self->form;
}

gboolean
md_due_is_certain (MdDue *self)
{
  return self->certain;
}

const char *
md_due_get_title (MdDue *self)
{
  return self->title;
}

const char *
md_due_get_reason (MdDue *self)
{
  return self->reason;
}

const char *
md_due_get_deadline (MdDue *self)
{
  return self->deadline;
}

const char *
md_due_get_place (MdDue *self)
{
  return self->place;
}

const char *const *
md_due_get_bring (MdDue *self)
{
  return (const char *const *)self->bring->pdata;
}

const char *const *
md_due_get_bring_if (MdDue *self)
{
  return (const char *const *)self->bring_if->pdata;
}

/* --- The event --- */

enum
{
  EVENT_ID = 1,
  EVENT_TITLE,
  EVENT_KANA,
};

static void
md_life_event_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdLifeEvent *self = MD_LIFE_EVENT (object);
  const char *const texts[] = {
    [EVENT_ID] = self->id, [EVENT_TITLE] = _md_text_pick (&self->title), [EVENT_KANA] = self->kana
  };

  g_value_set_string (value, texts[id]);
}

static void
md_life_event_finalize (GObject *object)
{
  MdLifeEvent *self = MD_LIFE_EVENT (object);

  g_free (self->id);
  g_free (self->kana);
  _md_text_clear (&self->title);
  g_clear_object (&self->questions);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  G_OBJECT_CLASS (md_life_event_parent_class)->finalize (object);
}

static void
md_life_event_class_init (MdLifeEventClass *klass)
{
  static const char *const names[]
      = { [EVENT_ID] = "id", [EVENT_TITLE] = "title", [EVENT_KANA] = "kana" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = md_life_event_finalize;
  object_class->get_property = md_life_event_get_property;
  for (guint i = EVENT_ID; i <= EVENT_KANA; i++)
    g_object_class_install_property (
        object_class, i,
        g_param_spec_string (names[i], NULL, NULL, NULL,
                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
md_life_event_init (MdLifeEvent *self)
{
}

const char *
md_life_event_get_id (MdLifeEvent *self)
{
  return self->id;
}

const char *
md_life_event_get_title (MdLifeEvent *self)
{
  return _md_text_pick (&self->title);
}

const char *
md_life_event_get_title_in (MdLifeEvent *self, gboolean japanese)
{
  return japanese ? self->title.ja : self->title.en;
}

const char *
md_life_event_get_kana (MdLifeEvent *self)
{
  return self->kana;
}

GListModel *
md_life_event_get_questions (MdLifeEvent *self)
{
  return G_LIST_MODEL (self->questions);
}

/* --- From the answers to what is due --- */

typedef struct
{
  MdLifeEvent *event;
  GHashTable *answers;
} World;

/* An answer that is no choice of its question is none. */
static MdRuleValue
world_value (gpointer data, const char *id)
{
  const World *world = data;
  const char *answer = g_hash_table_lookup (world->answers, id);
  GListModel *asked = G_LIST_MODEL (world->event->questions);

  for (guint i = 0; answer && i < g_list_model_get_n_items (asked); i++)
    {
      g_autoptr (MdField) field = g_list_model_get_item (asked, i);

      if (g_str_equal (field->id, id)
          && (field->type == MD_FIELD_BOOL
                  ? g_str_equal (answer, "true") || g_str_equal (answer, "false")
                  : md_field_get_option_label (field, answer) != NULL))
        return _md_value_for_rule (field, answer);
    }
  return (MdRuleValue){ .kind = MD_RULE_UNKNOWN };
}

static gboolean
world_filled (gpointer data, const char *id)
{
  return world_value (data, id).kind != MD_RULE_UNKNOWN;
}

GListModel *
md_life_event_list_due (MdLifeEvent *self, GHashTable *answers, const char *day)
{
  World about = { .event = self, .answers = answers };
  const MdRuleWorld world
      = { .get_value = world_value, .get_filled = world_filled, .today = day, .data = &about };
  GListStore *found[] = { g_list_store_new (MD_TYPE_DUE), g_list_store_new (MD_TYPE_DUE),
                          g_list_store_new (MD_TYPE_DUE) }; /* certain, open, elsewhere */

  for (guint i = 0; i < self->steps->len; i++)
    {
      const MdGuideStep *step = g_ptr_array_index (self->steps, i);
      const MdTruth truth = step->when ? _md_rule_test (step->when, &world) : MD_TRUTH_TRUE;
      MdForm *form = step->procedure
                         ? md_catalogue_get_form_on (self->catalogue, step->procedure, day)
                         : NULL;

      if (truth != MD_TRUTH_FALSE && (form || !step->procedure))
        {
          g_autoptr (MdDue) due = due_new (step, form, truth == MD_TRUTH_TRUE);

          due->id = form ? g_strdup (md_form_get_id (form))
                         : g_strdup_printf ("%s/%s", self->id, step->id);
          g_list_store_append (found[!form ? 2 : due->certain ? 0 : 1], due);
        }
    }
  for (guint k = 1; k < G_N_ELEMENTS (found); k++)
    {
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (found[k])); i++)
        {
          g_autoptr (MdDue) due = g_list_model_get_item (G_LIST_MODEL (found[k]), i);

          g_list_store_append (found[0], due);
        }
      g_object_unref (found[k]);
    }
  return G_LIST_MODEL (found[0]);
}
