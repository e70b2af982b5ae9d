// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-notice.h"
#include "md-seal-json-private.h"

G_DEFINE_BOXED_TYPE (MdNotice, md_notice, md_notice_copy, md_notice_free)

static const struct
{
  gsize offset;
  const char *name;
  MdSealText kind;
} texts[] = {
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

static char **
text_at (const MdNotice *self, gsize index)
{
  return (char **)((guintptr)self + texts[index].offset);
}

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

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, i) = g_strdup (*text_at (self, i));
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
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, i));
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/* --- Writing --- */

static const char *
find_wrong (const MdNotice *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!md_seal_text_fits (*text_at (self, i), texts[i].kind))
      return texts[i].name;
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

static void
add_lines (JsonBuilder *builder, const MdNotice *self)
{
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

static GBytes *
encode (const MdNotice *self, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const char *wrong = find_wrong (self);

  if (wrong != NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                   "\"%s\" is missing or impossible in the notice", wrong);
      return NULL;
    }
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "schema", MD_NOTICE_SCHEMA);
  md_seal_json_add_int (builder, "number", self->number);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    md_seal_json_add (builder, texts[i].name, *text_at (self, i));
  add_lines (builder, self);
  json_builder_end_object (builder);
  return md_seal_json_write (builder);
}

GBytes *
md_notice_sign (const MdNotice *self, MdKey *key, const MdCertificate *certificate,
                gint64 signing_time, GError **error)
{
  g_autoptr (GBytes) json = encode (self, error);

  return json != NULL ? md_cms_sign_attached (json, key, certificate, NULL, signing_time, error)
                      : NULL;
}

/* --- Reading --- */

static void
read_lines (MdNotice *self, MdSealJson *json)
{
  JsonNode *node = json->failed == NULL ? json_object_get_member (json->object, "lines") : NULL;
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint count = array != NULL ? json_array_get_length (array) : 0;

  if (json->failed != NULL)
    return;
  if (count < 1 || count > MD_NOTICE_MAX_LINES)
    json->failed = "lines";
  for (guint i = 0; i < count && json->failed == NULL; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      MdSealJson inside = { .failed = "lines" };
      g_autofree char *rule = NULL;
      g_autofree char *field = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        md_seal_json_open (&inside, json_node_get_object (element));
      rule = md_seal_json_text (&inside, "rule", MD_SEAL_TEXT_WORD);
      field = md_seal_json_text (&inside, "field", MD_SEAL_TEXT_EMPTY);
      json->failed = inside.failed;
      if (json->failed == NULL)
        md_notice_add_line (self, rule, field);
    }
}

MdNotice *
md_notice_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdNotice) self = md_notice_new ();
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;
  MdSealJson json;

  if (root == NULL)
    return NULL;
  md_seal_json_open (&json, json_node_get_object (root));
  (void)md_seal_json_is (&json, "schema", MD_NOTICE_SCHEMA);
  self->number = (guint)md_seal_json_int (&json, "number", 1, G_MAXINT32);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (self, i) = md_seal_json_text (&json, texts[i].name, texts[i].kind);
  read_lines (self, &json);
  if (!md_seal_json_finish (&json, error))
    return NULL;
  again = encode (self, error);
  if (again == NULL || !md_seal_json_matches (bytes, again, error))
    return NULL;
  return g_steal_pointer (&self);
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
