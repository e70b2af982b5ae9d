// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-base.h>

G_BEGIN_DECLS

/* Whatever somebody sent stays text on the terminal of who reads it: no command to the terminal (C0
 * and C1 controls, DEL), nothing that turns the direction or breaks the line where no line ends.
 * Each such character is written as in JSON (\u001b), and bytes that are no UTF-8 as U+FFFD, so
 * that JSON stays JSON. */

/* Adds @text (nullable: nothing). Its ends of line are written as such, with @margin (nullable)
 * before what follows; NULL writes them as \u000a. */
void plain_put (MdWriter *out, const char *text, const char *margin);

/* The same of one line, which is no secret. Caller owns. */
char *plain_dup (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* The same of whole lines, wiped when they go; NULL where they are larger than anything that
 * arrives. (transfer full) */
MdSecret *plain_secret (const MdSecret *text) G_GNUC_WARN_UNUSED_RESULT;

/* Lets everything that g_print() and g_printerr() print go through this, ends of line as such. */
void plain_guard_output (void);

G_END_DECLS
