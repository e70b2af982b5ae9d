// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "desk.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define GROUP "backoffice"
#define CONFIRMATION_KEY_DIGITS 64u
/* How many have to have made a choice before a tally tells how many: without a setting, and what a
 * setting may be. */
#define LEAST_OF_TALLY 10
#define LEAST_OF_ALL 3
#define MOST_OF_ALL 1000
/* Of the intakes that one officer opens in ten minutes. */
#define LOOKS 100
#define LEAST_LOOKS 10
#define MOST_LOOKS 1000

/* The policies that were in force, for what was made under them. The ledger's word counts for
 * nothing but the day on which each came: every one is verified with the anchor of this desk. */
static gboolean
read_history (Desk *desk, const char *anchor_path, GError **error)
{
  g_autoptr (GPtrArray) list = md_ledger_list_policies (desk->ledger, error);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) anchor = NULL;
  gsize size = 0;

  if (list == NULL || !g_file_get_contents (anchor_path, &text, &size, error))
    return FALSE;
  anchor = g_bytes_new_take (g_steal_pointer (&text), size);
  desk->history = md_policy_history_new ();
  for (guint i = 0; i < list->len; i++)
    {
      const MdLedgerPolicy *kept = list->pdata[i];
      MdPolicyExpect expect = { .office = md_policy_get_office (desk->policy),
                                .environment = md_policy_get_environment (desk->policy) };
      g_autoptr (GError) local = NULL;
      g_autoptr (MdPolicy) policy
          = md_policy_new_from_bundle (kept->bundle, anchor, &expect, &local);

      if (policy == NULL || !md_policy_history_add (desk->history, policy, kept->taken, &local))
        g_debug ("policy version %u of the ledger is left out: %s", kept->version, local->message);
    }
  return TRUE;
}

static char *
setting (GKeyFile *file, const char *name, gboolean required, GError **error)
{
  char *value = g_key_file_get_string (file, GROUP, name, NULL);

  if (value == NULL && required)
    g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND,
                 "[backoffice] %s is missing", name);
  return value;
}

/* The certificate and the key of these files. */
static gboolean
open_files (const char *certificate_path, const char *key_path, MdCertificate **out_certificate,
            MdKey **out_key, GError **error)
{
  if ((*out_certificate = md_certificate_new_from_file (certificate_path, error)) == NULL
      || (*out_key = md_key_new_from_file (key_path, NULL, error)) == NULL)
    return FALSE;
  if (md_key_matches (*out_key, *out_certificate))
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               "the key %s does not belong to the certificate %s", key_path, certificate_path);
  return FALSE;
}

/* A certificate and its key under @prefix; both or, where not required, neither. */
static gboolean
open_pair (GKeyFile *file, const char *prefix, gboolean required, MdCertificate **out_certificate,
           MdKey **out_key, GError **error)
{
  g_autofree char *certificate_name = g_strconcat (prefix, "_certificate", NULL);
  g_autofree char *key_name = g_strconcat (prefix, "_key", NULL);
  g_autofree char *certificate_path = setting (file, certificate_name, required, error);
  g_autofree char *key_path = NULL;

  if (certificate_path == NULL)
    return !required;
  key_path = setting (file, key_name, TRUE, error);
  return key_path != NULL
         && open_files (certificate_path, key_path, out_certificate, out_key, error);
}

/* Who signs what goes back to the terminals, where this desk may tell them anything. */
static gboolean
read_notice_signer (Desk *desk, GKeyFile *file, GError **error)
{
  g_autofree char *certificate = g_key_file_get_string (file, "notice", "certificate", NULL);
  g_autofree char *key = NULL;

  if (certificate == NULL)
    return TRUE;
  key = g_key_file_get_string (file, "notice", "key", error);
  return key != NULL
         && open_files (certificate, key, &desk->notice_certificate, &desk->notice_key, error);
}

static gboolean
read_holds (Desk *desk, GKeyFile *file, GError **error)
{
  g_autofree char *path = g_key_file_get_string (file, "holds", "list", NULL);

  if (path == NULL)
    return TRUE;
  desk->holds = hold_list_read (path, error);
  return desk->holds != NULL;
}

static gboolean
read_held (Desk *desk, GKeyFile *file, GError **error)
{
  g_autofree char *path = g_key_file_get_string (file, "held", "file", NULL);

  if (path == NULL)
    return TRUE;
  desk->held = held_read (path, error);
  return desk->held != NULL;
}

/* The key under which numbers are taken down: 64 hexadecimal digits that nobody else reads. */
static gboolean
read_confirmation_key (Desk *desk, GKeyFile *file, GError **error)
{
  g_autofree char *path = g_key_file_get_string (file, "confirmation", "key", NULL);
  g_autoptr (GBytes) key = NULL;
  char *text = NULL;
  GStatBuf about;

  if (path == NULL)
    return TRUE;
  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  g_strchomp (text);
  key = strlen (text) == CONFIRMATION_KEY_DIGITS ? md_hex_decode (text, NULL) : NULL;
  md_wipe_free_text (text);
  if (key == NULL || g_stat (path, &about) != 0 || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    {
      g_set_error (
          error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
          _ ("%s is not a key of 64 hexadecimal digits that its owner alone can read. Make "
             "one with \"openssl rand -hex 32\" and mode 600, or put the former one back "
             "where there was one."),
          path);
      return FALSE;
    }
  desk->confirmation_key
      = md_secret_new_from_data (g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  return TRUE;
}

/* A number of the settings that may be left out. */
static gboolean
read_number (GKeyFile *file, const char *group, const char *name, int least, int most, guint *out)
{
  g_autoptr (GError) local = NULL;
  const int number = g_key_file_get_integer (file, group, name, &local);

  if (g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND)
      || g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND))
    return TRUE;
  if (local != NULL || number < least || number > most)
    return FALSE;
  *out = (guint)number;
  return TRUE;
}

