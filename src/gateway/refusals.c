// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "refusals.h"

void
refusals_note (const Office *office, const Peer *peer, const char *what, const char *intake,
               const char *code, const char *digest)
{
  const gboolean known = peer->terminal[0] != '\0';
  g_autofree char *detail
      = g_strdup_printf ("terminal=%s what=%s code=%s", known ? peer->terminal : "-", what, code);
  const MdAuditEntry entry = { .event = "refuse",
                               .outcome = MD_AUDIT_REFUSED,
                               .object = intake,
                               .digest = digest,
                               .detail = detail };
  g_autoptr (MdLedgerRefusal) refusal = g_new0 (MdLedgerRefusal, 1);
  gboolean recorded = FALSE;
  g_autoptr (GError) error = NULL;

  refusal->office = g_strdup (peer->office);
  refusal->terminal = known ? g_strdup (peer->terminal) : NULL;
  refusal->intake = g_strdup (intake);
  refusal->what = g_strdup (what);
  refusal->code = g_strdup (code);
  refusal->digest = g_strdup (digest);
  if (!md_ledger_note_refusal (office->ledger, refusal, &entry, &recorded, &error))
    g_message ("the refusal could not be recorded: %s", error->message);
  else if (recorded)
    g_message ("refused: %s", detail);
}

static const char *
or_dash (const char *text)
{
  return text[0] != '\0' ? text : "-";
}

gboolean
refusals_print (const char *address, GError **error)
{
  static const char *const stored[] = { [MD_LEDGER_STORED_NOT] = "not-stored",
                                        [MD_LEDGER_STORED] = "stored",
                                        [MD_LEDGER_STORED_OTHER] = "other-stored" };
  const MdLedgerUse use = { .office = "", .place = "gateway" };
  g_autoptr (MdLedger) ledger = md_ledger_open (address, &use, error);
  g_autoptr (GPtrArray) refusals = ledger != NULL ? md_ledger_list_refusals (ledger, error) : NULL;

  for (guint i = 0; refusals != NULL && i < refusals->len; i++)
    {
      const MdLedgerRefusal *refusal = refusals->pdata[i];

      g_print ("%s\t%s\t%s\t%s\t%" G_GUINT64_FORMAT "\t%s\t%s\t%s\n", refusal->last,
               refusal->terminal, refusal->what, refusal->code, refusal->times,
               or_dash (refusal->intake), or_dash (refusal->digest), stored[refusal->stored]);
    }
  return refusals != NULL;
}
