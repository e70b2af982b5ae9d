// SPDX-License-Identifier: Apache-2.0
/* medium take and erase: a medium has come back. */
#include <glib/gi18n.h>
#include <unistd.h>
#include "md-base.h"
#include "md-seal.h"

#include "medium.h"
#include "output.h"

/* What was found of one bundle. */
typedef struct
{
  guint items;
  guint taken;
  guint known;   /* had a receipt already */
  guint missing; /* has none, neither here nor there */
  guint refused;
  guint erased; /* 1: nothing was left to wait for */
} Tally;

/* One bundle on the medium. */
typedef struct
{
  MdBusTerminal1 *proxy;
  const Medium *medium;
  const char *bundle;
  char *digest; /* of its list; NULL: it cannot be read */
} Back;

static void
back_clear (Back *self)
{
  g_clear_pointer (&self->digest, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Back, back_clear)

static gboolean
note (const Back *self, const char *what, GError **error)
{
  return medium_note (self->proxy, self->medium, self->bundle, self->digest, what, error);
}

/* The same, where the ledger may be further already. */
static gboolean
note_if_new (const Back *self, const char *what, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (note (self, what, &local) || g_error_matches (local, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The ledger hears that it was written, where that was not told, and that it is back; and says
 * whether it is this medium, and this list. */
static gboolean
note_return (const Back *self, GError **error)
{
  return note_if_new (self, "written", error) && note_if_new (self, "returned", error);
}

static MdMediumList *
read_list (Back *self, int folder, GError **error)
{
  g_autoptr (GBytes) json = md_medium_read (folder, MD_MEDIUM_LIST_FILE, MD_SEAL_MAX_JSON, error);

  if (json == NULL)
    {
      medium_explain (error);
      return NULL;
    }
  self->digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, json);
  return md_medium_list_parse (json, error);
}

/* Taken away, and entered as erased. */
static gboolean
erase (const Back *self, GError **error)
{
  if (!md_medium_remove (self->medium->folder, self->bundle, error))
    {
      medium_explain (error);
      return FALSE;
    }
  return note (self, "erased", error);
}

static void
take_one (MdBusTerminal1 *proxy, int folder, const MdMediumItem *item, Tally *tally)
{
  g_autofree char *name = md_medium_item_make_receipt_name (item);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) receipt = md_medium_read (folder, name, MD_LIMIT_RECEIPT, &error);
  g_autofree char *outcome = NULL;

  if (receipt == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      tally->missing++;
      return;
    }
  if (receipt != NULL
      && md_bus_terminal1_call_take_receipt_sync (
          proxy, item->intake, item->n,
          g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, receipt, TRUE), &outcome, NULL,
          &error))
    {
      if (g_str_equal (outcome, "taken"))
        tally->taken++;
      else
        tally->known++;
      return;
    }
  g_dbus_error_strip_remote_error (error);
  g_printerr ("%s: %s\n", name, error->message);
  tally->refused++;
}

/* Nothing is left on a medium that nobody waits for any more. */
static gboolean
take_items (const Back *self, int folder, const MdMediumList *list, Tally *tally, GError **error)
{
  tally->items = list->items->len;
  for (guint i = 0; i < list->items->len; i++)
    take_one (self->proxy, folder, g_ptr_array_index (list->items, i), tally);
  if (tally->missing > 0 || tally->refused > 0)
    return TRUE;
  tally->erased = erase (self, error) ? 1 : 0;
  return tally->erased == 1;
}

static gboolean
take_bundle (Back *self, Tally *tally, GError **error)
{
  g_autofree char *name = g_strconcat (MD_MEDIUM_FOLDER, self->bundle, NULL);
  const int folder = md_medium_open_in (self->medium->folder, name, error);
  g_autoptr (MdMediumList) list = folder >= 0 ? read_list (self, folder, error) : NULL;
  const gboolean ours
      = list != NULL && note_return (self, error) && take_items (self, folder, list, tally, error);

  if (folder >= 0)
    close (folder);
  return ours;
}

static void
describe (GVariantBuilder *rows, const char *bundle, const Tally *tally)
{
  const struct
  {
    const char *key;
    guint value;
  } numbers[] = { { "items", tally->items },     { "taken", tally->taken },
                  { "known", tally->known },     { "missing", tally->missing },
                  { "refused", tally->refused }, { "erased", tally->erased } };

  g_variant_builder_open (rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (rows, "{sv}", "bundle", g_variant_new_string (bundle));
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_variant_builder_add (rows, "{sv}", numbers[i].key, g_variant_new_uint32 (numbers[i].value));
  g_variant_builder_close (rows);
}

static void
say (const char *bundle, GError *error)
{
  g_dbus_error_strip_remote_error (error);
  g_printerr ("madoguchi-%s: %s\n", bundle, error->message);
}

/* The ids that LIST finds on the medium, which shows its key. */
static GPtrArray *
find (const char *path, Medium *medium, GPtrArray *(*list) (int medium, GError **error),
      GError **error)
{
  GPtrArray *bundles = NULL;

  if (medium->folder < 0 && !medium_open (path, medium, error))
    return NULL;
  if (medium->key == NULL)
    {
      g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_CONFLICT,
                           _ ("This medium is not registered: it has no key. Put the one in to "
                              "which it was written."));
      return NULL;
    }
  bundles = list (medium->folder, error);
  if (bundles == NULL)
    medium_explain (error);
  return bundles;
}

Status
verb_medium_take (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "bundle", N_ ("Bundle") },           { "items", N_ ("Items") },
    { "taken", N_ ("Receipts taken") },    { "known", N_ ("Had one") },
    { "missing", N_ ("Without receipt") }, { "refused", N_ ("Not valid") },
    { "erased", N_ ("Erased") },           { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_auto (Medium) medium = { .folder = -1 };
  g_autoptr (GPtrArray) bundles = NULL;
  g_autoptr (GVariant) result = NULL;
  GVariantBuilder rows;
  gboolean whole = TRUE;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  bundles = find (operand, &medium, md_medium_list_bundles, &error);
  if (bundles == NULL)
    return context_fail (error);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < bundles->len; i++)
    {
      g_auto (Back) back = { .proxy = proxy, .medium = &medium, .bundle = bundles->pdata[i] };
      g_autoptr (GError) local = NULL;
      Tally tally = { 0 };

      if (take_bundle (&back, &tally, &local))
        describe (&rows, bundles->pdata[i], &tally);
      else
        say (bundles->pdata[i], local);
      whole = whole && local == NULL && tally.missing == 0 && tally.refused == 0;
    }
  result = g_variant_ref_sink (g_variant_builder_end (&rows));
  if (context->json)
    output_json (result);
  else if (bundles->len == 0)
    g_print ("%s\n", _ ("There is no bundle on this medium."));
  else
    output_table (result, columns);
  return whole && bundles->len > 0 ? STATUS_OK : STATUS_FINDING;
}

