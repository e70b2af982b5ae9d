// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include <md-policy.h>
#include "md-forms-types.h"

G_BEGIN_DECLS

#define MD_TYPE_FIELD (md_field_get_type ())
/* One line of the field dictionary (data/forms/fields.json). Immutable, any thread.
 * Properties (read-only): "id", "label" (in the user's language). */
G_DECLARE_FINAL_TYPE (MdField, md_field, MD, FIELD, GObject)

typedef struct
{
  const char *code;
  const char *ja, *en;
} MdFieldOption;

const char *md_field_get_id (MdField *self);
MdFieldType md_field_get_field_type (MdField *self);
MdSensitivity md_field_get_sensitivity (MdField *self);
/* Set of MdSource. */
MdSource md_field_get_sources (MdField *self);
/* The catalogue's SPI column is "N". */
gboolean md_field_is_process_item (MdField *self);

/* Label in the user's language, or in the one asked for. */
const char *md_field_get_label (MdField *self);
const char *md_field_get_label_in (MdField *self, gboolean japanese);
/* How to write it ("昭和25年3月7日, S25.3.7, 1950/3/7"), in the user's language; NULL when the
 * label is enough. */
const char *md_field_get_hint (MdField *self);

/* Choices of an enum (or of a list with choices). */
const MdFieldOption *md_field_get_options (MdField *self, guint *out_n);
/* Label of a code in the user's language, NULL when unknown. */
const char *md_field_get_option_label (MdField *self, const char *code);

/* Characters, 0 = no limit of its own. */
guint md_field_get_max_length (MdField *self);
/* One line or several. */
gboolean md_field_is_multiline (MdField *self);

G_END_DECLS
