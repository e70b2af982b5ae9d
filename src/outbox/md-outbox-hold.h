// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_OUTBOX_INSIDE) && !defined(MD_OUTBOX_COMPILATION)
#error "Include <md-outbox.h>."
#endif

#include "md-outbox-types.h"

G_BEGIN_DECLS

/* Holds that one intake may have. */
#define MD_OUTBOX_MAX_HOLDS 4u

/* What stops an intake, as the service knows it. */
typedef struct
{
  guint n;           /* from 1 */
  char *raised;      /* SHA-256 (hex) that binds whoever stopped it to why; not why */
  GBytes *release;   /* release.json, NULL while nobody has released it */
  GBytes *signature; /* of it */
  char *officer;     /* who released it, or NULL */
} MdOutboxHold;

void md_outbox_hold_free (MdOutboxHold *hold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdOutboxHold, md_outbox_hold_free)

/* Stops a reserved intake: it cannot be submitted until each of its holds is released. Its number
 * goes to OUT_N; the same RAISED again is the same hold, so that a window that got no answer may
 * ask again. One commit with ENTRY, whose detail is filled in ("hold=N"). MD_OUTBOX_ERROR_UNKNOWN,
 * _STATE; _CONFLICT: too many. */
gboolean md_outbox_raise_hold (MdOutbox *self, const char *id, const char *raised,
                               const MdAuditEntry *entry, guint *out_n,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A verified release; borrowed. */
typedef struct
{
  const char *id;
  guint n;
  GBytes *release;
  GBytes *signature;
  const char *officer;
} MdOutboxRelease;

/* Releases a hold, in one commit with ENTRY. The same again: TRUE, and nothing changes.
 * MD_OUTBOX_ERROR_UNKNOWN: no such hold; _STATE; _CONFLICT: released already, by another release.
 */
gboolean md_outbox_release_hold (MdOutbox *self, const MdOutboxRelease *release,
                                 const MdAuditEntry *entry,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All holds of the intake, in order. (transfer full; elements MdOutboxHold) */
GPtrArray *md_outbox_list_holds (MdOutbox *self, const char *id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
