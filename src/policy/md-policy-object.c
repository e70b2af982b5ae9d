// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-policy-private.h"

G_DEFINE_FINAL_TYPE (MdPolicy, md_policy, G_TYPE_OBJECT)

void
_md_policy_staff_free (gpointer data)
{
  MdPolicyStaff *staff = data;

  g_clear_pointer (&staff->auth, g_bytes_unref);
  g_clear_pointer (&staff->sign, g_bytes_unref);
  g_clear_pointer (&staff->key_agreement, g_bytes_unref);
  g_free (staff);
}

void
_md_policy_card_authority_free (gpointer data)
{
  MdPolicyCardAuthority *authority = data;

  g_clear_pointer (&authority->key, g_bytes_unref);
  g_free (authority);
}

static void
md_policy_finalize (GObject *object)
{
  MdPolicy *self = MD_POLICY (object);

  g_clear_pointer (&self->json, g_bytes_unref);
  g_free (self->digest);
  g_clear_pointer (&self->terminals, g_ptr_array_unref);
  g_clear_pointer (&self->staff, g_ptr_array_unref);
  g_clear_pointer (&self->documents, g_ptr_array_unref);
  g_clear_pointer (&self->release_reasons, g_ptr_array_unref);
  g_clear_pointer (&self->procedures, g_ptr_array_unref);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_clear_pointer (&self->business, g_bytes_unref);
  g_clear_pointer (&self->vault, g_bytes_unref);
  for (guint i = 0; i < MD_N_ANCHORS; i++)
    g_clear_pointer (&self->anchors[i], g_ptr_array_unref);
  g_clear_pointer (&self->card_authorities, g_ptr_array_unref);
  g_clear_pointer (&self->vectors, g_ptr_array_unref);
  g_clear_pointer (&self->visibility, md_visibility_free);
  g_clear_pointer (&self->strings, g_string_chunk_free);
  G_OBJECT_CLASS (md_policy_parent_class)->finalize (object);
}

static void
md_policy_class_init (MdPolicyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = md_policy_finalize;
}

static void
md_policy_init (MdPolicy *self)
{
  self->strings = g_string_chunk_new (4096);
  self->terminals = g_ptr_array_new_with_free_func (g_free);
  self->staff = g_ptr_array_new_with_free_func (_md_policy_staff_free);
  self->documents = g_ptr_array_new_with_free_func (g_free);
  self->release_reasons = g_ptr_array_new_with_free_func (g_free);
  self->procedures = g_ptr_array_new_with_free_func (g_free);
  self->versions = g_ptr_array_new_with_free_func (g_free);
  self->card_authorities = g_ptr_array_new_with_free_func (_md_policy_card_authority_free);
  self->vectors = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  for (guint i = 0; i < MD_N_ANCHORS; i++)
    self->anchors[i] = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
}

GBytes *
md_policy_get_json (MdPolicy *self)
{
  return self->json;
}

const char *
md_policy_get_digest (MdPolicy *self)
{
  return self->digest;
}

guint
md_policy_get_version (MdPolicy *self)
{
  return self->version;
}

const char *
md_policy_get_environment (MdPolicy *self)
{
  return self->environment;
}

const char *
md_policy_get_office (MdPolicy *self)
{
  return self->office;
}

const char *
md_policy_get_office_name (MdPolicy *self, gboolean japanese)
{
  return japanese ? self->office_ja : self->office_en;
}

gint64
md_policy_get_issued (MdPolicy *self)
{
  return self->issued;
}

gint64
md_policy_get_not_after (MdPolicy *self)
{
  return self->not_after;
}

const GPtrArray *
md_policy_get_card_authorities (MdPolicy *self)
{
  return self->card_authorities;
}

const GPtrArray *
md_policy_get_terminals (MdPolicy *self)
{
  return self->terminals;
}