/* How many have to have made a choice before a tally says how many. */
static gboolean
read_least (Desk *desk, GKeyFile *file, GError **error)
{
  desk->least = LEAST_OF_TALLY;
  if (read_number (file, "statistics", "least", LEAST_OF_ALL, MOST_OF_ALL, &desk->least))
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               _ ("[statistics] least is a number from %d to %d: fewer than so many people are "
                  "not told apart."),
               LEAST_OF_ALL, MOST_OF_ALL);
  return FALSE;
}

/* How many people one officer looks at before the next has to wait. */
static gboolean
read_most (Desk *desk, GKeyFile *file, GError **error)
{
  desk->most = LOOKS;
  if (read_number (file, "looks", "most", LEAST_LOOKS, MOST_LOOKS, &desk->most))
    return TRUE;
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
               _ ("[looks] most is a number from %d to %d: an officer opens no more intakes than "
                  "that, one by one, in ten minutes."),
               LEAST_LOOKS, MOST_LOOKS);
  return FALSE;
}

static gboolean
open_parts (Desk *desk, GKeyFile *file, gboolean writable, GError **error)
{
  MdPolicyExpect expect = { .now = 0 }; /* what arrived under a policy can be read after its end */
  MdLedgerUse use = { .writable = writable, .place = "backoffice" };
  g_autofree char *bundle = NULL;
  g_autofree char *anchor = NULL;
  g_autofree char *ledger = NULL;

  if ((bundle = setting (file, "policy", TRUE, error)) == NULL
      || (anchor = setting (file, "anchor", TRUE, error)) == NULL
      || (ledger = setting (file, "ledger", TRUE, error)) == NULL
      || (desk->policy = md_policy_load (bundle, anchor, &expect, error)) == NULL)
    return FALSE;
  desk->forms_dir = setting (file, "forms_dir", FALSE, NULL);
  desk->crl_dir = setting (file, "crl_dir", FALSE, NULL);
  desk->ocsp_url = setting (file, "ocsp_url", FALSE, NULL);
  desk->crl_archive = g_key_file_get_string (file, "crl", "archive", NULL);
  if (!read_least (desk, file, error) || !read_most (desk, file, error))
    return FALSE;
  if (!open_pair (file, "business", TRUE, &desk->business_certificate, &desk->business_key, error)
      || !open_pair (file, "vault", FALSE, &desk->vault_certificate, &desk->vault_key, error))
    return FALSE;
  if (!read_holds (desk, file, error) || !read_held (desk, file, error)
      || !read_confirmation_key (desk, file, error) || !read_notice_signer (desk, file, error))
    return FALSE;
  desk->catalogue = md_catalogue_load (desk->forms_dir != NULL ? desk->forms_dir : MD_FORMSDIR,
                                       &desk->forms_trouble); /* what needs no form goes on */
  use.office = md_policy_get_office (desk->policy);
  desk->ledger = md_ledger_open (ledger, &use, error);
  return desk->ledger != NULL && read_history (desk, anchor, error);
}

Desk *
desk_open (const char *path, gboolean writable, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Desk) desk = g_new0 (Desk, 1);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error)
      || !open_parts (desk, file, writable, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_steal_pointer (&desk);
}

static void
add_authorities (GPtrArray *to, MdPolicy *policy, MdAnchors kind)
{
  GPtrArray *anchors = md_policy_get_anchors (policy, kind);

  for (guint i = 0; i < anchors->len; i++)
    {
      MdCertificate *anchor = md_certificate_new_from_der (anchors->pdata[i], NULL);

      if (anchor != NULL)
        g_ptr_array_add (to, anchor);
    }
}

GPtrArray *
desk_dup_authorities (const Desk *desk)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  MdPolicy *policy = desk->policy;

  for (guint i = 0; policy != NULL; policy = md_policy_history_get (desk->history, i++))
    {
      add_authorities (list, policy, MD_ANCHORS_JPKI_AUTH);
      add_authorities (list, policy, MD_ANCHORS_JPKI_SIGN);
    }
  return list;
}

void
desk_free (Desk *desk)
{
  if (desk == NULL)
    return;
  g_clear_object (&desk->policy);
  g_clear_object (&desk->ledger);
  g_clear_pointer (&desk->history, md_policy_history_free);
  g_clear_pointer (&desk->business_certificate, md_certificate_unref);
  g_clear_pointer (&desk->business_key, md_key_unref);
  g_clear_pointer (&desk->vault_certificate, md_certificate_unref);
  g_clear_pointer (&desk->vault_key, md_key_unref);
  g_free (desk->forms_dir);
  g_free (desk->crl_dir);
  g_free (desk->crl_archive);
  g_free (desk->ocsp_url);
  hold_list_free (desk->holds);
  held_free (desk->held);
  md_secret_unref (desk->confirmation_key);
  g_clear_pointer (&desk->notice_certificate, md_certificate_unref);
  g_clear_pointer (&desk->notice_key, md_key_unref);
  g_clear_object (&desk->catalogue);
  g_clear_error (&desk->forms_trouble);
  g_free (desk);
}

MdForm *
desk_find_form (const Desk *desk, const MdManifest *manifest)
{
  return desk->catalogue != NULL ? md_catalogue_get_form_version (
             desk->catalogue, manifest->procedure, manifest->procedure_version)
                                 : NULL;
}
