// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <md-base.h>
#include <string.h>
#include "md-container-private.h"
#include "md-medium-list.h"
#include "md-seal-record-private.h"

G_DEFINE_BOXED_TYPE (MdMediumList, md_medium_list, md_medium_list_copy, md_medium_list_free)

static const char *const purposes[] = { "line-down", "drill", NULL };

static const MdSealTextRow rows[] = {
  { G_STRUCT_OFFSET (MdMediumList, bundle), "bundle", MD_SEAL_TEXT_UUID7 },
  { G_STRUCT_OFFSET (MdMediumList, medium), "medium", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, office), "office", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, terminal), "terminal", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, officer), "officer", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, role), "role", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, carrier), "carrier", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, purpose), "purpose", MD_SEAL_TEXT_WORD },
  { G_STRUCT_OFFSET (MdMediumList, policy_digest), "policy_digest", MD_SEAL_TEXT_SHA256 },
  { G_STRUCT_OFFSET (MdMediumList, time), "time", MD_SEAL_TEXT_TIME },
};

static const MdSealTexts texts = MD_SEAL_TEXTS (rows);

static void
item_free (gpointer data)
{
  MdMediumItem *item = data;

  g_free (item->intake);
  g_free (item->sha256);
  g_free (item);
}

MdMediumList *
md_medium_list_new (void)
{
  MdMediumList *self = g_new0 (MdMediumList, 1);

  self->items = g_ptr_array_new_with_free_func (item_free);
  return self;
}

void
md_medium_list_add (MdMediumList *self, const MdMediumItem *item)
{
  MdMediumItem *own = g_new0 (MdMediumItem, 1);

  own->intake = g_strdup (item->intake);
  own->n = item->n;
  own->sha256 = g_strdup (item->sha256);
  own->size = item->size;
  g_ptr_array_add (self->items, own);
}

MdMediumList *
md_medium_list_copy (const MdMediumList *self)
{
  MdMediumList *copy = md_medium_list_new ();

  md_seal_texts_copy (&texts, self, copy);
  copy->policy_version = self->policy_version;
  for (guint i = 0; i < self->items->len; i++)
    md_medium_list_add (copy, g_ptr_array_index (self->items, i));
  return copy;
}

void
md_medium_list_free (MdMediumList *self)
{
  if (self == NULL)
    return;
  md_seal_texts_clear (&texts, self);
  g_ptr_array_unref (self->items);
  g_free (self);
}

gboolean
md_medium_is_purpose (const char *purpose)
{
  return purpose != NULL && g_strv_contains (purposes, purpose);
}

/* --- Writing --- */

