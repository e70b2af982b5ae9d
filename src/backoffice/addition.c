// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "addition.h"

#include <glib/gi18n.h>
#include <string.h>

#include "case-private.h"
#include "confirmation.h"

#define SCHEMA "madoguchi-addition/1"

void
addition_free (Addition *self)
{
  if (self == NULL)
    return;
  md_ledger_addition_free (self->row);
  g_clear_pointer (&self->content, md_record_unref);
  g_clear_pointer (&self->line, md_confirmation_free);
  g_free (self);
}

gboolean
addition_is_correction (const Addition *self)
{
  return strcmp (self->row->kind, ADDITION_CORRECTION) == 0;
}

/* --- Writing --- */

/* What only a desk with the key can make: nobody else puts a record here, or moves one. */
static GBytes *
seal_of (const Desk *desk, const MdLedgerAddition *row)
{
  g_autofree char *body = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, row->body);
  const char *parts[] = { "addition",  row->intake, row->kind, row->name, row->officer,
                          row->reason, row->time,   body,      NULL };
  guint8 out[MD_KEYED_DIGEST_SIZE];

  md_keyed_digest (desk->confirmation_key, parts, out);
  return g_bytes_new (out, sizeof out);
}

static MdRecord *
head_of (const MdLedgerAddition *row)
{
  MdRecord *root = md_record_new_object ();

  md_record_set_text (root, "schema", SCHEMA);
  md_record_set_text (root, "intake", row->intake);
  md_record_set_text (root, "kind", row->kind);
  md_record_set_text (root, "name", row->name);
  return root;
}

static GBytes *
seal_body (const Desk *desk, const MdLedgerAddition *row, MdRecord *content, GError **error)
{
  g_autoptr (MdRecord) root = head_of (row);
  g_autoptr (GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr (MdSecret) text = NULL;

  md_record_take (root, "content", md_record_ref (content));
  text = md_record_write (root, FALSE);
  g_ptr_array_add (recipients, desk->business_certificate);
  return md_cms_seal (md_secret_get_data (text), md_secret_get_size (text), recipients, error);
}

static gboolean
not_kept (const AdditionNew *what, const GError *cause, GError **error)
{
  if (!g_error_matches (cause, MD_LEDGER_ERROR, MD_LEDGER_ERROR_ADDED))
    return _case_store_failed (error, cause);
  if (strcmp (what->kind, ADDITION_CORRECTION) == 0)
    g_set_error_literal (error, CASE_ERROR, CASE_ERROR_UNFIT,
                         _ ("Somebody else corrected the intake at the same time. Look at it "
                            "again, and correct what is still wrong."));
  else
    g_set_error (error, CASE_ERROR, CASE_ERROR_UNFIT,
                 _ ("Inquiry %s was answered for another intake. Nothing was kept; look up which "
                    "inquiry is answered here."),
                 what->name);
  return FALSE;
}

gboolean
addition_keep (const Case *self, const Desk *desk, const AdditionNew *what, GError **error)
{
  g_autoptr (MdLedgerAddition) row = g_new0 (MdLedgerAddition, 1);
  g_autoptr (GError) local = NULL;

  row->intake = g_strdup (self->entry->intake);
  row->kind = g_strdup (what->kind);
  row->name = g_strdup (what->name);
  row->officer = g_strdup (what->officer);
  row->reason = g_strdup (what->reason);
  row->time = md_time_format_rfc3339 (md_clock_get_wall_us (md_clock_get_system ()));
  row->body = seal_body (desk, row, what->content, &local);
  if (row->body == NULL)
    return _case_store_failed (error, local);
  row->seal = seal_of (desk, row);
  return md_ledger_add (desk->ledger, row, what->note, &local) || not_kept (what, local, error);
}

/* --- Reading --- */

static MdRecord *
open_body (const Desk *desk, const MdLedgerAddition *row)
{
  static const char *const members[] = { "schema", "intake", "kind", "name", "content", NULL };
  g_autoptr (GBytes) seal = seal_of (desk, row);
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (MdRecord) root = NULL;
  MdRecord *content = NULL;

  if (!g_bytes_equal (seal, row->seal))
    return NULL;
  plain = md_cms_open (row->body, desk->business_key, desk->business_certificate, NULL);
  if (plain != NULL)
    root = md_record_parse (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain),
                            MD_LIMIT_WIRE_JSON, NULL);
  content = md_record_get (root, "content");
  if (root == NULL || !md_record_has_only (root, members) || !md_record_is_object (content)
      || g_strcmp0 (md_record_get_text (root, "schema"), SCHEMA) != 0
      || g_strcmp0 (md_record_get_text (root, "intake"), row->intake) != 0
      || g_strcmp0 (md_record_get_text (root, "kind"), row->kind) != 0
      || g_strcmp0 (md_record_get_text (root, "name"), row->name) != 0)
    return NULL;
  return md_record_ref (content);
}

