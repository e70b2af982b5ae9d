// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* What there is for one terminal. */
typedef struct
{
  guint64 after; /* where its inbox stands: md_inbox_cursor() of the two */
  guint notice;  /* the number of the last notice, or 0 */
  guint policy;  /* the version of the policy in force */
} MdInboxMessage;

/* One number for both, of which neither ever falls but where a store was put back: what is said
 * with it is there, whichever gateway of that store is asked. Any thread. */
guint64 md_inbox_cursor (guint notice, guint policy);

/* As the wire has it. Any thread. Returns: (transfer full). */
GBytes *md_inbox_message_encode (const MdInboxMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* Read strictly: every member is there, is of its form, and there is no other. Errors:
 * MD_PROTOCOL_ERROR. Any thread. */
gboolean md_inbox_message_decode (GBytes *body, MdInboxMessage *out,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
