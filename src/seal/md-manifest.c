// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <md-pki.h>
#include <string.h>
#include "md-manifest.h"
#include "md-names-private.h"
#include "md-release.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdManifest, md_manifest, md_manifest_copy, md_manifest_free)

/* The objects of the entry that hold texts: those that are always there, and those that may be. */
typedef enum
{
  TOP,
  TIME,
  NONCE,
  IDENTIFICATION,
  ALGORITHMS,
  N_ALWAYS,
  NAMED = N_ALWAYS,
  DELEGATION,
  N_OBJECTS,
} Object;

static const MdSealTextRow top_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdManifest, receipt_number), "receipt_number", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, procedure), "procedure", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, procedure_version), "procedure_version", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, clerk), "clerk", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, policy_digest), "policy_digest", MD_SEAL_TEXT_SHA256 },
};

static const MdSealTextRow time_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, wall), "wall", MD_SEAL_TEXT_TIME },
  { G_STRUCT_OFFSET (MdManifest, boot_id), "boot_id", MD_SEAL_TEXT_WORD },
};

static const MdSealTextRow nonce_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, nonce_state), "state", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, nonce), "value", MD_SEAL_TEXT_EMPTY },
};

static const MdSealTextRow identification_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, identification_method), "method", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, identification_verdict), "verdict", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, identification_revocation), "revocation", MD_SEAL_TEXT_WORD },
};

static const MdSealTextRow algorithms_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, signature_algorithm), "signature", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, key_agreement), "key_agreement", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, key_wrap), "key_wrap", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, content_cipher), "content", MD_SEAL_TEXT_WORD },
};

static const MdSealTextRow named_rows[MD_MANIFEST_N_NAMED] = {
  { G_STRUCT_OFFSET (MdManifest, named[0]), "who", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdManifest, named[1]), "number", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdManifest, named[2]), "shown", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdManifest, named[3]), "address", MD_SEAL_TEXT_SHA256 },
};

static const MdSealTextRow delegation_rows[] = {
  { G_STRUCT_OFFSET (MdManifest, delegation_intake), "intake", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdManifest, delegation_number), "number", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdManifest, delegation_decision), "decision", MD_SEAL_TEXT_SHA256 },
};

static const struct
{
  const char *name;
  MdSealTexts texts;
} objects[N_OBJECTS] = {
  [TOP] = { NULL, MD_SEAL_TEXTS (top_rows) },
  [TIME] = { "time", MD_SEAL_TEXTS (time_rows) },
  [NONCE] = { "nonce", MD_SEAL_TEXTS (nonce_rows) },
  [IDENTIFICATION] = { "identification", MD_SEAL_TEXTS (identification_rows) },
  [ALGORITHMS] = { "algorithms", MD_SEAL_TEXTS (algorithms_rows) },
  [NAMED] = { "named", MD_SEAL_TEXTS (named_rows) },
  [DELEGATION] = { "delegation", MD_SEAL_TEXTS (delegation_rows) },
};

static void
part_free (gpointer data)
{
  MdManifestPart *part = data;

  g_free (part->name);
  g_free (part->sha256);
  g_free (part->media_type);
  g_free (part->content_type);
  g_free (part->readers);
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
  for (guint i = 0; i < N_OBJECTS; i++)
    md_seal_texts_clear (&objects[i].texts, self);
  g_free (self->replaces);
  g_free (self->identification_assurance);
  g_free (self->received);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->releases);
  g_free (self);
}

MdManifest *
md_manifest_copy (const MdManifest *self)
{
  MdManifest *copy = md_manifest_new ();

  for (guint i = 0; i < N_OBJECTS; i++)
    md_seal_texts_copy (&objects[i].texts, self, copy);
  copy->replaces = g_strdup (self->replaces);
  copy->identification_assurance = g_strdup (self->identification_assurance);
  copy->received = g_strdup (self->received);
  copy->policy_version = self->policy_version;
  copy->monotonic_ns = self->monotonic_ns;
  copy->differences = self->differences;
  copy->number_missing = self->number_missing;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->parts, i);

      md_manifest_add_part (copy, part->name, part->sha256, part->size);
      ((MdManifestPart *)copy->parts->pdata[i])->content_type = g_strdup (part->content_type);
      ((MdManifestPart *)copy->parts->pdata[i])->readers = g_strdup (part->readers);
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

