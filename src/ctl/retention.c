// SPDX-License-Identifier: Apache-2.0
/* How long what is kept, and what was erased. */
#include <glib/gi18n.h>

#include "md-policy.h"

#include "output.h"
#include "verb.h"

#define PAGE 500u

/* What the service says, in this program's language. */
static GVariant *
put_in_words (GVariant *rows)
{
  static const char *const units[] = { "hours", "days", "years" };
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_autofree char *id = output_text (row, "kind");
      g_autofree char *unit = output_text (row, "unit");
      g_autofree char *source = output_text (row, "source");
      MdRetention retention = { .always = g_str_equal (unit, "always") };
      g_autofree char *period = NULL;
      MdRetentionKind kind;

      g_variant_lookup (row, "number", "u", &retention.number);
      for (guint u = 0; u < G_N_ELEMENTS (units); u++)
        if (g_str_equal (unit, units[u]))
          retention.unit = (MdRetentionUnit)u;
      period = md_retention_describe (&retention);
      g_variant_builder_add_parsed (
          &all, "{'kind': <%s>, 'label': <%s>, 'period': <%s>, 'source': <%s>}", id,
          md_retention_kind_from_id (id, &kind) ? md_retention_kind_get_label (kind) : id, period,
          source);
    }
  return g_variant_ref_sink (g_variant_builder_end (&all));
}

Status
verb_retention_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "kind", N_ ("Kind") },
    { "label", N_ ("What it is") },
    { "period", N_ ("Kept for") },
    { "source", N_ ("By which rule") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) rows = NULL;
  g_autoptr (GVariant) words = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  if (!md_bus_terminal1_call_retention_list_sync (proxy, &rows, NULL, &error))
    return context_fail (error);
  words = put_in_words (rows);
  if (context->json)
    output_json (rows);
  else
    output_table (words, columns);
  return STATUS_OK;
}

/* All pages from AFTER on, at most LIMIT records. */
static GVariant *
fetch (MdBusTerminal1 *proxy, guint64 after, guint64 limit, GError **error)
{
  GVariantBuilder all;
  guint64 got = 0;
  gsize n;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa{sv}"));
  do
    {
      g_autoptr (GVariant) page = NULL;

      if (!md_bus_terminal1_call_erasure_list_sync (proxy, after, (guint)MIN (PAGE, limit - got),
                                                    &page, NULL, error))
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
verb_erasures_list (Context *context, const char *operand)
{
  static const Column columns[] = {
    { "seq", N_ ("No.") },   { "time", N_ ("Time") },    { "by", N_ ("Person in charge") },
    { "kind", N_ ("Kind") }, { "count", N_ ("Number") }, { "contents", N_ ("Contents") },
    { NULL, NULL },
  };
  MdBusTerminal1 *proxy = context_proxy (context);
  g_autoptr (GVariant) rows = NULL;
  GError *error = NULL;

  if (proxy == NULL)
    return STATUS_ABSENT;
  rows = fetch (proxy, (guint64)context->after, (guint64)context->limit, &error);
  if (rows == NULL)
    return context_fail (error);
  if (context->json)
    output_json (rows);
  else if (g_variant_n_children (rows) == 0)
    g_print ("%s\n", _ ("Nothing was erased here so far."));
  else
    output_table (rows, columns);
  return STATUS_OK;
}
