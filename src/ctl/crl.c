// SPDX-License-Identifier: Apache-2.0
/* crl list, fetch, add: the lists of revoked certificates that the service keeps. */
#include <glib/gi18n.h>

#include "output.h"
#include "verb.h"

/* Every source has its own time, and a slow one may use it all. */
#define FETCH_TIMEOUT_MS (30 * 60 * 1000)

static GVariant *
look_up_rows (GVariant *health, const char *key)
{
  GVariant *rows = g_variant_lookup_value (health, key, G_VARIANT_TYPE ("aa{sv}"));

  return rows != NULL ? rows
                      : g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0));
}

/* Whether every row's state is one of these two. */
static gboolean
all_are (GVariant *rows, const char *good, const char *also)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *state = output_text (row, "state");

      if (!g_str_equal (state, good) && !g_str_equal (state, also))
        return FALSE;
    }
  return TRUE;
}

static void
print_sources (GVariant *sources)
{
  static const Column columns[] = {
    { "url", N_ ("Source") },
    { "state", N_ ("State") },
    { "last_success", N_ ("Last success") },
    { "next_try", N_ ("Next try") },
    { NULL, NULL },
  };

  if (g_variant_n_children (sources) == 0)
    g_print ("%s\n", _ ("The policy names no source of lists."));
  else
    output_table (sources, columns);
}

Status
verb_crl_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "issuer", N_ ("Issuer") },
    { "number", N_ ("List number") },
    { "this_update", N_ ("Of") },
    { "next_update", N_ ("Next list by") },
    { "usable_until", N_ ("Usable until") },
    { "state", N_ ("State") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) health = NULL;
  g_autoptr (GVariant) lists = NULL;
  g_autoptr (GVariant) sources = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_health_sync (proxy, &health, NULL, &error))
    return context_fail (error);
  lists = look_up_rows (health, "crls");
  sources = look_up_rows (health, "crl_sources");
  if (context->json)
    output_json (
        g_variant_new_parsed ("{'lists': <%@aa{sv}>, 'sources': <%@aa{sv}>}", lists, sources));
  else
    {
      if (g_variant_n_children (lists) == 0)
        g_print ("%s\n", _ ("No list of revoked certificates is here."));
      else
        output_table (lists, columns);
      print_sources (sources);
    }
  return all_are (lists, "ok", "ok") && all_are (sources, "ok", "waiting") ? STATUS_OK
                                                                           : STATUS_FINDING;
}

Status
verb_crl_fetch (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) sources = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (proxy), FETCH_TIMEOUT_MS);
  if (!md_bus_terminal1_call_fetch_lists_sync (proxy, &sources, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (sources);
  else
    print_sources (sources);
  return all_are (sources, "ok", "ok") ? STATUS_OK : STATUS_FINDING;
}

/* What became of it, and what to do. */
static const char *
outcome_text (const char *outcome)
{
  static const char *const texts[][2] = {
    { "taken", N_ ("The list is in use from now on.") },
    { "same", N_ ("This list is in use already.") },
    { "number-back", N_ ("A newer list is in use, or another one of the same number; this one was "
                         "not taken. Get the newest list.") },
    { "foreign-signer",
      N_ ("None of the authorities that the policy names has signed this list; it was "
          "not taken. Check where it came from.") },
    { "stale", N_ ("The next list was due already, or this one does not say when; it was not "
                   "taken. Get the newest list.") },
    { "early", N_ ("This list begins later; it was not taken. Check this machine's date and "
                   "time.") },
    { "unfit", N_ ("This is only a part of a list, or one of a kind that is not used here; it was "
                   "not taken. Get the whole list.") },
    { "unreadable", N_ ("This file is no list of revoked certificates.") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i][0], outcome))
      return gettext (texts[i][1]);
  return outcome;
}

Status
verb_crl_add (Context *context, const char *operand)
{
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autoptr (GBytes) list = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *outcome = NULL;
  GVariant *handle;
  gsize size = 0;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!g_file_get_contents (operand, &contents, &size, &error))
    return context_fail (error);
  list = g_bytes_new_take (g_steal_pointer (&contents), size);
  handle = md_bus_payload_append (fds, list, &error);
  if (handle == NULL
      || !md_bus_terminal1_call_add_list_sync (proxy, handle, fds, &outcome, NULL, NULL, &error))
    return context_fail (error);
  if (context->json)
    output_json (g_variant_new_parsed ("{'outcome': <%s>}", outcome));
  else
    g_print ("%s\n", outcome_text (outcome));
  return g_str_equal (outcome, "taken") || g_str_equal (outcome, "same") ? STATUS_OK
                                                                         : STATUS_FINDING;
}
