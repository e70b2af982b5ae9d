// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* What an address may begin with. */
static const struct
{
  const char *scheme;
  gboolean is_part; /* of the place */
  MdLedger *(*open) (const char *place, const MdLedgerUse *use, GError **error);
} engines[] = {
  { "sqlite:", FALSE, _md_ledger_sqlite_open },
  { "postgresql:", TRUE, _md_ledger_postgresql_open },
};

MdLedger *
md_ledger_open (const char *address, const MdLedgerUse *use, GError **error)
{
  g_return_val_if_fail (address != NULL && use != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (engines); i++)
    if (g_str_has_prefix (address, engines[i].scheme))
      return engines[i].open (address + (engines[i].is_part ? 0 : strlen (engines[i].scheme)), use,
                              error);
  g_set_error_literal (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDRESS,
                       "No store is known by this address; write sqlite:PATH or "
                       "postgresql://USER@HOST/DATABASE");
  return NULL;
}
