// SPDX-License-Identifier: Apache-2.0
// What the items of the intake say alike, in the language of the screen.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-items-private.h"

const char *
_md_words_staff (const MdPolicyStaff *staff)
{
  if (!staff)
    return NULL;
  return md_forms_in_japanese () ? staff->name_ja : staff->name_en;
}

const char *
_md_words_staff_id (MdPolicy *policy, const char *id)
{
  const MdPolicyStaff *staff = policy && id ? md_policy_get_staff (policy, id) : NULL;

  return staff ? _md_words_staff (staff) : id;
}

char *
_md_words_moment (const char *rfc3339)
{
  gint64 time;

  if (!rfc3339 || !md_time_parse_rfc3339 (rfc3339, &time, NULL))
    return NULL;
  return md_time_format_tokyo (time,
                               md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);
}

const char *
_md_words_lookup (GVariant *dict, const char *key)
{
  const char *text = NULL;

  return g_variant_lookup (dict, key, "&s", &text) && text[0] ? text : NULL;
}

void
_md_words_refuse_other (GError **error)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED,
                       _ ("The service gave another application than the one asked for. Call "
                          "the administrator."));
}
