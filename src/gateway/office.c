// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "office.h"

#include <gio/gio.h>
#include <md-base.h>
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

static GBytes *
read_anchor (const Office *office, GError **error)
{
  return read_file (office->settings->anchor, MD_LIMIT_CERTIFICATE, error);
}

/* The policy that lies there now, verified. */
static MdPolicy *
read_policy (const Office *office, GBytes **out_bundle, GError **error)
{
  MdPolicyExpect expect = { .now = g_get_real_time () };
  g_autoptr (GBytes) bundle = NULL;
  g_autoptr (GBytes) anchor = NULL;
  MdPolicy *policy = NULL;

  if (office->policy != NULL)
    {
      expect.office = md_policy_get_office (office->policy);
      expect.environment = md_policy_get_environment (office->policy);
    }
  if ((bundle = read_file (office->settings->policy, MD_WIRE_MAX_POLICY, error)) == NULL
      || (anchor = read_anchor (office, error)) == NULL)
    return NULL;
  policy = md_policy_new_from_bundle (bundle, anchor, &expect, error);
  if (policy != NULL)
    *out_bundle = g_steal_pointer (&bundle);
  return policy;
}

static char *
make_etag (GBytes *bundle)
{
  g_autofree char *digest = md_wire_digest_hex (bundle);

  return g_strdup_printf ("\"%s\"", digest);
}

static void
remember_etag (Office *office, guint version, GBytes *bundle)
{
  g_hash_table_insert (office->etags, make_etag (bundle), GUINT_TO_POINTER (version));
}

/* The newest of the history, whose bundle is @bundle, is the one in force. */
static void
put_to_work (Office *office, GBytes *bundle)
{
  office->policy = md_policy_history_get_newest (office->history);
  g_bytes_ref (bundle);
  g_clear_pointer (&office->policy_bundle, g_bytes_unref);
  office->policy_bundle = bundle;
  g_free (office->policy_etag);
  office->policy_etag = make_etag (bundle);
  remember_etag (office, md_policy_get_version (office->policy), bundle);
}

/* Puts @policy into force: into the history, into the ledger for later years, to work. */
static gboolean
adopt (Office *office, MdPolicy *policy, GBytes *bundle, GError **error)
{
  const gint64 now = g_get_real_time ();
  g_autofree char *digest = g_strdup (md_policy_get_digest (policy));
  MdLedgerPolicy kept = {
    .version = md_policy_get_version (policy), .digest = digest, .bundle = bundle, .taken = now
  };

  if (!md_policy_history_may_add (office->history, policy, error))
    return FALSE;
  md_ledger_set_office (office->ledger, md_policy_get_office (policy));
  if (!md_ledger_keep_policy (office->ledger, &kept, error)
      || !md_policy_history_add (office->history, policy, now, error))
    return FALSE;
  put_to_work (office, bundle);
  return TRUE;
}

/* One that the ledger has kept. @here: it was in force here, and comes back as it was. */
static gboolean
take_kept (Office *office, const MdLedgerPolicy *kept, gboolean here, GError **error)
{
  MdPolicyExpect expect = { .now = 0 }; /* it may be over by now */
  g_autoptr (GBytes) anchor = read_anchor (office, error);
  g_autoptr (MdPolicy) policy = NULL;

  if (anchor == NULL)
    return FALSE;
  if (!here && office->policy != NULL)
    {
      expect.office = md_policy_get_office (office->policy);
      expect.environment = md_policy_get_environment (office->policy);
    }
  remember_etag (office, kept->version, kept->bundle);
  policy = md_policy_new_from_bundle (kept->bundle, anchor, &expect, error);
  if (policy == NULL || (!here && !md_policy_history_may_add (office->history, policy, error))
      || !md_policy_history_add (office->history, policy, kept->taken, error))
    return FALSE;
  put_to_work (office, kept->bundle);
  return TRUE;
}

/* What the ledger has kept. A policy that no longer verifies (another anchor since) is left out:
 * what was made under it then waits, and is not lost. */
static gboolean
read_history (Office *office, GError **error)
{
  g_autoptr (GPtrArray) list = md_ledger_list_policies (office->ledger, error);
  g_autoptr (GBytes) anchor = list != NULL ? read_anchor (office, error) : NULL;

  if (anchor == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      const MdLedgerPolicy *kept = list->pdata[i];
      g_autoptr (GError) local = NULL;

      office->followed = kept->version;
      if (!take_kept (office, kept, TRUE, &local))
        g_message ("policy version %u of the ledger is left out: %s", kept->version,
                   local->message);
    }
  if (office->policy != NULL)
    md_ledger_set_office (office->ledger, md_policy_get_office (office->policy));
  return TRUE;
}

