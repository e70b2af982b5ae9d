// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <md-pki.h>
#include <string.h>
#include "md-manifest.h"
#include "md-names-private.h"
#include "md-release.h"
#include "md-seal-json-private.h"

G_DEFINE_BOXED_TYPE (MdManifest, md_manifest, md_manifest_copy, md_manifest_free)

/* The texts of the record, in the order in which they are copied and freed. */
static const struct
{
  gsize offset;
  const char *name;
  MdSealText kind;
} texts[] = {
  { G_STRUCT_OFFSET (MdManifest, intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdManifest, receipt_number), "receipt_number", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, procedure), "procedure", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, procedure_version), "procedure_version", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, clerk), "clerk", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, policy_digest), "policy_digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdManifest, wall), "wall", MD_SEAL_TEXT_TIME },
  { G_STRUCT_OFFSET (MdManifest, boot_id), "boot_id", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, nonce_state), "state", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, nonce), "value", MD_SEAL_TEXT_EMPTY },
  { G_STRUCT_OFFSET (MdManifest, identification_method), "method", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, identification_verdict), "verdict", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, identification_revocation), "revocation", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, signature_algorithm), "signature", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, key_agreement), "key_agreement", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, key_wrap), "key_wrap", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, content_cipher), "content", MD_SEAL_TEXT_WORD },
};

static const char *const named_parts[MD_MANIFEST_N_NAMED] = { "who", "number", "shown", "address" };

static char **
text_at (const MdManifest *self, gsize index)
{
  return (char **)((guintptr)self + texts[index].offset);
}

static void
part_free (gpointer data)
{
  MdManifestPart *part = data;

  g_free (part->name);
  g_free (part->sha256);
  g_free (part->media_type);
  g_free (part);
}

MdManifest *
md_manifest_new (void)
{
  MdManifest *self = g_new0 (MdManifest, 1);

  self->signature_algorithm = g_strdup (MD_CMS_SIGNATURE_ALGORITHM);
  self->key_agreement = g_strdup (MD_CMS_KEY_AGREEMENT);
  self->key_wrap = g_strdup (MD_CMS_KEY_WRAP);
  self->content_cipher = g_strdup (MD_CMS_CONTENT_CIPHER);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->releases = g_ptr_array_new_with_free_func ((GDestroyNotify)md_release_files_free);
  return self;
}

void
md_manifest_free (MdManifest *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, i));
  g_free (self->replaces);
  g_free (self->identification_assurance);
  for (gsize i = 0; i < MD_MANIFEST_N_NAMED; i++)
    g_free (self->named[i]);
  g_free (self->delegation_intake);
  g_free (self->delegation_number);
  g_free (self->delegation_decision);
  g_free (self->received);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->releases);
  g_free (self);
}

MdManifest *
md_manifest_copy (const MdManifest *self)
{
  MdManifest *copy = md_manifest_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_free (*text_at (copy, i));
      *text_at (copy, i) = g_strdup (*text_at (self, i));
    }
  copy->replaces = g_strdup (self->replaces);
  copy->identification_assurance = g_strdup (self->identification_assurance);
  for (gsize i = 0; i < MD_MANIFEST_N_NAMED; i++)
    copy->named[i] = g_strdup (self->named[i]);
  copy->delegation_intake = g_strdup (self->delegation_intake);
  copy->delegation_number = g_strdup (self->delegation_number);
  copy->delegation_decision = g_strdup (self->delegation_decision);
  copy->received = g_strdup (self->received);
  copy->policy_version = self->policy_version;
  copy->monotonic_ns = self->monotonic_ns;
  copy->differences = self->differences;
  copy->number_missing = self->number_missing;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->parts, i);

      md_manifest_add_part (copy, part->name, part->sha256, part->size);
    }
  for (guint i = 0; i < self->releases->len; i++)
    g_ptr_array_add (copy->releases, md_release_files_copy (g_ptr_array_index (self->releases, i)));
  return copy;
}

