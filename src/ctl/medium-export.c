// SPDX-License-Identifier: Apache-2.0
/* medium export: what waits for the line goes to a registered medium, released by an officer. */
#include <glib/gi18n.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "md-base.h"
#include "md-seal.h"

#include "medium.h"
#include "output.h"
#include "staff-signer.h"

/* Of the room on the medium, for what every file and folder takes beside its bytes. */
#define SLACK_BYTES (16u << 20)
#define SLACK_PART 2u

/* One export. */
typedef struct
{
  MdBusTerminal1 *proxy;
  Medium *medium;
  GBytes *json;
  char *digest; /* its SHA-256, hex */
  MdMediumList *list;
  GBytes *release;  /* the officer's signature */
  GBytes *terminal; /* the terminal's */
} Export;

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->json, g_bytes_unref);
  g_clear_pointer (&self->digest, g_free);
  g_clear_pointer (&self->list, md_medium_list_free);
  g_clear_pointer (&self->release, g_bytes_unref);
  g_clear_pointer (&self->terminal, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static guint64
find_room (const Medium *medium)
{
  struct statvfs st = { 0 };
  guint64 room = 0;

  if (fstatvfs (medium->folder, &st) == 0)
    room = (guint64)st.f_bavail * st.f_frsize;
  return room > SLACK_PART * (guint64)SLACK_BYTES ? room - SLACK_BYTES : room / SLACK_PART;
}

static gboolean
prepare (Export *self, Context *context, const char *medium, const char *officer, GError **error)
{
  GVariantDict asked;
  g_autoptr (GVariant) list = NULL;

  g_variant_dict_init (&asked, NULL);
  g_variant_dict_insert (&asked, "officer", "s", officer);
  g_variant_dict_insert (&asked, "carrier", "s", context->carrier);
  g_variant_dict_insert (&asked, "purpose", "s",
                         context->purpose != NULL ? context->purpose : "line-down");
  g_variant_dict_insert (&asked, "room", "t", find_room (self->medium));
  if (!md_bus_terminal1_call_prepare_medium_sync (self->proxy, medium, self->medium->key,
                                                  g_variant_dict_end (&asked), &list, NULL, error))
    return FALSE;
  self->json = g_variant_get_data_as_bytes (list);
  self->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->json);
  self->list = md_medium_list_parse (self->json, error);
  return self->list != NULL;
}

static gboolean
release (Export *self, StaffSigner *signer, GError **error)
{
  g_autoptr (GVariant) own = NULL;
  GVariant *bytes[2];

  g_printerr (_ ("%u items go by the medium %s, carried by %s. The officer %s releases them.\n"),
              self->list->items->len, self->list->medium, self->list->carrier, self->list->officer);
  self->release = staff_signer_sign (signer, self->json, error);
  if (self->release == NULL)
    return FALSE;
  bytes[0] = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->json, TRUE);
  bytes[1] = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->release, TRUE);
  if (!md_bus_terminal1_call_release_medium_sync (self->proxy, self->medium->key, bytes[0],
                                                  bytes[1], &own, NULL, error))
    return FALSE;
  self->terminal = g_variant_get_data_as_bytes (own);
  return TRUE;
}

static gboolean
write_item (Export *self, int folder, const MdMediumItem *item, GError **error)
{
  g_autofree char *name = md_medium_item_make_name (item);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *digest = NULL;

  if (!md_bus_terminal1_call_get_medium_item_sync (self->proxy, self->list->bundle, item->intake,
                                                   item->n, NULL, &handle, &fds, NULL, error)
      || (body = md_bus_payload_get (fds, handle, (gsize)item->size, error)) == NULL)
    return FALSE;
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  if (!g_str_equal (digest, item->sha256))
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
                           _ ("What the service hands out is not what was released."));
      return FALSE;
    }
  return md_medium_write (folder, name, body, error);
}

static gboolean
write_all (Export *self, int folder, GError **error)
{
  if (!md_medium_write (folder, MD_MEDIUM_LIST_FILE, self->json, error)
      || !md_medium_write (folder, MD_MEDIUM_RELEASE_FILE, self->release, error)
      || !md_medium_write (folder, MD_MEDIUM_TERMINAL_FILE, self->terminal, error))
    return FALSE;
  for (guint i = 0; i < self->list->items->len; i++)
    if (!write_item (self, folder, g_ptr_array_index (self->list->items, i), error))
      return FALSE;
  return TRUE;
}

/* What could not be written whole is taken away again; and the ledger hears whether that is known.
 */
static void
give_up (Export *self)
{
  const char *bundle = self->list->bundle;
  const gboolean gone = md_medium_give_up (self->medium->folder, bundle);
  g_autoptr (GError) unnoted = NULL;

  if (gone)
    g_printerr ("%s\n", _ ("Nothing of it is on the medium."));
  else
    g_printerr (
        _ ("It is not known what of the bundle %s is on the medium: nothing, a part, or the "
           "whole. It is in the ledger as unclear, and the medium is not used before "
           "\"medium erase\", or \"medium lost\".\n"),
        bundle);
  if (!medium_note (self->proxy, self->medium, bundle, self->digest, gone ? "failed" : "unclear",
                    &unnoted))
    g_printerr (_ ("madoguchictl: the ledger could not be told that bundle %s was not written; "
                   "enter it as lost later.\n"),
                bundle);
}

static gboolean
write_bundle (Export *self, GError **error)
{
  const char *bundle = self->list->bundle;
  const int folder = md_medium_begin (self->medium->folder, bundle, error);
  const gboolean written = folder >= 0 && write_all (self, folder, error)
                           && md_medium_finish (self->medium->folder, bundle, error);

  if (folder >= 0)
    close (folder);
  if (!written)
    give_up (self);
  return written;
}

static Status
tell (Context *context, const Export *self)
{
  GError *error = NULL;

  /* It stands there whole: reading it back later enters the same. */
  if (!medium_note (self->proxy, self->medium, self->list->bundle, self->digest, "written", &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'bundle': <%s>, 'items': <%u>, 'officer': <%s>}",
                                       self->list->bundle, self->list->items->len,
                                       self->list->officer));
  else
    g_print (_ ("Written: %u items in madoguchi-%s. Unmount the medium, and hand it to %s. "
                "Everything stays here until the receipts come back.\n"),
             self->list->items->len, self->list->bundle, self->list->carrier);
  return STATUS_OK;
}

Status
verb_medium_export (Context *context, const char *operand)
{
  g_auto (Medium) medium = { .folder = -1 };
  g_auto (Export) self = { .proxy = context_proxy (context), .medium = &medium };
  g_autoptr (StaffSigner) signer = NULL;
  GError *error = NULL;

  if (self.proxy == NULL)
    return STATUS_ABSENT;
  if (context->carrier == NULL)
    {
      g_printerr ("%s\n", _ ("madoguchictl: name the officer whom the medium is handed to, with "
                             "--carrier ID."));
      return STATUS_USAGE;
    }
  if (!medium_open (context->operands[1], &medium, &error))
    return context_fail (error);
  if (medium.key == NULL)
    {
      g_printerr ("%s\n", _ ("madoguchictl: this medium is not registered: it has no key. Register "
                             "it first, or put the right one in."));
      return STATUS_REFUSED;
    }
  signer = staff_signer_find (context, &error);
  if (signer == NULL
      || !prepare (&self, context, operand, staff_signer_get_officer (signer), &error)
      || !release (&self, signer, &error))
    return staff_signer_fail (error);
  if (!write_bundle (&self, &error))
    {
      medium_explain (&error);
      return context_fail (error);
    }
  return tell (context, &self);
}