static gboolean
read_rows (Case *self, const Desk *desk, GPtrArray *rows, const GPtrArray *said, GError **error)
{
  while (rows->len > 0)
    {
      g_autoptr (Addition) addition = g_new0 (Addition, 1);

      _case_begin (self, "addition");
      addition->row = g_ptr_array_steal_index (rows, 0);
      addition->content = open_body (desk, addition->row);
      if (addition->content == NULL)
        return _case_forged (error, self->entry->intake,
                             "a reply or a correction was not written by this desk");
      if (addition_is_correction (addition))
        {
          addition->line = addition_make_line (addition, self, desk);
          confirmation_settle_said (addition->line, said);
        }
      _case_passed (self, "%s %s by %s at %s", addition->row->kind, addition->row->name,
                    addition->row->officer, addition->row->time);
      g_ptr_array_add (self->additions, g_steal_pointer (&addition));
    }
  return TRUE;
}

gboolean
additions_read (Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) rows = md_ledger_list_additions (desk->ledger, self->entry->intake, &local);
  g_autoptr (GPtrArray) said = NULL;

  if (rows != NULL)
    said = md_ledger_list_confirmations (desk->ledger, self->entry->intake, &local);
  if (said == NULL)
    return _case_store_failed (error, local);
  if (desk->confirmation_key == NULL && rows->len > 0)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_SETTINGS,
                   _ ("Intake %s was answered or corrected since, and without [confirmation] key "
                      "this desk cannot tell whether that is genuine. Name the key in the "
                      "settings."),
                   self->entry->receipt_number);
      return FALSE;
    }
  g_clear_pointer (&self->additions, g_ptr_array_unref);
  self->additions = g_ptr_array_new_with_free_func ((GDestroyNotify)addition_free);
  return read_rows (self, desk, rows, said, error);
}

/* --- Looking --- */

static const Addition *
nth (const Case *self, guint i)
{
  return self->additions != NULL && i < self->additions->len
             ? g_ptr_array_index (self->additions, i)
             : NULL;
}

const Addition *
addition_find (const Case *self, gboolean correction, const char *name)
{
  const Addition *addition = NULL;

  for (guint i = 0; (addition = nth (self, i)) != NULL; i++)
    if (addition_is_correction (addition) == correction && strcmp (addition->row->name, name) == 0)
      return addition;
  return NULL;
}

guint
additions_count_corrections (const Case *self)
{
  const Addition *addition = NULL;
  guint n = 0;

  for (guint i = 0; (addition = nth (self, i)) != NULL; i++)
    n += addition_is_correction (addition) ? 1 : 0;
  return n;
}

/* The last one of the field in this state. */
static const Addition *
find_correction (const Case *self, const char *field, MdConfirmationState state)
{
  const Addition *found = NULL, *addition = NULL;

  for (guint i = 0; (addition = nth (self, i)) != NULL; i++)
    if (addition->line != NULL && addition->line->state == state
        && strcmp (addition->line->field, field) == 0)
      found = addition;
  return found;
}

const char *
addition_find_corrected (const Case *self, const char *field)
{
  const Addition *found = find_correction (self, field, MD_CONFIRMATION_CONFIRMED);

  return found != NULL ? found->line->theirs : NULL;
}

gboolean
addition_is_waiting (const Case *self, const char *field)
{
  return find_correction (self, field, MD_CONFIRMATION_OPEN) != NULL;
}
