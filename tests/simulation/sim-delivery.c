// SPDX-License-Identifier: Apache-2.0
/* The delivery engine's turns, called by the run instead of by its thread. */
#define MD_LINE_COMPILATION
#include "md-delivery-run.h"
#undef MD_LINE_COMPILATION

#include <md-seal.h>

#include "outbox-source.h"
#include "sim.h"

#define PROBE_MS 60000

struct _SimDelivery
{
  MdDelivery *engine;
  Run run;
};

static void
set_anchors (MdDelivery *engine, const SimWard *ward)
{
  const GPtrArray *anchors = md_policy_get_anchors (ward->policy, MD_ANCHORS_RECEIPT);

  md_delivery_set_receipt_anchors (engine, (GBytes *const *)anchors->pdata, anchors->len);
}

SimDelivery *
sim_delivery_new (const SimTerminal *terminal, const char *path, const SimWard *ward,
                  GError **error)
{
  g_autoptr (OutboxSource) source = outbox_source_new (
      path, terminal->peer.office, terminal->peer.terminal, MD_CLOCK (terminal->clock), error);
  g_autoptr (MdLineConfig) line = md_line_config_new ();
  g_autofree char *office = g_strdup (terminal->peer.office);
  g_autofree char *id = g_strdup (terminal->peer.terminal);
  const MdDeliveryConfig config
      = { .line = line, .office = office, .terminal = id, .probe_ms = PROBE_MS };
  SimDelivery *self;

  if (source == NULL)
    return NULL;
  self = g_new0 (SimDelivery, 1);
  self->engine = md_delivery_new (MD_DELIVERY_SOURCE (source), &config);
  self->run.delivery = self->engine;
  set_anchors (self->engine, ward);
  return self;
}

void
sim_delivery_free (SimDelivery *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->engine);
  _md_run_clear (&self->run);
  /* What it was about to tell holds it. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self);
}

gint64
sim_delivery_turn (SimDelivery *self)
{
  gint64 next;

  (void)sim_time_take_wait ();
  _md_run_turn (&self->run);
  next = sim_time_take_wait ();
  return MAX (next, sim_running->now + 1);
}

void
sim_delivery_wake (SimDelivery *self)
{
  md_delivery_wake (self->engine);
}

gboolean
sim_delivery_was_told (const SimDelivery *self)
{
  return self->run.asked;
}

/* --- Sabotages --- */

MdReceipt *__real_md_receipt_verify (GBytes *cms, const MdReceipt *expected, const MdTrust *trust,
                                     gint64 now, GError **error);
MdReceipt *__wrap_md_receipt_verify (GBytes *cms, const MdReceipt *expected, const MdTrust *trust,
                                     gint64 now, GError **error);

MdReceipt *
__wrap_md_receipt_verify (GBytes *cms, const MdReceipt *expected, const MdTrust *trust, gint64 now,
                          GError **error)
{
  g_autoptr (MdReceipt) receipt = NULL;

  if (sim_running == NULL || sim_running->sabotage != SIM_ANY_RECEIPT)
    return __real_md_receipt_verify (cms, expected, trust, now, error);
  receipt = md_receipt_copy (expected);
  receipt->sequence = 1;
  receipt->time = md_time_format_rfc3339 (now * G_USEC_PER_SEC);
  return g_steal_pointer (&receipt);
}

gboolean __real_md_outbox_take_numbers (MdOutbox *self, const MdOutboxIssue *issue,
                                        gboolean *out_restored, GError **error);
gboolean __wrap_md_outbox_take_numbers (MdOutbox *self, const MdOutboxIssue *issue,
                                        gboolean *out_restored, GError **error);

gboolean
__wrap_md_outbox_take_numbers (MdOutbox *self, const MdOutboxIssue *issue, gboolean *out_restored,
                               GError **error)
{
  MdOutboxIssue heard = *issue;

  if (sim_running != NULL && sim_running->sabotage == SIM_UNTOLD)
    {
      heard.highest = heard.last_n = heard.from = heard.to = 0;
      heard.last = NULL;
    }
  return __real_md_outbox_take_numbers (self, &heard, out_restored, error);
}
