// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include <md-base.h>
#include "md-algorithms-private.h"
#include "md-path-private.h"
#include "md-profile-private.h"
#include "md-trust.h"

#define LISTS_FOR_ALL (X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)

struct _MdTrust
{
  MdTrustProfile profile;
  gboolean allow_test;
  MdTrustRules rules;
  MdAlgorithms algorithms;
  X509_STORE *store;
  X509_STORE *others; /* anchors of the other line */
  GPtrArray *anchors;
  GPtrArray *policies; /* dotted OIDs */
  GPtrArray *organizations;
};

G_DEFINE_BOXED_TYPE (MdTrust, md_trust, md_trust_ref, md_trust_unref)

MdTrust *
md_trust_new (MdTrustProfile profile)
{
  MdTrust *self = g_atomic_rc_box_new0 (MdTrust);

  self->profile = profile;
  self->algorithms = md_algorithms_all ();
  if (md_profile_is_jpki (profile))
    self->rules = MD_TRUST_RULE_INHIBIT_MAPPING | MD_TRUST_RULE_INHIBIT_ANY_POLICY;
  self->store = X509_STORE_new ();
  self->others = X509_STORE_new ();
  if (self->store == NULL || self->others == NULL)
    g_error ("libcrypto has no memory for a certificate store");
  self->anchors = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  self->policies = g_ptr_array_new_with_free_func (g_free);
  self->organizations = g_ptr_array_new_with_free_func (g_free);
  return self;
}

MdTrust *
md_trust_ref (MdTrust *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
trust_clear (gpointer data)
{
  MdTrust *self = data;

  g_clear_pointer (&self->store, X509_STORE_free);
  g_clear_pointer (&self->others, X509_STORE_free);
  g_clear_pointer (&self->anchors, g_ptr_array_unref);
  g_clear_pointer (&self->policies, g_ptr_array_unref);
  g_clear_pointer (&self->organizations, g_ptr_array_unref);
}

void
md_trust_unref (MdTrust *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, trust_clear);
}

MdTrustProfile
md_trust_get_profile (const MdTrust *self)
{
  return self->profile;
}

void
md_trust_add_anchor (MdTrust *self, const MdCertificate *anchor)
{
  for (guint i = 0; i < self->anchors->len; i++)
    if (md_certificate_equal (g_ptr_array_index (self->anchors, i), anchor))
      return;
  /* Failing only for want of memory, and then the anchor is not trusted. */
  if (X509_STORE_add_cert (self->store, md_certificate_get_x509 (anchor)) == 1)
    g_ptr_array_add (self->anchors, md_certificate_ref (anchor));
  ERR_clear_error ();
}

void
md_trust_add_other_anchor (MdTrust *self, const MdCertificate *anchor)
{
  /* Failing only for want of memory, and then its certificates are strangers. */
  (void)X509_STORE_add_cert (self->others, md_certificate_get_x509 (anchor));
  ERR_clear_error ();
}

guint
md_trust_get_n_anchors (const MdTrust *self)
{
  return self->anchors->len;
}

gboolean
md_trust_add_policy (MdTrust *self, const char *oid, GError **error)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);

  if (object == NULL)
    {
      md_pki_set_error (error, MD_PKI_ERROR_MALFORMED, "a certificate policy is not an OID");
      return FALSE;
    }
  g_ptr_array_add (self->policies, g_strdup (oid));
  return TRUE;
}

void
md_trust_set_rules (MdTrust *self, MdTrustRules rules)
{
  self->rules = rules;
}

gboolean
md_trust_set_algorithms (MdTrust *self, const char *const *keys, const char *const *hashes,
                         GError **error)
{
  if (md_algorithms_read (keys, hashes, &self->algorithms))
    return TRUE;
  g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_UNSUPPORTED,
                       "an algorithm of the permitted list is unknown");
  return FALSE;
}

void
md_trust_add_organization (MdTrust *self, const char *organization)
{
  g_ptr_array_add (self->organizations, g_strdup (organization));
}

void
md_trust_set_allow_test (MdTrust *self, gboolean allow)
{
  self->allow_test = allow;
}

static unsigned long
flags_of_rules (MdTrustRules rules)
{
  static const struct
  {
    MdTrustRules rule;
    unsigned long flags;
  } rows[] = {
    { MD_TRUST_RULE_EXPLICIT_POLICY, X509_V_FLAG_EXPLICIT_POLICY },
    { MD_TRUST_RULE_INHIBIT_MAPPING, X509_V_FLAG_INHIBIT_MAP },
    { MD_TRUST_RULE_INHIBIT_ANY_POLICY, X509_V_FLAG_INHIBIT_ANY },
    { MD_TRUST_RULE_EXTENDED_LISTS, X509_V_FLAG_EXTENDED_CRL_SUPPORT },
  };
  unsigned long flags = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if ((rules & rows[i].rule) != 0)
      flags |= rows[i].flags;
  return flags;
}

static gboolean
has_wanted_issuer (const MdTrust *self, const MdCertificate *certificate)
{
  g_autofree char *organization = md_x509_name_dup_only (
      X509_get_issuer_name (md_certificate_get_x509 (certificate)), NID_organizationName);

  return !md_profile_is_jpki (self->profile) || self->organizations->len == 0
         || (organization != NULL
             && g_ptr_array_find_with_equal_func (self->organizations, organization, g_str_equal,
                                                  NULL));
}

/* The first certificate of the path whose key or signature is not permitted. An anchor's own
 * signature is nothing that anybody relies on. */
