// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admission.h"

G_BEGIN_DECLS

/* Certificates of terminals that end: the terminal asks for one of a new key, the administrator has
 * it signed by the line's authority, whose key is not here, and the terminal fetches it. That it is
 * served with that key the policy says, which two people sign. */

/* What an admitted @peer asks for with @body (PKCS #10), now or again; *@out_certificate stays NULL
 * while there is nothing to hand out, or no policy that lists the key. Returns: (transfer full) the
 * problem, or NULL. */
MdProblem *renewals_ask (const Office *office, const Peer *peer, GBytes *body,
                         GBytes **out_certificate) G_GNUC_WARN_UNUSED_RESULT;

/* Prints every request, one in a line; or, with @key, that one as PEM. */
gboolean renewals_print (const Office *office, const char *key,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the certificate in the file @path for the request of its key, when it is one that the
 * terminal can be served with. */
gboolean renewals_certify (const Office *office, const char *path,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* There will be no certificate for this request. */
gboolean renewals_decline (const Office *office, const char *key,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
