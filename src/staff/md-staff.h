// SPDX-License-Identifier: Apache-2.0
/* staff: accounts, two-factor login, sessions.
 *
 * Who somebody is and what he may do stands in the policy; here lies the password's verifier, the
 * count of failed tries, and who is logged in. Both factors are always asked: the card signs a
 * challenge with the key of the certificate that the policy registers for the officer, and the
 * password matches the scrypt verifier. Every try ends in an audit record. */
#pragma once

#define MD_STAFF_INSIDE
#include "md-staff-password.h"
#include "md-staff-desk.h"
#undef MD_STAFF_INSIDE