/* Another terminal's is not ours to remove; a list that is none any more says nothing. */
static gboolean
erase_bundle (Back *self, GError **error)
{
  g_autoptr (GError) unreadable = NULL;
  g_autofree char *name = g_strconcat (MD_MEDIUM_FOLDER, self->bundle, NULL);
  const int folder = md_medium_open_in (self->medium->folder, name, NULL);
  g_autoptr (MdMediumList) list = folder >= 0 ? read_list (self, folder, &unreadable) : NULL;

  if (folder >= 0)
    close (folder);
  if (list == NULL)
    back_clear (self);
  return note_return (self, error) && erase (self, error);
}

/* What somebody was killed over. */
static gboolean
erase_part (Back *self, GError **error)
{
  if (!note_if_new (self, "unclear", error))
    return FALSE;
  if (md_medium_give_up (self->medium->folder, self->bundle))
    return note (self, "erased", error);
  g_set_error_literal (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED, _ ("It could not be taken away."));
  return FALSE;
}

static guint
erase_each (MdBusTerminal1 *proxy, const Medium *medium, const GPtrArray *bundles,
            gboolean (*one) (Back *self, GError **error))
{
  guint erased = 0;

  for (guint i = 0; i < bundles->len; i++)
    {
      g_auto (Back) back = { .proxy = proxy, .medium = medium, .bundle = bundles->pdata[i] };
      g_autoptr (GError) local = NULL;

      if (one (&back, &local))
        erased++;
      else
        say (bundles->pdata[i], local);
    }
  return erased;
}

Status
verb_medium_erase (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_auto (Medium) medium = { .folder = -1 };
  g_autoptr (GPtrArray) bundles = NULL;
  g_autoptr (GPtrArray) parts = NULL;
  guint erased = 0, left = 0;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  bundles = find (operand, &medium, md_medium_list_bundles, &error);
  parts = bundles != NULL ? find (operand, &medium, md_medium_list_parts, &error) : NULL;
  if (parts == NULL)
    return context_fail (error);
  erased = erase_each (proxy, &medium, bundles, erase_bundle)
           + erase_each (proxy, &medium, parts, erase_part);
  left = bundles->len + parts->len - erased;
  if (context->json)
    output_json (g_variant_new_parsed ("{'erased': <%u>, 'left': <%u>}", erased, left));
  else
    g_print (_ ("Erased: %u. Left on the medium: %u.\n"), erased, left);
  return left == 0 ? STATUS_OK : STATUS_FINDING;
}
