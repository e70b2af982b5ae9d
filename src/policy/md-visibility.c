// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "md-visibility.h"

#define MAX_RULES 4u
#define MAX_OVERRIDES 256u

typedef struct
{
  MdGrant grant;
  MdSituation needs;
} Rule;

typedef struct
{
  guint n;
  Rule rules[MAX_RULES];
} Cell;

/* One key of "fields": an id, or the beginning of ids. */
typedef struct
{
  char *key;
  gboolean prefix;
  gboolean given[MD_N_ROLES];
  Cell cells[MD_N_ROLES];
} Override;

typedef struct
{
  Cell cells[MD_N_CLASSES][MD_N_ROLES];
  GPtrArray *overrides;
} Table;

struct _MdVisibility
{
  Table tables[MD_N_PROFILES];
};

static const struct
{
  char letter;
  MdGrant grant;
} letters[] = {
  { '-', MD_GRANT_NONE },   { 'P', MD_GRANT_PRESENCE }, { 'M', MD_GRANT_MASKED },
  { 'R', MD_GRANT_REVEAL }, { 'F', MD_GRANT_FULL },
};

static const struct
{
  const char *id;
  MdSituation situation;
} conditions[] = {
  { "office", MD_SITUATION_OFFICE },
  { "number", MD_SITUATION_NUMBER },
  { "own", MD_SITUATION_OWN },
  { "open", MD_SITUATION_OPEN },
};

static void
override_free (gpointer data)
{
  Override *override = data;

  g_free (override->key);
  g_free (override);
}

static gboolean
parse_letter (char letter, MdGrant *out_grant)
{
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].letter == letter)
      {
        *out_grant = letters[i].grant;
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_conditions (const char *text, MdSituation *out_needs)
{
  g_auto (GStrv) words = g_strsplit (text, "+", -1);
  guint needs = 0;

  for (guint i = 0; words[i]; i++)
    {
      guint k = 0;

      while (k < G_N_ELEMENTS (conditions) && !g_str_equal (conditions[k].id, words[i]))
        k++;
      if (k == G_N_ELEMENTS (conditions))
        return FALSE;
      needs |= (guint)conditions[k].situation;
    }
  *out_needs = (MdSituation)needs;
  return needs != 0;
}

static gboolean
parse_rule (const char *text, Rule *out_rule)
{
  if (!parse_letter (text[0], &out_rule->grant))
    return FALSE;
  out_rule->needs = MD_SITUATION_NONE;
  if (text[1] == '\0')
    return TRUE;
  return text[1] == '@' && parse_conditions (text + 2, &out_rule->needs);
}

static gboolean
parse_cell (JsonObject *row, const char *member, Cell *out_cell, const char *path, GError **error)
{
  JsonNode *node = json_object_get_member (row, member);
  const char *text = NULL;
  g_auto (GStrv) rules = NULL;
  Cell cell = { 0 };

  if (node && json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_get_string (node);
  if (text)
    rules = g_strsplit (text, ">", -1);
  for (; rules && rules[cell.n]; cell.n++)
    if (cell.n == MAX_RULES || !parse_rule (rules[cell.n], &cell.rules[cell.n]))
      break;
  if (!rules || cell.n == 0 || rules[cell.n])
    {
      g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                   _ ("visibility%s.%s: \"%s\" is not a visibility. Write F, M, R, P or -, with "
                      "conditions as in "
                      "\"F@own+open>R\"."),
                   path, member, text ? text : "");
      return FALSE;
    }
  *out_cell = cell;
  return TRUE;
}

static JsonObject *
get_object (JsonObject *object, const char *member, const char *path, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
               _ ("visibility%s: the part \"%s\" is missing. Copy it from the default table."),
               path, member);
  return NULL;
}

static gboolean
parse_class (Table *table, JsonObject *classes, MdSensitivity sensitivity, const char *path,
             GError **error)
{
  const char *id = md_sensitivity_to_id (sensitivity);
  g_autofree char *here = g_strdup_printf ("%s.%s", path, id);
  JsonObject *row = get_object (classes, id, path, error);

  if (!row)
    return FALSE;
  if (json_object_get_size (row) != MD_N_ROLES)
    {
      g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                   _ ("visibility%s: there must be one entry for each of the ten roles."), here);
      return FALSE;
    }
  for (guint role = 0; role < MD_N_ROLES; role++)
    if (!parse_cell (row, md_role_to_id ((MdRole)role), &table->cells[sensitivity][role], here,
                     error))
      return FALSE;
  return TRUE;
}

static Override *
override_new (const char *key)
{
  Override *override = g_new0 (Override, 1);

  override->prefix = g_str_has_suffix (key, "*");
  override->key = g_strndup (key, strlen (key) - (override->prefix ? 1 : 0));
  return override;
}

