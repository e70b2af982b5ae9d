// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-policy-types.h"

G_DEFINE_QUARK (md_policy_error_quark, md_policy_error)

const char *
md_policy_error_get_word (const GError *error)
{
  static const char *const words[] = {
    [MD_POLICY_ERROR_UNREADABLE] = "unreadable", [MD_POLICY_ERROR_SIGNATURE] = "signature",
    [MD_POLICY_ERROR_INVALID] = "invalid",       [MD_POLICY_ERROR_EXPIRED] = "expired",
    [MD_POLICY_ERROR_OLDER] = "older",           [MD_POLICY_ERROR_CHANGED] = "changed",
    [MD_POLICY_ERROR_FOREIGN] = "foreign",
  };

  if (error->domain == MD_POLICY_ERROR && (gsize)error->code < G_N_ELEMENTS (words))
    return words[error->code];
  return "unavailable";
}

static const struct
{
  const char *id;
  const char *label;
} role_table[MD_N_ROLES] = {
  [MD_ROLE_CLERK_NUMBER] = { "clerk-number", N_ ("Counter clerk (individual numbers)") },
  [MD_ROLE_CLERK] = { "clerk", N_ ("Counter clerk") },
  [MD_ROLE_INQUIRY] = { "inquiry", N_ ("Inquiry only") },
  [MD_ROLE_CHECKER] = { "checker", N_ ("Second checker") },
  [MD_ROLE_SUPERVISOR] = { "supervisor", N_ ("Supervisor") },
  [MD_ROLE_BRANCH] = { "branch", N_ ("Branch clerk") },
  [MD_ROLE_SYNC] = { "sync", N_ ("Media operator") },
  [MD_ROLE_ADMIN] = { "admin", N_ ("System administrator") },
  [MD_ROLE_AUDITOR] = { "auditor", N_ ("Auditor") },
  [MD_ROLE_REFERENCE] = { "reference", N_ ("Other section (reference)") },
};

static const char *const class_table[MD_N_CLASSES] = {
  [MD_CLASS_MY_NUMBER] = "my-number", [MD_CLASS_BASIC] = "basic-4",
  [MD_CLASS_HEALTH] = "health",       [MD_CLASS_INCOME] = "income",
  [MD_CLASS_WELFARE] = "welfare",     [MD_CLASS_CONTACT] = "contact",
  [MD_CLASS_OTHER] = "other",
};

static const char *const profile_table[MD_N_PROFILES] = { "V1", "V2", "V3", "V4" };

const char *
md_role_to_id (MdRole role)
{
  g_return_val_if_fail ((guint)role < MD_N_ROLES, NULL);
  return role_table[role].id;
}

gboolean
md_role_from_id (const char *id, MdRole *out_role)
{
  const int row = MD_TABLE_ROW (role_table, id);

  if (row >= 0)
    *out_role = (MdRole)row;
  return row >= 0;
}

const char *
md_role_get_label (MdRole role)
{
  g_return_val_if_fail ((guint)role < MD_N_ROLES, NULL);
  return gettext (role_table[role].label);
}

const char *
md_sensitivity_to_id (MdSensitivity sensitivity)
{
  g_return_val_if_fail ((guint)sensitivity < MD_N_CLASSES, NULL);
  return class_table[sensitivity];
}

gboolean
md_sensitivity_from_id (const char *id, MdSensitivity *out_sensitivity)
{
  const int row = MD_TABLE_ROW (class_table, id);

  if (row >= 0)
    *out_sensitivity = (MdSensitivity)row;
  return row >= 0;
}

const char *
md_profile_to_id (MdProfile profile)
{
  g_return_val_if_fail ((guint)profile < MD_N_PROFILES, NULL);
  return profile_table[profile];
}

gboolean
md_profile_from_id (const char *id, MdProfile *out_profile)
{
  const int row = MD_TABLE_ROW (profile_table, id);

  if (row >= 0)
    *out_profile = (MdProfile)row;
  return row >= 0;
}
