// SPDX-License-Identifier: Apache-2.0
/* The command "crl add": revocation lists into the archive. */
#include "config.h"

#include "command.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
record (const Desk *desk, const Options *options, MdCrlOffer offer, const char *sha256,
        GError **error)
{
  g_autofree char *detail = g_strdup_printf ("cause=%s", md_crl_offer_to_string (offer));
  const MdAuditEntry entry = { .event = "crl",
                               .outcome = sha256 != NULL ? MD_AUDIT_DONE : MD_AUDIT_REFUSED,
                               .staff = options->officer,
                               .reason = options->reason,
                               .digest = sha256,
                               .detail = detail };

  return md_ledger_note (desk->ledger, &entry, error);
}

static void
tell (const Options *options, const char *file, MdCrlOffer offer, const char *sha256)
{
  g_autoptr (MdRecord) line = NULL;
  g_autoptr (MdSecret) text = NULL;

  if (!options->json)
    {
      g_print ("%s  %s%s%s\n", file, md_crl_offer_to_string (offer), sha256 != NULL ? "  " : "",
               sha256 != NULL ? sha256 : "");
      return;
    }
  line = md_record_new_object ();
  md_record_set_text (line, "file", file);
  md_record_set_text (line, "outcome", md_crl_offer_to_string (offer));
  md_record_set_text (line, "sha256", sha256);
  text = md_record_write (line, FALSE);
  if (text != NULL)
    g_print ("%s\n", md_secret_get_text (text));
}

static int
add (Desk *desk, const Options *options, const GPtrArray *authorities, const char *file)
{
  g_autofree char *contents = NULL;
  g_autofree char *sha256 = NULL;
  g_autoptr (GBytes) list = NULL;
  g_autoptr (GError) error = NULL;
  MdCrlOffer offer = MD_CRL_OFFER_UNREADABLE;
  gsize size = 0;

  if (!g_file_get_contents (file, &contents, &size, &error))
    return command_complain (error);
  list = g_bytes_new_take (g_steal_pointer (&contents), size);
  if (!md_crl_archive_keep (desk->crl_archive, list, authorities, &offer, &sha256, &error)
      || !record (desk, options, offer, sha256, &error))
    return command_complain (error);
  tell (options, file, offer, sha256);
  return sha256 != NULL ? STATUS_FINE : STATUS_FORGED;
}

int
command_crl (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GPtrArray) authorities = NULL;
  int status = STATUS_FINE;

  if (strcmp (argv[0], "add") != 0)
    {
      g_printerr (_ ("madoguchi-backoffice: wrong use; see madoguchi-backoffice --help\n"));
      return STATUS_USAGE;
    }
  if (desk->crl_archive == NULL)
    {
      g_printerr (_ ("madoguchi-backoffice: the settings name no archive of lists ([crl] "
                     "archive)\n"));
      return STATUS_SETTINGS;
    }
  authorities = desk_dup_authorities (desk);
  for (int i = 1; i < argc; i++)
    status = command_worse (status, add (desk, options, authorities, argv[i]));
  return status;
}
