// SPDX-License-Identifier: Apache-2.0
// Which versions of a procedure's form are in force, and when.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <md-base.h>

#include "md-policy-private.h"
#include "md-policy-versions.h"

typedef struct
{
  const char *procedure, *version; /* kept by the policy */
  MdDate from, until;
  gboolean ends; /* there is a last day */
} Version;

static gboolean
read_day (MdJson *json, JsonObject *object, const char *member, MdDate *out_day)
{
  const char *text = md_json_string (json, object, member);

  if (md_json_failed (json))
    return FALSE;
  if (!md_date_parse (text, out_day, NULL))
    md_json_fail (json, member, _ ("This must be a day, as 2026-04-01."));
  return !md_json_failed (json);
}

/* Of the procedure that was read last. */
static void
read_version (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static const char *const members[] = { "version", "from", "until", NULL };
  const MdPolicyProcedure *procedure = self->procedures->pdata[self->procedures->len - 1];
  Version *version = g_new0 (Version, 1);

  g_ptr_array_add (self->versions, version);
  md_json_only (json, object, members);
  version->procedure = procedure->id;
  version->version = _md_policy_keep (self, md_json_string (json, object, "version"));
  version->ends = md_json_has (json, object, "until");
  if (!read_day (json, object, "from", &version->from)
      || (version->ends && !read_day (json, object, "until", &version->until)))
    return;
  if (version->ends && md_date_compare (&version->until, &version->from) < 0)
    md_json_fail (json, "until", _ ("The last day must not be before the first."));
}

void
_md_policy_read_versions (MdPolicy *self, MdJson *json, JsonObject *rules)
{
  if (md_json_has (json, rules, "versions"))
    _md_policy_read_list (self, json, rules, "versions", read_version);
}

MdVersionJudgement
md_policy_judge_version (MdPolicy *self, const char *procedure, const char *version,
                         const char *wall)
{
  MdVersionJudgement judgement = MD_VERSION_GOOD;
  gint64 begun = 0;
  MdDate today;

  if (!md_time_parse_rfc3339 (wall, &begun, NULL))
    return MD_VERSION_UNKNOWN;
  md_date_from_wall_us (begun, &today);
  for (guint i = 0; i < self->versions->len; i++)
    {
      const Version *one = self->versions->pdata[i];

      if (!g_str_equal (one->procedure, procedure))
        continue;
      if (g_strcmp0 (one->version, version) != 0)
        judgement = judgement == MD_VERSION_GOOD ? MD_VERSION_UNKNOWN : judgement;
      else if (md_date_compare (&today, &one->from) < 0)
        judgement = MD_VERSION_NOT_YET;
      else if (one->ends && md_date_compare (&today, &one->until) > 0)
        judgement = MD_VERSION_OVER;
      else
        return MD_VERSION_GOOD;
    }
  return judgement;
}

const char *
md_version_judgement_get_text (MdVersionJudgement judgement)
{
  static const char *const texts[] = {
    [MD_VERSION_GOOD] = NULL,
    [MD_VERSION_UNKNOWN] = "The policy names other versions of this procedure's form.",
    [MD_VERSION_NOT_YET]
    = "This version of the form was not in force yet on the day of the intake.",
    [MD_VERSION_OVER] = "This version of the form was no longer in force on the day of the intake.",
  };

  return texts[judgement];
}
