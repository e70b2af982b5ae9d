// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "md-field.h"
#include "md-rule-node.h"

#define MAX_DEPTH 8u
#define MAX_NODES 64u
#define MAX_ARGS 32u

/* Operations that are written {"op": [operands]}. */
static const MdRuleOperation op_table[] = {
  { "same_number", MD_OP_SAME_NUMBER, 2, 2, MD_RULE_TEXT, MD_RULE_BOOL, 2 },
  { "==", MD_OP_EQ, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { "!=", MD_OP_NE, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { "<", MD_OP_LT, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { "<=", MD_OP_LE, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { ">", MD_OP_GT, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { ">=", MD_OP_GE, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { "in", MD_OP_IN, 2, 2, MD_RULE_UNKNOWN, MD_RULE_BOOL, 0 },
  { "!", MD_OP_NOT, 1, 1, MD_RULE_BOOL, MD_RULE_BOOL, 0 },
  { "and", MD_OP_AND, 1, MAX_ARGS, MD_RULE_BOOL, MD_RULE_BOOL, 0 },
  { "or", MD_OP_OR, 1, MAX_ARGS, MD_RULE_BOOL, MD_RULE_BOOL, 0 },
  { "if", MD_OP_IF, 3, 3, MD_RULE_UNKNOWN, MD_RULE_UNKNOWN, 0 },
  { "+", MD_OP_ADD, 2, 2, MD_RULE_INT, MD_RULE_INT, 0 },
  { "-", MD_OP_SUB, 2, 2, MD_RULE_INT, MD_RULE_INT, 0 },
  { "*", MD_OP_MULTIPLY, 2, 2, MD_RULE_INT, MD_RULE_INT, 0 },
  { "min", MD_OP_MIN, 2, MAX_ARGS, MD_RULE_INT, MD_RULE_INT, 0 },
  { "max", MD_OP_MAX, 2, MAX_ARGS, MD_RULE_INT, MD_RULE_INT, 0 },
  { "age", MD_OP_AGE, 2, 2, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "legal_age", MD_OP_LEGAL_AGE, 2, 2, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "months", MD_OP_MONTHS, 2, 2, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "days", MD_OP_DAYS, 2, 2, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "fy", MD_OP_FISCAL_YEAR, 1, 1, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "ym", MD_OP_YM, 2, 2, MD_RULE_INT, MD_RULE_TEXT, 0 },
  { "date", MD_OP_DATE, 3, 3, MD_RULE_INT, MD_RULE_TEXT, 0 },
  { "add_months", MD_OP_ADD_MONTHS, 2, 2, MD_RULE_UNKNOWN, MD_RULE_TEXT, 0 },
  { "add_days", MD_OP_ADD_DAYS, 2, 2, MD_RULE_UNKNOWN, MD_RULE_TEXT, 0 },
  { "has", MD_OP_HAS, 2, 2, MD_RULE_TEXT, MD_RULE_BOOL, 1 },
  { "length", MD_OP_LENGTH, 1, 1, MD_RULE_TEXT, MD_RULE_INT, 1 },
  { "count", MD_OP_COUNT, 1, 2, MD_RULE_BOOL, MD_RULE_INT, 1 },
  { "any", MD_OP_ANY, 2, 2, MD_RULE_BOOL, MD_RULE_BOOL, 1 },
  { "all", MD_OP_ALL, 2, 2, MD_RULE_BOOL, MD_RULE_BOOL, 1 },
  { "sum", MD_OP_SUM, 2, 2, MD_RULE_INT, MD_RULE_INT, 1 },
  { "largest", MD_OP_LARGEST, 2, 2, MD_RULE_INT, MD_RULE_INT, 1 },
  { "care_insurer", MD_OP_CARE_INSURER, 1, 1, MD_RULE_TEXT, MD_RULE_TEXT, 0 },
  { "kana_key", MD_OP_KANA_KEY, 1, 1, MD_RULE_TEXT, MD_RULE_TEXT, 0 },
  { "external", MD_OP_EXTERNAL, 1, 1, MD_RULE_TEXT, MD_RULE_INT, 0 },
  { "yucho_branch", MD_OP_YUCHO_BRANCH, 1, 1, MD_RULE_TEXT, MD_RULE_TEXT, 0 },
  { "yucho_account", MD_OP_YUCHO_ACCOUNT, 2, 2, MD_RULE_TEXT, MD_RULE_TEXT, 0 },
  { "yucho_number", MD_OP_YUCHO_NUMBER, 2, 2, MD_RULE_TEXT, MD_RULE_BOOL, 0 },
  { "yucho_check", MD_OP_YUCHO_CHECK, 2, 2, MD_RULE_TEXT, MD_RULE_BOOL, 0 },
  { "same_municipality", MD_OP_SAME_MUNICIPALITY, 2, 2, MD_RULE_TEXT, MD_RULE_BOOL, 0 },
  { "today", MD_OP_TODAY, 0, 0, MD_RULE_UNKNOWN, MD_RULE_TEXT, 0 },
};

const MdRuleOperation *
_md_rule_find_operation (MdRuleOp op)
{
  for (guint i = 0; i < G_N_ELEMENTS (op_table); i++)
    if (op_table[i].op == op)
      return &op_table[i];
  return NULL;
}

typedef struct
{
  MdJson *json;
  const MdRuleScope *scope;
  guint nodes;
} Reader;

static MdRule *read_node (Reader *reader, JsonNode *node, guint depth);

static MdRule *
rule_new (MdRuleOp op)
{
  MdRule *self = g_new0 (MdRule, 1);

  self->op = op;
  self->args = g_ptr_array_new_with_free_func ((GDestroyNotify)_md_rule_free);
  return self;
}

MdRule *
_md_rule_new_boolean (gboolean value)
{
  MdRule *self = rule_new (MD_OP_CONST);

  self->kind = MD_RULE_BOOL;
  self->number = value;
  return self;
}

void
_md_rule_free (MdRule *self)
{
  if (!self)
    return;
  g_free (self->name);
  g_free (self->text);
  g_ptr_array_unref (self->args);
  g_free (self);
}

gboolean
_md_rule_is_always (const MdRule *self)
{
  return self && self->op == MD_OP_CONST && self->kind == MD_RULE_BOOL && self->number;
}

/* {"var": "id"}, {"setting": "id"}, {"filled": "id"} */
static MdRule *
read_name (Reader *reader, MdRuleOp op, JsonNode *node)
{
  g_autoptr (MdRule) self = rule_new (op);
  gboolean known = FALSE;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    self->name = g_strdup (json_node_get_string (node));
  if (self->name && op == MD_OP_SETTING)
    known = reader->scope->has_setting (reader->scope->data, self->name);
  else if (self->name)
    known = reader->scope->has_field (reader->scope->data, self->name);
  if (known)
    return g_steal_pointer (&self);
  md_json_fail (reader->json, NULL,
                op == MD_OP_SETTING
                    ? _ ("The rule names the setting \"%s\", which this form does not have.")
                    : _ ("The rule names the field \"%s\", which this form does not have."),
                self->name ? self->name : "");
  return NULL;
}

static MdRule *
read_constant (Reader *reader, JsonNode *node)
{
  g_autoptr (MdRule) self = rule_new (MD_OP_CONST);
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  if (type == G_TYPE_STRING)
    {
      self->kind = MD_RULE_TEXT;
      self->text = g_strdup (json_node_get_string (node));
    }
  else if (type == G_TYPE_INT64)
    {
      self->kind = MD_RULE_INT;
      self->number = json_node_get_int (node);
    }
  else if (type == G_TYPE_BOOLEAN)
    {
      self->kind = MD_RULE_BOOL;
      self->number = json_node_get_boolean (node);
    }
  else if (!JSON_NODE_HOLDS_NULL (node))
    {
      md_json_fail (reader->json, NULL,
                    _ ("A rule may hold texts, whole numbers, true, false and null only."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

static MdRule *
read_list (Reader *reader, JsonNode *node, guint depth)
{
  g_autoptr (MdRule) self = rule_new (MD_OP_LIST);
  JsonArray *array = json_node_get_array (node);

  for (guint i = 0; i < json_array_get_length (array) && !md_json_failed (reader->json); i++)
    {
      MdRule *arg = read_node (reader, json_array_get_element (array, i), depth + 1);

      if (arg)
        g_ptr_array_add (self->args, arg);
    }
  return md_json_failed (reader->json) ? NULL : g_steal_pointer (&self);
}

/* The operands of what looks into the rows of a group: its id, then a rule about one row. */
static MdRule *
read_rows (Reader *reader, const char *name, JsonNode *operands, guint depth)
{
  JsonArray *array = json_node_get_array (operands);
  JsonNode *first = json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;
  const MdRuleScope *scope = reader->scope;
  const char *group = first && json_node_get_value_type (first) == G_TYPE_STRING
                          ? json_node_get_string (first)
                          : NULL;
  MdRule *self;

  if (!group || !scope->enter_rows || !scope->enter_rows (scope->data, group))
    {
      md_json_fail (
          reader->json, NULL,
          _ ("\"%s\" begins with the id of a group of rows of this form, and does not stand in "
             "a rule about one row."),
          name);
      return NULL;
    }
  self = read_list (reader, operands, depth);
  scope->leave_rows (scope->data);
  return self;
}

static MdRule *
read_operation (Reader *reader, const char *name, JsonNode *operands, guint depth)
{
  g_autoptr (MdRule) self = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (op_table) && !g_str_equal (op_table[i].name, name))
    i++;
  if (i == G_N_ELEMENTS (op_table))
    {
      md_json_fail (reader->json, NULL,
                    _ ("There is no operation \"%s\" in rules. data/forms/README.md lists them."),
                    name);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_ARRAY (operands))
    {
      md_json_fail (reader->json, NULL, _ ("The operands of \"%s\" must be a list in brackets []."),
                    name);
      return NULL;
    }
  self = _md_rule_op_is_of_rows (op_table[i].op) ? read_rows (reader, name, operands, depth)
                                                 : read_list (reader, operands, depth);
  if (!self)
    return NULL;
  self->op = op_table[i].op;
  if (self->args->len >= op_table[i].min && self->args->len <= op_table[i].max)
    return g_steal_pointer (&self);
  md_json_fail (reader->json, NULL,
                _ ("\"%s\" has the wrong number of operands. data/forms/README.md shows it."),
                name);
  return NULL;
}

static MdRule *
read_object (Reader *reader, JsonNode *node, guint depth)
{
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GList) members = json_object_get_members (object);
  const char *name = members ? members->data : "";
  JsonNode *operand;

  if (g_list_length (members) != 1)
    {
      md_json_fail (reader->json, NULL, _ ("A rule in braces {} must hold exactly one operation."));
      return NULL;
    }
  operand = json_object_get_member (object, name);
  if (g_str_equal (name, "var"))
    return read_name (reader, MD_OP_VAR, operand);
  if (g_str_equal (name, "setting"))
    return read_name (reader, MD_OP_SETTING, operand);
  if (g_str_equal (name, "filled"))
    return read_name (reader, MD_OP_FILLED, operand);
  return read_operation (reader, name, operand, depth);
}

static MdRule *
read_node (Reader *reader, JsonNode *node, guint depth)
{
  if (depth > MAX_DEPTH || ++reader->nodes > MAX_NODES)
    {
      md_json_fail (reader->json, NULL,
                    _ ("The rule is too large (%u parts, %u deep at most). Split it."), MAX_NODES,
                    MAX_DEPTH);
      return NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    return read_object (reader, node, depth);
  if (JSON_NODE_HOLDS_ARRAY (node))
    return read_list (reader, node, depth);
  return read_constant (reader, node);
}

/* Whether an operand that must be a field id names one; of a list, where a list is asked for. */
static gboolean
names_field (const MdRule *self, const MdRule *arg, const MdRuleScope *scope)
{
  MdField *field;

  if (arg->op != MD_OP_CONST || !arg->text || !scope->has_field (scope->data, arg->text))
    return FALSE;
  field = scope->get_field ? scope->get_field (scope->data, arg->text) : NULL;
  if (!field || self->op == MD_OP_SAME_NUMBER)
    return TRUE;
  return md_field_get_field_type (field)
         == (_md_rule_op_is_of_rows (self->op) ? MD_FIELD_ROWS : MD_FIELD_LIST);
}

/* Lists only where "in" looks into them; names only where an operation takes them. */
static gboolean
shape_is_right (const MdRule *self, const MdRuleScope *scope)
{
  const MdRuleOperation *operation = _md_rule_find_operation (self->op);

  for (guint i = 0; i < self->args->len; i++)
    {
      const MdRule *arg = g_ptr_array_index (self->args, i);

      if ((arg->op == MD_OP_LIST) != (self->op == MD_OP_IN && i == 1))
        return FALSE;
      if (operation && i < operation->names && !names_field (self, arg, scope))
        return FALSE;
      if (!shape_is_right (arg, scope))
        return FALSE;
    }
  return TRUE;
}

MdRule *
_md_rule_read (MdJson *json, JsonNode *node, const MdRuleScope *scope)
{
  Reader reader = { .json = json, .scope = scope };
  g_autoptr (MdRule) self = NULL;

  if (md_json_failed (json))
    return NULL;
  self = read_node (&reader, node, 0);
  if (self && (self->op == MD_OP_LIST || !shape_is_right (self, scope)))
    {
      md_json_fail (
          json, NULL,
          _ ("A list may stand only as the second operand of \"in\"; \"same_number\" takes two "
             "field ids, \"has\" and \"length\" begin with the id of a list field."));
      return NULL;
    }
  if (self && scope->get_field)
    _md_rule_check_kinds (self, scope, json);
  return md_json_failed (json) ? NULL : g_steal_pointer (&self);
}
