// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * base: what every other module stands on. Bounded byte cursors, secrets that wipe themselves,
 * clocks and Japanese dates, kana / width / normalisation, numbers and their check digits,
 * identifiers, named limits. Uses GLib and ICU only; does no I/O but reading the clock and the
 * kernel's random numbers. Every function may be called from any thread unless its comment says
 * otherwise; the small structs (cursors, dates) belong to one thread at a time.
 */

#define MD_BASE_INSIDE
#include "md-error.h"
#include "md-limits.h"
#include "md-reader.h"
#include "md-secret.h"
#include "md-table.h"
#include "md-writer.h"
#include "md-encoding.h"
#include "md-clock.h"
#include "md-time.h"
#include "md-date.h"
#include "md-digest.h"
#include "md-text.h"
#include "md-characters.h"
#include "md-digits.h"
#include "md-number.h"
#include "md-yucho.h"
#include "md-address.h"
#include "md-uuid.h"
#undef MD_BASE_INSIDE
