// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "confirmation.h"

#include <glib/gi18n.h>
#include <string.h>

#include "addition.h"
#include "addressee.h"
#include "case-private.h"
#include "correction.h"
#include "person.h"

#define NUMBER "p.mynum"
#define LETTER "a.deleg_id"

/* The list while it is made. */
typedef struct
{
  const Case *subject;
  const Desk *desk;
  GPtrArray *lines;
  HeldFinding finding;
  guint row; /* of the held data, where it was found */
} Making;

static const char *
value_of (const Making *making, const char *field)
{
  return person_value (making->subject, field);
}

static void
add (Making *making, MdConfirmation *line, const char *a, const char *b)
{
  md_confirmation_set_keys (line, making->desk->confirmation_key, making->subject->entry->intake, a,
                            b);
  g_ptr_array_add (making->lines, line);
}

static void
add_item (Making *making, MdConfirmation *line)
{
  if (line != NULL)
    add (making, line, line->ours, line->theirs);
}

/* --- The application against what was read --- */

/* The approving officer ticked each of these differences and signed how many they were. */
static void
settle_at_counter (Making *making, guint first)
{
  const MdDecision *decision = making->subject->decision;

  if (decision == NULL || decision->kind != MD_DECISION_APPROVE
      || decision->differences != making->lines->len - first)
    return;
  for (guint i = first; i < making->lines->len; i++)
    md_confirmation_settle (g_ptr_array_index (making->lines, i), MD_CONFIRMATION_CONFIRMED,
                            decision->officer, NULL, decision->time);
}

static void
compare_with_card (Making *making)
{
  const guint first = making->lines->len;
  MdMatchSide side;

  for (guint i = 0; i < N_PERSON_ITEMS; i++)
    {
      const PersonItem *item = &person_items[i];
      const char *field = md_identity_proof_is_of_filers_card (making->subject->proof)
                              ? item->filer
                              : item->field;

      if (item->on_card && field != NULL
          && md_identity_proof_get_side (making->subject->proof, item->item, &side))
        add_item (making,
                  md_confirmation_compare (field, item->item, &side, value_of (making, field)));
    }
  settle_at_counter (making, first);
}

/* --- The application against what is held --- */

static const char *
held_value (const Making *making, HeldColumn column)
{
  const char *text = held_get (making->desk->held, making->row, column);

  return *text != '\0' ? text : NULL;
}

/* Numbers are the same or not; there is no other form of one. */
static void
compare_number (Making *making, const char *field, HeldColumn column, const char *why)
{
  const char *ours = field != NULL ? value_of (making, field) : NULL;
  const char *theirs = held_value (making, column);
  MdConfirmation *line = NULL;

  if (ours == NULL || theirs == NULL || strcmp (ours, theirs) == 0)
    return;
  line = md_confirmation_new (MD_CONFIRMATION_ITEM_DIFFERS, field);
  line->with = MD_MATCH_FROM_HELD;
  line->ours = g_strdup (ours);
  line->theirs = g_strdup (theirs);
  line->why = g_strdup (why);
  add_item (making, line);
}

/* What is left of a limit, which no counter knows: the form's own check judges by it what was taken
 * in with a warning. */
static void
compare_balance (Making *making)
{
  const char *balance = held_value (making, HELD_RENOVATION);
  g_auto (CorrectionStop) stop = { 0 };
  MdConfirmation *line = NULL;

  if (balance == NULL
      || !correction_find_stop (making->subject, making->desk, RENOVATION_BALANCE, balance, &stop))
    return;
  line = md_confirmation_new (MD_CONFIRMATION_ITEM_DIFFERS, stop.field);
  line->with = MD_MATCH_FROM_HELD;
  line->ours = g_strdup (stop.value != NULL ? stop.value : "");
  line->theirs = g_strdup (balance);
  line->why = g_strdup (stop.message);
  add_item (making, line);
}

static void
compare_with_held (Making *making)
{
  if (making->desk->held == NULL)
    return;
  /* where nothing of the person was said, a number alone would have found whoever has it */
  if (making->finding != HELD_FOUND || value_of (making, "p.name") == NULL)
    {
      add (making, md_confirmation_new (MD_CONFIRMATION_NOT_HELD, ""), value_of (making, "p.name"),
           value_of (making, "p.birth"));
      return;
    }
  for (guint i = 0; i < N_PERSON_ITEMS; i++)
    {
      const PersonItem *item = &person_items[i];
      const MdMatchSide side
          = { .source = MD_MATCH_FROM_HELD, .text = held_value (making, item->held) };

      add_item (making, md_confirmation_compare (item->field, item->item, &side,
                                                 value_of (making, item->field)));
    }
  compare_number (making, person_number_field (making->subject, PERSON_INSURED), HELD_INSURED,
                  _ ("The insured number differs."));
  compare_number (making, "p.atena", HELD_ADDRESSEE, _ ("The addressee number differs."));
  compare_balance (making);
}