const MdPolicyTerminal *
md_policy_get_terminal (MdPolicy *self, const char *id)
{
  for (guint i = 0; i < self->terminals->len; i++)
    {
      const MdPolicyTerminal *terminal = g_ptr_array_index (self->terminals, i);

      if (g_strcmp0 (terminal->id, id) == 0)
        return terminal;
    }
  return NULL;
}

const MdPolicyProcedure *
md_policy_get_procedure (MdPolicy *self, const char *id)
{
  for (guint i = 0; i < self->procedures->len; i++)
    {
      const MdPolicyProcedure *procedure = g_ptr_array_index (self->procedures, i);

      if (g_strcmp0 (procedure->id, id) == 0)
        return procedure;
    }
  return NULL;
}

const MdPolicyStaff *
md_policy_get_staff (MdPolicy *self, const char *id)
{
  for (guint i = 0; i < self->staff->len; i++)
    {
      const MdPolicyStaff *staff = g_ptr_array_index (self->staff, i);

      if (g_strcmp0 (staff->id, id) == 0)
        return staff;
    }
  return NULL;
}

const MdPolicyStaff *
md_policy_get_staff_by_certificate (MdPolicy *self, GBytes *der)
{
  for (guint i = 0; i < self->staff->len; i++)
    {
      const MdPolicyStaff *staff = g_ptr_array_index (self->staff, i);

      if (g_bytes_equal (staff->auth, der) || g_bytes_equal (staff->sign, der)
          || g_bytes_equal (staff->key_agreement, der))
        return staff;
    }
  return NULL;
}

GPtrArray *
md_policy_get_all_staff (MdPolicy *self)
{
  return self->staff;
}

const MdPolicyJpki *
md_policy_get_jpki (MdPolicy *self)
{
  return &self->jpki;
}

const MdPolicyLimits *
md_policy_get_limits (MdPolicy *self)
{
  return &self->limits;
}

/* Of sealing one: a key for each recipient. */
#define SEALING_BYTES 65536u

gboolean
md_policy_takes_attachments (MdPolicy *self, guint n, guint64 largest, guint64 total)
{
  const MdPolicyLimits *limits = &self->limits;

  return n <= limits->attachments && (n == 0 || largest <= limits->attachment_bytes + SEALING_BYTES)
         && total <= limits->attachments_bytes + (guint64)n * SEALING_BYTES;
}

const MdVisibility *
md_policy_get_visibility (MdPolicy *self)
{
  return self->visibility;
}

GPtrArray *
md_policy_get_anchors (MdPolicy *self, MdAnchors kind)
{
  g_return_val_if_fail ((guint)kind < MD_N_ANCHORS, NULL);
  return self->anchors[kind];
}

static gboolean
add_policies (MdTrust *trust, const char *const *oids, GError **error)
{
  for (guint i = 0; oids[i]; i++)
    if (!md_trust_add_policy (trust, oids[i], error))
      return FALSE;
  return TRUE;
}

static MdAnchors
anchors_of_profile (MdTrustProfile profile)
{
  switch (profile)
    {
    case MD_TRUST_PROFILE_JPKI_AUTH:
      return MD_ANCHORS_JPKI_AUTH;
    case MD_TRUST_PROFILE_JPKI_SIGN:
      return MD_ANCHORS_JPKI_SIGN;
    case MD_TRUST_PROFILE_SIGNER:
      return MD_ANCHORS_RECEIPT;
    case MD_TRUST_PROFILE_ANY:
    case MD_TRUST_PROFILE_STAFF_AUTH:
    case MD_TRUST_PROFILE_STAFF_SIGN:
    case MD_TRUST_PROFILE_RECIPIENT:
    default:
      return MD_ANCHORS_STAFF;
    }
}

static gboolean
for_each_anchor (MdPolicy *self, MdAnchors kind, MdTrust *trust,
                 void (*add) (MdTrust *, const MdCertificate *), GError **error)
{
  GPtrArray *anchors = self->anchors[kind];

  for (guint i = 0; i < anchors->len; i++)
    {
      g_autoptr (MdCertificate) anchor
          = md_certificate_new_from_der (g_ptr_array_index (anchors, i), error);

      if (!anchor)
        return FALSE;
      add (trust, anchor);
    }
  return TRUE;
}

