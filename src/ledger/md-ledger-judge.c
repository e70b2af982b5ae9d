// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-ledger-private.h"

#include <md-seal.h>

/* What a put comes to, as things stand inside its transaction. What may follow upon what is seal's
 * table; here it is asked with everything that has arrived, whatever the terminal knew. */

/* What is known of an intake by its items. */
typedef struct
{
  guint last; /* the number of its last item, 0 when nothing is here */
  MdStanding standing;
} Known;

/* A question that a row answers with yes. */
static gboolean
ask (MdDbStatement *query, gboolean *out_yes, GError **error)
{
  MdDbStep step = md_db_step (query, error);

  *out_yes = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}

/* Whether another intake says that it takes this one up again. One that has no right to it (of
 * another office, terminal or procedure, stored before this one was here) has no say. */
static gboolean
is_claimed (MdDb *db, const char *intake, gboolean *out_claimed, GError **error)
{
  g_autoptr (MdDbStatement) query = md_db_prepare_for (
      db,
      "SELECT 1 FROM ledger_items r LEFT JOIN ledger_items i ON i.intake = r.replaces AND i.n = 1"
      " WHERE r.replaces = ?1 AND (i.n IS NULL OR (r.office = i.office"
      "  AND r.terminal = i.terminal AND r.procedure = i.procedure))",
      intake, error);

  return query != NULL && ask (query, out_claimed, error);
}

static gboolean
read_last (MdDb *db, const char *intake, Known *out, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare_for (db,
                           "SELECT n, decision FROM ledger_items WHERE intake = ?1"
                           " ORDER BY n DESC LIMIT 1",
                           intake, error);
  gboolean found = FALSE;
  MdDecisionKind kind = MD_DECISION_WITHDRAW;

  out->last = 0;
  out->standing = MD_STANDING_RECEIVED;
  if (query == NULL || !ask (query, &found, error))
    return FALSE;
  if (!found)
    return TRUE;
  out->last = (guint)md_db_column_int (query, 0);
  if (out->last > 1)
    {
      (void)md_decision_kind_from_string (md_db_column_text (query, 1), &kind);
      out->standing = md_standing_after (kind);
    }
  return TRUE;
}

static gboolean
read_known (MdDb *db, const char *intake, Known *out, GError **error)
{
  gboolean claimed = FALSE;

  if (!read_last (db, intake, out, error) || !is_claimed (db, intake, &claimed, error))
    return FALSE;
  if (claimed)
    (void)md_standing_replace (out->standing, &out->standing);
  return TRUE;
}

/* What it cites or amends holds no more, or that cannot be found out. */
static gboolean
letter_is_gone (MdDb *db, const MdLedgerEntry *entry, MdLedgerPut *out_put, GError **error)
{
  gboolean changed = FALSE;
  gboolean given_back = FALSE;
  const gboolean known = _md_ledger_db_is_letter_changed (db, entry, &changed, error)
                         && _md_ledger_db_is_letter_given_back (db, entry, &given_back, error);

  *out_put = !known       ? MD_LEDGER_PUT_FAILED
             : given_back ? MD_LEDGER_PUT_LETTER_GIVEN_BACK
                          : MD_LEDGER_PUT_LETTER_CHANGED;
  return !known || changed || given_back;
}

static MdLedgerPut
judge_decision (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  MdDecisionKind kind = MD_DECISION_APPROVE;
  MdLedgerPut put = MD_LEDGER_PUT_FAILED;
  Known known = { 0 };

  if (!read_known (db, entry->intake, &known, error))
    return MD_LEDGER_PUT_FAILED;
  if (known.last == 0)
    return MD_LEDGER_PUT_NO_INTAKE;
  if (letter_is_gone (db, entry, &put, error))
    return put;
  if (known.last != entry->n - 1 || !md_decision_kind_from_string (entry->decision, &kind)
      || !md_standing_decide (known.standing, kind, NULL))
    return MD_LEDGER_PUT_OUT_OF_ORDER;
  return MD_LEDGER_PUT_CREATED;
}

