// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib.h>

G_BEGIN_DECLS

// Why the back office returns an approved intake to the counter where it was taken in, as its
// notice says it: a code for the record, a sentence and an advice for people.

// Of what one officer approved where its form asks for two.
#define MD_RETURN_REASON_SECOND "second-officer"

// Every code, with blanks between them. (transfer full)
char *md_return_reason_dup_codes (void) G_GNUC_WARN_UNUSED_RESULT;

// NULL for a code that is none of these.
const char *md_return_reason_get_label (const char *code);
const char *md_return_reason_get_advice (const char *code);

G_END_DECLS
