// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The log is written in the words of md-audit-record.h, and read by people. What is none of these
 * words stays as it is, so that nothing of a record is hidden. */

/* What was done. Borrowed. */
const char *log_words_event (const char *event);

/* What VALUE means where KEY stands before it; NULL when it is none of these words. Borrowed. */
const char *log_words_value (const char *key, const char *value);

/* A record's detail ("key=value" words). (transfer full) */
char *log_words_detail (const char *detail) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