/* Whether the intake that is taken up again, where it is here, is of the same office, terminal and
 * procedure. */
static gboolean
is_alike (MdDb *db, const MdLedgerEntry *entry, gboolean *out_alike, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db,
                       "SELECT 1 FROM ledger_items WHERE intake = ?1 AND n = 1"
                       " AND NOT (office = ?2 AND terminal = ?3 AND procedure = ?4)",
                       error);
  gboolean other = FALSE;

  if (query == NULL)
    return FALSE;
  md_db_bind_text (query, 1, entry->replaces);
  md_db_bind_text (query, 2, entry->office);
  md_db_bind_text (query, 3, entry->terminal);
  md_db_bind_text (query, 4, entry->procedure);
  if (!ask (query, &other, error))
    return FALSE;
  *out_alike = !other;
  return TRUE;
}

/* Of one that was given back: whether nobody has taken it up yet. */
static MdLedgerPut
judge_given_back (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  gboolean claimed = FALSE;

  if (!is_claimed (db, entry->replaces, &claimed, error))
    return MD_LEDGER_PUT_FAILED;
  return claimed ? MD_LEDGER_PUT_ALREADY_REPLACED : MD_LEDGER_PUT_CREATED;
}

static MdLedgerPut
judge_replaced (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  gboolean alike = FALSE;
  gboolean given_back = FALSE;
  Known known = { 0 };

  if (!is_alike (db, entry, &alike, error) || !read_known (db, entry->replaces, &known, error)
      || !_md_ledger_db_is_given_back (db, entry->replaces, &given_back, error))
    return MD_LEDGER_PUT_FAILED;
  if (!alike)
    return MD_LEDGER_PUT_REPLACES_OTHER;
  if (given_back && known.standing == MD_STANDING_APPROVED)
    return judge_given_back (db, entry, error);
  if (md_standing_replace (known.standing, NULL))
    return MD_LEDGER_PUT_CREATED;
  return known.standing == MD_STANDING_CLAIMED || known.standing == MD_STANDING_REPLACED
             ? MD_LEDGER_PUT_ALREADY_REPLACED
             : MD_LEDGER_PUT_NOT_RETURNED;
}

/* A nonce lets one intake be fresh, and no second. */
static MdLedgerPut
judge_intake (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db, "SELECT 1 FROM ledger_items WHERE nonce_fresh = ?1", error);
  MdLedgerPut put = MD_LEDGER_PUT_FAILED;
  gboolean used = FALSE;

  if (query == NULL)
    return MD_LEDGER_PUT_FAILED;
  if (letter_is_gone (db, entry, &put, error))
    return put;
  md_db_bind_text (query, 1, entry->nonce_fresh);
  if (!ask (query, &used, error))
    return MD_LEDGER_PUT_FAILED;
  if (used)
    return MD_LEDGER_PUT_NONCE_USED;
  put = _md_ledger_db_judge_number (db, entry, error);
  if (put != MD_LEDGER_PUT_CREATED)
    return put;
  return entry->replaces == NULL ? MD_LEDGER_PUT_CREATED : judge_replaced (db, entry, error);
}

MdLedgerPut
_md_ledger_db_judge (MdDb *db, const MdLedgerEntry *entry, GError **error)
{
  g_autoptr (MdDbStatement) query
      = md_db_prepare (db, "SELECT digest FROM ledger_items WHERE intake = ?1 AND n = ?2", error);
  gboolean stored = FALSE;

  if (query == NULL)
    return MD_LEDGER_PUT_FAILED;
  md_db_bind_text (query, 1, entry->intake);
  md_db_bind_int (query, 2, entry->n);
  if (!ask (query, &stored, error))
    return MD_LEDGER_PUT_FAILED;
  if (stored)
    return g_strcmp0 (md_db_column_text (query, 0), entry->digest) == 0 ? MD_LEDGER_PUT_SAME
                                                                        : MD_LEDGER_PUT_CONFLICT;
  return entry->n == 1 ? judge_intake (db, entry, error) : judge_decision (db, entry, error);
}
