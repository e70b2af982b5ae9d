// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service.h"

/* Whether PROCEDURE is taken in without anybody's identification: the policy says so, and so does
 * the form, in VERSION (NULL: in the one of today). FALSE where the form is not known here. */
gboolean waiver_is_given (Service *self, const char *procedure,
                          const char *version) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the policy says so of a procedure whose form asks for somebody, or is not known: nothing
 * is begun until one of the two is corrected. */
gboolean waiver_is_doubtful (Service *self, const char *procedure) G_GNUC_WARN_UNUSED_RESULT;
