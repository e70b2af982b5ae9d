// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the files of the My Number card share. */

#include "vc-mynumber-files.h"
#include "vc-profile.h"

G_BEGIN_DECLS

/* What the card forgets when its power goes. */
typedef struct
{
  VcStore *store;
  const VcApplication *application;
  const VcEf *file;
  guint32 verified; /* bit n: PIN EF 000n or 001n of the current application */
} VcMyNumber;

/* "jpki-0018": how the store calls the EF ID of the current application. Caller owns the result. */
char *vc_mynumber_name (const VcMyNumber *state, guint16 id);

/* The bit of VERIFIED that is about the PIN EF ID. */
guint32 vc_mynumber_bit (guint16 id);

/* Whether a PIN that opens FILE stands verified, or none is needed. */
gboolean vc_mynumber_is_open (const VcMyNumber *state, const VcEf *file);

/* P2 names the current EF (80) or one by its short identifier, which then becomes the current one.
 */
guint16 vc_mynumber_choose_file (VcMyNumber *state, guint8 p2);

/* vc-mynumber-pin.c */
guint16 vc_mynumber_verify (VcMyNumber *state, VcExchange *exchange);
guint16 vc_mynumber_change_reference (VcMyNumber *state, VcExchange *exchange);
guint16 vc_mynumber_change_key (VcMyNumber *state, VcExchange *exchange);

/* vc-mynumber-sign.c */
guint16 vc_mynumber_sign (VcMyNumber *state, VcExchange *exchange);
guint16 vc_mynumber_internal_authenticate (VcMyNumber *state, VcExchange *exchange);

G_END_DECLS
