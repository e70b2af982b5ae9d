// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include <md-base.h>

#include "md-field.h"
#include "md-form-set.h"
#include "md-form.h"
#include "md-inquiry.h"
#include "md-rule-private.h"

G_BEGIN_DECLS

/* Both languages of one text; owned strings. */
typedef struct
{
  char *ja, *en;
} MdText;

void _md_text_read (MdText *out_text, MdJson *json, JsonObject *object, const char *member);
void _md_text_clear (MdText *text);
const char *_md_text_pick (const MdText *text);

struct _MdField
{
  GObject parent_instance;

  char *id;
  MdText label, hint, format;
  MdFieldType type;
  MdSensitivity sensitivity;
  MdSource sources;
  gboolean process_item;
  gboolean internal;         /* from staff to staff */
  gboolean anew;             /* each application asks for it again */
  GArray *options;           /* MdFieldOption with owned strings */
  MdCharacterSet characters; /* that the back office has: the dictionary's */
  guint max_length;          /* 0: none */
  gboolean multiline;
  gboolean digits; /* dashes and blanks are dropped */
  GRegex *pattern;
  MdNumberKind number; /* of MD_FIELD_NUMBER */
  gint64 min, max;     /* int, yen, dec: whole */
  guint decimals;      /* of MD_FIELD_DEC */
  gboolean partial;    /* a date whose day or month may be unknown */
  guint declaration;   /* kind of MD_FIELD_DECLARATION: row of its table */
  gboolean has_range;
  char *not_before; /* YYYY-MM-DD */
  gboolean not_future;
};

const char *_md_field_type_to_id (MdFieldType type);

/* One entry of the dictionary; failures go to the reader. Caller owns. */
MdField *_md_field_read (const char *id, MdJson *json, JsonObject *object);
/* A question: a choice, or without "options" yes and no. Caller owns. */
MdField *_md_field_read_question (const char *id, MdJson *json, JsonObject *object);

/* What rules see of a stored value; NULL: unknown. */
MdRuleValue _md_value_for_rule (MdField *field, const char *value);
/* The first and the last day that a date YYYY-MM or YYYY may have been, as YYYY-MM-DD. */
void _md_value_span (const char *partial, char first[static 11], char last[static 11]);

/* A field as one form uses it. */
typedef struct _MdFormItem MdFormItem;
struct _MdFormItem
{
  MdField *field;
  MdRule *required, *visible; /* visible NULL: always */
  MdRule *derive;             /* NULL: not derived */
  char **options;             /* subset of the codes, NULL: all */
  char *initial;              /* "default", NULL: none */
  char *set;                  /* of sets.json, that it came from; NULL: none */
  MdText declaration;         /* what a declaration shows */
  gboolean decline;           /* and whether no is an answer to it */
  guint section;              /* index; MD_NO_SECTION: system field */
  GPtrArray *columns;         /* MdFormItem; NULL: not a group of rows */
  MdFormItem *group;          /* of a column */
  guint min_rows, max_rows;   /* of a group */
};

void _md_form_item_free (gpointer item);

/* md-declaration.c: what a definition says of a declaration; failures go to the reader. */
void _md_field_read_declaration (MdField *self, MdJson *json, JsonObject *object);
void _md_form_item_read_declaration (MdFormItem *item, MdJson *json, JsonObject *object);

#define MD_NO_SECTION G_MAXUINT

typedef struct
{
  char *id;
  MdText title;
} MdFormHeading;

typedef struct
{
  char *id;
  char *field;
  MdFormItem *group;        /* once for every row of it; NULL: once */
  MdRule *when, *assertion; /* when NULL: always */
  gboolean stops;
  MdText message;
} MdFormCheck;

typedef struct
{
  char *id;
  MdText label;
  MdRule *when;
  gboolean required;
  MdSensitivity sensitivity; /* of what is seen on it */
  guint waived_by;           /* bits of MdInquiry: by whose answer it may be left out; 0: never */
} MdFormPaper;

typedef struct
{
  char *id;
  char *source;
  gint64 value;
} MdFormSetting;

struct _MdForm
{
  GObject parent_instance;

  char *id;
  guint version;
  char *from, *to; /* in force, YYYY-MM-DD; to NULL: without end */
  MdText title, purpose, number_purpose, guide;
  char *kana;
  char **keywords;
  guint domain; /* index of the domain table */
  char **basis;
  char *retention;
  char *amends;    /* the procedure whose registrations it changes; NULL: none */
  char *assurance; /* NULL: not said */
  gboolean immediate;
  MdRoles approvers; /* 0: not said */
  guint approvals;   /* different officers */
  char **may_file;
  MdProfile profile;
  GArray *settings;  /* MdFormSetting */
  GArray *headings;  /* MdFormHeading */
  GPtrArray *items;  /* MdFormItem; columns are in their group's */
  GHashTable *by_id; /* field id -> MdFormItem; columns, too */
  GPtrArray *checks; /* MdFormCheck */
  GPtrArray *papers; /* MdFormPaper */
};

/* NULL: the form has no such setting. */
const MdFormSetting *_md_form_find_setting (const MdForm *self, const char *id);
/* A check's sentence with the settings that it names, as figures. Caller owns. */
char *_md_form_fill_message (const MdForm *self, const char *message);
/* That it names settings of the form, and none of them as a figure. */
void _md_form_check_message (const MdForm *self, const MdText *message, MdJson *json);

/* fields: id -> MdField. STRICT: as for whoever writes definitions; else what forms of before left
 * unsaid is taken as the strictest that it may mean. */
MdForm *_md_form_read (MdJson *json, JsonObject *root, GHashTable *fields, MdFormSets *sets,
                       gboolean strict);
void _md_form_read_head (MdForm *form, MdJson *json, JsonObject *root);
guint _md_form_get_domain (MdForm *self);
/* Whether the work that the form belongs to can make the inquiry at all. */
gboolean _md_form_may_inquire (const MdForm *self, MdInquiry inquiry);
MdCharacterSet _md_form_get_characters (MdForm *self);

/* Names the definition file an error is about; ERROR may be NULL. */
void _md_forms_error_set_file (GError *error, const char *file);
const MdFormItem *_md_form_get_item (MdForm *self, const char *field_id);

G_END_DECLS
