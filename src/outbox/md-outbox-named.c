// SPDX-License-Identifier: Apache-2.0
/* Of whom the day's intakes are, in pseudonyms, and what that raises a doubt about. */
#include <glib/gi18n.h>
#include <string.h>

#include "md-outbox-hold.h"
#include "md-outbox-letter.h"
#include "md-outbox-named.h"
#include "md-outbox-private.h"

/* Of one intake: whoever files, for whom. */
#define MAX_PEOPLE 4

/* A person of an intake, as kept. */
typedef struct
{
  char *intake;
  char *who, *number, *shown, *address;
} Named;

static void
named_free (gpointer data)
{
  Named *named = data;

  g_free (named->intake);
  g_free (named->who);
  g_free (named->number);
  g_free (named->shown);
  g_free (named->address);
  g_free (named);
}

/* --- Keeping --- */

/* Two texts for the statement; the second may be NULL. */
static gboolean
run_with (MdOutbox *self, const char *sql, const char *first, const char *second, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (self->db, sql, error);

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, first);
  if (second != NULL)
    md_db_bind_text (statement, 2, second);
  return md_db_run (statement, error);
}

/* What is known already stays where nothing is said of it now. */
static gboolean
keep (MdOutbox *self, const MdOutboxNaming *naming, GError **error)
{
  const MdOutboxPerson *person = &naming->person;
  const char *values[]
      = { naming->id, naming->day, person->who, person->number, person->shown, person->address };
  g_autoptr (MdDbStatement) statement
      = md_db_prepare (self->db,
                       "INSERT INTO named (intake, day, who, number, shown, address)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (intake, who) DO UPDATE SET"
                       " number = iif (?4 = '', number, ?4), shown = iif (?5 = '', shown, ?5),"
                       " address = iif (?6 = '', address, ?6)",
                       error);

  if (statement == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    md_db_bind_text (statement, (int)i + 1, values[i]);
  return md_db_run (statement, error)
         && run_with (self, "UPDATE named SET last = (who = ?2) WHERE intake = ?1", naming->id,
                      person->who, error)
         && run_with (self,
                      *person->who == '\0' && !naming->nobody
                          ? "UPDATE intake SET named_as = ?2 WHERE id = ?1"
                          : "UPDATE intake SET named_as = ?2, named = 1 WHERE id = ?1",
                      naming->id, naming->as, error);
}

static gpointer
read_named (MdDbStatement *statement)
{
  Named *named = g_new0 (Named, 1);

  named->intake = md_db_column_dup (statement, 0);
  named->who = md_db_column_dup (statement, 1);
  named->number = md_db_column_dup (statement, 2);
  named->shown = md_db_column_dup (statement, 3);
  named->address = md_db_column_dup (statement, 4);
  return named;
}

static GPtrArray *
list_named (MdOutbox *self, GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db, "SELECT intake, who, number, shown, address FROM named ORDER BY intake", error);

  return statement != NULL ? md_db_collect (statement, read_named, named_free, error) : NULL;
}

/* --- Doubts --- */

static gboolean
both_know (const char *a, const char *b)
{
  return *a != '\0' && *b != '\0';
}

static gboolean
share (const char *a, const char *b)
{
  return both_know (a, b) && g_str_equal (a, b);
}

/* The rule of the header, for two of whom nothing else speaks against it. */
static gboolean
is_same_person (const Named *a, const Named *b)
{
  if (both_know (a->number, b->number))
    return g_str_equal (a->number, b->number);
  return share (a->shown, b->shown) || share (a->address, b->address);
}

static gboolean
is_about (const Named *named, const char *intake)
{
  return g_str_equal (named->intake, intake);
}

/* Somebody of this intake has a namesake in another. */
static gboolean
has_namesake (const GPtrArray *list, const char *intake)
{
  for (guint i = 0; i < list->len; i++)
    for (guint k = 0; k < list->len; k++)
      {
        const Named *own = g_ptr_array_index (list, i);
        const Named *other = g_ptr_array_index (list, k);

        if (is_about (own, intake) && !is_about (other, intake) && share (own->who, other->who)
            && !is_same_person (own, other))
          return TRUE;
      }
  return FALSE;
}

/* What stopped the intake: nothing, what was released, or what still stops it. */
typedef enum
{
  STOP_ERROR,
  STOP_NONE,
  STOP_RELEASED,
  STOP_OPEN
} Stop;

static Stop
look_at_stop (MdOutbox *self, const char *intake, GError **error)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (self, intake, error);

  if (holds == NULL)
    return STOP_ERROR;
  for (guint i = 0; i < holds->len; i++)
    if (((const MdOutboxHold *)g_ptr_array_index (holds, i))->release == NULL)
      return STOP_OPEN;
  return holds->len > 0 ? STOP_RELEASED : STOP_NONE;
}

static gboolean
is_of_someone_in (const GPtrArray *list, const Named *other, const char *intake)
{
  for (guint i = 0; i < list->len; i++)
    {
      const Named *own = g_ptr_array_index (list, i);

      if (is_about (own, intake) && is_same_person (own, other))
        return TRUE;
    }
  return FALSE;
}

/* What was released counts for the next intake while the same policy is in force: under another one
 * whoever released it may be nobody any more. */
static gboolean
is_of_this_policy (MdOutbox *self, const char *other, const MdOutboxIntake *intake,
                   gboolean *out_same, GError **error)
{
  g_autoptr (MdOutboxIntake) found = md_outbox_get (self, other, error);

  *out_same = found != NULL && found->policy_version == intake->policy_version;
  return found != NULL;
}

