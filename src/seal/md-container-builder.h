// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_SEAL_INSIDE) && !defined(MD_SEAL_COMPILATION)
#error "Include <md-seal.h>"
#endif

#include "md-seal-types.h"
#include <md-pki.h>

G_BEGIN_DECLS

/** @manifest is copied; its parts are replaced by those added here. (transfer full) */
MdContainerBuilder *md_container_builder_new (const MdManifest *manifest) G_GNUC_WARN_UNUSED_RESULT;
void md_container_builder_free (MdContainerBuilder *self);

/**
 * Seals @data for @recipients (element-type MdCertificate) and adds it as @name: one of the
 * MD_SEAL_PART_ names or "attachments/NN.cms". The clear bytes stay the caller's, to be wiped
 * there.
 */
gboolean md_container_builder_add_part (MdContainerBuilder *self, const char *name, GBytes *data,
                                        const GPtrArray *recipients,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** The same for an attachment, of which the manifest says that it is a document of this type:
 * @content_type and @readers as MdManifestPart has them. Its name is the next number. */
gboolean md_container_builder_add_attachment (MdContainerBuilder *self, GBytes *data,
                                              const char *content_type, const char *readers,
                                              const GPtrArray *recipients,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Adds a part that is sealed already. */
gboolean md_container_builder_add_sealed (MdContainerBuilder *self, const char *name,
                                          GBytes *sealed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * Signs as the clerk and gives the whole container. @key may be a file or a card (blocks while it
 * signs; its errors come through). The manifest's clerk must be the staff id in @certificate, else
 * MISMATCH. (transfer full)
 */
GBytes *md_container_builder_sign (MdContainerBuilder *self, MdKey *key,
                                   const MdCertificate *certificate, gint64 signing_time,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdContainerBuilder, md_container_builder_free)

G_END_DECLS
