// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-outbox.h"

/* A database of its own with an outbox over it, on a clock that stands still at 2026-11-20 13:00 in
 * Japan. */
typedef struct
{
  char *dir;
  char *path;
  MdTestClock *clock;
  MdDb *db;
  MdAudit *audit;
  MdOutbox *outbox;
  gboolean failing; /* the database is made to fail: counts are not asked for */
} Fixture;

void fixture_set_up (Fixture *f, gconstpointer data);
void fixture_tear_down (Fixture *f, gconstpointer data);

/* A reserved intake; the caller frees it. */
MdOutboxIntake *fixture_reserve (Fixture *f);

/* The acts with made-up contents; FALSE with ERROR as the outbox says. */
gboolean fixture_put_decision (Fixture *f, const char *id, guint n, MdIntakeState state,
                               GError **error);
/* A reservation that takes RETURNED up again. */
MdOutboxIntake *fixture_take_up (Fixture *f, const char *returned, GError **error);
gboolean fixture_submit (Fixture *f, const char *id, const char *contents, GError **error);
/* The same of what is to be with the back office at once. */
gboolean fixture_submit_urgent (Fixture *f, const char *id, const char *contents, GError **error);
/* Decision 3, by the clerk. */
gboolean fixture_withdraw (Fixture *f, const char *id, GError **error);
/* The first of two officers checks it. */
gboolean fixture_put_check (Fixture *f, const char *id, guint n, GError **error);
gboolean fixture_decide (Fixture *f, const char *id, MdIntakeState state, GError **error);
gboolean fixture_acknowledge (Fixture *f, const MdOutboxItem *item, gboolean *out_erased,
                              GError **error);

/* The next item of the kind, NULL when there is none. */
MdOutboxItem *fixture_claim (Fixture *f, MdOutboxPick pick);

gint64 fixture_int (Fixture *f, const char *sql);

/* What the outbox counts is what there is; asked of itself by every act above and at the end. */
void fixture_check_counts (Fixture *f);

/* Everything the tables say, in one line: for "as it was before". */
char *fixture_snapshot (Fixture *f);
