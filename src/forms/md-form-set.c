// SPDX-License-Identifier: Apache-2.0
// Sets of fields: read once, put in place of their name wherever a definition uses them.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "md-form-private.h"
#include "md-form-set.h"

#define NAME "^[a-z]+(_[a-z0-9]+)*(@[1-9][0-9]*)?$"
#define MAX_SETS 100u
#define MAX_DEPTH 4u
#define MAX_FIELDS 40u /* of one set, with those of the sets in it */

typedef const char *const Members[];

typedef struct
{
  JsonObject *source; /* while it is read */
  GPtrArray *uses;    /* MdFormUse; NULL: not read yet */
  guint depth;        /* 1: no set is in it */
} Set;

struct _MdFormSets
{
  GHashTable *sets; /* id -> Set */
  GHashTable *fields;
};

static void
use_free (gpointer data)
{
  MdFormUse *self = data;

  g_clear_pointer (&self->object, json_object_unref);
  g_free (self->text);
  g_free (self->set);
  g_free (self);
}

static void
set_free (gpointer data)
{
  Set *self = data;

  g_clear_pointer (&self->uses, g_ptr_array_unref);
  g_free (self);
}

MdFormSets *
_md_form_sets_new (void)
{
  MdFormSets *self = g_new0 (MdFormSets, 1);

  self->sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, set_free);
  return self;
}

void
_md_form_sets_free (MdFormSets *self)
{
  g_hash_table_unref (self->sets);
  g_free (self);
}

static MdFormUse *
use_new (JsonObject *object, const char *set, guint at)
{
  MdFormUse *self = g_new0 (MdFormUse, 1);

  self->object = json_object_ref (object);
  self->set = g_strdup (set);
  self->at = at;
  return self;
}

static const char *
field_of (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "field");

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

static const MdFormUse *
find_field (GPtrArray *uses, const char *field)
{
  for (guint i = 0; i < uses->len; i++)
    {
      const MdFormUse *use = g_ptr_array_index (uses, i);

      if (use->object && g_strcmp0 (field_of (use->object), field) == 0)
        return use;
    }
  return NULL;
}

/* --- using a set --- */

static Set *
find_set (MdFormSets *self, MdJson *json, const char *id)
{
  Set *set = g_hash_table_lookup (self->sets, id);

  if (!set)
    md_json_fail (json, "use",
                  _ ("There is no set \"%s\" in sets.json. Correct the name, or add it there."),
                  id);
  return set;
}

/* What one procedure has otherwise: a member of another value, or (null) none. */
static JsonObject *
change_field (MdJson *json, JsonObject *from, JsonObject *change)
{
  static Members members = { "required", "visible", "options", "default", NULL };
  JsonObject *changed = json_object_new ();
  g_autoptr (GList) kept = json_object_get_members (from);
  g_autoptr (GList) names = json_object_get_members (change);

  md_json_only (json, change, members);
  for (GList *l = kept; l; l = l->next)
    json_object_set_member (changed, l->data,
                            json_node_copy (json_object_get_member (from, l->data)));
  for (GList *l = names; l; l = l->next)
    {
      JsonNode *node = json_object_get_member (change, l->data);

      if (!JSON_NODE_HOLDS_NULL (node))
        json_object_set_member (changed, l->data, json_node_copy (node));
      else if (json_object_has_member (changed, l->data))
        json_object_remove_member (changed, l->data);
      else
        md_json_fail (json, l->data, _ ("The set has no \"%s\" here that could go."),
                      (const char *)l->data);
    }
  return changed;
}

static void
check_left_out (MdJson *json, const Set *set, char **without)
{
  for (guint i = 0; without && without[i]; i++)
    if (!find_field (set->uses, without[i]))
      md_json_fail (json, "without",
                    _ ("The set has no field \"%s\" to be left out. Correct the id."), without[i]);
}

static void
check_changed (MdJson *json, const Set *set, JsonObject *changes, char **without)
{
  g_autoptr (GList) ids = changes ? json_object_get_members (changes) : NULL;

  md_json_enter (json, "change");
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    if (!find_field (set->uses, l->data)
        || (without && g_strv_contains ((const char *const *)without, l->data)))
      md_json_fail (json, l->data,
                    _ ("The set brings no field \"%s\" that could be changed. Correct the id, or "
                       "take it out."),
                    (const char *)l->data);
  md_json_leave (json);
}

