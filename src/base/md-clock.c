// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

#include <time.h>

G_DEFINE_INTERFACE (MdClock, md_clock, G_TYPE_OBJECT)

static void
md_clock_default_init (MdClockInterface *iface)
{
}

gint64
md_clock_get_wall_us (MdClock *self)
{
  g_return_val_if_fail (MD_IS_CLOCK (self), 0);
  return MD_CLOCK_GET_IFACE (self)->get_wall_us (self);
}

gint64
md_clock_get_monotonic_ns (MdClock *self)
{
  g_return_val_if_fail (MD_IS_CLOCK (self), 0);
  return MD_CLOCK_GET_IFACE (self)->get_monotonic_ns (self);
}

const char *
md_clock_get_boot_id (MdClock *self)
{
  g_return_val_if_fail (MD_IS_CLOCK (self), NULL);
  return MD_CLOCK_GET_IFACE (self)->get_boot_id (self);
}

/* --- the machine's clock --- */

#define MD_TYPE_SYSTEM_CLOCK (md_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (MdSystemClock, md_system_clock, MD, SYSTEM_CLOCK, GObject)

struct _MdSystemClock
{
  GObject parent_instance;
  char *boot_id;
};

static void md_system_clock_iface_init (MdClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdSystemClock, md_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CLOCK, md_system_clock_iface_init))

static gint64
system_clock_get_wall_us (MdClock *clock)
{
  return g_get_real_time ();
}

static gint64
system_clock_get_monotonic_ns (MdClock *clock)
{
  struct timespec now;

  if (clock_gettime (CLOCK_BOOTTIME, &now) != 0)
    g_error ("The kernel has no CLOCK_BOOTTIME");
  return (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
}

static const char *
system_clock_get_boot_id (MdClock *clock)
{
  return MD_SYSTEM_CLOCK (clock)->boot_id;
}

static void
md_system_clock_iface_init (MdClockInterface *iface)
{
  iface->get_wall_us = system_clock_get_wall_us;
  iface->get_monotonic_ns = system_clock_get_monotonic_ns;
  iface->get_boot_id = system_clock_get_boot_id;
}

static void
md_system_clock_init (MdSystemClock *self)
{
  if (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &self->boot_id, NULL, NULL))
    g_strstrip (self->boot_id);
  else
    self->boot_id = g_strdup ("unknown");
}

static void
md_system_clock_finalize (GObject *object)
{
  g_free (MD_SYSTEM_CLOCK (object)->boot_id);
  G_OBJECT_CLASS (md_system_clock_parent_class)->finalize (object);
}

static void
md_system_clock_class_init (MdSystemClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_system_clock_finalize;
}

MdClock *
md_clock_get_system (void)
{
  static gsize ready = 0;
  static MdClock *clock;

  if (g_once_init_enter (&ready))
    {
      clock = g_object_new (MD_TYPE_SYSTEM_CLOCK, NULL);
      g_once_init_leave (&ready, 1);
    }
  return clock;
}

/* --- the clock that tests set --- */

struct _MdTestClock
{
  GObject parent_instance;
  gint64 wall_us;
  gint64 monotonic_ns;
  guint boots;
  char *boot_id;
};

static void md_test_clock_iface_init (MdClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MdTestClock, md_test_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_CLOCK, md_test_clock_iface_init))

static gint64
test_clock_get_wall_us (MdClock *clock)
{
  return MD_TEST_CLOCK (clock)->wall_us;
}

static gint64
test_clock_get_monotonic_ns (MdClock *clock)
{
  return MD_TEST_CLOCK (clock)->monotonic_ns;
}

static const char *
test_clock_get_boot_id (MdClock *clock)
{
  return MD_TEST_CLOCK (clock)->boot_id;
}

static void
md_test_clock_iface_init (MdClockInterface *iface)
{
  iface->get_wall_us = test_clock_get_wall_us;
  iface->get_monotonic_ns = test_clock_get_monotonic_ns;
  iface->get_boot_id = test_clock_get_boot_id;
}

static void
md_test_clock_init (MdTestClock *self)
{
  md_test_clock_reboot (self);
}

static void
md_test_clock_finalize (GObject *object)
{
  g_free (MD_TEST_CLOCK (object)->boot_id);
  G_OBJECT_CLASS (md_test_clock_parent_class)->finalize (object);
}

static void
md_test_clock_class_init (MdTestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_test_clock_finalize;
}

MdTestClock *
md_test_clock_new (gint64 wall_us)
{
  MdTestClock *self = g_object_new (MD_TYPE_TEST_CLOCK, NULL);

  self->wall_us = wall_us;
  return self;
}

void
md_test_clock_set_wall_us (MdTestClock *self, gint64 wall_us)
{
  g_return_if_fail (MD_IS_TEST_CLOCK (self));
  self->wall_us = wall_us;
}

void
md_test_clock_advance_us (MdTestClock *self, gint64 us)
{
  g_return_if_fail (MD_IS_TEST_CLOCK (self));
  self->wall_us += us;
  self->monotonic_ns += us * 1000;
}

void
md_test_clock_reboot (MdTestClock *self)
{
  g_return_if_fail (MD_IS_TEST_CLOCK (self));
  self->monotonic_ns = 0;
  self->boots++;
  g_free (self->boot_id);
  self->boot_id = g_strdup_printf ("00000000-0000-4000-8000-%012u", self->boots);
}