static MdCertificate *
find_weak (const MdTrust *self, const GPtrArray *chain)
{
  for (guint i = 0; i < chain->len; i++)
    {
      MdCertificate *certificate = g_ptr_array_index (chain, i);

      if (!md_algorithms_permit_key (&self->algorithms, certificate)
          || (i + 1 < chain->len
              && !md_algorithms_permit_signature (&self->algorithms, certificate)))
        return certificate;
    }
  return NULL;
}

static void
refuse (MdVerdict *verdict, MdVerdictStatus status, MdVerdictCause cause, const char *detail)
{
  verdict->status = status;
  verdict->cause = cause;
  g_free (verdict->detail);
  verdict->detail = g_strdup (detail);
}

/* Whether it comes from an authority of the other line. */
static gboolean
is_of_other_line (const MdTrust *self, const MdPathQuestion *question)
{
  const MdPathQuestion other
      = { .anchors = self->others, .certificate = question->certificate, .time = question->time };
  g_auto (MdPathAnswer) answer = { 0 };

  md_path_ask (&other, &answer);
  return answer.code == X509_V_OK;
}

/* No path holds, and that stays so: but what it is may be told more nearly than libcrypto does. */
static void
name_refusal (const MdTrust *self, const MdPathQuestion *question, MdVerdict *verdict)
{
  const MdCertificate *certificate = verdict->certificate;
  const MdVerdictCause kind = md_profile_find_kind (self->profile, certificate);
  const gboolean stranger = verdict->status == MD_VERDICT_UNTRUSTED_ISSUER
                            && verdict->cause == MD_VERDICT_CAUSE_NO_ANCHOR;

  if (stranger && md_profile_is_jpki (self->profile) && is_of_other_line (self, question))
    refuse (verdict, MD_VERDICT_WRONG_PROFILE,
            kind != MD_VERDICT_CAUSE_NONE ? kind : MD_VERDICT_CAUSE_ISSUER,
            md_profile_describe (kind != MD_VERDICT_CAUSE_NONE ? kind : MD_VERDICT_CAUSE_ISSUER));
  else if (stranger && md_profile_is_jpki (self->profile) && !self->allow_test
           && md_profile_is_test (certificate))
    refuse (verdict, MD_VERDICT_TEST_CERTIFICATE, MD_VERDICT_CAUSE_NONE,
            "a certificate of a test PKI in production");
  else if (kind != MD_VERDICT_CAUSE_NONE
           && (stranger || verdict->cause == MD_VERDICT_CAUSE_POLICY
               || verdict->cause == MD_VERDICT_CAUSE_KEY_USAGE))
    {
      g_autofree char *detail
          = g_strdup_printf ("%s; %s", verdict->detail, md_profile_describe (kind));

      refuse (verdict, verdict->status, kind, detail);
    }
}

/* The path holds; what else is asked of it. */
static void
judge_profile (const MdTrust *self, MdVerdict *verdict)
{
  MdCertificate *weak = find_weak (self, verdict->chain);
  MdProfileFinding finding
      = md_profile_check (self->profile, verdict->certificate, self->policies, self->allow_test);

  /* JPKI issues from its roots; nobody is asked whether something between was revoked */
  if (md_profile_is_jpki (self->profile) && verdict->chain->len > 2)
    refuse (verdict, MD_VERDICT_UNTRUSTED_ISSUER, MD_VERDICT_CAUSE_BETWEEN,
            "an authority between the certificate and the JPKI root");
  else if (!has_wanted_issuer (self, verdict->certificate))
    refuse (verdict, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ORGANIZATION,
            "the issuer's organization is not one that the policy names");
  else if (weak != NULL)
    {
      refuse (verdict, MD_VERDICT_WRONG_PROFILE, MD_VERDICT_CAUSE_ALGORITHM,
              "a key or a signature that is not on the permitted list");
      verdict->concerned = md_certificate_ref (weak);
    }
  else if (finding.status != MD_VERDICT_VALID)
    refuse (verdict, finding.status, finding.cause, finding.detail);
}

/* Lists that cannot be read are left out: what they would have covered then has none. */
static MdCrlStack *
read_lists (const GPtrArray *lists)
{
  g_autoptr (MdCrlStack) stack = sk_X509_CRL_new_null ();

  for (guint i = 0; stack != NULL && i < lists->len; i++)
    {
      g_autoptr (X509_CRL) list = md_x509_crl_read (g_ptr_array_index (lists, i));

      if (list != NULL && sk_X509_CRL_push (stack, list) > 0)
        (void)g_steal_pointer (&list);
    }
  ERR_clear_error ();
  return g_steal_pointer (&stack);
}

MdVerdict *
md_trust_check (const MdTrust *self, const MdCertificate *certificate,
                const GPtrArray *intermediates, gint64 time)
{
  return md_trust_check_listed (self, certificate, intermediates, NULL, time);
}

MdVerdict *
md_trust_check_listed (const MdTrust *self, const MdCertificate *certificate,
                       const GPtrArray *intermediates, const GPtrArray *lists, gint64 time)
{
  g_autoptr (MdCrlStack) stack = lists != NULL ? read_lists (lists) : NULL;
  const MdPathQuestion question
      = { .anchors = self->store,
          .certificate = certificate,
          .candidates = intermediates,
          .lists = stack,
          .policies = self->policies,
          .flags = flags_of_rules (self->rules) | (lists != NULL ? LISTS_FOR_ALL : 0),
          .time = time };
  g_auto (MdPathAnswer) answer = { 0 };
  MdVerdict *verdict;

  md_path_ask (&question, &answer);
  verdict = md_path_answer_to_verdict (&answer, certificate, time);
  verdict->algorithms = self->algorithms;
  if (verdict->status == MD_VERDICT_VALID)
    judge_profile (self, verdict);
  else
    name_refusal (self, &question, verdict);
  return verdict;
}
