// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-base.h"

/* One line from standard input, without its end. At a terminal QUESTION is asked, and what is typed
 * is not shown. NULL: it is longer than SIZE bytes, or cannot be read. (transfer full) */
MdSecret *terminal_ask (const char *question, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/* One line from FD, without its end; NULL as above. (transfer full) */
MdSecret *terminal_read (int fd, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the answer shown, which is no secret. Whether it is WORD. */
gboolean terminal_confirm (const char *question, const char *word) G_GNUC_WARN_UNUSED_RESULT;
