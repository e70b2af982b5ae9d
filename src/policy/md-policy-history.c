// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "md-policy-history.h"

/* Policies are small and few: one a week makes five hundred in ten years. */
typedef struct
{
  MdPolicy *policy;
  gint64 taken;
} Version;

struct _MdPolicyHistory
{
  GArray *versions; /* Version, ascending by version */
};

static void
version_clear (gpointer data)
{
  Version *version = data;

  g_clear_object (&version->policy);
}

MdPolicyHistory *
md_policy_history_new (void)
{
  MdPolicyHistory *self = g_new0 (MdPolicyHistory, 1);

  self->versions = g_array_new (FALSE, FALSE, sizeof (Version));
  g_array_set_clear_func (self->versions, version_clear);
  return self;
}

void
md_policy_history_free (MdPolicyHistory *self)
{
  if (!self)
    return;
  g_array_unref (self->versions);
  g_free (self);
}

static const Version *
version_at (const MdPolicyHistory *self, guint index)
{
  return index < self->versions->len ? &g_array_index (self->versions, Version, index) : NULL;
}

/* The place of this version number, or the length of the list. */
static guint
find (const MdPolicyHistory *self, guint number)
{
  for (guint i = 0; i < self->versions->len; i++)
    if (md_policy_get_version (version_at (self, i)->policy) == number)
      return i;
  return self->versions->len;
}

static gboolean
fits (const MdPolicyHistory *self, MdPolicy *policy, GError **error)
{
  const guint number = md_policy_get_version (policy);
  const Version *same = version_at (self, find (self, number));
  MdPolicy *newest = md_policy_history_get_newest (self);

  if (same && !g_str_equal (md_policy_get_digest (same->policy), md_policy_get_digest (policy)))
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_CHANGED,
                 _ ("The policy has version %u, but another policy of that version was in force "
                    "already. Give the new policy a higher version."),
                 number);
  else if (newest && number < md_policy_get_version (newest))
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_OLDER,
                 _ ("The policy has version %u, but version %u was in force already. Install the "
                    "newest policy."),
                 number, md_policy_get_version (newest));
  else
    return TRUE;
  return FALSE;
}

gboolean
md_policy_history_may_add (const MdPolicyHistory *self, MdPolicy *policy, GError **error)
{
  return fits (self, policy, error)
         && (find (self, md_policy_get_version (policy)) < self->versions->len
             || md_policy_judge_new (policy, error));
}

gboolean
md_policy_history_add (MdPolicyHistory *self, MdPolicy *policy, gint64 taken, GError **error)
{
  Version added = { .policy = policy, .taken = taken };

  if (!fits (self, policy, error))
    return FALSE;
  if (find (self, md_policy_get_version (policy)) < self->versions->len)
    return TRUE;
  g_object_ref (added.policy);
  g_array_append_val (self->versions, added);
  return TRUE;
}

MdPolicy *
md_policy_history_get_newest (const MdPolicyHistory *self)
{
  return self->versions->len > 0 ? version_at (self, self->versions->len - 1)->policy : NULL;
}

MdPolicy *
md_policy_history_get (const MdPolicyHistory *self, guint index)
{
  const Version *version = version_at (self, index);

  return version ? version->policy : NULL;
}

MdPolicy *
md_policy_history_get_at (const MdPolicyHistory *self, gint64 moment)
{
  const Version *then = version_at (self, 0);

  for (guint i = 1; i < self->versions->len && version_at (self, i)->taken <= moment; i++)
    then = version_at (self, i);
  return then ? then->policy : NULL;
}

MdPolicyThen
md_policy_history_judge (const MdPolicyHistory *self, const MdPolicyNamed *named,
                         MdPolicy **out_policy)
{
  const guint index = find (self, named->version);
  const Version *version = version_at (self, index);
  const Version *next = version_at (self, index + 1);

  if (!version)
    return MD_POLICY_THEN_UNKNOWN;
  if (g_strcmp0 (md_policy_get_digest (version->policy), named->digest) != 0)
    return MD_POLICY_THEN_OTHER;
  if (named->version < named->least)
    return MD_POLICY_THEN_BEHIND;
  if (named->made < named->after - MD_POLICY_CLOCK_S * G_USEC_PER_SEC)
    return MD_POLICY_THEN_BEFORE;
  if (named->made < md_policy_get_issued (version->policy) - MD_POLICY_CLOCK_S * G_USEC_PER_SEC)
    return MD_POLICY_THEN_EARLY;
  if (named->made > md_policy_get_not_after (version->policy)
      || (next && named->made > next->taken + MD_POLICY_GRACE_S * G_USEC_PER_SEC)
      || (next && named->line_at > next->taken + MD_POLICY_TAKE_UP_S * G_USEC_PER_SEC))
    return MD_POLICY_THEN_LATE;
  *out_policy = version->policy;
  return MD_POLICY_THEN_GOOD;
}

const char *
md_policy_then_get_text (MdPolicyThen then)
{
  static const char *const texts[] = {
    [MD_POLICY_THEN_GOOD] = "the policy was in force",
    [MD_POLICY_THEN_UNKNOWN] = "no policy of that version was ever in force here",
    [MD_POLICY_THEN_OTHER] = "the policy of that version that was in force here is another one",
    [MD_POLICY_THEN_EARLY] = "it was made before the policy it names",
    [MD_POLICY_THEN_LATE] = "it was made when the policy it names was no longer in force",
    [MD_POLICY_THEN_BEHIND] = "what it follows upon names a newer one",
    [MD_POLICY_THEN_BEFORE] = "it was made before what it follows upon",
  };

  g_return_val_if_fail ((gsize)then < G_N_ELEMENTS (texts), "");
  return texts[then];
}
