// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-forms.h>

/* The catalogue and the visibility tables as they are shipped, and who looks at them. */

#define FIXTURE_TODAY "2026-11-21"

MdCatalogue *fixture_catalogue (void);
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
