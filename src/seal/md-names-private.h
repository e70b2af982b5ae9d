// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_SEAL_COMPILATION
#error "Private to src/seal"
#endif

#include "md-manifest.h"

/* Names of entries. Only these exist: nothing from a file ever becomes a path. */

#define MD_SEAL_ENTRY_MIMETYPE "mimetype"
#define MD_SEAL_ENTRY_MANIFEST "manifest.json"

typedef enum
{
  MD_SEAL_NAME_UNKNOWN,
  MD_SEAL_NAME_MIMETYPE,
  MD_SEAL_NAME_MANIFEST,
  MD_SEAL_NAME_PART,
  MD_SEAL_NAME_ASIC_MANIFEST, /* META-INF/ASiCManifestNNN.xml */
  MD_SEAL_NAME_SIGNATURE,     /* META-INF/signatureNNN.p7s */
  MD_SEAL_NAME_DECISION,      /* decisionNNN.json */
} MdSealName;

/** What kind of entry has this name; the number of a numbered one goes to @out_number. */
MdSealName md_seal_name_read (const char *name, guint *out_number);

gboolean md_seal_is_part_name (const char *name);

/** What an attachment may be. */
gboolean md_seal_is_content_type (const char *text);

/** Whether it is one of the MD_SEAL_READERS_ words. */
gboolean md_seal_is_readers (const char *text);

/** Name of a numbered entry. (transfer full) */
char *md_seal_name_make (MdSealName kind, guint number);

/** Adds a part to a manifest being built. */
void md_manifest_add_part (MdManifest *self, const char *name, const char *sha256, guint64 size);
