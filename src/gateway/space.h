// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "office.h"

G_BEGIN_DECLS

/* Room for one more container where the store is a file of this machine: while less is free on its
 * disk than the settings keep, the terminals keep what they have, and decisions, receipts given
 * again and the audit chain go on. A server looks after its own disk.
 *
 * Looks anew; a change is in the log and in the audit chain, there as soon as it can be written.
 * There is room again only when twice as much is free. Without room refusals are counted alone.
 * Returns: (transfer full) MD_PROBLEM_STORE_FULL, or NULL. */
MdProblem *space_find_problem (Office *office) G_GNUC_WARN_UNUSED_RESULT;

/* While it is full: looks whether there is room again. Every few seconds. */
void space_tick (Office *office);

/* Bytes that are free; FALSE where that is not for this gateway to know. */
gboolean space_look (const Office *office, guint64 *out_free);

G_END_DECLS
