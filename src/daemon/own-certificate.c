// SPDX-License-Identifier: Apache-2.0
#include <glib/gi18n.h>

#include "own-certificate.h"

#define LOOK_US (3600 * G_TIME_SPAN_SECOND)
#define DAY_S (24 * G_GINT64_CONSTANT (3600))

void
own_certificate_look (Service *self, gboolean now)
{
  const gint64 moment = g_get_monotonic_time ();
  g_autoptr (MdLineConfig) line = NULL;
  g_autoptr (MdCertificate) certificate = NULL;

  if (!now && self->own_looked != 0 && moment - self->own_looked < LOOK_US)
    return;
  self->own_looked = moment;
  line = service_dup_line (self);
  certificate = md_certificate_new_from_file (line->certificate, NULL);
  self->own_from = certificate != NULL ? md_certificate_get_not_before (certificate) : 0;
  self->own_until = certificate != NULL ? md_certificate_get_not_after (certificate) : 0;
}

char *
own_certificate_dup_attention (Service *self)
{
  static const guint days[] = { 1, 7, 14, 30 };
  const gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;
  const gint64 left = self->own_until - now;

  if (self->own_until == 0)
    return NULL;
  if (left < 0)
    return g_strdup (_ ("This terminal's certificate has ended, and nothing can be sent. Intake "
                        "goes on and nothing is lost; the administrator has to come here and "
                        "install a new one."));
  if (left >= (self->own_until - self->own_from) / 3)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++)
    if (left <= days[i] * DAY_S)
      return g_strdup_printf (
          ngettext ("This terminal's certificate ends within %u day, and the next one has not come "
                    "over the line. Ask the administrator to decide upon this terminal's request "
                    "at the gateway; after the end nothing can be sent.",
                    "This terminal's certificate ends within %u days, and the next one has not "
                    "come over the line. Ask the administrator to decide upon this terminal's "
                    "request at the gateway; after the end nothing can be sent.",
                    days[i]),
          days[i]);
  return NULL;
}

void
own_certificate_note (Service *self, const char *stage)
{
  static const char *const good[] = { "asked", "received", "accepted", NULL };
  g_autofree char *detail = g_strdup_printf ("what=renewal-%s", stage);
  const MdAuditEntry entry
      = { .event = "renew",
          .outcome = g_strv_contains (good, stage) ? MD_AUDIT_DONE : MD_AUDIT_REFUSED,
          .detail = detail };
  g_autoptr (GError) error = NULL;

  if (!md_audit_record_now (self->audit, &entry, &error))
    g_message ("%s", error->message);
  own_certificate_look (self, TRUE);
}
