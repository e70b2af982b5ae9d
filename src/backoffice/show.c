// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "addition.h"
#include "addressee.h"
#include "confirm-page.h"
#include "eyes.h"
#include "plain.h"
#include "show.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <md-forms.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE 500u
#define MARGIN "          " /* before what follows of a value: no label stands there */
#define SCHEMA "madoguchi-export/2"

static char *
render_number (const Case *self, const Eyes *eyes)
{
  return self->number == NULL
             ? NULL
             : eyes_render (eyes, "p.mynum",
                            md_secret_get_text (md_number_get_digits (self->number)));
}

/* What the gateway found of the nonce, and when it was made where that is proven. */
static char *
nonce_text (const Case *self)
{
  g_autofree char *made = self->nonce_made != 0 ? md_time_format_rfc3339 (self->nonce_made) : NULL;

  return g_strconcat (md_nonce_verdict_name (self->nonce), made != NULL ? " " : NULL, made, NULL);
}

/* null where nothing was deferred, or nothing has been found out yet. */
static void
add_completion (MdRecord *root, const Case *self)
{
  MdRecord *object = NULL;

  if (self->completed == NULL)
    {
      md_record_set_text (root, "completion", NULL);
      return;
    }
  object = md_record_new_object ();
  md_record_set_text (object, "verdict", self->completed->verdict);
  md_record_set_text (object, "time", self->completed->time);
  md_record_set_text (object, "officer", self->completed->officer);
  md_record_take (root, "completion", object);
}

/* Who released this hold; _case_check_holds() has seen that somebody did. */
static const MdRelease *
find_release (const Case *self, guint hold)
{
  for (guint i = 0; i < self->releases->len; i++)
    {
      const MdRelease *release = g_ptr_array_index (self->releases, i);

      if (release->hold == hold)
        return release;
    }
  g_assert_not_reached ();
}

/* What had stopped it, and who let it go on; and what the office's own list stops. */
static void
add_holds (MdRecord *root, const Case *self)
{
  MdRecord *list = md_record_new_list ();
  MdRecord *unreleased = md_record_new_list ();

  for (guint i = 0; self->holds != NULL && i < self->holds->len; i++)
    {
      const MdHold *hold = g_ptr_array_index (self->holds, i);
      const MdRelease *release = find_release (self, hold->number);
      MdRecord *object = md_record_new_object ();

      md_record_set_text (object, "kind", md_hold_kind_to_id (hold->kind));
      md_record_set_text (object, "reason", hold->reason);
      md_record_set_text (object, "officer", release->officer);
      md_record_set_text (object, "time", release->time);
      md_record_append_take (list, object);
    }
  for (guint kind = 0; kind < MD_N_HOLDS; kind++)
    if ((self->unreleased & (1u << kind)) != 0)
      {
        const char *id = md_hold_kind_to_id ((MdHoldKind)kind);

        md_record_append_text (unreleased, id, strlen (id));
      }
  md_record_take (root, "holds", list);
  md_record_take (root, "unreleased", unreleased);
}

/* The verdict of the counter, and what was found out since where it had to be. (transfer full) */
static char *
presence_text (const Case *self)
{
  const char *word = md_identity_verdict_to_string (self->presence);

  if (self->completed != NULL)
    return g_strdup_printf (_ ("%s, completed %s: %s"), word, self->completed->time,
                            self->completed->verdict);
  return self->completion == CASE_DEFERRED ? g_strdup_printf (_ ("%s, not completed yet"), word)
                                           : g_strdup (word);
}

/* The first of two officers' check that an approval rests on, or that has no approval yet. */
static MdDecision *
dup_check (const Case *self)
{
  if (self->decision == NULL)
    return NULL;
  if (self->decision->kind == MD_DECISION_CHECK)
    return md_decision_copy (self->decision);
  return self->decision->kind == MD_DECISION_APPROVE
             ? md_decision_find_check (self->container, self->decision->n)
             : NULL;
}