static gboolean
take_policy (Office *office, GError **error)
{
  g_autoptr (GBytes) bundle = NULL;
  g_autoptr (MdPolicy) policy = read_policy (office, &bundle, error);

  return policy != NULL && adopt (office, policy, bundle, error);
}

static gboolean
is_over (const Office *office)
{
  return g_get_real_time () > md_policy_get_not_after (office->policy);
}

MdProblem *
office_find_problem (const Office *office)
{
  g_autofree char *detail = NULL;
  g_autofree char *end = NULL;

  if (office->policy == NULL)
    return md_problem_new (
        MD_PROBLEM_POLICY_MISSING,
        "This gateway has never had a valid policy. Put the office's signed policy in its place.");
  if (!is_over (office))
    return NULL;
  end = md_time_format_rfc3339 (md_policy_get_not_after (office->policy));
  detail = g_strdup_printf ("Policy version %u ended at %s. Put the next one in its place.",
                            md_policy_get_version (office->policy), end);
  return md_problem_new (MD_PROBLEM_POLICY_MISSING, detail);
}

/* Says once, in the log and in the audit chain, when there comes to be no policy in force, and when
 * there is one again. */
static void
tell_standing (Office *office)
{
  g_autoptr (MdProblem) problem = office_find_problem (office);
  const gboolean serves = problem == NULL;
  g_autofree char *detail = NULL;
  MdAuditEntry entry = { .event = "policy", .outcome = serves ? MD_AUDIT_DONE : MD_AUDIT_FAILED };
  g_autoptr (GError) error = NULL;

  if (serves == office->serves)
    return;
  office->serves = serves;
  if (serves)
    g_message ("serving under policy version %u", md_policy_get_version (office->policy));
  else
    g_message ("no terminal is served: %s", problem->detail);
  detail = g_strdup_printf ("version=%u state=%s",
                            office->policy != NULL ? md_policy_get_version (office->policy) : 0,
                            serves                   ? "in-force"
                            : office->policy != NULL ? "over"
                                                     : "missing");
  entry.detail = detail;
  if (!md_ledger_note (office->ledger, &entry, &error))
    g_message ("this could not be recorded: %s", error->message);
}

/* Says once for each file why it is not taken. What was wrong beside it (the store, the anchor) may
 * pass: then the same file is tried again at the next look. */
static void
refuse_policy (Office *office, const GError *failure, gboolean anew)
{
  g_autofree char *detail = g_strconcat ("cause=", md_policy_error_get_word (failure), NULL);
  MdAuditEntry entry = { .event = "policy", .outcome = MD_AUDIT_REFUSED, .detail = detail };
  const char *stamp = office->policy_stamp != NULL ? office->policy_stamp : "missing";
  const gboolean told = !anew && g_strcmp0 (office->policy_told, stamp) == 0;
  g_autoptr (GError) error = NULL;

  if (!told)
    {
      g_free (office->policy_told);
      office->policy_told = g_strdup (stamp);
      g_message ("the policy file is not taken: %s", failure->message);
      if (!md_ledger_note (office->ledger, &entry, &error))
        g_message ("this could not be recorded: %s", error->message);
    }
  if (failure->domain != MD_POLICY_ERROR)
    g_clear_pointer (&office->policy_stamp, g_free);
}

void
office_refresh_policy (Office *office, gboolean anew)
{
  g_autofree char *stamp = stamp_of (office->settings->policy);
  const gboolean changed = anew || g_strcmp0 (stamp, office->policy_stamp) != 0;
  const guint before = office->policy != NULL ? md_policy_get_version (office->policy) : 0;
  g_autoptr (GError) error = NULL;

  g_free (office->policy_stamp);
  office->policy_stamp = g_steal_pointer (&stamp);
  /* Without a policy the same file is tried again: it may not be its content that was wrong. */
  if (changed || !office->serves)
    {
      if (!take_policy (office, &error))
        refuse_policy (office, error, anew);
      else
        {
          g_clear_pointer (&office->policy_told, g_free);
          if (md_policy_get_version (office->policy) != before)
            g_message ("policy version %u is in force", md_policy_get_version (office->policy));
        }
    }
  tell_standing (office);
}

