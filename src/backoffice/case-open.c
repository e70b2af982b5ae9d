// SPDX-License-Identifier: Apache-2.0
/* Opening an intake: its parts, and that they are of this very intake. */
#include "config.h"

#include "case-private.h"
#include "scans.h"

#include <glib/gi18n.h>
#include <string.h>

static GBytes *
open_part (const Case *self, const char *name, MdKey *key, const MdCertificate *certificate,
           GError **error)
{
  g_autoptr (GError) local = NULL;
  GBytes *plain = md_container_open_part (self->container, name, key, certificate, &local);

  if (plain == NULL)
    g_set_error (error, CASE_ERROR, CASE_ERROR_UNOPENED,
                 _ ("Part %s of intake %s cannot be opened with this desk's key: %s"), name,
                 self->entry->intake, local->message);
  return plain;
}

static const char *
text_of (const MdRecord *object, const char *name)
{
  return md_record_get_text (object, name);
}

/* The JSON of a sealed part, which must be of @schema and name this very intake: else somebody put
 * another's part here. */
static MdRecord *
read_part (const Case *self, GBytes *plain, const char *schema, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize size = 0;
  const void *data = g_bytes_get_data (plain, &size);
  g_autoptr (MdRecord) object = md_record_parse (data, size, MD_LIMIT_WIRE_JSON, &local);

  if (object == NULL)
    {
      (void)_case_forged (error, self->entry->intake, local->message);
      return NULL;
    }
  if (g_strcmp0 (text_of (object, "schema"), schema) != 0
      || g_strcmp0 (text_of (object, "intake"), self->entry->intake) != 0)
    {
      (void)_case_forged (error, self->entry->intake, "a sealed part is of another intake");
      return NULL;
    }
  return g_steal_pointer (&object);
}

static MdRecord *
part_values (const Case *self, const MdRecord *part, GError **error)
{
  MdRecord *values = md_record_get (part, "values");

  if (md_record_is_object (values))
    return md_record_ref (values);
  (void)_case_forged (error, self->entry->intake, "a sealed part has no values");
  return NULL;
}

/* It names an answer of the application, and its text is the one of its digest. */
static gboolean
check_declaration (const MdRecord *shown, const MdRecord *values)
{
  const char *field = text_of (shown, "field");
  const char *language = text_of (shown, "language");
  const char *text = text_of (shown, "text");
  g_autofree char *digest
      = text != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;
  gboolean answer;

  return field != NULL && md_record_as_bool (md_record_get (values, field), &answer)
         && digest != NULL && g_strcmp0 (text_of (shown, "sha256"), digest) == 0
         && (g_strcmp0 (language, "ja") == 0 || g_strcmp0 (language, "en") == 0);
}

/* Of a form that is known here, each answer has its text. */
static gboolean
has_texts (const MdRecord *declarations, const MdRecord *values, MdForm *form)
{
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;
  gsize answers = 0;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (md_field_get_field_type (md_form_get_field (form, names[i])) == MD_FIELD_DECLARATION
        && md_record_get (values, names[i]) != NULL)
      answers++;
  return form == NULL || answers == md_record_get_size (declarations);
}

static gboolean
read_declarations (Case *self, const Desk *desk, const MdRecord *part, GError **error)
{
  MdRecord *declarations = md_record_get (part, "declarations");
  MdForm *form = desk_find_form (desk, md_container_get_manifest (self->container));
  gboolean whole = declarations == NULL || md_record_is_list (declarations);

  for (gsize i = 0; i < md_record_get_size (declarations); i++)
    whole = whole && check_declaration (md_record_get_entry (declarations, i), self->values);
  if (!whole || !has_texts (declarations, self->values, form))
    return _case_forged (error, self->entry->intake,
                         "what was declared is not the text that was shown");
  self->declarations = declarations != NULL ? md_record_ref (declarations) : NULL;
  return TRUE;
}

