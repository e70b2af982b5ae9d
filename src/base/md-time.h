// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib.h>

G_BEGIN_DECLS

/** "2026-11-21T05:30:54.123Z", cut (not rounded) to milliseconds. Years 1 to 9999. Transfer full.
 */
char *md_time_format_rfc3339 (gint64 wall_us) G_GNUC_WARN_UNUSED_RESULT;

/** Reads RFC 3339 with "Z" or a numeric offset and any number of fraction digits up to nine; else
 * FALSE with MD_BASE_ERROR_INVALID. A leap second counts as the second before. */
gboolean md_time_parse_rfc3339 (const char *text, gint64 *out_wall_us,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** How a moment is shown to people; always Japan's time. */
typedef enum
{
  MD_TIME_STYLE_ERA,        /* 令和8年11月21日 14:30 */
  MD_TIME_STYLE_ISO,        /* 2026-11-21 14:30 */
  MD_TIME_STYLE_CLOCK,      /* 14:30 */
  MD_TIME_STYLE_CLOCK_FULL, /* 14:30:54 */
} MdTimeStyle;

/** The moment as people at the counter read it. Transfer full. */
char *md_time_format_tokyo (gint64 wall_us, MdTimeStyle style) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