void
office_follow (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list
      = md_ledger_list_newer_policies (office->ledger, office->followed, &error);

  if (list == NULL)
    {
      g_message ("the store failed: %s", error->message);
      return;
    }
  for (guint i = 0; i < list->len; i++)
    {
      const MdLedgerPolicy *kept = list->pdata[i];
      g_autoptr (GError) local = NULL;

      office->followed = kept->version;
      if (office->policy != NULL && kept->version <= md_policy_get_version (office->policy))
        continue; /* our own */
      if (!take_kept (office, kept, FALSE, &local))
        {
          g_message ("policy version %u of another gateway is not taken: %s", kept->version,
                     local->message);
          continue;
        }
      md_ledger_set_office (office->ledger, md_policy_get_office (office->policy));
      g_message ("policy version %u is in force, as at another gateway", kept->version);
    }
  if (list->len > 0)
    tell_standing (office);
}

guint
office_find_version (const Office *office, const char *etag)
{
  gpointer version = g_hash_table_lookup (office->etags, etag);

  return GPOINTER_TO_UINT (version);
}

gboolean
office_reload_receipt_key (Office *office, GError **error)
{
  const GatewaySettings *settings = office->settings;
  g_autoptr (MdCertificate) certificate
      = md_certificate_new_from_file (settings->receipt_certificate, error);
  g_autoptr (MdKey) key
      = certificate != NULL ? md_key_new_from_file (settings->receipt_key, NULL, error) : NULL;

  if (key == NULL)
    return FALSE;
  if (!md_key_matches (key, certificate))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "[gateway] receipt_key does not belong to receipt_certificate");
      return FALSE;
    }
  g_clear_pointer (&office->receipt_key, md_key_unref);
  g_clear_pointer (&office->receipt_certificate, md_certificate_unref);
  office->receipt_key = g_steal_pointer (&key);
  office->receipt_certificate = g_steal_pointer (&certificate);
  return TRUE;
}

void
office_note_unusable (Office *office)
{
  const MdAuditEntry entry
      = { .event = "settings", .outcome = MD_AUDIT_FAILED, .detail = "cause=unavailable" };
  g_autoptr (GError) error = NULL;

  if (!md_ledger_note (office->ledger, &entry, &error))
    g_message ("this could not be recorded: %s", error->message);
}

Office *
office_open (const GatewaySettings *settings, GError **error)
{
  g_autoptr (Office) office = g_new0 (Office, 1);
  MdLedgerUse use = { .writable = TRUE, .service = TRUE, .office = "", .place = "gateway" };

  office->settings = settings;
  office->history = md_policy_history_new ();
  office->etags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  office->letters_asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  office->serves = TRUE;
  office->ledger = md_ledger_open (settings->ledger, &use, error);
  if (office->ledger == NULL)
    return NULL;
  if (!office_reload_receipt_key (office, error) || !read_history (office, error)
      || (office->nonces = nonces_open (office->ledger, g_get_real_time (), error)) == NULL)
    {
      office_note_unusable (office);
      return NULL;
    }
  office_refresh_policy (office, TRUE);
  return g_steal_pointer (&office);
}

void
office_free (Office *office)
{
  if (office == NULL)
    return;
  g_clear_pointer (&office->nonces, nonces_free);
  g_clear_pointer (&office->letters_asked, g_hash_table_unref);
  g_clear_object (&office->ledger);
  g_clear_pointer (&office->receipt_key, md_key_unref);
  g_clear_pointer (&office->receipt_certificate, md_certificate_unref);
  g_clear_pointer (&office->history, md_policy_history_free);
  g_clear_pointer (&office->policy_bundle, g_bytes_unref);
  g_clear_pointer (&office->etags, g_hash_table_unref);
  g_free (office->policy_etag);
  g_free (office->policy_stamp);
  g_free (office->policy_told);
  g_free (office);
}

MdTrust *
office_create_line_trust (const Office *office, GError **error)
{
  g_autoptr (GPtrArray) authorities = md_certificate_list_from_file (office->settings->ca, error);
  MdTrust *trust = authorities != NULL ? md_trust_new (MD_TRUST_PROFILE_SIGNER) : NULL;

  if (trust == NULL)
    return NULL;
  for (guint i = 0; i < authorities->len; i++)
    md_trust_add_anchor (trust, authorities->pdata[i]);
  return trust;
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
  receipt->nonce = g_strdup (entry->nonce);
  return md_receipt_sign (receipt, office->receipt_key, office->receipt_certificate,
                          g_get_real_time () / G_TIME_SPAN_SECOND, error);
}
