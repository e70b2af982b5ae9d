// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-policy.h>

/* Which calls are whose: the door before any question about the intake that a call is about. */

/* Whether OFFICER, under POLICY, may call METHOD of the interface at all. A method that no line
 * names is nobody's. */
gboolean rights_admit (MdPolicy *policy, const MdPolicyStaff *officer, const char *method);

/* The same for an event that the window records (RecordEvent). */
gboolean rights_admit_event (MdPolicy *policy, const MdPolicyStaff *officer, const char *event);
