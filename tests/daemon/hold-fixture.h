// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service-fixture.h"

/* A stopped intake of S0001. */
typedef struct
{
  GVariant *reservation;
  char *intake, *raised;
} Held;

void held_clear (Held *held);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Held, held_clear)

/* Begins and stops one of WHO; NULL: of somebody whom no other intake is of. S0001 is logged in. */
Held held_new (Fixture *f, const char *who);

/* Seals it with RELEASE (nullable) in the manifest and hands it in. */
gboolean held_submit (Fixture *f, const Held *held, const MdReleaseFiles *release, GError **error);

/* Gives it up for the next person. */
void held_abandon (Fixture *f, const Held *held);