guint
md_manifest_count_attachments (const MdManifest *self, guint64 *out_largest, guint64 *out_total)
{
  guint64 largest = 0, total = 0;
  guint n = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (self->parts, i);

      if (!md_seal_is_attachment_name (part->name))
        continue;
      n++;
      largest = MAX (largest, part->size);
      total += part->size; /* each at most MD_LIMIT_CMS, and few of them */
    }
  if (out_largest != NULL)
    *out_largest = largest;
  if (out_total != NULL)
    *out_total = total;
  return n;
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
  return md_seal_texts_find_wrong (&objects[DELEGATION].texts, self) == NULL
         && strcmp (self->delegation_intake, self->intake) != 0;
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
check (gconstpointer record, GError **error)
{
  const MdManifest *self = record;
  const char *wrong = NULL;

  for (guint i = 0; i < N_ALWAYS && wrong == NULL; i++)
    wrong = md_seal_texts_find_wrong (&objects[i].texts, self);
  if (!md_seal_nothing_wrong (wrong, "manifest", error) || !check_optional (self, error)
      || !check_releases (self, error)
      || !md_seal_nothing_wrong (nonce_fits (self) ? NULL : "nonce", "manifest", error))
    return FALSE;
  if (self->policy_version < 1 || self->monotonic_ns < 0 || self->parts->len < 1)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MALFORMED,
                           "the manifest lacks its policy version, its clock or its parts");
      return FALSE;
    }
  return TRUE;
}

/* An object with its texts. Others may follow, and its end. */
static void
begin_object (JsonBuilder *builder, const MdManifest *self, Object object)
{
  json_builder_set_member_name (builder, objects[object].name);
  json_builder_begin_object (builder);
  md_seal_texts_write (&objects[object].texts, self, builder);
}

static void
add_object (JsonBuilder *builder, const MdManifest *self, Object object)
{
  begin_object (builder, self, object);
  json_builder_end_object (builder);
}

static void
add_time (JsonBuilder *builder, const MdManifest *self)
{
  json_builder_set_member_name (builder, objects[TIME].name);
  json_builder_begin_object (builder);
  md_seal_json_add (builder, "wall", self->wall);
  md_seal_json_add_int (builder, "monotonic_ns", self->monotonic_ns);
  md_seal_json_add (builder, "boot_id", self->boot_id);
  if (self->received != NULL)
    md_seal_json_add (builder, "received", self->received);
  json_builder_end_object (builder);
}

static void
add_identification (JsonBuilder *builder, const MdManifest *self)
{
  begin_object (builder, self, IDENTIFICATION);
  if (self->identification_assurance != NULL)
    md_seal_json_add (builder, "assurance", self->identification_assurance);
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
      if (part->content_type != NULL)
        md_seal_json_add (builder, "content_type", part->content_type);
      if (part->readers != NULL)
        md_seal_json_add (builder, "readers", part->readers);
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
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdManifest *self = record;

  md_seal_json_add (builder, "intake", self->intake);
  md_seal_json_add (builder, "receipt_number", self->receipt_number);
  md_seal_json_add (builder, "procedure", self->procedure);
  md_seal_json_add (builder, "procedure_version", self->procedure_version);
  md_seal_json_add (builder, "office", self->office);
  md_seal_json_add (builder, "terminal", self->terminal);
  md_seal_json_add (builder, "clerk", self->clerk);
  if (self->replaces != NULL)
    md_seal_json_add (builder, "replaces", self->replaces);
  if (self->delegation_intake != NULL)
    add_object (builder, self, DELEGATION);
  md_seal_json_add_int (builder, "policy_version", self->policy_version);
  md_seal_json_add (builder, "policy_digest", self->policy_digest);
  add_time (builder, self);
  add_object (builder, self, NONCE);
  add_identification (builder, self);
  add_object (builder, self, ALGORITHMS);
  if (self->named[0] != NULL)
    add_object (builder, self, NAMED);
  if (self->differences > 0)
    md_seal_json_add_int (builder, "differences", self->differences);
  if (self->number_missing)
    md_seal_json_add (builder, "number", "missing");
  add_parts (builder, self);
  add_releases (builder, self);
}

static void
read_content_type (MdManifestPart *part, MdSealJson *json)
{
  part->content_type = md_seal_json_text (json, "content_type", MD_SEAL_TEXT_WORD);
  if (json->failed == NULL
      && (!md_seal_is_attachment_name (part->name)
          || !md_seal_is_content_type (part->content_type)))
    json->failed = "content_type";
}

