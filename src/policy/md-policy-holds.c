// SPDX-License-Identifier: Apache-2.0
// What stops an intake, and who may let it go on for which reason.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <md-base.h>
#include <string.h>

#include "md-policy-holds.h"
#include "md-policy-private.h"

static const char *const kinds[] = {
  [MD_HOLD_PROTECTED] = "protected-person",
  [MD_HOLD_SAME_NAME] = "same-name-birthday",
  [MD_HOLD_FACE] = "face-not-matching",
  [MD_HOLD_DECEASED] = "deceased",
  [MD_HOLD_NUMBER_ANOTHER] = "number-bound-elsewhere",
  [MD_HOLD_REVOCATION] = "revocation-unknown",
  [MD_HOLD_BEFORE] = "stopped-before",
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == MD_N_HOLDS);

const char *
md_hold_kind_to_id (MdHoldKind kind)
{
  g_return_val_if_fail (kind < MD_N_HOLDS, NULL);
  return kinds[kind];
}

gboolean
md_hold_kind_from_id (const char *id, MdHoldKind *out_kind)
{
  const int row = MD_TABLE_ROW (kinds, id);

  if (row >= 0)
    *out_kind = (MdHoldKind)row;
  return row >= 0;
}

char *
md_hold_bind (const char *tag, const char *intake, const char *what, const char *salt)
{
  md_autowipe char *text = g_strconcat (tag, "\n", intake, "\n", what, "\n", salt, "\n", NULL);
  guint8 sum[MD_SHA256_SIZE];

  md_sha256 (text, strlen (text), sum);
  return md_hex_encode (sum, sizeof sum);
}

const char *
md_named_part_to_id (MdNamedPart part)
{
  static const char *const ids[] = {
    [MD_NAMED_WHO] = "who",
    [MD_NAMED_NUMBER] = "number",
    [MD_NAMED_SHOWN] = "shown",
    [MD_NAMED_ADDRESS] = "address",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (ids) == MD_N_NAMED);
  g_return_val_if_fail (part < MD_N_NAMED, NULL);
  return ids[part];
}

char *
md_named_bind (MdNamedPart part, const char *intake, const char *digest, const char *salt)
{
  md_autowipe char *what = g_strconcat (md_named_part_to_id (part), " ", digest, NULL);

  return md_hold_bind ("madoguchi named v1", intake, what, salt);
}

const GPtrArray *
md_policy_get_release_reasons (MdPolicy *self)
{
  return self->release_reasons;
}

const MdPolicyReleaseReason *
md_policy_get_release_reason (MdPolicy *self, const char *code, MdHoldKind kind)
{
  for (guint i = 0; i < self->release_reasons->len; i++)
    {
      const MdPolicyReleaseReason *reason = g_ptr_array_index (self->release_reasons, i);

      if (g_strcmp0 (reason->code, code) == 0 && (reason->kinds & (1u << kind)) != 0)
        return reason;
    }
  return NULL;
}

gboolean
md_policy_is_releasable (MdPolicy *self, MdHoldKind kind)
{
  for (guint i = 0; i < self->release_reasons->len; i++)
    if ((((const MdPolicyReleaseReason *)g_ptr_array_index (self->release_reasons, i))->kinds
         & (1u << kind))
        != 0)
      return TRUE;
  return FALSE;
}

MdRoles
md_policy_get_release_roles (MdPolicy *self)
{
  return self->release_roles;
}

MdMay
md_policy_may_release (MdPolicy *self, const char *officer, const char *role, const char *clerk,
                       const char *procedure)
{
  const MdPolicyStaff *staff = md_policy_get_staff (self, officer);
  MdRoles acting = MD_ROLES_ALL;
  MdRole named;

  if (staff == NULL)
    return MD_MAY_NOT_STAFF;
  if (g_strcmp0 (officer, clerk) == 0)
    return MD_MAY_NOT_SAME;
  if (role != NULL)
    acting = md_role_from_id (role, &named) ? MD_ROLES (named) : 0;
  if ((staff->roles & self->release_roles & acting) == 0)
    return MD_MAY_NOT_ROLE;
  return md_policy_is_in_charge (staff, procedure) ? MD_MAY_YES : MD_MAY_NOT_SECTION;
}

MdMay
md_policy_may_release_medium (MdPolicy *self, const char *officer, const char *role)
{
  const MdPolicyStaff *staff = md_policy_get_staff (self, officer);
  MdRole named = MD_N_ROLES;

  if (staff == NULL)
    return MD_MAY_NOT_STAFF;
  return md_role_from_id (role, &named)
                 && (staff->roles & self->release_roles & MD_ROLES (named)) != 0
             ? MD_MAY_YES
             : MD_MAY_NOT_ROLE;
}

/* --- reading --- */

static guint
read_kinds (MdJson *json, JsonObject *object)
{
  g_auto (GStrv) ids = md_json_strings (json, object, "kinds", 1);
  guint bits = 0;

  for (guint i = 0; ids[i] != NULL; i++)
    {
      MdHoldKind kind;

      if (md_hold_kind_from_id (ids[i], &kind))
        bits |= 1u << kind;
      else
        md_json_fail (json, "kinds", _ ("Nothing called \"%s\" stops an intake."), ids[i]);
    }
  return bits;
}

static gboolean
is_known (MdPolicy *self, const char *code)
{
  for (guint i = 0; i < self->release_reasons->len; i++)
    {
      const MdPolicyReleaseReason *reason = g_ptr_array_index (self->release_reasons, i);

      if (g_strcmp0 (reason->code, code) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
read_reason (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static const char *const members[] = { "code", "name", "kinds", NULL };
  MdPolicyReleaseReason *reason = g_new0 (MdPolicyReleaseReason, 1);
  const char *code = md_json_string (json, object, "code");

  if (code != NULL && is_known (self, code))
    md_json_fail (json, "code", _ ("There are two reasons \"%s\". Give each a code of its own."),
                  code);
  g_ptr_array_add (self->release_reasons, reason);
  md_json_only (json, object, members);
  reason->code = _md_policy_keep (self, code);
  _md_policy_read_text (self, json, object, "name", &reason->name_ja, &reason->name_en);
  reason->kinds = read_kinds (json, object);
}

void
_md_policy_read_holds (MdPolicy *self, MdJson *json, JsonObject *root)
{
  static const char *const members[] = { "roles", "reasons", NULL };
  JsonObject *holds;

  self->release_roles = MD_ROLES (MD_ROLE_SUPERVISOR);
  if (!md_json_has (json, root, "holds"))
    return;
  holds = md_json_object (json, root, "holds");
  md_json_enter (json, "holds");
  md_json_only (json, holds, members);
  self->release_roles = _md_policy_read_roles (json, holds, "roles");
  _md_policy_read_list (self, json, holds, "reasons", read_reason);
  md_json_leave (json);
}