char *
md_manifest_dup_day (const MdManifest *self)
{
  gint64 wall = 0;
  MdDate day;

  if (self->received != NULL)
    return g_strdup (self->received);
  if (!md_time_parse_rfc3339 (self->wall, &wall, NULL))
    return NULL;
  md_date_from_wall_us (wall, &day);
  return md_date_format_iso (&day);
}

const MdManifestPart *
md_manifest_find_part (const MdManifest *self, const char *name)
{
  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->parts, i);

      if (g_strcmp0 (part->name, name) == 0)
        return part;
    }
  return NULL;
}

void
md_manifest_add_part (MdManifest *self, const char *name, const char *sha256, guint64 size)
{
  MdManifestPart *part = g_new0 (MdManifestPart, 1);

  part->name = g_strdup (name);
  part->sha256 = g_strdup (sha256);
  part->size = size;
  part->media_type = g_strdup (MD_SEAL_PART_MEDIA_TYPE);
  g_ptr_array_add (self->parts, part);
}

/* One of the three words, with a nonce in lower-case hexadecimal or, when it is absent, none. */
static gboolean
nonce_fits (const MdManifest *self)
{
  static const char *const states[] = { "fresh", "stale", "absent", NULL };
  const gsize size = strlen (self->nonce);

  return g_strv_contains (states, self->nonce_state) && size % 2 == 0
         && strspn (self->nonce, "0123456789abcdef") == size
         && (size == 0) == g_str_equal (self->nonce_state, "absent");
}

/* All of it, or nothing; never the letter itself. */
static gboolean
delegation_fits (const MdManifest *self)
{
  if (self->delegation_intake == NULL)
    return self->delegation_number == NULL && self->delegation_decision == NULL;
  return md_seal_text_fits (self->delegation_intake, MD_SEAL_TEXT_UUID7)
         && strcmp (self->delegation_intake, self->intake) != 0
         && md_seal_text_fits (self->delegation_number, MD_SEAL_TEXT_WORD)
         && md_seal_text_fits (self->delegation_decision, MD_SEAL_TEXT_SHA256);
}

/* What may be missing, and must be right where it is there. */
static gboolean
check_optional (const MdManifest *self, GError **error)
{
  const char *wrong = NULL;

  if (self->replaces != NULL
      && (!md_seal_text_fits (self->replaces, MD_SEAL_TEXT_UUID7)
          || strcmp (self->replaces, self->intake) == 0))
    wrong = "replaces";
  if (self->identification_assurance != NULL
      && !md_seal_text_fits (self->identification_assurance, MD_SEAL_TEXT_WORD))
    wrong = "assurance";
  for (gsize i = 0; i < MD_MANIFEST_N_NAMED; i++)
    if (self->named[0] == NULL ? self->named[i] != NULL
                               : !md_seal_text_fits (self->named[i], MD_SEAL_TEXT_SHA256))
      wrong = "named";
  if (self->differences > MD_SEAL_MAX_DIFFERENCES)
    wrong = "differences";
  if (!delegation_fits (self))
    wrong = "delegation";
  if (self->received != NULL && !md_seal_text_fits (self->received, MD_SEAL_TEXT_DAY))
    wrong = "received";
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
               "\"%s\" is impossible in the manifest", wrong);
  return FALSE;
}

/* Each hold is released once, and they stand in order. */
static gboolean
check_releases (const MdManifest *self, GError **error)
{
  guint last = 0;

  for (guint i = 0; i < self->releases->len; i++)
    {
      const MdReleaseFiles *files = g_ptr_array_index (self->releases, i);
      g_autoptr (MdRelease) release = md_release_parse (files->release, error);

      if (release == NULL)
        return FALSE;
      if (release->hold <= last)
        {
          g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                               "\"releases\" are not in order, or one is there twice");
          return FALSE;
        }
      last = release->hold;
    }
  return TRUE;
}

