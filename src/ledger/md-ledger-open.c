// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <string.h>

/* The engines. A second one (PostgreSQL, for many offices and several gateways) is one more row. */
static const struct
{
  const char *scheme;
  MdLedger *(*open) (const char *place, const MdLedgerUse *use, GError **error);
} engines[] = {
  { "sqlite:", _md_ledger_sqlite_open },
};

MdLedger *
md_ledger_open (const char *address, const MdLedgerUse *use, GError **error)
{
  g_return_val_if_fail (address != NULL && use != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (engines); i++)
    if (g_str_has_prefix (address, engines[i].scheme))
      return engines[i].open (address + strlen (engines[i].scheme), use, error);
  g_set_error (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDRESS,
               "No store is known by the address \"%s\"; write sqlite:PATH", address);
  return NULL;
}