/* Of a field as the procedure has it; the caller's. */
static JsonObject *
adapt (MdJson *json, const MdFormUse *use, JsonObject *changes)
{
  const char *field = field_of (use->object);
  JsonObject *adapted;

  if (!changes || !json_object_has_member (changes, field))
    return json_object_ref (use->object);
  md_json_enter (json, "change");
  adapted = md_json_object (json, changes, field);
  md_json_enter (json, "%s", field);
  adapted = adapted ? change_field (json, use->object, adapted) : json_object_ref (use->object);
  md_json_leave (json);
  md_json_leave (json);
  return adapted;
}

static void
use_set (MdFormSets *self, MdJson *json, JsonObject *object, guint at, GPtrArray *out)
{
  static Members members = { "use", "without", "change", NULL };
  const char *id = md_json_string (json, object, "use");
  Set *set = id ? find_set (self, json, id) : NULL;
  g_auto (GStrv) without = NULL;
  JsonObject *changes = NULL;
  guint before = out->len;

  md_json_only (json, object, members);
  if (md_json_has (json, object, "without"))
    without = md_json_strings (json, object, "without", 1);
  if (md_json_has (json, object, "change"))
    changes = md_json_object (json, object, "change");
  if (!set || md_json_failed (json))
    return;
  check_left_out (json, set, without);
  check_changed (json, set, changes, without);
  for (guint i = 0; i < set->uses->len && !md_json_failed (json); i++)
    {
      const MdFormUse *use = g_ptr_array_index (set->uses, i);
      g_autoptr (JsonObject) adapted = NULL;

      if (without && g_strv_contains ((const char *const *)without, field_of (use->object)))
        continue;
      adapted = adapt (json, use, changes);
      g_ptr_array_add (out, use_new (adapted, use->set ? use->set : id, at));
    }
  if (out->len == before && !md_json_failed (json))
    md_json_fail (json, "without", _ ("Nothing of the set is left. Take the line out."));
}

static void
expand_one (MdFormSets *self, MdJson *json, JsonArray *array, guint i, gboolean texts,
            GPtrArray *out)
{
  JsonNode *node = json_array_get_element (array, i);
  MdFormUse *use;
  JsonObject *object;

  if (texts && json_node_get_value_type (node) == G_TYPE_STRING && json_node_get_string (node)[0])
    {
      use = g_new0 (MdFormUse, 1);
      use->text = json_node_dup_string (node);
      use->at = i;
      g_ptr_array_add (out, use);
      return;
    }
  object = md_json_element_object (json, array, i);
  if (!object || md_json_failed (json))
    return;
  if (texts || md_json_has (json, object, "use"))
    use_set (self, json, object, i, out);
  else
    g_ptr_array_add (out, use_new (object, NULL, i));
}

GPtrArray *
_md_form_sets_expand (MdFormSets *self, MdJson *json, JsonObject *object, const char *member,
                      gboolean texts)
{
  GPtrArray *out = g_ptr_array_new_with_free_func (use_free);
  JsonArray *array = md_json_array (json, object, member);
  const guint n = array ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n && !md_json_failed (json); i++)
    {
      md_json_enter (json, "%s[%u]", member, i);
      expand_one (self, json, array, i, texts, out);
      if (out->len > MD_LIMIT_FORM_FIELDS)
        md_json_fail (json, NULL, _ ("A form has %u fields at most."), MD_LIMIT_FORM_FIELDS);
      md_json_leave (json);
    }
  return out;
}

/* --- reading the sets --- */

static void
check_fields (MdFormSets *self, MdJson *json, const char *id, GPtrArray *uses)
{
  for (guint i = 0; i < uses->len && !md_json_failed (json); i++)
    {
      MdFormUse *use = g_ptr_array_index (uses, i);
      const char *field;

      md_json_enter (json, "fields[%u]", use->at);
      field = md_json_string (json, use->object, "field");
      if (field && !g_hash_table_contains (self->fields, field))
        md_json_fail (json, "field",
                      _ ("The field \"%s\" is not in fields.json. Correct it or add it there."),
                      field);
      if (field && find_field (uses, field) != use)
        md_json_fail (json, NULL, _ ("The field \"%s\" is in this set twice. Take one out."),
                      field);
      if (!use->set)
        use->set = g_strdup (id);
      md_json_leave (json);
    }
  if (!md_json_failed (json) && (uses->len == 0 || uses->len > MAX_FIELDS))
    md_json_fail (json, "fields", _ ("A set has 1 to %u fields. Split it."), MAX_FIELDS);
}

static void
read_set (MdFormSets *self, MdJson *json, const char *id, Set *set)
{
  static Members members = { "title", "fields", NULL };
  MdText title = { NULL, NULL };

  md_json_only (json, set->source, members);
  _md_text_read (&title, json, set->source, "title");
  _md_text_clear (&title);
  set->uses = _md_form_sets_expand (self, json, set->source, "fields", FALSE);
  check_fields (self, json, id, set->uses);
}

