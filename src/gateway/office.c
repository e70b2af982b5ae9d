// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "office.h"

#include <gio/gio.h>
#include <md-base.h>
#include <md-protocol.h>
#include <md-seal.h>
#include <sys/stat.h>

/* What tells one file from the next under the same name. */
static char *
stamp_of (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GINT64_FORMAT ":%ld.%09ld",
                          (guint64)info.st_ino, (gint64)info.st_size, info.st_mtim.tv_sec,
                          info.st_mtim.tv_nsec);
}

static MdTrust *
make_staff_trust (MdPolicy *policy, GError **error)
{
  g_autoptr (MdTrust) trust = md_trust_new (MD_TRUST_PROFILE_STAFF_SIGN);
  GPtrArray *anchors = md_policy_get_anchors (policy, MD_ANCHORS_STAFF);

  for (guint i = 0; i < anchors->len; i++)
    {
      g_autoptr (MdCertificate) anchor = md_certificate_new_from_der (anchors->pdata[i], error);
      if (anchor == NULL)
        return NULL;
      md_trust_add_anchor (trust, anchor);
    }
  return g_steal_pointer (&trust);
}

static GBytes *
read_file (const char *path, gsize max, GError **error)
{
  g_autofree char *data = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  if (size > max)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s is too large", path);
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), size);
}

/* Loads the policy that lies there now; changes @office only when all of it is good. */
static gboolean
take_policy (Office *office, GError **error)
{
  const GatewaySettings *settings = office->settings;
  MdPolicyExpect expect = { .now = g_get_real_time () };
  g_autoptr (GBytes) bundle = NULL;
  g_autoptr (GBytes) anchor = NULL;
  g_autoptr (MdPolicy) policy = NULL;
  g_autoptr (MdTrust) trust = NULL;
  g_autofree char *digest = NULL;

  if (office->policy != NULL)
    {
      expect.floor = md_policy_get_version (office->policy);
      expect.office = md_policy_get_office (office->policy);
      expect.environment = md_policy_get_environment (office->policy);
    }
  if ((bundle = read_file (settings->policy, MD_WIRE_MAX_POLICY, error)) == NULL
      || (anchor = read_file (settings->anchor, MD_LIMIT_CERTIFICATE, error)) == NULL
      || (policy = md_policy_new_from_bundle (bundle, anchor, &expect, error)) == NULL
      || (trust = make_staff_trust (policy, error)) == NULL)
    return FALSE;

  digest = md_wire_digest_hex (bundle);
  g_clear_object (&office->policy);
  g_clear_pointer (&office->policy_bundle, g_bytes_unref);
  g_clear_pointer (&office->staff_trust, md_trust_unref);
  g_free (office->policy_etag);
  office->policy = g_steal_pointer (&policy);
  office->policy_bundle = g_steal_pointer (&bundle);
  office->staff_trust = g_steal_pointer (&trust);
  office->policy_etag = g_strdup_printf ("\"%s\"", digest);
  return TRUE;
}

void
office_refresh_policy (Office *office)
{
  g_autofree char *stamp = stamp_of (office->settings->policy);
  g_autoptr (GError) error = NULL;

  if (stamp == NULL || g_strcmp0 (stamp, office->policy_stamp) == 0)
    return;
  g_free (office->policy_stamp);
  office->policy_stamp = g_steal_pointer (&stamp);
  if (take_policy (office, &error))
    g_message ("policy version %u is in force", md_policy_get_version (office->policy));
  else
    g_message ("the new policy file is not taken, version %u stays in force: %s",
               md_policy_get_version (office->policy), error->message);
}

static gboolean
open_receipt_key (Office *office, GError **error)
{
  const GatewaySettings *settings = office->settings;

  office->receipt_certificate = md_certificate_new_from_file (settings->receipt_certificate, error);
  if (office->receipt_certificate == NULL)
    return FALSE;
  office->receipt_key = md_key_new_from_file (settings->receipt_key, NULL, error);
  if (office->receipt_key == NULL)
    return FALSE;
  if (md_key_matches (office->receipt_key, office->receipt_certificate))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       "[gateway] receipt_key does not belong to receipt_certificate");
  return FALSE;
}

Office *
office_open (const GatewaySettings *settings, GError **error)
{
  g_autoptr (Office) office = g_new0 (Office, 1);
  MdLedgerUse use = { .writable = TRUE, .service = TRUE, .place = "gateway" };

  office->settings = settings;
  office->policy_stamp = stamp_of (settings->policy);
  if (!take_policy (office, error) || !open_receipt_key (office, error))
    return NULL;
  use.office = md_policy_get_office (office->policy);
  office->ledger = md_ledger_open (settings->ledger, &use, error);
  if (office->ledger == NULL)
    return NULL;
  return g_steal_pointer (&office);
}

void
office_free (Office *office)
{
  if (office == NULL)
    return;
  g_clear_object (&office->ledger);
  g_clear_pointer (&office->receipt_key, md_key_unref);
  g_clear_pointer (&office->receipt_certificate, md_certificate_unref);
  g_clear_object (&office->policy);
  g_clear_pointer (&office->policy_bundle, g_bytes_unref);
  g_clear_pointer (&office->staff_trust, md_trust_unref);
  g_free (office->policy_etag);
  g_free (office->policy_stamp);
  g_free (office);
}

GBytes *
office_make_receipt (const MdLedgerEntry *entry, gpointer user_data, GError **error)
{
  Office *office = user_data;
  g_autoptr (MdReceipt) receipt = md_receipt_new ();

  receipt->id = g_strdup (entry->intake);
  receipt->item = md_item_format (entry->n);
  receipt->sha256 = g_strdup (entry->digest);
  receipt->sequence = entry->sequence;
  receipt->time = g_strdup (entry->received);
  receipt->terminal = g_strdup (entry->terminal);
  receipt->office = g_strdup (entry->office);
  return md_receipt_sign (receipt, office->receipt_key, office->receipt_certificate,
                          g_get_real_time () / G_TIME_SPAN_SECOND, error);
}
