// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <md-policy.h>

G_BEGIN_DECLS

#define MD_HOLD_SALT_SIZE 32u
#define MD_HOLD_REASON_MAX 64u
// Holds of one intake; more would be no intake any more.
#define MD_HOLDS_MAX 4u

// What stopped an intake, and why a supervisor let it go on. It lies in the sealed evidence alone:
// service, gateway and manifest see digests, to which the salt belongs, because there are so few
// kinds that each could be tried.
typedef struct
{
  guint number; // by the service's count, from 1; 0: not raised there yet
  MdHoldKind kind;
  char salt[2 * MD_HOLD_SALT_SIZE + 1]; // lower-case hexadecimal
  char reason[MD_HOLD_REASON_MAX];      // a code of the policy; "" while it is not released
} MdHold;

// With fresh salt. (transfer full; g_free)
MdHold *md_hold_new (MdHoldKind kind) G_GNUC_WARN_UNUSED_RESULT;

// What the service is told when the intake is stopped, and what the supervisor signs of the reason:
// md_hold_bind() of kind or reason. (transfer full)
char *md_hold_dup_raised (const MdHold *self, const char *intake) G_GNUC_WARN_UNUSED_RESULT;
char *md_hold_dup_reason (const MdHold *self, const char *intake) G_GNUC_WARN_UNUSED_RESULT;

// For people, translated, static: what it is called.
const char *md_hold_kind_get_label (MdHoldKind kind);

// The holds in a plain text of evidence.cms: none where it names none. Only the form is checked.
// MD_IDENTITY_ERROR_MALFORMED. Array of MdHold. (transfer full)
GPtrArray *md_holds_decode (const guint8 *json, gsize length,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

// Whether one of them is of this kind.
gboolean md_holds_have_kind (const GPtrArray *holds, MdHoldKind kind);

// The one of this number, or NULL. (transfer none)
MdHold *md_holds_find (const GPtrArray *holds, guint number);

G_END_DECLS
