// SPDX-License-Identifier: Apache-2.0
/* doctor --card: what reading cards stands on, layer by layer, down to a real card. */
#include "config.h"

#include <glib/gi18n.h>
#include "md-base.h"
#include "md-identity.h"
#include "md-pcsc.h"

#include "output.h"
#include "readers.h"
#include "verb.h"

/* For each answer of a card: it signs nothing here, and a card that needs longer is at fault. */
#define PATIENCE_S 10

static const char *const states[] = {
  [MD_CARD_HEALTH_GOOD] = "ok",
  [MD_CARD_HEALTH_WARNING] = "warning",
  [MD_CARD_HEALTH_BAD] = "bad",
  [MD_CARD_HEALTH_UNKNOWN] = "unknown",
};

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value));
}

static GVariant *
rows_of (GPtrArray *findings)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < findings->len; i++)
    {
      const MdCardFinding *finding = g_ptr_array_index (findings, i);

      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      add_text (&builder, "layer", md_card_layer_nick (finding->layer));
      add_text (&builder, "reader", finding->reader != NULL ? finding->reader : "");
      add_text (&builder, "state", states[finding->health]);
      add_text (&builder, "what", finding->what);
      add_text (&builder, "advice", md_card_finding_get_advice (finding));
      g_variant_builder_close (&builder);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
examined (GObject *source, GAsyncResult *result, gpointer data)
{
  GPtrArray **findings = data;

  *findings = md_card_doctor_examine_finish (result, NULL);
}

/* (transfer full) */
static GPtrArray *
examine (Context *context)
{
  g_autoptr (MdPcsc) pcsc = md_pcsc_new ();
  GPtrArray *findings = NULL;

  readers_register (context, pcsc);
  md_pcsc_set_patience (pcsc, PATIENCE_S);
  md_pcsc_start (pcsc);
  md_card_doctor_examine_async (pcsc, md_clock_get_system (), context->usb, NULL, examined,
                                &findings);
  while (findings == NULL)
    g_main_context_iteration (NULL, TRUE);
  return findings;
}

Status
verb_doctor_card (Context *context)
{
  g_autoptr (GPtrArray) findings = examine (context);
  g_autoptr (GVariant) rows = rows_of (findings);
  g_autofree char *text = md_card_doctor_write_report (findings);
  GError *error = NULL;
  Status status = STATUS_OK;

  if (context->json)
    output_json (rows);
  else
    g_print ("%s", text);
  for (guint i = 0; i < findings->len; i++)
    if (((const MdCardFinding *)g_ptr_array_index (findings, i))->health == MD_CARD_HEALTH_BAD)
      status = STATUS_FINDING;
  if (context->report != NULL && !output_report (context->report, text, &error))
    return context_fail (error);
  return status;
}