static void
add_outside (MdRecord *root, const Case *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *nonce = nonce_text (self);
  g_autoptr (MdDecision) check = dup_check (self);

  md_record_set_text (root, "schema", SCHEMA);
  md_record_set_text (root, "intake", self->entry->intake);
  md_record_set_text (root, "receipt_number", self->entry->receipt_number);
  md_record_set_text (root, "state", case_state (self));
  md_record_set_text (root, "replaces", self->entry->replaces);
  md_record_set_text (root, "procedure", self->entry->procedure);
  md_record_set_text (root, "procedure_version", manifest->procedure_version);
  md_record_set_text (root, "office", self->entry->office);
  md_record_set_text (root, "terminal", self->entry->terminal);
  md_record_set_text (root, "taken_in", manifest->wall);
  md_record_set_text (root, "received", self->entry->received);
  md_record_set_int (root, "sequence", (gint64)self->entry->sequence);
  md_record_set_text (root, "clerk", self->entry->officer);
  md_record_set_text (root, "checked_by", check != NULL ? check->officer : NULL);
  md_record_set_text (root, "checked", check != NULL ? check->time : NULL);
  md_record_set_text (root, "officer", self->decision != NULL ? self->decision->officer : NULL);
  md_record_set_text (root, "decided", self->decision != NULL ? self->decision->time : NULL);
  md_record_set_text (root, "identification", manifest->identification_method);
  md_record_set_int (root, "policy_version", manifest->policy_version);
  md_record_set_text (root, "policy_digest", manifest->policy_digest);
  md_record_set_text (root, "nonce", nonce);
  md_record_set_text (root, "presence",
                      self->proof != NULL ? md_identity_verdict_to_string (self->presence) : NULL);
  add_completion (root, self);
  add_holds (root, self);
}

/* null where it was the only one, and nothing was ticked in the guide. */
static void
add_visit (MdRecord *root, const Case *self)
{
  if (self->visit != NULL && self->visit->id != NULL)
    md_record_take (root, "visit", md_visit_record_to_json (self->visit));
  else
    md_record_set_text (root, "visit", NULL);
}

/* What the application says, as far as the policy lets it go out; what is there and is kept back is
 * named. */
static void
add_application (MdRecord *root, const Case *self, const Eyes *eyes)
{
  MdRecord *withheld = md_record_new_list ();
  g_autoptr (MdRecord) declarations = eyes_take_declarations (eyes, self->declarations);

  if (self->values != NULL)
    md_record_take (root, "values", eyes_take_values (eyes, self->values, withheld));
  else
    md_record_set_text (root, "values", NULL);
  if (md_record_get_size (declarations) > 0)
    md_record_take (root, "declarations", md_record_ref (declarations));
  else
    md_record_set_text (root, "declarations", NULL);
  md_record_take (root, "withheld", withheld);
  md_record_set_bool (root, "hidden", eyes_miss_some (eyes));
}

MdSecret *
show_case_json (const Case *self, const Desk *desk, const GPtrArray *lines, gboolean reveal)
{
  const Eyes eyes = eyes_new (desk, self, MD_STEP_EXPORT, reveal);
  g_autoptr (MdRecord) root = md_record_new_object ();
  char *number = render_number (self, &eyes);

  add_outside (root, self);
  add_visit (root, self);
  if (lines != NULL)
    md_record_take (root, "confirmation", confirm_page_record (&eyes, lines));
  else
    md_record_set_text (root, "confirmation", NULL);
  additions_export (&eyes, root);
  md_record_take (root, "addressee", addressee_record (&eyes));
  add_application (root, self, &eyes);
  md_record_set_text (root, "number", number);
  md_filter_wipe (number);
  return md_record_write (root, TRUE);
}

/* --- For people --- */

static void
put_text (MdWriter *out, const char *text)
{
  md_writer_bytes (out, text, strlen (text));
}

static void
put_line (MdWriter *out, const char *indent, const char *label, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  put_text (out, indent);
  plain_put (out, label, NULL);
  put_text (out, ": ");
  plain_put (out, value, MARGIN);
  put_text (out, "\n");
}

static void
put_outside (MdWriter *out, const Case *self)
{
  const MdManifest *manifest = md_container_get_manifest (self->container);
  g_autofree char *receipts = g_strdup_printf (
      ngettext ("%u receipt verified", "%u receipts verified", self->n_receipts), self->n_receipts);
  g_autoptr (MdDecision) check = dup_check (self);

  put_line (out, "", _ ("Receipt number"), self->entry->receipt_number);
  put_line (out, "", _ ("State"), case_state (self));
  put_line (out, "", _ ("Takes up again"), self->entry->replaces);
  put_line (out, "", _ ("Procedure"), self->entry->procedure);
  put_line (out, "", _ ("Taken in"), manifest->wall);
  put_line (out, "", _ ("Received"), self->entry->received);
  put_line (out, "", _ ("Clerk"), self->entry->officer);
  if (check != NULL)
    put_line (out, "", _ ("Checked by"), check->officer);
  if (self->decision != NULL && self->decision->kind != MD_DECISION_CHECK)
    put_line (out, "", _ ("Decided by"), self->decision->officer);
  put_line (out, "", _ ("Gateway"), receipts);
}

