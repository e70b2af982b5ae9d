// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "numbers.h"

#include "space.h"

#include <md-base.h>

MdProblem *
numbers_check_intake (MdPolicy *policy, const MdManifest *manifest, MdLedgerEntry *entry)
{
  const MdPolicyTerminal *terminal = md_policy_get_terminal (policy, manifest->terminal);
  guint serial = 0;

  if (terminal == NULL || !md_receipt_number_parse (manifest->receipt_number, &serial, NULL, NULL)
      || serial != terminal->serial)
    return md_problem_new (MD_PROBLEM_NUMBER_FOREIGN,
                           "The receipt number does not begin with the digits that the policy "
                           "gives to this terminal.");
  entry->number_from = terminal->pool_from;
  entry->number_to = terminal->pool_to;
  return NULL;
}

/* @full (transfer full, nullable): the problem, where there is no room. */
static MdProblem *
problem_from_ledger (const GError *error, MdProblem *full)
{
  g_autoptr (MdProblem) no_room = full;

  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_FULL) && no_room != NULL)
    return g_steal_pointer (&no_room);
  if (g_error_matches (error, MD_LEDGER_ERROR, MD_LEDGER_ERROR_TOO_OFTEN))
    return md_problem_new (MD_PROBLEM_TOO_OFTEN, error->message);
  g_message ("the store failed: %s", error->message);
  return md_problem_new (MD_PROBLEM_STORE_FAILED, NULL);
}

/* One whose policy gives it another serial waits for the gateway's: what it says is of numbers that
 * the gateway does not mean. */
static MdProblem *
check_serial (const MdNumbersRequest *request, const MdPolicyTerminal *terminal)
{
  return request->serial == terminal->serial
             ? NULL
             : md_problem_new (MD_PROBLEM_POLICY_UNKNOWN,
                               "The policy in force gives this terminal other digits.");
}

MdProblem *
numbers_tell (Office *office, const Peer *peer, GBytes *body, GBytes **out_body)
{
  const MdPolicyTerminal *terminal = md_policy_get_terminal (office->policy, peer->terminal);
  MdNumbersRequest request = { 0 };
  MdLedgerNumbers given = { 0 };
  MdNumbersAnswer answer = { 0 };
  MdLedgerStanding told = { 0 };
  g_autoptr (MdProblem) full = NULL;
  MdProblem *problem = NULL;
  g_autoptr (GError) error = NULL;

  if (!md_numbers_request_decode (body, &request, &error))
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, error->message);
  if ((problem = check_serial (&request, terminal)) != NULL)
    return problem;
  full = space_find_problem (office);
  told = (MdLedgerStanding){ .office = peer->office,
                             .terminal = peer->terminal,
                             .serial = request.serial,
                             .from = terminal->pool_from,
                             .to = terminal->pool_to,
                             .size = MD_NUMBERS_BLOCK,
                             .low = MD_NUMBERS_LOW,
                             .now = md_clock_get_wall_us (md_clock_get_system ()),
                             .epoch = request.epoch,
                             .highest = request.highest,
                             .newest = request.newest,
                             .left = request.left,
                             .question = request.question,
                             .full = full != NULL };
  if (!md_ledger_tell_numbers (office->ledger, &told, &given, &error))
    return problem_from_ledger (error, g_steal_pointer (&full));
  if (given.to > 0)
    g_message ("numbers: terminal=%s serial=%u from=%u to=%u", peer->terminal, request.serial,
               given.from, given.to);
  answer = (MdNumbersAnswer){ .serial = request.serial,
                              .epoch = given.epoch,
                              .highest = given.highest,
                              .last_n = given.last_n,
                              .from = given.from,
                              .to = given.to,
                              .fresh = given.fresh,
                              .exhausted = given.exhausted };
  (void)g_strlcpy (answer.last, given.last, sizeof answer.last);
  *out_body = md_numbers_answer_encode (&answer);
  return NULL;
}
