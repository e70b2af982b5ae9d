// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>
#include <md-pki.h>

#include "md-policy-private.h"

/* Who signs a policy: one who made it, and one who has looked at it. */
#define ENOUGH_SIGNERS 2

static gboolean
check_expected (MdPolicy *self, const MdPolicyExpect *expect, GError **error)
{
  g_autofree char *until = NULL;

  if (!expect)
    return TRUE;
  if (expect->environment && !g_str_equal (expect->environment, self->environment))
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_FOREIGN,
                 _ ("The policy is made for \"%s\", but this machine is set up for \"%s\". Install "
                    "the right policy."),
                 self->environment, expect->environment);
  else if (expect->office && !g_str_equal (expect->office, self->office))
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_FOREIGN,
                 _ ("The policy belongs to the office %s, but this machine belongs to %s. Install "
                    "the right policy."),
                 self->office, expect->office);
  else if (self->version < expect->floor)
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_OLDER,
                 _ ("The policy has version %u, but version %u was in force already. Install the "
                    "newest policy."),
                 self->version, expect->floor);
  else if (expect->now > 0 && expect->now > self->not_after)
    {
      until = md_time_format_tokyo (self->not_after, MD_TIME_STYLE_ISO);
      g_set_error (
          error, MD_POLICY_ERROR, MD_POLICY_ERROR_EXPIRED,
          _ ("The policy was valid until %s. Install the newest policy, and check the clock."),
          until);
    }
  else
    return TRUE;
  return FALSE;
}

MdPolicy *
md_policy_new_from_json (GBytes *json, const MdPolicyExpect *expect, GError **error)
{
  g_autoptr (MdPolicy) self = g_object_new (MD_TYPE_POLICY, NULL);
  g_autoptr (MdJson) reader = md_json_new ("policy.json", MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID);
  JsonObject *root = md_json_parse (reader, json, MD_LIMIT_POLICY);

  if (root)
    _md_policy_read (self, reader, root);
  if (!md_json_finish (reader, error) || !check_expected (self, expect, error))
    return NULL;
  self->json = g_bytes_ref (json);
  self->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, json);
  return g_steal_pointer (&self);
}

/* Two counters whose receipt numbers begin alike; NULL: there are none. */
static const MdPolicyTerminal *
find_shared_serial (const MdPolicy *self)
{
  for (guint i = 1; i < self->terminals->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const MdPolicyTerminal *one = self->terminals->pdata[i];
        const MdPolicyTerminal *other = self->terminals->pdata[j];

        if (one->serial == other->serial)
          return one;
      }
  return NULL;
}

gboolean
md_policy_judge_new (MdPolicy *self, GError **error)
{
  const MdPolicyTerminal *shared = find_shared_serial (self);

  if (self->one_key)
    g_set_error_literal (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                         _ ("The vault of individual numbers has a key of its own: not the "
                            "business system's. Make another, with its certificate."));
  else if (shared != NULL)
    g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_INVALID,
                 _ ("Two terminals have the serial %u. Give each three digits of its own: with the "
                    "same ones, two people could get one receipt number."),
                 shared->serial);
  return !self->one_key && shared == NULL;
}

static MdCertificate *
read_anchor (GBytes *anchor, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (anchor, &size);
  g_autofree char *text = NULL;

  if (size > 0 && data[0] == 0x30)
    return md_certificate_new_from_der (anchor, error);
  text = g_strndup (data ? data : "", size);
  return md_certificate_new_from_pem (text, error);
}

/* From whatever the library says to what a person can do about it. */
static void
translate_error (GError **error, MdPolicyError code, const char *what, GError *cause)
{
  g_set_error (error, MD_POLICY_ERROR, (gint)code, "%s (%s)", what, cause->message);
  g_error_free (cause);
}

