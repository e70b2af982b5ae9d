// SPDX-License-Identifier: Apache-2.0
// Private to src/identity: holds in evidence.cms.
#pragma once

#ifndef MD_IDENTITY_COMPILATION
#error "md-hold-private.h is private to src/identity"
#endif

#include <md-record.h>

G_BEGIN_DECLS

// The plain text of evidence.cms is never larger.
#define MD_IDENTITY_EVIDENCE_MAX (512u * 1024)

// Beside the holds: with what whom the intake is of is bound in the manifest.
#define MD_NAMING_SALT "named_salt"

// (transfer full)
MdRecord *_md_holds_to_json (const GPtrArray *holds);

G_END_DECLS