/* --- The letter by which it was filed --- */

static void
add_letter (Making *making)
{
  const Case *subject = making->subject;
  const char *number = md_container_get_manifest (subject->container)->delegation_number;
  MdConfirmation *line = NULL;

  if (subject->letter_returned == NULL)
    return;
  line = md_confirmation_new (MD_CONFIRMATION_LETTER_RETURNED, LETTER);
  line->other = g_strdup (number);
  add (making, line, number, subject->letter_returned);
}

/* --- Papers that were left out --- */

static MdConfirmation *
make_waived (const Case *self, const Desk *desk, const MdRecord *paper)
{
  const char *id = md_record_get_text (paper, "paper");
  const char *inquiry = md_record_get_text (paper, "inquiry");
  MdConfirmation *line;

  if (g_strcmp0 (md_record_get_text (paper, "how"), "waived") != 0)
    return NULL;
  line = md_confirmation_new (MD_CONFIRMATION_PAPER_WAIVED, id);
  line->other = g_strdup (inquiry != NULL ? inquiry : "");
  if (desk->confirmation_key != NULL)
    md_confirmation_set_keys (line, desk->confirmation_key, self->entry->intake, id, line->other);
  return line;
}

static void
add_waived (const Case *self, const Desk *desk, GPtrArray *lines)
{
  for (gsize i = 0; i < md_record_get_size (self->papers); i++)
    {
      MdConfirmation *line = make_waived (self, desk, md_record_get_entry (self->papers, i));

      if (line != NULL)
        g_ptr_array_add (lines, line);
    }
}

GPtrArray *
confirmation_list_waived (const Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GPtrArray) lines
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_confirmation_free);
  g_autoptr (GPtrArray) said = NULL;
  g_autoptr (GError) local = NULL;

  add_waived (self, desk, lines);
  said = md_ledger_list_confirmations (desk->ledger, self->entry->intake, &local);
  if (said == NULL)
    {
      (void)_case_store_failed (error, local);
      return NULL;
    }
  for (guint i = 0; i < lines->len; i++)
    confirmation_settle_said (g_ptr_array_index (lines, i), said);
  return g_steal_pointer (&lines);
}

/* --- The number against those before it --- */

static GBytes *
digest (const Desk *desk, const char *first, const char *second, const char *third)
{
  const char *parts[] = { first, second, third, NULL };
  guint8 out[MD_KEYED_DIGEST_SIZE];

  md_keyed_digest (desk->confirmation_key, parts, out);
  return g_bytes_new (out, sizeof out);
}

/* Name and day of birth, the same for all the forms that they are written in. */
static GBytes *
digest_person (const Making *making)
{
  const char *birth = value_of (making, "p.birth");
  md_autowipe char *key = md_match_dup_key (MD_MATCH_ITEM_NAME, value_of (making, "p.name"));
  md_autowipe char *iso = NULL;
  MdDate day;

  if (birth != NULL && md_date_parse (birth, &day, NULL))
    iso = md_date_format_iso (&day);
  return digest (making->desk, "person", iso != NULL ? iso : "", key != NULL ? key : "");
}

static GBytes *
digest_addressee (const Making *making)
{
  const char *addressee = value_of (making, "p.atena");

  if (addressee == NULL && making->finding == HELD_FOUND)
    addressee = held_value (making, HELD_ADDRESSEE);
  return addressee != NULL ? digest (making->desk, "addressee", addressee, NULL) : NULL;
}

static MdLedgerBinding *
make_binding (const Making *making)
{
  MdLedgerBinding *binding = g_new0 (MdLedgerBinding, 1);

  binding->intake = g_strdup (making->subject->entry->intake);
  binding->made_with = digest (making->desk, "key", NULL, NULL);
  binding->addressee = digest_addressee (making);
  binding->person = digest_person (making);
  binding->number
      = digest (making->desk, "number",
                md_secret_get_text (md_number_get_digits (making->subject->number)), NULL);
  return binding;
}

static gboolean
has_rule (const Making *making, MdConfirmationRule rule)
{
  for (guint i = 0; i < making->lines->len; i++)
    if (((const MdConfirmation *)g_ptr_array_index (making->lines, i))->rule == rule)
      return TRUE;
  return FALSE;
}