static gboolean
check_signer (MdCmsSigner *signer, MdCertificate *anchor, gint64 now, GError **error)
{
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_SIGNER);
  g_autoptr (MdVerdict) verdict = NULL;
  gint64 time = now > 0 ? now / G_USEC_PER_SEC : md_cms_signer_get_time (signer);

  md_trust_add_anchor (trust, anchor);
  md_trust_set_allow_test (trust, TRUE);
  verdict = md_trust_check (trust, md_cms_signer_get_certificate (signer),
                            md_cms_signer_get_chain (signer), time);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID)
    return TRUE;
  g_set_error (
      error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE,
      _ ("The policy is not signed by this office's policy signer. Do not use it; get it from the "
         "administrator again. (%s)"),
      md_verdict_get_detail (verdict));
  return FALSE;
}

static gboolean
is_same_person (const MdCertificate *one, const MdCertificate *other)
{
  return md_certificate_same_subject (one, other) || md_certificate_same_key (one, other);
}

/* How many people signed: one who signed twice, by whatever certificate of the same name or key, is
 * one. */
static guint
count_people (const GPtrArray *signers)
{
  guint n = 0;

  for (guint i = 0; i < signers->len; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < i && !known; j++)
        known = is_same_person (md_cms_signer_get_certificate (signers->pdata[i]),
                                md_cms_signer_get_certificate (signers->pdata[j]));
      n += known ? 0 : 1;
    }
  return n;
}

MdPolicy *
md_policy_new_from_bundle (GBytes *bundle, GBytes *anchor, const MdPolicyExpect *expect,
                           GError **error)
{
  g_autoptr (MdCertificate) root = NULL;
  g_autoptr (GPtrArray) signers = NULL;
  g_autoptr (GBytes) content = NULL;
  GError *cause = NULL;

  if (g_bytes_get_size (bundle) > MD_LIMIT_POLICY)
    {
      g_set_error (error, MD_POLICY_ERROR, MD_POLICY_ERROR_UNREADABLE,
                   _ ("The policy is larger than %u bytes. Get it from the administrator again."),
                   MD_LIMIT_POLICY);
      return NULL;
    }
  root = read_anchor (anchor, &cause);
  if (!root)
    {
      translate_error (
          error, MD_POLICY_ERROR_UNREADABLE,
          _ ("The policy anchor is not a certificate. Install the office's policy anchor again."),
          cause);
      return NULL;
    }
  signers = md_cms_verify_attached_by_each (bundle, &content, &cause);
  if (!signers)
    {
      gboolean changed = g_error_matches (cause, MD_PKI_ERROR, MD_PKI_ERROR_BAD_SIGNATURE);

      translate_error (
          error, changed ? MD_POLICY_ERROR_SIGNATURE : MD_POLICY_ERROR_UNREADABLE,
          _ ("The policy is damaged or was changed. Get it from the administrator again."), cause);
      return NULL;
    }
  for (guint i = 0; i < signers->len; i++)
    if (!check_signer (signers->pdata[i], root, expect ? expect->now : 0, error))
      return NULL;
  if (count_people (signers) < ENOUGH_SIGNERS)
    {
      g_set_error_literal (error, MD_POLICY_ERROR, MD_POLICY_ERROR_SIGNATURE,
                           _ ("The policy is signed by one officer only. Have a second officer "
                              "look at it and sign it, too."));
      return NULL;
    }
  return md_policy_new_from_json (content, expect, error);
}

static GBytes *
read_file (const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  gsize length;
  GError *cause = NULL;

  if (g_file_get_contents (path, &contents, &length, &cause))
    return g_bytes_new_take (g_steal_pointer (&contents), length);
  translate_error (
      error, MD_POLICY_ERROR_UNREADABLE,
      _ ("A file of the policy cannot be read. Install the policy and its anchor again."), cause);
  return NULL;
}

MdPolicy *
md_policy_load (const char *bundle_path, const char *anchor_path, const MdPolicyExpect *expect,
                GError **error)
{
  g_autoptr (GBytes) bundle = read_file (bundle_path, error);
  g_autoptr (GBytes) anchor = bundle ? read_file (anchor_path, error) : NULL;

  return anchor ? md_policy_new_from_bundle (bundle, anchor, expect, error) : NULL;
}
