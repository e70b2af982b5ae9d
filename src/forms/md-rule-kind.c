// SPDX-License-Identifier: Apache-2.0
// What can be said of a rule before it runs: that its two sides can meet at all.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-form-private.h"
#include "md-rule-node.h"

MdRuleKind
_md_rule_kind_of_field (MdField *field)
{
  switch ((guint)field->type)
    {
    case MD_FIELD_INT:
    case MD_FIELD_YEN:
    case MD_FIELD_DEC:
      return MD_RULE_INT;
    case MD_FIELD_BOOL:
    case MD_FIELD_DECLARATION:
      return MD_RULE_BOOL;
    default:
      return MD_RULE_TEXT;
    }
}

MdRuleKind
_md_rule_gives (const MdRule *rule, const MdRuleScope *scope)
{
  const MdRuleOperation *operation = _md_rule_find_operation (rule->op);
  MdRuleKind kind;

  switch ((guint)rule->op)
    {
    case MD_OP_CONST:
      return rule->kind;
    case MD_OP_VAR:
      return _md_rule_kind_of_field (scope->get_field (scope->data, rule->name));
    case MD_OP_FILLED:
      return MD_RULE_BOOL;
    case MD_OP_SETTING:
      return MD_RULE_INT;
    case MD_OP_IF:
      kind = _md_rule_gives (g_ptr_array_index (rule->args, 1), scope);
      return kind != MD_RULE_UNKNOWN ? kind
                                     : _md_rule_gives (g_ptr_array_index (rule->args, 2), scope);
    default:
      return operation ? operation->gives : MD_RULE_UNKNOWN;
    }
}

static void
check_choice (const MdRule *field_rule, const MdRule *text, const MdRuleScope *scope, MdJson *json)
{
  MdField *field;

  if (field_rule->op != MD_OP_VAR || text->op != MD_OP_CONST || text->kind != MD_RULE_TEXT)
    return;
  field = scope->get_field (scope->data, field_rule->name);
  if (field->type == MD_FIELD_ENUM && !md_field_get_option_label (field, text->text))
    md_json_fail (json, NULL, _ ("The field \"%s\" has no choice \"%s\": this is never true."),
                  field->id, text->text);
}

static gsize length_of_time (const MdRule *rule, const MdRuleScope *scope);

/* Of what is a month in one case and a day in the other, a length that nothing has. */
static gsize
length_of_either (const MdRule *rule, const MdRuleScope *scope)
{
  const gsize yes = length_of_time (g_ptr_array_index (rule->args, 1), scope);
  const gsize no
      = rule->args->len > 2 ? length_of_time (g_ptr_array_index (rule->args, 2), scope) : 0;

  return yes > 0 && no > 0 && yes != no ? G_MAXSIZE : MAX (yes, no);
}

/* Of a text that is a month or a day, its length; 0: of another, or not known. */
static gsize
length_of_time (const MdRule *rule, const MdRuleScope *scope)
{
  static const char time[] = "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$";
  const gsize month = strlen ("2026-11"), day = strlen ("2026-11-23");
  MdFieldType type;

  switch ((guint)rule->op)
    {
    case MD_OP_CONST:
      return rule->kind == MD_RULE_TEXT && g_regex_match_simple (time, rule->text, 0, 0)
                 ? strlen (rule->text)
                 : 0;
    case MD_OP_VAR:
      type = scope->get_field (scope->data, rule->name)->type;
      return type == MD_FIELD_YM ? month : type == MD_FIELD_DATE ? day : 0;
    case MD_OP_YM:
      return month;
    case MD_OP_DATE:
    case MD_OP_TODAY:
    case MD_OP_ADD_DAYS:
      return day;
    case MD_OP_ADD_MONTHS:
      return length_of_time (g_ptr_array_index (rule->args, 0), scope);
    case MD_OP_IF:
      return length_of_either (rule, scope);
    default:
      return 0;
    }
}

/* As texts, 2026-11 is before each of its days: true for all of that month, or false. */
static void
check_times (const MdRule *a, const MdRule *b, const MdRuleScope *scope, MdJson *json)
{
  const gsize one = length_of_time (a, scope), two = length_of_time (b, scope);

  if (one > 0 && two > 0 && one != two)
    md_json_fail (json, NULL,
                  _ ("The rule compares a month with a day. Use \"months\" between the two."));
}

static void
check_pair (const MdRule *a, const MdRule *b, const MdRuleScope *scope, MdJson *json)
{
  const MdRuleKind one = _md_rule_gives (a, scope), two = _md_rule_gives (b, scope);

  if (one != MD_RULE_UNKNOWN && two != MD_RULE_UNKNOWN && one != two)
    md_json_fail (json, NULL,
                  _ ("The rule compares two different kinds of value (text, number, yes or no): it "
                     "is never true."));
  check_choice (a, b, scope, json);
  check_choice (b, a, scope, json);
  check_times (a, b, scope, json);
}

