// SPDX-License-Identifier: Apache-2.0
/* What the administrator asks of the lists of revoked certificates. */
#include <glib/gi18n.h>

#include "call.h"
#include "revocation.h"

static gboolean
fetch_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, gpointer user_data)
{
  Service *self = user_data;

  if (call_is_administrator (self, invocation, "crl"))
    revocation_fetch (self->revocation, invocation);
  return TRUE;
}

static gboolean
record (Service *self, MdCrlOffer offer, GError **error)
{
  const gboolean kept = offer == MD_CRL_OFFER_TAKEN || offer == MD_CRL_OFFER_SAME;
  g_autofree char *detail
      = g_strdup_printf ("cause=%s by=administrator", md_crl_offer_to_string (offer));
  const MdAuditEntry entry
      = { .event = "crl", .outcome = kept ? MD_AUDIT_DONE : MD_AUDIT_REFUSED, .detail = detail };

  return md_audit_record_now (self->audit, &entry, error);
}

static gboolean
add_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *in_fds,
        GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  MdCrlOffer offer = MD_CRL_OFFER_UNREADABLE;
  g_autoptr (GBytes) list = NULL;
  GError *error = NULL;

  if (!call_is_administrator (self, invocation, "crl"))
    return TRUE;
  list = md_bus_payload_get (in_fds, handle, MD_LIMIT_CRL, &error);
  if (list == NULL)
    call_reject (self, invocation, "unreadable", error);
  else if (!revocation_add (self->revocation, list, &offer, &error))
    {
      g_message ("%s", error->message);
      g_error_free (error);
      call_fail_literal (invocation, MD_BUS_ERROR_DISK_FULL,
                         _ ("The list could not be written. Check the disk, and who may write the "
                            "folder of the lists."));
    }
  else if (!record (self, offer, &error))
    call_fail (invocation, error);
  else
    md_bus_terminal1_complete_add_list (object, invocation, NULL, md_crl_offer_to_string (offer));
  service_refresh (self);
  return TRUE;
}

void
revocation_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-fetch-lists", G_CALLBACK (fetch_cb), self);
  g_signal_connect (self->skeleton, "handle-add-list", G_CALLBACK (add_cb), self);
}