/* The sets in it, one after the other: calls STEP with each until it gives FALSE. */
static gboolean
each_inner (MdFormSets *self, const Set *set, guint *out_at,
            gboolean (*step) (const Set *inner, gpointer data), gpointer data)
{
  JsonNode *fields = set->source ? json_object_get_member (set->source, "fields") : NULL;
  JsonArray *array = fields && JSON_NODE_HOLDS_ARRAY (fields) ? json_node_get_array (fields) : NULL;

  for (guint i = 0; array && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonNode *use = JSON_NODE_HOLDS_OBJECT (node)
                          ? json_object_get_member (json_node_get_object (node), "use")
                          : NULL;
      const char *id = use && json_node_get_value_type (use) == G_TYPE_STRING
                           ? json_node_get_string (use)
                           : NULL;

      *out_at = i;
      if (id && !step (g_hash_table_lookup (self->sets, id), data))
        return FALSE;
    }
  return TRUE;
}

/* What is not there is told when the set is read. */
static gboolean
count_depth (const Set *inner, gpointer data)
{
  guint *depth = data;

  if (inner)
    *depth = MAX (*depth, inner->depth + 1);
  return !inner || inner->uses;
}

/* FALSE: a set in it is to be read before. */
static gboolean
is_ready (MdFormSets *self, Set *set)
{
  guint at;

  set->depth = 1;
  return each_inner (self, set, &at, count_depth, &set->depth);
}

static gboolean
is_read (const Set *inner, gpointer data)
{
  return inner->uses != NULL;
}

/* What waits for each other in a circle. */
static void
tell_circle (MdFormSets *self, MdJson *json, GList *ids)
{
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      Set *set = g_hash_table_lookup (self->sets, l->data);
      guint at;

      if (set->uses || each_inner (self, set, &at, is_read, NULL))
        continue;
      md_json_enter (json, "%s", (const char *)l->data);
      md_json_enter (json, "fields[%u]", at);
      md_json_fail (json, "use",
                    _ ("These sets stand in each other in a circle. Take one of them out."));
      md_json_leave (json);
      md_json_leave (json);
    }
}

/* The innermost first, so that each is whole when another takes it in. */
static void
read_all (MdFormSets *self, MdJson *json, GList *ids)
{
  gboolean more = TRUE;

  while (more && !md_json_failed (json))
    {
      more = FALSE;
      for (GList *l = ids; l && !md_json_failed (json); l = l->next)
        {
          Set *set = g_hash_table_lookup (self->sets, l->data);

          if (set->uses || !is_ready (self, set))
            continue;
          md_json_enter (json, "%s", (const char *)l->data);
          if (set->depth > MAX_DEPTH)
            md_json_fail (json, "fields", _ ("Sets stand in each other %u deep at most."),
                          MAX_DEPTH);
          read_set (self, json, l->data, set);
          md_json_leave (json);
          more = TRUE;
        }
    }
  tell_circle (self, json, ids);
}

static void
add_sets (MdFormSets *self, MdJson *json, JsonObject *sets, GList *ids)
{
  if (g_list_length (ids) > MAX_SETS)
    md_json_fail (json, NULL, _ ("There are %u sets at most."), MAX_SETS);
  for (GList *l = ids; l && !md_json_failed (json); l = l->next)
    {
      Set *set = g_new0 (Set, 1);

      g_hash_table_insert (self->sets, g_strdup (l->data), set);
      if (!g_regex_match_simple (NAME, l->data, G_REGEX_DOLLAR_ENDONLY, 0))
        md_json_fail (json, l->data,
                      _ ("A set is named by small letters, as in \"filer\" or \"filer@2\"."));
      set->source = md_json_object (json, sets, l->data);
    }
}

void
_md_form_sets_read (MdFormSets *self, MdJson *json, JsonObject *root, GHashTable *fields)
{
  static Members members = { "schema", "sets", NULL };
  const char *schema = md_json_string (json, root, "schema");
  JsonObject *sets = md_json_object (json, root, "sets");
  g_autoptr (GList) ids = sets ? json_object_get_members (sets) : NULL;

  self->fields = fields;
  md_json_only (json, root, members);
  if (schema && !g_str_equal (schema, "madoguchi-sets/1"))
    md_json_fail (json, "schema", _ ("This must be \"madoguchi-sets/1\"."));
  md_json_enter (json, "sets");
  add_sets (self, json, sets, ids);
  if (!md_json_failed (json))
    read_all (self, json, ids);
  md_json_leave (json);
}
