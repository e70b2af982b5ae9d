// SPDX-License-Identifier: Apache-2.0
#pragma once

/* forms: field dictionary, procedures, checks, the values of one application, and the privacy
 * filter as a pure function.
 *
 * MdCatalogue loads data/forms/ (fields.json + procedures/<id>.json) and holds MdForm objects; a
 * form has MdField definitions. MdFormData holds the values of one application in memory, as
 * MdEntry objects that a window binds to row by row. md_filter() decides what a pair of eyes may
 * see of a field; MdEntry asks it for every text it hands out. The files are described in
 * data/forms/README.md and data/forms/schema/. */

#define MD_FORMS_INSIDE
#include "md-forms-types.h"
#include "md-filter.h"
#include "md-field.h"
#include "md-form.h"
#include "md-form-eyes.h"
#include "md-catalogue.h"
#include "md-catalogue-policy.h"
#include "md-form-facts.h"
#include "md-value.h"
#include "md-entry.h"
#include "md-declaration.h"
#include "md-inquiry.h"
#include "md-attachment.h"
#include "md-form-data.h"
#include "md-guide.h"
#include "md-form-paper.h"
#include "md-form-draft.h"
#include "md-form-bundle.h"
#undef MD_FORMS_INSIDE
