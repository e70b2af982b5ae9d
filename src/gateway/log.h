// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on what the program says goes to the standard error as one JSON object a line: "time",
 * "level", "message", and a member for each "name=value" in the message. */
void log_as_json (void);

G_END_DECLS
