// SPDX-License-Identifier: Apache-2.0
/* backup create, list, verify, restore: copies of the terminal's database, sealed to the office's
 * recovery certificate. The first two are the service's; the others open one with the recovery key.
 */
#include <glib/gi18n.h>

#include "backup-store.h"
#include "output.h"

/* A large database on a slow disk. */
#define CREATE_TIMEOUT_MS (60 * 60 * 1000)

static const Column columns[] = {
  { "path", N_ ("File") },
  { "time", N_ ("Of") },
  { "size", N_ ("Bytes") },
  { NULL, NULL },
};

Status
verb_backup_create (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) backup = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (proxy), CREATE_TIMEOUT_MS);
  if (!md_bus_terminal1_call_create_backup_sync (proxy, &backup, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (backup);
  else
    output_fields (backup, columns);
  return STATUS_OK;
}

Status
verb_backup_list (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) rows = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_list_backups_sync (proxy, &rows, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print ("%s\n", _ ("There is no backup yet."));
  else
    output_table (rows, columns);
  return STATUS_OK;
}

/* A wrong command line is told as such. */
static Status
fail (GError *error)
{
  const gboolean usage = error->domain == G_OPTION_ERROR;
  const Status status = context_fail (error);

  return usage ? STATUS_USAGE : status;
}

static void
insert_contents (GVariantDict *dict, const Contents *contents)
{
  g_variant_dict_insert (dict, "office", "s", contents->head->office);
  g_variant_dict_insert (dict, "terminal", "s", contents->head->terminal);
  g_variant_dict_insert (dict, "time", "s", contents->head->time);
  g_variant_dict_insert (dict, "intakes", "t", contents->intakes);
  g_variant_dict_insert (dict, "unsent", "t", contents->unsent);
}

static void
print (Context *context, GVariantDict *dict)
{
  static const Column fields[] = {
    { "office", N_ ("Office code") },
    { "terminal", N_ ("Terminal") },
    { "time", N_ ("Of") },
    { "intakes", N_ ("Intakes") },
    { "unsent", N_ ("Not yet sent") },
    { "replaced", N_ ("Replaced database") },
    { "missed", N_ ("Only in the replaced one") },
    { NULL, NULL },
  };
  g_autoptr (GVariant) result = g_variant_ref_sink (g_variant_dict_end (dict));

  if (context->json)
    output_json (result);
  else
    output_fields (result, fields);
}

Status
verb_backup_verify (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autoptr (Store) store = store_new (context, &error);
  g_auto (Contents) contents = { 0 };
  GVariantDict dict;

  if (store == NULL || !store_open_backup (store, context, operand, &contents, &error))
    return fail (error);
  g_variant_dict_init (&dict, NULL);
  insert_contents (&dict, &contents);
  print (context, &dict);
  return STATUS_OK;
}

static void
print_restored (Context *context, const Contents *contents, const char *aside, gint64 missed)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  insert_contents (&dict, contents);
  if (aside != NULL)
    g_variant_dict_insert (&dict, "replaced", "s", aside);
  if (aside != NULL && missed >= 0)
    g_variant_dict_insert (&dict, "missed", "x", missed);
  print (context, &dict);
  if (context->json)
    return;
  if (aside != NULL && missed != 0)
    g_print ("%s\n", _ ("The replaced database holds sealed items without a receipt that the "
                        "backup does not know, or cannot be read. Keep it until they are sent."));
  else if (aside != NULL)
    g_print ("%s\n",
             _ ("The replaced database is erased when it is as old as a backup becomes, or the "
                "window says what has to be done with it."));
  g_print ("%s\n", _ ("Start the service: systemctl start madoguchid"));
}

Status
verb_backup_restore (Context *context, const char *operand)
{
  GError *error = NULL;
  g_autoptr (Store) store = store_new (context, &error);
  g_auto (Contents) contents = { 0 };
  g_autofree char *aside = NULL;
  gint64 missed = 0;

  if (store == NULL || !store_lock (store, &error)
      || !store_open_backup (store, context, operand, &contents, &error)
      || !store_replace (store, operand, &contents, &aside, &missed, &error))
    return fail (error);
  print_restored (context, &contents, aside, missed);
  return STATUS_OK;
}
