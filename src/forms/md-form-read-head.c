// SPDX-License-Identifier: Apache-2.0
// What a definition says of the procedure as a whole.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include <md-base.h>

#include "md-form-facts.h"
#include "md-form-private.h"

typedef const char *const Members[];

static const char *const filers[]
    = { "self",         "head",        "member",   "agent",      "legal",
        "care-manager", "facility",    "bereaved", "ex-officio", "funeral",
        "school",       "institution", "section",  "anyone",     NULL };
static const char *const retentions[] = { "RT-PEN",  "RT-CARE", "RT-CARE-LIFE", "RT-LEM", "RT-HEA",
                                          "RT-JUKI", "RT-IDC",  "RT-5Y",        "RT-DOC", NULL };
static const char *const domains[] = { "pension", "care", "lem", "health", "juki", "common", NULL };

static void
read_domain (MdForm *form, MdJson *json, JsonObject *root)
{
  const char *domain = md_json_string (json, root, "domain");

  if (!domain)
    return;
  while (domains[form->domain] && !g_str_equal (domains[form->domain], domain))
    form->domain++;
  if (!domains[form->domain])
    md_json_fail (json, "domain", _ ("There is no domain \"%s\"."), domain);
}

/* Pension and juki are without the network of inquiries between offices (R-INQ-13, R-INQ-14): there
 * an inquiry is of what the office itself has. */
gboolean
_md_form_may_inquire (const MdForm *self, MdInquiry inquiry)
{
  static const char *const without[] = { "pension", "juki", NULL };

  return !g_strv_contains (without, domains[self->domain]) || inquiry == MD_INQUIRY_TAX
         || inquiry == MD_INQUIRY_REGISTER || inquiry == MD_INQUIRY_WELFARE;
}

/* A day as YYYY-MM-DD. */
static char *
read_day (MdJson *json, const char *member, const char *text)
{
  MdDate date;
  g_autofree char *iso
      = text && md_date_parse (text, &date, NULL) ? md_date_format_iso (&date) : NULL;

  if (text && g_strcmp0 (text, iso) != 0)
    md_json_fail (json, member, _ ("This must be a date such as 2026-04-01."));
  return g_steal_pointer (&iso);
}

/* From which day to which the definition is in force. */
static void
read_effective (MdForm *form, MdJson *json, JsonObject *root)
{
  static Members members = { "from", "to", NULL };
  JsonObject *effective = md_json_object (json, root, "effective");

  md_json_enter (json, "effective");
  md_json_only (json, effective, members);
  form->from = read_day (json, "from", md_json_string (json, effective, "from"));
  form->to = read_day (json, "to", md_json_string_or (json, effective, "to", NULL));
  if (form->from && form->to && strcmp (form->to, form->from) < 0)
    md_json_fail (json, "to", _ ("It ends before it begins. Check both days."));
  md_json_leave (json);
}

/* Who approves, and how sure the identification should be, as the catalogue recommends it; the
 * policy decides. */
static void
read_approval (MdForm *form, MdJson *json, JsonObject *root)
{
  static Members members = { "roles", "checks", NULL };
  JsonObject *approval = md_json_object (json, root, "approval");
  g_auto (GStrv) roles = NULL;

  md_json_enter (json, "approval");
  md_json_only (json, approval, members);
  roles = md_json_strings (json, approval, "roles", 1);
  for (guint i = 0; roles[i]; i++)
    {
      MdRole role;

      if (md_role_from_id (roles[i], &role)
          && (role == MD_ROLE_CHECKER || role == MD_ROLE_SUPERVISOR))
        form->approvers |= MD_ROLES (role);
      else
        md_json_fail (json, "roles", _ ("\"%s\" does not approve. Use checker or supervisor."),
                      roles[i]);
    }
  form->approvals = (guint)md_json_int (json, approval, "checks", 1, 2);
  md_json_leave (json);
}

static void
read_assurance (MdForm *form, MdJson *json, JsonObject *root)
{
  const char *id = md_json_string (json, root, "assurance");
  MdAssurance assurance;

  if (id && !g_str_equal (id, "none")
      && (!md_assurance_from_id (id, &assurance) || assurance == MD_ASSURANCE_POSTED_COPIES))
    md_json_fail (
        json, "assurance",
        _ ("There is no assurance \"%s\". Use none, two-documents, photo-document, card-face "
           "or card-key."),
        id);
  form->assurance = g_strdup (id);
}

void
_md_form_read_head (MdForm *form, MdJson *json, JsonObject *root)
{
  static Members members = { "schema",   "id",        "version", "effective", "title",
                             "kana",     "keywords",  "domain",  "purpose",   "number_purpose",
                             "guide",    "basis",     "profile", "retention", "may_file",
                             "settings", "sections",  "system",  "checks",    "attachments",
                             "approval", "assurance", "amends",  "immediate", NULL };
  const char *schema = md_json_string (json, root, "schema");
  const char *profile = md_json_string (json, root, "profile");

  md_json_only (json, root, members);
  if (schema && !g_str_equal (schema, "madoguchi-form/1"))
    md_json_fail (json, "schema", _ ("This must be \"madoguchi-form/1\"."));
  form->id = g_strdup (md_json_string (json, root, "id"));
  form->version = (guint)md_json_int (json, root, "version", 1, G_MAXINT32);
  _md_text_read (&form->title, json, root, "title");
  _md_text_read (&form->purpose, json, root, "purpose");
  if (json_object_has_member (root, "number_purpose"))
    _md_text_read (&form->number_purpose, json, root, "number_purpose");
  _md_text_read (&form->guide, json, root, "guide");
  form->amends = g_strdup (md_json_string_or (json, root, "amends", NULL));
  form->immediate = md_json_boolean_or (json, root, "immediate", FALSE);
  form->kana = g_strdup (md_json_string (json, root, "kana"));
  form->keywords = md_json_strings (json, root, "keywords", 0);
  form->basis = md_json_strings (json, root, "basis", 1);
  form->retention = g_strdup (md_json_string (json, root, "retention"));
  form->may_file = md_json_strings (json, root, "may_file", 1);
  if (profile && !md_profile_from_id (profile, &form->profile))
    md_json_fail (json, "profile", _ ("There is no profile \"%s\". Use V1, V2, V3 or V4."),
                  profile);
  for (guint i = 0; form->may_file[i]; i++)
    if (!g_strv_contains (filers, form->may_file[i]))
      md_json_fail (json, "may_file", _ ("There is no kind of filer \"%s\"."), form->may_file[i]);
  if (form->retention && !g_strv_contains (retentions, form->retention))
    md_json_fail (json, "retention", _ ("There is no retention \"%s\"."), form->retention);
  read_domain (form, json, root);
  read_effective (form, json, root);
  if (md_json_has (json, root, "approval"))
    read_approval (form, json, root);
  if (md_json_has (json, root, "assurance"))
    read_assurance (form, json, root);
}

const char *
md_form_get_domain (MdForm *self)
{
  return domains[self->domain];
}