/* The last of the person's other intakes that was stopped: ids are in the order of their making. */
static gboolean
was_stopped (MdOutbox *self, const GPtrArray *list, const MdOutboxIntake *intake,
             gboolean *out_stopped, GError **error)
{
  gboolean same = FALSE;

  *out_stopped = FALSE;
  for (guint i = list->len; i > 0; i--)
    {
      const Named *other = g_ptr_array_index (list, i - 1);
      Stop stop;

      if (is_about (other, intake->id) || !is_of_someone_in (list, other, intake->id))
        continue;
      stop = look_at_stop (self, other->intake, error);
      if (stop == STOP_ERROR)
        return FALSE;
      if (stop == STOP_NONE)
        continue;
      if (!is_of_this_policy (self, other->intake, intake, &same, error))
        return FALSE;
      *out_stopped = stop == STOP_OPEN || !same;
      return TRUE;
    }
  return TRUE;
}

/* What had stopped the returned intake stops the one that takes it up again, released or not. */
static gboolean
takes_up_stopped (MdOutbox *self, const MdOutboxIntake *intake, gboolean *out_stopped,
                  GError **error)
{
  Stop stop = STOP_NONE;

  if (intake->replaces != NULL)
    stop = look_at_stop (self, intake->replaces, error);
  *out_stopped = stop == STOP_OPEN || stop == STOP_RELEASED;
  return stop != STOP_ERROR;
}

static gboolean
find_doubts (MdOutbox *self, const MdOutboxIntake *intake, gboolean out_doubts[MD_OUTBOX_N_DOUBTS],
             GError **error)
{
  g_autoptr (GPtrArray) list = list_named (self, error);
  gboolean taken_up = FALSE, before = FALSE;
  guint own = 0;

  if (list == NULL || !was_stopped (self, list, intake, &before, error)
      || !takes_up_stopped (self, intake, &taken_up, error))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    own += is_about (g_ptr_array_index (list, i), intake->id) ? 1 : 0;
  if (own > MAX_PEOPLE)
    {
      g_set_error_literal (error, MD_OUTBOX_ERROR, MD_OUTBOX_ERROR_CONFLICT,
                           _ ("This intake was about too many people. End it, and begin one for "
                              "each."));
      return FALSE;
    }
  out_doubts[MD_OUTBOX_DOUBT_SAME_NAME] = has_namesake (list, intake->id);
  out_doubts[MD_OUTBOX_DOUBT_BEFORE] = before || taken_up;
  return TRUE;
}

/* --- Naming --- */

/* The letter that was cited is of whom the intake was named as before: for somebody else it is
 * cited anew, or not at all. ENTRY says who names. */
static gboolean
drop_letter (MdOutbox *self, const MdOutboxNaming *naming, const MdAuditEntry *entry,
             GError **error)
{
  MdAuditEntry dropped = *entry;
  g_autofree char *cited = NULL;
  gboolean same = FALSE;

  if (!md_outbox_is_named_as (self, naming->id, naming->person.who, &same, error))
    return FALSE;
  if (same)
    return TRUE;
  cited = md_outbox_dup_cited (self, naming->id, error);
  if (cited == NULL || *cited == '\0')
    return cited != NULL;
  dropped.event = "delegation";
  dropped.detail = "letter=none";
  return run_with (self, "UPDATE intake SET cites = NULL WHERE id = ?1", naming->id, NULL, error)
         && _md_outbox_append_audit (self, &dropped, naming->id, NULL, error);
}

gboolean
md_outbox_name_person (MdOutbox *self, const MdOutboxNaming *naming, const MdAuditEntry *entry,
                       guint out_holds[MD_OUTBOX_N_DOUBTS], GError **error)
{
  g_autoptr (MdDbTransaction) transaction = md_db_begin (self->db, error);
  g_autoptr (MdOutboxIntake) intake = NULL;
  gboolean doubts[MD_OUTBOX_N_DOUBTS] = { FALSE };
  guint holds[MD_OUTBOX_N_DOUBTS] = { 0 };

  if (transaction == NULL || (intake = md_outbox_get (self, naming->id, error)) == NULL)
    return FALSE;
  if (intake->state != MD_INTAKE_RESERVED)
    return _md_outbox_refuse_state (intake, error);
  if (!run_with (self, "DELETE FROM named WHERE day <> ?1", naming->day, NULL, error)
      || !drop_letter (self, naming, entry, error) || !keep (self, naming, error)
      || !find_doubts (self, intake, doubts, error))
    return FALSE;
  for (guint i = 0; i < MD_OUTBOX_N_DOUBTS; i++)
    if (doubts[i]
        && !_md_outbox_stop (self, naming->id, naming->raised[i], entry, &holds[i], error))
      return FALSE;
  if (!md_db_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  memcpy (out_holds, holds, sizeof holds);
  return TRUE;
}

char *
md_outbox_dup_named (MdOutbox *self, const char *id, GError **error)
{
  return _md_outbox_dup_text (self, "SELECT iif (named, named_as, '') FROM intake WHERE id = ?1",
                              id, error);
}

gboolean
md_outbox_is_named_as (MdOutbox *self, const char *id, const char *who, gboolean *out_named,
                       GError **error)
{
  g_autoptr (MdDbStatement) statement = md_db_prepare (
      self->db, "SELECT 1 FROM named WHERE intake = ?1 AND who = ?2 AND last", error);
  MdDbStep step;

  if (statement == NULL)
    return FALSE;
  md_db_bind_text (statement, 1, id);
  md_db_bind_text (statement, 2, who);
  step = md_db_step (statement, error);
  *out_named = step == MD_DB_STEP_ROW;
  return step != MD_DB_STEP_ERROR;
}
