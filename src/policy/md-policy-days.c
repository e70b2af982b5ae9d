// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-policy-days.h"
#include "md-policy-documents.h"

MdReceived
md_policy_judge_received (MdPolicy *self, const MdDate *received, const MdDate *today)
{
  const int days = md_date_days_between (received, today);

  if (days < 0)
    return MD_RECEIVED_LATER;
  return (guint)days > md_policy_get_limits (self)->post_days ? MD_RECEIVED_LONG_AGO
                                                              : MD_RECEIVED_GOOD;
}

gboolean
md_policy_takes_received (MdPolicy *self, const char *method, const char *received,
                          const char *wall)
{
  gint64 begun = 0;
  MdDate day, today;

  if (received == NULL)
    return TRUE;
  if (g_strcmp0 (method, MD_METHOD_POSTED_COPIES) != 0 || !md_date_parse (received, &day, NULL)
      || !md_time_parse_rfc3339 (wall, &begun, NULL))
    return FALSE;
  md_date_from_wall_us (begun, &today);
  return md_policy_judge_received (self, &day, &today) == MD_RECEIVED_GOOD;
}

gboolean
md_policy_allows_term (MdPolicy *self, const char *from, const char *to)
{
  const guint months = md_policy_get_limits (self)->letter_months;
  MdDate first, last, longest;

  if (!md_date_parse (from, &first, NULL) || !md_date_parse (to, &last, NULL))
    return FALSE;
  md_date_add_months (&first, months, &longest);
  return months == 0 || md_date_compare (&last, &longest) <= 0;
}