static gboolean
open_application (Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GBytes) plain = open_part (self, MD_SEAL_PART_APPLICATION, desk->business_key,
                                        desk->business_certificate, error);
  g_autoptr (MdRecord) part = NULL;

  if (plain == NULL || (part = read_part (self, plain, "madoguchi-application/1", error)) == NULL)
    return FALSE;
  if (g_strcmp0 (text_of (part, "procedure"), self->entry->procedure) != 0)
    return _case_forged (error, self->entry->intake, "the application is of another procedure");
  self->values = part_values (self, part, error);
  if (self->values == NULL || !read_declarations (self, desk, part, error))
    return FALSE;
  if (md_record_get (part, "papers") != NULL)
    self->papers = md_record_ref (md_record_get (part, "papers"));
  self->application
      = md_secret_new_from_data (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  _case_passed (self, "opens with the business key, and is of this intake");
  return _case_check_form (self, desk, error) && _case_check_delegation (self, error);
}

static gboolean
open_evidence (Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GBytes) plain = open_part (self, MD_SEAL_PART_EVIDENCE, desk->business_key,
                                        desk->business_certificate, error);
  g_autoptr (MdRecord) part = NULL;
  g_autoptr (GError) local = NULL;
  gsize size = 0;
  const guint8 *data = NULL;

  if (plain == NULL || (part = read_part (self, plain, "madoguchi-evidence/1", error)) == NULL)
    return FALSE;
  data = g_bytes_get_data (plain, &size);
  self->proof = md_identity_proof_decode (data, size, &local);
  if (self->proof == NULL)
    return _case_forged (error, self->entry->intake, local->message);
  _case_passed (self, "opens with the business key, and is of this intake");
  self->holds = md_holds_decode (data, size, &local);
  if (self->holds == NULL)
    return _case_forged (error, self->entry->intake, local->message);
  self->named_salt = md_naming_decode_salt (data, size, &local);
  if (self->named_salt == NULL)
    return _case_forged (error, self->entry->intake, local->message);
  self->visit = md_visit_record_decode (data, size, &local);
  if (self->visit == NULL)
    return _case_forged (error, self->entry->intake, local->message);
  if (!_case_check_presence (self, desk, error) || !_case_read_completion (self, desk, error)
      || !_case_check_named (self, error) || !_case_check_holds (self, error))
    return FALSE;
  _case_hold_against (self, desk->holds);
  return TRUE;
}

static void
pass_scans (Case *self, const GPtrArray *scans)
{
  g_autofree char *more = NULL;
  g_autofree char *otherwise = NULL;
  guint closed = 0, doubted = 0, differ = 0;

  for (guint i = 0; i < scans->len; i++)
    {
      const Scan *scan = g_ptr_array_index (scans, i);

      closed += scan->document == NULL ? 1 : 0;
      differ += scan->class_differs ? 1 : 0;
      doubted += scan->document != NULL && !md_scan_document_get_passed (scan->document) ? 1 : 0;
    }
  more = doubted > 0 ? g_strdup_printf (
             ", %u of which today's inspection does not pass: not to be opened", doubted)
                     : g_strdup ("");
  otherwise = differ > 0 ? g_strdup_printf (
                  ", %u sealed for another class than the form at this desk says", differ)
                         : g_strdup ("");
  if (closed > 0)
    _case_passed (self,
                  "%u scanned documents, as the application names them%s%s, and %u sealed to the "
                  "vault, whose key is not here",
                  scans->len - closed, more, otherwise, closed);
  else
    _case_passed (self, "%u scanned documents, as the application names them%s%s", scans->len, more,
                  otherwise);
}

/* Every one is opened: that it can be, and is the one that the application names, is known before
 * somebody needs it. */
static gboolean
check_scans (Case *self, const Desk *desk, GError **error)
{
  const guint n
      = md_manifest_count_attachments (md_container_get_manifest (self->container), NULL, NULL);
  g_autoptr (GPtrArray) scans = NULL;

  if (n == 0 && self->papers == NULL)
    return TRUE;
  _case_begin (self, "attachments");
  scans = scans_open (self, desk, error);
  if (scans != NULL)
    pass_scans (self, scans);
  return scans != NULL;
}

