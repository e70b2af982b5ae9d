// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-pcsc.h"

#include "verb.h"

/* The officer whose card lies on a reader, to sign with it what somebody else has put together. */
typedef struct _StaffSigner StaffSigner;

/* Finds the one staff card; MD_CARD_ERROR where there is none, or more than one. (transfer full) */
StaffSigner *staff_signer_find (Context *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void staff_signer_free (StaffSigner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StaffSigner, staff_signer_free)

/* The staff id in the card's certificate. */
const char *staff_signer_get_officer (const StaffSigner *self);

/* A detached signature (CAdES-B) over CONTENT, after the officer has given the PIN: at the reader's
 * keys where it has any, else here. (transfer full) */
GBytes *staff_signer_sign (StaffSigner *self, GBytes *content,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says ERROR (transfer full) on stderr, and for a PIN what it means. */
Status staff_signer_fail (GError *error);
