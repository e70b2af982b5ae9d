// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include "md-rule-private.h"

G_BEGIN_DECLS

/* The parsed rule, shared by its reader and its runner. */
typedef enum
{
  MD_OP_CONST,
  MD_OP_VAR,
  MD_OP_SETTING,
  MD_OP_FILLED,
  MD_OP_SAME_NUMBER,
  MD_OP_EQ,
  MD_OP_NE,
  MD_OP_LT,
  MD_OP_LE,
  MD_OP_GT,
  MD_OP_GE,
  MD_OP_IN,
  MD_OP_NOT,
  MD_OP_AND,
  MD_OP_OR,
  MD_OP_IF,
  MD_OP_ADD,
  MD_OP_SUB,
  MD_OP_MULTIPLY,
  MD_OP_MIN,
  MD_OP_MAX,
  MD_OP_AGE,
  MD_OP_LEGAL_AGE,
  MD_OP_MONTHS,
  MD_OP_DAYS,
  MD_OP_YM,
  MD_OP_FISCAL_YEAR,
  MD_OP_DATE,
  MD_OP_ADD_MONTHS,
  MD_OP_ADD_DAYS,
  MD_OP_HAS,    /* of a list field */
  MD_OP_LENGTH, /* of a list field */
  MD_OP_COUNT,  /* of rows, from here to LARGEST */
  MD_OP_ANY,
  MD_OP_ALL,
  MD_OP_SUM,
  MD_OP_LARGEST,
  MD_OP_CARE_INSURER,
  MD_OP_KANA_KEY,
  MD_OP_EXTERNAL,
  MD_OP_YUCHO_BRANCH, /* of an account of Japan Post Bank, from here to YUCHO_CHECK */
  MD_OP_YUCHO_ACCOUNT,
  MD_OP_YUCHO_NUMBER,
  MD_OP_YUCHO_CHECK,
  MD_OP_SAME_MUNICIPALITY,
  MD_OP_TODAY,
  MD_OP_LIST, /* only as the second operand of "in" */
} MdRuleOp;

/* What an operation takes and gives. */
typedef struct
{
  const char *name;
  MdRuleOp op;
  guint min, max;
  MdRuleKind takes; /* of every operand; MD_RULE_UNKNOWN: it says itself */
  MdRuleKind gives; /* MD_RULE_UNKNOWN: that of its operands */
  guint names;      /* so many operands at the beginning are field ids */
} MdRuleOperation;

static inline gboolean
_md_rule_op_is_of_rows (MdRuleOp op)
{
  return op >= MD_OP_COUNT && op <= MD_OP_LARGEST;
}

/* NULL for what is not written {"op": [operands]}. */
const MdRuleOperation *_md_rule_find_operation (MdRuleOp op);

struct _MdRule
{
  MdRuleOp op;
  char *name; /* field or setting */
  MdRuleKind kind;
  gint64 number;
  char *text;
  GPtrArray *args;
};

G_END_DECLS