static void
add_link (Making *making, const MdLedgerBinding *mine, const MdLedgerBinding *earlier)
{
  const MdNumberLink link = { mine->addressee, mine->person, mine->number };
  const MdNumberLink other = { earlier->addressee, earlier->person, earlier->number };
  g_autoptr (MdLedgerEntry) entry = NULL;
  g_autofree char *whose = NULL;
  g_autofree char *which = NULL;
  MdConfirmationRule rule;
  MdConfirmation *line = NULL;

  if (!md_number_link_differs (&link, &other, &rule) || has_rule (making, rule))
    return;
  line = md_confirmation_new (rule, NUMBER);
  entry = md_ledger_look_up (making->desk->ledger, earlier->intake, 1, NULL);
  line->other = g_strdup (entry != NULL ? entry->receipt_number : earlier->intake);
  whose = md_hex_encode_bytes (mine->addressee != NULL ? mine->addressee : mine->person);
  which = md_hex_encode_bytes (mine->number);
  add (making, line, whose, which);
}

static gboolean
compare_number_links (Making *making, const char *officer, GError **error)
{
  g_autoptr (MdLedgerBinding) mine = make_binding (making);
  g_autoptr (GPtrArray) earlier = NULL;

  /* What is not approved links nothing yet: it may be returned, and come again with another one. */
  if (strcmp (case_state (making->subject), "approved") == 0
      && case_is_agreed (making->subject, NULL)
      && !md_ledger_bind (making->desk->ledger, mine, officer, error))
    return FALSE;
  earlier = md_ledger_list_bound (making->desk->ledger, mine, error);
  for (guint i = 0; earlier != NULL && i < earlier->len; i++)
    add_link (making, mine, g_ptr_array_index (earlier, i));
  return earlier != NULL;
}

/* Whether the form asks for the number, with what the application says. Where the form is not known
 * here, or knows less than was sent, nobody can say that it does not. */
static gboolean
wants_number (const Making *making)
{
  const Case *subject = making->subject;
  const MdViewer nobody = { md_policy_get_visibility (subject->policy), 0, MD_SITUATION_NONE };
  MdForm *form = desk_find_form (making->desk, md_container_get_manifest (subject->container));
  g_autofree char *day = case_dup_day (subject);
  g_autoptr (MdFormData) data = NULL;

  if (form == NULL || md_form_get_field (form, NUMBER) == NULL)
    return form == NULL;
  data = md_form_data_new (form, &nobody, MD_STEP_APPROVAL, day);
  return !md_form_data_load (data, subject->application, NULL, subject->entry->intake, NULL)
         || md_form_data_misses_number (data);
}

static gboolean
judge_number (Making *making, const char *officer, GError **error)
{
  const Case *subject = making->subject;

  if (subject->number != NULL)
    return compare_number_links (making, officer, error);
  /* A desk without the vault's key cannot see whose numbers are in it. */
  if (md_container_get_entry (subject->container, MD_SEAL_PART_NUMBER) != NULL
      && making->desk->vault_key == NULL)
    return TRUE;
  if (wants_number (making))
    add (making, md_confirmation_new (MD_CONFIRMATION_NUMBER_BLANK, NUMBER),
         value_of (making, "p.name"), value_of (making, "p.birth"));
  return TRUE;
}

/* --- What other commands settle --- */

static void
add_deferred (Making *making)
{
  const Case *subject = making->subject;
  MdConfirmation *line = NULL;

  if (subject->completion == CASE_NOT_DEFERRED)
    return;
  line = md_confirmation_new (MD_CONFIRMATION_DEFERRED, "");
  if (subject->completed != NULL)
    md_confirmation_settle (line,
                            subject->completion == CASE_COMPLETED_VALID ? MD_CONFIRMATION_CONFIRMED
                                                                        : MD_CONFIRMATION_REFUSED,
                            subject->completed->officer, NULL, subject->completed->time);
  g_ptr_array_add (making->lines, line);
}

static void
add_holds (Making *making)
{
  const Case *subject = making->subject;

  for (guint i = 0; i < subject->releases->len; i++)
    {
      const MdRelease *release = g_ptr_array_index (subject->releases, i);
      MdConfirmation *line = md_confirmation_new (MD_CONFIRMATION_HOLD, "");

      md_confirmation_settle (line, MD_CONFIRMATION_CONFIRMED, release->officer, NULL,
                              release->time);
      g_ptr_array_add (making->lines, line);
    }
  if (subject->unreleased != 0)
    g_ptr_array_add (making->lines, md_confirmation_new (MD_CONFIRMATION_HOLD, ""));
}

/* --- What was said of each line --- */

static gboolean
is_about (const MdLedgerConfirmation *said, const MdConfirmation *line)
{
  return strcmp (said->rule, md_confirmation_rule_to_string (line->rule)) == 0
         && strcmp (said->field, line->field) == 0
         && memcmp (g_bytes_get_data (said->key_a, NULL), line->key_a, sizeof line->key_a) == 0
         && memcmp (g_bytes_get_data (said->key_b, NULL), line->key_b, sizeof line->key_b) == 0;
}