static void
check_operands (const MdRule *self, const MdRuleOperation *operation, const MdRuleScope *scope,
                MdJson *json)
{
  for (guint i = operation->names; i < self->args->len; i++)
    {
      const MdRuleKind kind = _md_rule_gives (g_ptr_array_index (self->args, i), scope);

      if (operation->takes != MD_RULE_UNKNOWN && kind != MD_RULE_UNKNOWN
          && kind != operation->takes)
        md_json_fail (json, NULL, _ ("An operand of \"%s\" is of another kind than it takes."),
                      operation->name);
    }
}

static gboolean
is_comparison (MdRuleOp op)
{
  return op == MD_OP_EQ || op == MD_OP_NE || op == MD_OP_LT || op == MD_OP_LE || op == MD_OP_GT
         || op == MD_OP_GE;
}

void
_md_rule_check_kinds (const MdRule *self, const MdRuleScope *scope, MdJson *json)
{
  const MdRuleOperation *operation = _md_rule_find_operation (self->op);
  const MdRule *list = self->op == MD_OP_IN ? g_ptr_array_index (self->args, 1) : NULL;

  if (self->op == MD_OP_VAR && scope->get_field (scope->data, self->name)->type == MD_FIELD_MYNUM)
    md_json_fail (json, NULL,
                  _ ("A rule cannot look at the individual number \"%s\". Use \"filled\" or "
                     "\"same_number\"."),
                  self->name);
  if (self->op == MD_OP_VAR && scope->get_field (scope->data, self->name)->type == MD_FIELD_ROWS)
    md_json_fail (json, NULL, _ ("\"%s\" is a group of rows. Use \"count\", \"any\" or \"all\"."),
                  self->name);
  if (is_comparison (self->op))
    check_pair (g_ptr_array_index (self->args, 0), g_ptr_array_index (self->args, 1), scope, json);
  for (guint i = 0; list && i < list->args->len; i++)
    check_pair (g_ptr_array_index (self->args, 0), g_ptr_array_index (list->args, i), scope, json);
  if (operation)
    check_operands (self, operation, scope, json);
  for (guint i = operation ? operation->names : 0; i < self->args->len; i++)
    _md_rule_check_kinds (g_ptr_array_index (self->args, i), scope, json);
}

/* --- for people --- */

static void write_rule (GString *text, const MdRule *rule);

static void
write_args (GString *text, const MdRule *rule, const char *between)
{
  for (guint i = 0; i < rule->args->len; i++)
    {
      if (i > 0)
        g_string_append (text, between);
      write_rule (text, g_ptr_array_index (rule->args, i));
    }
}

static void
write_constant (GString *text, const MdRule *rule)
{
  if (rule->kind == MD_RULE_TEXT)
    g_string_append (text, rule->text);
  else if (rule->kind == MD_RULE_INT)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, rule->number);
  else if (rule->kind == MD_RULE_BOOL)
    g_string_append (text, rule->number ? "true" : "false");
  else
    g_string_append (text, "null");
}

/* Operations of one sign stand between their operands, the others before them. */
static void
write_operation (GString *text, const MdRule *rule)
{
  const MdRuleOperation *operation = _md_rule_find_operation (rule->op);
  const gboolean between = operation && rule->args->len > 1
                           && (!g_ascii_isalpha (operation->name[0]) || rule->op == MD_OP_IN
                               || rule->op == MD_OP_AND || rule->op == MD_OP_OR);
  g_autofree char *sign = between ? g_strdup_printf (" %s ", operation->name) : NULL;

  if (operation && !between)
    g_string_append (text, operation->name);
  g_string_append_c (text, rule->op == MD_OP_LIST ? '[' : '(');
  write_args (text, rule, between ? sign : ", ");
  g_string_append_c (text, rule->op == MD_OP_LIST ? ']' : ')');
}

static void
write_rule (GString *text, const MdRule *rule)
{
  switch ((guint)rule->op)
    {
    case MD_OP_CONST:
      write_constant (text, rule);
      break;
    case MD_OP_VAR:
    case MD_OP_SETTING:
      g_string_append (text, rule->name);
      break;
    case MD_OP_FILLED:
      g_string_append_printf (text, "filled(%s)", rule->name);
      break;
    default:
      write_operation (text, rule);
    }
}

char *
_md_rule_to_text (const MdRule *self)
{
  GString *text = g_string_new (NULL);

  write_rule (text, self);
  return g_string_free (text, FALSE);
}

static gboolean
is_figure (const MdRule *rule)
{
  static const char day[] = "^[0-9]{4}(-[0-9]{2}){0,2}$";

  if (rule->op != MD_OP_CONST)
    return FALSE;
  if (rule->kind == MD_RULE_TEXT)
    return g_regex_match_simple (day, rule->text, G_REGEX_DOLLAR_ENDONLY, 0);
  return rule->kind == MD_RULE_INT && ABS (rule->number) > 1 && rule->number != 12;
}

char *
_md_rule_find_figure (const MdRule *self)
{
  char *found = is_figure (self) ? _md_rule_to_text (self) : NULL;

  for (guint i = 0; !found && self->args && i < self->args->len; i++)
    found = _md_rule_find_figure (g_ptr_array_index (self->args, i));
  return found;
}