static void
read_readers (MdManifestPart *part, MdSealJson *json)
{
  part->readers = md_seal_json_text (json, "readers", MD_SEAL_TEXT_WORD);
  if (json->failed == NULL
      && (!md_seal_is_attachment_name (part->name) || !md_seal_is_readers (part->readers)))
    json->failed = "readers";
}

static void
read_part (gpointer record, MdSealJson *json)
{
  MdManifest *self = record;
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
  if (json->failed == NULL && json_object_has_member (json->object, "content_type"))
    read_content_type (self->parts->pdata[self->parts->len - 1], json);
  if (json->failed == NULL && json_object_has_member (json->object, "readers"))
    read_readers (self->parts->pdata[self->parts->len - 1], json);
}

static void
read_release (gpointer record, MdSealJson *json)
{
  MdManifest *self = record;
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

static void
read_named (MdManifest *self, MdSealJson *json)
{
  MdSealJson inside = md_seal_json_enter (json, objects[NAMED].name);

  md_seal_texts_read (&objects[NAMED].texts, self, &inside);
  if (json->failed == NULL)
    json->failed = inside.failed;
}

static void
read_delegation (MdManifest *self, MdSealJson *json)
{
  MdSealJson inside = md_seal_json_enter (json, objects[DELEGATION].name);

  md_seal_texts_read (&objects[DELEGATION].texts, self, &inside);
  if (inside.failed != NULL)
    json->failed = objects[DELEGATION].name;
}

/* What may be missing in one of the objects that are always there. */
static void
read_optional (MdManifest *self, MdSealJson inside[static N_ALWAYS])
{
  MdSealJson *top = &inside[TOP];
  MdSealJson *time = &inside[TIME];
  MdSealJson *identification = &inside[IDENTIFICATION];

  if (json_object_has_member (top->object, "replaces"))
    self->replaces = md_seal_json_text (top, "replaces", MD_SEAL_TEXT_UUID7);
  if (identification->object != NULL
      && json_object_has_member (identification->object, "assurance"))
    self->identification_assurance
        = md_seal_json_text (identification, "assurance", MD_SEAL_TEXT_WORD);
  if (time->object != NULL && json_object_has_member (time->object, "received"))
    self->received = md_seal_json_text (time, "received", MD_SEAL_TEXT_DAY);
  if (json_object_has_member (top->object, "differences"))
    self->differences = (guint)md_seal_json_int (top, "differences", 1, MD_SEAL_MAX_DIFFERENCES);
  self->number_missing = json_object_has_member (top->object, "number")
                         && md_seal_json_is (top, "number", "missing");
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdManifest *self = record;
  MdSealJson inside[N_ALWAYS];

  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  for (guint i = TOP + 1; i < N_ALWAYS; i++)
    inside[i] = md_seal_json_enter (json, objects[i].name);
  inside[TOP] = *json;
  for (guint i = 0; i < N_ALWAYS; i++)
    md_seal_texts_read (&objects[i].texts, self, &inside[i]);
  read_optional (self, inside);
  self->monotonic_ns = md_seal_json_int (&inside[TIME], "monotonic_ns", 0, G_MAXINT64);
  for (guint i = 0; i < N_ALWAYS && json->failed == NULL; i++)
    json->failed = inside[i].failed;
  if (json->failed == NULL && json_object_has_member (json->object, objects[NAMED].name))
    read_named (self, json);
  md_seal_json_list (json, "parts", MD_SEAL_MAX_PARTS, read_part, self);
  if (json->failed == NULL && json_object_has_member (json->object, objects[DELEGATION].name))
    read_delegation (self, json);
  if (json->failed == NULL && json_object_has_member (json->object, "releases"))
    md_seal_json_list (json, "releases", MD_SEAL_MAX_RELEASES, read_release, self);
}

static const MdSealEntry entry = { MD_MANIFEST_SCHEMA, check, write_members, read_members };

GBytes *
md_manifest_encode (const MdManifest *self, GError **error)
{
  return md_seal_entry_encode (&entry, self, error);
}

MdManifest *
md_manifest_parse (GBytes *bytes, GError **error)
{
  g_autoptr (MdManifest) self = md_manifest_new ();

  return md_seal_entry_parse (&entry, bytes, self, error) ? g_steal_pointer (&self) : NULL;
}
