// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include <md-policy.h>

#include "md-forms-types.h"

G_BEGIN_DECLS

/* The small declarative language of conditions and checks: a JsonLogic subset without loops,
 * bounded in depth and size. Logic has three values: what depends on an empty field is unknown, and
 * an unknown check does not fail. data/forms/README.md lists the operations. */
typedef struct _MdRule MdRule;

typedef enum
{
  MD_TRUTH_FALSE,
  MD_TRUTH_TRUE,
  MD_TRUTH_UNKNOWN,
} MdTruth;

typedef enum
{
  MD_RULE_UNKNOWN,
  MD_RULE_BOOL,
  MD_RULE_INT,
  MD_RULE_TEXT,
} MdRuleKind;

typedef struct
{
  MdRuleKind kind;
  gint64 number; /* BOOL and INT */
  const char *text;
  gboolean partial; /* a day of which only year, or year and month, are known */
} MdRuleValue;

/* What the loader knows while it reads a rule: may a field or a setting be named, and what does the
 * field hold? get_field may be NULL: then nobody asks. */
typedef struct
{
  MdField *(*get_field) (gpointer data, const char *id);
  gboolean (*has_field) (gpointer data, const char *id);
  /* For a rule about the rows of a group: its columns may be named until leave_rows. FALSE: there
   * is no such group, or the rule is about a row already. Both NULL: there are no rows. */
  gboolean (*enter_rows) (gpointer data, const char *id);
  void (*leave_rows) (gpointer data);
  gboolean (*has_setting) (gpointer data, const char *id);
  gpointer data;
} MdRuleScope;

/* What a rule asks about when it runs. */
typedef struct
{
  MdRuleValue (*get_value) (gpointer data, const char *field_id);
  gboolean (*get_filled) (gpointer data, const char *field_id);
  /* Looks at row i of the group until leave_row; FALSE: it has no such row. */
  gboolean (*enter_row) (gpointer data, const char *group, guint i);
  void (*leave_row) (gpointer data);
  MdTruth (*same_number) (gpointer data, const char *a, const char *b);
  gint64 (*get_setting) (gpointer data, const char *id);
  const char *today;
  MdCharacterSet characters; /* that the back office has */
  gpointer data;
} MdRuleWorld;

/* Failures go to the reader, at its present path. NULL on failure. */
MdRule *_md_rule_read (MdJson *json, JsonNode *node, const MdRuleScope *scope);
/* For the reader: refuses what can never be true because the two sides are of different kinds, or
 * because the field has no such choice. */
void _md_rule_check_kinds (const MdRule *self, const MdRuleScope *scope, MdJson *json);
/* What it gives; MD_RULE_UNKNOWN: nothing can be said before it runs. */
MdRuleKind _md_rule_gives (const MdRule *self, const MdRuleScope *scope);
/* What rules see of such a field's value. */
MdRuleKind _md_rule_kind_of_field (MdField *field);
/* The rule in the manner of a formula, for people. Caller owns. */
char *_md_rule_to_text (const MdRule *self) G_GNUC_WARN_UNUSED_RESULT;
/* A number or a day that stands in the rule as it is, for people; NULL: none. Nothing, one more or
 * less, and the months of a year are none. Caller owns. */
char *_md_rule_find_figure (const MdRule *self) G_GNUC_WARN_UNUSED_RESULT;
/* A rule that is always this. */
MdRule *_md_rule_new_boolean (gboolean value);
void _md_rule_free (MdRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRule, _md_rule_free)

/* TRUE when it says "true" whatever the values are. */
gboolean _md_rule_is_always (const MdRule *self);

MdTruth _md_rule_test (const MdRule *self, const MdRuleWorld *world);
/* For derived fields: the value as stored text, NULL when unknown. Caller owns. */
char *_md_rule_derive (const MdRule *self, const MdRuleWorld *world);

G_END_DECLS
