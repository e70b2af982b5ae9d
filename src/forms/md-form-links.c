// SPDX-License-Identifier: Apache-2.0
// Which fields of a procedure say something of one another: by a condition, a derivation or a
// check.
#include "config.h"

#include "md-form-facts.h"
#include "md-form-private.h"
#include "md-rule-node.h"

/* Of each field another one of its group, or none. */
static const char *
find_head (GHashTable *heads, const char *id)
{
  const char *head = g_hash_table_lookup (heads, id);

  return head == NULL || g_str_equal (head, id) ? id : find_head (heads, head);
}

static void
join (GHashTable *heads, const char *one, const char *other)
{
  const char *a = find_head (heads, one), *b = find_head (heads, other);

  if (!g_str_equal (a, b))
    g_hash_table_insert (heads, g_strdup (a), g_strdup (b));
}

static void
join_rule (GHashTable *heads, const char *id, const MdRule *rule)
{
  const MdRuleOperation *operation = rule != NULL ? _md_rule_find_operation (rule->op) : NULL;

  if (rule == NULL)
    return;
  if (rule->name != NULL && rule->op != MD_OP_SETTING)
    join (heads, id, rule->name);
  for (guint i = 0; i < rule->args->len; i++)
    {
      const MdRule *arg = rule->args->pdata[i];

      if (operation != NULL && i < operation->names)
        join (heads, id, arg->text);
      else
        join_rule (heads, id, arg);
    }
}

static void
join_item (GHashTable *heads, const MdFormItem *item)
{
  const char *id = item->field->id;

  join_rule (heads, id, item->required);
  join_rule (heads, id, item->visible);
  join_rule (heads, id, item->derive);
  for (guint i = 0; item->columns != NULL && i < item->columns->len; i++)
    {
      const MdFormItem *column = item->columns->pdata[i];

      join (heads, column->field->id, id);
      join_item (heads, column);
    }
}

char **
md_form_list_link_groups (MdForm *self)
{
  g_autoptr (GHashTable) heads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree const char **names = md_form_list_fields (self);
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();

  for (guint i = 0; i < self->items->len; i++)
    join_item (heads, self->items->pdata[i]);
  for (guint i = 0; i < self->checks->len; i++)
    {
      const MdFormCheck *check = self->checks->pdata[i];

      join_rule (heads, check->field, check->when);
      join_rule (heads, check->field, check->assertion);
    }
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (groups, g_strdup (find_head (heads, names[i])));
  g_ptr_array_add (groups, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&groups), FALSE);
}
