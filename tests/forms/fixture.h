// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

/* The catalogue and the visibility tables as they are shipped, who looks at them, and what a form
 * says of what was typed. */

#define FIXTURE_TODAY "2026-11-21"

MdCatalogue *fixture_catalogue (void);
/* tests/forms/sample: types, versions and rules that no procedure of the office needs to stand
 * still for. */
MdCatalogue *fixture_sample (void);
const MdVisibility *fixture_visibility (void);

/* An eye of this role, clerk of an open intake of the own office. */
MdViewer fixture_viewer (MdRole role);

/* A form's data for that role, step ENTRY. */
MdFormData *fixture_data (const char *form, MdRole role);

/* Types a text into a field as a person would: text, then leaving it. Fails the test when the field
 * has no row. */
void fixture_type (MdFormData *data, const char *field, const char *text);

/* The person from the card, with kana and telephone as typed. */
void fixture_person (MdFormData *data, const char *birth, const char *sex);

/* Fills every required field of a form so that it is valid; the person was born on birth. */
void fixture_fill (MdFormData *data, const char *birth);

/* Whether the last validation found something at this field ("-": at none of them) that stops, or
 * that only warns. */
gboolean fixture_has_finding (MdFormData *data, const char *field, gboolean stops);

/* Whether it said something with these words, at this field; NULL: anywhere. */
gboolean fixture_says (MdFormData *data, const char *field, const char *words);

/* Validates: nothing stops. */
void fixture_assert_valid (MdFormData *data);

/* Validates: it stops at this field, which says why. */
void fixture_assert_stops_at (MdFormData *data, const char *field);

/* A line of a table in tests/forms, and its number there. */
typedef struct
{
  char **words;
  guint line;
} FixtureLine;

/* The lines of NAME whose words are parted by tabs, without comments (element-type FixtureLine,
 * transfer full). */
GPtrArray *fixture_load_lines (const char *name);
