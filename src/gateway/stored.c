// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "stored.h"

/* The ledger's word as the wire says it; of what is stored, nothing. */
static const struct
{
  MdProblemCode code;
  const char *detail;
} put_problems[] = {
  [MD_LEDGER_PUT_FAILED] = { MD_PROBLEM_STORE_FAILED, NULL },
  [MD_LEDGER_PUT_CREATED] = { MD_PROBLEM_UNKNOWN, NULL },
  [MD_LEDGER_PUT_SAME] = { MD_PROBLEM_UNKNOWN, NULL },
  [MD_LEDGER_PUT_CONFLICT] = { MD_PROBLEM_ID_CONFLICT, NULL },
  [MD_LEDGER_PUT_NO_INTAKE] = { MD_PROBLEM_INTAKE_UNKNOWN, NULL },
  [MD_LEDGER_PUT_NONCE_USED] = { MD_PROBLEM_NONCE_USED, NULL },
  [MD_LEDGER_PUT_OUT_OF_ORDER] = { MD_PROBLEM_OUT_OF_ORDER, NULL },
  [MD_LEDGER_PUT_REPLACES_OTHER]
  = { MD_PROBLEM_BINDING,
      "The intake that this one replaces is of another office, terminal or procedure." },
  [MD_LEDGER_PUT_NOT_RETURNED]
  = { MD_PROBLEM_BINDING, "The intake that this one replaces was not returned." },
  [MD_LEDGER_PUT_ALREADY_REPLACED] = { MD_PROBLEM_ALREADY_REPLACED, NULL },
  [MD_LEDGER_PUT_LETTER_CHANGED]
  = { MD_PROBLEM_DELEGATION, "The letter of delegation was changed or ended since." },
  [MD_LEDGER_PUT_LETTER_GIVEN_BACK]
  = { MD_PROBLEM_DELEGATION, "The back office gave the letter of delegation back." },
  [MD_LEDGER_PUT_NUMBER_FOREIGN] = { MD_PROBLEM_NUMBER_FOREIGN, NULL },
  [MD_LEDGER_PUT_NUMBER_USED] = { MD_PROBLEM_NUMBER_USED, NULL },
};

MdProblem *
stored_problem (MdLedgerPut put, const GError *error)
{
  if (put == MD_LEDGER_PUT_FAILED)
    g_message ("the store failed: %s", error->message);
  return put_problems[put].code == MD_PROBLEM_UNKNOWN
             ? NULL
             : md_problem_new (put_problems[put].code, put_problems[put].detail);
}