static void
put_holds (MdWriter *out, const Case *self)
{
  for (guint i = 0; i < self->holds->len; i++)
    {
      const MdHold *hold = g_ptr_array_index (self->holds, i);
      const MdRelease *release = find_release (self, hold->number);
      const MdPolicyReleaseReason *reason
          = md_policy_get_release_reason (self->policy, hold->reason, hold->kind);
      g_autofree char *text = g_strdup_printf (
          _ ("%s; released by %s at %s: %s"), md_hold_kind_get_label (hold->kind), release->officer,
          release->time, md_forms_in_japanese () ? reason->name_ja : reason->name_en);

      put_line (out, "", _ ("Was stopped"), text);
    }
  for (guint kind = 0; kind < MD_N_HOLDS; kind++)
    if ((self->unreleased & (1u << kind)) != 0)
      put_line (out, "", _ ("Stopped by the office's own list"),
                md_hold_kind_get_label ((MdHoldKind)kind));
}

/* Of which visit it is, and what was explained and handed out during it. */
static void
put_visit (MdWriter *out, const Case *self, const Desk *desk)
{
  if (self->visit != NULL && self->visit->id != NULL)
    put_line (out, "", _ ("Visit"), self->visit->id);
  for (guint i = 0; self->visit != NULL && i < self->visit->ticks->len; i++)
    {
      const MdVisitTick *tick = g_ptr_array_index (self->visit->ticks, i);
      MdForm *form
          = desk->catalogue != NULL ? md_catalogue_get_form (desk->catalogue, tick->about) : NULL;
      g_autofree char *words = md_ticks_dup_words (tick->ticks);
      g_autofree char *text = g_strdup_printf (
          _ ("%s, %s: %s"), form != NULL ? md_form_get_title (form) : tick->title, tick->at, words);

      put_line (out, "", _ ("In the guide"), text);
    }
}

/* Yes or no in the words of the declaration, and below it what was read before. */
static void
put_declaration (MdWriter *out, const Eyes *eyes, MdField *field)
{
  const MdRecord *declarations = eyes->subject->declarations;
  gboolean answer;

  if (!md_record_as_bool (eyes_get (eyes, eyes->subject->values, md_field_get_id (field)), &answer))
    return;
  put_line (out, "  ", md_field_get_label (field), md_field_get_answer (field, answer));
  for (gsize i = 0; i < md_record_get_size (declarations); i++)
    {
      const MdRecord *shown = md_record_get_entry (declarations, i);

      if (g_strcmp0 (md_record_get_text (shown, "field"), md_field_get_id (field)) == 0)
        put_line (out, "    ", _ ("Text that was shown"), md_record_get_text (shown, "text"));
    }
}

static void
put_plain (MdWriter *out, const Eyes *eyes, const char *label, const MdRecord *values,
           const char *field)
{
  md_autowipe char *text = eyes_dup (eyes, values, field);

  put_line (out, "  ", label, text);
}

/* A line for each value of each row. */
static void
put_rows (MdWriter *out, const Eyes *eyes, MdForm *form, const char *name)
{
  const char *group = md_field_get_label (md_form_get_field (form, name));
  const MdRecord *rows = eyes_get (eyes, eyes->subject->values, name);
  g_autofree const char **columns = md_form_list_columns (form, name);

  for (gsize i = 0; i < md_record_get_size (rows); i++)
    for (gsize k = 0; columns[k] != NULL; k++)
      {
        g_autofree char *label
            = g_strdup_printf (_ ("%s %u: %s"), group, (guint)i + 1,
                               md_field_get_label (md_form_get_field (form, columns[k])));

        put_plain (out, eyes, label, md_record_get_entry (rows, i), columns[k]);
      }
}

