// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "counter.h"

/* What test-scans.c and scans-approval.c, which are one program, share. */

/* Of a resident whose card lies there: at "confirm", with a scan of "income". */
MdIntake *scans_take_in (Counter *counter);
/* The same, handed in and before S0101. */
MdApproval *scans_hand_in_and_open (Counter *counter);

/* What is sealed in the place of the scan that the application tells of; NULL: the scan. */
extern GBytes *scans_forged;

/* What is said of the first scan. */
void scans_assert_word (MdApproval *approval, const char *word);
/* One was not looked at, and S0101 cannot approve. */
void scans_assert_not_approved (Counter *counter, MdApproval *approval);
void scans_approve (Counter *counter, MdApproval *approval);

void scans_test_looked_at (void);
void scans_test_unfit_contents (void);
void scans_test_unfit_signature (void);
void scans_test_own_fault (void);
