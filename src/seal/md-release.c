// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-container-private.h"
#include "md-release.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdRelease, md_release, md_release_copy, md_release_free)
G_DEFINE_BOXED_TYPE (MdReleaseFiles, md_release_files, md_release_files_copy, md_release_files_free)

static const MdSealTextRow rows[] = {
  { G_STRUCT_OFFSET (MdRelease, intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdRelease, raised), "raised", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdRelease, reason), "reason", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdRelease, officer), "officer", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdRelease, role), "role", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdRelease, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdRelease, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdRelease, policy_digest), "policy_digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdRelease, time), "time", MD_SEAL_TEXT_TIME },
};

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

MdRelease *
md_release_new (void)
{
  return g_new0 (MdRelease, 1);
}

MdRelease *
md_release_copy (const MdRelease *self)
{
  MdRelease *copy = md_release_new ();

  md_seal_texts_copy (&texts, self, copy);
  copy->hold = self->hold;
  copy->policy_version = self->policy_version;
  return copy;
}

void
md_release_free (MdRelease *self)
{
  if (self == NULL)
    return;
  md_seal_texts_clear (&texts, self);
  g_free (self);
}

MdReleaseFiles *
md_release_files_new (GBytes *release, GBytes *signature)
{
  MdReleaseFiles *self = g_new0 (MdReleaseFiles, 1);

  self->release = g_bytes_ref (release);
  self->signature = g_bytes_ref (signature);
  return self;
}

MdReleaseFiles *
md_release_files_copy (const MdReleaseFiles *self)
{
  return md_release_files_new (self->release, self->signature);
}

void
md_release_files_free (MdReleaseFiles *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->release);
  g_bytes_unref (self->signature);
  g_free (self);
}

static gboolean
fail (GError **error, MdSealError code, const char *message)
{
  g_set_error_literal (error, MD_SEAL_ERROR, (int)code, message);
  return FALSE;
}

static gboolean
check (gconstpointer record, GError **error)
{
  const MdRelease *self = record;
  const char *wrong = md_seal_texts_find_wrong (&texts, self);

  if (self->hold < 1 || self->hold > MD_SEAL_MAX_RELEASES)
    wrong = "hold";
  if (self->policy_version < 1)
    wrong = "policy_version";
  return md_seal_nothing_wrong (wrong, "release", error);
}

static void
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdRelease *self = record;

  md_seal_json_add_int (builder, "hold", self->hold);
  md_seal_texts_write (&texts, self, builder);
  md_seal_json_add_int (builder, "policy_version", self->policy_version);
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdRelease *self = record;

  self->hold = (guint)md_seal_json_int (json, "hold", 1, MD_SEAL_MAX_RELEASES);
  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  md_seal_texts_read (&texts, self, json);
}

/* release.json. */
static const MdSealEntry entry = { MD_RELEASE_SCHEMA, check, write_members, read_members };

MdRelease *
md_release_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdRelease) self = md_release_new ();

  return md_seal_entry_parse (&entry, bytes, self, error) ? g_steal_pointer (&self) : NULL;
}

/* The officer is whom the certificate names, and nobody who took the intake in. */
static gboolean
check_officer (const MdRelease *self, const MdCertificate *clerk, const MdCertificate *certificate,
               GError **error)
{
  if (g_strcmp0 (self->officer, md_certificate_get_subject_cn (certificate)) != 0)
    return fail (error, MD_SEAL_ERROR_MISMATCH, "the release is not by the officer it names");
  return md_seal_check_two_persons (clerk, certificate, error);
}

MdReleaseFiles *
md_release_sign (const MdRelease *release, const MdCertificate *clerk, MdKey *key,
                 const MdCertificate *certificate, gint64 signing_time, GError **error)
{
  g_autoptr (GBytes) json = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (!check_officer (release, clerk, certificate, error))
    return NULL;
  json = md_seal_entry_encode (&entry, release, error);
  if (json != NULL)
    signature = md_cms_sign_detached (json, key, certificate, NULL, signing_time, error);
  return signature != NULL ? md_release_files_new (json, signature) : NULL;
}

MdRelease *
md_release_verify (const MdReleaseFiles *files, const MdCertificate *clerk,
                   const MdTrust *staff_trust, gint64 time, MdCmsSigner **out_signer,
                   GError **error)
{
  g_autoptr (MdRelease) release = md_release_parse (files->release, error);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autofree char *of = NULL;
  gboolean taken = FALSE;

  if (release == NULL)
    return NULL;
  of = g_strdup_printf ("the release of hold %u", release->hold);
  signer = md_seal_verify_signature (files->signature, files->release, of, &taken, error);
  if (signer == NULL || !md_seal_check_trust (staff_trust, signer, time, "a release", error)
      || !check_officer (release, clerk, md_cms_signer_get_certificate (signer), error)
      || !md_seal_is_taken (taken, of, error))
    return NULL;
  if (out_signer != NULL)
    *out_signer = g_steal_pointer (&signer);
  return g_steal_pointer (&release);
}