void
confirmation_settle_said (MdConfirmation *line, const GPtrArray *said)
{
  for (guint i = 0; line->mark != NULL && i < said->len; i++)
    {
      const MdLedgerConfirmation *one = g_ptr_array_index (said, i);

      if (is_about (one, line))
        md_confirmation_settle (line,
                                strcmp (one->state, "confirmed") == 0 ? MD_CONFIRMATION_CONFIRMED
                                                                      : MD_CONFIRMATION_REFUSED,
                                one->officer, one->reason, one->time);
    }
}

static gboolean
read_said (Making *making, GError **error)
{
  g_autoptr (GPtrArray) said
      = md_ledger_list_confirmations (making->desk->ledger, making->subject->entry->intake, error);

  for (guint i = 0; said != NULL && i < making->lines->len; i++)
    confirmation_settle_said (g_ptr_array_index (making->lines, i), said);
  return said != NULL;
}

GPtrArray *
confirmation_list (const Case *self, const Desk *desk, const char *officer, GError **error)
{
  g_autoptr (GPtrArray) lines
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_confirmation_free);
  Making making = { .subject = self, .desk = desk, .lines = lines };
  g_autoptr (GError) local = NULL;

  making.finding = person_find_held (self, desk, &making.row);
  compare_with_card (&making);
  compare_with_held (&making);
  add_letter (&making);
  add_waived (self, desk, lines);
  additions_add_lines (self, desk, lines);
  if (!judge_number (&making, officer, &local) || !read_said (&making, &local))
    {
      if (g_error_matches (local, MD_LEDGER_ERROR, MD_LEDGER_ERROR_KEY))
        g_set_error_literal (error, CASE_ERROR, CASE_ERROR_SETTINGS,
                             _ ("The numbers in the store were taken down with another key than "
                                "the one that [confirmation] names. Put the former key back: with "
                                "another one nobody can see that a number changed."));
      else
        (void)_case_store_failed (error, local);
      return NULL;
    }
  add_deferred (&making);
  add_holds (&making);
  return g_steal_pointer (&lines);
}

gboolean
confirmation_is_denied (const MdConfirmation *line)
{
  return line->mark != NULL && line->state == MD_CONFIRMATION_REFUSED
         && line->rule != MD_CONFIRMATION_CORRECTION;
}

static guint
count (const GPtrArray *list, gboolean denied)
{
  guint n = 0;

  for (guint i = 0; i < list->len; i++)
    {
      const MdConfirmation *line = g_ptr_array_index (list, i);

      if (denied ? confirmation_is_denied (line)
                 : line->mark != NULL && line->state == MD_CONFIRMATION_OPEN)
        n++;
    }
  return n;
}

guint
confirmation_count_open (const GPtrArray *list)
{
  return count (list, FALSE);
}

gboolean
confirmation_is_settled (const Case *self, const GPtrArray *list, GError **error)
{
  const char *number = self->entry->receipt_number;

  if (count (list, TRUE) > 0)
    g_set_error (error, CASE_ERROR, CASE_ERROR_DENIED,
                 _ ("A second person did not let a difference of intake %s stand. Do not work on "
                    "it; tell the counter in writing, with \"return %s\", to take it in again."),
                 number, number);
  else if (confirmation_count_open (list) > 0)
    g_set_error (error, CASE_ERROR, CASE_ERROR_UNCONFIRMED,
                 _ ("Intake %s is on the confirmation list. Look at it with \"confirm %s\"; a "
                    "second person confirms each line with \"confirm %s MARK... --reason CODE\"."),
                 number, number, number);
  else
    return TRUE;
  return FALSE;
}

/* --- Who may confirm --- */

/* Nobody becomes another person by small letters. */
static gboolean
is_same (const char *one, const char *other)
{
  return g_ascii_strcasecmp (one, other) == 0;
}

/* Took it in, decided upon it, be it overruled since, or let it go on. */
static gboolean
has_signed (const Case *self, const char *officer)
{
  if (is_same (self->entry->officer, officer))
    return TRUE;
  for (guint i = 0; i < self->deciders->len; i++)
    if (is_same (g_ptr_array_index (self->deciders, i), officer))
      return TRUE;
  for (guint i = 0; i < self->releases->len; i++)
    if (is_same (((const MdRelease *)g_ptr_array_index (self->releases, i))->officer, officer))
      return TRUE;
  return FALSE;
}

gboolean
confirmation_is_second (const Case *self, const char *officer, GError **error)
{
  if (!has_signed (self, officer))
    return TRUE;
  g_set_error (error, CASE_ERROR, CASE_ERROR_SAME_PERSON,
               _ ("%s took part in intake %s at the counter. Somebody else has to confirm it."),
               officer, self->entry->receipt_number);
  return FALSE;
}
