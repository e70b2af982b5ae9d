// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md-ledger.h>

#include "../db/place.h"

/* A ledger in a place of its own. */
typedef struct
{
  TestPlace place;
  char *address;
  MdLedger *ledger;
  guint receipts;                      /* made so far */
  const char *nonce;                   /* of the next intake, found fresh */
  const char *replaces;                /* of the next intake */
  const char *terminal;                /* of the next items; NULL: T001 */
  const char *letter;                  /* of the next items: the intake of the letter */
  const char *cites, *allows, *amends; /* of the next items: decisions upon a letter */
  const char *number;                  /* of the next intake; NULL: one of its own */
  guint number_to; /* the policy's range is 1 to this; 0: numbers are not judged */
  gboolean receipts_fail;
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

/* Opens the same ledger again. */
MdLedger *fixture_open (Fixture *fixture, gboolean writable);

/* The same as a database, whose tables can be laid hands on. */
MdDb *fixture_open_db (Fixture *fixture);

/* Puts @text as item @n of @intake; the receipt goes to @out_receipt (nullable) as a text. */
MdLedgerPut fixture_put (Fixture *fixture, const char *intake, guint n, const char *decision,
                         const char *text, char **out_receipt);