/* What only the certificates of residents' cards are asked. */
static gboolean
set_up_jpki (MdPolicy *self, MdTrust *trust, gboolean sign, GError **error)
{
  if (!for_each_anchor (self, sign ? MD_ANCHORS_JPKI_AUTH : MD_ANCHORS_JPKI_SIGN, trust,
                        md_trust_add_other_anchor, error)
      || !add_policies (trust, sign ? self->jpki.sign_policy_oids : self->jpki.auth_policy_oids,
                        error))
    return FALSE;
  for (guint i = 0; self->jpki.issuer_organizations[i]; i++)
    md_trust_add_organization (trust, self->jpki.issuer_organizations[i]);
  return self->jpki.keys == NULL
         || md_trust_set_algorithms (trust, self->jpki.keys, self->jpki.hashes, error);
}

MdTrust *
md_policy_create_trust (MdPolicy *self, MdTrustProfile profile, GError **error)
{
  g_autoptr (MdTrust) trust = md_trust_new (profile);
  const gboolean sign = profile == MD_TRUST_PROFILE_JPKI_SIGN;

  if (!for_each_anchor (self, anchors_of_profile (profile), trust, md_trust_add_anchor, error))
    return NULL;
  if ((sign || profile == MD_TRUST_PROFILE_JPKI_AUTH) && !set_up_jpki (self, trust, sign, error))
    return NULL;
  md_trust_set_allow_test (trust, g_str_equal (self->environment, "test"));
  return g_steal_pointer (&trust);
}

MdTrust *
md_policy_create_notice_trust (MdPolicy *self, GError **error)
{
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);

  if (!for_each_anchor (self, MD_ANCHORS_NOTICE, trust, md_trust_add_anchor, error))
    return NULL;
  md_trust_set_allow_test (trust, g_str_equal (self->environment, "test"));
  return g_steal_pointer (&trust);
}

gboolean
md_policy_may_see (MdPolicy *self, const MdPolicyStaff *staff, MdProfile profile,
                   MdSensitivity sensitivity)
{
  guint situation = (guint)MD_SITUATION_OFFICE | (guint)MD_SITUATION_OPEN;

  if (staff->number)
    situation |= MD_SITUATION_NUMBER;
  return md_visibility_lookup_roles (self->visibility, profile, sensitivity, NULL, staff->roles,
                                     (MdSituation)situation)
         >= MD_GRANT_REVEAL;
}

gboolean
md_policy_is_in_charge (const MdPolicyStaff *staff, const char *procedure)
{
  g_autofree char *section = NULL;

  if (!staff->sections)
    return TRUE;
  section = g_strndup (procedure, strcspn (procedure, "."));
  return g_strv_contains (staff->sections, section);
}

/* The approvers who may see what is of this class; MD_N_CLASSES: all of them. */
static GPtrArray *
find_recipients (MdPolicy *self, const char *procedure, MdProfile profile, MdSensitivity class,
                 const char *clerk, GError **error)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_add (list, g_bytes_ref (class == MD_CLASS_MY_NUMBER ? self->vault : self->business));
  for (guint i = 0; rules && i < self->staff->len; i++)
    {
      const MdPolicyStaff *staff = g_ptr_array_index (self->staff, i);

      if (!(staff->roles & rules->approvers) || !md_policy_is_in_charge (staff, procedure)
          || g_strcmp0 (staff->id, clerk) == 0)
        continue;
      if (class == MD_N_CLASSES || md_policy_may_see (self, staff, profile, class))
        g_ptr_array_add (list, g_bytes_ref (staff->key_agreement));
    }
  if (md_policy_has_officers (self, procedure, 0, clerk))
    return g_steal_pointer (&list);
  g_set_error (
      error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
      !rules ? _ ("The policy does not know the procedure \"%s\". Ask the administrator to add it.")
      : rules->officers > 1
          ? _ ("Two different officers have to agree on \"%s\", and the policy does not name "
               "enough of them. Ask the administrator to name them.")
          : _ ("Nobody may approve \"%s\". Ask the administrator to name an approver in the "
               "policy."),
      procedure);
  return NULL;
}

