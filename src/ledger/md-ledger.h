// SPDX-License-Identifier: Apache-2.0
#pragma once

/* ledger: what the gateway has accepted, for the gateway that writes it and the back office that
 * reads it. One interface; an engine on SQLite, and a door for one on PostgreSQL (a row in the
 * table of md-ledger-open.c). */

#define MD_LEDGER_INSIDE
#include <md-ledger-store.h>
#include <md-ledger-in-force.h>
#include <md-ledger-renewals.h>
#undef MD_LEDGER_INSIDE
