// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_PROTOCOL_INSIDE) && !defined(MD_PROTOCOL_COMPILATION)
#error "Only <md-protocol.h> can be included directly."
#endif

#include <glib.h>

G_BEGIN_DECLS

/* The body of PUT /v1/intakes/{id}/decisions/{n}: the three files a decision adds to a container.
 */
typedef struct
{
  GBytes *decision;  /* decision00N.json */
  GBytes *manifest;  /* META-INF/ASiCManifest00N.xml */
  GBytes *signature; /* META-INF/signature00N.p7s */
} MdDecisionMessage;

/* Takes a reference on each. Returns: (transfer full). */
MdDecisionMessage *md_decision_message_new (GBytes *decision, GBytes *manifest,
                                            GBytes *signature) G_GNUC_WARN_UNUSED_RESULT;
void md_decision_message_free (MdDecisionMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdDecisionMessage, md_decision_message_free)

/* JSON {"decision":base64,"manifest":base64,"signature":base64}; the same message gives the same
 * bytes every time, so that a repeated PUT is a repetition. Returns: (transfer full). */
GBytes *md_decision_message_encode (const MdDecisionMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/* The reverse: exactly these three members, none empty. Errors: MD_PROTOCOL_ERROR. Returns:
 * (transfer full). */
MdDecisionMessage *md_decision_message_decode (GBytes *body,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
