// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What a card keeps when the power is off: files, keys, PINs and how many tries each has left. */

#include "vc-card.h"

#include <openssl/evp.h>

G_BEGIN_DECLS

typedef struct _VcStore VcStore;

VcStore *vc_store_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void vc_store_free (VcStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VcStore, vc_store_free)

const char *vc_store_get_directory (VcStore *store);

/* A value of [card], or NULL. Borrowed. */
const char *vc_store_get_setting (VcStore *store, const char *name);

/* Quirks: absent means FALSE, 0 or FALLBACK. */
gboolean vc_store_has_quirk (VcStore *store, const char *name);
guint vc_store_get_quirk_number (VcStore *store, const char *name);
guint16 vc_store_get_quirk_sw (VcStore *store, const char *name, guint16 fallback);

/* Contents of a file in the directory by its full name, or NULL. Borrowed. */
GBytes *vc_store_get_file (VcStore *store, const char *name);

/* The private key NAME.key, or NULL. Borrowed. */
EVP_PKEY *vc_store_get_key (VcStore *store, const char *name);

/* Tries left of a PIN object; MAX where nothing else is written. */
guint vc_store_get_tries (VcStore *store, const char *object, guint max);

/* Takes one try away on the disk, compares, and gives all back if the PIN is right, so that a card
 * pulled out in between has lost the try. FALSE when wrong, locked, without a value, or when the
 * disk does not take the change. */
gboolean vc_store_check_pin (VcStore *store, const char *object, guint max, const guint8 *pin,
                             gsize size);

/* From here on nothing is written to the directory; and back to what was found there. */
void vc_store_keep_in_memory (VcStore *store);
void vc_store_restore (VcStore *store);

/* What a card that is kept in memory has worked out before, by what was asked; NULL: nothing
 * (transfer full). And what it worked out now. */
GBytes *vc_store_recall (VcStore *store, GBytes *asked);
void vc_store_remember (VcStore *store, GBytes *asked, GBytes *answer);

/* As if so many tries were left; not written. */
void vc_store_set_tries (VcStore *store, const char *object, guint tries);

/* Replaces the PIN; FALSE when the disk does not take it. */
gboolean vc_store_set_pin (VcStore *store, const char *object, const guint8 *pin, gsize size);

G_END_DECLS
