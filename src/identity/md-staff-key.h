// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-card.h>
#include <md-pki.h>

G_BEGIN_DECLS

// How the officer's PIN reaches the card.
typedef struct
{
  MdSecret *pin;     // NULL: it is typed at the reader's own keypad
  gboolean last_try; // the officer has confirmed that this may be the last try
} MdStaffEntry;

// The officer's card as a key for md_cms_sign_detached(), md_cms_open() ...: make it and use it
// inside one MdCardJob, on the worker. It keeps the card's conversation alive. SLOT SIGN presents
// the PIN before every signature, SLOT OPEN once; SLOT CARD_AUTH needs none (ENTRY may be NULL).
// Card errors come through md_cms_* unchanged. CERTIFICATE is read from the card; OUT_CERTIFICATE
// may be NULL. (transfer full)
MdKey *md_staff_key_new (MdStaffCard *card, MdStaffSlot slot, const MdStaffEntry *entry,
                         MdCertificate **out_certificate, GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
