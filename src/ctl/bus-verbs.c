// SPDX-License-Identifier: Apache-2.0
/* Verbs that ask the service and print what it says. */
#include <glib/gi18n.h>
#include "md-audit.h"
#include "md-card.h"

#include "output.h"
#include "verb.h"

#define PAGE 500u

/* Of whoever parks an application. */
#define LONGEST_NAME 32u

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
    { "parked_by", N_ ("Parked by") },
    { "parked_reason", N_ ("Reason") },
    { "medium", N_ ("Medium") },
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

/* Who stands behind the superuser, as far as the machine knows it, in letters fit for the log.
 * Caller owns. */
static char *
operator_name (void)
{
  const char *sudo = g_getenv ("SUDO_USER");
  g_autofree char *name
      = g_strndup (sudo != NULL && *sudo != '\0' ? sudo : g_get_user_name (), LONGEST_NAME);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '_');
  return md_audit_detail_is_clean (name) ? g_steal_pointer (&name) : g_strdup ("root");
}

static void
say_items (const Context *context, guint items, const char *text)
{
  if (context->json)
    output_json (g_variant_new_parsed ("{'items': <%u>}", items));
  else
    g_print ("%s\n", text);
}

Status
verb_queue_park (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autofree char *by = operator_name ();
  GError *error = NULL;
  guint items = 0;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_park_application_sync (proxy, operand, context->operands[1], by,
                                                    &items, NULL, &error))
    return context_fail (error);
  say_items (context, items,
             _ ("It stays here until it is released. What was being sent at this moment may still "
                "arrive: see \"madoguchictl queue list\"."));
  return STATUS_OK;
}

Status
verb_queue_release (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autofree char *by = operator_name ();
  GError *error = NULL;
  guint items = 0;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_release_application_sync (proxy, operand, by, &items, NULL, &error))
    return context_fail (error);
  say_items (context, items, _ ("It is sent from now on."));
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
    { "certificate_until", N_ ("Own certificate until") },
    { "gateway_until", N_ ("Gateway's certificate until") },
    { "delivered_today", N_ ("Delivered today") },
    { "unsent", N_ ("Unsent") },
    { "quarantined", N_ ("Set aside") },
    { "parked", N_ ("Parked") },
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