static gboolean
parse_override (Table *table, const char *key, JsonObject *row, const char *path, GError **error)
{
  g_autofree char *here = g_strdup_printf ("%s.%s", path, key);
  g_autoptr (GList) members = json_object_get_members (row);
  Override *override = override_new (key);

  g_ptr_array_add (table->overrides, override);
  for (GList *l = members; l; l = l->next)
    {
      MdRole role;

      if (!md_role_from_id (l->data, &role))
        {
          g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                       _ ("visibility%s: there is no role \"%s\". Use one of the ten role ids."),
                       here, (const char *)l->data);
          return FALSE;
        }
      if (!parse_cell (row, l->data, &override->cells[role], here, error))
        return FALSE;
      override->given[role] = TRUE;
    }
  return TRUE;
}

static gboolean
parse_overrides (Table *table, JsonObject *profile, const char *path, GError **error)
{
  g_autofree char *here = g_strdup_printf ("%s.fields", path);
  g_autoptr (GList) keys = NULL;
  JsonObject *fields;

  if (!json_object_has_member (profile, "fields"))
    return TRUE;
  fields = get_object (profile, "fields", path, error);
  if (!fields)
    return FALSE;
  if (json_object_get_size (fields) > MAX_OVERRIDES)
    {
      g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                   _ ("visibility%s: more than %u fields. Use classes instead."), here,
                   MAX_OVERRIDES);
      return FALSE;
    }
  keys = json_object_get_members (fields);
  for (GList *l = keys; l; l = l->next)
    {
      JsonObject *row = get_object (fields, l->data, here, error);

      if (!row || !parse_override (table, l->data, row, here, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_profile (MdVisibility *self, MdProfile profile, JsonObject *object, GError **error)
{
  const char *id = md_profile_to_id (profile);
  g_autofree char *path = g_strdup_printf (".%s", id);
  g_autofree char *here = g_strdup_printf (".%s.classes", id);
  JsonObject *table = get_object (object, id, "", error);
  JsonObject *classes = table ? get_object (table, "classes", path, error) : NULL;

  if (!classes)
    return FALSE;
  if (json_object_get_size (classes) != MD_N_CLASSES)
    {
      g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                   _ ("visibility%s: there must be exactly the seven field classes."), here);
      return FALSE;
    }
  for (guint c = 0; c < MD_N_CLASSES; c++)
    if (!parse_class (&self->tables[profile], classes, (MdSensitivity)c, here, error))
      return FALSE;
  return parse_overrides (&self->tables[profile], table, path, error);
}

MdVisibility *
md_visibility_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (MdVisibility) self = g_new0 (MdVisibility, 1);

  for (guint p = 0; p < MD_N_PROFILES; p++)
    self->tables[p].overrides = g_ptr_array_new_with_free_func (override_free);
  for (guint p = 0; p < MD_N_PROFILES; p++)
    if (!parse_profile (self, (MdProfile)p, object, error))
      return NULL;
  return g_steal_pointer (&self);
}

void
md_visibility_free (MdVisibility *self)
{
  if (!self)
    return;
  for (guint p = 0; p < MD_N_PROFILES; p++)
    g_clear_pointer (&self->tables[p].overrides, g_ptr_array_unref);
  g_free (self);
}

static MdGrant
cell_decide (const Cell *cell, MdSituation situation)
{
  for (guint i = 0; i < cell->n; i++)
    if (((guint)cell->rules[i].needs & ~(guint)situation) == 0)
      return cell->rules[i].grant;
  return MD_GRANT_NONE;
}

/* An exact id goes before a prefix. */
static const Cell *
find_override (const Table *table, const char *field_id, MdRole role)
{
  const Cell *by_prefix = NULL;

  for (guint i = 0; field_id && i < table->overrides->len; i++)
    {
      const Override *override = g_ptr_array_index (table->overrides, i);

      if (!override->given[role])
        continue;
      if (!override->prefix && g_str_equal (field_id, override->key))
        return &override->cells[role];
      if (override->prefix && !by_prefix && g_str_has_prefix (field_id, override->key))
        by_prefix = &override->cells[role];
    }
  return by_prefix;
}

MdGrant
md_visibility_lookup (const MdVisibility *self, MdProfile profile, MdSensitivity sensitivity,
                      const char *field_id, MdRole role, MdSituation situation)
{
  const Table *table;
  const Cell *cell;

  g_return_val_if_fail (self, MD_GRANT_NONE);
  g_return_val_if_fail ((guint)profile < MD_N_PROFILES && (guint)role < MD_N_ROLES, MD_GRANT_NONE);
  g_return_val_if_fail ((guint)sensitivity < MD_N_CLASSES, MD_GRANT_NONE);

  table = &self->tables[profile];
  cell = find_override (table, field_id, role);
  return cell_decide (cell ? cell : &table->cells[sensitivity][role], situation);
}

MdGrant
md_visibility_lookup_roles (const MdVisibility *self, MdProfile profile, MdSensitivity sensitivity,
                            const char *field_id, MdRoles roles, MdSituation situation)
{
  MdGrant best = MD_GRANT_NONE;

  for (guint role = 0; role < MD_N_ROLES; role++)
    if (roles & MD_ROLES (role))
      best = MAX (best, md_visibility_lookup (self, profile, sensitivity, field_id, (MdRole)role,
                                              situation));
  return best;
}