/* In the order of the form; case_open() lets nothing in that it does not have. */
static void
put_values (MdWriter *out, const Eyes *eyes)
{
  MdForm *form = desk_find_form (eyes->desk, md_container_get_manifest (eyes->subject->container));
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      MdField *field = md_form_get_field (form, names[i]);
      const MdRecord *open = eyes_get (eyes, eyes->subject->values, names[i]);

      if (open != NULL && md_field_get_field_type (field) == MD_FIELD_ROWS
          && md_record_is_list (open))
        put_rows (out, eyes, form, names[i]);
      else if (open != NULL && md_field_get_field_type (field) == MD_FIELD_DECLARATION)
        put_declaration (out, eyes, field);
      else
        put_plain (out, eyes, md_field_get_label (field), eyes->subject->values, names[i]);
    }
}

static void
put_correction (MdWriter *out, const Eyes *eyes, const Addition *addition)
{
  const MdConfirmation *line = addition->line;
  MdForm *form = desk_find_form (eyes->desk, md_container_get_manifest (eyes->subject->container));
  MdField *field = form != NULL ? md_form_get_field (form, line->field) : NULL;
  md_autowipe char *before = eyes_render (eyes, line->field, line->ours);
  md_autowipe char *after = eyes_render (eyes, line->field, line->theirs);
  md_autowipe char *why = addition_dup_why (eyes, addition);
  md_autowipe char *text = g_strdup_printf (
      _ ("%s: before \"%s\", now \"%s\"; %s, %s, %s"),
      field != NULL ? md_field_get_label (field) : line->field, before != NULL ? before : "",
      after != NULL ? after : "", addition->row->officer, addition->row->time,
      md_confirmation_state_to_string (line->state));

  if (eyes_look (eyes, line->field) == MD_VIEW_HIDDEN)
    return;
  put_line (out, "", _ ("Corrected ex officio"), text);
  put_line (out, "  ", _ ("Why"), why);
}

static void
put_additions (MdWriter *out, const Eyes *eyes)
{
  const GPtrArray *additions = eyes->subject->additions;

  for (guint i = 0; additions != NULL && i < additions->len; i++)
    {
      const Addition *addition = g_ptr_array_index (additions, i);
      md_autowipe char *who = NULL;
      md_autowipe char *answer = NULL;

      if (addition_is_correction (addition))
        {
          put_correction (out, eyes, addition);
          continue;
        }
      who = addition_dup_text (eyes, addition, "responder");
      answer = addition_dup_text (eyes, addition, "answer");
      put_line (out, "", _ ("Answered inquiry"), addition->row->name);
      put_line (out, "  ", _ ("Who answered"), who);
      put_line (out, "  ", _ ("Answer"), answer);
    }
}

MdSecret *
show_case (const Case *self, const Desk *desk, gboolean reveal)
{
  const Eyes eyes = eyes_new (desk, self, MD_STEP_DESK, reveal);
  g_autoptr (MdWriter) out = md_writer_new (MD_LIMIT_WIRE_JSON);
  g_autoptr (GBytes) text = NULL;
  char *number = render_number (self, &eyes);
  g_autofree char *nonce = nonce_text (self);
  g_autofree char *presence = presence_text (self);
  gsize size = 0;

  put_outside (out, self);
  put_line (out, "", _ ("Nonce of the gateway"), nonce);
  put_line (out, "", _ ("Proof of presence"), presence);
  put_holds (out, self);
  put_visit (out, self, desk);
  put_line (out, "", _ ("Individual number"), number);
  put_values (out, &eyes);
  addressee_put_held (&eyes, put_line, out);
  put_additions (out, &eyes);
  if (eyes_find_number (&eyes))
    put_line (out, "", _ ("Please note"),
              _ ("An individual number was written into a text. It belongs into the field for it "
                 "alone; its digits are shown with --reveal-number, and that is recorded."));
  if (eyes_miss_some (&eyes))
    put_line (out, "", _ ("Kept from this desk by the policy"),
              _ ("some fields of this form, whether filled in or not"));
  md_filter_wipe (number);
  text = md_writer_finish (out, NULL);
  if (text == NULL)
    return NULL; // larger than anything that arrives
  return md_secret_new_from_data (g_bytes_get_data (text, &size), g_bytes_get_size (text));
}

static gboolean
write_all (const void *data, gsize size)
{
  const guint8 *place = data;

  while (size > 0)
    {
      const gssize done = write (STDOUT_FILENO, place, size);

      if (done < 0 && errno != EINTR)
        return FALSE;
      place += MAX (done, 0);
      size -= (gsize)MAX (done, 0);
    }
  return TRUE;
}