GPtrArray *
md_policy_get_recipients (MdPolicy *self, const char *procedure, MdProfile profile,
                          MdRecipients kind, const char *clerk, GError **error)
{
  return find_recipients (self, procedure, profile,
                          kind == MD_RECIPIENTS_NUMBER ? MD_CLASS_MY_NUMBER : MD_N_CLASSES, clerk,
                          error);
}

GPtrArray *
md_policy_get_class_recipients (MdPolicy *self, const char *procedure, MdProfile profile,
                                MdSensitivity class, const char *clerk, GError **error)
{
  g_return_val_if_fail ((guint) class < MD_N_CLASSES, NULL);
  return find_recipients (self, procedure, profile, class, clerk, error);
}

gboolean
md_policy_may_identify (MdPolicy *self, const char *procedure, const char *method)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);

  return rules && method && g_strv_contains (rules->identification, method);
}

gboolean
md_policy_may_ask_ocsp (MdPolicy *self, const char *url)
{
  const MdPolicyJpki *jpki = md_policy_get_jpki (self);

  if (!url || jpki->ocsp_url)
    return url && g_str_equal (url, jpki->ocsp_url);
  return g_strv_contains (jpki->ocsp_allowed, url);
}

static MdMay
may_act (MdPolicy *self, const char *staff_id, const char *procedure, gboolean approve)
{
  const MdPolicyStaff *staff = md_policy_get_staff (self, staff_id);
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);

  if (!staff)
    return MD_MAY_NOT_STAFF;
  if (!rules)
    return MD_MAY_NOT_PROCEDURE;
  if (!(staff->roles & (approve ? rules->approvers : rules->clerks)))
    return MD_MAY_NOT_ROLE;
  return md_policy_is_in_charge (staff, procedure) ? MD_MAY_YES : MD_MAY_NOT_SECTION;
}

MdMay
md_policy_may_take_in (MdPolicy *self, const char *staff, const char *procedure)
{
  return may_act (self, staff, procedure, FALSE);
}

MdMay
md_policy_may_decide (MdPolicy *self, const char *officer, const char *procedure, const char *clerk)
{
  if (g_strcmp0 (officer, clerk) == 0)
    return MD_MAY_NOT_SAME;
  return may_act (self, officer, procedure, TRUE);
}

const char *
md_may_get_message (MdMay may)
{
  switch (may)
    {
    case MD_MAY_NOT_STAFF:
      return _ ("This person is not in the list of staff. Ask the administrator.");
    case MD_MAY_NOT_PROCEDURE:
      return _ ("This procedure is not served here. Ask the administrator.");
    case MD_MAY_NOT_ROLE:
      return _ ("Your role does not include this. Ask a colleague who may do it.");
    case MD_MAY_NOT_SECTION:
      return _ ("This procedure is another section's. Ask a colleague of that section.");
    case MD_MAY_NOT_SAME:
      return _ ("You took this application in yourself. Another officer must decide on it.");
    case MD_MAY_NOT_CHECKED:
      return _ ("Two officers have to agree on this. Another officer checks it first; then it can "
                "be approved.");
    case MD_MAY_NOT_CHECKER:
      return _ ("You checked this application yourself. Another officer must approve it.");
    case MD_MAY_NOT_STEP:
      return _ ("Your role does not include this half of the approval. Ask a colleague whose role "
                "it is.");
    case MD_MAY_NOT_ASKED:
      return _ ("One officer suffices for this procedure. Open the application again and approve "
                "it.");
    case MD_MAY_YES:
    default:
      return _ ("Permitted.");
    }
}
