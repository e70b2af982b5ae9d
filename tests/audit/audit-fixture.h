// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "md-audit.h"

#include "../db/place.h"

/* A log in a database of its own, on a clock that stands still. */
typedef struct
{
  TestPlace place;
  MdTestClock *clock;
  MdDb *db;
  MdAudit *audit;
} Fixture;

/* START_US: what the clock says. */
void fixture_open (Fixture *f, gint64 start_us);
void fixture_close (Fixture *f);