gboolean
show_print (const MdSecret *text)
{
  g_autoptr (MdSecret) plain = plain_secret (text);

  (void)fflush (stdout);
  return plain != NULL && write_all (md_secret_get_data (plain), md_secret_get_size (plain))
         && (g_str_has_suffix (md_secret_get_text (plain), "\n") || write_all ("\n", 1));
}

/* --- The list --- */

static const char *
state_of (const char *decision)
{
  MdDecisionKind kind = MD_DECISION_APPROVE;
  Case probe = { 0 };
  MdDecision last = { 0 };

  if (decision == NULL || !md_decision_kind_from_string (decision, &kind))
    return case_state (&probe);
  last.kind = kind;
  probe.decision = &last;
  return case_state (&probe);
}

/* The intakes in the ledger's order, and for each the last decision: two passes over the pages. */
static gboolean
read_ledger (const Desk *desk, GPtrArray *intakes, GHashTable *decisions, GError **error)
{
  guint64 after = 0;

  while (TRUE)
    {
      GPtrArray *page = md_ledger_list (desk->ledger, after, PAGE, error);
      if (page == NULL)
        return FALSE;
      if (page->len == 0)
        {
          g_ptr_array_unref (page);
          return TRUE;
        }
      for (guint i = 0; i < page->len; i++)
        {
          MdLedgerEntry *entry = page->pdata[i];
          after = entry->sequence;
          if (entry->n > 1)
            g_hash_table_replace (decisions, g_strdup (entry->intake), g_strdup (entry->decision));
        }
      g_ptr_array_extend_and_steal (intakes, page);
    }
}

/* For each intake that was taken up again, the one that did. (transfer full) */
static GHashTable *
find_replaced (GPtrArray *entries)
{
  GHashTable *replaced = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];

      if (entry->replaces != NULL)
        g_hash_table_replace (replaced, entry->replaces, entry->intake);
    }
  return replaced;
}

/* By which notice it was given back to its terminal, and since when that has it; null without. */
static void
add_notice (MdRecord *item, const Desk *desk, const char *intake)
{
  g_autoptr (MdLedgerNotice) notice = md_ledger_look_up_notice (desk->ledger, intake, NULL);

  if (notice != NULL)
    md_record_set_int (item, "notice", notice->number);
  else
    md_record_set_text (item, "notice", NULL);
  md_record_set_text (item, "notice_fetched", notice != NULL ? notice->fetched : NULL);
}

static gboolean
print_json_list (const Desk *desk, GPtrArray *entries, GHashTable *decisions)
{
  g_autoptr (GHashTable) replaced = find_replaced (entries);
  const char *before = "[";

  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];
      if (entry->n > 1)
        continue;
      g_autoptr (MdRecord) item = md_record_new_object ();
      md_record_set_text (item, "intake", entry->intake);
      md_record_set_text (item, "receipt_number", entry->receipt_number);
      md_record_set_text (item, "procedure", entry->procedure);
      md_record_set_text (item, "state", state_of (g_hash_table_lookup (decisions, entry->intake)));
      md_record_set_text (item, "replaces", entry->replaces);
      md_record_set_text (item, "replaced_by", g_hash_table_lookup (replaced, entry->intake));
      add_notice (item, desk, entry->intake);
      md_record_set_text (item, "received", entry->received);
      md_record_set_text (item, "terminal", entry->terminal);
      md_record_set_int (item, "sequence", (gint64)entry->sequence);
      g_autoptr (MdSecret) text = md_record_write (item, TRUE);
      if (text == NULL || !write_all (before, 1) || !show_print (text))
        return FALSE;
      before = ",";
    }
  return write_all (*before == ',' ? "]\n" : "[]\n", *before == ',' ? 2 : 3);
}

gboolean
show_list (const Desk *desk, gboolean json, GError **error)
{
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_ledger_entry_free);
  g_autoptr (GHashTable) decisions
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!read_ledger (desk, entries, decisions, error))
    return FALSE;
  if (json)
    {
      if (print_json_list (desk, entries, decisions))
        return TRUE;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("The list could not be written out."));
      return FALSE;
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const MdLedgerEntry *entry = entries->pdata[i];
      if (entry->n == 1)
        g_print ("%s  %-9s  %-20s  %s%s%s\n", entry->receipt_number,
                 state_of (g_hash_table_lookup (decisions, entry->intake)), entry->procedure,
                 entry->received, entry->replaces != NULL ? _ ("  takes up again ") : "",
                 entry->replaces != NULL ? entry->replaces : "");
    }
  return TRUE;
}
