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
} Tally;

/* The ledger hears that it was written, where that was not told, and that it is back. */
static gboolean
note_return (MdBusTerminal1 *proxy, const char *bundle, GError **error)
{
  g_autoptr (GError) local = NULL;

  (void)medium_note (proxy, bundle, "written", NULL);
  if (medium_note (proxy, bundle, "returned", &local)
      || g_error_matches (local, MD_BUS_ERROR, MD_BUS_ERROR_WRONG_STATE)) /* erased already */
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static MdMediumList *
read_list (int folder, GError **error)
{
  g_autoptr (GBytes) json = md_medium_read (folder, MD_MEDIUM_LIST_FILE, MD_SEAL_MAX_JSON, error);

  if (json == NULL)
    {
      medium_explain (error);
      return NULL;
    }
  return md_medium_list_parse (json, error);
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

static gboolean
take_bundle (MdBusTerminal1 *proxy, int medium, const char *bundle, Tally *tally, GError **error)
{
  g_autofree char *name = g_strconcat (MD_MEDIUM_FOLDER, bundle, NULL);
  const int folder = md_medium_open_in (medium, name, error);
  g_autoptr (MdMediumList) list = folder >= 0 ? read_list (folder, error) : NULL;
  const gboolean ours = list != NULL && note_return (proxy, bundle, error);

  if (ours)
    {
      tally->items = list->items->len;
      for (guint i = 0; i < list->items->len; i++)
        take_one (proxy, folder, g_ptr_array_index (list->items, i), tally);
    }
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
  } numbers[] = { { "items", tally->items },
                  { "taken", tally->taken },
                  { "known", tally->known },
                  { "missing", tally->missing },
                  { "refused", tally->refused } };

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

static GPtrArray *
find_bundles (const char *path, Medium *medium, GError **error)
{
  GPtrArray *bundles = NULL;

  if (!medium_open (path, medium, error))
    return NULL;
  bundles = md_medium_list_bundles (medium->folder, error);
  if (bundles == NULL)
    medium_explain (error);
  return bundles;
}

Status
verb_medium_take (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "bundle", N_ ("Bundle") },
    { "items", N_ ("Items") },
    { "taken", N_ ("Receipts taken") },
    { "known", N_ ("Had one") },
    { "missing", N_ ("Without receipt") },
    { "refused", N_ ("Not valid") },
    { NULL, NULL },
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
  bundles = find_bundles (operand, &medium, &error);
  if (bundles == NULL)
    return context_fail (error);
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < bundles->len; i++)
    {
      g_autoptr (GError) local = NULL;
      Tally tally = { 0 };

      if (take_bundle (proxy, medium.folder, bundles->pdata[i], &tally, &local))
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

/* Entered as back, taken away, entered as erased. Another terminal's is not ours to remove. */
static gboolean
erase_bundle (MdBusTerminal1 *proxy, int medium, const char *bundle, GError **error)
{
  if (!note_return (proxy, bundle, error))
    return FALSE;
  if (!md_medium_remove (medium, bundle, error))
    {
      medium_explain (error);
      return FALSE;
    }
  return medium_note (proxy, bundle, "erased", error);
}

Status
verb_medium_erase (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_auto (Medium) medium = { .folder = -1 };
  g_autoptr (GPtrArray) bundles = NULL;
  guint erased = 0;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  bundles = find_bundles (operand, &medium, &error);
  if (bundles == NULL)
    return context_fail (error);
  for (guint i = 0; i < bundles->len; i++)
    {
      g_autoptr (GError) local = NULL;

      if (erase_bundle (proxy, medium.folder, bundles->pdata[i], &local))
        erased++;
      else
        say (bundles->pdata[i], local);
    }
  if (context->json)
    output_json (
        g_variant_new_parsed ("{'erased': <%u>, 'left': <%u>}", erased, bundles->len - erased));
  else
    g_print (_ ("Erased: %u. Left on the medium: %u.\n"), erased, bundles->len - erased);
  return erased == bundles->len ? STATUS_OK : STATUS_FINDING;
}
