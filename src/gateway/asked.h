// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <event2/http.h>
#include <md-protocol.h>

G_BEGIN_DECLS

/* What a request says and brings. */

/* The value of header @name (NULL without), and how often it stands there. */
const char *asked_find_header (struct evhttp_request *request, const char *name, guint *out_count);

/* Its body, which the request no longer has then. Returns: (transfer full). */
GBytes *asked_take_body (struct evhttp_request *request) G_GNUC_WARN_UNUSED_RESULT;

/* Whether its one Content-Type is @wanted, and whether its Content-Digest is that of @body.
 * Returns: (transfer full) the problem, or NULL. */
MdProblem *asked_check_type (struct evhttp_request *request,
                             const char *wanted) G_GNUC_WARN_UNUSED_RESULT;
MdProblem *asked_check_digest (struct evhttp_request *request,
                               GBytes *body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
