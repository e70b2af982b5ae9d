// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MdClock: where time comes from, so that tests can set it. Wall time is UTC in microseconds since
 * 1970; monotonic time is nanoseconds since boot, sleep included, and means something only together
 * with the boot id.
 */
#define MD_TYPE_CLOCK (md_clock_get_type ())
G_DECLARE_INTERFACE (MdClock, md_clock, MD, CLOCK, GObject)

struct _MdClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*get_wall_us) (MdClock *self);
  gint64 (*get_monotonic_ns) (MdClock *self);
  const char *(*get_boot_id) (MdClock *self);
};

/** Wall time, microseconds since 1970-01-01T00:00:00Z. */
gint64 md_clock_get_wall_us (MdClock *self);

/** Nanoseconds since boot. */
gint64 md_clock_get_monotonic_ns (MdClock *self);

/** Identifies the boot that the monotonic time counts from (borrowed). */
const char *md_clock_get_boot_id (MdClock *self);

/** The machine's clock (borrowed, lives for ever). */
MdClock *md_clock_get_system (void);

#define MD_TYPE_TEST_CLOCK (md_test_clock_get_type ())
G_DECLARE_FINAL_TYPE (MdTestClock, md_test_clock, MD, TEST_CLOCK, GObject)

/** A clock that stands still at @wall_us until told otherwise. Transfer full. */
MdTestClock *md_test_clock_new (gint64 wall_us) G_GNUC_WARN_UNUSED_RESULT;

/** Sets the wall time alone, as an administrator or NTP would; may go back. */
void md_test_clock_set_wall_us (MdTestClock *self, gint64 wall_us);

/** Lets @us microseconds pass on both clocks. */
void md_test_clock_advance_us (MdTestClock *self, gint64 us);

/** Reboots: monotonic time starts again at 0 under a new boot id. */
void md_test_clock_reboot (MdTestClock *self);

G_END_DECLS
