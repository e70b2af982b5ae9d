// SPDX-License-Identifier: Apache-2.0
/* Verbs that ask the service and print what it says. */
#include <glib/gi18n.h>
#include "md-audit.h"
#include "md-card.h"

#include "output.h"
#include "verb.h"

#define PAGE 500u

MdBusTerminal1 *
context_proxy (Context *context)
{
  g_autoptr (GError) error = NULL;

  if (context->proxy != NULL)
    return context->proxy;
  context->proxy = md_bus_terminal1_proxy_new_for_bus_sync (
      context->session ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM,
      G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
      MD_BUS_NAME, MD_BUS_PATH, NULL, &error);
  if (context->proxy == NULL)
    g_printerr (
        _ ("madoguchictl: the message bus cannot be reached (%s). Check that dbus is running.\n"),
        error->message);
  return context->proxy;
}

Status
context_fail (GError *error)
{
  Status status = STATUS_FAILED;

  g_dbus_error_strip_remote_error (error);
  if (md_bus_error_is_absent (error))
    {
      g_printerr (
          _ ("madoguchictl: the service madoguchid does not answer. Start it with \"systemctl "
             "start madoguchid\" and see \"journalctl -u madoguchid\".\n"));
      status = STATUS_ABSENT;
    }
  else
    {
      g_printerr ("madoguchictl: %s\n", error->message);
      if (g_error_matches (error, MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED)
          || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
          || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_PERMISSION))
        status = STATUS_REFUSED;
    }
  g_error_free (error);
  return status;
}

Status
verb_queue_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "receipt_number", N_ ("Receipt number") },
    { "item", N_ ("Item") },
    { "state", N_ ("State") },
    { "attempts", N_ ("Tries") },
    { "created", N_ ("Stored") },
    { "next_try", N_ ("Next try") },
    { "last_error", N_ ("What happened") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) rows = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_queue_list_sync (proxy, &rows, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print ("%s\n", _ ("Nothing waits: everything is with the back office."));
  else
    output_table (rows, columns);
  return STATUS_OK;
}

Status
verb_queue_retry (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_retry_now_sync (proxy, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'asked': <true>}"));
  return STATUS_OK;
}

Status
verb_line_status (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "state", N_ ("State") },
    { "reason", N_ ("Reason") },
    { "detail", N_ ("Detail") },
    { "url", N_ ("Gateway") },
    { "since", N_ ("Since") },
    { "last_success", N_ ("Last delivery") },
    { "delivered_today", N_ ("Delivered today") },
    { "unsent", N_ ("Unsent") },
    { "quarantined", N_ ("Set aside") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) status = NULL;
  g_autofree char *state = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_line_status_sync (proxy, &status, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (status);
  else
    output_fields (status, columns);
  state = output_text (status, "state");
  return g_str_equal (state, "online") ? STATUS_OK : STATUS_FINDING;
}

/* All pages from AFTER on, at most LIMIT records. */
static GVariant *
fetch_audit (MdBusTerminal1 *proxy, guint64 after, guint64 limit, GError **error)
{
  GVariantBuilder all;
  guint64 got = 0;
  gsize n;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  do
    {
      g_autoptr (GVariant) page = NULL;
      guint wanted = (guint)MIN (PAGE, limit - got);

      if (!md_bus_terminal1_call_audit_list_sync (proxy, after, wanted, &page, NULL, error))
        {
          g_variant_builder_clear (&all);
          return NULL;
        }
      n = g_variant_n_children (page);
      for (gsize i = 0; i < n; i++)
        {
          g_autoptr (GVariant) row = g_variant_get_child_value (page, i);

          g_variant_builder_add_value (&all, row);
          g_variant_lookup (row, "seq", "t", &after);
        }
      got += n;
    }
  while (n == PAGE && got < limit);
  return g_variant_ref_sink (g_variant_builder_end (&all));
}

Status
verb_audit_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "seq", N_ ("No.") },       { "time", N_ ("Time") },       { "staff", N_ ("Staff") },
    { "event", N_ ("Event") },   { "outcome", N_ ("Outcome") }, { "reason", N_ ("Reason") },
    { "object", N_ ("Object") }, { "detail", N_ ("Detail") },   { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) rows = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  rows = fetch_audit (proxy, (guint64)context->after, (guint64)context->limit, &error);
  if (rows == NULL)
    return context_fail (error);
  if (context->json)
    output_json (rows);
  else
    output_table (rows, columns);
  return STATUS_OK;
}

/* The verdict in the service's words, straight from the file: for an auditor with a copy of it. */
static GVariant *
verify_file (const char *path, GError **error)
{
  g_autoptr (MdDb) db = md_db_open (path, MD_DB_READ_ONLY, error);
  MdAuditReport report;
  g_autofree char *head = NULL;
  GVariantDict dict;

  if (db == NULL || !md_audit_verify (db, &report, error))
    return NULL;
  head = md_hex_encode (report.head, sizeof report.head);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "verdict", "s",
                         report.verdict == MD_AUDIT_INTACT ? "intact" : "broken");
  g_variant_dict_insert (&dict, "count", "t", report.count);
  g_variant_dict_insert (&dict, "head", "s", head);
  g_variant_dict_insert (&dict, "first_bad", "t", report.first_bad);
  g_variant_dict_insert (&dict, "detail", "s", report.what);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
print_verdict (GVariant *result, gboolean intact)
{
  g_autofree char *count = output_text (result, "count");
  g_autofree char *head = output_text (result, "head");
  g_autofree char *first_bad = output_text (result, "first_bad");
  g_autofree char *detail = output_text (result, "detail");

  if (intact)
    g_print (_ ("The audit log is intact: %s records, last hash %s.\n"), count, head);
  else
    g_print (
        _ ("The audit log is broken at record %s (%s); %s records before it are good. Keep this "
           "disk as it is, and call the person in charge of audits.\n"),
        first_bad, detail, count);
}

Status
verb_audit_verify (Context *context, const char *operand)
{
  g_autoptr (GVariant) result = NULL;
  g_autofree char *verdict = NULL;
  GError *error = NULL;
  gboolean intact;

  if (context->database != NULL)
    {
      result = verify_file (context->database, &error);
      if (result == NULL)
        return context_fail (error);
    }
  else
    {
      MdBusTerminal1 *proxy = context_proxy (context);

      if (proxy == NULL)
        return STATUS_ABSENT;
      if (!md_bus_terminal1_call_audit_verify_sync (proxy, &result, NULL, &error))
        return context_fail (error);
    }
  verdict = output_text (result, "verdict");
  intact = g_str_equal (verdict, "intact");
  if (context->json)
    output_json (result);
  else
    print_verdict (result, intact);
  return intact ? STATUS_OK : STATUS_FINDING;
}