gboolean
case_open (Case *self, const Desk *desk, GError **error)
{
  _case_begin (self, "application");
  if (!open_application (self, desk, error) || !check_scans (self, desk, error))
    return FALSE;
  _case_begin (self, "evidence");
  return open_evidence (self, desk, error);
}

/* How many of @names are numbers of @values, each with its check digit. */
static gsize
count_numbers (const MdRecord *values, MdForm *form, const char *const *names)
{
  gsize n = 0;

  for (gsize i = 0; names[i] != NULL; i++)
    if (md_field_get_field_type (md_form_get_field (form, names[i])) == MD_FIELD_MYNUM
        && md_number_is_valid (MD_NUMBER_INDIVIDUAL, text_of (values, names[i])))
      n++;
  return n;
}

/* Each row has numbers and nothing else, or nothing; and there is one at least. */
static gboolean
rows_are_numbers (const MdRecord *rows, MdForm *form, const char *group)
{
  g_autofree const char **columns = md_form_list_columns (form, group);
  gsize known = 0;

  for (gsize i = 0; i < md_record_get_size (rows); i++)
    {
      const MdRecord *row = md_record_get_entry (rows, i);
      const gsize n = md_record_is_object (row) ? count_numbers (row, form, columns) : 0;

      if (!md_record_is_object (row) || n != md_record_get_size (row))
        return FALSE;
      known += n;
    }
  return known > 0;
}

/* Whether all that it holds are individual numbers, where the form has a place for one (of a
 * spouse, of who died, of a household, ...). An intake of a procedure that this desk does not know
 * holds the person's own alone. */
static gboolean
holds_numbers (const MdRecord *values, MdForm *form)
{
  static const char *const own[] = { "p.mynum", NULL };
  g_autofree const char **names = form != NULL ? md_form_list_fields (form) : NULL;
  gsize known = 0;

  if (form == NULL)
    return md_record_get_size (values) == 1 && md_record_get (values, own[0]) != NULL;
  known = count_numbers (values, form, names);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const MdRecord *value = md_record_get (values, names[i]);

      if (md_record_is_list (value))
        known += rows_are_numbers (value, form, names[i]) ? 1 : 0;
    }
  return known > 0 && known == md_record_get_size (values);
}

gboolean
case_open_number (Case *self, const Desk *desk, GError **error)
{
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (MdRecord) part = NULL;
  g_autoptr (MdRecord) values = NULL;
  g_autoptr (MdSecret) digits = NULL;
  const char *text = NULL;

  _case_begin (self, "number");
  if (md_container_get_entry (self->container, MD_SEAL_PART_NUMBER) == NULL)
    return TRUE;
  if (desk->vault_key == NULL)
    {
      g_set_error (error, CASE_ERROR, CASE_ERROR_UNOPENED,
                   _ ("This desk has no key of the number vault."));
      return FALSE;
    }
  plain = open_part (self, MD_SEAL_PART_NUMBER, desk->vault_key, desk->vault_certificate, error);
  if (plain == NULL || (part = read_part (self, plain, "madoguchi-number/1", error)) == NULL
      || (values = part_values (self, part, error)) == NULL)
    return FALSE;
  if (!holds_numbers (values, desk_find_form (desk, md_container_get_manifest (self->container))))
    return _case_forged (error, self->entry->intake,
                         "the number's part holds something else than individual numbers");
  text = text_of (values, "p.mynum");
  if (text == NULL) /* of others alone: the person has told none */
    {
      _case_passed (self, "opens with the vault's key; the person's own number is not in it");
      return _case_check_named_number (self, error);
    }
  digits = md_secret_new_from_text (text);
  self->number = md_individual_number_parse (digits, NULL);
  if (self->number == NULL)
    return _case_forged (error, self->entry->intake,
                         "the number's part holds no individual number");
  _case_passed (self, "opens with the vault's key, and its check digit fits");
  return _case_check_named_number (self, error);
}
