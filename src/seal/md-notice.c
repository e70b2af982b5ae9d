// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-notice.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdNotice, md_notice, md_notice_copy, md_notice_free)

static const MdSealTextRow rows[] = {
  { G_STRUCT_OFFSET (MdNotice, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, previous), "previous", MD_SEAL_TEXT_EMPTY },
  { G_STRUCT_OFFSET (MdNotice, intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdNotice, receipt_number), "receipt_number", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, procedure), "procedure", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, container), "container", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdNotice, officer), "officer", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, reason), "reason", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdNotice, time), "time", MD_SEAL_TEXT_TIME },
};

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

static void
line_free (gpointer data)
{
  MdNoticeLine *line = data;

  g_free (line->rule);
  g_free (line->field);
  g_free (line);
}

MdNotice *
md_notice_new (void)
{
  MdNotice *self = g_new0 (MdNotice, 1);

  self->lines = g_ptr_array_new_with_free_func (line_free);
  return self;
}

void
md_notice_add_line (MdNotice *self, const char *rule, const char *field)
{
  MdNoticeLine *line = g_new0 (MdNoticeLine, 1);

  line->rule = g_strdup (rule);
  line->field = g_strdup (field);
  g_ptr_array_add (self->lines, line);
}

MdNotice *
md_notice_copy (const MdNotice *self)
{
  MdNotice *copy = md_notice_new ();

  md_seal_texts_copy (&texts, self, copy);
  copy->number = self->number;
  for (guint i = 0; i < self->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (self->lines, i);

      md_notice_add_line (copy, line->rule, line->field);
    }
  return copy;
}

void
md_notice_free (MdNotice *self)
{
  if (self == NULL)
    return;
  md_seal_texts_clear (&texts, self);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/* --- Writing --- */

static const char *
find_wrong (const MdNotice *self)
{
  const char *wrong = md_seal_texts_find_wrong (&texts, self);

  if (wrong != NULL)
    return wrong;
  if (self->number < 1)
    return "number";
  if (self->number == 1 ? *self->previous != '\0'
                        : !md_seal_text_fits (self->previous, MD_SEAL_TEXT_SHA256))
    return "previous";
  if (self->lines->len < 1 || self->lines->len > MD_NOTICE_MAX_LINES)
    return "lines";
  for (guint i = 0; i < self->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (self->lines, i);

      if (!md_seal_text_fits (line->rule, MD_SEAL_TEXT_WORD)
          || !md_seal_text_fits (line->field, MD_SEAL_TEXT_EMPTY))
        return "lines";
    }
  return NULL;
}

static gboolean
check (gconstpointer record, GError **error)
{
  return md_seal_nothing_wrong (find_wrong (record), "notice", error);
}

static void
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdNotice *self = record;

  md_seal_json_add_int (builder, "number", self->number);
  md_seal_texts_write (&texts, self, builder);
  json_builder_set_member_name (builder, "lines");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const MdNoticeLine *line = g_ptr_array_index (self->lines, i);

      json_builder_begin_object (builder);
      md_seal_json_add (builder, "rule", line->rule);
      md_seal_json_add (builder, "field", line->field);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* --- Reading --- */

static void
read_line (gpointer record, MdSealJson *json)
{
  g_autofree char *rule = md_seal_json_text (json, "rule", MD_SEAL_TEXT_WORD);
  g_autofree char *field = md_seal_json_text (json, "field", MD_SEAL_TEXT_EMPTY);

  if (json->failed == NULL)
    md_notice_add_line (record, rule, field);
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdNotice *self = record;

  self->number = (guint)md_seal_json_int (json, "number", 1, G_MAXINT32);
  md_seal_texts_read (&texts, self, json);
  md_seal_json_list (json, "lines", MD_NOTICE_MAX_LINES, read_line, self);
}

static const MdSealEntry entry = { MD_NOTICE_SCHEMA, check, write_members, read_members };

MdNotice *
md_notice_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdNotice) self = md_notice_new ();

  return md_seal_entry_parse (&entry, bytes, self, error) ? g_steal_pointer (&self) : NULL;
}

/* --- Signed --- */

GBytes *
md_notice_sign (const MdNotice *self, MdKey *key, const MdCertificate *certificate,
                gint64 signing_time, GError **error)
{
  g_autoptr (GBytes) json = md_seal_entry_encode (&entry, self, error);

  return json != NULL ? md_cms_sign_attached (json, key, certificate, NULL, signing_time, error)
                      : NULL;
}

MdNotice *
md_notice_verify (GBytes *signed_notice, const MdTrust *trust, gint64 time, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) json = NULL;
  g_autoptr (MdNotice) self = NULL;
  g_autoptr (MdVerdict) verdict = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;
  gint64 made = 0;

  if (g_bytes_get_size (signed_notice) <= MD_LIMIT_RECEIPT)
    signer = md_cms_verify_attached (signed_notice, &json, &cause);
  if (signer == NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SIGNATURE, "notice: %s",
                   cause != NULL ? cause->message : "too large");
      return NULL;
    }
  self = md_notice_parse (json, error);
  if (self == NULL || !md_time_parse_rfc3339 (self->time, &made, error))
    return NULL;
  verdict = md_trust_check (trust, md_cms_signer_get_certificate (signer),
                            md_cms_signer_get_chain (signer),
                            time != 0 ? time : made / G_TIME_SPAN_SECOND);
  if (md_verdict_get_status (verdict) == MD_VERDICT_VALID)
    return g_steal_pointer (&self);
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_UNTRUSTED,
               "the notice's signer is not accepted: %s", md_verdict_get_detail (verdict));
  return NULL;
}
