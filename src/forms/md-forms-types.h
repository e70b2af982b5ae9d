// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _MdCatalogue MdCatalogue;
typedef struct _MdForm MdForm;
typedef struct _MdFormSection MdFormSection;
typedef struct _MdField MdField;
typedef struct _MdLifeEvent MdLifeEvent;
typedef struct _MdDue MdDue;
typedef struct _MdEntry MdEntry;
typedef struct _MdFormData MdFormData;

typedef enum
{
  MD_FIELD_TEXT,
  MD_FIELD_KANA,
  MD_FIELD_CODE,   /* digits or ASCII letters, constrained by a pattern */
  MD_FIELD_NUMBER, /* of a kind that src/base knows: length, characters, check digit */
  MD_FIELD_MYNUM,
  MD_FIELD_DATE, /* stored as YYYY-MM-DD; where the form lets the day or month be unknown, also
                    YYYY-MM and YYYY */
  MD_FIELD_YM,   /* stored as YYYY-MM */
  MD_FIELD_DATETIME,
  MD_FIELD_TIME,
  MD_FIELD_INT,
  MD_FIELD_YEN,
  MD_FIELD_ENUM, /* stored as the option's code */
  MD_FIELD_BOOL,
  MD_FIELD_TEL,
  MD_FIELD_LIST,        /* list of option codes or short texts */
  MD_FIELD_BLOB,        /* base64, never typed */
  MD_FIELD_ROWS,        /* a group of columns that repeats: the value is the number of rows */
  MD_FIELD_DEC,         /* a decimal fraction with a fixed number of places, as text "4.00" */
  MD_FIELD_DECLARATION, /* the answer to a text that was shown, stored as a bool */
  MD_N_FIELD_TYPES
} MdFieldType;

/* Where a field's value may come from (the catalogue's column "Source": C T Q S). */
typedef enum
{
  MD_SOURCE_NONE = 0,
  MD_SOURCE_TYPED = 1 << 0,
  MD_SOURCE_CARD = 1 << 1,
  MD_SOURCE_OFFICE = 1 << 2, /* back office; read-only and empty offline */
  MD_SOURCE_SYSTEM = 1 << 3, /* set by the program: m.*, e.* and what is derived */
} MdSource;

typedef enum
{
  MD_FORMS_ERROR_UNREADABLE, /* a definition file is missing, too large or not JSON */
  MD_FORMS_ERROR_DEFINITION, /* a definition is wrong: file, path in it, remedy */
  MD_FORMS_ERROR_VALUE,      /* a value does not fit its field: message for beside the field */
  MD_FORMS_ERROR_DATA,       /* what was stored is damaged, or of another application */
  MD_FORMS_ERROR_INCOMPLETE, /* asked to seal an application that is not valid */
  MD_FORMS_ERROR_FORM,       /* stored values do not fit their form as it is here (unknown field,
                                another text): it may have been changed since */
} MdFormsError;

#define MD_FORMS_ERROR (md_forms_error_quark ())
GQuark md_forms_error_quark (void);

/* The definition file that an error of md_catalogue_load() is about, "fields.json" or
 * "procedures/NAME.json"; NULL when it is about the folder. Borrowed from ERROR. */
const char *md_forms_error_get_file (const GError *error);

/* TRUE when the user's language is Japanese; labels follow it. */
gboolean md_forms_in_japanese (void);

G_END_DECLS