static gboolean
items_fit (const MdMediumList *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (self->items->len < 1 || self->items->len > MD_MEDIUM_MAX_ITEMS)
    return FALSE;
  for (guint i = 0; i < self->items->len; i++)
    {
      const MdMediumItem *item = g_ptr_array_index (self->items, i);

      if (!md_seal_text_fits (item->intake, MD_SEAL_TEXT_UUID7) || item->n < 1
          || item->n > MD_SEAL_MAX_SIGNATURES || item->size < 1 || item->size > G_MAXINT32
          || !md_seal_text_fits (item->sha256, MD_SEAL_TEXT_SHA256)
          || !g_hash_table_add (seen, md_medium_item_make_name (item)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check (gconstpointer record, GError **error)
{
  const MdMediumList *self = record;
  const char *wrong = md_seal_texts_find_wrong (&texts, self);

  if (wrong == NULL && !md_medium_is_purpose (self->purpose))
    wrong = "purpose";
  if (wrong == NULL && self->policy_version < 1)
    wrong = "policy_version";
  if (wrong == NULL && !items_fit (self))
    wrong = "items";
  return md_seal_nothing_wrong (wrong, "list of a medium", error);
}

static void
write_members (gconstpointer record, JsonBuilder *builder)
{
  const MdMediumList *self = record;

  md_seal_texts_write (&texts, self, builder);
  md_seal_json_add_int (builder, "policy_version", self->policy_version);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->items->len; i++)
    {
      const MdMediumItem *item = g_ptr_array_index (self->items, i);

      json_builder_begin_object (builder);
      md_seal_json_add (builder, "intake", item->intake);
      md_seal_json_add_int (builder, "n", item->n);
      md_seal_json_add (builder, "sha256", item->sha256);
      md_seal_json_add_int (builder, "size", (gint64)item->size);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* --- Reading --- */

static void
read_item (gpointer record, MdSealJson *json)
{
  g_autofree char *intake = md_seal_json_text (json, "intake", MD_SEAL_TEXT_UUID7);
  const gint64 n = md_seal_json_int (json, "n", 1, MD_SEAL_MAX_SIGNATURES);
  g_autofree char *sha256 = md_seal_json_text (json, "sha256", MD_SEAL_TEXT_SHA256);
  const gint64 size = md_seal_json_int (json, "size", 1, G_MAXINT32);
  const MdMediumItem item
      = { .intake = intake, .n = (guint)n, .sha256 = sha256, .size = (guint64)size };

  if (json->failed == NULL)
    md_medium_list_add (record, &item);
}

static void
read_members (gpointer record, MdSealJson *json)
{
  MdMediumList *self = record;

  md_seal_texts_read (&texts, self, json);
  self->policy_version = (guint)md_seal_json_int (json, "policy_version", 1, G_MAXINT32);
  md_seal_json_list (json, "items", MD_MEDIUM_MAX_ITEMS, read_item, self);
}

static const MdSealEntry entry = { MD_MEDIUM_SCHEMA, check, write_members, read_members };

GBytes *
md_medium_list_encode (const MdMediumList *self, GError **error)
{
  g_autoptr (GBytes) json = md_seal_entry_encode (&entry, self, error);

  if (json == NULL || g_bytes_get_size (json) <= MD_SEAL_MAX_JSON)
    return g_steal_pointer (&json);
  g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_LIMIT,
                       "the list of the medium is too long");
  return NULL;
}

MdMediumList *
md_medium_list_parse (GBytes *json, GError **error)
{
  g_autoptr (MdMediumList) self = md_medium_list_new ();

  return md_seal_entry_parse (&entry, json, self, error) ? g_steal_pointer (&self) : NULL;
}

MdMediumList *
md_medium_list_verify (GBytes *json, GBytes *signature, const MdTrust *staff_trust, gint64 time,
                       MdCmsSigner **out_signer, GError **error)
{
  g_autoptr (MdMediumList) list = md_medium_list_parse (json, error);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (GError) cause = NULL;
  const MdCertificate *certificate = NULL;

  if (list == NULL)
    return NULL;
  if (g_bytes_get_size (signature) <= MD_LIMIT_RECEIPT)
    signer = md_cms_verify_detached (signature, json, &cause);
  if (signer == NULL)
    {
      g_set_error (error, MD_SEAL_ERROR, MD_SEAL_ERROR_SIGNATURE, "the release of the medium: %s",
                   cause != NULL ? cause->message : "too large");
      return NULL;
    }
  certificate = md_cms_signer_get_certificate (signer);
  if (!md_seal_check_trust (staff_trust, signer, time, "the release of the medium", error))
    return NULL;
  if (g_strcmp0 (list->officer, md_certificate_get_subject_cn (certificate)) != 0)
    {
      g_set_error_literal (error, MD_SEAL_ERROR, MD_SEAL_ERROR_MISMATCH,
                           "the medium is not released by the officer whom its list names");
      return NULL;
    }
  if (out_signer != NULL)
    *out_signer = g_steal_pointer (&signer);
  return g_steal_pointer (&list);
}

/* --- Names --- */

char *
md_medium_item_make_name (const MdMediumItem *item)
{
  return g_strdup_printf ("%s-%u.%s", item->intake, item->n, item->n == 1 ? "asice" : "json");
}

char *
md_medium_item_make_receipt_name (const MdMediumItem *item)
{
  return g_strdup_printf ("%s-%u.receipt.p7s", item->intake, item->n);
}
