// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "counter.h"

/* A reason of the office's for which a protected person's intake may go on. */
#define REASON "asked-and-verified"

/* Logs S0001 in, takes tanaka's pension in and stops it in step content. */
MdIntake *held (Counter *counter, MdHoldKind kind);

/* Another card in place of what lies on the staff reader; the desk has looked at it. */
void put_staff_card (Counter *counter, const char *card);

/* md_intake_release_async() to its end. */
gboolean release_with (MdIntake *intake, const char *reason, MdSecret *pin, GError **error);

/* The supervisor's card in place of the clerk's, and their PIN. */
gboolean release_for (Counter *counter, MdIntake *intake, const char *staff, const char *reason,
                      GError **error);
/* For REASON. */
gboolean release (Counter *counter, MdIntake *intake, const char *staff, GError **error);

/* S0101 opens the one that waits, and sees what it was, by whom it was released and why. */
void assert_approver_sees (Counter *counter);

/* Released: from where it had been stopped to the approver, who sees what it was. */
void go_on_to_the_approver (Counter *counter, MdIntake *intake);