static gboolean
check (const MdManifest *self, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!md_seal_text_fits (*text_at (self, i), texts[i].kind))
      {
        g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                     "\"%s\" is missing or impossible in the manifest", texts[i].name);
        return FALSE;
      }
  if (!check_optional (self, error) || !check_releases (self, error))
    return FALSE;
  if (!nonce_fits (self))
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "\"nonce\" is missing or impossible in the manifest");
      return FALSE;
    }
  if (self->policy_version < 1 || self->monotonic_ns < 0 || self->parts->len < 1)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "the manifest lacks its policy version, its clock or its parts");
      return FALSE;
    }
  return TRUE;
}

static void
begin_object (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
add_inner_objects (JsonBuilder *builder, const MdManifest *self)
{
  begin_object (builder, "time");
  md_seal_json_add (builder, "wall", self->wall);
  md_seal_json_add_int (builder, "monotonic_ns", self->monotonic_ns);
  md_seal_json_add (builder, "boot_id", self->boot_id);
  if (self->received != NULL)
    md_seal_json_add (builder, "received", self->received);
  json_builder_end_object (builder);

  begin_object (builder, "nonce");
  md_seal_json_add (builder, "state", self->nonce_state);
  md_seal_json_add (builder, "value", self->nonce);
  json_builder_end_object (builder);

  begin_object (builder, "identification");
  md_seal_json_add (builder, "method", self->identification_method);
  md_seal_json_add (builder, "verdict", self->identification_verdict);
  md_seal_json_add (builder, "revocation", self->identification_revocation);
  if (self->identification_assurance != NULL)
    md_seal_json_add (builder, "assurance", self->identification_assurance);
  json_builder_end_object (builder);

  begin_object (builder, "algorithms");
  md_seal_json_add (builder, "signature", self->signature_algorithm);
  md_seal_json_add (builder, "key_agreement", self->key_agreement);
  md_seal_json_add (builder, "key_wrap", self->key_wrap);
  md_seal_json_add (builder, "content", self->content_cipher);
  json_builder_end_object (builder);
}

static void
add_named (JsonBuilder *builder, const MdManifest *self)
{
  if (self->named[0] == NULL)
    return;
  begin_object (builder, "named");
  for (gsize i = 0; i < MD_MANIFEST_N_NAMED; i++)
    md_seal_json_add (builder, named_parts[i], self->named[i]);
  json_builder_end_object (builder);
}

static void
add_parts (JsonBuilder *builder, const MdManifest *self)
{
  json_builder_set_member_name (builder, "parts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->parts, i);

      json_builder_begin_object (builder);
      md_seal_json_add (builder, "name", part->name);
      md_seal_json_add (builder, "sha256", part->sha256);
      md_seal_json_add_int (builder, "size", (gint64)part->size);
      md_seal_json_add (builder, "media_type", part->media_type);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_base64 (JsonBuilder *builder, const char *name, GBytes *bytes)
{
  g_autofree char *text = md_base64_encode (bytes);

  md_seal_json_add (builder, name, text);
}

static void
add_releases (JsonBuilder *builder, const MdManifest *self)
{
  if (self->releases->len == 0)
    return;
  json_builder_set_member_name (builder, "releases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->releases->len; i++)
    {
      const MdReleaseFiles *files = g_ptr_array_index (self->releases, i);

      json_builder_begin_object (builder);
      add_base64 (builder, "release", files->release);
      add_base64 (builder, "signature", files->signature);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_delegation (JsonBuilder *builder, const MdManifest *self)
{
  if (self->delegation_intake == NULL)
    return;
  begin_object (builder, "delegation");
  md_seal_json_add (builder, "intake", self->delegation_intake);
  md_seal_json_add (builder, "number", self->delegation_number);
  md_seal_json_add (builder, "decision", self->delegation_decision);
  json_builder_end_object (builder);
}

GBytes *
md_manifest_encode (const MdManifest *self, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!check (self, error))
    return NULL;
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "schema", MD_MANIFEST_SCHEMA);
  md_seal_json_add (builder, "intake", self->intake);
  md_seal_json_add (builder, "receipt_number", self->receipt_number);
  md_seal_json_add (builder, "procedure", self->procedure);
  md_seal_json_add (builder, "procedure_version", self->procedure_version);
  md_seal_json_add (builder, "office", self->office);
  md_seal_json_add (builder, "terminal", self->terminal);
  md_seal_json_add (builder, "clerk", self->clerk);
  if (self->replaces != NULL)
    md_seal_json_add (builder, "replaces", self->replaces);
  add_delegation (builder, self);
  md_seal_json_add_int (builder, "policy_version", self->policy_version);
  md_seal_json_add (builder, "policy_digest", self->policy_digest);
  add_inner_objects (builder, self);
  add_named (builder, self);
  if (self->differences > 0)
    md_seal_json_add_int (builder, "differences", self->differences);
  if (self->number_missing)
    md_seal_json_add (builder, "number", "missing");
  add_parts (builder, self);
  add_releases (builder, self);
  json_builder_end_object (builder);
  return md_seal_json_write (builder);
}

static void
read_part (MdManifest *self, MdSealJson *json)
{
  g_autofree char *name = md_seal_json_text (json, "name", MD_SEAL_TEXT_WORD);
  g_autofree char *sha256 = md_seal_json_text (json, "sha256", MD_SEAL_TEXT_SHA256);
  const gint64 size = md_seal_json_int (json, "size", 1, MD_LIMIT_CMS);

  (void)md_seal_json_is (json, "media_type", MD_SEAL_PART_MEDIA_TYPE);
  if (json->failed != NULL)
    return;
  if (!md_seal_is_part_name (name) || md_manifest_find_part (self, name) != NULL)
    json->failed = "name";
  else
    md_manifest_add_part (self, name, sha256, (guint64)size);
}

static void
read_release (MdManifest *self, MdSealJson *json)
{
  g_autofree char *release = md_seal_json_text (json, "release", MD_SEAL_TEXT_BASE64);
  g_autofree char *signature = md_seal_json_text (json, "signature", MD_SEAL_TEXT_BASE64);
  g_autoptr (GBytes) json_bytes
      = release != NULL ? md_base64_decode (release, MD_SEAL_MAX_BASE64, NULL) : NULL;
  g_autoptr (GBytes) cms
      = signature != NULL ? md_base64_decode (signature, MD_SEAL_MAX_BASE64, NULL) : NULL;

  if (json->failed == NULL && (json_bytes == NULL || cms == NULL))
    json->failed = "releases";
  if (json->failed == NULL)
    g_ptr_array_add (self->releases, md_release_files_new (json_bytes, cms));
}

/* A list of 1 to @max objects, each read by @read_one. */
static void
read_list (MdManifest *self, MdSealJson *json, const char *name, guint max,
           void (*read_one) (MdManifest *, MdSealJson *))
{
  JsonNode *node = json->failed == NULL ? json_object_get_member (json->object, name) : NULL;
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint count = array != NULL ? json_array_get_length (array) : 0;

  if (json->failed != NULL)
    return;
  if (count < 1 || count > max)
    json->failed = name;
  for (guint i = 0; i < count && json->failed == NULL; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      MdSealJson inside = { .failed = name };

      if (JSON_NODE_HOLDS_OBJECT (element))
        md_seal_json_open (&inside, json_node_get_object (element));
      read_one (self, &inside);
      json->failed = inside.failed;
    }
}

static void
read_named (MdManifest *self, MdSealJson *json)
{
  MdSealJson inside = md_seal_json_enter (json, "named");

  for (gsize i = 0; i < MD_MANIFEST_N_NAMED; i++)
    self->named[i] = md_seal_json_text (&inside, named_parts[i], MD_SEAL_TEXT_SHA256);
  if (json->failed == NULL)
    json->failed = inside.failed;
}

static void
read_delegation (MdManifest *self, MdSealJson *json)
{
  MdSealJson inside = md_seal_json_enter (json, "delegation");

  self->delegation_intake = md_seal_json_text (&inside, "intake", MD_SEAL_TEXT_UUID7);
  self->delegation_number = md_seal_json_text (&inside, "number", MD_SEAL_TEXT_WORD);
  self->delegation_decision = md_seal_json_text (&inside, "decision", MD_SEAL_TEXT_SHA256);
  if (inside.failed != NULL)
    json->failed = "delegation";
}

/* Which object holds the text of this number: those of time, nonce, identification and algorithms
 * lie inside one. */
static MdSealJson *
object_of (gsize index, MdSealJson objects[static 5])
{
  const gsize offset = texts[index].offset;

  if (offset >= G_STRUCT_OFFSET (MdManifest, signature_algorithm))
    return &objects[4];
  if (offset >= G_STRUCT_OFFSET (MdManifest, identification_method))
    return &objects[3];
  if (offset >= G_STRUCT_OFFSET (MdManifest, nonce_state))
    return &objects[2];
  return offset >= G_STRUCT_OFFSET (MdManifest, wall) ? &objects[1] : &objects[0];
}

static void
read_members (MdManifest *self, MdSealJson *json)
{
  MdSealJson objects[5];

  (void)md_seal_json_is (json, "schema", MD_MANIFEST_SCHEMA);
  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  objects[1] = md_seal_json_enter (json, "time");
  objects[2] = md_seal_json_enter (json, "nonce");
  objects[3] = md_seal_json_enter (json, "identification");
  objects[4] = md_seal_json_enter (json, "algorithms");
  objects[0] = *json;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      char **place = text_at (self, i);

      g_free (*place);
      *place = md_seal_json_text (object_of (i, objects), texts[i].name, texts[i].kind);
    }
  if (json_object_has_member (json->object, "replaces"))
    self->replaces = md_seal_json_text (&objects[0], "replaces", MD_SEAL_TEXT_UUID7);
  if (objects[3].object != NULL && json_object_has_member (objects[3].object, "assurance"))
    self->identification_assurance
        = md_seal_json_text (&objects[3], "assurance", MD_SEAL_TEXT_WORD);
  if (objects[1].object != NULL && json_object_has_member (objects[1].object, "received"))
    self->received = md_seal_json_text (&objects[1], "received", MD_SEAL_TEXT_DAY);
  if (json_object_has_member (json->object, "differences"))
    self->differences
        = (guint)md_seal_json_int (&objects[0], "differences", 1, MD_SEAL_MAX_DIFFERENCES);
  self->number_missing = json_object_has_member (json->object, "number")
                         && md_seal_json_is (&objects[0], "number", "missing");
  self->monotonic_ns = md_seal_json_int (&objects[1], "monotonic_ns", 0, G_MAXINT64);
  for (gsize i = 0; i < G_N_ELEMENTS (objects) && json->failed == NULL; i++)
    json->failed = objects[i].failed;
  if (json->failed == NULL && json_object_has_member (json->object, "named"))
    read_named (self, json);
  read_list (self, json, "parts", MD_SEAL_MAX_PARTS, read_part);
  if (json->failed == NULL && json_object_has_member (json->object, "delegation"))
    read_delegation (self, json);
  if (json->failed == NULL && json_object_has_member (json->object, "releases"))
    read_list (self, json, "releases", MD_SEAL_MAX_RELEASES, read_release);
}

MdManifest *
md_manifest_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdManifest) self = md_manifest_new ();
  g_autoptr (JsonNode) root = md_seal_json_parse (bytes, error);
  g_autoptr (GBytes) again = NULL;
  MdSealJson json;

  if (root == NULL)
    return NULL;
  md_seal_json_open (&json, json_node_get_object (root));
  read_members (self, &json);
  if (!md_seal_json_finish (&json, error))
    return NULL;
  again = md_manifest_encode (self, error);
  if (again == NULL || !md_seal_json_matches (bytes, again, error))
    return NULL;
  return g_steal_pointer (&self);
}
